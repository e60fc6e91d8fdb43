"""A community file from a stranger: nothing in it runs, no value is taken on trust, and reading it ends."""

import sqlite3
from contextlib import closing
from itertools import pairwise

import polars as pl
import pytest

from tenfold.errors import DataError, StoreError
from tenfold.people.store import open_store
from tenfold.people.store.plan_tables import decode_table, encode_table

PEOPLE = "id,name,aliases,joined,can_mentor,capacity\n1,Ana,Anita,2025-01-02,yes,8\n2,Dana,,,,\n3,Binh,,,,\n"
CONTACTS = "time,a,b,kind,minutes\n2026-01-02 10:00,1,2,call,5\n2026-01-03,1,3,,\n"
GATHERINGS = "event,start,person\nTea,2026-01-05,1\nTea,2026-01-05,2\n"


@pytest.fixture
def file(add, tmp_path):
    for text in (PEOPLE, CONTACTS, GATHERINGS):
        add(text)
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        store.save_plan({"circles": pl.DataFrame({"person": ["1"]})}, {"seed": 1}, store.contacts().last())
    return tmp_path / "t.db"


def as_stranger(file, *statements, values=()):
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            db.execute(statement, values if "?" in statement else ())


def read_all(file):
    with open_store(file, command="test", write=False) as store:
        store.people(), store.contacts(), store.imports(), store.last_plan(), store.pending_outputs()


def refusal(file, write):
    with pytest.raises(StoreError) as error, open_store(file, command="test", write=write) as store:
        store.people(), store.contacts(), store.imports(), store.last_plan(), store.pending_outputs()
    text = str(error.value)
    assert len(text) < 600
    assert text.isprintable()
    return text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON contact BEGIN DELETE FROM person; END", "the trigger t is not Tenfold's"),
        ("CREATE VIEW v AS SELECT 1", "the view v is not Tenfold's"),
        ("CREATE TABLE more (x)", "the table more is not Tenfold's"),
        ("CREATE INDEX more ON person (name)", "the index more is not Tenfold's"),
        ("ALTER TABLE person ADD COLUMN more", "the table person is made otherwise"),
        ("ALTER TABLE person ADD COLUMN more GENERATED ALWAYS AS (id || name) VIRTUAL", "the table person is made otherwise"),
        ("DROP TABLE attendance", "the index attendance_person is missing, and 1 more"),
        ("DROP INDEX contact_b", "the index contact_b is missing"),
    ],
)
@pytest.mark.parametrize("write", [False, True])
def test_a_schema_that_is_not_ours_is_refused(file, change, words, write):
    as_stranger(file, change)
    assert words in refusal(file, write)


@pytest.mark.parametrize(
    ("change", "value", "words"),
    [
        ("UPDATE person SET name = ?", b"\xff", "column name holds 1 bytes; expected text"),
        ("UPDATE person SET name = ?", "a\x00b", "column name holds the text 'a b'"),
        ("UPDATE person SET name = ?", "x" * 10_001, "expected text of at most 10,000 bytes"),
        ("UPDATE person SET id = ? WHERE key = 1", "a\x1b[2J", "column id holds the text 'a [2J'"),
        ("UPDATE person SET joined = ?", "2026-02-30", "column joined holds the text '2026-02-30'; expected a date"),
        ("UPDATE person SET can_mentor = ?", 2, "column can_mentor holds the number 2"),
        ("UPDATE person SET capacity = ?", -1, "column capacity holds the number -1"),
        ("UPDATE person SET capacity = ?", "many", "column capacity holds the text 'many'"),
        ("UPDATE contact SET time = ?", 2**62, "column time holds the number 4611686018427387904; expected a time from 1900"),
        ("UPDATE contact SET time = ?", 0.5, "column time holds the number 0.5"),
        ("UPDATE contact SET minutes = ?", 9e999, "column minutes holds the number inf"),
        ("UPDATE contact SET minutes = ?", -1, "column minutes holds the number -1"),
        ("UPDATE contact SET kind = ?", b"x", "column kind holds 1 bytes"),
        ("UPDATE contact SET b = ?", 99, "column b names the row 99 of another table, which is not there"),
        ("UPDATE contact SET a = 1, b = ?", 1, "somebody is in contact with oneself"),
        ("UPDATE attendance SET person = person + ?", 50, "column person names the row 5"),
        ("UPDATE attendance SET gathering = ?", 7, "column gathering names the row 7"),
        ("UPDATE gathering SET event = ?", "", "column event holds the text ''"),
        ("UPDATE import SET at = ?", "now", "column at holds the text 'now'"),
        ("UPDATE plan SET settings = ?", "[" * 9999, "its settings are no JSON object"),
        ("UPDATE plan SET at = ?", 2**60, "the moment it is for is none"),
        ("UPDATE plan_table SET data = ?", "ARROW1", "plan 1 in the community file cannot be read: it holds no bytes"),
        ("INSERT INTO pending_output VALUES ('x', ?, 'x', 0)", b"relative", "column folder names no folder"),
        ("INSERT INTO pending_output VALUES ('x', ?, 'x', 0)", b"/a\x00b", "column folder names no folder"),
    ],
)
def test_a_value_that_its_column_may_not_hold_is_refused(file, change, value, words):
    read_all(file)
    as_stranger(
        file,
        change.replace("UPDATE contact", "UPDATE OR REPLACE contact").replace(
            "UPDATE attendance", "UPDATE OR REPLACE attendance"
        ),
        values=(value,),
    )
    assert words in refusal(file, write=False)


def test_the_quick_way_to_read_sees_what_the_careful_one_does(file):
    with open_store(file, command="test", write=False) as store:
        quick, careful = store.contacts(details=False), store.contacts()
    assert quick.table.equals(careful.table.select("time", "a", "b"))
    as_stranger(file, "UPDATE OR REPLACE contact SET time = 'soon'")
    with pytest.raises(StoreError, match="column time holds the text"), open_store(file, command="test", write=False) as store:
        store.contacts(details=False)


def test_ids_that_the_file_would_refuse_do_not_come_in(add):
    with pytest.raises(DataError, match="id 'a b' holds control characters"):
        add('id,name\n"a\x07b",Ana\n')


def test_a_tree_that_leads_back_to_itself_ends(file):
    """Fifteen inner pages of three hundred children each, all of them the next one."""
    from hostile_ways import PAGE, _inner_page

    with closing(sqlite3.connect(file)) as db:
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'contact'").fetchone()[0]
    data = bytearray(file.read_bytes())
    first = len(data) // PAGE + 1
    leaf = bytes(data[(root - 1) * PAGE : root * PAGE])
    data += bytes(14 * PAGE) + leaf
    chain = [root, *range(first, first + 15)]
    for number, child in pairwise(chain):
        _inner_page(data, number, child, is_table=False)
    data[28:32] = (len(data) // PAGE).to_bytes(4, "big")
    file.write_bytes(data)
    text = refusal(file, write=False)
    assert "more rows than the file has room for" in text or "reading it was given up" in text or "is damaged" in text
    assert "is damaged" in refusal(file, write=True)


@pytest.mark.parametrize("root", [-1, 0, 1, 5, 2**31 - 1])
def test_tables_begin_where_they_can(file, root):
    as_stranger(file, "PRAGMA writable_schema = ON", f"UPDATE sqlite_schema SET rootpage = {root} WHERE name = 'person'")
    for write in (False, True):
        assert "damaged" in refusal(file, write)


def test_damage_is_found_before_a_write_is_confirmed(file):
    """Two people under one id, which the index of ids does not know: the command changes nothing."""
    before = file.read_bytes()
    damaged = bytearray(before)
    at = damaged.index(b"Binh")
    page = at // 4096 * 4096
    damaged[page + 8 : page + 10] = b"\xff\xff"  # where the first row is
    file.write_bytes(damaged)
    with pytest.raises(StoreError, match="is damaged"), open_store(file, command="test", write=True) as store:
        store.resume("1")
    assert file.read_bytes() == damaged


def test_what_a_command_damages_is_not_committed(file, monkeypatch):
    """A fault between the check at the beginning and the commit."""
    from tenfold.people.store import connection

    found = iter(["ok", "page 3: broken"])

    def check(db, name):
        if next(found) != "ok":
            raise StoreError("is damaged")

    monkeypatch.setattr(connection, "check_structure", check)
    before = file.read_bytes()
    with pytest.raises(StoreError, match="is damaged"), open_store(file, command="test", write=True) as store:
        store.pause("1", None)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "data",
    [b"", b"x", "text", encode_table(pl.DataFrame({"a": [1]}))[:-3], b"ARROW1\x00\x00"],
)
def test_tables_of_plans_that_are_none(data):
    with pytest.raises(ValueError):
        decode_table(data)


def test_tables_of_plans_that_unpack_to_gigabytes_are_given_up():
    import zlib

    pack = zlib.compressobj(9)
    bomb = b"".join(pack.compress(b" " * (1 << 20)) for _ in range(100)) + pack.flush()
    with pytest.raises(ValueError, match="unpacks to more than is allowed"):
        decode_table(bomb)


def test_files_of_other_programs_beside_it(file):
    file.with_name("t.db-wal").write_bytes(b"x")
    assert "t.db-wal: belongs to another file" in refusal(file, write=False)
    assert "t.db-wal: belongs to another file" in refusal(file, write=True)
    file.with_name("t.db-wal").unlink()
    read_all(file)
