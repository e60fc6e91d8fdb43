"""The community file on the disk: one file at rest, for its owner alone; journals of others are not taken in."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import polars as pl
import pytest

from tenfold.errors import StoreError
from tenfold.people.store import open_store
from tenfold.people.store.schema import APPLICATION_ID, MIGRATIONS

AT = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = "id,name\n1,Ana\n2,Binh\n3,Chi\n"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_files_are_for_their_owner_alone(add, tmp_path, open_umask):
    add(PEOPLE)
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        store.pause("1", None)
        found = {one.name: mode(one) for one in tmp_path.iterdir() if one.suffix != ".csv"}
    with open_store(tmp_path / "t.db", command="test", write=False) as store:
        store.backup(tmp_path / "b.db")
    assert found == {"t.db": 0o600, "t.db-journal": 0o600, "t.db-holder": 0o600}
    assert mode(tmp_path / "b.db") == 0o600


def test_a_look_leaves_nothing_beside_the_file(add, tmp_path, look):
    add(PEOPLE)
    (tmp_path / "f.csv").unlink()
    with look() as store:
        assert len(store.people()) == 3
        assert names(tmp_path) == ["t.db"]
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        store.pause("1", None)
        beside = names(tmp_path)
        with look() as other:
            assert other.people().table["paused_until"].null_count() == 3
            assert names(tmp_path) == beside
    assert names(tmp_path) == ["t.db"]
    with look() as store:
        assert store.people().table["paused_until"].null_count() == 2


def test_a_reader_sees_one_moment_and_the_writer_waits_for_it(add, tmp_path, look):
    add(PEOPLE)
    code = (
        "import sys; from pathlib import Path; from tenfold.people.store import open_store\n"
        "with open_store(Path(sys.argv[1]), command='w', write=True) as store:\n    store.pause('1', None)\nprint('done')"
    )
    with look() as store:
        writer = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "t.db")], stdout=subprocess.PIPE, text=True)
        for _ in range(50):
            assert store.people().table["paused_until"].null_count() == 3
        assert writer.poll() is None
    assert writer.communicate()[0] == "done\n"
    with look() as store:
        assert store.people().table["paused_until"].null_count() == 2


KILLED = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 1")
db.execute("BEGIN")
db.execute("UPDATE person SET name = 'lost' || hex(zeroblob(3000))")
db.execute("UPDATE person SET role = 'lost' || hex(zeroblob(3000))")
os.kill(os.getpid(), 9)
"""


def kill_while_writing(path):
    ran = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert path.with_name(path.name + "-journal").stat().st_size > 0


def test_its_own_journal_is_played_back(add, tmp_path, look):
    add("id,name\n" + "".join(f"{k},n{k}\n" for k in range(200)))
    kill_while_writing(tmp_path / "t.db")
    with look() as store:
        assert set(store.people().table["role"]) == {None}
    assert not (tmp_path / "t.db-journal").exists()


def test_the_journal_of_another_file_is_refused(add, tmp_path):
    """As it is left when a backup is copied over a file whose command was killed."""
    add("id,name\n" + "".join(f"{k},n{k}\n" for k in range(200)))
    old = (tmp_path / "t.db").read_bytes()
    for _ in range(3):
        with open_store(tmp_path / "t.db", command="test", write=True) as store:
            store.resume("1")
            store.pause("1", None)
    kill_while_writing(tmp_path / "t.db")
    (tmp_path / "t.db").write_bytes(old)
    for write in (False, True):
        with (
            pytest.raises(StoreError, match=r"t.db-journal: belongs to another file"),
            open_store(tmp_path / "t.db", command="test", write=write),
        ):
            pass
    assert (tmp_path / "t.db").read_bytes() == old
    (tmp_path / "t.db-journal").unlink()
    with open_store(tmp_path / "t.db", command="test", write=False) as store:
        assert len(store.people()) == 200


@pytest.fixture
def older(tmp_path):
    """A file of version 2, in WAL mode, with two plans."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for step in MIGRATIONS[:2]:
            for statement in step.split(";"):
                db.execute(statement)
        db.execute("PRAGMA user_version = 2")
        db.execute("INSERT INTO person (id, name) VALUES ('1', 'Ana')")
        for number in (1, 2):
            db.execute("INSERT INTO plan VALUES (?, ?, '{\"seed\": 4}')", (number, 1_780_000_000_000_000))
            for name in ("circles", "this_week", "risks"):
                frame = pl.DataFrame({"person": ["1"], "of": [f"{name} {number}"], "due": [AT]})
                db.execute(
                    "INSERT INTO plan_table VALUES (?, ?, ?)",
                    (number, name, frame.write_ipc(None, compression="zstd").getvalue()),
                )
    return path


def test_an_older_file_is_backed_up_and_brought_up_to_date(older):
    before, told = older.read_bytes(), []
    with pytest.raises(StoreError, match="written by an older Tenfold"), open_store(older, command="test", write=False):
        pass
    assert older.read_bytes() == before
    with open_store(older, command="test", write=True, on_wait=told.append) as store:
        assert store.plan(1).tables.keys() == {"this_week", "risks"}
        assert store.plan(1).tables["this_week"]["of"].to_list() == ["this_week 1"]
        assert store.plan(1).tables["risks"].columns == ["person"]
        assert store.last_plan().tables["circles"].row(0) == ("1", "circles 2", AT)
    kept = older.with_name(f"old-version-2-{datetime.now(UTC):%Y-%m-%d}.db")
    assert kept.name in told[0]
    assert mode(kept) == 0o600
    with closing(sqlite3.connect(kept)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
        assert db.execute("SELECT count(*) FROM plan_table").fetchone() == (6,)
    assert names(older.parent) == [kept.name, "old.db"]


def test_plans_of_an_older_file_that_would_end_the_process_change_nothing(older):
    with closing(sqlite3.connect(older, isolation_level=None)) as db:
        data = bytearray(db.execute("SELECT data FROM plan_table WHERE plan = 2 AND name = 'circles'").fetchone()[0])
        data[len(data) // 3 :: 7] = b"\x7f" * len(data[len(data) // 3 :: 7])
        db.execute("UPDATE plan_table SET data = ? WHERE plan = 2 AND name = 'circles'", (bytes(data),))
        db.execute("PRAGMA wal_checkpoint")
    with (
        pytest.raises(StoreError, match="plan 2 of the older file: its table 'circles' cannot be read"),
        open_store(older, command="test", write=True),
    ):
        pass
    with closing(sqlite3.connect(older)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
