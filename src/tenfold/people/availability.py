"""Availability: from "Mon-Fri 18-22; Sat 9-12" in a person's own zone to a mask of the hours of the week in UTC."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.people.printable import printable

__all__ = ["free_hours", "time_zone"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUPS = {"daily": range(7), "weekdays": range(5), "weekends": range(5, 7), "weekend": range(5, 7)}
MAX_LENGTH = 500  # characters of one availability
DEFAULT_HOURS = (9, 21)  # free hours in the person's own zone, where only the zone is known
_PART = re.compile(r"\s*([A-Za-z][A-Za-z,\s-]*?)\s+([0-9]{1,2})(?::[0-9][0-9])?\s*[-–]\s*([0-9]{1,2})(?::[0-9][0-9])?\s*")
_ZONE = re.compile(r"[A-Za-z0-9_+\-/]{1,64}")
ALLOWED = "expected days and hours such as 'Mon-Fri 18-22; Sat 9-12' or 'daily 19-21'"


def free_hours(text: str | None, timezone: str | None, at: datetime) -> NDArray[np.bool_]:
    """Hours of the week in which a person is free.

    Parameters
    ----------
    text
        Days and hours in the person's own zone, parts separated by ``;``. Days: ``Mon``, ``Mon-Fri``, ``Mon,Wed``, ``daily``, ``weekdays``,
        ``weekends``; hours 0 to 24, past midnight as ``22-2``. None: 9 to 21 where the zone is known, else always.
    timezone
        IANA name, such as ``Europe/Lisbon``; None: UTC.
    at
        The moment whose offset from UTC holds; zones that are half an hour off are taken at the full hour before.

    Returns
    -------
    array
        (168,) True where free; hour 0 is Monday 0:00 UTC.

    Raises
    ------
    DataError
        The text or the zone cannot be understood.

    Examples
    --------
    >>> free_hours("Mon 18-20", "Asia/Tokyo", datetime(2026, 1, 1)).nonzero()[0].tolist()
    [9, 10]
    """
    if not (text or "").strip() and not (timezone or "").strip():
        return np.ones(168, np.bool_)
    if text is not None and len(text) > MAX_LENGTH:
        raise DataError(
            f"availability '{printable(text)}' holds {len(text):,} characters; {ALLOWED}. Shorten it to {MAX_LENGTH}."
        )
    local = np.zeros(168, np.bool_)
    for part in (text or "").split(";") if (text or "").strip() else [f"daily {DEFAULT_HOURS[0]}-{DEFAULT_HOURS[1]}"]:
        if not part.strip():
            continue
        match = _PART.fullmatch(part)
        if match is None:
            raise DataError(f"availability '{printable(text)}' cannot be understood; {ALLOWED}.")
        first, last = int(match[2]), int(match[3])
        if first > 24 or last > 24 or first == last:
            raise DataError(f"availability '{printable(text)}': hours {first}-{last} are none; {ALLOWED}.")
        length = (last - first) % 24 or 24
        for day in _days(match[1], text):
            local[(day * 24 + first + np.arange(length)) % 168] = True
    moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    offset = moment.astimezone(time_zone(timezone)).utcoffset() if (timezone or "").strip() else None
    hours = 0 if offset is None else int(offset.total_seconds() // 3600)
    return np.roll(local, -hours)


def time_zone(name: str | None) -> ZoneInfo:
    """The time zone of that name."""
    text = (name or "").strip()
    try:
        if not _ZONE.fullmatch(text):
            raise ValueError
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(text[:64], available_timezones(), n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise DataError(f"timezone '{printable(text)}' is none; expected an IANA name such as Europe/Lisbon.{hint}") from None


def _days(words: str, text: str | None) -> list[int]:
    """Numbers of the days, from Monday."""
    found: list[int] = []
    for word in words.lower().replace(" ", "").split(","):
        if word in GROUPS:
            found += GROUPS[word]
            continue
        ends = [DAYS.index(end[:3]) if end[:3] in DAYS else -1 for end in word.split("-")]
        if -1 in ends or len(ends) > 2:
            raise DataError(f"availability '{printable(text)}': '{printable(word)}' names no day; {ALLOWED}.")
        found += [(ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1)]
    return found
