"""Migrations of the schema."""

import sqlite3

import pytest

from tenfold.errors import StoreError
from tenfold.people.store import open_store, schema

PEOPLE = "id,name,aliases,email,language,joined,can_mentor,capacity\n"
PEOPLE += "1,Ana Lima,Anita,ana@example.org,pt,2025-01-02,yes,8\n2,دانا,,,he,,no,\n3,Binh,,,,,,\n"


def test_migrations_run_in_one_transaction(add, tmp_path, look, monkeypatch):
    add(PEOPLE)
    released = len(schema.MIGRATIONS)
    good = "ALTER TABLE person ADD COLUMN colour TEXT; UPDATE person SET colour = 'green'"
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, good, "UPDATE missing SET x = 1"])
    with pytest.raises(StoreError, match="no such table"), open_store(tmp_path / "t.db", command="test", write=True):
        pass
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (released,)
        assert "colour" not in [row[1] for row in connection.execute("PRAGMA table_info(person)")]
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:-1])
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        assert store._db.execute("SELECT DISTINCT colour FROM person").fetchall() == [("green",)]
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (released + 1,)
