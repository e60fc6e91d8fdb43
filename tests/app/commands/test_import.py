"""`tenfold import`: what is shown, what is asked, and that a preview writes nothing."""

import csv
import sqlite3

import polars as pl
import pytest

from made_up_congregation import SUNDAYS, congregation_files, names
from made_up_exports import CALENDAR, MARKER, slack, whatsapp


def test_the_files_of_a_congregation_become_one_community(run, tmp_path):
    (tmp_path / "in").mkdir()
    document = run("import", *congregation_files(tmp_path / "in"), "--json").document
    assert len({one["file"] for one in document["files"]}) == 13
    db = sqlite3.connect(tmp_path / "tenfold.db")
    found = [name for (name,) in db.execute("SELECT name FROM person")]
    assert sorted(name.casefold() for name in found) == sorted(name.casefold() for name in names())
    assert db.execute("SELECT count(*) FROM person WHERE email IS NOT NULL").fetchone()[0] >= 20
    days = db.execute(
        "SELECT count(*), count(DISTINCT gathering) FROM attendance JOIN gathering AS g ON g.key = gathering WHERE event = 'Sundays'"
    ).fetchone()
    register = pl.read_csv(tmp_path / "in" / "sundays-wide10.csv")
    once = register.filter(~pl.col("Name").is_duplicated())
    assert days == (once.select(pl.sum_horizontal(pl.exclude("Name")).sum()).item(), len(SUNDAYS))
    assert {place for (place,) in db.execute("SELECT DISTINCT place FROM person")} == {"Ashford", "Kirk Hill"}
    questions = {question for one in document["files"] for question in one["questions"]}
    assert any("2 people are called Ines Quispe; they are told apart by phone" in one for one in questions)
    assert db.execute("SELECT count(*) FROM contact WHERE kind = 'mention'").fetchone()[0] == 1
    again = run("import", *sorted((tmp_path / "in").iterdir()), "--json").document
    assert sum(one["kept"] for one in again["files"] if one["what"] != "people") == 0
    assert db.execute("SELECT count(*) FROM person").fetchone()[0] == 60


def test_a_preview_shows_all_and_writes_nothing(run, tmp_path):
    (tmp_path / "m.csv").write_text("Full name,Town\nAna Le,Porto\n")
    assert run("import", "m.csv").code == 0
    before = (tmp_path / "tenfold.db").read_bytes()
    (tmp_path / "a.csv").write_text(
        "Group,Date,Name,Came\nTea,03/11/2026,Ana Le,x\nTea,17/11/2026,Eve,\nTea,17/11/2026,Bo,x\nTea,17/11/2026,Anna Le,\n"
    )
    shown = run("import", "a.csv", "--preview")
    assert "Group → event (a guess)" in shown.out
    assert "attendance: there: x 2; not there: (empty) 2 (a guess)" in shown.out
    assert "a.csv: 4 rows read, 2 attendance would be kept" in shown.out
    assert "read with the day first" in shown.err + shown.out
    document = run("import", "a.csv", "--preview", "--json").document
    assert document["written"] is False
    (one,) = document["files"]
    assert (one["new_people"], one["heading_row"], one["date_order"]) == (["Eve", "Bo", "Anna Le"], 1, "day first")
    assert one["may_be"] == [{"new": "Anna Le", "known": "Ana Le", "why": "almost the same name"}]
    assert {"header": "Group", "column": "event", "guess": True} in one["columns"]
    assert (tmp_path / "tenfold.db").read_bytes() == before


@pytest.mark.parametrize(
    "order", [("fl.csv", "flc.csv", "lf.csv"), ("flc.csv", "lf.csv", "fl.csv"), ("lf.csv", "fl.csv", "flc.csv")]
)
def test_one_person_in_any_order_of_files(run, tmp_path, order):
    (tmp_path / "fl.csv").write_text("Id,First Name,Last Name,Email\n1,Linh,Nguyen,l@x.org\n2,Chidi,Okafor,c@x.org\n")
    (tmp_path / "flc.csv").write_text("date,from,to\n2026-09-03,Linh Nguyen,Chidi Okafor\n")
    (tmp_path / "lf.csv").write_text("Last Name,First Name,Email\nNguyen,Linh,l@x.org\nOkafor,Chidi,c@x.org\n")
    for name in (*order, *order):
        assert run("import", name, "--quiet").code == 0
    db = sqlite3.connect(tmp_path / "tenfold.db")
    assert sorted(db.execute("SELECT id, name, email FROM person")) == [
        ("1", "Linh Nguyen", "l@x.org"),
        ("2", "Chidi Okafor", "c@x.org"),
    ]
    assert db.execute("SELECT count(*) FROM contact").fetchone()[0] == 1


def test_a_name_of_two_people_is_a_question_and_never_a_third(run, tmp_path):
    (tmp_path / "p.csv").write_text("id,name\n1,Zoe Tran\n2,Zoe Tran\n3,Moe Le\n")
    (tmp_path / "c.csv").write_text("time,a,b\n2026-11-20,Moe Le,Zoe Tran\n")
    (tmp_path / "d.csv").write_text("time,a,b\n2026-11-20,Moe Le,zoe tran\n2026-11-20,Moe Le,2\n")
    assert run("import", "p.csv").code == 0
    refused = run("import", "c.csv")
    assert refused.code == 1
    assert "'Zoe Tran' may be any of 2 people (1, 2). Write the id of the one who is meant, or merge them." in refused.err
    partly = run("import", "d.csv", "--json").document["files"][0]
    assert (partly["kept"], partly["skipped"], len(partly["questions"])) == (1, {"may be of several people": 1}, 1)
    db = sqlite3.connect(tmp_path / "tenfold.db")
    assert [one for (one,) in db.execute("SELECT id FROM person")] == ["1", "2", "3"]


def test_an_address_of_a_family_is_not_one_person(run, tmp_path):
    (tmp_path / "p.csv").write_text("Name,Email\nAna Le,home@x.org\nBinh Le,home@x.org\n")
    (tmp_path / "q.csv").write_text("Name,Email\nA. Le,HOME@x.org\nChi Le,home@x.org\n")
    assert run("import", "p.csv", "--quiet").code == 0
    assert run("import", "q.csv", "--quiet").code == 0
    db = sqlite3.connect(tmp_path / "tenfold.db")
    assert [one for (one,) in db.execute("SELECT name FROM person ORDER BY name")] == ["Ana Le", "Binh Le", "Chi Le"]
    assert db.execute("SELECT aliases FROM person WHERE name = 'Ana Le'").fetchone()[0] == "A. Le"


def test_letters_lost_to_question_marks_are_found_again(run, tmp_path):
    (tmp_path / "p.csv").write_text("Name\nLucia Nguyễn\nHương Lê\n")
    (tmp_path / "c.csv").write_text("date,from,to\n2026-11-20,Lucia Nguy?n,H??ng Lê\n2026-11-21,Lucia Nguy?n,Who?\n")
    assert run("import", "p.csv", "--quiet").code == 0
    document = run("import", "c.csv", "--json").document["files"][0]
    assert document["guesses"] == ["'Lucia Nguy?n' is taken for Lucia Nguyễn", "'H??ng Lê' is taken for Hương Lê"]
    assert document["new_people"] == ["Who?"]


def test_a_word_of_attendance_can_be_given(run, tmp_path):
    (tmp_path / "a.csv").write_text("event,start,person,status\nTea,2026-11-03,Ana,purple\n")
    assert "say which of 'purple' (1) were there: --status \"purple=there\"" in run("import", "a.csv").err
    assert run("import", "a.csv", "--status", "purple=there").code == 0
    assert "--status 'purple=perhaps' is no meaning" in run("import", "a.csv", "--status", "purple=perhaps").err


def test_what_is_exported_imports_to_the_same(run, tmp_path):
    (tmp_path / "p.csv").write_text(
        "id,name,aliases,email,language,joined,can_mentor\n1,Ana Le,A|B,a@x.org,English|Thai,2020-01-02,yes\n2,=2+3,,,,,\n"
    )
    (tmp_path / "c.csv").write_text(
        "time,a,b,kind,minutes,group,source\n2026-11-03T18:20:01Z,1,2,call,12.5,evening,phone\n"
        "2026-11-03T18:20:01Z,1,2,call,12.5,evening,phone\n"
        "2026-11-04,2,1,,,,\n"
    )
    (tmp_path / "a.csv").write_text(
        "event,start,person,minutes,status\n"
        "Choir,2026-11-03T18:00:00Z,1,60,present\nChoir,2026-11-03T18:00:00Z,2,,late\nTea,2026-11-05,1,,\n"
    )
    for name, files in {"one": ["p.csv", "c.csv", "a.csv"], "two": ["p.csv"]}.items():
        assert run("import", *files, "--db", f"{name}.db").code == 0
        for form in ("csv", "parquet"):
            assert run("export", f"{name}-{form}", "--format", form, "--db", f"{name}.db", "--at", "2026-11-24").code == 0
            tables = [f"{name}-{form}/{table}.{form}" for table in ("people", "contacts", "attendance")]
            assert run("import", *tables, "--db", f"{name}-{form}.db").code == 0, run("import", *tables, "--db", "x.db").err
            assert _content(tmp_path / f"{name}-{form}.db") == _content(tmp_path / f"{name}.db")
    with (tmp_path / "one-csv" / "attendance.csv").open(encoding="utf-8-sig") as file:
        assert next(csv.reader(file)) == ["event", "start", "person", "minutes", "status"]


def _content(path) -> list[list[tuple[object, ...]]]:
    db = sqlite3.connect(path)
    return [
        sorted(db.execute(query), key=str)
        for query in (
            "SELECT id, name, aliases, email, language, joined, can_mentor, place, consent FROM person",
            "SELECT p.id, q.id, time, kind, nth, minutes, circle, source "
            "FROM contact JOIN person p ON p.key = a JOIN person q ON q.key = b",
            "SELECT event, time, id, minutes, status FROM attendance JOIN gathering g ON g.key = gathering JOIN person p ON p.key = person",
        )
    ]


def test_no_text_of_a_message_is_in_any_file(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "s.zip").write_bytes(slack())
    (tmp_path / "in" / "_chat.txt").write_text(whatsapp(["Ana Lima", "Binh Vo"]))
    (tmp_path / "in" / "c.ics").write_text(CALENDAR)
    shown = run("import", *sorted((tmp_path / "in").iterdir()))
    assert shown.code == 0, shown.err
    assert run("export", "out", "--at", "2026-11-24").code == 0
    assert run("plan", "--at", "2026-11-24", "--replicates", "2").code == 0
    written = [path for path in tmp_path.rglob("*") if path.is_file() and "in" not in path.parts]
    assert len(written) > 5
    marker = MARKER.encode()
    assert not [path for path in written if marker in path.read_bytes()]
    assert MARKER not in shown.out + shown.err
