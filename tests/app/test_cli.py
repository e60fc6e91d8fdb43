"""The commands: what an organiser does in a week, in tables and in JSON."""

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from community import demo_files
from tenfold.app import commands
from tenfold.app.cli import COMMANDS, module_name

AT = ("--at", "2026-11-24")


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


def test_each_command_has_a_file_of_its_name_and_imports_no_other():
    folder = Path(commands.__path__[0])
    assert {path.stem for path in folder.glob("*.py")} == {"__init__", *map(module_name, COMMANDS)}
    for path in folder.glob("*.py"):
        assert "tenfold.app.commands" not in path.read_text(encoding="utf-8"), path


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
    assert [one["state"] for one in week if (one["who"], one["whom"]) == (row["who"], row["whom"])] == ["done"]
    assert sum(one["state"] == "done" for one in week) == 1
    second = run("plan", "--json", "--replicates", "2").document
    assert second["plan"] == 2
    assert len([one for one in second["changes"] if one["what"] == "circle" and one["before"]]) <= len(planned["circles"]) / 10


def test_tables_for_people(run, db):
    assert "Circles of plan 1" in run("circles").out
    assert "mentor" in run("circles", "1").out
    forecast = run("forecast").out
    assert all(words in forecast for words in ("People in touch", "week 52", "What this assumes"))
    assert "first contact" in run("left-out", *AT).out
    assert "usual gap" in run("bonds", "--limit", "3", *AT).out
    assert re.search(
        r"This week's plan \(number 1, as of 2026-11-24 00:00 UTC\): \d+ of \d+ contacts done", run("status", *AT).out
    )


def test_json_on_every_command(run, db, tmp_path):
    for args in (
        ["status"],
        ["bonds"],
        ["left-out"],
        ["circles"],
        ["circles", "2"],
        ["forecast"],
        ["log", "p001", "p003"],
        ["pause", "p001"],
        ["resume", "p001"],
        ["export", tmp_path / "out"],
        ["plan", *AT, "--replicates", "2"],
        ["import", demo_files(tmp_path)[0]],
    ):
        ran = run("--json", *args)
        assert ran.code == 0, (args, ran.err)
        assert isinstance(json.loads(ran.out), dict), args


def test_options_before_and_after_the_command_and_from_the_environment(run, db, tmp_path, monkeypatch):
    other = shutil.copy(db, tmp_path / "other.db")
    db.unlink()
    assert run("--db", other, "circles").code == 0
    assert run("circles", "--db", other).code == 0
    monkeypatch.setenv("TENFOLD_DB", str(other))
    assert run("circles").code == 0
