"""Shapes that files come in: which kind of table, where the rows are, what a spreadsheet makes of dates."""

import random
from datetime import UTC, datetime

import polars as pl
import pytest
import xlsxwriter

from tenfold.errors import DataError
from tenfold.people.readers import delimited_text, read_contacts, read_file
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.raw_table import strip_cells
from tenfold.people.readers.table_formats import read_tables

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def put(tmp_path):
    def write(name: str, content: str):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8", newline="")
        return path

    return write


@pytest.mark.parametrize(
    ("header", "row", "what", "required"),
    [
        ("Date,From,To", "2026-01-02,x,y", "contacts", {"time": "Date", "a": "From", "b": "To"}),
        ("Timestamp,Sender,Recipient,source", "2026-01-02,x,y,z", "contacts", {"time": "Timestamp", "source": "source"}),
        ("Meeting,Date,Name", "Tea,2026-01-02,x", "attendance", {"event": "Meeting", "start": "Date", "person": "Name"}),
        ("id,event,start,person", "1,Tea,2026-01-02,x", "attendance", {"event": "event"}),
        ("ID,Title,Name,Date", "1,Dr,Ana,2026-01-02", "people", {"id": "ID", "name": "Name"}),
        (
            "Member ID,Full name,E-mail,Village,Pauséd until",
            "1,Ana,a@b.c,Porto,2027-01-01",
            "people",
            {"place": "Village", "paused_until": "Pauséd until"},
        ),
    ],
)
def test_which_kind_of_table(put, header, row, what, required):
    reading = read_file(put("f.csv", f"{header}\n{row}\n"), now=NOW)
    assert reading.what == what
    assert required.items() <= reading.mapping.items()


def test_what_is_not_used_is_said(put):
    reading = read_file(put("f.csv", "time,a,b,mood,duration\n2026-01-02,x,y,good,3\n"), now=NOW)
    assert reading.notes == ["'duration' is taken as minutes", "not used: 'mood'"]


def test_one_mapping_serves_several_files(put):
    people = put("p.csv", "Nr.;Wer\n1;Ana\n")
    contacts = put("c.csv", "time;a;b\n2026-01-02;1;2\n")
    mapping = {"Nr": "id", "Wer": "name"}
    assert read_file(people, mapping=mapping).frame.to_dicts() == [{"id": "1", "name": "Ana"}]
    reading = read_file(contacts, mapping=mapping, now=NOW)
    assert reading.frame.height == 1
    assert reading.notes == [
        "--map names the header 'Nr', which is not there",
        "--map names the header 'Wer', which is not there",
    ]


def test_quick_and_careful_parsing_agree(put):
    lines = ["a\t id \tb", "1\t2\t3", "", "4\t5", "\t\t", " 6 \t7\t8"]
    for end in ("\n", "\r\n"):
        path = put("t.tsv", end.join(lines) + end)
        text = path.read_bytes().decode()
        careful = strip_cells(delimited_text._parse_quoted(text, "\t", "t"))
        (found,) = read_tables(RawFile(path, text.encode(), ""), ReadContext(NOW))
        quick = found.table
        assert found.format == "TSV"
        assert delimited_text._parse_unquoted(text, "\t", "t") is not None
        assert quick.rows() == careful.rows() == [(2, "1", "2", "3"), (4, "4", "5", None), (6, "6", "7", "8")]


def test_first_line_that_names_the_delimiter(put):
    reading = read_file(put("f.csv", "sep=;\r\ntime;a;b\r\n2026-01-02;x;y\r\nsoon;x;y\r\n"), skip_bad=True, now=NOW)
    assert (reading.frame.height, reading.skipped) == (1, {"time is no date": 1})


def test_what_a_spreadsheet_makes_of_dates_and_numbers(tmp_path):
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day, clock = book.add_format({"num_format": "dd/mm/yyyy hh:mm"}), book.add_format({"num_format": "h:mm"})
        sheet.write_row(2, 1, ["time", "a", "b", "duration (min)"])  # two blank rows and a blank column first
        sheet.write_datetime(3, 1, datetime(2026, 3, 4, 10, 30), day)
        sheet.write_row(3, 2, [101, "ana", 20])
        sheet.write_row(5, 1, [46085.25, 101, "binh"])  # a day number, after a blank row
        sheet.write_number(5, 4, 20 / 1440, clock)
        sheet.write_formula(6, 1, "=B4+1", None, 46086)
        sheet.write_row(6, 2, ["ana", "binh", "1:20"])
    reading = read_file(path, now=NOW)
    assert reading.frame["time"].dt.to_string("%d.%m. %H:%M").to_list() == ["04.03. 10:30", "04.03. 06:00", "05.03. 00:00"]
    assert reading.frame["a"].to_list() == ["101", "101", "ana"]
    assert reading.frame["minutes"].to_list() == [20, 20, 80]
    assert reading.notes == ["time: 2 plain numbers read as days of the spreadsheet"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for k, row in enumerate([["time", "a", "b"], ["2026-01-02", "x", "y"], [], ["never", "x", "y"]]):
            sheet.write_row(3 + k, 0, row)
    assert read_file(path, now=NOW, skip_bad=True).skipped == {"time is no date": 1}
    with pytest.raises(DataError, match=r"w.xlsx row 7: time 'never' is no date"):
        read_file(path, now=NOW)


def test_ids_with_accents_written_in_two_ways_are_one(put):
    frame = read_file(put("f.csv", "time,a,b\n2026-01-02,Jos\u00e9,x\n2026-01-02,Jose\u0301,x\n"), now=NOW).frame
    assert frame["a"].n_unique() == 1


def test_people_words_and_empty_cells(put):
    text = "id,can_mentor,consent,degree,paused_until\n1,Ja,0,3.0,2030-01-01\n2,,TRUE,,\n3,non,x,0,\n"
    frame = read_file(put("p.csv", text), now=NOW).frame
    assert frame["can_mentor"].to_list() == [True, None, False]
    assert frame["consent"].to_list() == [False, True, True]
    assert frame["degree"].to_list() == [3, None, 0]
    assert frame["paused_until"].dt.year().to_list() == [2030, None, None]


def test_gatherings_are_named_by_event_and_start(put):
    path = put("a.csv", "event,start,person\nTea,2026-01-02 10:00,ana\nTea,2026-01-02 10:00,binh\n")
    assert read_contacts(path, now=NOW).gatherings["gathering"].unique().to_list() == ["Tea @ 2026-01-02T10:00:00Z"]


@pytest.mark.parametrize("form", ["sociopatterns", "snap"])
@pytest.mark.parametrize("start", [0, 30_000, 1_600_000_000])
def test_traces_tell_their_form(put, form, start):
    luck = random.Random(start)
    rows = [(start + 20 * k, *luck.sample(range(400), 2)) for k in range(200)]
    text = "".join(f"{t} {i}\t{j} \r\n" if form == "sociopatterns" else f"{i}  {j} {t}\r\n" for t, i, j in rows)
    reading = read_file(put("x.txt", "% made\r\n\r\n" + text), now=NOW)
    assert reading.format.lower().startswith(form)
    assert reading.frame["time"].dt.epoch("s").to_list() == [t for t, _, _ in rows]
    assert reading.frame.select("a", "b").rows() == [(str(i), str(j)) for _, i, j in rows]


def test_traces_with_names_and_milliseconds(put):
    reading = read_file(put("x.dat", "1600000000500 ana binh\n1600000001000 ana chi\n"), format="sociopatterns", now=NOW)
    assert reading.frame["time"].to_list()[0] == datetime(2020, 9, 13, 12, 26, 40, 500_000, tzinfo=UTC)
    assert reading.frame["b"].to_list() == ["binh", "chi"]


def test_trace_keeps_its_good_rows(put):
    path = put("x.dat", "20 1 2\nnoise\n40 2 2\n60 1 3\n80 1 2\n")
    reading = read_file(path, format="sociopatterns", skip_bad=True)
    assert (reading.read, reading.frame.height) == (5, 3)
    assert reading.skipped == {"line is no contact": 1, "with oneself": 1}


def test_the_hash_is_of_the_file_and_the_preview_is_short(put):
    path = put("f.csv", "time,a,b,kind\n" + "2026-01-02,x,y,\n" * 9)
    reading = read_file(path, now=NOW)
    assert len(reading.sha256) == 64
    assert reading.sha256 == read_file(path, now=NOW).sha256
    assert reading.preview.rows() == [(datetime(2026, 1, 2, tzinfo=UTC), "x", "y")] * 3
    assert isinstance(reading.preview, pl.DataFrame)
