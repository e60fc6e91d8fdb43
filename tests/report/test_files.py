"""The workbook, the CSV files and the calendars."""

import csv
import dataclasses
import io
import re
import zipfile
from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from tenfold.errors import StoreError
from tenfold.report.calendar import calendars
from tenfold.report.outputs import write_outputs
from tenfold.report.safe import file_name, neutral


def rows_of(path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    return list(csv.DictReader(io.StringIO(data[3:].decode("utf-8"), newline="")))


def test_csv_files_hold_the_tables(sources, outputs):
    for name, frame in sources.tables.items():
        assert len(rows_of(outputs / "csv" / f"{name}.csv")) == frame.height, name
    circles = rows_of(outputs / "csv" / "circles.csv")
    assert {row["person_name"] for row in circles} >= {"<script>alert(1)</script>", "מרים בת־דוד"}


def test_no_cell_is_a_formula(outputs):
    cells = [cell for path in (outputs / "csv").glob("*.csv") for row in rows_of(path) for cell in row.values()]
    texts = [cell for cell in cells if cell and not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]
    assert not [cell for cell in texts if cell[0] in "=+-@\t\r"]
    assert '\'=HYPERLINK("http://evil.example")' in texts
    assert "'@SUM(A1)" in texts
    assert "'+49 151" in texts


@given(st.text(max_size=30))
def test_neutral_only_adds_an_apostrophe(text):
    found = neutral(pl.DataFrame({text or "x": [text], "n": [-1.5]}) if text != "n" else pl.DataFrame({"m": [text], "n": [-1.5]}))
    value = found.row(0)[0]
    assert value in (text, "'" + text)
    assert (value != text) == (text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != "")
    assert found.row(0)[-1] == -1.5
    assert not found.columns[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_workbook(sources, outputs):
    path = outputs / "plan.xlsx"
    week = pl.read_excel(path, sheet_name="this week")
    assert week.height == sources.plan.this_week.height
    assert week["due"].dtype in (pl.Date, pl.Datetime)
    assert set(pl.read_excel(path, sheet_name="standing")["person name"]) >= {"<script>alert(1)</script>"}
    with zipfile.ZipFile(path) as packed:
        sheets = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(sources.tables)
    assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
    assert all("<pane " in sheet for sheet in sheets)


@pytest.fixture(scope="module")
def dates(outputs) -> dict[str, Calendar]:
    return {path.name: Calendar.from_ical(path.read_bytes()) for path in (outputs / "calendar").iterdir()}


def test_a_calendar_for_each_circle_and_person(sources, dates):
    assert len(dates) == sources.plan.circle_table.height + sources.plan.circles.height
    week = sources.plan.this_week
    for who, whom, reason, due in week.select("who", "whom", "reason", "due").head(20).iter_rows():
        events = dates[f"person-{file_name(who)}.ics"].walk("VEVENT")
        mine = [
            event
            for event in events
            if str(event["SUMMARY"]).endswith(sources.name(whom)) and str(event.get("DESCRIPTION")) == reason
        ]
        assert [event["DTSTART"].dt for event in mine] == [due]
    meeting = sources.plan.circle_table.filter(pl.col("meeting") != "").row(0, named=True)
    event = dates[f"circle-{meeting['circle']}.ics"].walk("VEVENT")[0]
    start = event["DTSTART"].dt
    assert f"{start:%a %H}:00 UTC" == meeting["meeting"]
    assert timedelta(0) < start - sources.at <= timedelta(days=8)
    assert event["RRULE"]["COUNT"] == [12]


def test_uids_are_stable_and_the_sequence_rises(sources, dates):
    events = [event for calendar in dates.values() for event in calendar.walk("VEVENT")]
    by_uid = {str(event["UID"]): event for event in events}
    assert all(int(event["SEQUENCE"]) == 3 for event in events)
    later = dataclasses.replace(sources, plan=dataclasses.replace(sources.plan, settings=sources.plan.settings | {"number": 4}))
    again = [event for _, data in calendars(later) for event in Calendar.from_ical(data).walk("VEVENT")]
    assert {str(event["UID"]) for event in again} == set(by_uid)
    assert all(int(event["SEQUENCE"]) == 4 for event in again)
    assert not any("ATTENDEE" in event or "ORGANIZER" in event for event in events)


def test_file_names_are_safe(sources, outputs):
    names = [path.name for path in (outputs / "calendar").iterdir()]
    assert all(re.fullmatch(r"(circle-\d+|person-[a-z0-9-]+)\.ics", name) and len(name) < 70 for name in names)
    assert {path.name for path in outputs.iterdir()} == {"plan.html", "plan.xlsx", "csv", "calendar"}


@given(st.text(max_size=400), st.text(max_size=400))
def test_file_names_differ_as_the_texts_do(one, other):
    assert re.fullmatch(r"[a-z0-9-]{1,49}", file_name(one))
    assert (file_name(one) == file_name(other)) == (one == other)


def test_old_calendars_go_and_other_files_stay(sources, tmp_path):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "circle-999.ics").write_text("old")
    (tmp_path / "calendar" / "mine.ics").write_text("mine")
    write_outputs(tmp_path, sources)
    assert not (tmp_path / "calendar" / "circle-999.ics").exists()
    assert (tmp_path / "calendar" / "mine.ics").read_text() == "mine"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_nothing_is_left_half_written(sources, tmp_path, monkeypatch):
    write_outputs(tmp_path, sources)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    from tenfold.report import outputs as module

    def full(path, data):
        raise StoreError(f"{path}: cannot be written (No space left on device).")

    monkeypatch.setattr(module, "write_bytes", full)
    with pytest.raises(StoreError, match="No space left"):
        write_outputs(tmp_path, dataclasses.replace(sources, title="Other"))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
