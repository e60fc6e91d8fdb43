"""The commands: what an organiser does in a week, in tables and in JSON."""

import json
import re
import shutil
import time
from pathlib import Path

import polars as pl
import pytest

from community import demo_files
from tenfold.app.cli import COMMANDS

AT = ("--at", "2026-11-24")


@pytest.fixture
def db(planned, tmp_path):
    """A copy of the planned community that may be changed."""
    return shutil.copy(planned / "tenfold.db", tmp_path / "tenfold.db")


def test_help_names_every_command_and_is_quick(run_process):
    began = time.perf_counter()
    process = run_process("--help")
    out, _ = process.communicate()
    assert process.returncode == 0
    assert all(f"  {name} " in out for name in COMMANDS)
    assert time.perf_counter() - began < 20


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_the_global_options(run, name):
    ran = run(name, "--help")
    assert ran.code == 0
    assert all(option in ran.out for option in ("--db", "--seed", "--json", "--quiet"))


def test_every_command_is_in_the_readme_or_the_docs(request):
    root = request.config.rootpath
    text = "\n".join(path.read_text(encoding="utf-8") for path in [root / "README.md", *(root / "docs").glob("*.md")])
    for name in COMMANDS:
        assert re.search(rf"tenfold (?:\[.*?\] )?{name}\b", text), f"tenfold {name} is documented nowhere"


def test_documented_commands_exist(run, request):
    root = request.config.rootpath
    pages = [root / "README.md", root / "CONTRIBUTING.md", *(root / "docs").glob("*.md")]
    found = {
        name
        for page in pages
        for name in re.findall(r"(?:uv run|`|    )tenfold ([a-z][a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert found
    assert found <= set(COMMANDS)


def test_the_week_of_an_organiser(run, tmp_path):
    files = demo_files(tmp_path)
    imported = run("import", *files)
    assert imported.code == 0, imported.err
    assert re.search(r"people.csv: \d+ rows read, \d+ people kept, 0 already there, 0 skipped", imported.out)
    assert re.search(r"attendance.csv: .*\d+ skipped; \d+ did not attend", imported.out)
    assert "were added as new people" in imported.err
    again = run("import", *files, "--json").document
    assert [one["kept"] for one in again["files"]] == [0, 0, 0]
    status = run("status", *AT, "--json").document
    assert status["standing"]["never included"] > 0
    assert sum(status["standing"].values()) == status["people"]
    planned = run("plan", *AT, "--json", "--replicates", "20").document
    assert planned["wins"] is True
    assert {"this_week", "circles", "left_out", "comparison", "forecast"} <= set(planned)
    assert (tmp_path / "tenfold-plan" / "plan.html").exists()
    row = planned["this_week"][0]
    logged = run("log", row["who"], row["whom"], "--kind", "call")
    assert logged.code == 0
    week = run("status", "--json").document["this_week"]
    assert [one["done"] for one in week if (one["who"], one["whom"]) == (row["who"], row["whom"])] == [True]
    assert sum(one["done"] for one in week) == 1
    second = run("plan", "--json", "--replicates", "2", "--anyway").document
    assert second["plan"] == 2
    assert len([one for one in second["changes"] if one["before"]]) <= len(planned["circles"]) / 10


def test_log_resets_what_was_due(run, db, planned):
    rows = run("bonds", "--standing", "fading", *AT, "--json").document["bonds"]
    a, b = rows[0]["a"], rows[0]["b"]
    assert run("log", a, b, "--at", "2026-11-23T10:00").code == 0
    found = run("bonds", a, *AT, "--json").document["bonds"]
    bond = next(one for one in found if {one["a"], one["b"]} == {a, b})
    assert bond["standing"] == "kept"
    assert bond["silence"] == pytest.approx(14 / 24)


def test_pause_and_resume(run, db):
    kept = run("status", "--standing", "kept", *AT, "--json").document["list"]
    who = kept[0]["person"]
    assert run("pause", who, "--until", "2030-01-01").code == 0
    paused = run("status", "--standing", "paused", *AT, "--json").document["list"]
    assert {one["person"]: one["reason"] for one in paused}[who] == "paused until 2030-01-01"
    plan = run("plan", *AT, "--json", "--replicates", "2", "--anyway").document
    assert who in {one["person"] for one in plan["excluded"]}
    assert who not in {one["person"] for one in plan["circles"]}
    assert run("resume", who).code == 0
    assert who in {one["person"] for one in run("status", "--standing", "kept", *AT, "--json").document["list"]}


def test_merge(run, db):
    before = run("status", *AT, "--json").document
    merged = run("merge", "p001", "p002", "--json")
    assert merged.document == {"keep": "p001", "drop": "p002"}
    after = run("status", *AT, "--json").document
    assert after["people"] == before["people"] - 1
    assert run("bonds", "p002", *AT, "--json").document == run("bonds", "p001", *AT, "--json").document


def test_tables_for_people(run, db):
    assert "Circles of plan 1" in run("circles").out
    assert "mentor" in run("circles", "1").out
    forecast = run("forecast").out
    assert all(words in forecast for words in ("People in touch", "week 52", "What this assumes"))
    assert "first contact" in run("left-out", *AT).out
    assert "usual gap" in run("bonds", "--limit", "3", *AT).out
    assert re.search(r"This week's plan \(number 1\): \d+ of \d+ contacts done", run("status", *AT).out)


def test_left_out_names_who_contacts_them(run, db):
    rows = run("left-out", *AT, "--json").document["left_out"]
    assert rows
    assert all(one["first_contact"] and one["circle"] for one in rows)


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_export(run, db, tmp_path, format_):
    document = run("export", tmp_path / "out", "--format", format_, *AT, "--json").document
    names = {Path(one).name for one in document["files"]}
    assert {f"{name}.{format_}" for name in ("people", "contacts", "bonds", "standing", "plan_circles")} <= names
    read = pl.read_parquet if format_ == "parquet" else pl.read_csv
    assert read(tmp_path / "out" / f"people.{format_}").height == run("status", *AT, "--json").document["people"]


def test_json_on_every_command(run, db, tmp_path):
    for args in (
        ["status"], ["bonds"], ["left-out"], ["circles"], ["circles", "2"], ["forecast"], ["log", "p001", "p003"],
        ["pause", "p001"], ["resume", "p001"], ["export", tmp_path / "out"], ["plan", *AT, "--replicates", "2", "--anyway"],
        ["import", demo_files(tmp_path)[0]],
    ):  # fmt: skip
        ran = run("--json", *args)
        assert ran.code == 0, (args, ran.err)
        assert isinstance(json.loads(ran.out), dict), args


def test_options_before_and_after_the_command_and_from_the_environment(run, db, tmp_path, monkeypatch):
    other = shutil.copy(db, tmp_path / "other.db")
    Path(db).unlink()
    assert run("--db", other, "circles").code == 0
    assert run("circles", "--db", other).code == 0
    monkeypatch.setenv("TENFOLD_DB", str(other))
    assert run("circles").code == 0


def test_demo(run, tmp_path):
    ran = run("demo", "--people", "60", "--no-open", "--json", "--folder", tmp_path / "d")
    assert ran.code == 0, ran.err
    assert Path(ran.document["page"]).exists()
    assert {path.name for path in (tmp_path / "d").glob("*.csv")} == {"people.csv", "contacts.csv", "attendance.csv"}
    assert run("status", "--db", tmp_path / "d" / "tenfold.db").code == 0


def test_sfhh_from_file_to_plan(run, shared_data, tmp_path):
    assert run("import", shared_data / "contacts" / "sfhh_conference.tij.dat.gz", "--quiet").code == 0
    ran = run("plan", "--json", "--replicates", "20")
    assert ran.code == 0, ran.err
    assert len({one["person"] for one in ran.document["circles"]}) == 403
    bonds = run("bonds", "--half-life", "3600s", "--json").document
    assert bonds["total_strength"] == pytest.approx(2742.858, abs=0.001)
    assert "tenfold-plan" in {path.name for path in tmp_path.iterdir()}
