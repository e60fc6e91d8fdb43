"""Who was there, as people keep it: registers of every form, sign-ups, and words of attendance in many languages."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from tenfold.errors import DataError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


WIDE = {
    "ISO": ["2026-09-01", "2026-09-08", "2026-09-15"],
    "basic": ["20260901", "20260908", "20260915"],
    "day first": ["01/09/2026", "08/09/2026", "15/09/2026"],
    "month first": ["9/1/26", "9/8/26", "9/15/26"],
    "no year": ["1 Sep", "8 Sep", "15 Sep"],
    "German": ["01.09.", "08.09.", "15.09."],
    "weekday": ["Tue 1 Sep", "Tue 8 Sep", "Tue 15 Sep"],
}


@pytest.mark.parametrize("days", WIDE.values(), ids=WIDE)
@pytest.mark.parametrize(
    ("there", "away"),
    [("x", ""), ("1", "0"), ("✓", "✗"), ("P", "A"), ("yes", "no"), ("X", "-"), ("v", ""), ("anwesend", "fehlt")],
)
def test_a_register_with_a_column_for_each_day(read, days, there, away):
    rows = f"Ana Le,Choir,{there},{there},{away}\nBinh Vo,Choir,{there},{away},{there}\nChi Ho,,{away},{away},{away}\n"
    reading = read(f"Name,Group,{','.join(days)}\n{rows}Total,,2,1,1\n", "choir.csv")
    assert reading.what == "attendance"
    assert sorted((person, start.day) for person, start in reading.frame.select("person", "start").rows()) == [
        ("Ana Le", 1),
        ("Ana Le", 8),
        ("Binh Vo", 1),
        ("Binh Vo", 15),
    ]
    assert reading.frame["start"].dt.month().unique().to_list() == [9]
    assert reading.frame["event"].unique().to_list() == ["choir"]
    assert reading.named["name"].to_list() == ["Ana Le", "Binh Vo", "Chi Ho"]
    assert {one.there: one.rows for one in reading.understanding.statuses} == {True: 4, False: 5}


def test_a_register_whose_columns_name_gatherings_and_days(read):
    reading = read("Vorname,Nachname,Chor 3.11.2026,Probe (5.11.2026)\nAna,Le,x,\nBinh,Vo,x,x\n")
    assert sorted(reading.frame.select("event", "person").rows()) == [
        ("Chor", "Ana Le"),
        ("Chor", "Binh Vo"),
        ("Probe", "Binh Vo"),
    ]


def test_a_register_without_a_word_in_its_corner(read):
    reading = read(",2026-09-01,2026-09-08\nAna,x,\nBinh,x,x\n")
    assert sorted(reading.frame.select("person", "start").with_columns(pl.col("start").dt.day()).rows()) == [
        ("Ana", 1),
        ("Binh", 1),
        ("Binh", 8),
    ]


@pytest.mark.parametrize("header", ["Date", "Datum", "Day"])
def test_a_register_on_its_side(read, header):
    reading = read(f"{header},Ana Le,Binh Vo,Chi,Total\n2026-09-01,x,,x,2\n2026-09-08,x,x,,2\n", "choir.csv")
    assert reading.what == "attendance"
    assert "person: the columns 'Ana Le', 'Binh Vo', 'Chi' are people" in reading.understanding.guesses
    assert sorted((person, start.day) for person, start in reading.frame.select("person", "start").rows()) == [
        ("Ana Le", 1),
        ("Ana Le", 8),
        ("Binh Vo", 8),
        ("Chi", 1),
    ]


@pytest.mark.parametrize("header", ["Absent", "Abwesend", "Ausente", "Did not attend"])
def test_marks_in_a_column_that_is_called_absent(read, header):
    reading = read(f"event,start,person,{header}\nTea,2026-11-03,Ana,x\nTea,2026-11-03,Binh,\n")
    assert reading.frame["person"].to_list() == ["Binh"]
    assert reading.understanding.status_line() == f"there: {header}: (empty) 1 (a guess); not there: {header}: x 1 (a guess)"


def test_two_of_one_name_in_a_register_are_a_question(read):
    reading = read("Name,2026-09-01,2026-09-08\nZoe,x,\nZoe,,x\nAna,x,x\n")
    assert reading.frame["person"].unique().to_list() == ["Ana"]
    assert reading.skipped["has the name of another row"] == 4
    assert "Zoe: the register has several rows of this name" in reading.understanding.questions[0]


THERE = [
    "present",
    "P",
    "yes",
    "ja",
    "oui",
    "sí",
    "sim",
    "sì",
    "tak",
    "да",
    "так",
    "כן",
    "نعم",
    "có mặt",
    "anwesend",
    "✓",
    "✔",
    "x",
    "1",
    "late",
    "Present (online)",
]


AWAY = [
    "absent",
    "A",
    "no",
    "nein",
    "non",
    "não",
    "nie",
    "нет",
    "ні",
    "לא",
    "لا",
    "vắng",
    "✗",
    "–",
    "0",
    "excused",
    "entschuldigt",
    "excusé",
    "justificado",
    "giustificato",
    "verontschuldigd",
    "usprawiedliwiony",
    "нб",
    "відсутній",
    "נעדר",
    "غائب",
    "No-Show",
    "didn’t attend",
    "Absent (sick)",
    "n/a",
    "Declined",
    "krank",
]


def test_words_of_attendance(read):
    rows = "".join(f"Tea;2026-11-03;p{k};{word}\n" for k, word in enumerate(THERE + AWAY))
    reading = read("event;start;person;status\n" + rows)
    assert reading.frame["person"].to_list() == [f"p{k}" for k in range(len(THERE))]
    assert reading.skipped == {"did not attend": len(AWAY)}
    counted = {one.word: one.there for one in reading.understanding.statuses}
    assert counted == dict.fromkeys(THERE, True) | dict.fromkeys(AWAY, False)
    assert {one.word for one in reading.understanding.statuses if one.guess} == {"Present (online)", "Absent (sick)"}


def test_a_word_that_is_not_known_is_asked(read):
    text = "event,start,person,status\nTea,2026-11-03,Ana,purple\nTea,2026-11-03,Binh,present\n"
    with pytest.raises(DataError, match="say which of 'purple' \\(1\\) were there: --status \"purple=there\" or"):
        read(text)
    assert read(text, statuses={"Purple": True}).frame.height == 2
    assert read(text, statuses={"purple": False}).frame["person"].to_list() == ["Binh"]
    assert read(text, skip_bad=True).frame["person"].to_list() == ["Binh"]


def test_ticks_leave_the_others_away(read):
    rows = "\nTea,2026-11-03,Ana,x\nTea,2026-11-03,Binh,\n"
    assert read("event,start,person,Came" + rows).frame["person"].to_list() == ["Ana"]
    assert read("event,start,person,status" + rows).frame["person"].to_list() == ["Ana", "Binh"]  # as its own files are described


def test_a_number_of_the_row_is_nobody(read):
    text = "id,event,date,name\n1,Tea,2026-11-03,Ana\n2,Tea,2026-11-10,Ana\n"
    assert read(text).frame["person"].unique().to_list() == ["Ana"]


SIGN_UPS = {
    "pretix": (
        "attendance",
        "Order code,Attendee name,Product,Checked in,E-mail",
        "A1,Ana Le,Supper,2026-11-03 18:00,a@x.org\nA2,Binh Vo,Supper,,b@x.org",
    ),
    "Eventbrite": (
        "people",
        "Order #,Order Date,First Name,Last Name,Email,Attendee #,Attendee Status",
        "1,2026-10-01,Ana,Le,a@x.org,11,Attending",
    ),
    "Meetup": (
        "people",
        "Name\tUser ID\tTitle\tEvent Host\tRSVP\tGuests\tRSVPed on\tJoined Group on",
        "Ana Le\tuser 5\tMember\tNo\tYes\t0\t2026-10-01\t2020-05-03",
    ),
    "Breeze": ("people", "Breeze ID,First Name,Last Name,Email,City,Status", "77,Ana,Le,a@x.org,Porto,Member"),
    "Planning Center": ("people", "Person ID,First Name,Last Name,Home Email,Home City", "77,Ana,Le,a@x.org,Porto"),
    "check-ins": ("attendance", "Event,Date,First Name,Last Name,Checked In At", "Supper,2026-11-03,Ana,Le,2026-11-03 18:02"),
    "CiviCRM": ("attendance", "contact_id,event_id,status_id,register_date", "5,9,2,2026-11-03\n6,9,1,2026-11-03"),
    "Discourse": (
        "people",
        "id,name,username,email,created_at,last_seen_at,ip_address",
        "5,Ana Le,anale,a@x.org,2020-05-03,2026-11-01,10.0.0.1",
    ),
}


@pytest.mark.parametrize(("what", "header", "rows"), SIGN_UPS.values(), ids=SIGN_UPS)
def test_exports_that_are_tables(read, what, header, rows):
    reading = read(f"{header}\n{rows}\n")
    assert reading.what == what
    assert reading.frame.height == 1
    assert "10.0.0.1" not in str(reading.frame.to_dicts())
    if what == "attendance":
        assert reading.frame["start"].dt.date().to_list() == [date(2026, 11, 3)]
    else:
        assert reading.frame["name"].to_list() == ["Ana Le"]


def test_names_and_days_are_attendance(read):
    reading = read("Date,Name\n2026-11-03,Ana\n2026-11-10,Ana\n", "supper.csv")
    assert reading.frame.select("event", "person").rows() == [("supper", "Ana")] * 2
    assert "event: 'supper', after the file" in reading.understanding.guesses


def test_all_who_came_in_one_cell(read):
    reading = read('Event,Date,Attendees\nTea,2026-11-03,"Ana Le, Bo Vo; Chi"\n')
    assert reading.frame["person"].to_list() == ["Ana Le", "Bo Vo", "Chi"]


def test_a_year_that_there_never_was_is_no_day(read):
    assert read("Name,0000-01-01\nAna,x\nBo,\n").what == "people"
