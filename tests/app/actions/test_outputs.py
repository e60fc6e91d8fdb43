"""Stage, commit, place, report: a command that is killed at any step has done all of its work, or none."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenfold.app.actions.outputs import open_community, stage_outputs
from tenfold.errors import StoreError
from tenfold.report.folder import OutputFolder
from tenfold.report.manifest import MANIFEST

AT = datetime(2026, 11, 24, tzinfo=UTC)
ALWAYS = ["csv/a.csv", "csv/b.csv", "page.html"]


def plan(folder: Path, notes: list[str], *, fail: bool = False, force: bool = False) -> int:
    """A plan that has a number in each of its files, and one file that no other plan has."""
    with open_community(folder / "t.db", command="tenfold plan", write=True, create=True, on_note=notes.append) as store:
        number = store.save_plan({}, {}, AT)
        output = OutputFolder(folder / "out", command="plan", force=force)
        names = [f"calendar/{number}.ics", *ALWAYS]
        stage_outputs(store, output, [(name, str(number).encode()) for name in names], on_note=notes.append)
        if fail:
            raise RuntimeError("no more")
    return number


def log(folder: Path) -> list[str]:
    """Any command that writes; returns its notes."""
    notes: list[str] = []
    with open_community(folder / "t.db", command="tenfold log", write=True, on_note=notes.append):
        pass
    return notes


def stored(folder: Path) -> tuple[int, int]:
    """The number of the last plan in the community file, and how many outputs are pending."""
    with sqlite3.connect(folder / "t.db") as db:
        number = db.execute("SELECT coalesce(max(number), 0) FROM plan").fetchone()[0]
        return number, db.execute("SELECT count(*) FROM pending_output").fetchone()[0]


def contents(folder: Path) -> dict[str, str]:
    """The files that a person sees."""
    files = (path.relative_to(folder / "out") for path in (folder / "out").rglob("*") if path.is_file())
    return {one.as_posix(): (folder / "out" / one).read_text() for one in files if not one.as_posix().startswith(".tenfold-")}


def made_by(number: int) -> dict[str, str]:
    return {name: str(number) for name in (f"calendar/{number}.ics", *ALWAYS)}


KILL = """
import json, os, sys
from pathlib import Path
import kill_switch
from test_outputs import plan
first, last = map(int, sys.argv[1:])
for at in range(first, last):
    folder = Path(str(at))
    folder.mkdir()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        plan(Path.cwd(), [])
        (Path("out") / "calendar" / "circle-1.ics").write_text("mine")
        steps = kill_switch.arm(at, lambda count, what: Path("step").write_text(what) and None)
        plan(Path.cwd(), [])
        os._exit(0 if steps() < at else 1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([at, code]), flush=True)
    if code == 0:
        break
"""


def test_a_kill_at_every_step_leaves_all_or_nothing(tmp_path):
    """Folder, community file and notes agree at once, and after the next command that writes; nothing of the user's is touched."""
    places = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    ran = subprocess.run(
        [sys.executable, "-c", KILL, "1", "200"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": places},
    )
    assert ran.returncode == 0, ran.stderr
    codes = dict(json.loads(line) for line in ran.stdout.splitlines())
    killed = [at for at, code in codes.items() if code == -9]
    assert set(codes.values()) == {-9, 0}
    assert killed == list(range(1, len(killed) + 1))
    assert len(killed) > 40
    seen = set()
    for at in killed:
        folder = tmp_path / str(at)
        number, pending = stored(folder)
        seen.add((number, pending))
        step = (folder / "step").read_text()
        before, notes = contents(folder), log(folder)
        mine = before.pop("calendar/circle-1.ics")
        assert mine == "mine", step
        if number == 1:
            assert (before, pending, notes) == (made_by(1), 0, []), step
        elif not pending:
            assert (before, notes) == (made_by(2), []), step
        else:
            assert set(before.values()) <= {"1", "2"}, step
            assert all("are now in their places" in note for note in notes), step
            assert notes or before == made_by(2), step
        assert contents(folder) == made_by(number) | {"calendar/circle-1.ics": "mine"}, step
        assert stored(folder) == (number, 0), step
        later = plan(folder, [])
        assert contents(folder) == made_by(later) | {"calendar/circle-1.ics": "mine"}, step
        assert not [one for one in (folder / "out").iterdir() if one.name.startswith(".tenfold-") and one.name != MANIFEST], step
    assert seen == {(1, 0), (2, 1), (2, 0)}


def test_an_error_before_the_commit_changes_nothing(tmp_path):
    plan(tmp_path, [])
    with pytest.raises(RuntimeError):
        plan(tmp_path, [], fail=True)
    assert stored(tmp_path) == (1, 0)
    assert contents(tmp_path) == made_by(1)
    assert {one.name for one in (tmp_path / "out").iterdir()} == {"calendar", "csv", "page.html", MANIFEST}


def test_a_file_in_the_way_is_refused_before_the_commit(tmp_path):
    plan(tmp_path, [])
    (tmp_path / "out" / "page.html").write_text("mine")
    with pytest.raises(StoreError, match=r"page.html changed since Tenfold wrote it.*Nothing was written"):
        plan(tmp_path, [])
    assert stored(tmp_path) == (1, 0)
    assert contents(tmp_path) == made_by(1) | {"page.html": "mine"}
    plan(tmp_path, [], force=True)
    assert contents(tmp_path) == made_by(2)


@pytest.fixture
def waiting(tmp_path, monkeypatch) -> Path:
    """A folder where plan 2 is committed, and its files could not be placed."""
    from tenfold.app.actions import outputs

    plan(tmp_path, [])
    with monkeypatch.context() as patch:

        def full(folder, token):
            raise StoreError("page.html: cannot be written (Permission denied).")

        patch.setattr(outputs, "place", full)
        with pytest.raises(
            StoreError, match=r"tenfold plan is done and stored in .*t.db, but not all of its files are in .*The next command"
        ) as error:
            plan(tmp_path, [])
    assert len(str(error.value)) < 600
    assert stored(tmp_path) == (2, 1)
    return tmp_path


def test_what_could_not_be_placed_is_said_and_done_later(waiting):
    notes: list[str] = []
    with open_community(waiting / "t.db", command="tenfold status", write=False, on_note=notes.append) as store:
        assert store.last_plan().number == 2
    assert len(notes) == 1
    assert "not all files of tenfold plan" in notes[0]
    assert contents(waiting) == made_by(1)
    assert "are now in their places" in log(waiting)[0]
    assert contents(waiting) == made_by(2)
    assert log(waiting) == []


def test_a_file_that_was_changed_meanwhile_is_not_lost(waiting):
    (waiting / "out" / "page.html").write_text("mine")
    assert "still wait" in log(waiting)[0]
    assert contents(waiting)["page.html"] == "mine"
    assert stored(waiting) == (2, 1)
    (waiting / "out" / "page.html").unlink()
    log(waiting)
    assert contents(waiting) == made_by(2)
    assert stored(waiting) == (2, 0)


def test_a_later_plan_takes_the_place_of_one_that_waits(waiting):
    (waiting / "out" / "page.html").write_text("mine")
    plan(waiting, [], force=True)
    assert stored(waiting) == (3, 0)
    assert contents(waiting) == made_by(3)
    plan(waiting, [])
    assert {one.name for one in (waiting / "out").iterdir()} == {"calendar", "csv", "page.html", MANIFEST}


def test_a_folder_that_is_gone_is_named_and_forgotten(waiting):
    (waiting / "out").rename(waiting / "moved")
    assert "is gone" in log(waiting)[0]
    assert log(waiting) == []


def test_a_record_from_a_hostile_community_file_leads_nowhere(tmp_path):
    plan(tmp_path, [])
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "placement.json").write_text("{}")
    with sqlite3.connect(tmp_path / "t.db") as db:
        folder = os.fsencode(tmp_path / "out")
        db.execute("INSERT INTO pending_output VALUES ('/../../victim', ?, 'x', 0)", (folder,))
    assert "still wait" in log(tmp_path)[0]
    assert {one.name for one in (tmp_path / "victim").iterdir()} == {"placement.json"}
