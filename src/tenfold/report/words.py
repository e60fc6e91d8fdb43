"""Days and numbers as people read them, whatever the machine's language."""

from __future__ import annotations

from datetime import date

__all__ = ["count", "day", "long_day", "one_or_more"]

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


def day(when: date) -> str:
    """A day of this week or the next ones.

    Examples
    --------
    >>> day(date(2026, 11, 25))
    'Wed 25 Nov'
    """
    return f"{WEEKDAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1][:3]}"


def long_day(when: date) -> str:
    """A day with its year; the month is a word, so that nobody takes it for the day.

    Examples
    --------
    >>> long_day(date(2026, 3, 4))
    '4 March 2026'
    """
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def count(number: float) -> str:
    """A whole number, its thousands apart.

    Examples
    --------
    >>> count(12345.6)
    '12,346'
    """
    return f"{number:,.0f}"


def one_or_more(number: int, one: str, more: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> one_or_more(1, "contact"), one_or_more(2000, "person", "people")
    ('1 contact', '2,000 people')
    """
    return f"{count(number)} {one if number == 1 else more or one + 's'}"
