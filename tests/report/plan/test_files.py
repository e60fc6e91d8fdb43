"""The files of a plan: CSV, and all of them replaced together."""

import csv
import dataclasses
import errno
import io
import re

import pytest

from page_text import visible_text
from plan_factory import make_report
from tenfold.errors import StoreError
from tenfold.report.folder import OutputFolder
from tenfold.report.manifest import MANIFEST, write_private
from tenfold.report.plan.files import write_plan_files


def rows_of(path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    return list(csv.DictReader(io.StringIO(data[3:].decode("utf-8"), newline="")))


def test_csv_files_hold_the_tables(report, outputs):
    for name, frame in report.tables.items():
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


def test_all_is_written_when_there_is_nothing_to_show(tmp_path):
    empty = make_report(empty=True)
    written = write_plan_files(tmp_path, empty)
    assert written[-1].name == "plan.html"
    assert len(written) == 5 + len(empty.tables) + 4 + 40
    text = visible_text(written[-1].read_text(encoding="utf-8"))
    for words in ("Nothing is due this week", "everybody on the list has a bond on record", "None: every rule is met", "Nobody."):
        assert words in text


def test_calendars_of_the_last_plan_go_and_all_other_files_stay(report, tmp_path):
    """Whoever wrote a calendar that the last plan did not make, it stays."""
    output = OutputFolder(tmp_path, command="plan")
    output.write([("calendar/circle-999.ics", b"old"), ("calendar/circle-998.ics", b"old")])
    (tmp_path / "calendar" / "circle-998.ics").write_text("old, and a note of mine")
    for name in ("mine.ics", "circle-77777.ics", "person-of-another-program.ics"):
        (tmp_path / "calendar" / name).write_text("mine")
    (tmp_path / ".fresh-1").mkdir()
    write_plan_files(tmp_path, report)
    assert not (tmp_path / "calendar" / "circle-999.ics").exists()
    assert (tmp_path / "calendar" / "circle-998.ics").read_text() == "old, and a note of mine"
    for name in ("mine.ics", "circle-77777.ics", "person-of-another-program.ics"):
        assert (tmp_path / "calendar" / name).read_text() == "mine"
    hidden = {path.name for path in tmp_path.iterdir() if path.name.startswith(".")}
    assert hidden == {".fresh-1", MANIFEST}


def test_nothing_is_left_half_written(report, tmp_path, monkeypatch):
    write_plan_files(tmp_path, report)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    from tenfold.report import folder as module

    def full(path, data, **options):
        if path.name == "plan.xlsx":
            raise OSError(errno.ENOSPC, "No space left on device")
        write_private(path, data, **options)

    monkeypatch.setattr(module, "write_private", full)
    with pytest.raises(StoreError, match="No space left"):
        write_plan_files(tmp_path, dataclasses.replace(report, title="Other"))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_file_names_are_safe(report, outputs):
    names = [path.name for path in (outputs / "calendar").iterdir()]
    assert all(re.fullmatch(r"(circle-\d+|person)-[\w-]+\.ics", name) and len(name.encode()) < 200 for name in names)
    made = {"plan.html", "plan.xlsx", "sheets.html", "sheets.zip", "mail-merge.csv", "csv", "calendar", MANIFEST}
    assert {path.name for path in outputs.iterdir()} == made
