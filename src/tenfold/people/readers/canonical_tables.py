"""The canonical tables of people, contacts and attendance: each column parsed into its type, each row validated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from tenfold.errors import DataError
from tenfold.people.availability import free_hours, time_zone
from tenfold.people.printable import printable
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.roster import PEOPLE_SCHEMA
from tenfold.people.timestamps import parse_times

__all__ = ["EARLIEST", "parse_attendance", "parse_contacts", "parse_people"]

ABSENT = (
    "no show,noshow,no-show,absent,did not attend,not attended,declined,invited,not attending,cancelled,canceled,no,n,0,false"
)
YES = ("yes", "y", "true", "t", "1", "1.0", "x", "✓", "on", "ja", "oui", "si", "sí", "sì", "sim", "tak", "da", "да", "כן", "نعم")
NO = ("no", "n", "false", "f", "0", "0.0", "off", "nein", "nee", "non", "nao", "não", "nie", "ne", "нет", "לא", "لا")
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
MAX_MINUTES = 527_040  # minutes of a year
DATES = "expected ISO 8601 such as 2026-03-01 18:30, or D/M/Y with --dayfirst, or M/D/Y with --monthfirst. Correct it"
_PARSED = "\x00new"


def parse_contacts(rows: RowValidator, dayfirst: bool | None, now: datetime) -> pl.DataFrame:
    """`time`, `a`, `b` and, where there are, `kind`, `minutes`, `group`, `source`; one row a pair."""
    _parse_ids(rows, "a", "b")
    _parse_time_column(rows, "time", dayfirst, now)
    _parse_minutes(rows)
    if rows.frame["b"].str.contains("|", literal=True).any():
        listed = pl.col("b").str.split("|").list.eval(pl.element().str.strip_chars()).list.unique(maintain_order=True)
        listed = listed.list.eval(pl.element().filter(pl.element() != ""))
        rows.set_column(rows.frame.select(listed).to_series().alias(_PARSED))
        rows.reject(
            rows.frame[_PARSED].list.len() == 0, "names nobody", "b", "expected ids with | between. Fill it in, or remove the row"
        )
        rows.frame = rows.frame.drop("b").rename({_PARSED: "b"}).explode("b")
    same = rows.frame["a"] == rows.frame["b"]
    rows.reject(same, "is in contact with oneself", "a", "expected two different people. Correct one of them")
    return _select(rows, ("time", "a", "b", "kind", "minutes", "group", "source"), ("kind", "group", "source"))


def parse_attendance(rows: RowValidator, dayfirst: bool | None, now: datetime) -> pl.DataFrame:
    """`event`, `start`, `person` and, where there are, `minutes` and `status`; one row a person and event."""
    if "status" in rows.frame.columns:
        status = rows.frame["status"].cast(pl.String).str.strip_chars().str.to_lowercase().str.replace_all("_", " ")
        rows.skip(status.is_in(ABSENT.split(",")), "did not attend")
    _parse_ids(rows, "event", "person")
    _parse_time_column(rows, "start", dayfirst, now)
    _parse_minutes(rows)
    return _select(rows, ("event", "start", "person", "minutes", "status"), ("status",))


def parse_people(rows: RowValidator, dayfirst: bool | None, now: datetime) -> pl.DataFrame:
    """The columns of `PEOPLE_SCHEMA` that are there."""
    _parse_ids(rows, "id")
    ids = rows.frame["id"]
    later = ~ids.is_first_distinct()
    if later.any():
        same = rows.frame.filter(ids == ids.filter(later)[0])[ROW_NUMBER]
        found = ", ".join(str(row) for row in same[:4]) + (", …" if len(same) > 4 else "")
        rows.reject(
            later, "stands twice", "id", f"ids must differ (rows {found}). Remove one of the rows, or give it an id of its own"
        )
    for column in ("can_mentor", "consent"):
        if column in rows.frame.columns and rows.frame[column].dtype != pl.Boolean:
            _parse_boolean(rows, column)
    for column in ("capacity", "degree"):
        if column in rows.frame.columns:
            number = rows.frame[column].cast(pl.Float64, strict=False)
            wrong = rows.frame[column].is_not_null() & ~(number.is_between(0, 10**6) & (number == number.round())).fill_null(
                False
            )
            rows.reject(wrong, "is no whole number from 0 on", column, "expected one such as 8. Correct it, or leave it empty")
            rows.set_column(rows.frame[column].cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias(column))
    for column in ("joined", "paused_until"):
        if column in rows.frame.columns:
            _parse_time_column(rows, column, dayfirst, now if column == "joined" else None, required=False)
            rows.set_column(rows.frame[column].dt.date())
    for column in ("timezone", "availability"):
        if column in rows.frame.columns:
            _validate_values(rows, column, now)
    return _select(rows, tuple(PEOPLE_SCHEMA), tuple(name for name, kind in PEOPLE_SCHEMA.items() if kind == pl.String))


def _select(rows: RowValidator, columns: tuple[str, ...], texts: tuple[str, ...]) -> pl.DataFrame:
    """The canonical columns that the file has; those in `texts` as text."""
    return rows.frame.select(
        pl.col(name).cast(pl.String) if name in texts else pl.col(name) for name in columns if name in rows.frame.columns
    )


def _parse_ids(rows: RowValidator, *columns: str) -> None:
    """Ids as text: stripped, never empty, in Unicode normal form C, so that equal names compare equal."""
    for column in columns:
        given = rows.frame[column]
        if given.dtype.is_float():
            whole = ((given == given.round()) & (given.abs() < 2**53)).fill_null(False)
            rows.reject(given.is_not_null() & ~whole, "is no id", column, "expected text or a whole number. Write ids as text")
            given = rows.frame[column].cast(pl.Int64, strict=False)
        text = given.cast(pl.String).str.strip_chars()
        if (text.str.len_bytes() != text.str.len_chars()).any():
            text = text.str.normalize("NFC")
        rows.set_column(text.alias(column))
        empty = text.is_null() | (text == "")
        rows.reject(empty, "is empty", column, "every row needs one. Fill it in, or remove the row")


def _parse_boolean(rows: RowValidator, column: str) -> None:
    """Booleans from words of several languages."""
    text = rows.frame[column].cast(pl.String).str.strip_chars().str.to_lowercase()
    rows.set_column(pl.select(pl.when(text.is_in(YES)).then(True).when(text.is_in(NO)).then(False)).to_series().alias(_PARSED))
    wrong = rows.frame[column].is_not_null() & rows.frame[_PARSED].is_null()
    rows.reject(wrong, "is neither yes nor no", column, "expected yes or no. Correct it, or leave it empty")
    rows.frame = rows.frame.drop(column).rename({_PARSED: column})


def _parse_time_column(
    rows: RowValidator, column: str, dayfirst: bool | None, now: datetime | None, *, required: bool = True
) -> None:
    """Times in UTC; rejected are texts that are no time or ambiguous, times before 1900, and, with `now`, times later than tomorrow."""
    given = rows.frame[column]
    if given.dtype == pl.Boolean or given.dtype == pl.Time:
        raise DataError(f"{rows.where}: {column} holds {given.dtype}, no dates; {DATES}.")
    times = parse_times(given, dayfirst, spreadsheet=rows.spreadsheet)
    if times.ambiguous is not None:
        row = rows.frame[ROW_NUMBER][times.ambiguous]
        raise DataError(
            f"{rows.where} row {row}: {column} '{printable(given[times.ambiguous])}' may be day/month or month/day, and no row decides; "
            "say --dayfirst or --monthfirst."
        )
    if times.contradicts is not None:
        one, other = times.contradicts
        raise DataError(
            f"{rows.where}: {column} '{printable(given[one])}' (row {rows.frame[ROW_NUMBER][one]}) has the day first, "
            f"'{printable(given[other])}' (row {rows.frame[ROW_NUMBER][other]}) the month; expected one order. "
            "Correct one of them, or split the file."
        )
    if times.order is not None:
        rows.notes.append(f"{column}: read with the {times.order}, as some of its rows say")
    if times.serials:
        rows.notes.append(f"{column}: {times.serials:,} plain numbers read as days of the spreadsheet")
    rows.set_column(times.times.alias(_PARSED))
    if required:
        rows.reject(rows.frame[column].is_null(), "is empty", column, DATES)
    rows.reject(rows.frame[_PARSED].is_null() & rows.frame[column].is_not_null(), "is no date", column, DATES)
    rows.reject(rows.frame[_PARSED] < EARLIEST, "is before 1900", column, DATES)
    if now is not None:
        late = rows.frame[_PARSED] > now + timedelta(days=1)
        rows.reject(late, "is in the future", column, f"expected a time up to now ({now:%Y-%m-%d}). Correct it")
    rows.frame = rows.frame.drop(column).rename({_PARSED: column})


def _parse_minutes(rows: RowValidator) -> None:
    """Minutes from 0 on, from a number or from hours and minutes such as 1:20."""
    if "minutes" not in rows.frame.columns:
        return
    given = rows.frame["minutes"]
    text = given.cast(pl.String, strict=False).str.strip_chars().str.replace(r"^(-?[0-9]+),([0-9]+)$", "${1}.${2}")
    # a spreadsheet that took 0:20 for a time of day gives it with its day 0
    clock = text.str.extract_groups(r"^(?:1899-12-3[01] )?([0-9]{1,4}):([0-9]{2})(?::([0-9]{2})(?:\.0*)?)?$").struct.unnest()
    hours, minutes, rest = (clock[name].cast(pl.Float64) for name in clock.columns)
    number = text.cast(pl.Float64, strict=False).fill_null(hours * 60 + minutes + rest.fill_null(0) / 60)
    rows.set_column(number.alias(_PARSED))
    allowed = "expected minutes from 0 on, such as 20 or 0:20. Correct it, or leave it empty"
    rows.reject(rows.frame[_PARSED] < 0, "is negative", "minutes", allowed)
    wrong = rows.frame["minutes"].is_not_null() & ~rows.frame[_PARSED].is_between(0, MAX_MINUTES).fill_null(False)
    rows.reject(wrong, "is no length of time", "minutes", allowed)
    rows.frame = rows.frame.drop("minutes").rename({_PARSED: "minutes"})


def _validate_values(rows: RowValidator, column: str, now: datetime) -> None:
    """Reject each distinct zone or availability that cannot be parsed."""
    wrong: dict[str, str] = {}
    rows.set_column(rows.frame[column].cast(pl.String))
    for value in rows.frame[column].unique(maintain_order=True).drop_nulls():
        try:
            time_zone(value) if column == "timezone" else free_hours(value, None, now)
        except DataError as error:
            wrong[value] = str(error)
            if not rows.skip_bad:
                break
    rows.reject_values(wrong, column)
