"""The schema of the community file: its tables, and the migrations from each version to the next."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing

from tenfold.errors import StoreError
from tenfold.people.printable import printable
from tenfold.people.store.decisions import MIGRATION as DECISIONS
from tenfold.people.store.file_header import UTF_8, FileHeader
from tenfold.people.store.forget import MIGRATION as FORGOTTEN
from tenfold.people.store.history import MIGRATION as HISTORY
from tenfold.people.store.old_plans import recode_plans
from tenfold.people.store.pending import MIGRATION as PENDING_OUTPUT
from tenfold.people.store.tasks import MIGRATION as TASKS

__all__ = [
    "APPLICATION_ID",
    "MIGRATIONS",
    "check_header",
    "check_schema",
    "check_structure",
    "migrate",
    "schema_faults",
]

APPLICATION_ID = 0x74656E66
"""SQLite's application id, "tenf": tells a community file from the databases of other programs."""

MOST_OBJECTS = 100

MIGRATIONS: list[str | Callable[[sqlite3.Connection], None]] = [
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
    recode_plans,
    "ALTER TABLE attendance ADD COLUMN status TEXT;",
    DECISIONS + TASKS,
    HISTORY,
    FORGOTTEN,
]
"""Migration k leads from schema version k to k + 1. Times are microseconds since 1970, days are ISO 8601. Never edit a released one."""


def check_header(header: FileHeader, name: str) -> None:
    """Raise for the file of another program, or of a newer version of this one. An empty file is none of these."""
    if not header.size:
        return
    if not header.is_sqlite:
        raise StoreError(f"{name}: is no community file of Tenfold (it is no SQLite database). Name another with --db.")
    blank = not header.application and not header.version and header.size == header.page_size
    if header.application != APPLICATION_ID and not blank:
        raise StoreError(
            f"{name}: is a database of another program; expected a community file of Tenfold. Name another with --db."
        )
    if header.encoding not in (0, UTF_8):
        raise StoreError(
            f"{name}: its texts are in UTF-16; Tenfold writes UTF-8. Another program made it; name another with --db."
        )
    if header.version > len(MIGRATIONS):
        raise StoreError(
            f"{name}: was written by a newer Tenfold (version {header.version} of the file; this one reads up to {len(MIGRATIONS)}). "
            "Upgrade Tenfold."
        )


def schema_faults(connection: sqlite3.Connection, version: int) -> list[str]:
    """In what the schema differs from that of a file of this version, in a few words each; empty if it is the same.

    Whoever made the file, it then holds tables and indexes of ours alone: no trigger, view, generated column or virtual table can run.
    """
    if version == 0:
        found = connection.execute("SELECT type, name FROM sqlite_schema LIMIT 1").fetchone()
        return [] if found is None else [f"the {found[0]} {found[1]} in a file that says it is empty"]
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        migrate(empty, 0, version)
        ours = _objects(empty)
    found_objects = _objects(connection)
    faults = [
        f"the {kind} {name} is " + ("made otherwise than Tenfold's" if (kind, name) in ours else "not Tenfold's")
        for kind, name in sorted(found_objects)
        if found_objects[kind, name] != ours.get((kind, name))
    ]
    faults += [f"the {kind} {name} is missing" for kind, name in sorted(ours) if (kind, name) not in found_objects]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    roots = connection.execute(f"SELECT type, name, rootpage FROM sqlite_schema LIMIT {MOST_OBJECTS}").fetchall()
    places = Counter(root for kind, _, root in roots if kind in ("table", "index"))
    return faults + [
        f"the {kind} {name} begins on page {root}, where it cannot"
        for kind, name, root in roots
        if kind in ("table", "index") and (type(root) is not int or not 1 < root <= pages or places[root] > 1)
    ]


def check_schema(connection: sqlite3.Connection, version: int, name: str) -> None:
    """Raise unless the schema is that of a file of this version."""
    faults = schema_faults(connection, version)
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        raise StoreError(
            f"{name}: {printable(faults[0], 100)}{more}; expected the tables that Tenfold makes. Another program changed the file, or it "
            "is damaged. tenfold check --repair writes what is whole into a new file."
        )


def check_structure(connection: sqlite3.Connection, name: str) -> None:
    """Raise if pages, rows or free space of the file are damaged, as it is with the changes of the open transaction."""
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except MemoryError:  # pages that name pages far beyond the end
        found = "it names pages that it does not have"
    if found != "ok":
        what = printable(" ".join(str(found).replace("*** in database main ***", "").split()), 100)
        raise StoreError(
            f"{name}: is damaged ({what}); nothing was changed. Put back a backup; or tenfold check --repair writes what is "
            "whole into a new file."
        )


def migrate(connection: sqlite3.Connection, version: int, to: int | None = None) -> None:
    """Run the migrations that a file of that schema version lacks, within the open transaction."""
    last = len(MIGRATIONS) if to is None else to
    if version == last:
        return
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for step in MIGRATIONS[version:last]:
        if callable(step):
            step(connection)
            continue
        for statement in step.split(";"):
            if statement.strip():
                connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {last}")


def _objects(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[str, str]]:
    """What the schema holds, by kind and name: its table, and the words that made it."""
    rows = connection.execute(f"SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT {MOST_OBJECTS}").fetchall()
    return {(str(kind), str(name)): (str(table), " ".join(str(sql).split())) for kind, name, table, sql in rows}
