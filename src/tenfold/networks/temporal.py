"""A temporal network: contacts in time, cut into windows of the same length (snapshots)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import END_NAMES
from tenfold.networks.labels import encode_labels, node_count, node_ids
from tenfold.networks.table_files import as_integers, as_path, read_table

__all__ = ["Temporal", "read_temporal"]

MAX_WINDOWS = 10**8
TIME_NAMES = {"time", "t", "timestamp", "unixtime", "date", "datetime", "when"}
PERSON_NAMES = END_NAMES | {"src", "dst", "tgt", "u", "v", "sender", "receiver", "fromnodeid", "tonodeid", "id1", "id2"}
"""Names of columns, in lower case: the time of a contact, and its two people."""

SURELY_TIMESTAMPS = 10**8
"""Seconds since 1970 have been above this since 1973; ids of people seldom all are."""


@dataclass(frozen=True)
class Temporal:
    """People 0..n−1 and their contacts, in order of time: a temporal network.

    `start` (windows + 1, int64): the contacts of window w are entries start[w]..start[w + 1] − 1. `a`, `b` (contacts, int32): who met whom.
    `window`: seconds in a window. `begin`: the time of the first contact, where the first window begins. `directed`: whether a contact
    leads from a to b only. `labels`: the ids that were given, or None for 0..n−1.
    """

    start: NDArray[np.int64]
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    n: int
    window: float
    begin: float = 0.0
    directed: bool = False
    labels: pl.Series | None = None

    @property
    def windows(self) -> int:
        """Number of windows, from that of the first contact to that of the last."""
        return len(self.start) - 1

    @property
    def contacts(self) -> int:
        """Number of contacts."""
        return len(self.a)

    def graph(self, first: int = 0, last: int | None = None) -> Graph:
        """The aggregated (static) graph of windows `first` to `last` − 1, whose weight is the number of contacts of a pair.

        Examples
        --------
        >>> contacts = Temporal.from_contacts([0, 20, 40], [0, 1, 1], [1, 0, 2], window=20)
        >>> contacts.graph().weight.tolist(), contacts.graph(2).arcs
        ([2.0, 2.0, 1.0, 1.0], 2)
        """
        from tenfold.kernels.networks.csr import unique_arcs

        low = checks.whole(first, "first", low=0, high=self.windows)
        high = self.windows if last is None else checks.whole(last, "last", low=low, high=self.windows)
        chosen = slice(int(self.start[low]), int(self.start[high]))
        multigraph = Graph.from_edges(self.a[chosen], self.b[chosen], self.n, directed=self.directed)
        start, arc = unique_arcs(multigraph.start, multigraph.other)
        multiplicity = np.diff(arc, append=np.int32(multigraph.arcs)).astype(np.float64)
        return Graph(start, multigraph.other[arc], multiplicity, self.directed, self.labels)

    @classmethod
    def from_contacts(
        cls,
        time: ArrayLike,
        a: ArrayLike,
        b: ArrayLike,
        *,
        window: float | str | timedelta,
        n: int | None = None,
        directed: bool = False,
    ) -> Temporal:
        """Contacts in windows.

        Parameters
        ----------
        time
            When each contact was, in seconds; in any order.
        a, b
            Who met whom, whole numbers from 0. Contacts with oneself are left out; repeated ones stay.
        window
            Seconds in a window, or text such as "1d".
        n
            Number of people; by default the largest number plus one.
        directed
            Whether a contact leads from `a` to `b` only.

        Raises
        ------
        DataError
            Times that are no finite numbers, people that are out of range or do not pair up, or too many windows.
        SpecError
            A window that is no positive duration.

        Examples
        --------
        >>> contacts = Temporal.from_contacts([50, 0, 20], [0, 1, 2], [1, 2, 0], window=20)
        >>> contacts.windows, contacts.start.tolist(), contacts.a.tolist()
        (3, [0, 1, 2, 3], [1, 2, 0])
        """
        length = checks.seconds(window, "window")
        one, two = node_ids(a, "a", "contacts"), node_ids(b, "b", "contacts")
        try:
            when = np.asarray(time)
            when = when.astype(np.float64) if when.dtype.kind in "iuf" or not when.size else np.zeros((0, 0))
        except (ValueError, TypeError, OverflowError):
            when = np.zeros((0, 0))
        if when.ndim != 1:
            raise DataError("contacts: time is no list of numbers; expected the seconds of each contact.")
        if not len(when) == len(one) == len(two):
            raise DataError(f"contacts: time has {len(when)} rows, a {len(one)} and b {len(two)}; expected as many.")
        if not np.isfinite(when).all():
            raise DataError(f"contacts: time {int(np.argmin(np.isfinite(when)))} is no finite number; expected seconds.")
        size = node_count(n, "contacts", one, two)
        if (one == two).any():
            keep = one != two
            one, two, when = one[keep], two[keep], when[keep]
        if not len(when):
            return cls(np.zeros(1, np.int64), one, two, size, length, 0.0, directed)
        if (when[1:] < when[:-1]).any():
            order = np.argsort(when, kind="stable")
            one, two, when = one[order], two[order], when[order]
        begin = float(when[0])
        windows = (float(when[-1]) - begin) / length
        if not windows < MAX_WINDOWS:
            raise DataError(
                f"contacts: window {length:g} s makes {windows:.3g} windows; at most {MAX_WINDOWS} are allowed. Take longer ones."
            )
        window_of = ((when - begin) / length).astype(np.int64)
        start = np.zeros(int(window_of[-1]) + 2, np.int64)
        np.cumsum(np.bincount(window_of), out=start[1:])
        return cls(start, one, two, size, length, begin, directed)

    @classmethod
    def from_table(
        cls, frame: pl.DataFrame, *, time: str, a: str, b: str, window: float | str | timedelta, directed: bool = False
    ) -> Temporal:
        """Contacts from a frame with any ids, and times in seconds, as dates, or as ISO 8601 text; `labels` keeps the ids, sorted.

        Examples
        --------
        >>> frame = pl.DataFrame({"when": ["2026-03-01", "2026-03-03"], "a": ["ana", "binh"], "b": ["binh", "chi"]})
        >>> Temporal.from_table(frame, time="when", a="a", b="b", window="1d").start.tolist()
        [0, 1, 1, 2]
        """
        checks.columns(frame, [time, a, b], "contacts")
        labels, (one, two) = encode_labels("contacts", frame[a], frame[b])
        made = cls.from_contacts(_as_seconds(frame[time]), one, two, window=window, n=len(labels), directed=directed)
        return replace(made, labels=labels)


def read_temporal(path: str | Path, *, window: float | str | timedelta, directed: bool = False) -> Temporal:
    """Read contacts: CSV, Parquet, or text with blanks (SocioPatterns, SNAP), packed with gzip or not.

    Parameters
    ----------
    path
        The file, with a time and two people in a row, in this order, as SocioPatterns has it; or in another order that the first row,
        or the last comment above, tells by names such as src, dst, time.
    window
        Seconds in a window, or text such as "1d".
    directed
        Whether a contact leads from the first to the second only.

    Returns
    -------
    Temporal
        `labels` holds the ids: numbers if all of them are, else text.

    Raises
    ------
    DataError
        The file cannot be read as contacts, or the third column and not the first seems to hold the times.
    SpecError
        A window that is no positive duration.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "meet.dat").write_text("20 1 2\\n20 2 5\\n60 1 2\\n")
    ...     contacts = read_temporal(Path(folder, "meet.dat"), window=20)
    >>> contacts.labels.to_list(), contacts.start.tolist()
    ([1, 2, 5], [0, 2, 2, 3])
    """
    path = as_path(path)
    checks.seconds(window, "window")
    table = read_table(path)
    frame = table.frame
    if frame.width < 3:
        raise DataError(f"{path.name}: a row has {frame.width} fields; expected a time and two people.")
    order = _column_order(table.header())
    has_header = table.named or order is not None
    if order is None and len(table.comment) == frame.width and sum(word in PERSON_NAMES for word in table.comment) == 2:
        order = _column_order(table.comment)
    time, one, two = (frame.columns[k] for k in order or (0, 1, 2))
    frame = as_integers(table.below_header() if has_header else frame, [one, two])
    if order is None and frame[two].dtype.is_integer():
        first, third = frame[time].cast(pl.Float64, strict=False), frame[two]
        low, high = third.min(), first.max()
        if isinstance(low, int) and isinstance(high, float) and low > SURELY_TIMESTAMPS > high:
            raise DataError(
                f"{path.name}: the third column seems to hold the times, not the first. Put a row 'src dst time' above."
            )
    try:
        return Temporal.from_table(frame, time=time, a=one, b=two, window=window, directed=directed)
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None


def _column_order(names: list[str]) -> tuple[int, int, int] | None:
    """Which columns are the time and the two people, if their names tell."""
    time = next((k for k, name in enumerate(names) if name in TIME_NAMES), None)
    if time is None:
        return None
    people = [k for k, name in enumerate(names) if k != time and name in PERSON_NAMES]
    others = [k for k in range(len(names)) if k != time and k not in people]
    people = (people + others)[:2]
    return (time, people[0], people[1]) if len(people) == 2 else None


def _as_seconds(time: pl.Series) -> NDArray[np.float64]:
    """Times as seconds since 1970, or as the seconds they are."""
    try:
        if time.dtype == pl.String:
            seconds = time.cast(pl.Float64, strict=False)
            if seconds.null_count() > time.null_count():
                seconds = time.str.to_datetime(strict=False, time_zone="UTC").dt.epoch("us") / 1e6
        elif time.dtype == pl.Datetime or time.dtype == pl.Date:
            seconds = time.cast(pl.Datetime("us")).dt.epoch("us") / 1e6
        elif time.dtype.is_numeric():
            seconds = time.cast(pl.Float64)
        else:
            raise DataError(f"contacts: time holds {time.dtype}; expected seconds, dates or ISO 8601 text.")
    except pl.exceptions.PolarsError:
        raise DataError("contacts: time cannot be read; expected seconds, dates or ISO 8601 text.") from None
    if seconds.null_count():
        at = int(seconds.is_null().arg_max() or 0)
        raise DataError(f"contacts: time {at} is {str(time[at])[:60]!r}; expected seconds, a date or ISO 8601 text.")
    values: NDArray[np.float64] = seconds.to_numpy()
    return values
