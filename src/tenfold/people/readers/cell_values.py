"""Cells into values: times, lengths of time, answers and whole numbers of one column, each row validated."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import polars as pl

from tenfold.errors import DataError
from tenfold.people.names import clean_labels
from tenfold.people.printable import printable
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.readers.vocabulary import answer_words, fold, unit_words
from tenfold.people.timestamps import parse_times
from tenfold.people.written_dates import parse_clock

__all__ = [
    "EARLIEST",
    "PARSED",
    "parse_boolean_column",
    "parse_count_column",
    "parse_label_columns",
    "parse_minutes_column",
    "parse_time_column",
]

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
MAX_MINUTES = 527_040  # minutes of a year
DATES = "expected ISO 8601 such as 2026-03-01 18:30, or D/M/Y with --dayfirst, or M/D/Y with --monthfirst. Correct it"
PARSED = "\x00new"
_LENGTH = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([^\W0-9_]+)\.?")
_ISO_LENGTH = re.compile(r"PT(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?")


def parse_label_columns(rows: RowValidator, *columns: str) -> None:
    """Labels of people and gatherings as text: never empty, without characters that nobody sees."""
    for column in columns:
        given = rows.frame[column]
        if given.dtype.is_float():
            whole = ((given == given.round()) & (given.abs() < 2**53)).fill_null(False)
            rows.reject(given.is_not_null() & ~whole, "is no id", column, "expected text or a whole number. Write ids as text")
            given = rows.frame[column].cast(pl.Int64, strict=False)
        text = clean_labels(given)
        rows.set_column(text.alias(column))
        rows.reject(text.is_null(), "is empty", column, "every row needs one. Fill it in, or remove the row")


def parse_boolean_column(rows: RowValidator, column: str) -> None:
    """Booleans from yes and no in several languages."""
    if rows.frame[column].dtype == pl.Boolean:
        return
    text = rows.frame[column].cast(pl.String).str.strip_chars().str.to_lowercase()
    known = answer_words()
    rows.set_column(text.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Boolean).alias(PARSED))
    wrong = rows.frame[column].is_not_null() & rows.frame[PARSED].is_null()
    rows.reject(wrong, "is neither yes nor no", column, "expected yes or no. Correct it, or leave it empty")
    rows.frame = rows.frame.drop(column).rename({PARSED: column})


def parse_count_column(rows: RowValidator, column: str) -> None:
    """Whole numbers from 0 on."""
    number = rows.frame[column].cast(pl.Float64, strict=False)
    whole = (number.is_between(0, 10**6) & (number == number.round())).fill_null(False)
    wrong = rows.frame[column].is_not_null() & ~whole
    rows.reject(wrong, "is no whole number from 0 on", column, "expected one such as 8. Correct it, or leave it empty")
    rows.set_column(rows.frame[column].cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias(column))


def parse_time_column(
    rows: RowValidator,
    column: str,
    *,
    clock: str | None = None,
    future: bool = False,
    required: bool = True,
    lenient: bool = False,
) -> None:
    """Times in UTC; rejected are texts that are no time or ambiguous, times before 1900, and, but with `future`, times later than tomorrow.

    `clock`: a column with the time of day, for dates that have none. `lenient`: what is no date is left empty, with a note.
    """
    given, context = rows.frame[column], rows.context
    if given.dtype == pl.Boolean or given.dtype == pl.Time:
        raise DataError(f"{rows.where}: {column} holds {given.dtype}, no dates; {DATES}.")
    if rows.spreadsheet and given.dtype == pl.String:  # a day is a day, in any zone
        given = given.str.replace(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) 00:00:00$", "${1}")
    times = parse_times(
        given,
        context.dayfirst,
        spreadsheet=rows.spreadsheet,
        epoch_1904=rows.epoch_1904,
        latest=None if future else context.now,
        zone=context.zone,
    )
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
        rows.notes.append(f"{column}: read with the {times.order}, {times.why}")
        rows.remarks.date_order = times.order
    if times.serials:
        rows.notes.append(f"{column}: {times.serials:,} plain numbers read as days of the spreadsheet")
    if times.without_year:
        rows.remarks.guesses.append(f"{column}: {times.without_year:,} dates without a year are the latest that there were")
    if times.without_zone and not future:
        rows.remarks.zone = context.zone.key if context.zone else "UTC"
    rows.set_column(times.times.alias(PARSED))
    if clock is not None:
        _add_clock(rows, column, clock)
    if required:
        rows.reject(rows.frame[column].is_null(), "is empty", column, DATES)
    wrong = rows.frame[PARSED].is_null() & rows.frame[column].is_not_null()
    if lenient and wrong.any():
        cells = rows.frame[column].filter(wrong).cast(pl.String)
        listed = ", ".join(f"'{printable(one, 20)}'" for one in cells.unique(maintain_order=True)[:3])
        rows.remarks.guesses.append(f"{column}: {len(cells):,} cells are no date and stay empty: {listed}")
    else:
        rows.reject(wrong, "is no date", column, DATES)
    rows.reject(rows.frame[PARSED] < EARLIEST, "is before 1900", column, DATES)
    if not future:
        late = rows.frame[PARSED] > context.now + timedelta(days=1)
        rows.reject(late, "is in the future", column, f"expected a time up to now ({context.now:%Y-%m-%d}). Correct it")
    rows.frame = rows.frame.drop(column).rename({PARSED: column})


def _add_clock(rows: RowValidator, column: str, clock: str) -> None:
    """Add the time of day to the dates that have none."""
    text = rows.frame[clock].cast(pl.String)
    text = text.str.replace(r"^(?:1899-12-3[01]|1904-01-01) ", "")  # a spreadsheet gives a clock with its day 0
    seconds = parse_clock(text)
    number = text.cast(pl.Float64, strict=False)
    seconds = seconds.fill_null(
        (pl.select(pl.when(number.is_between(0, 1, closed="left")).then(number * 86_400)).to_series()).round().cast(pl.Int64)
    )
    rows.reject(
        text.is_not_null() & seconds.is_null(), "is no time of day", clock, "expected one such as 18:30 or 3 pm. Correct it"
    )
    if len(seconds) != rows.frame.height:
        _add_clock(rows, column, clock)
        return
    days = rows.frame[PARSED]
    alone = (days.dt.truncate("1d") == days).fill_null(False)
    moved = days + pl.select((seconds.fill_null(0) * 1_000_000).cast(pl.Duration("us"))).to_series()
    zone = rows.context.zone
    if zone is not None:
        moved = moved.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    rows.remarks.zone = zone.key if zone else "UTC"
    both = alone & seconds.is_not_null()
    rows.set_column(pl.select(pl.when(both).then(moved).otherwise(days)).to_series().alias(PARSED))


def parse_minutes_column(rows: RowValidator, header: str) -> None:
    """Minutes from 0 on, from a number in the unit of the header, a clock such as 1:20, or words such as 1h 18m 58s."""
    if "minutes" not in rows.frame.columns:
        return
    given = rows.frame["minutes"]
    text = given.cast(pl.String, strict=False).str.strip_chars().str.replace(r"^(-?[0-9]+),([0-9]+)$", "${1}.${2}")
    # a spreadsheet that took 0:20 for a time of day gives it with its day 0
    clock = text.str.extract_groups(r"^(?:1899-12-3[01] )?([0-9]{1,4}):([0-9]{2})(?::([0-9]{2})(?:\.0*)?)?$").struct.unnest()
    hours, minutes, rest = (clock[name].cast(pl.Float64) for name in clock.columns)
    unit = _header_unit(header)
    number = text.cast(pl.Float64, strict=False) * (unit or 1.0)
    number = number.fill_null(hours * 60 + minutes + rest.fill_null(0) / 60)
    worded = text.filter(number.is_null() & text.is_not_null()).unique()
    lengths = {word: length for word in worded if (length := _length_in_words(word)) is not None}
    if lengths:
        number = number.fill_null(
            text.replace_strict(list(lengths), list(lengths.values()), default=None, return_dtype=pl.Float64)
        )
    elif unit is None and text.is_not_null().any():
        rows.notes.append(f"'{printable(header, 40)}' is taken as minutes")
    rows.set_column(number.alias(PARSED))
    allowed = "expected minutes from 0 on, such as 20, 0:20 or 1h 20m. Correct it, or leave it empty"
    rows.reject(rows.frame[PARSED] < 0, "is negative", "minutes", allowed)
    wrong = rows.frame["minutes"].is_not_null() & ~rows.frame[PARSED].is_between(0, MAX_MINUTES).fill_null(False)
    rows.reject(wrong, "is no length of time", "minutes", allowed)
    rows.frame = rows.frame.drop("minutes").rename({PARSED: "minutes"})


def _header_unit(header: str) -> float | None:
    """The unit that a header names, in minutes; None where it names none."""
    words = re.split(r"[\W_]+", header.casefold())
    known = unit_words()
    return next((known[word] for word in reversed(words) if len(word) > 1 and word in known), None)


def _length_in_words(text: str) -> float | None:
    """A length of time in minutes; None where the text is none."""
    iso = _ISO_LENGTH.fullmatch(text)
    if iso is not None:
        return int(iso[1] or 0) * 60 + int(iso[2] or 0) + int(iso[3] or 0) / 60
    known = unit_words()
    folded = fold(text)
    left, total = folded, 0.0
    for match in _LENGTH.finditer(folded):
        if match[2] not in known:
            return None
        total += float(match[1].replace(",", ".")) * known[match[2]]
        left = left.replace(match[0], "", 1)
    return total if left != folded and not re.sub(r"[\s,.&]|and|und|et|y", "", left) else None
