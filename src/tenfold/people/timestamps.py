"""Timestamps: from text and numbers to times in UTC."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

__all__ = ["ParsedTimes", "parse_iso", "parse_times"]

_PLAIN = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_ZONED = ("%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z")
_ORDERED = (
    r"^([0-9]{1,2})\s*([./-])\s*([0-9]{1,2})\s*[./-]\s*([0-9]{4}|[0-9]{2})\.?"
    r"(?:[\sT,]+([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?\s*(?i:([ap])\.?(?:m\.?)?)?)?$"
)
_PARTS = ("first", "mark", "second", "third", "hour", "minute", "rest", "half")
_SECONDS, _MILLISECONDS, _MOST = 1e8, 1e11, 1e14  # from the first on: seconds since 1970; from the second on: milliseconds
_SPREADSHEET_DAYS = (20_000, 80_000)  # October 1954 to January 2119


@dataclass(frozen=True)
class ParsedTimes:
    """A column of times, and what its texts say about the order of day and month.

    `times`: UTC, null where the text is no time. `order`: "day first" or "month first" where that was needed and the column decided it.
    `ambiguous`: the index of a text whose day and month cannot be told apart. `contradicts`: the indexes of two texts of which one can
    only be day first and the other only month first. `serials`: how many numbers were read as days of a spreadsheet.
    """

    times: pl.Series
    order: str | None = None
    ambiguous: int | None = None
    contradicts: tuple[int, int] | None = None
    serials: int = 0


def parse_times(column: pl.Series, dayfirst: bool | None = None, *, spreadsheet: bool = False) -> ParsedTimes:
    """Parse the times of one column, which are taken as UTC where they name no zone.

    Understood are ISO 8601, also with ``/`` or ``.``; ``D/M/Y`` or ``M/D/Y``, also with ``-``, with two-digit years, ``HH:MM[:SS]``, am and
    pm; ``D.M.Y``; and seconds or milliseconds since 1970.

    Parameters
    ----------
    column
        Text, or a column that holds times or numbers already.
    dayfirst
        How to read ``03/04/2026``; None: as the other texts of the column decide, and if none does, the result says that it is
        ambiguous. With dots the day comes first unless this is False.
    spreadsheet
        Whether bare numbers may be days since 1900, as spreadsheets keep them.

    Examples
    --------
    >>> parse_times(pl.Series(["03/04/2026", "25/04/2026 6:30 pm"])).times.dt.to_string("%d %B %H:%M").to_list()
    ['03 April 00:00', '25 April 18:30']
    >>> parse_times(pl.Series(["03/04/2026"])).ambiguous
    0
    """
    if isinstance(column.dtype, pl.Datetime):
        zoned = column if column.dtype.time_zone else column.dt.replace_time_zone("UTC")
        return ParsedTimes(zoned.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")))
    if column.dtype == pl.Date:
        return ParsedTimes(column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    if column.dtype.is_numeric():
        return ParsedTimes(_from_epoch(column.cast(pl.Float64)))
    column = column.cast(pl.String, strict=False).str.strip_chars()
    found = parse_iso(column)
    if not (found.is_null() & column.is_not_null() & (column != "")).any():
        return ParsedTimes(found)
    numbers = column.cast(pl.Float64, strict=False)
    found = found.fill_null(_from_epoch(numbers))
    serials = 0
    if spreadsheet:
        days = numbers.is_between(*_SPREADSHEET_DAYS) & found.is_null()
        serials = int(days.sum())
        found = found.fill_null(_from_spreadsheet_days(numbers))
    parts = column.to_frame("text").select(
        pl.col("text").str.extract(_ORDERED, k).alias(name) for k, name in enumerate(_PARTS, start=1)
    )
    parts = parts.with_columns(pl.col("half").str.to_lowercase(), pl.exclude("mark", "half").cast(pl.Int64, strict=False))
    open_rows = found.is_null() & parts["first"].is_not_null()
    dotted = parts["mark"] == "."
    unsure = open_rows & ~dotted
    days_lead = (unsure & parts["first"].is_between(13, 31) & (parts["second"] <= 12)).arg_true()
    months_lead = (unsure & parts["second"].is_between(13, 31) & (parts["first"] <= 12)).arg_true()
    decided = None
    if dayfirst is None and unsure.any():
        if len(days_lead) and len(months_lead):
            return ParsedTimes(found, contradicts=(int(days_lead[0]), int(months_lead[0])), serials=serials)
        unclear = (unsure & (parts["first"] != parts["second"]) & (parts["first"] <= 12) & (parts["second"] <= 12)).arg_true()
        if len(unclear) and not len(days_lead) and not len(months_lead):
            return ParsedTimes(found, ambiguous=int(unclear[0]), serials=serials)
        decided = "month first" if len(months_lead) else "day first" if len(days_lead) else None
    leads = dayfirst if dayfirst is not None else not len(months_lead)
    dots_lead = dayfirst is not False
    return ParsedTimes(found.fill_null(_from_parts(parts, leads, dots_lead)), order=decided, serials=serials)


def parse_iso(column: pl.Series) -> pl.Series:
    """ISO 8601 text as UTC times (microseconds); null where it is no such text. Without a zone it is taken as UTC."""
    found = column.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    plain = column.str.replace("T", " ", literal=True).str.replace(
        r"^([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})", "${1}-${2}-${3}"
    )
    for form in _PLAIN:
        if found.null_count() == column.null_count():
            return found
        part = (
            plain.str.to_date(form, strict=False)
            if form == "%Y-%m-%d"
            else plain.str.to_datetime(form, time_unit="us", strict=False)
        )
        found = found.fill_null(part.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    if found.null_count() == column.null_count():
        return found
    plain = plain.str.replace(r"\s*(?:[Zz]|UTC|GMT)$", "+0000").str.replace(r"\s*([+-][0-9]{2}):?([0-9]{2})$", "${1}${2}")
    for form in _ZONED:
        found = found.fill_null(plain.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False))
    return found


def _from_parts(parts: pl.DataFrame, dayfirst: bool, dots_dayfirst: bool) -> pl.Series:
    """Times from the parts of a text in a known order; null where there is no such day or hour."""
    half, hour = pl.col("half"), pl.col("hour").fill_null(0)
    hour = (
        pl.when(half.is_not_null() & ~hour.is_between(1, 12))
        .then(99)
        .when(half == "p")
        .then(hour % 12 + 12)
        .when(half == "a")
        .then(hour % 12)
        .otherwise(hour)
    )
    year = pl.col("third")
    year = pl.when(year < 100).then(year + pl.when(year < 70).then(2000).otherwise(1900)).otherwise(year)
    day_leads = pl.when(pl.col("mark") == ".").then(pl.lit(dots_dayfirst)).otherwise(pl.lit(dayfirst))
    month = pl.when(day_leads).then(pl.col("second")).otherwise(pl.col("first"))
    day = pl.when(day_leads).then(pl.col("first")).otherwise(pl.col("second"))
    text = pl.format("{}-{}-{} {}:{}:{}", year, month, day, hour, pl.col("minute").fill_null(0), pl.col("rest").fill_null(0))
    dates = parts.select(text.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)).to_series()
    return dates.dt.replace_time_zone("UTC")


def _from_epoch(numbers: pl.Series) -> pl.Series:
    """Seconds or milliseconds since 1970; null where a number is neither."""
    number = pl.col("n")
    micros = (
        pl.when(number.is_between(_SECONDS, _MILLISECONDS, closed="left"))
        .then(number * 1e6)
        .when(number.is_between(_MILLISECONDS, _MOST))
        .then(number * 1e3)
    )
    return (
        numbers.to_frame("n")
        .select(micros.round().cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
        .to_series()
    )


def _from_spreadsheet_days(numbers: pl.Series) -> pl.Series:
    """Days since 30 December 1899, to the second; null where a number is none that is likely."""
    seconds = pl.when(pl.col("n").is_between(*_SPREADSHEET_DAYS)).then(((pl.col("n") - 25_569) * 86_400).round().cast(pl.Int64))
    return numbers.to_frame("n").select((seconds * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")).to_series()
