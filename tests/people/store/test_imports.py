"""Many contacts at once: their index is made afterwards, and nothing else differs."""

import sqlite3
from datetime import UTC, datetime

import pytest

from tenfold.people.readers import read_file
from tenfold.people.store import imports, open_store


@pytest.mark.parametrize("many", [1, 1000])
def test_the_index_is_there_after_an_import(tmp_path, monkeypatch, many):
    monkeypatch.setattr(imports, "MANY", many)
    rows = [f"2026-01-{day:02},p{day},p{day + 1}" for day in range(1, 29)]
    (tmp_path / "c.csv").write_text("time,a,b\n" + "\n".join(rows) + "\n")
    parsed = read_file(tmp_path / "c.csv")
    counts = []
    for _ in range(2):
        with open_store(tmp_path / "t.db", command="test", write=True, create=True) as store:
            counts.append(store.import_file(parsed, at=datetime.now(UTC)).kept)
    assert counts == [28, 0]
    with sqlite3.connect(tmp_path / "t.db") as db:
        found = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'contact_b'").fetchone()
        assert found == ("CREATE INDEX contact_b ON contact (b)",)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    db.close()
