"""Contacts between two people, and gatherings of several."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from tenfold import checks, notebook
from tenfold.errors import DataError
from tenfold.people.timestamps import parse_iso

__all__ = ["PAIRS_UP_TO", "Contacts"]

PAIRS_UP_TO = 30
"""A gathering of more people than this makes no bond by itself (a pair would weigh under 1/29); it adds to bonds that exist."""

TIME = pl.Datetime("us", "UTC")
GATHERING_SCHEMA: dict[str, pl.DataType] = {"gathering": pl.String(), "time": TIME, "person": pl.String()}


@dataclass(frozen=True)
class Contacts:
    """Contacts between two people, and gatherings of several.

    `table`: `time` (UTC, microseconds), `a`, `b` (text, or 64-bit integers where the source had integers; `a` acted first where
    that is known), and, where the source had them, `kind` (text) and `minutes`.
    `gatherings`: `gathering`, `time`, `person`, one row a person and gathering. They stay gatherings: n people at one event
    are n rows, never n(n−1)/2.
    `skipped`: how many rows were left out, by reason.
    """

    table: pl.DataFrame
    gatherings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=GATHERING_SCHEMA))
    skipped: dict[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        """The contacts in a line: how many, of whom, and when."""
        times = pl.concat([self.table["time"], self.gatherings["time"]]).drop_nulls()
        first, last = times.min(), times.max()
        span = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" if isinstance(first, datetime) and isinstance(last, datetime) else "never"
        facts = [("contacts", len(self)), ("attendances", self.gatherings.height), ("people", len(self.people())), ("from", span)]
        return notebook.line("Contacts", facts)

    def __len__(self) -> int:
        return self.table.height

    @classmethod
    def from_table(
        cls, frame: pl.DataFrame, *, time: str, a: str, b: str, kind: str | None = None, minutes: str | None = None
    ) -> Contacts:
        """Contacts from any frame.

        Parameters
        ----------
        frame
            One row a contact.
        time, a, b
            The columns that hold the time (datetime, date, ISO 8601 text, or seconds since 1970) and the two people.
        kind, minutes
            Columns with the kind of contact and its length in minutes, if there are such.

        Returns
        -------
        Contacts
            Rows with `a` equal to `b` are left out and counted in `skipped`.

        Raises
        ------
        DataError
            A column is missing, a time is no time, or a person is null.

        Examples
        --------
        >>> frame = pl.DataFrame({"t": [0, 20], "i": [1, 2], "j": [2, 2]})
        >>> contacts = Contacts.from_table(frame, time="t", a="i", b="j")
        >>> len(contacts), contacts.skipped
        (1, {'with oneself': 1})
        """
        extra = {"kind": kind, "minutes": minutes}
        checks.columns(frame, [time, a, b, *(name for name in extra.values() if name is not None)], "contacts")
        table = frame.select(
            _utc(frame[time], "contacts").alias("time"),
            _ids(frame[a], "contacts").alias("a"),
            _ids(frame[b], "contacts").alias("b"),
            *(frame[name].alias(new) for new, name in extra.items() if name is not None),
        )
        if table["a"].dtype != table["b"].dtype:
            table = table.with_columns(pl.col("a", "b").cast(pl.String))
        kept = table.filter(pl.col("a") != pl.col("b"))
        with_oneself = table.height - kept.height
        return cls(kept, skipped={"with oneself": with_oneself} if with_oneself else {})

    @classmethod
    def from_gatherings(cls, frame: pl.DataFrame, *, time: str, person: str, gathering: str) -> Contacts:
        """Contacts from who was at what: one row a person and gathering.

        Parameters
        ----------
        frame
            One row a person and gathering; a person who stands twice at one gathering counts once, at the first of these times.
        time, person, gathering
            The columns that hold the time of the gathering, the person, and the name of the gathering.

        Raises
        ------
        DataError
            A column is missing, a time is no time, or a person or gathering is null.

        Examples
        --------
        >>> frame = pl.DataFrame({"t": [0, 0, 0], "who": ["ana", "binh", "chi"], "what": ["tea", "tea", "tea"]})
        >>> Contacts.from_gatherings(frame, time="t", person="who", gathering="what").gatherings.height
        3
        """
        checks.columns(frame, [time, person, gathering], "gatherings")
        table = frame.select(
            _ids(frame[gathering], "gatherings").cast(pl.String).alias("gathering"),
            _utc(frame[time], "gatherings").alias("time"),
            _ids(frame[person], "gatherings").alias("person"),
        )
        once = table.group_by("gathering", "person", maintain_order=True).agg(pl.col("time").min())
        once = once.select("gathering", "time", "person")
        empty = pl.DataFrame(schema={"time": TIME, "a": once["person"].dtype, "b": once["person"].dtype})
        return cls(empty, once)

    def people(self) -> pl.Series:
        """Everybody named in a contact or at a gathering, sorted, once each."""
        columns = [self.table["a"], self.table["b"], self.gatherings["person"].cast(self.table["a"].dtype)]
        return pl.concat([column.alias("person").unique() for column in columns]).unique().sort()

    def first(self) -> datetime | None:
        """The time of the first contact or gathering; None where there are none."""
        times = [time for time in (self.table["time"].min(), self.gatherings["time"].min()) if isinstance(time, datetime)]
        return min(times, default=None)

    def last(self) -> datetime:
        """The time of the last contact or gathering."""
        times = [time for time in (self.table["time"].max(), self.gatherings["time"].max()) if isinstance(time, datetime)]
        if not times:
            raise DataError("contacts: there are none; a time has to be given, or contacts imported first.")
        return max(times)

    def until(self, at: datetime) -> Contacts:
        """What happened up to and including `at`."""
        return Contacts(self.table.filter(pl.col("time") <= at), self.gatherings.filter(pl.col("time") <= at), self.skipped)


def _utc(column: pl.Series, where: str) -> pl.Series:
    """`column` as UTC times: datetimes, dates, ISO 8601 text, or seconds since 1970."""
    if column.null_count():
        raise DataError(f"{where} row {_first_null(column)}: time is empty; every row needs a time.")
    if column.dtype.is_integer():
        return (column.cast(pl.Int64) * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if column.dtype.is_float():
        return (column * 1_000_000).round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if column.dtype == pl.String:
        parsed = parse_iso(column)
        if parsed.null_count():
            row = _first_null(parsed)
            raise DataError(f"{where} row {row}: time '{column[row - 1]}' is no time; expected ISO 8601 or seconds since 1970.")
        return parsed
    if column.dtype == pl.Date:
        return column.cast(TIME)
    if isinstance(column.dtype, pl.Datetime):
        zone = column.dtype.time_zone
        utc = column.dt.replace_time_zone("UTC") if zone is None else column.dt.convert_time_zone("UTC")
        return utc.cast(TIME)
    raise DataError(
        f"{where}: the time column holds {column.dtype}; expected datetimes, dates, ISO 8601 text or seconds since 1970."
    )


def _ids(column: pl.Series, where: str) -> pl.Series:
    """`column` as ids: 64-bit integers stay integers, all else becomes text."""
    if column.null_count():
        raise DataError(f"{where} row {_first_null(column)}: {column.name} is empty; every row needs its people.")
    return column.cast(pl.Int64) if column.dtype.is_integer() else column.cast(pl.String)


def _first_null(column: pl.Series) -> int:
    return int(column.is_null().arg_true()[0]) + 1
