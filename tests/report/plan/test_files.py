"""The files of a plan: CSV, and all of them replaced together."""

import csv
import dataclasses
import io
import os
import re
import time

import pytest

from page_text import visible_text
from plan_factory import make_report
from tenfold.errors import StoreError
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
    assert len(written) == 2 + len(empty.tables) + 4 + 40
    text = visible_text(written[-1].read_text(encoding="utf-8"))
    for words in ("Nothing is due this week", "everybody on the list has a bond on record", "None: every rule is met", "Nobody."):
        assert words in text


def test_old_calendars_go_and_other_files_stay(report, tmp_path):
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "circle-999.ics").write_text("old")
    (tmp_path / "calendar" / "mine.ics").write_text("mine")
    write_plan_files(tmp_path, report)
    assert not (tmp_path / "calendar" / "circle-999.ics").exists()
    assert (tmp_path / "calendar" / "mine.ics").read_text() == "mine"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_nothing_is_left_half_written(report, tmp_path, monkeypatch):
    write_plan_files(tmp_path, report)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    from tenfold.report.plan import files as module

    def full(path, data):
        raise StoreError(f"{path}: cannot be written (No space left on device).")

    monkeypatch.setattr(module, "write_atomically", full)
    with pytest.raises(StoreError, match="No space left"):
        write_plan_files(tmp_path, dataclasses.replace(report, title="Other"))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_a_killed_run_left_is_swept_away_when_it_is_old(made_up, tmp_path):
    for name in (".fresh-1", ".fresh-2"):
        (tmp_path / name / "csv").mkdir(parents=True)
        (tmp_path / name / "csv" / "half.csv").write_text("half")
    long_ago = time.time() - 7200
    os.utime(tmp_path / ".fresh-1", (long_ago, long_ago))
    write_plan_files(tmp_path, made_up)
    assert {path.name for path in tmp_path.iterdir()} == {"plan.html", "plan.xlsx", "csv", "calendar", ".fresh-2"}


def test_file_names_are_safe(report, outputs):
    names = [path.name for path in (outputs / "calendar").iterdir()]
    assert all(re.fullmatch(r"(circle-\d+|person-[a-z0-9-]+)\.ics", name) and len(name) < 70 for name in names)
    assert {path.name for path in outputs.iterdir()} == {"plan.html", "plan.xlsx", "csv", "calendar"}
