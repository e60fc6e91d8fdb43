"""The calendar files of a plan (iCalendar, RFC 5545): one for each circle and, in all but the largest communities, for each person.

What was announced keeps its UID from plan to plan, and its SEQUENCE rises only when it changes; what is planned no longer is cancelled. A
weekly meeting is at the same local hour all year, in the zone of its circle. There are no private words: no reason, no standing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import polars as pl
from icalendar import Calendar, Event, Timezone, vText

from tenfold.report.escaping import readable_file_name, single_line
from tenfold.report.plan.announcements import Announced, Entry, announce
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_PEOPLE", "announcements", "calendar_files"]

MAX_PEOPLE = 20_000
"""With more people than this there is no file for each person; that of a circle then holds the contacts of its members as well."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SERIES, EXTEND = timedelta(weeks=12), timedelta(weeks=4)
"""How long a series of meetings is, and with how much left it is made longer."""


def announcements(report: PlanReport, previous: pl.DataFrame | None) -> pl.DataFrame:
    """What the calendars of this plan say, as the table `announced` that the next plan goes on from."""
    known = {} if previous is None or previous.is_empty() else {row["key"]: row for row in previous.iter_rows(named=True)}
    return announce(_entries(report, known), known, report)


def calendar_files(report: PlanReport) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the files. Each has an event, as a calendar without one is not valid."""
    each = report.plan.circles.height <= MAX_PEOPLE
    table = report.announced if report.announced is not None else announcements(report, None)
    meetings: dict[int, bytes] = {}
    zones: dict[int, str | None] = {}
    contacts: dict[object, list[bytes]] = {}
    for row in table.iter_rows(named=True):
        announced = Announced.of(row)
        data = _event(report, announced, with_who=not each)
        if announced.is_meeting:
            meetings[announced.circle], zones[announced.circle] = data, announced.zone
        else:
            contacts.setdefault(announced.who if each else announced.circle, []).append(data)
    called = dict(report.plan.circle_table.select("circle", "name").iter_rows())
    for circle, name in called.items():
        own = [] if each else contacts.get(circle, [])
        file = f"circle-{circle}-{readable_file_name(name)}.ics"
        yield file, _calendar(report, name, zones[circle], [*own, meetings[circle]])
    if not each:
        return
    for circle, person in report.plan.circles.select("circle", "person").iter_rows():
        file = f"person-{readable_file_name(report.name(person))}-{_hash(person)[:6]}.ics"
        yield file, _calendar(report, report.name(person), zones[circle], [*contacts.get(person, []), meetings[circle]])


def _entries(report: PlanReport, known: dict[str, dict[str, object]]) -> Iterator[Entry]:
    """What is to be in the calendars: the meetings, and the contacts of the week."""
    for row in report.plan.circle_table.iter_rows(named=True):
        yield _meeting(report, row["circle"], row["name"], row["meeting"] or "", known.get(f"meeting\n{row['circle']}"))
    seen: set[str] = set()
    for row in report.plan.this_week.iter_rows(named=True):
        key = "\n".join(("contact", str(row["who"]), str(row["whom"]), str(row["purpose"])))
        if key not in seen:
            seen.add(key)
            summary = f"{str(row['kind']).capitalize()}: {report.name(row['whom'])}"
            yield Entry(key, row["circle"], row["who"], single_line(summary), row["due"].isoformat(), None, "")


def _meeting(report: PlanReport, circle: int, name: str, meeting: str, before: dict[str, object] | None) -> Entry:
    """The weekly meeting of a circle at its hour; where none is known, a day each week to agree on one.

    A series at the same hour as before goes on.
    """
    summary, key = f"{name} meets", f"meeting\n{circle}"
    hour = _hour(meeting)
    if hour is None:
        monday = report.at.date() + timedelta(days=7 - report.at.weekday())
        start, zone, summary = monday.isoformat(), None, f"{name} meets this week: agree on an hour"
    else:
        weekday, clock, zone = hour
        local = report.at.astimezone(ZoneInfo(zone))
        days = (weekday - local.weekday() - 1) % 7 + 1
        start = f"{local.date() + timedelta(days=days)}T{clock}"
    until = (report.at + SERIES).date()
    if before is not None and before["zone"] == zone and _same_hour(str(before["start"]), start):
        start, last = str(before["start"]), date.fromisoformat(str(before["until"]))
        until = last if last - report.at.date() >= EXTEND else until
    return Entry(key, circle, None, single_line(summary), start, zone, until.isoformat())


def _hour(meeting: str) -> tuple[int, str, str] | None:
    """The weekday, the clock and the zone of a meeting such as "Tue 19:30 Europe/Berlin"; None if it is none."""
    parts = meeting.split()
    if len(parts) < 2 or parts[0][:3].capitalize() not in DAYS:
        return None
    zone = parts[2] if len(parts) > 2 else "UTC"
    try:
        clock = datetime.strptime(parts[1], "%H:%M").strftime("%H:%M")
        ZoneInfo(zone)
    except (ValueError, OSError):
        return None
    return DAYS.index(parts[0][:3].capitalize()), clock, zone


def _same_hour(one: str, other: str) -> bool:
    """Whether two starts are at the same hour of the week."""
    return one[10:] == other[10:] and datetime.fromisoformat(one).weekday() == datetime.fromisoformat(other).weekday()


def _event(report: PlanReport, announced: Announced, *, with_who: bool) -> bytes:
    """An event as it stands in the files."""
    event = Event()
    event.add("uid", announced.uid)
    event.add("sequence", announced.sequence)
    event.add("dtstamp", report.at)
    summary = announced.summary
    if with_who and announced.who is not None:
        summary = single_line(f"{report.name(announced.who)}, {summary[0].lower()}{summary[1:]}")
    event.add("summary", summary)
    if announced.zone is None:
        first = date.fromisoformat(announced.start)
        event.add("dtstart", first)
        event.add("dtend", first + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        start = datetime.fromisoformat(announced.start).replace(
            tzinfo=UTC if announced.zone == "UTC" else ZoneInfo(announced.zone)
        )
        event.add("dtstart", start)
        event.add("dtend", start + timedelta(hours=1))
    if announced.is_meeting:
        last = date.fromisoformat(announced.until)
        until = last if announced.zone is None else datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=UTC)
        event.add("rrule", {"freq": "weekly", "until": until})
    if announced.cancelled:
        event.add("status", "CANCELLED")
    data: bytes = event.to_ical()
    return data


def _calendar(report: PlanReport, name: str, zone: str | None, events: list[bytes]) -> bytes:
    """A calendar of events, with the zone that they name."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tenfold//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(single_line(f"{report.title}: {name}")))
    head: bytes = calendar.to_ical()
    begin, end = head.rsplit(b"END:VCALENDAR", 1)
    zones = b"" if zone in (None, "UTC") else _zone(str(zone), report.at.year)
    return begin + zones + b"".join(events) + b"END:VCALENDAR" + end


@cache
def _zone(name: str, year: int) -> bytes:
    """The rules of a zone over some years, as VTIMEZONE."""
    data: bytes = Timezone.from_tzid(name, first_date=date(year - 1, 1, 1), last_date=date(year + 3, 1, 1)).to_ical()
    return data


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
