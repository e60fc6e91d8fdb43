"""The calendar files of a plan (iCalendar, RFC 5545): one for each circle and, in all but the largest communities, for each person."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vText

from tenfold.report.escaping import safe_file_name, single_line
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_PEOPLE", "calendar_files"]

MAX_PEOPLE = 20_000
"""With more people than this there is no file for each person; that of a circle then holds the contacts of its members as well."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MEETING_WEEKS = 12


def calendar_files(report: PlanReport) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the files. Each has an event, as a calendar without one is not valid."""
    each = report.plan.circles.height <= MAX_PEOPLE
    week: dict[object, dict[str, Event]] = {}
    for row in report.plan.this_week.iter_rows(named=True):
        contacts = week.setdefault(row["who" if each else "circle"], {})
        event = _contact_event(report, row, with_who=not each)
        contacts.setdefault(str(event["uid"]), event)
    meetings = {}
    for row in report.plan.circle_table.iter_rows(named=True):
        meetings[row["circle"]] = _meeting_event(report, row["circle"], row["address"], row["meeting"] or "")
        contacts = {} if each else week.get(row["circle"], {})
        yield (
            f"circle-{row['circle']}.ics",
            _calendar(report, f"Circle {row['address']}", [*contacts.values(), meetings[row["circle"]]]),
        )
    if not each:
        return
    for circle, person in report.plan.circles.select("circle", "person").iter_rows():
        events = [*week.get(person, {}).values(), meetings[circle]]
        yield f"person-{safe_file_name(person)}.ics", _calendar(report, report.name(person), events)


def _calendar(report: PlanReport, name: str, events: list[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Tenfold//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(single_line(f"{report.title}: {name}")))
    for event in events:
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def _event(report: PlanReport, what: str, summary: str, start: date | datetime, end: date | datetime) -> Event:
    """An event with a UID that depends on `what` alone, so that it is the same in every plan.

    SEQUENCE is the number of the plan, so that a calendar moves the event that it has to the new day and does not show it twice.
    """
    event = Event()
    event.add("uid", hashlib.sha256(f"{report.title}\n{what}".encode("utf-8", "surrogatepass")).hexdigest()[:32] + "@tenfold")
    event.add("sequence", int(report.plan.settings.get("number", 0)))
    event.add("dtstamp", report.at)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", single_line(summary))
    return event


def _meeting_event(report: PlanReport, circle: int, address: str, meeting: str) -> Event:
    """The weekly meeting of a circle at its best hour; where no hour is known, a day each week to agree on one."""
    what = f"meeting of circle {circle}"
    if meeting:
        day, clock = meeting.split()[:2]
        days = (DAYS.index(day) - report.at.weekday() - 1) % 7 + 1
        start = report.at.replace(hour=int(clock[:2]), minute=int(clock[3:5]), second=0, microsecond=0) + timedelta(days=days)
        event = _event(report, what, f"Circle {address} meets", start, start + timedelta(hours=1))
    else:
        monday = report.at.date() + timedelta(days=7 - report.at.weekday())
        event = _event(report, what, f"Circle {address} meets this week: agree on an hour", monday, monday + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("rrule", {"freq": "weekly", "count": MEETING_WEEKS})
    return event


def _contact_event(report: PlanReport, row: dict[str, object], *, with_who: bool) -> Event:
    """A contact of this week, on the day when it is due."""
    due = row["due"]
    assert isinstance(due, date)
    whom = report.name(str(row["whom"]))
    what = "\n".join(str(row[name]) for name in ("who", "whom", "purpose"))
    kind = str(row["kind"])
    summary = f"{report.name(str(row['who']))}, {kind}: {whom}" if with_who else f"{kind.capitalize()}: {whom}"
    event = _event(report, what, summary, due, due + timedelta(days=1))
    event.add("description", single_line(str(row["reason"])))
    event.add("transp", "TRANSPARENT")
    return event
