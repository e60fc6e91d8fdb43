"""Undo: whole and exact, in any order that makes sense; where a later command rests on it, that one is named and nothing is changed."""

import random
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tenfold.errors import DataError
from tenfold.people.readers import read_file
from tenfold.people.store import open_store
from tenfold.people.store.decisions import Decision

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PEOPLE = "id,name,place\n" + "".join(f"p{k},Person {k},Lima\n" for k in range(8))


def file(folder: Path, name: str, text: str):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_file(path, now=NOW)


def facts(db: Path) -> dict[str, list[tuple]]:
    """All that a community holds, without keys and numbers that tell only in which order it came."""
    with sqlite3.connect(db) as connection:

        def rows(sql: str) -> list[tuple]:
            return sorted(connection.execute(sql).fetchall(), key=repr)

        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            "person": rows("SELECT id, name, aliases, place, paused_until FROM person"),
            "contact": rows(
                "SELECT p.id, q.id, time, c.kind, minutes, source FROM contact c JOIN person p ON p.key = a JOIN person q ON q.key = b"
            ),
            "attendance": rows(
                "SELECT event, time, id, status FROM attendance JOIN gathering g ON g.key = gathering JOIN person p ON p.key = person"
            ),
            "gathering": rows("SELECT event, time FROM gathering"),
            "merged": rows("SELECT dropped, kept FROM merged"),
            "decision": rows(
                "SELECT kind, p.id, q.id, undone IS NULL FROM decision "
                "LEFT JOIN person p ON p.key = person LEFT JOIN person q ON q.key = other"
            ),
            "import": rows("SELECT path, what, kept, known FROM import"),
        }


def do(db: Path, folder: Path, what: tuple) -> None:
    """One command."""
    kind, *rest = what
    with open_store(db, command=f"tenfold {kind}", write=True, create=True) as store:
        if kind == "import":
            store.import_file(file(folder, *rest), at=NOW)
        elif kind == "log":
            store.log_contact(rest[0], rest[1], time=NOW + timedelta(minutes=rest[2]), kind="call", minutes=12.5)
        elif kind == "pause":
            store.pause(rest[0], date(2027, 1, rest[1]))
        elif kind == "merge":
            store.merge(rest[0], rest[1])
        elif kind == "decide":
            store.add_decision(Decision(0, NOW, "together", rest[0], rest[1]))
        store.words = kind
        store.close_tasks()


def undo(db: Path, number: int) -> None:
    with open_store(db, command="tenfold undo", write=True) as store:
        store.undo(number)


COMMANDS = [
    ("import", "calls.csv", "time,a,b\n2026-11-01,p0,p1\n2026-11-02,p1,p2\n2026-11-02,p1,New One\n"),
    ("import", "more.csv", "id,name,place\np1,Person 1,Hué\np9,Person 9,Oslo\n"),
    (
        "import",
        "sunday.csv",
        "event,start,person,status\nSunday,2026-11-08,p0,present\nSunday,2026-11-08,p3,present\nSunday,2026-11-08,p4,absent\n",
    ),
    ("log", "p2", "p3", 1),
    ("log", "p5", "p4", 2),
    ("pause", "p6", 10),
    ("decide", "p0", "p7"),
    ("merge", "p3", "p5"),
]


@pytest.mark.parametrize("number", range(len(COMMANDS)))
def test_undo_of_one_command_is_as_if_it_had_never_been(tmp_path, number):
    folder = tmp_path / "files"
    folder.mkdir()
    first = ("import", "people.csv", PEOPLE)
    with_it, without = tmp_path / "with.db", tmp_path / "without.db"
    for command in (first, COMMANDS[number]):
        do(with_it, folder, command)
    do(without, folder, first)
    undo(with_it, 2)
    assert facts(with_it) == facts(without)
    before = facts(with_it)
    undo(with_it, 3)  # the undo is undone
    do(without, folder, COMMANDS[number])
    assert facts(with_it) == facts(without) != before


@pytest.mark.parametrize("seed", range(8))
def test_undo_in_any_order_that_makes_sense(tmp_path, seed):
    """Random commands, some of them undone: either as if those had never been, or a later one is named."""
    draw, folder = random.Random(seed), tmp_path / "files"
    folder.mkdir()
    commands = draw.sample(COMMANDS, 5)
    db, other = tmp_path / "with.db", tmp_path / "without.db"
    done = [("import", "people.csv", PEOPLE)]
    do(db, folder, done[0])
    for command in commands:
        try:
            do(db, folder, command)
            done.append(command)
        except DataError:  # of somebody who was merged
            continue
    undone: set[int] = set()
    for number in draw.sample(range(2, len(done) + 1), min(3, len(done) - 1)):
        before = facts(db)
        refused = ""
        try:
            undo(db, number)
            undone.add(number)
        except DataError as error:
            refused = str(error)
        assert not refused or (f"batch {number}" in refused and facts(db) == before)
    for number, command in enumerate(done, start=1):
        if number not in undone:
            do(other, folder, command)
    assert facts(db) == facts(other)


def test_what_rests_on_it_is_named_and_nothing_is_changed(tmp_path):
    folder, db = tmp_path, tmp_path / "t.db"
    do(db, folder, ("import", "people.csv", PEOPLE))
    do(db, folder, ("pause", "p1", 10))
    do(db, folder, ("pause", "p1", 20))
    before = facts(db)
    with pytest.raises(DataError, match=r"batch 2: batch 3 \(pause\) changed the same since; undo that one first"):
        undo(db, 2)
    with pytest.raises(DataError, match="batch 1"):
        undo(db, 1)
    with pytest.raises(DataError, match="batch 9 is not there"):
        undo(db, 9)
    assert facts(db) == before
    undo(db, 3)
    undo(db, 2)
    with pytest.raises(DataError, match=r"batch 2 .* is undone already, by batch 5"):
        undo(db, 2)
    undo(db, 1)
    assert facts(db)["person"] == []


def test_rows_that_a_later_import_found_there_are_not_taken_from_under_it(tmp_path):
    db, calls = tmp_path / "t.db", "time,a,b\n2026-11-01,p0,p1\n"
    do(db, tmp_path, ("import", "people.csv", PEOPLE))
    do(db, tmp_path, ("import", "calls.csv", calls))
    do(db, tmp_path, ("import", "again.csv", calls + "2026-11-05,p2,p3\n"))
    with pytest.raises(DataError, match=r"batch 2: batch 3 \(import\) found rows there, which may be of this one"):
        undo(db, 2)
    undo(db, 3)
    undo(db, 2)
    assert facts(db)["contact"] == []


@pytest.mark.parametrize(
    ("first", "later"),
    [
        (("import", "calls.csv", "time,a,b\n2026-11-01,p0,Xenia\n"), ("decide", "p2", "Xenia")),
        (("import", "calls.csv", "time,a,b\n2026-11-01,p0,Xenia\n"), ("import", "list.csv", "id,name\nXenia,Xenia\n")),
        (("log", "p0", "p1", 0), ("import", "calls.csv", "time,a,b,kind\n2026-11-27T12:00:00Z,p0,p1,call\n")),
    ],
)
def test_what_a_later_command_relies_on_is_not_taken(tmp_path, first, later):
    db = tmp_path / "one.db"
    for what in (("import", "people.csv", PEOPLE), first, later):
        do(db, tmp_path, what)
    before = facts(db)
    with pytest.raises(DataError, match=r"batch 3 .* undo that one first"):
        undo(db, 2)
    assert facts(db) == before
    undo(db, 3)
    undo(db, 2)
    do(tmp_path / "other.db", tmp_path, ("import", "people.csv", PEOPLE))
    assert facts(db)["person"] == facts(tmp_path / "other.db")["person"]
    assert facts(db)["contact"] == []


def test_minutes_come_back_to_the_last_bit(tmp_path):
    db, random_minutes = tmp_path / "one.db", random.Random(1)
    rows = "".join(
        f"2026-11-{1 + k % 27:02}T{k % 24:02}:00:00Z,p5,p{k % 5},{random_minutes.uniform(0, 100)!r}\n" for k in range(120)
    )
    do(db, tmp_path, ("import", "people.csv", PEOPLE))
    do(db, tmp_path, ("import", "calls.csv", "time,a,b,minutes\n" + rows))
    before = facts(db)
    with open_store(db, command="tenfold merge", write=True) as store:
        store.merge("p6", "p5")
    assert facts(db)["contact"] != before["contact"]
    undo(db, 3)
    assert facts(db) == before


def test_a_command_that_changes_nothing_and_a_plan_are_no_batches(tmp_path):
    db = tmp_path / "t.db"
    do(db, tmp_path, ("import", "people.csv", PEOPLE))
    with open_store(db, command="tenfold pause", write=True) as store:
        store.resume("p1")
    with open_store(db, command="tenfold plan", write=True) as store:
        store.pause("p1", date(2027, 1, 1))
    with open_store(db, command="tenfold history", write=False) as store:
        assert store.history().select("number", "command", "undone").rows() == [(1, "tenfold import", None)]


def test_imports_are_not_recorded_row_by_row(tmp_path):
    db = tmp_path / "t.db"
    lines = "".join(f"2026-01-{1 + k % 28:02},p{k % 8},p{(k + 1 + k % 7) % 8}\n" for k in range(3000))
    do(db, tmp_path, ("import", "people.csv", PEOPLE))
    do(db, tmp_path, ("import", "calls.csv", "time,a,b\n" + lines))
    with sqlite3.connect(db) as connection:
        assert connection.execute("SELECT count(*) FROM contact").fetchone()[0] > 2000
        assert connection.execute("SELECT count(*) FROM change WHERE batch = 2").fetchone()[0] < 10
    undo(db, 2)
    assert facts(db)["contact"] == []
