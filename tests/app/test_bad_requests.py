"""What goes wrong gives one clear line on stderr, exit code 1, and changes nothing."""

import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from community import demo_files

AT = ("--at", "2026-11-24")


def digest(path: Path) -> str:
    """What the database holds, whatever pages it is on."""
    with sqlite3.connect(path) as connection:
        return hashlib.sha256("\n".join(connection.iterdump()).encode()).hexdigest()


def refused(ran, *words: str) -> None:
    assert ran.code == 1, (ran.out, ran.err)
    lines = [line for line in ran.err.splitlines() if line.startswith("tenfold: ")]
    assert len(lines) == 1, ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in lines[0], lines[0]


def test_no_community_file_yet(run, tmp_path):
    for args in (["status"], ["plan"], ["circles"], ["log", "a", "b"]):
        refused(run(*args), "there is no community file", "tenfold import")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["log", "p001", "nobody at all"], ["is not on the list"]),
        (["log", "p001", "p001"], ["the same person"]),
        (["log", "p001", "p003", "--at", "2999-01-01"], ["in the future"]),
        (["log", "p001", "p003", "--at", "soon"], ["--at is 'soon'", "a day such as 2026-12-24"]),
        (["log", "p001", "p003", "--minutes", "-4"], ["--minutes is -4"]),
        (["pause", "p001", "--until", "2001-01-01"], ["not in the future"]),
        (["circles", "99"], ["circle 99 is not in plan 1; it has circles 1 to"]),
        (["bonds", "--half-life", "soon"], ["half_life is 'soon'", "'30d'"]),
        (["import", "none.csv"], ["none.csv: there is no such file"]),
        (["import", "--map", "nonsense", "x.csv"], ["--map 'nonsense' is no mapping"]),
        (["plan", "--locks", "none.csv"], ["none.csv: there is no such file"]),
        (["merge", "p001", "p001"], ["the same person already"]),
    ],
)
def test_bad_requests(run, db, args, words):
    before = digest(db)
    refused(run(*args), *words)
    assert digest(db) == before


def test_usage_is_exit_code_2(run):
    assert run("plan", "--weeks", "99").code == 2
    assert run("no-such-command").code == 2
    assert run("log").code == 2


def test_one_bad_file_among_good_ones_writes_nothing(run, tmp_path):
    files = demo_files(tmp_path)
    (tmp_path / "bad.csv").write_text("time,a,b\nsoon,x,y\n")
    refused(run("import", *files, "bad.csv"), "bad.csv row 2: time 'soon' is no date")
    assert not (tmp_path / "tenfold.db").exists()


def test_strict_refuses_strangers(run, tmp_path):
    (tmp_path / "people.csv").write_text("id\nana\nbinh\n")
    (tmp_path / "contacts.csv").write_text("time,a,b\n2026-01-01,ana,chi\n")
    refused(run("import", "people.csv", "contacts.csv", "--strict"), "'chi' is not on the list of people")
    assert run("import", "people.csv", "contacts.csv").code == 0


def test_a_database_that_is_none(run, tmp_path):
    path = tmp_path / "tenfold.db"
    path.write_text("no database at all, just text that goes on for a while\n" * 50)
    for args in (["status"], ["import", demo_files(tmp_path)[0]]):
        refused(run(*args), "is no community file of Tenfold")
    assert path.read_text().startswith("no database at all")
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (name)")
    for args in (["status"], ["import", demo_files(tmp_path)[0]]):
        refused(run(*args), "is a database of another program")
    refused(run("status", "--db", tmp_path), "is a folder; expected a file")
    refused(run("import", demo_files(tmp_path)[0], "--db", tmp_path / "no" / "x.db"), "its folder does not exist")


def test_a_newer_version(run, db):
    with sqlite3.connect(db) as connection:
        connection.execute("PRAGMA user_version = 99")
    for args in (["status"], ["log", "p001", "p003"]):
        refused(run(*args), "written by a newer Tenfold (version 99", "Upgrade Tenfold")


def test_a_plan_that_does_not_win_says_so_and_strict_trial_refuses_it(run, tmp_path):
    rows = [f"2026-01-01,p{a},p{b}" for a in range(10) for b in range(a)]
    (tmp_path / "c.csv").write_text("time,a,b\n" + "\n".join(rows) + "\n")
    assert run("import", "c.csv", "--quiet").code == 0
    before = digest(tmp_path / "tenfold.db")
    ran = run("plan", "--at", "2026-01-01", "--weeks", "1", "--replicates", "2", "--strict-trial")
    refused(ran, "does not keep more people", "Nothing was written")
    assert digest(tmp_path / "tenfold.db") == before
    assert not (tmp_path / "tenfold-plan").exists()
    written = run("plan", "--at", "2026-01-01", "--weeks", "1", "--replicates", "2")
    assert written.code == 0
    assert "does not keep more people" in written.err
    page = (tmp_path / "tenfold-plan" / "plan.html").read_text(encoding="utf-8")
    assert "<strong>Warning.</strong> In simulation this plan does not keep more people" in page


def test_the_folder_of_the_plan_is_a_file(run, db, tmp_path):
    (tmp_path / "taken").write_text("x")
    before = digest(db)
    refused(run("plan", *AT, "--replicates", "2", "--out", "taken"), "taken: is a file; expected a folder")
    assert digest(db) == before


def test_a_folder_that_cannot_be_written(run, db, tmp_path):
    """Nobody, not even root, makes files in /proc."""
    before = digest(db)
    refused(run("plan", *AT, "--replicates", "2", "--out", "/proc/plan"), "cannot be written")
    refused(run("import", demo_files(tmp_path)[0], "--db", "/proc/tenfold.db"), "/proc/tenfold.db: ")
    refused(run("export", "/proc/out", *AT), "cannot be written")
    assert digest(db) == before


def small_files_only() -> None:
    """From here on no file may grow above 60 kB: what a full disk looks like to a program."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


@pytest.mark.parametrize("cache", ["warm", "cold"])
@pytest.mark.parametrize("args", [["import", "contacts.csv"], ["plan", *AT, "--replicates", "2"]])
def test_a_full_disk_changes_nothing(db, tmp_path, args, cache):
    demo_files(tmp_path, n=400, seed=8)
    before = digest(db)
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    if cache == "cold":
        environment["TENFOLD_CACHE"] = str(tmp_path / "cache")
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from tenfold.app.cli import main; main()",
            *args,
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=small_files_only,
    )
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    line = [one for one in ran.stderr.splitlines() if one.startswith("tenfold: ")]
    assert len(line) == 1, ran.stderr
    assert "run the command again" in line[0]
    assert digest(db) == before


def test_a_disk_that_is_full_for_the_first_import(tmp_path):
    files = demo_files(tmp_path, n=400, seed=8)
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from tenfold.app.cli import main; main()",
            "import",
            *map(str, files),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=small_files_only,
    )
    assert ran.returncode == 1
    assert "nothing was changed" in ran.stderr
    later = subprocess.run(
        [sys.executable, "-c", "from tenfold.app.cli import main; main()", "import", *map(str, files)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert later.returncode == 0, later.stderr


@pytest.mark.parametrize(
    ("args", "code"), [(["status"], 1), (["log", "a"], 1), (["status", "--limit", "many"], 2), (["nothing"], 2)]
)
def test_an_error_under_json_is_json(run, args, code):
    ran = run(*args, "--json")
    assert ran.code == code
    assert ran.document == {"error": ran.err.splitlines()[-1].removeprefix("tenfold: "), "exit_code": code}
    assert run(*args).out == ""
