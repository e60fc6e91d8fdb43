"""Every command × every output that can fail, and a kill at every step: files, community file, message and exit code agree."""

import errno
import json
import os
import shutil
from contextlib import suppress
from itertools import groupby, pairwise
from pathlib import Path

import pytest

import kill_switch
from every_command import HIDDEN, ROWS, Ran, Remembered, Row, State, broken_pipe, full_disk, prepare, run, state
from tenfold.app.actions import outputs
from tenfold.app.actions.outputs import open_community, stage_outputs, write_outputs
from tenfold.app.cli import COMMANDS, tenfold
from tenfold.report.folder import OutputFolder

NOT_REPORTED = b"tenfold: the command is done, but its report could not be written (No space left on device).\n"
OUTPUTS = {
    "closed": (lambda: None, 0),
    "full": (full_disk, 3),
    "broken pipe": (broken_pipe, 0),
    "ascii": (lambda: "ascii", 0),
    "cp1252": (lambda: "cp1252", 0),
}
"""How stdout is made, and the exit code of a command that did its work."""


BOX = dict.fromkeys((*range(0x2500, 0x2580), *map(ord, "-|+=")))
"""What tables are drawn with, for terminals that have such letters and others."""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The community of all rows, not to be changed."""
    folder = tmp_path_factory.mktemp("matrix") / "home"
    folder.mkdir()
    prepare(folder)
    return folder


@pytest.fixture(scope="module")
def remembered() -> Remembered:
    return Remembered()


@pytest.fixture(scope="module")
def clean(home, remembered):
    """What each command makes when nothing is in its way: its output, and the state before and after."""
    found: dict[str, tuple[Ran, State, State]] = {}

    def get(command: str) -> tuple[Ran, State, State]:
        if command not in found:
            before, ran, after = _run_in_copy(home, command, remembered, "utf-8")
            assert ran.code == 0, ran.err
            found[command] = (ran, before, after)
        return found[command]

    return get


def _run_in_copy(home, command, remembered, stdout, *options):
    """Run a command in a copy of the community; the state before, what came of it, and the state after.

    The copy is always in the same place, as some files tell where their inputs were.
    """
    place = home.with_name("copy")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(home, place)
    before = state(place)
    with pytest.MonkeyPatch.context() as patch:
        remembered.patch(patch, command)
        ran = run(place, (*options, command, *ROWS[command].args), stdout)
    return before, ran, state(place)


def _words(text: str) -> list[str]:
    return text.translate(BOX).split()


def test_every_command_has_a_row():
    assert set(ROWS) == set(COMMANDS) == set(tenfold.list_commands(None))


@pytest.mark.parametrize("command", ROWS)
def test_a_row_says_what_its_command_changes(command, clean):
    """So that a cell below compares something."""
    row, (ran, before, after) = ROWS[command], clean(command)
    assert ran.out.strip()
    assert not HIDDEN.search((ran.out + ran.err).decode())
    assert (before.tables != after.tables) == row.stores
    new = {name for name in after.files if after.files[name] != before.files.get(name)}
    assert bool(new) == bool(row.folders)
    assert all(name.startswith(tuple(f"{folder}/" for folder in row.folders)) for name in new)
    assert set(before.files) <= set(after.files)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("command", ROWS)
def test_an_output_that_fails_changes_nothing_of_the_work(command, output, clean, home, remembered):
    """The work is that of a clean run; exit code and message say so."""
    make, code = OUTPUTS[output]
    expected, _, after = clean(command)
    stdout = make()
    _, ran, now = _run_in_copy(home, command, remembered, stdout)
    if stdout is not None and not isinstance(stdout, str):
        with suppress(OSError):
            stdout.close()
    assert (ran.code, now) == (code, after)
    if isinstance(stdout, str):
        for got, wanted in ((ran.out, expected.out), (ran.err, expected.err)):
            assert _words(got.decode(stdout)) == _words(
                wanted.decode().translate(BOX).encode(stdout, "backslashreplace").decode(stdout)
            )
    else:
        assert ran.err == expected.err + (NOT_REPORTED if code else b"")


@pytest.mark.parametrize("command", ROWS)
def test_json_is_one_document_of_the_same_work(command, clean, home, remembered):
    expected, _, after = clean(command)
    _, ran, now = _run_in_copy(home, command, remembered, "utf-8", "--json")
    assert (ran.code, now) == (0, after)
    text = ran.out.decode()
    assert isinstance(json.loads(text), dict)
    assert text.count("\n") == 1
    assert not HIDDEN.search(text)
    assert ran.err == expected.err


@pytest.mark.parametrize("command", [name for name, row in ROWS.items() if row.folders or row.stores])
def test_a_kill_at_every_step_leaves_each_work_done_or_not(command, home, tmp_path, remembered):
    """What is on the disk at a step is what a kill there leaves: it is kept, and the next command goes on from it."""
    row, place = ROWS[command], tmp_path / "home"
    shutil.copytree(home, place)
    steps: list[str] = []

    def step(what: str) -> None:
        if not what.startswith("after"):  # that is before the next one
            steps.append(what)
            with kill_switch.unwatched():
                shutil.copytree(place, tmp_path / str(len(steps)), copy_function=_keep)

    with pytest.MonkeyPatch.context() as patch:
        remembered.patch(patch, command)
        patch.chdir(place)
        with kill_switch.watched(step):
            assert run(place, (command, *row.args)).code == 0
    step("the end")
    before, after = state(home), state(place)
    assert before != after
    seen: list[State] = [before]
    for number in _chosen(steps):
        shutil.rmtree(place)
        (tmp_path / str(number)).rename(place)
        left = _go_on(place, row)
        if left != seen[-1]:
            seen.append(left)
        changes = [_difference(*pair) for pair in pairwise(seen)]
        assert len(changes) <= row.works, (number, steps[number - 1], changes)
    assert seen[-1] == after


@pytest.mark.parametrize("why", ["full", "closed", "gone"])
@pytest.mark.parametrize("command", [name for name, row in ROWS.items() if row.folders and row.stores])
def test_files_that_cannot_be_placed_are_said_and_placed_later(command, why, clean, home, remembered, monkeypatch):
    """Code 4: the community file is that of a clean run, the line says so, and the next command goes on."""
    _, before, after = clean(command)
    folder = ROWS[command].folders[-1]
    place, replace = home.with_name("copy"), os.replace
    errors = {"full": errno.ENOSPC, "closed": errno.EACCES}

    def fail(source, target):
        if Path(target) == place / folder / "plan.html":
            raise OSError(errors[why], os.strerror(errors[why]), str(target))
        replace(source, target)

    def remove(*args):
        shutil.rmtree(place / folder)
        place_committed(*args)

    place_committed = outputs._place_committed
    with monkeypatch.context() as patch:
        patch.setattr(*(outputs, "_place_committed", remove) if why == "gone" else (os, "replace", fail))
        _, ran, now = _run_in_copy(home, command, remembered, "utf-8")
    lines = [line for line in ran.err.decode().splitlines() if line.startswith("tenfold: ")]
    assert (ran.code, len(lines)) == (4, 1)
    assert f"tenfold {command} is done and stored in " in lines[0]
    assert "goes on with them" in lines[0]
    assert _stored(now) == _stored(after) != _stored(before)
    db = place / ("tenfold-demo/tenfold.db" if command == "demo" else "tenfold.db")
    later = run(place, ("--db", db, "resume", "p01"))
    assert later.code == 0
    assert (b"is gone" if why == "gone" else b"are now in their places") in later.err
    left = state(place)
    assert not any(left.tables[name] for name in left.tables if name.endswith("pending_output"))
    if why != "gone":
        assert left.files == after.files


def _stored(found: State) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in found.tables.items() if not name.endswith("pending_output")}


def _chosen(steps: list[str]) -> list[int]:
    """The numbers of all steps, but of many that are alike in their order: of the files of a plan the first, one between and the last."""
    kinds = [(what.split()[1], *what.split("/")[:-1]) for what in steps]
    runs = [list(group) for _, group in groupby(range(len(steps)), key=kinds.__getitem__)]
    return [run[k] + 1 for run in runs for k in sorted({0, len(run) // 2, len(run) - 1})]


def _keep(source: str, target: str) -> None:
    """Keep a file as it is now: a community file is written in place, all others are replaced as a whole."""
    (shutil.copy2 if ".db" in Path(source).name else os.link)(source, target)


def _difference(one: State, other: State) -> list[str]:
    """The files and tables that differ."""
    files = {name for name in one.files | other.files if one.files.get(name) != other.files.get(name)}
    return sorted(files | {name for name in one.tables | other.tables if one.tables.get(name) != other.tables.get(name)})


def _go_on(place: Path, row: Row) -> State:
    """The state after the next command that writes to the community file and into the folders."""
    for db in place.rglob("*.db"):
        with open_community(db, command="next", write=True, create=True, on_note=lambda _: None) as store:
            for folder in row.folders if row.stores else ():
                stage_outputs(store, OutputFolder(place / folder, command="next"), [("next", b"")], on_note=lambda _: None)
    for folder in row.folders:
        write_outputs(OutputFolder(place / folder, command="next"), [("next", b"")], on_note=lambda _: None)
        (place / folder / "next").unlink()
    return state(place)
