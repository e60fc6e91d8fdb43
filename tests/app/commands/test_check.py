"""`tenfold check` says what is wrong with a community file, and saves what is whole of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tenfold.people.store import open_store


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            db.execute(statement)


def test_a_whole_file(run, db):
    before = db.read_bytes()
    ran = run("check")
    assert ran.code == 0, ran.err
    assert "Nothing is wrong with it." in ran.out
    assert run("check", "--json").document["whole"] is True
    assert db.read_bytes() == before


def test_what_is_wrong_is_counted_and_the_rest_is_saved(run, db, tmp_path):
    people, contacts = rows(db, "person"), rows(db, "contact")
    change(
        db,
        "CREATE TRIGGER t AFTER DELETE ON person BEGIN DELETE FROM contact; END",
        "ALTER TABLE person ADD COLUMN more TEXT GENERATED ALWAYS AS (id || name) VIRTUAL",
        "UPDATE person SET timezone = 'Nowhere/At_All' WHERE key = 1",
        "UPDATE person SET name = X'FF' WHERE key = 2",
        "UPDATE contact SET minutes = -1 WHERE a = 3",
        "UPDATE plan_table SET data = X'00' WHERE name = 'hazards'",
        "INSERT INTO contact VALUES (1, 99999, 0, 'x', 0, NULL, NULL, NULL, NULL)",
    )
    bad = sum(1 for row in rows(db, "contact") if row[0] == 3)
    before = db.read_bytes()
    ran = run("check", "--json")
    assert ran.code == 1
    assert "tenfold check --repair writes what is whole into tenfold-repaired.db" in ran.err
    found = ran.document
    assert found["mended"] == {"person": {"name": 1, "timezone": 1}} | ({"contact": {"minutes": bad}} if bad else {})
    assert found["lost"] == {
        "contact": {"b names what is not there": 1},
        "plan_table": {"its end is missing": 1},
    }
    assert any("the trigger t is not Tenfold's" in line for line in found["damage"])
    assert run("check", "--repair").code == 0
    assert db.read_bytes() == before
    repaired = tmp_path / "tenfold-repaired.db"
    assert [row[1] for row in rows(repaired, "person")] == [row[1] for row in people]
    assert [row[:5] for row in rows(repaired, "contact")] == [row[:5] for row in contacts]
    assert run("--db", repaired, "check").code == 0
    assert run("--db", repaired, "status").code == 1  # the plan has lost a table
    assert run("check", "--repair").code == 1  # the new file is there already
    with open_store(repaired, command="test", write=True) as store:
        assert len(store.people()) == len(people)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_a_page_that_is_gone_costs_no_more_than_its_rows(run, db, tmp_path, share):
    """One of the leaves of the table of contacts."""
    contacts = [row[:5] for row in rows(db, "contact")]
    with closing(sqlite3.connect(db)) as opened:
        leaves = opened.execute("SELECT pageno FROM dbstat WHERE name = 'contact' AND pagetype = 'leaf' ORDER BY path").fetchall()
    data = bytearray(db.read_bytes())
    at = 4096 * (leaves[int(share * len(leaves))][0] - 1)
    data[at : at + 4096] = bytes(4096)
    db.write_bytes(data)
    assert run("check").code == 1
    assert run("check", "--repair").code == 0
    saved = [row[:5] for row in rows(tmp_path / "tenfold-repaired.db", "contact")]
    assert set(saved) < set(contacts)
    assert len(contacts) - len(saved) < 3 * len(contacts) / len(leaves)
    assert run("--db", tmp_path / "tenfold-repaired.db", "bonds").code == 0


def test_a_file_without_its_first_page(run, db):
    data = bytearray(db.read_bytes())
    data[100:4096] = bytes(3996)
    db.write_bytes(data)
    ran = run("check", "--repair")
    assert ran.code in (0, 1)
    assert "Traceback" not in ran.err
    assert db.read_bytes() == data
