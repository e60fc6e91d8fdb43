"""`tenfold forget`: shown first, then done; files that Tenfold made go, those of others stay and are named."""

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest

from community import demo_files
from every_command import run
from tenfold.people.store import open_store
from tenfold.people.store.forget import Labels
from tenfold.report.traces import speaks_of

AT = ("--at", "2026-11-24")


@pytest.fixture
def home(tmp_path):
    """A community with a plan and an export. Not a copy of one: the file knows the folders into which it has written."""
    people, *others = demo_files(tmp_path, n=40)
    text = people.read_text(encoding="utf-8")
    name = text.splitlines()[3].split(",")[1]
    people.write_text(text.replace(name, "Xenia Quillfeather"), encoding="utf-8")
    for args in (
        ("import", people.name, *(one.name for one in others)),
        ("plan", "--replicates", "2", *AT),
        ("export", "out", *AT),
    ):
        ran = run(tmp_path, args)
        assert ran.code == 0, ran.err
    return tmp_path


def holding(folder: Path, text: str) -> set[str]:
    """Files that hold the text, packed ones too."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                data += b"".join(archive.read(one) for one in archive.infolist())
        if text.encode() in data:
            found.add(path.relative_to(folder).as_posix())
    return found


def test_shown_first_and_then_nothing_is_left_but_in_files_of_others(home):
    inputs = {"people.csv", "contacts.csv", "attendance.csv"}
    before = holding(home, "Quillfeather")
    assert {"tenfold.db", "tenfold-plan/plan.html", "tenfold-plan/plan.xlsx", "tenfold-plan/sheets.zip"} <= before
    shown = run(home, ("forget", "Xenia Quillfeather"))
    assert shown.code == 0
    assert b"Nothing is changed yet" in shown.out
    assert holding(home, "Quillfeather") == before
    done = run(home, ("--json", "forget", "Xenia Quillfeather", "--yes"))
    told = json.loads(done.out)
    assert told["rows"]["contact"] > 0
    assert told["copies"] == []
    removed = {Path(one).relative_to(home.resolve()).as_posix() for one in told["removed"]}
    assert removed >= before - inputs - {"tenfold.db"}
    assert holding(home, "Quillfeather") <= inputs
    again = run(home, ("plan", "--replicates", "2", *AT))
    assert again.code == 0, again.err
    assert holding(home, "Quillfeather") <= inputs
    assert run(home, ("import", *sorted(inputs))).code == 0
    assert holding(home, "Quillfeather") <= inputs


def test_a_file_that_was_changed_and_a_backup_are_named_and_stay(home):
    page = home / "tenfold-plan" / "csv" / "circles.csv"
    with open(page, "a", encoding="utf-8") as file:
        file.write("mine\n")
    assert run(home, ("backup", "kept.db")).code == 0
    done = run(home, ("--json", "forget", "Xenia Quillfeather", "--yes"))
    told = json.loads(done.out)
    assert [Path(one).name for one in told["left"]] == ["circles.csv"]
    assert [Path(one).name for one in told["copies"]] == ["kept.db"]
    assert page.read_text(encoding="utf-8").endswith("mine\n")


def test_lifted(home):
    assert run(home, ("forget", "Xenia Quillfeather", "--yes")).code == 0
    assert run(home, ("forget", "somebody else", "--lift")).code == 1
    assert run(home, ("forget", "xenia quillfeather", "--lift")).code == 0
    assert run(home, ("import", "people.csv")).code == 0
    with open_store(home / "tenfold.db", command="read", write=False) as store:
        assert store.find_person("Xenia Quillfeather")


@pytest.mark.parametrize(
    ("name", "data", "speaks"),
    [
        ("a.csv", "who,whom\n7,8\n", True),
        ("a.csv", "who,whom\n17,8\n", False),
        ("a.html", "<p>Zoë &quot;Zo&quot; O&#39;Brien</p>", True),
        ("a.html", "<p>7 people</p>", False),
        ("a.json", '["Zo\\u00eb O\'Brien"]', True),
        ("a.ics", "SUMMARY:Call Zoë O'Bri\r\n en\r\n", True),
        ("a.txt", "This is Zoë O'Brienne", False),
        ("a.txt", "O'Brien, Zoë", True),
    ],
)
def test_traces_in_files_of_each_kind(name, data, speaks, tmp_path):
    labels = Labels("7", (), ("Zoë O'Brien", 'Zoë "Zo" O\'Brien'), (), ("Zoë O'Brien", 'Zoë "Zo" O\'Brien', "O'Brien, Zoë"))
    assert speaks_of(name, data.encode(), labels) is speaks
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, data)
    assert speaks_of("a.zip", (tmp_path / "a.zip").read_bytes(), labels) is speaks


def test_traces_in_parquet_and_in_what_cannot_be_read(tmp_path):
    labels = Labels("7", (), ("Ana Ruiz",), (), ("Ana Ruiz",))
    for text, speaks in (("Ana Ruiz", True), ("7", True), ("17", False)):
        pl.DataFrame({"n": [1], "who": [text]}).write_parquet(tmp_path / "a.parquet")
        assert speaks_of("a.parquet", (tmp_path / "a.parquet").read_bytes(), labels) is speaks
    assert speaks_of("a.zip", b"PK\x03\x04 and no archive", labels)
