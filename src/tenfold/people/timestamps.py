"""Timestamps: from text and numbers to times in UTC."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from tenfold.people.written_dates import parse_clock, parse_compact, parse_written

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
_DAYS_TO_1904 = 1_462  # between the two epochs of spreadsheets
_HAS_CLOCK, _HAS_ZONE = (
    r"[0-9]:[0-9]|[0-9]\s*[AaPp]\.?[Mm]|[0-9]T[0-9]",
    r"(?:[0-9]\s*(?:[Zz]|UTC|GMT)|:[0-9.]+\s*[+-][0-9]{2}:?[0-9]{2})$",
)


@dataclass(frozen=True)
class ParsedTimes:
    """A column of times, and what its texts say about the order of day and month.

    `times`: UTC, null where the text is no time. `order`: "day first" or "month first" where that was needed and the column decided it;
    `why`: what decided. `ambiguous`: the index of a text whose day and month cannot be told apart. `contradicts`: the indexes of two texts
    of which one can only be day first and the other only month first. `serials`: how many numbers were read as days of a spreadsheet.
    `without_year`: how many dates name no year. `without_zone`: how many times name a clock and no zone.
    """

    times: pl.Series
    order: str | None = None
    ambiguous: int | None = None
    contradicts: tuple[int, int] | None = None
    why: str = "as some of its rows say"
    serials: int = 0
    without_year: int = 0
    without_zone: int = 0


def parse_times(
    column: pl.Series,
    dayfirst: bool | None = None,
    *,
    spreadsheet: bool = False,
    epoch_1904: bool = False,
    latest: datetime | None = None,
    zone: ZoneInfo | None = None,
) -> ParsedTimes:
    """Parse the times of one column, which are taken as UTC where they name no zone and none is given.

    Understood are ISO 8601, also with ``/`` or ``.`` and in its basic form; ``D/M/Y`` or ``M/D/Y``, also with ``-``, with two-digit years,
    ``HH:MM[:SS]``, am and pm; ``D.M.Y``; dates with the name of a month; and seconds or milliseconds since 1970.

    Parameters
    ----------
    column
        Text, or a column that holds times or numbers already.
    dayfirst
        How to read ``03/04/2026``; None: as the other texts of the column decide, and if none does, the result says that it is
        ambiguous. With dots the day comes first unless this is False.
    spreadsheet
        Whether bare numbers may be days since 1900, as spreadsheets keep them.
    epoch_1904
        Whether these days count from 1904.
    latest
        The latest time that there can be: it decides where one order of day and month would lie after it, and gives dates their years.
    zone
        The zone of times with a clock and without a zone; a date alone is a day, and stays the same day.

    Examples
    --------
    >>> parse_times(pl.Series(["03/04/2026", "25/04/2026 6:30 pm"])).times.dt.to_string("%d %B %H:%M").to_list()
    ['03 April 00:00', '25 April 18:30']
    >>> parse_times(pl.Series(["03/04/2026"])).ambiguous
    0
    """
    if isinstance(column.dtype, pl.Datetime):
        if column.dtype.time_zone:
            return ParsedTimes(column.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")))
        return _in_zone(ParsedTimes(column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")), column.is_not_null(), zone)
    if column.dtype == pl.Date:
        return ParsedTimes(column.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    if column.dtype.is_numeric():
        compact = parse_compact(column.cast(pl.Int64, strict=False).cast(pl.String))
        return ParsedTimes(_from_epoch(column.cast(pl.Float64)).fill_null(compact.dt.replace_time_zone("UTC")))
    column = column.cast(pl.String, strict=False).str.strip_chars()
    parsed = _parse_text(column, dayfirst, (spreadsheet, epoch_1904), latest)
    return _in_zone(parsed, column.str.contains(_HAS_CLOCK) & ~column.str.contains(_HAS_ZONE), zone)


def _in_zone(parsed: ParsedTimes, local: pl.Series, zone: ZoneInfo | None) -> ParsedTimes:
    """The times of which `local` is true, read as UTC, taken in `zone` instead."""
    count = int(local.fill_null(False).sum())
    if zone is None or not count:
        return replace(parsed, without_zone=count)
    moved = parsed.times.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")
    return replace(
        parsed,
        times=pl.select(pl.when(local.fill_null(False)).then(moved).otherwise(parsed.times)).to_series(),
        without_zone=count,
    )


def _parse_text(column: pl.Series, dayfirst: bool | None, spreadsheet: tuple[bool, bool], latest: datetime | None) -> ParsedTimes:
    """The times of a column of text, as if they were all in UTC."""
    found = parse_iso(column)
    if not _unread(found, column):
        return ParsedTimes(found)
    compact = parse_compact(column)
    if compact.null_count() < len(compact):
        found = found.fill_null(compact.dt.replace_time_zone("UTC"))
    numbers = column.cast(pl.Float64, strict=False)
    found = found.fill_null(_from_epoch(numbers))
    serials = 0
    if spreadsheet[0]:
        days = numbers.is_between(*_SPREADSHEET_DAYS) & found.is_null()
        serials = int(days.sum())
        found = found.fill_null(_from_spreadsheet_days(numbers + (_DAYS_TO_1904 if spreadsheet[1] else 0)))
    parts = column.to_frame("text").select(
        pl.col("text").str.extract(_ORDERED, k).alias(name) for k, name in enumerate(_PARTS, start=1)
    )
    parts = parts.with_columns(pl.col("half").str.to_lowercase(), pl.exclude("mark", "half").cast(pl.Int64, strict=False))
    parsed = _parse_ordered(found, parts, dayfirst, latest)
    if parsed.ambiguous is None and parsed.contradicts is None and _unread(parsed.times, column):
        written = parse_written(column.filter(parsed.times.is_null()), (latest or datetime.now(UTC)).date())
        if written.dates.null_count() < len(written.dates):
            places = parsed.times.is_null().arg_true()
            times = parsed.times.scatter(places, written.dates.dt.replace_time_zone("UTC"))
            parsed = replace(parsed, times=times, without_year=written.without_year)
        if _unread(parsed.times, column):
            parsed = replace(parsed, times=parsed.times.fill_null(_day_and_clock(column)))
    return replace(parsed, serials=serials)


def _day_and_clock(column: pl.Series) -> pl.Series:
    """ISO 8601 days with a clock of half days: ``2026-09-14 7:00 PM``."""
    parts = column.str.extract_groups(r"^([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})[\sT,]+([^,]{2,20})$").struct.unnest()
    seconds = parse_clock(parts["2"])
    return parse_iso(parts["1"]) + pl.select((seconds * 1_000_000).cast(pl.Duration("us"))).to_series()


def _unread(found: pl.Series, column: pl.Series) -> bool:
    """Whether some text is not yet a time."""
    return bool((found.is_null() & column.is_not_null() & (column != "")).any())


def _parse_ordered(found: pl.Series, parts: pl.DataFrame, dayfirst: bool | None, latest: datetime | None) -> ParsedTimes:
    """Fill in the times of which the parts are known, in the order of day and month that the column decides."""
    open_rows = found.is_null() & parts["first"].is_not_null()
    dotted = parts["mark"] == "."
    unsure = open_rows & ~dotted
    days_lead = (unsure & parts["first"].is_between(13, 31) & (parts["second"] <= 12)).arg_true()
    months_lead = (unsure & parts["second"].is_between(13, 31) & (parts["first"] <= 12)).arg_true()
    decided, why = None, ParsedTimes.why
    leads = dayfirst if dayfirst is not None else not len(months_lead)
    if dayfirst is None and unsure.any():
        if len(days_lead) and len(months_lead):
            return ParsedTimes(found, contradicts=(int(days_lead[0]), int(months_lead[0])))
        unclear = (unsure & (parts["first"] != parts["second"]) & (parts["first"] <= 12) & (parts["second"] <= 12)).arg_true()
        decided = "month first" if len(months_lead) else "day first" if len(days_lead) else None
        if len(unclear) and decided is None:
            past = None if latest is None else _order_of_past(parts.filter(unsure), latest)
            if past is None:
                return ParsedTimes(found, ambiguous=int(unclear[0]))
            leads, why = past, "as the other order lies in the future"
            decided = "day first" if past else "month first"
    return ParsedTimes(found.fill_null(_from_parts(parts, leads, dayfirst is not False)), order=decided, why=why)


def _order_of_past(parts: pl.DataFrame, latest: datetime) -> bool | None:
    """Whether the day leads, if only one of the orders has no time after `latest`; else None."""
    late = {order: (_from_parts(parts, order, True) > latest + timedelta(days=1)).any() for order in (True, False)}
    return None if late[True] == late[False] else late[False]


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
