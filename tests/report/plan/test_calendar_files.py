"""The calendar files."""

import dataclasses
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from icalendar import Calendar

from plan_factory import AT, make_report
from tenfold.report.escaping import safe_file_name, single_line
from tenfold.report.plan.calendar_files import calendar_files


@pytest.fixture(scope="module")
def calendars(outputs) -> dict[str, Calendar]:
    return {path.name: Calendar.from_ical(path.read_bytes()) for path in (outputs / "calendar").iterdir()}


@pytest.fixture(scope="module")
def made_up_calendars(made_up) -> dict[str, bytes]:
    return dict(calendar_files(made_up))


def test_a_calendar_for_each_circle_and_person(report, calendars):
    assert len(calendars) == report.plan.circle_table.height + report.plan.circles.height
    week = report.plan.this_week
    for who, whom, reason, due in week.select("who", "whom", "reason", "due").head(20).iter_rows():
        events = calendars[f"person-{safe_file_name(who)}.ics"].walk("VEVENT")
        mine = [
            event
            for event in events
            if str(event["SUMMARY"]).endswith(report.name(whom)) and str(event.get("DESCRIPTION")) == reason
        ]
        assert [event["DTSTART"].dt for event in mine] == [due]
    meeting = report.plan.circle_table.filter(pl.col("meeting") != "").row(0, named=True)
    event = calendars[f"circle-{meeting['circle']}.ics"].walk("VEVENT")[0]
    start = event["DTSTART"].dt
    assert f"{start:%a %H}:00 UTC" == meeting["meeting"]
    assert timedelta(0) < start - report.at <= timedelta(days=8)
    assert event["RRULE"]["COUNT"] == [12]


def test_in_a_large_community_a_circle_has_the_contacts_of_its_members(report, monkeypatch):
    monkeypatch.setattr("tenfold.report.plan.calendar_files.MAX_PEOPLE", report.plan.circles.height - 1)
    found = {file: Calendar.from_ical(data).walk("VEVENT") for file, data in calendar_files(report)}
    assert set(found) == {f"circle-{number}.ics" for number in report.plan.circle_table["circle"]}
    week = report.plan.this_week
    for circle in report.plan.circle_table["circle"]:
        contacts = week.filter(circle=circle).select("who", "whom", "purpose").unique()
        assert len(found[f"circle-{circle}.ics"]) == contacts.height + 1
    one = week.row(0, named=True)
    told = [str(event["SUMMARY"]) for event in found[f"circle-{one['circle']}.ics"]]
    wanted = single_line(f"{report.name(one['who'])}, {one['kind']}: {report.name(one['whom'])}")
    assert wanted in told, (wanted, told)


def test_uids_are_stable_and_the_sequence_rises(report, calendars):
    events = [event for calendar in calendars.values() for event in calendar.walk("VEVENT")]
    by_uid = {str(event["UID"]): event for event in events}
    assert all(int(event["SEQUENCE"]) == 3 for event in events)
    later = dataclasses.replace(report, plan=dataclasses.replace(report.plan, settings=report.plan.settings | {"number": 4}))
    again = [event for _, data in calendar_files(later) for event in Calendar.from_ical(data).walk("VEVENT")]
    assert {str(event["UID"]) for event in again} == set(by_uid)
    assert all(int(event["SEQUENCE"]) == 4 for event in again)
    assert not any("ATTENDEE" in event or "ORGANIZER" in event for event in events)


def test_calendars_hold_names_that_break_lines(made_up, made_up_calendars):
    assert len(made_up_calendars) == 44
    for name, data in made_up_calendars.items():
        calendar = Calendar.from_ical(data)
        events = calendar.walk("VEVENT")
        assert events, f"{name}: a calendar without an event is not valid"
        assert len({str(event["UID"]) for event in events}) == len(events)
        assert all(event["DTSTAMP"].dt == AT for event in events)
        assert max(len(line) for line in data.split(b"\r\n")) <= 75
    broken = Calendar.from_ical(made_up_calendars[f"person-{safe_file_name('p00006')}.ics"])
    assert str(broken["X-WR-CALNAME"]) == r"Spring <retreat>: Line break\, comma\; semicolon"


def test_meetings_with_and_without_an_hour(made_up_calendars):
    known = Calendar.from_ical(made_up_calendars["circle-2.ics"]).walk("VEVENT")[0]
    assert known["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 3, 18)
    unknown = Calendar.from_ical(made_up_calendars["circle-1.ics"]).walk("VEVENT")[0]
    assert unknown["DTSTART"].dt == date(2026, 3, 9)
    assert "agree on an hour" in str(unknown["SUMMARY"])
    for event in (known, unknown):
        assert event["RRULE"]["FREQ"] == ["WEEKLY"]
        assert event["RRULE"]["COUNT"] == [12]


def test_a_contact_that_moves_to_another_day_keeps_its_uid(made_up, made_up_calendars):
    later = made_up.plan.this_week.with_columns(pl.col("due") + pl.duration(days=7))
    moved = dict(calendar_files(make_report(this_week=later)))
    name = f"person-{safe_file_name('p00000')}.ics"
    before, after = (
        {str(event["UID"]): event["DTSTART"].dt for event in Calendar.from_ical(data).walk("VEVENT")}
        for data in (made_up_calendars[name], moved[name])
    )
    assert before.keys() == after.keys()
    assert sum(before[uid] != after[uid] for uid in before) == 5
