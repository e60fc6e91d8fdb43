"""The calendar files: local hours over the change of clocks, UIDs that stay, SEQUENCEs that rise with a change, and cancellations."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from plan_factory import AT, make_report
from tenfold.report.escaping import single_line
from tenfold.report.plan.calendar_files import announcements, calendar_files


@pytest.fixture(scope="module")
def calendars(outputs) -> dict[str, Calendar]:
    return {path.name: Calendar.from_ical(path.read_bytes()) for path in (outputs / "calendar").iterdir()}


@pytest.fixture(scope="module")
def made_up_calendars(made_up) -> dict[str, bytes]:
    return dict(calendar_files(made_up))


def events_of(files: dict[str, bytes]) -> dict[str, object]:
    """Every event by its UID."""
    return {str(event["UID"]): event for data in files.values() for event in Calendar.from_ical(data).walk("VEVENT")}


def with_meeting(text: str, at: datetime = AT):
    """A report of one circle of ten whose meeting is at that hour."""
    report = make_report(10, 10)
    table = report.plan.circle_table.with_columns(meeting=pl.lit(text))
    return dataclasses.replace(report, at=at, plan=dataclasses.replace(report.plan, circle_table=table))


def meeting_event(report, previous=None):
    table = announcements(report, previous)
    files = dict(calendar_files(dataclasses.replace(report, announced=table)))
    data = next(data for name, data in files.items() if name.startswith("circle-1-"))
    return Calendar.from_ical(data).walk("VEVENT")[-1], data, table


def test_a_calendar_for_each_circle_and_person(report, calendars):
    assert len(calendars) == report.plan.circle_table.height + report.plan.circles.height
    events = [event for calendar in calendars.values() for event in calendar.walk("VEVENT")]
    told = {(str(event["SUMMARY"]), event["DTSTART"].dt) for event in events}
    for kind, whom, due in report.plan.this_week.select("kind", "whom", "due").iter_rows():
        assert (single_line(f"{kind.capitalize()}: {report.name(whom)}"), due) in told
    reasons = set(report.plan.this_week["reason"])
    assert not any(str(event.get("DESCRIPTION", "")) for event in events)
    assert not any(reason in str(event["SUMMARY"]) for event in events for reason in reasons)
    assert not any("ATTENDEE" in event or "ORGANIZER" in event for event in events)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC"])
def test_a_meeting_is_at_the_same_local_hour_when_clocks_change(zone):
    """Seen by icalendar and, from the text alone, by dateutil: twelve weeks over the change of clocks in autumn and in spring."""
    for at in (datetime(2026, 9, 21, 9, tzinfo=UTC), datetime(2026, 2, 23, 9, tzinfo=UTC)):
        event, data, _ = meeting_event(with_meeting(f"Sat 18:00 {zone}", at))
        start = event["DTSTART"].dt
        assert timedelta(0) < start - at <= timedelta(days=8)
        assert f"{start:%a %H:%M}" == "Sat 18:00"
        text = data.decode().replace("\r\n ", "")
        rule = next(line for line in text.splitlines() if line.startswith("RRULE:FREQ=WEEKLY")).removeprefix("RRULE:")
        found = list(rrulestr(rule, dtstart=start))
        assert 11 <= len(found) <= 13
        assert {f"{one:%a %H:%M}" for one in found} == {"Sat 18:00"}
        offsets = {one.replace(tzinfo=ZoneInfo(zone)).utcoffset() for one in found}
        assert len(offsets) == (1 if zone == "UTC" else 2)
        if zone != "UTC":
            assert f"DTSTART;TZID={zone}:" in text
            rules = Calendar.from_ical(data).walk("VTIMEZONE")[0].to_tz()
            assert {
                one.replace(tzinfo=rules).utcoffset() for one in found
            } == offsets  # what a reader without a list of zones sees


def test_the_series_goes_on_and_only_a_change_raises_the_sequence():
    first, _, table = meeting_event(with_meeting("Tue 19:30 Europe/Berlin"))
    week = AT + timedelta(days=7)
    again, _, second = meeting_event(with_meeting("Tue 19:30 Europe/Berlin", week), table)
    assert (again["UID"], again["SEQUENCE"], again["DTSTART"].dt) == (first["UID"], 0, first["DTSTART"].dt)
    moved, _, third = meeting_event(with_meeting("Wed 20:00 Europe/Berlin", week + timedelta(days=7)), second)
    assert (moved["UID"], int(moved["SEQUENCE"])) == (first["UID"], 1)
    assert moved["DTSTART"].dt.weekday() == 2
    late = AT + timedelta(weeks=11)
    longer, _, _ = meeting_event(with_meeting("Wed 20:00 Europe/Berlin", late), third)
    assert int(longer["SEQUENCE"]) == 2  # the series is made longer
    assert longer["DTSTART"].dt == moved["DTSTART"].dt
    assert longer["RRULE"]["UNTIL"][0].date() == (late + timedelta(weeks=12)).date()


def test_a_contact_keeps_its_uid_and_is_cancelled_once_it_is_planned_no_longer(made_up):
    table = announcements(made_up, None)
    before = events_of(dict(calendar_files(dataclasses.replace(made_up, announced=table))))
    later = made_up.plan.this_week.with_columns(pl.col("due") + pl.duration(days=7)).tail(-1)
    gone = made_up.plan.this_week.row(0, named=True)
    report = make_report(this_week=later)
    second = announcements(report, table)
    after = events_of(dict(calendar_files(dataclasses.replace(report, announced=second))))
    assert set(before) == set(after)
    changed = {uid for uid in before if before[uid]["DTSTART"].dt != after[uid]["DTSTART"].dt}
    assert len(changed) == later.select("who", "whom", "purpose").unique().height
    assert {int(after[uid]["SEQUENCE"]) for uid in changed} == {1}
    cancelled = [event for event in after.values() if str(event.get("STATUS", "")) == "CANCELLED"]
    assert [str(event["SUMMARY"]) for event in cancelled] == [
        single_line(f"{gone['kind'].capitalize()}: {made_up.name(gone['whom'])}")
    ]
    third = events_of(dict(calendar_files(dataclasses.replace(report, announced=announcements(report, second)))))
    assert set(after) - set(third) == {str(event["UID"]) for event in cancelled}


def test_another_title_changes_no_uid(made_up):
    table = announcements(made_up, None)
    renamed = dataclasses.replace(made_up, title="Another")
    assert announcements(renamed, table)["uid"].equals(table["uid"])
    assert set(announcements(renamed, table)["sequence"]) == {0}


def test_in_a_large_community_a_circle_has_the_contacts_of_its_members(report, monkeypatch):
    monkeypatch.setattr("tenfold.report.plan.calendar_files.MAX_PEOPLE", report.plan.circles.height - 1)
    found = {file: Calendar.from_ical(data).walk("VEVENT") for file, data in calendar_files(report)}
    assert len(found) == report.plan.circle_table.height
    week = report.plan.this_week
    for circle in report.plan.circle_table["circle"]:
        contacts = week.filter(circle=circle).select("who", "whom", "purpose").unique()
        file = next(name for name in found if name.startswith(f"circle-{circle}-"))
        assert len(found[file]) == contacts.height + 1
    one = week.row(0, named=True)
    file = next(name for name in found if name.startswith(f"circle-{one['circle']}-"))
    wanted = single_line(f"{report.name(one['who'])}, {one['kind']}: {report.name(one['whom'])}")
    assert wanted in [str(event["SUMMARY"]) for event in found[file]]


def test_calendars_hold_names_that_break_lines(made_up_calendars):
    assert len(made_up_calendars) == 44
    for name, data in made_up_calendars.items():
        events = Calendar.from_ical(data).walk("VEVENT")
        assert events, f"{name}: a calendar without an event is not valid"
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert all(event["DTSTAMP"].dt == AT for event in events)
        assert max(len(line) for line in data.split(b"\r\n")) <= 75
        assert not {"/", "\\", "\n", ":"} & set(name)
    broken = next(data for name, data in made_up_calendars.items() if name.startswith("person-line-break-comma-semicolon-"))
    assert str(Calendar.from_ical(broken)["X-WR-CALNAME"]) == r"Spring <retreat>: Line break\, comma\; semicolon"
    assert any(name.startswith("person-مريم-عبد-الله-") for name in made_up_calendars)


def test_meetings_with_and_without_an_hour(made_up_calendars):
    known, unknown = (
        Calendar.from_ical(next(data for name, data in made_up_calendars.items() if name.startswith(f"circle-{circle}-")))
        for circle in (2, 1)
    )
    known, unknown = known.walk("VEVENT")[0], unknown.walk("VEVENT")[0]
    assert known["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 3, 18)
    assert unknown["DTSTART"].dt == date(2026, 3, 9)
    assert "agree on an hour" in str(unknown["SUMMARY"])
    for event in (known, unknown):
        assert event["RRULE"]["FREQ"] == ["WEEKLY"]
        assert str(event["RRULE"]["UNTIL"][0])[:10] == "2026-05-25"
