"""Calendars (iCalendar): past gatherings, with those who accepted. An invitation that was not accepted is no attendance."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.source_table import Source, SourceTable

__all__ = ["CALENDAR"]

MAX_OCCURRENCES, MAX_BYTES = 1000, 64 << 20


def recognises_calendar(raw: RawFile) -> bool:
    """Whether a text begins as a calendar."""
    return raw.data[:200].lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(b"BEGIN:VCALENDAR")


def read_calendar(raw: RawFile, context: ReadContext) -> list[SourceTable]:
    """The attendance of the gatherings up to now, and everybody who was invited."""
    from icalendar import Calendar

    name = printable(raw.path.name)
    if len(raw.data) > MAX_BYTES:
        raise DataError(
            f"{name}: holds {len(raw.data) >> 20} MiB; calendars up to {MAX_BYTES >> 20} MiB are read. Export fewer years."
        )
    text, used = decode_text(raw, context.encoding)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{name}: is no whole calendar ({printable(error, 80)}); expected iCalendar. Export it again.") from None
    rows: list[tuple[str, datetime, str, float | None, str]] = []
    named: dict[str, tuple[str, str | None]] = {}
    skipped: dict[str, int] = {}
    for event in events:
        found: list[tuple[str, datetime, str, float | None, str]] = []
        try:
            _read_event(event, context, found, named, skipped)
        except (ValueError, TypeError, AttributeError, OverflowError):
            skipped["damaged events"] = skipped.get("damaged events", 0) + 1
            continue
        rows += found
    if not rows:
        why = "; ".join(f"{count} {reason}" for reason, count in skipped.items()) or "no event has people"
        raise DataError(
            f"{name}: is a calendar without people at past events ({why}); expected ATTENDEE lines. Import a list of attendance."
        )
    text_type = pl.String()
    schema: dict[str, pl.DataType] = {"event": text_type, "start": pl.Datetime("us", "UTC"), "person": text_type}
    schema |= {"minutes": pl.Float64(), "status": text_type}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    people = pl.DataFrame(
        [(label, *said) for label, said in named.items()],
        schema={"label": pl.String, "name": pl.String, "email": pl.String},
        orient="row",
    )
    mapping = {"event": "SUMMARY", "start": "DTSTART", "person": "ATTENDEE", "minutes": "DTEND", "status": "PARTSTAT"}
    guesses = ["who accepted is taken to have come"]
    return [SourceTable("attendance", frame, mapping, people, skipped=skipped, guesses=guesses, encoding=used.upper())]


def _read_event(
    event: Any,
    context: ReadContext,
    rows: list[tuple[str, datetime, str, float | None, str]],
    named: dict[str, tuple[str, str | None]],
    skipped: dict[str, int],
) -> None:
    """The rows of one event."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        skipped["cancelled events"] = skipped.get("cancelled events", 0) + 1
        return
    start, end = _moment(event, "DTSTART", context), _moment(event, "DTEND", context)
    attendees = [one for one in _listed(event.get("ATTENDEE")) if _parameter(one, "CUTYPE") not in ("ROOM", "RESOURCE", "GROUP")]
    organizers = _listed(event.get("ORGANIZER"))
    if start is None or not attendees:
        skipped["events without people or time"] = skipped.get("events without people or time", 0) + 1
        return
    starts = [one for one in _occurrences(event, start) if one <= context.now]
    if not starts:
        skipped["events to come"] = skipped.get("events to come", 0) + 1
    minutes = (end - start).total_seconds() / 60 if end is not None and end >= start else None
    title = " ".join(str(event.get("SUMMARY", "")).split())[:200] or "event"
    statuses = {_label(one): _parameter(one, "PARTSTAT") or "NEEDS-ACTION" for one in attendees}
    for one in organizers:
        if _label(one) in statuses or _parameter(one, "CN"):
            statuses[_label(one)] = "ORGANIZER"
    for one in (*attendees, *organizers):
        named.setdefault(_label(one), (_label(one), _email(one)))
    rows += [(title, when, label, minutes, status) for when in starts for label, status in statuses.items() if label]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _parameter(one: Any, key: str) -> str:
    return str(getattr(one, "params", {}).get(key, "")).strip().strip('"')


def _email(one: Any) -> str | None:
    return re.sub(r"^mailto:", "", str(one), flags=re.IGNORECASE).strip() or None


def _label(one: Any) -> str:
    name = _parameter(one, "CN")
    return name if name and "@" not in name else _email(one) or ""


def _moment(event: Any, key: str, context: ReadContext) -> datetime | None:
    """A time of an event in UTC; a day is its midnight, a time without a zone is in the one that is given."""
    value = getattr(event.get(key), "dt", None)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=context.zone or UTC)).astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None


def _occurrences(event: Any, start: datetime) -> Iterable[datetime]:
    """When an event takes place: once, or as its rule says, in the zone in which it is written."""
    rule = event.get("RRULE")
    if rule is None or isinstance(rule, list):
        return [start]
    from dateutil.rrule import rrulestr

    local = event.get("DTSTART").dt
    if not isinstance(local, datetime):
        local = datetime(local.year, local.month, local.day, tzinfo=UTC)
    excluded = {one.dt for listed in _listed(event.get("EXDATE")) for one in listed.dts}
    try:
        text = re.sub(
            r"UNTIL=([0-9]{8})(?:T[0-9]{6}Z?)?",
            r"UNTIL=\1T235959Z" if local.tzinfo else r"UNTIL=\1T235959",
            rule.to_ical().decode(),
        )
        found: list[datetime] = []
        for when in rrulestr(text, dtstart=local):
            if len(found) >= MAX_OCCURRENCES or when > datetime.now(when.tzinfo) + timedelta(days=1):
                break
            if when not in excluded:
                found.append((when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC))
        return found
    except (ValueError, OverflowError, TypeError):
        return [start]


CALENDAR = Source("calendar", "calendar (iCalendar)", recognises_calendar, read_calendar)
