"""Words of the pages: numbers, days and plurals, the same whatever the locale of the machine."""

from __future__ import annotations

from datetime import date

__all__ = ["format_count", "format_day", "format_long_day", "pluralise"]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def format_day(when: date) -> str:
    """A day without its year, for days of the coming weeks.

    Examples
    --------
    >>> format_day(date(2026, 11, 25))
    'Wed 25 Nov'
    """
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1][:3]}"


def format_long_day(when: date) -> str:
    """A day with its year; the month is a word, so that it is not read as the day.

    Examples
    --------
    >>> format_long_day(date(2026, 3, 4))
    '4 March 2026'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def format_count(number: float) -> str:
    """A whole number with commas between the thousands.

    Examples
    --------
    >>> format_count(12345.6)
    '12,346'
    """
    return f"{number:,.0f}"


def pluralise(number: int, one: str, more: str = "") -> str:
    """A number with its noun in the singular or plural.

    Examples
    --------
    >>> pluralise(1, "contact"), pluralise(2000, "person", "people")
    ('1 contact', '2,000 people')
    """
    return f"{format_count(number)} {one if number == 1 else more or one + 's'}"
