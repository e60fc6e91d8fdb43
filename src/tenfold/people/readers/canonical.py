"""The canonical tables: people, contacts, attendance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from tenfold.errors import DataError
from tenfold.people.dates import parse_times
from tenfold.people.hours import free_hours, zone_of
from tenfold.people.readers.rows import Rows
from tenfold.people.readers.sheets import ROW
from tenfold.people.roster import PEOPLE_SCHEMA

__all__ = ["parse_attendance", "parse_contacts", "parse_people"]

ABSENT = (
    "no show",
    "noshow",
    "no-show",
    "absent",
    "declined",
    "invited",
    "no",
    "not attending",
    "cancelled",
    "canceled",
    "0",
    "false",
)
YES = ("yes", "y", "true", "1", "x", "ja", "oui", "si", "sí", "sim", "da", "да", "כן", "نعم")
NO = ("no", "n", "false", "0", "nein", "non", "nao", "não", "nie", "нет", "לא", "لا")
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
DATES = "expected ISO 8601 such as 2026-03-01 18:30, or D/M/Y with --dayfirst, or M/D/Y with --monthfirst"


def parse_contacts(rows: Rows, dayfirst: bool | None, now: datetime) -> pl.DataFrame:
    """`time`, `a`, `b` and, where there are, `kind`, `minutes`, `group`, `source`; one row a pair."""
    _ids(rows, "a", "b")
    _times(rows, "time", dayfirst, now)
    _minutes(rows)
    if rows.frame["b"].str.contains("|", literal=True).any():
        listed = pl.col("b").str.split("|").list.eval(pl.element().str.strip_chars()).list.unique(maintain_order=True)
        rows.frame = rows.frame.with_columns(b=listed).explode("b")
        rows.drop(rows.frame["b"] == "", "an empty name between two |")
    rows.refuse(
        rows.frame["a"] == rows.frame["b"],
        "is in contact with oneself",
        "a",
        "expected two different people. Correct one of them",
    )
    return rows.frame.select(
        name for name in ("time", "a", "b", "kind", "minutes", "group", "source") if name in rows.frame.columns
    )


def parse_attendance(rows: Rows, dayfirst: bool | None, now: datetime) -> pl.DataFrame:
    """`event`, `start`, `person` and, where there are, `minutes` and `status`; one row a person and event."""
    _ids(rows, "event", "person")
    if "status" in rows.frame.columns:
        status = rows.frame["status"].cast(pl.String).str.to_lowercase()
        rows.drop(status.is_in(ABSENT), "did not attend")
    _times(rows, "start", dayfirst, now)
    _minutes(rows)
    return rows.frame.select(name for name in ("event", "start", "person", "minutes", "status") if name in rows.frame.columns)


def parse_people(rows: Rows, dayfirst: bool | None, now: datetime) -> pl.DataFrame:
    """The columns of `PEOPLE_SCHEMA` that are there."""
    _ids(rows, "id")
    frame = rows.frame
    twice = frame["id"].is_duplicated()
    if twice.any():
        same = frame.filter(frame["id"] == frame["id"].filter(twice)[0])[ROW]
        later = ~frame["id"].is_first_distinct()
        allowed = f"ids must differ (rows {', '.join(str(row) for row in same[:4])}). Remove one of the rows, or give it an id of its own"
        rows.refuse(later, "stands twice", "id", allowed)
    for column in ("can_mentor", "consent"):
        if column in rows.frame.columns and rows.frame[column].dtype != pl.Boolean:
            text = rows.frame[column].cast(pl.String).str.to_lowercase()
            rows.refuse(text.is_not_null() & ~text.is_in(YES + NO), "is neither yes nor no", column, "expected yes or no")
            text = rows.frame[column].cast(pl.String).str.to_lowercase()
            rows.set(pl.select(pl.when(text.is_not_null()).then(text.is_in(YES))).to_series().alias(column))
    for column in ("capacity", "degree"):
        if column in rows.frame.columns:
            number = rows.frame[column].cast(pl.Float64, strict=False)
            wrong = rows.frame[column].is_not_null() & (
                number.is_null() | (number != number.round()) | ~number.is_between(0, 10**6)
            )
            rows.refuse(wrong, "is no whole number from 0 on", column, "expected a whole number such as 8")
            rows.set(rows.frame[column].cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias(column))
    for column in ("joined", "paused_until"):
        if column in rows.frame.columns:
            _times(rows, column, dayfirst, now if column == "joined" else None, required=False)
            rows.set(rows.frame[column].dt.date())
    for column in ("timezone", "availability"):
        if column in rows.frame.columns:
            _understood(rows, column, now)
    texts = [name for name, kind in PEOPLE_SCHEMA.items() if kind == pl.String and name in rows.frame.columns]
    return rows.frame.select(
        pl.col(name).cast(pl.String) if name in texts else name for name in PEOPLE_SCHEMA if name in rows.frame.columns
    )


def _ids(rows: Rows, *columns: str) -> None:
    """Ids are text without blanks around them, and never empty."""
    for column in columns:
        if rows.frame[column].dtype.is_float():
            rows.set(rows.frame[column].cast(pl.Int64, strict=False).alias(column))
        rows.set(rows.frame[column].cast(pl.String).str.strip_chars().alias(column))
        empty = rows.frame[column].is_null() | (rows.frame[column] == "")
        rows.refuse(empty, "is empty", column, "every row needs one. Fill it in, or remove the row")


def _times(rows: Rows, column: str, dayfirst: bool | None, now: datetime | None, *, required: bool = True) -> None:
    """Times in UTC; refused: no time, ambiguous, before 1900, and later than tomorrow if `now` is given."""
    given = rows.frame[column]
    times = parse_times(given, dayfirst)
    if times.ambiguous is not None:
        row = rows.frame[ROW][times.ambiguous]
        raise DataError(
            f"{rows.where} row {row}: {column} '{given[times.ambiguous]}' may be day/month or month/day, and no row decides; "
            "say --dayfirst or --monthfirst."
        )
    if times.contradicts is not None:
        one, other = times.contradicts
        raise DataError(
            f"{rows.where}: {column} '{given[one]}' (row {rows.frame[ROW][one]}) has the day first, '{given[other]}' "
            f"(row {rows.frame[ROW][other]}) the month; expected one order. Correct one of them, or split the file."
        )
    if times.order is not None:
        rows.notes.append(f"{column}: read with the {times.order}, as some of its rows say")
    found = times.times
    absent = given.is_null() if given.dtype != pl.String else given.is_null() | (given == "")
    rows.set(found.alias("\x00time"))
    if required:
        rows.refuse(absent, "is empty", column, DATES)
        found, given = rows.frame["\x00time"], rows.frame[column]
        rows.refuse(found.is_null(), "is no date", column, DATES)
    else:
        rows.refuse(found.is_null() & ~absent, "is no date", column, DATES)
    found = rows.frame["\x00time"]
    rows.refuse(found < EARLIEST, "is before 1900", column, DATES)
    if now is not None:
        found = rows.frame["\x00time"]
        rows.refuse(found > now + timedelta(days=1), "is in the future", column, f"expected a time up to now ({now:%Y-%m-%d})")
    rows.frame = rows.frame.drop(column).rename({"\x00time": column})


def _minutes(rows: Rows) -> None:
    """Minutes from 0 on."""
    if "minutes" not in rows.frame.columns:
        return
    given = rows.frame["minutes"]
    text = given.cast(pl.String).str.replace(",", ".", literal=True)
    clock = text.str.extract_groups(r"^(\d+):(\d{2})(?::(\d{2}))?$").struct.unnest()
    hours, minutes, rest = (clock[name].cast(pl.Float64) for name in clock.columns)
    number = text.cast(pl.Float64, strict=False).fill_null(hours * 60 + minutes + rest.fill_null(0) / 60)
    rows.set(number.alias("\x00minutes"))
    allowed = "expected minutes from 0 on, such as 20 or 0:20"
    rows.refuse(number < 0, "is negative", "minutes", allowed)
    number, given = rows.frame["\x00minutes"], rows.frame["minutes"]
    rows.refuse(
        given.is_not_null() & (number.is_null() | ~number.is_finite() | (number > 1e6)),
        "is no length of time",
        "minutes",
        allowed,
    )
    rows.frame = rows.frame.drop("minutes").rename({"\x00minutes": "minutes"})


def _understood(rows: Rows, column: str, now: datetime) -> None:
    """Each different zone or availability can be understood."""
    for value in rows.frame[column].unique().drop_nulls().sort():
        try:
            zone_of(value) if column == "timezone" else free_hours(value, None, now)
        except DataError as error:
            reason, _, allowed = str(error).removeprefix(f"{column} '{value}'").strip(" :'.").partition("; expected ")
            rows.refuse(rows.frame[column] == value, reason, column, f"expected {allowed}")
