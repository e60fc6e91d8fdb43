"""Headers of registers: the day of each column, alone or beside the name of a gathering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from tenfold.people.timestamps import parse_times

__all__ = ["Day", "register_days"]

MAX_LENGTH = 80
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})\s*([./-])\s*([0-9]{1,2})\.?")
_WITHIN = (
    re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{2,4}|(?:19|20)[0-9]{6}"),
    re.compile(r"[0-9]{1,2}\.?(?:st|nd|rd|th)?[ -][^\W0-9_]{3,}\.?(?:,? [0-9]{4})?"),
    re.compile(r"[^\W0-9_]{3,}\.? [0-9]{1,2}(?:st|nd|rd|th)?(?:,? [0-9]{4})?"),
)
"""Dates within a header, the surest form first."""

_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    """A column of a register: its header, the text of its date, and the name of the gathering where the header has one.

    `person`: the header names a person instead, and the days are those of the rows.
    """

    header: str
    date: str
    event: str | None = None
    person: bool = False


def register_days(headers: Sequence[str], now: datetime) -> tuple[Day, ...]:
    """The headers that name a day."""
    texts = [header for header in headers if len(header) <= MAX_LENGTH and any(one.isdigit() for one in header)]
    if not texts:
        return ()
    short = [match for match in map(_DAY_AND_MONTH.fullmatch, texts) if match]
    if len(short) == len(texts):
        return tuple(Day(text, dated) for text, dated in zip(texts, _with_years(short, now), strict=True))
    whole = _are_dates(texts, now)
    found = [Day(text, text) for text, is_date in zip(texts, whole, strict=True) if is_date]
    rest = [text for text, is_date in zip(texts, whole, strict=True) if not is_date]
    parts = [(text, match) for text in rest if (match := next(filter(None, (form.search(text) for form in _WITHIN)), None))]
    dates = _are_dates([match[0] for _, match in parts], now)
    for (text, match), is_date in zip(parts, dates, strict=True):
        event = re.sub(r"\s+", " ", text[: match.start()] + " " + text[match.end() :]).strip(" ()[],;:–-\n")
        if is_date:
            found.append(Day(text, match[0], event or None))
    return tuple(sorted(found, key=lambda day: texts.index(day.header)))


def _are_dates(texts: Sequence[str], now: datetime) -> list[bool]:
    """Whether each text is a date in some order of day and month; a bare number is none, but for 20260903."""
    if not texts:
        return []
    column = pl.Series(texts, dtype=pl.String)
    found = [False] * len(texts)
    for dayfirst in (True, False):
        dated = (parse_times(column, dayfirst, latest=now).times > _EARLIEST).fill_null(False)
        found = [one or bool(is_date) for one, is_date in zip(found, dated, strict=True)]
    bare = re.compile(r"[0-9]+(?:\.[0-9]+)?")
    return [one and not (bare.fullmatch(text) and len(text) != 8) for one, text in zip(found, texts, strict=True)]


def _with_years(days: Sequence[re.Match[str]], now: datetime) -> list[str]:
    """Days and months with the year of the last such days up to now; the later columns of a register are the later days."""
    day_leads = any(int(one[1]) > 12 for one in days) or "." in days[0][2]
    found = []
    for one in days:
        day, month = (one[1], one[3]) if day_leads else (one[3], one[1])
        year = now.year
        try:
            if datetime(year, int(month), int(day), tzinfo=UTC) > now + timedelta(days=1):
                year -= 1
        except ValueError:
            pass
        found.append(f"{one[1]}{one[2]}{one[3]}{one[2]}{year}")
    return found
