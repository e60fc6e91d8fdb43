"""The plan as calendars (RFC 5545): one for each circle and each person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from tenfold.report.safe import file_name
from tenfold.report.sources import Sources

__all__ = ["calendars"]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MEETINGS = 12  # weeks of meetings that a calendar holds


def calendars(sources: Sources) -> Iterator[tuple[str, bytes]]:
    """File names and contents."""
    meetings = {}
    for row in sources.plan.circle_table.iter_rows(named=True):
        if row["meeting"]:
            meetings[row["circle"]] = _meeting(sources, row["circle"], row["address"], row["meeting"])
        events = [meetings[row["circle"]]] if row["circle"] in meetings else []
        yield f"circle-{row['circle']}.ics", _calendar(sources, f"Circle {row['address']}", events)
    week: dict[str, list[Event]] = {}
    for row in sources.plan.this_week.iter_rows(named=True):
        week.setdefault(row["who"], []).append(_contact(sources, row))
    for circle, person in sources.plan.circles.select("circle", "person").iter_rows():
        events = week.get(person, []) + ([meetings[circle]] if circle in meetings else [])
        yield f"person-{file_name(person)}.ics", _calendar(sources, sources.name(person), events)


def _calendar(sources: Sources, name: str, events: list[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Tenfold//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{sources.title}: {name}")
    for event in events:
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _event(sources: Sources, what: str, summary: str, start: date | datetime, end: date | datetime) -> Event:
    """An event whose UID is the same in every plan that asks for the same thing on the same day; SEQUENCE is the number of the plan."""
    event = Event()
    event.add("uid", hashlib.sha256(f"{sources.title}\n{what}".encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@tenfold")
    event.add("sequence", int(sources.plan.settings.get("number", 0)))
    event.add("dtstamp", sources.at)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", summary)
    return event


def _meeting(sources: Sources, circle: int, address: str, meeting: str) -> Event:
    """The circle's weekly meeting at its best hour, from the next one on."""
    day, clock = meeting.split()[:2]
    days = (DAYS.index(day) - sources.at.weekday() - 1) % 7 + 1
    start = sources.at.replace(hour=int(clock[:2]), minute=0, second=0, microsecond=0) + timedelta(days=days)
    event = _event(sources, f"meeting of circle {circle}", f"Circle {address} meets", start, start + timedelta(hours=1))
    event.add("rrule", {"freq": "weekly", "count": MEETINGS})
    return event


def _contact(sources: Sources, row: dict[str, object]) -> Event:
    """One contact of this week, on the day when it is due."""
    due = row["due"]
    assert isinstance(due, date)
    whom = sources.name(str(row["whom"]))
    what = f"{row['who']} to {row['whom']}, {row['purpose']}, {due}"
    event = _event(sources, what, f"{str(row['kind']).capitalize()}: {whom}", due, due + timedelta(days=1))
    event.add("description", str(row["reason"]))
    event.add("transp", "TRANSPARENT")
    return event
