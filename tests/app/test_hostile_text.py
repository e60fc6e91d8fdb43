"""Hostile text in every argument of every command and every kind of error: it is shown, not obeyed, and nothing is done by halves."""

import shutil

import click
import pytest

from every_command import HIDDEN, HOSTILE, ROWS, Remembered, community_content, prepare, run
from tenfold import errors
from tenfold.app import cli
from tenfold.app.cli import COMMANDS, tenfold

TEXT = HOSTILE + "\udc9b"
"""With a byte that is no letter, as it comes from the name of a file."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The community of all rows, which these commands cannot change."""
    folder = tmp_path_factory.mktemp("hostile") / "home"
    folder.mkdir()
    prepare(folder)
    return folder


def parameters() -> list[tuple[str, click.Parameter]]:
    """Every argument and option of every command that takes text: all that are no switch and no number."""
    found = []
    for name in COMMANDS:
        command = tenfold.get_command(None, name)
        found += [(name, one) for one in command.params if not (isinstance(one, click.Option) and one.is_flag)]
    return found


def call(command: str, parameter: click.Parameter, text: str) -> list[str]:
    """The command line of a row with `text` in one place."""
    args = list(ROWS[command].args)
    if isinstance(parameter, click.Option):
        return [command, *args, parameter.opts[-1], text]
    if parameter.nargs == -1:
        return [command, text, *args]
    arguments = [one for one in tenfold.get_command(None, command).params if isinstance(one, click.Argument)]
    place = arguments.index(parameter)
    return [command, *args[:place], text, *args[place + 1 :]]


@pytest.fixture(scope="module")
def remembered():
    return Remembered()


@pytest.mark.parametrize(("command", "parameter"), parameters(), ids=lambda one: one if isinstance(one, str) else one.name)
def test_every_argument_takes_hostile_text_calmly(command, parameter, home, tmp_path, remembered):
    """It is refused, or taken as a name; what is printed holds it escaped."""
    place = tmp_path / "home"
    shutil.copytree(home, place)
    before = community_content(place / "tenfold.db")
    with pytest.MonkeyPatch.context() as patch:
        remembered.patch(patch, command)
        for text in (TEXT, f"{TEXT}={TEXT}"):
            ran = run(place, call(command, parameter, text))
            told = (ran.out + ran.err).decode()
            assert ran.code in (0, 1, 2), told
            assert not HIDDEN.search(told)
            assert "a fault of Tenfold" not in told
            assert ran.out or ran.code
            if ran.code:
                assert len([line for line in ran.err.decode().splitlines() if line.startswith("tenfold: ")]) == 1
                assert community_content(place / "tenfold.db") == before


@pytest.mark.parametrize("args", [(TEXT,), ("--db", TEXT, "status"), (TEXT, TEXT), ("--" + TEXT,), ("status", "--" + TEXT)])
def test_what_is_no_command_is_shown_as_it_is(args, home):
    ran = run(home, args)
    assert ran.code in (1, 2)
    assert not HIDDEN.search(ran.err.decode())


@pytest.mark.parametrize("command", ["import", "simulate", "seeds", "plan"])
def test_files_with_hostile_names(command, home, tmp_path, remembered):
    """Names of files and folders that are read and written."""
    place = tmp_path / TEXT.replace("/", "")
    shutil.copytree(home, place)
    files = {"import": "people.csv", "simulate": "spec.toml", "seeds": "ties.csv"}
    args = [command, *ROWS[command].args]
    if command in files:
        name = files[command]
        strange = TEXT.replace("/", "") + name
        (place / name).rename(place / strange)
        args = [strange if one == name else one for one in args]
    else:
        args += ["--out", str(place / TEXT.replace("/", ""))]
    ran = run(place, args)
    told = (ran.out + ran.err).decode()
    assert ran.code == 0, told
    assert not HIDDEN.search(told)
    as_json = run(place, ["--json", *args, *(["--force"] if ROWS[command].folders else [])])
    assert as_json.code == 0, as_json.err
    assert not HIDDEN.search(as_json.out.decode())


@pytest.mark.parametrize("name", errors.__all__)
def test_every_kind_of_error_is_one_line_without_controls(name, monkeypatch, tmp_path):
    def fail(**_):
        raise getattr(errors, name)(f"{TEXT}\n{TEXT}")

    monkeypatch.setattr(cli, "tenfold", fail)
    ran = run(tmp_path, ["status"])
    assert ran.code == 1
    assert ran.err.decode().count("\n") == 1
    assert not HIDDEN.search(ran.err.decode())
    assert "[bold red]" in ran.err.decode()
