"""A temporal network: contacts in time, cut into windows of the same length (snapshots)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks, notebook
from tenfold.errors import DataError, SpecError
from tenfold.networks.frames import as_frame
from tenfold.networks.graph import Graph
from tenfold.networks.labels import INT32_MAX, encode_labels, node_count, node_ids
from tenfold.networks.table_files import as_path
from tenfold.networks.temporal_files import read_contact_rows
from tenfold.networks.times import finite_numbers, seconds_of

__all__ = ["Temporal", "read_temporal"]

MAX_WINDOWS = 10**8
AFTER = ("stop", "repeat", "hold")
"""What a step sees that is past the last window: nobody meets; the windows begin again; the last window goes on."""


@dataclass(frozen=True, repr=False)
class Temporal:
    """People 0..n−1 and their contacts, in order of time: a temporal network.

    `start` (windows + 1, int64): the contacts of window w are entries start[w]..start[w + 1] − 1. `a`, `b` (contacts, int32): who met whom.
    `window`: seconds in a window. `begin`: the time of the first contact, where the first window begins. `directed`: whether a contact
    leads from a to b only. `labels`: the ids that were given, or None for 0..n−1. `after`: what a step sees that is past the last window:
    "stop", nobody meets any more; "repeat", the windows begin again; "hold", the last window goes on. `notes`: sentences on how the input
    was read.
    """

    start: NDArray[np.int64]
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    n: int
    window: float
    begin: float = 0.0
    directed: bool = False
    labels: pl.Series | None = None
    after: str = "stop"
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Refuse an `after` that is none."""
        if self.after not in AFTER:
            raise SpecError(f"after is {self.after!r}; expected one of {', '.join(AFTER)}.")

    def __repr__(self) -> str:
        """The contacts in a line: how many, in which windows, and the first labels."""
        noted = f"; {len(self.notes)} notes" if self.notes else ""
        return (
            f"<Temporal: {self.n} people, {self.contacts} contacts{' (directed)' if self.directed else ''} in {self.windows} windows "
            f"of {self.window:g} s, then {self.after}; labels: {notebook.few(self.labels)}{noted}>"
        )

    def _repr_html_(self) -> str:
        """The contacts for a notebook: a table, the contacts over time, and the notes."""
        busy = int(np.count_nonzero(np.diff(self.start)))
        rows: list[tuple[str, object]] = [
            ("people", self.n),
            ("contacts", self.contacts),
            ("directed", "yes" if self.directed else "no"),
            ("windows", f"{self.windows} of {self.window:g} s, {busy} with a contact"),
            ("after the last", self.after),
            ("begin", f"{self.begin:.15g}"),
            ("labels", notebook.few(self.labels)),
        ]
        figure = notebook.bars_of_counts(self.start, "Contacts over time", f"window {self.windows}")
        return notebook.page("Contacts in time", rows, figure, self.notes)

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

    def window_of_steps(self, steps: int) -> NDArray[np.int64]:
        """The window that each of the steps 1..`steps` sees, (steps); −1 where a step sees none, as nobody meets any more.

        Examples
        --------
        >>> contacts = Temporal.from_contacts([0, 20], [0, 1], [1, 2], window=20)
        >>> [replace(contacts, after=one).window_of_steps(4).tolist() for one in ("stop", "repeat", "hold")]
        [[0, 1, -1, -1], [0, 1, 0, 1], [0, 1, 1, 1]]
        """
        count = checks.whole(steps, "steps", low=0, high=MAX_WINDOWS)
        checks.memory(40 * count, f"{count} steps on contacts in time", "Take fewer steps")
        step = np.arange(count, dtype=np.int64)
        if self.after == "repeat" and self.windows:
            return step % self.windows
        if self.after == "hold":
            return np.minimum(step, self.windows - 1)
        return np.where(step < self.windows, step, -1)

    def for_steps(self, steps: int) -> Temporal:
        """The contacts that the steps 1..`steps` see, in as many windows: cut, or continued by `after`.

        Raises
        ------
        DataError
            More than 2³¹ − 1 contacts.

        Examples
        --------
        >>> contacts = Temporal.from_contacts([0, 20], [0, 1], [1, 2], window=20, after="repeat")
        >>> contacts.for_steps(3).start.tolist(), contacts.for_steps(3).a.tolist()
        ([0, 1, 2, 3], [0, 1, 0])
        """
        window = self.window_of_steps(steps)
        if steps == self.windows:
            return self
        counts = np.where(window < 0, 0, np.append(np.diff(self.start), 0)[window])
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        if start[-1] > INT32_MAX:
            raise DataError(
                f"contacts: {steps} steps see {start[-1]} contacts; at most {INT32_MAX} are allowed. Take fewer steps."
            )
        checks.memory(40 * steps + 40 * int(start[-1]), f"{steps} steps that see {start[-1]} contacts", "Take fewer steps")
        first = np.append(self.start[:-1], 0)[window]
        at = np.arange(start[-1]) + np.repeat(first - start[:-1], counts)
        return replace(self, start=start, a=self.a[at], b=self.b[at], after="stop")

    def past_end(self, steps: int) -> str | None:
        """A sentence for whoever runs `steps` steps, if some of them are past the last window and see nobody.

        Examples
        --------
        >>> Temporal.from_contacts([0, 20], [0, 1], [1, 2], window=20).past_end(5)
        "The contacts end after step 2, so nobody meets in the last 3 of 5 steps. Take after='repeat' or after='hold', or fewer steps."
        """
        blind = steps - self.windows
        if blind <= 0 or (self.windows and self.after != "stop"):
            return None
        remedy = "Take after='repeat' or after='hold', or fewer steps." if self.windows else "There are no contacts at all."
        return f"The contacts end after step {self.windows}, so nobody meets in the last {blind} of {steps} steps. {remedy}"

    @classmethod
    def from_intervals(
        cls,
        begin: ArrayLike,
        end: ArrayLike,
        a: ArrayLike,
        b: ArrayLike,
        *,
        window: float | str | timedelta,
        n: int | None = None,
        directed: bool = False,
    ) -> Temporal:
        """Contacts that last from `begin` to `end` (seconds, `end` not included): one in each window that they touch.

        Raises
        ------
        DataError, SpecError
            As `from_contacts`; and an end before its beginning.

        Examples
        --------
        >>> Temporal.from_intervals([0, 25], [60, 25], [0, 1], [1, 2], window=20).start.tolist()
        [0, 1, 3, 4]
        """
        length = checks.seconds(window, "window")
        first, last = finite_numbers(begin, "begin"), finite_numbers(end, "end")
        one, two = node_ids(a, "a", "contacts"), node_ids(b, "b", "contacts")
        if not len(first) == len(last) == len(one) == len(two):
            raise DataError(
                f"contacts: begin has {len(first)} rows, end {len(last)}, a {len(one)} and b {len(two)}; expected as many."
            )
        if (last < first).any():
            at = int(np.argmax(last < first))
            raise DataError(f"contacts: {at} ends at {last[at]:.15g}, before it begins at {first[at]:.15g}. Correct it.")
        zero = first[one != two].min() if (one != two).any() else 0.0
        low, high = (first - zero) // length, np.maximum(np.ceil((last - zero) / length) - 1, (first - zero) // length)
        touched = high - low + 1
        if not touched.sum() <= MAX_WINDOWS:
            raise DataError(
                f"contacts: touch {touched.sum():.3g} windows of {length:g} s in all; at most {MAX_WINDOWS}. Take longer ones."
            )
        checks.memory(
            100 * touched.sum(), f"{touched.sum():.0f} windows of {length:g} s that contacts touch", "Take longer windows"
        )
        row = np.repeat(np.arange(len(first)), touched.astype(np.int64))
        within = np.arange(len(row)) - np.repeat(np.cumsum(touched) - touched, touched.astype(np.int64))
        middle = zero + (low[row] + within + 0.5) * length
        when = np.where(within == 0, first[row], middle)
        return cls.from_contacts(
            when, one[row], two[row], window=length, n=node_count(n, "contacts", one, two), directed=directed
        )

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
        after: str = "stop",
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
        after
            What a step sees that is past the last window: "stop", nobody meets any more; "repeat", the windows begin again; "hold", the
            last window goes on.

        Raises
        ------
        DataError
            Times that are no finite numbers, people that are out of range or do not pair up, or too many windows.
        SpecError
            A window that is no positive duration, or an `after` that is none.

        Examples
        --------
        >>> contacts = Temporal.from_contacts([50, 0, 20], [0, 1, 2], [1, 2, 0], window=20)
        >>> contacts.windows, contacts.start.tolist(), contacts.a.tolist()
        (3, [0, 1, 2, 3], [1, 2, 0])
        """
        length = checks.seconds(window, "window")
        one, two = node_ids(a, "a", "contacts"), node_ids(b, "b", "contacts")
        when = finite_numbers(time, "time")
        if not len(when) == len(one) == len(two):
            raise DataError(f"contacts: time has {len(when)} rows, a {len(one)} and b {len(two)}; expected as many.")
        size = node_count(n, "contacts", one, two)
        notes: tuple[str, ...] = ()
        if (one == two).any():
            keep = one != two
            notes = (f"Left out: {len(keep) - int(keep.sum())} of {len(keep)} contacts, which are of somebody with themselves.",)
            one, two, when = one[keep], two[keep], when[keep]
        if not len(when):
            return cls(np.zeros(1, np.int64), one, two, size, length, 0.0, directed, after=after, notes=notes)
        if (when[1:] < when[:-1]).any():
            order = np.argsort(when, kind="stable")
            one, two, when = one[order], two[order], when[order]
        begin = float(when[0])
        windows = (float(when[-1]) - begin) / length
        if not windows < MAX_WINDOWS:
            raise DataError(
                f"contacts: window {length:g} s makes {windows:.3g} windows; at most {MAX_WINDOWS} are allowed. Take longer ones."
            )
        checks.memory(32 * windows + 16 * len(when), f"{windows:.0f} windows of {length:g} s", "Take longer windows")
        window_of = ((when - begin) / length).astype(np.int64)
        start = np.zeros(int(window_of[-1]) + 2, np.int64)
        np.cumsum(np.bincount(window_of), out=start[1:])
        return cls(start, one, two, size, length, begin, directed, after=after, notes=notes)

    @classmethod
    def from_table(
        cls,
        frame: Any,
        *,
        time: str,
        a: str,
        b: str,
        window: float | str | timedelta,
        directed: bool = False,
        after: str = "stop",
    ) -> Temporal:
        """Contacts from a table with any ids, and times in seconds, as dates, or as ISO 8601 text; `labels` keeps the ids, sorted.

        Tables are as in `Graph.from_table`. `notes` says what the times were taken for.

        Examples
        --------
        >>> frame = pl.DataFrame({"when": ["2026-03-01", "2026-03-03"], "a": ["ana", "binh"], "b": ["binh", "chi"]})
        >>> Temporal.from_table(frame, time="when", a="a", b="b", window="1d").start.tolist()
        [0, 1, 1, 2]
        """
        table = as_frame(frame, [time, a, b], "contacts")
        labels, (one, two) = encode_labels("contacts", table[a], table[b])
        seconds, note = seconds_of(table[time])
        made = cls.from_contacts(seconds, one, two, window=window, n=len(labels), directed=directed, after=after)
        return replace(made, labels=labels, notes=(note, *made.notes))


def read_temporal(
    path: str | Path,
    *,
    window: float | str | timedelta,
    directed: bool = False,
    after: str = "stop",
    header: bool | None = None,
    columns: Mapping[str, str] | None = None,
) -> Temporal:
    """Read contacts: CSV, Parquet, text with blanks (SocioPatterns, SNAP), packed with gzip or not, or a dynamic GEXF.

    Parameters
    ----------
    path
        The file. Its first row, or the last comment above, may name the columns; time, ends, begin and end are found by their names,
        wherever they stand. Without names, a row holds a time and two people, in this order, as SocioPatterns has it.
    window
        Seconds in a window, or text such as "1d".
    directed
        Whether a contact leads from the first to the second only. A GEXF file says so itself.
    after
        What a step sees that is past the last window: "stop", "repeat" or "hold"; see `Temporal`.
    header
        Whether the first row names the columns; by default that is found out, and asked where it cannot be known.
    columns
        Which column is which, such as ``{"time": "day", "a": "boss", "b": "staff", "end": "until"}``; what is left out is found by name.

    Returns
    -------
    Temporal
        `labels` holds the ids: numbers if all of them are, else text. `notes` says what was taken for what, and what is not used. A
        contact with an end is there in each window that it touches.

    Raises
    ------
    DataError
        The file cannot be read as contacts, or which columns hold what cannot be known.
    SpecError
        A window that is no positive duration, or an `after` that is none.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "meet.dat").write_text("20 1 2\\n20 2 5\\n60 1 2\\n")
    ...     contacts = read_temporal(Path(folder, "meet.dat"), window=20)
    >>> contacts.labels.to_list(), contacts.start.tolist()
    ([1, 2, 5], [0, 2, 2, 3])
    """
    length, path = checks.seconds(window, "window"), as_path(path)
    if after not in AFTER:
        raise SpecError(f"after is {after!r}; expected one of {', '.join(AFTER)}.")
    rows = read_contact_rows(path, header=header, columns=columns or {}, directed=directed)
    people, kind = len(rows.labels), directed if rows.directed is None else rows.directed
    try:
        if rows.end is None:
            made = Temporal.from_contacts(rows.begin, rows.a, rows.b, window=length, n=people, directed=kind)
        else:
            made = Temporal.from_intervals(rows.begin, rows.end, rows.a, rows.b, window=length, n=people, directed=kind)
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None
    return replace(made, labels=rows.labels, after=after, notes=(*rows.notes, *made.notes))
