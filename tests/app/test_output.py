"""What commands print: nothing of it can move a terminal, and a report that cannot be written changes nothing of what was done."""

import os
import subprocess
import sys

import pytest

from community import demo_files
from tenfold.app.terminal.output import escape_json, printable
from tenfold.people.store import open_store

HOSTILE = "Ana\x1b[2J\x1b]0;owned\x07\x9b31m\u202eBinh[bold red]\x7f"
MAIN = "from tenfold.app.cli import main; main()"


@pytest.fixture(scope="module")
def community(tmp_path_factory):
    """A small community file, with a person whose name is hostile."""
    folder = tmp_path_factory.mktemp("community")
    people, contacts, *_ = demo_files(folder, n=40)
    text = people.read_text(encoding="utf-8").splitlines()
    row = text[1].split(",")
    row[1] = f'"{HOSTILE}"'
    people.write_text("\n".join([text[0], ",".join(row), *text[2:]]) + "\n", encoding="utf-8")
    ran = start(folder, "import", people, contacts)
    assert ran.returncode == 0, ran.stderr
    return folder


def start(folder, *args, stdout=subprocess.PIPE, **environment):
    """Run `tenfold …` as a process of its own; its output as bytes."""
    command = [sys.executable, "-c", MAIN, "--db", str(folder / "tenfold.db"), *map(str, args)]
    return subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, env=os.environ | environment, check=False)


def contacts_in(folder):
    """How many contacts the community file holds."""
    with open_store(folder / "tenfold.db", command="test", write=False) as store:
        return len(store.contacts())


def two_people(folder):
    """The ids of two people of the community."""
    with open_store(folder / "tenfold.db", command="test", write=False) as store:
        return store.people().table["id"].to_list()[1:3]


def test_control_characters_are_shown_and_not_obeyed():
    shown = printable(HOSTILE)
    assert shown == "Ana\\x1b[2J\\x1b]0;owned\\x07\\x9b31m\\u202eBinh[bold red]\\x7f"
    assert printable("Нуєн Лінь 阮 ‍") == "Нуєн Лінь 阮 ‍"
    assert printable("\udcff") == "\\udcff"


def test_json_means_the_same_with_its_controls_escaped():
    import json

    document = {"name": HOSTILE, "other": "\U0001f600 阮"}
    text = escape_json(json.dumps(document, ensure_ascii=False))
    assert json.loads(text) == document
    assert not {one for one in text if one in "\x7f\x9b\u202e"}


@pytest.mark.parametrize(
    "args", [("bonds",), ("bonds", "--json"), ("status", "--standing", "kept"), ("bonds", HOSTILE), (HOSTILE,)]
)
def test_no_command_sends_controls_to_the_terminal(community, args):
    ran = start(community, *args)
    for sent in (ran.stdout, ran.stderr):
        assert not [one for one in sent.decode() if one in "\x1b\x07\x9b\u202e\x7f"], sent
    assert ran.returncode in (0, 1, 2)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_letters_that_the_terminal_lacks_are_shown_escaped(community, encoding):
    for args in (("bonds",), ("--help",), ("left-out",), ("log", "Нуєн", "nobody")):
        ran = start(community, *args, PYTHONIOENCODING=encoding)
        assert b"UnicodeEncodeError" not in ran.stderr
        assert ran.returncode == (1 if args[0] == "log" else 0), ran.stderr
        ran.stdout.decode(encoding)


def test_a_full_disk_under_the_report_is_no_word_about_the_work(community):
    before, (one, other) = contacts_in(community), two_people(community)
    with open("/dev/full", "wb") as full:
        ran = start(community, "log", one, other, "--again", stdout=full)
    assert contacts_in(community) == before + 1
    assert ran.returncode == 3
    assert b"the command is done, but its report could not be written (No space left on device)" in ran.stderr
    assert b"nothing was changed" not in ran.stderr


def test_a_reader_who_went_away_is_no_failure(community):
    before, (one, other) = contacts_in(community), two_people(community)
    reader, writer = os.pipe()
    os.close(reader)
    ran = start(community, "log", one, other, "--again", stdout=writer)
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert contacts_in(community) == before + 1


def test_a_command_that_was_started_without_an_output(community):
    before, (one, other) = contacts_in(community), two_people(community)
    line = f'"{sys.executable}" -c "{MAIN}" --db tenfold.db log "{one}" "{other}" --again >&-'
    ran = subprocess.run(["sh", "-c", line], cwd=community, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert contacts_in(community) == before + 1
