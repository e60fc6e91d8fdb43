"""Dates and clocks as people write them: with names of months, basic ISO 8601, hours of half days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import polars as pl

__all__ = ["WrittenDates", "parse_clock", "parse_compact", "parse_written"]

SPOKEN_IN = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk", "he", "ar", "vi")
MAX_LENGTH = 60
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})\.?(?:st|nd|rd|th|er|º|\.o|ª)?[\s,/.-]*(?:de |of |d')?\s*([^\W0-9_][^0-9,]*?)[.,]?"
    r"(?:[\s,/-]+(?:de |del |of )?\s*([0-9]{4}|'?[0-9]{2}))?(?:\s*(?:г\.?|р\.?|года|року|года\.))?"
)
_MONTH_FIRST = re.compile(r"([^\W0-9_][^0-9,]*?)[.,]?[\s/-]*([0-9]{1,2})(?:st|nd|rd|th)?(?:[\s,/-]+([0-9]{4}))?")
_VIETNAMESE = re.compile(r"(?:ngày )?([0-9]{1,2})[\s,]+(?:tháng|thg)\s*([0-9]{1,2})(?:[\s,]+(?:năm )?([0-9]{4}))?")
_CLOCK = re.compile(
    r"(?:\s|,|^)\s*(?:um |à |at |alle |a las |às |om |o |о |в )?([0-9]{1,2})"
    r"(?:\s*(?::|\.|h|u|uhr|час|giờ)\s*([0-9]{2})?(?::([0-9]{2}))?)?\s*([ap])?\.?\s?(m)?\.?(?: ?uhr| ?h| ?uur)?$"
)


class WrittenDates:
    """Dates with names of months: `dates`, null where a text is none; `without_year`: how many had no year and got the latest that fits."""

    def __init__(self, dates: pl.Series, without_year: int) -> None:
        self.dates, self.without_year = dates, without_year


def parse_clock(column: pl.Series) -> pl.Series:
    """The time of day in seconds, from ``18:30``, ``18.30``, ``3pm``, ``3:05 PM``, ``18h30`` or ``18 Uhr``; null where a text is none."""
    values = column.unique().drop_nulls().to_list()
    found = {value: _clock(value) for value in values}
    return column.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.Int64)


def _clock(value: str) -> int | None:
    text = _plain(value)
    match = _CLOCK.fullmatch(text)
    if match is None or not re.search(r"[:.h]|uhr|uur|[ap]\.?\s?m|час|giờ", text):
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] == "p" else 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and minute + second):
        return None
    return hour * 3600 + minute * 60 + second


def parse_compact(column: pl.Series) -> pl.Series:
    """Dates of ISO 8601 in its basic form, ``20260903`` or ``20260903T1820[00][Z]``, in UTC; null where a text is none."""
    parts = column.str.extract_groups(
        r"^((?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?:\.0)?(?:[T ]([0-9]{4})([0-9]{2})?(Z?))?$"
    )
    fields = parts.struct.unnest()
    text = fields["1"] + fields["2"].fill_null("0000") + fields["3"].fill_null("00")
    return text.str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False)


def parse_written(column: pl.Series, latest: date) -> WrittenDates:
    """Dates with the name of a month, in any of thirteen languages, with or without a weekday, a year and a clock.

    A date without a year is taken from the year up to `latest`.
    """
    values = [value for value in column.unique().drop_nulls().to_list() if len(value) <= MAX_LENGTH]
    found: dict[str, int] = {}
    yearless = set()
    for value in values:
        parts = _written(value, latest)
        if parts is None:
            continue
        day, seconds, has_year = parts
        found[value] = (day - date(1970, 1, 1)).days * 86_400 + seconds
        if not has_year:
            yearless.add(value)
    seconds_since = column.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.Int64)
    return WrittenDates((seconds_since * 1_000_000).cast(pl.Datetime("us")), int(column.is_in(list(yearless)).sum()))


def _plain(value: str) -> str:
    """Text without marks, in one case, with the digits of its script as they are."""
    text = unicodedata.normalize("NFKC", value).casefold()
    return " ".join("".join(one for one in text if unicodedata.category(one) != "Cf").split())


def _written(value: str, latest: date) -> tuple[date, int, bool] | None:
    """The day, the seconds of its clock, and whether the text names a year."""
    text = _plain(value)
    seconds = 0
    clock = re.search(
        r"[\s,](?:um |at |à )?[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2})?(?:\s*[ap]\.?m\.?)?|\s*[ap]\.?m\.?)(?: uhr)?$", text
    )
    if clock is not None:
        found = _clock(clock[0].strip(" ,"))
        if found is None:
            return None
        text, seconds = text[: clock.start()].rstrip(" ,"), found
    text = _without_weekday(text)
    match = _VIETNAMESE.fullmatch(text)
    if match is not None:
        month: int | None = int(match[2])
        day, year = int(match[1]), match[3]
    elif (match := _DAY_FIRST.fullmatch(text)) is not None and _month_key(match[2]) in _months():
        month, day, year = _months()[_month_key(match[2])], int(match[1]), match[3]
    elif (match := _MONTH_FIRST.fullmatch(text)) is not None:
        month, day, year = _months().get(_month_key(match[1])), int(match[2]), match[3]
    else:
        return None
    if month is None or not 1 <= month <= 12:
        return None
    return _dated(month, day, year, latest, seconds)


def _dated(month: int, day: int, year: str | None, latest: date, seconds: int) -> tuple[date, int, bool] | None:
    """The day in its year; without one, the last such day that is not later than a day after `latest`."""
    try:
        if year is not None:
            number = int(year.lstrip("'"))
            return date(number + 2000 if number < 70 else number + 1900 if number < 100 else number, month, day), seconds, True
        for back in range(9):  # 29 February
            try:
                found = date(latest.year + 1 - back, month, day)
            except ValueError:
                continue
            if found <= latest + timedelta(days=1):
                return found, seconds, False
    except ValueError:
        return None
    return None


def _without_weekday(text: str) -> str:
    first, blank, rest = text.partition(" ")
    if blank and first.strip(".,") in _weekdays():
        return rest.lstrip(" ,")
    last = re.search(r"[\s,]*\(?([^\W0-9_]+)\.?\)?$", text)
    if last and last[1] in _weekdays():
        return text[: last.start()]
    return text


def _month_key(text: str) -> str:
    return re.sub(r"^(?:de |of |d'|ב)", "", text.strip(" .,"))


def _names(kinds: Sequence[tuple[str, str]], what: str) -> dict[str, int]:
    """Numbers by name, from the CLDR."""
    from babel import Locale

    found: dict[str, int] = {}
    for spoken in SPOKEN_IN:
        table = getattr(Locale(spoken), what)
        for context, width in kinds:
            for number, name in table[context][width].items():
                key = _plain(name).strip(" .")
                if not key.isdigit():
                    found.setdefault(key, int(number))
    return found


@cache
def _months() -> dict[str, int]:
    kinds = [(context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    return _names(kinds, "months") | {"sept": 9, "mär": 3, "maerz": 3}


@cache
def _weekdays() -> frozenset[str]:
    kinds = [(context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated", "short")]
    return frozenset(_names(kinds, "days"))
