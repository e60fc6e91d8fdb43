"""The schema of the community file: its tables, and the migrations from each version to the next."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from tenfold.errors import StoreError
from tenfold.people.store.pending import MIGRATION as PENDING_OUTPUT

__all__ = ["APPLICATION_ID", "MIGRATIONS", "epoch_microseconds", "migrate", "schema_version"]

APPLICATION_ID = 0x74656E66
"""SQLite's application id, "tenf": tells a community file from the databases of other programs."""

MIGRATIONS: list[str] = [
    """
    CREATE TABLE person (
        key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT, aliases TEXT, email TEXT, language TEXT, timezone TEXT, place TEXT,
        joined TEXT, role TEXT, can_mentor INTEGER, capacity INTEGER, degree INTEGER, availability TEXT, paused_until TEXT, consent INTEGER
    );
    CREATE TABLE import (
        key INTEGER PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, what TEXT NOT NULL, format TEXT NOT NULL,
        read INTEGER NOT NULL, kept INTEGER NOT NULL, known INTEGER NOT NULL, skipped TEXT NOT NULL, at INTEGER NOT NULL
    );
    CREATE TABLE contact (
        a INTEGER NOT NULL REFERENCES person (key), b INTEGER NOT NULL REFERENCES person (key), time INTEGER NOT NULL,
        kind TEXT NOT NULL, nth INTEGER NOT NULL, minutes REAL, circle TEXT, source TEXT, import INTEGER REFERENCES import (key),
        PRIMARY KEY (a, b, time, kind, nth), CHECK (a <> b)
    ) WITHOUT ROWID;
    CREATE INDEX contact_b ON contact (b);
    CREATE TABLE gathering (key INTEGER PRIMARY KEY, event TEXT NOT NULL, time INTEGER NOT NULL, UNIQUE (event, time));
    CREATE TABLE attendance (
        gathering INTEGER NOT NULL REFERENCES gathering (key), person INTEGER NOT NULL REFERENCES person (key), minutes REAL,
        import INTEGER REFERENCES import (key), PRIMARY KEY (gathering, person)
    ) WITHOUT ROWID;
    CREATE INDEX attendance_person ON attendance (person);
    CREATE TABLE merged (dropped TEXT PRIMARY KEY, kept TEXT NOT NULL, at INTEGER NOT NULL);
    CREATE TABLE plan (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, settings TEXT NOT NULL);
    CREATE TABLE plan_table (
        plan INTEGER NOT NULL REFERENCES plan (number) ON DELETE CASCADE, name TEXT NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (plan, name)
    ) WITHOUT ROWID;
    """,
    PENDING_OUTPUT,
    "ALTER TABLE attendance ADD COLUMN status TEXT;",
]
"""Migration k leads from schema version k to k + 1. Times are microseconds since 1970, days are ISO 8601. Never edit a released one."""


def epoch_microseconds(time: datetime) -> int:
    """A moment as the file keeps it: whole microseconds since 1970 UTC."""
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def schema_version(connection: sqlite3.Connection, name: str) -> int:
    """The schema version of a file, 0 for an empty one; raises for the file of another program or of a newer version of this one."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if application != APPLICATION_ID and (tables or application or version):
        raise StoreError(
            f"{name}: is a database of another program; expected a community file of Tenfold. Name another with --db."
        )
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{name}: was written by a newer Tenfold (version {version} of the file; this one reads up to {len(MIGRATIONS)}). "
            "Upgrade Tenfold."
        )
    return version


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Run the migrations that a file of that schema version lacks, within the open transaction."""
    if version == len(MIGRATIONS):
        return
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for step in MIGRATIONS[version:]:
        for statement in step.split(";"):
            if statement.strip():
                connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
