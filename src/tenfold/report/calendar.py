"""The plan as calendars (RFC 5545): one for each circle and each person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vText

from tenfold.report.safe import file_name, one_line
from tenfold.report.sources import Sources

__all__ = ["calendars"]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MEETINGS = 12  # weeks of meetings that a calendar holds


def calendars(sources: Sources) -> Iterator[tuple[str, bytes]]:
    """File names and contents; none is empty, for a calendar without an event is not valid."""
    meetings = {}
    for row in sources.plan.circle_table.iter_rows(named=True):
        meetings[row["circle"]] = _meeting(sources, row["circle"], row["address"], row["meeting"] or "")
        yield f"circle-{row['circle']}.ics", _calendar(sources, f"Circle {row['address']}", [meetings[row["circle"]]])
    week: dict[str, dict[str, Event]] = {}
    for row in sources.plan.this_week.iter_rows(named=True):
        mine = week.setdefault(row["who"], {})
        event = _contact(sources, row)
        mine.setdefault(str(event["uid"]), event)
    for circle, person in sources.plan.circles.select("circle", "person").iter_rows():
        events = [*week.get(person, {}).values(), meetings[circle]]
        yield f"person-{file_name(person)}.ics", _calendar(sources, sources.name(person), events)


def _calendar(sources: Sources, name: str, events: list[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Tenfold//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(one_line(f"{sources.title}: {name}")))
    for event in events:
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _event(sources: Sources, what: str, summary: str, start: date | datetime, end: date | datetime) -> Event:
    """An event whose UID is the same in every plan that asks for the same thing.

    SEQUENCE is the number of the plan, so that a calendar moves what it has to the new day and does not show it twice.
    """
    event = Event()
    event.add("uid", hashlib.sha256(f"{sources.title}\n{what}".encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@tenfold")
    event.add("sequence", int(sources.plan.settings.get("number", 0)))
    event.add("dtstamp", sources.at)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", one_line(summary))
    return event


def _meeting(sources: Sources, circle: int, address: str, meeting: str) -> Event:
    """The circle's weekly meeting at its best hour, from the next one on; where no hour is known, a day in the week to agree on one."""
    what = f"meeting of circle {circle}"
    if meeting:
        day, clock = meeting.split()[:2]
        days = (DAYS.index(day) - sources.at.weekday() - 1) % 7 + 1
        start = sources.at.replace(hour=int(clock[:2]), minute=int(clock[3:5]), second=0, microsecond=0) + timedelta(days=days)
        event = _event(sources, what, f"Circle {address} meets", start, start + timedelta(hours=1))
    else:
        monday = sources.at.date() + timedelta(days=7 - sources.at.weekday())
        event = _event(sources, what, f"Circle {address} meets this week: agree on an hour", monday, monday + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("rrule", {"freq": "weekly", "count": MEETINGS})
    return event


def _contact(sources: Sources, row: dict[str, object]) -> Event:
    """One contact of this week, on the day when it is due."""
    due = row["due"]
    assert isinstance(due, date)
    whom = sources.name(str(row["whom"]))
    what = "\n".join(str(row[name]) for name in ("who", "whom", "purpose"))
    event = _event(sources, what, f"{str(row['kind']).capitalize()}: {whom}", due, due + timedelta(days=1))
    event.add("description", one_line(str(row["reason"])))
    event.add("transp", "TRANSPARENT")
    return event
