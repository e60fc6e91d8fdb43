"""Moments and days as people write them: ISO 8601, 24.12.2026, 24/12/2026, "3 December", yesterday, last Sunday, in 3 days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.people.written_dates import parse_clock, parse_written

__all__ = ["read_day", "read_moment"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPOKEN = {"today": 0, "now": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}
_NUMBERS = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_AWAY = re.compile(r"(?:in (?P<in>[0-9]{1,4}) (?P<iu>day|week)s?|(?P<ago>[0-9]{1,4}) (?P<au>day|week)s? ago)")
_CLOCK = re.compile(r"(.*?)[\s,]+(?:at )?([0-9]{1,2}(?:[:.h][0-9]{2})?\s*(?:[ap]m)?)")
EXPECTED = "a day such as 2026-12-24, 24.12.2026, 3 December, yesterday, last Sunday or in 3 days"


def read_day(text: str, name: str, now: datetime) -> date:
    """The day that is meant, in UTC; `name` is for messages, `now` what yesterday is counted from.

    Raises
    ------
    SpecError
        It is none, or could be two.

    Examples
    --------
    >>> at = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday
    >>> [str(read_day(text, "--at", at)) for text in ("yesterday", "last sunday", "24/12/2026", "next monday", "in 2 weeks")]
    ['2026-11-26', '2026-11-22', '2026-12-24', '2026-11-30', '2026-12-11']
    """
    return read_moment(text, name, now).date()


def read_moment(text: str, name: str, now: datetime) -> datetime:
    """The moment that is meant, in UTC: midnight where only a day is named.

    Raises
    ------
    SpecError
        It is none, or could be two.
    """
    try:
        return checks.moment(text, name)
    except SpecError:
        pass
    plain = " ".join(text.strip().lower().split())
    if plain == "now":
        return now
    day, clock = _day(plain, name, now), 0
    if day is None and (match := _CLOCK.fullmatch(plain)):
        day = _day(match[1], name, now)
        seconds = parse_clock(pl.Series([match[2]]))[0]
        if day is not None and seconds is None:
            raise SpecError(f"{name} is '{text[:60]}'; expected a clock such as 18:30 behind the day.")
        clock = int(seconds or 0)
    if day is None:
        raise SpecError(f"{name} is '{text[:60]}'; expected {EXPECTED}.")
    return datetime.combine(day, time(), UTC) + timedelta(seconds=clock)


def _day(plain: str, name: str, now: datetime) -> date | None:
    """The day that a text in small letters names; None if it names none."""
    today = now.date()
    if plain in SPOKEN:
        return today + timedelta(days=SPOKEN[plain])
    if match := _AWAY.fullmatch(plain):
        count, unit = (int(match["in"]), match["iu"]) if match["in"] else (-int(match["ago"]), match["au"])
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    first, _, rest = plain.rpartition(" ")
    if rest in WEEKDAYS and first in ("", "last", "next", "on", "this"):
        ahead = (WEEKDAYS.index(rest) - today.weekday()) % 7
        if first in ("next", "this"):
            return today + timedelta(days=ahead or 7)
        return today + timedelta(days=ahead - 7 if ahead or first == "last" else 0)
    if match := _NUMBERS.fullmatch(plain):
        return _from_numbers(*(int(match[k]) for k in (1, 3, 4)), dotted=match[2] == ".", name=name)
    try:
        return date.fromisoformat(plain)
    except ValueError:
        found = parse_written(pl.Series([plain]), today).dates[0]
        return None if found is None else found.date()


def _from_numbers(one: int, two: int, year: int, *, dotted: bool, name: str) -> date | None:
    """A day from two numbers and a year; which is the month has to be clear: with points the day comes first."""
    days = []
    for day, month in ((one, two),) if dotted else ((one, two), (two, one)):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    if len(set(days)) > 1:
        raise SpecError(f"{name} could be {days[0]} or {days[1]}; expected one of the two, written so.")
    return days[0] if days else None
