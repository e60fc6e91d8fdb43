"""Time zones under the names that files have: of the IANA, of Windows, and as an offset from UTC."""

from __future__ import annotations

import re

from tenfold.people.availability import time_zone

__all__ = ["zone_name"]

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+\-−])\s*([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)
_UNEVEN = {
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+9:30": "Australia/Darwin",
}
"""Zones that never change their clocks, for offsets that the IANA has no name for."""


def zone_name(text: str) -> str:
    """The IANA name of a zone; raises `DataError` where there is none.

    Examples
    --------
    >>> zone_name("W. Europe Standard Time"), zone_name("UTC+7")
    ('Europe/Berlin', 'Etc/GMT-7')
    """
    from babel.core import get_global

    stripped = text.strip()
    windows = get_global("windows_zone_mapping")
    if stripped in windows:
        return str(windows[stripped])
    match = _OFFSET.fullmatch(stripped)
    if match is not None:
        hours, minutes = int(match[2]), int(match[3] or 0)
        sign = "+" if match[1] == "+" else "-"
        if minutes == 0 and hours <= (14 if sign == "+" else 12):
            return "Etc/UTC" if hours == 0 else f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
        uneven = _UNEVEN.get(f"{sign}{hours}:{minutes:02}")
        if uneven is not None:
            return uneven
    return time_zone(stripped).key
