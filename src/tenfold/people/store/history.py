"""History: each command that writes is a batch with a number, which can be undone.

While a command works, triggers of its own connection record which rows it changes; nothing of that is in the schema of the file. Contacts
and attendance that an import brings are not recorded one by one, as each of these rows has the key of its import.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import polars as pl

from tenfold.errors import DataError
from tenfold.people.store.times import epoch_microseconds
from tenfold.people.store.validated import ValidatedReader

__all__ = ["MIGRATION", "UNRECORDED", "batches", "keep_batch", "record_changes", "record_insert", "undo_batch"]

MIGRATION = """
    CREATE TABLE batch (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, command TEXT NOT NULL, words TEXT NOT NULL, undone INTEGER
    );
    CREATE TABLE change (
        batch INTEGER NOT NULL REFERENCES batch (number) ON DELETE CASCADE, nth INTEGER NOT NULL, name TEXT NOT NULL,
        before TEXT, after TEXT, PRIMARY KEY (batch, nth)
    ) WITHOUT ROWID;
"""
UNRECORDED = ("plan", "demo", "check", "backup", "export")
"""Commands that are no batches: a plan is made anew, and files are not in here."""
RECORDED = {
    "import": ("key",),
    "person": ("key",),
    "merged": ("dropped",),
    "decision": ("number",),
    "task": ("number",),
    "gathering": ("key",),
    "contact": ("a", "b", "time", "kind", "nth"),
    "attendance": ("gathering", "person"),
}
"""Tables whose changes are recorded, those first to which others refer; and the columns that make a row unlike all others."""
BULK = ("contact", "attendance")
"""Tables of millions of rows: what an import inserts into them is known by its key."""
Db = sqlite3.Connection
Row = list[Any]


def record_changes(db: Db) -> None:
    """Record from now on which rows are changed, in a table of this connection alone."""
    db.execute("CREATE TEMP TABLE recorded (nth INTEGER PRIMARY KEY, name TEXT, before TEXT, after TEXT)")
    db.execute("PRAGMA recursive_triggers = ON")  # so that what a REPLACE removes is seen
    for table in RECORDED:
        old, new = (_as_json(db, table, which) for which in ("OLD", "NEW"))
        insert = f"INSERT INTO recorded (name, before, after) VALUES ('{table}',"
        events = {"UPDATE": f"{insert} {old}, {new})", "DELETE": f"{insert} {old}, NULL)"}
        if table not in BULK:
            events["INSERT"] = f"{insert} NULL, {new})"
        for event, action in events.items():
            when = f" WHEN {old} <> {new}" if event == "UPDATE" else ""
            db.execute(f'CREATE TEMP TRIGGER "{table} {event}" AFTER {event} ON main."{table}"{when} BEGIN {action}; END')


def record_insert(db: Db, table: str, key: tuple[Any, ...]) -> None:
    """Record a row of a bulk table that no import brought, once it is inserted."""
    if not _is_recording(db):
        return
    where = " AND ".join(f"{name} = ?" for name in RECORDED[table])
    row = db.execute(f'SELECT {_as_json(db, table, "")} FROM "{table}" WHERE {where}', key).fetchone()[0]
    db.execute("INSERT INTO recorded (name, before, after) VALUES (?, NULL, ?)", (table, row))


def keep_batch(db: Db, command: str, words: str, undone: int | None = None) -> int | None:
    """Keep what was recorded as a batch, with its number; None if nothing was changed. `undone`: the batch that it took back."""
    if not _is_recording(db) or not db.execute("SELECT 1 FROM recorded LIMIT 1").fetchone():
        return None
    row = (epoch_microseconds(datetime.now(UTC)), command, words)
    number = int(db.execute("INSERT INTO batch (at, command, words) VALUES (?, ?, ?)", row).lastrowid or 0)
    db.execute("INSERT INTO change (batch, nth, name, before, after) SELECT ?, nth, name, before, after FROM recorded", (number,))
    db.execute("DELETE FROM recorded")
    if undone is not None:
        db.execute("UPDATE batch SET undone = NULL WHERE undone = ?", (undone,))  # what that one had taken back is there again
        db.execute("UPDATE batch SET undone = ? WHERE number = ?", (number, undone))
    return number


def batches(reader: ValidatedReader) -> pl.DataFrame:
    """`number`, `at` (UTC), `command`, `words`, `undone` (the batch that took it back, null for none), the newest last."""
    table = reader.read("batch", "number", "at", "command", "words", "undone", order="number")
    return table.with_columns(pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


def undo_batch(db: Db, number: int) -> str:
    """Take back what a batch did; returns its words. What is taken back is recorded as well, so that an undo can be undone.

    Raises
    ------
    DataError
        There is no such batch, it is undone, or a later one rests on it: that one is named.
    """
    batch = db.execute("SELECT command, words, undone FROM batch WHERE number = ?", (number,)).fetchone()
    if batch is None:
        raise DataError(f"batch {number} is not there; expected the number of one. See tenfold history.")
    if batch[2] is not None:
        raise DataError(f"batch {number} ({batch[1]}) is undone already, by batch {batch[2]}; undo that one to have it again.")
    changes = db.execute("SELECT name, before, after FROM change WHERE batch = ? ORDER BY nth DESC", (number,)).fetchall()
    imports = [
        json.loads(after)[0] for name, before, after in changes if name == "import" and before is None and after is not None
    ]
    if any(before is None for _, before, _ in changes):
        _refuse_found_later(db, number)
    for key in dict.fromkeys(imports):
        for table in BULK:
            db.execute(f'DELETE FROM "{table}" WHERE import = ?', (key,))
    try:
        for name, before, after in _in_order(changes):
            if name in BULK and before is None and json.loads(str(after))[_columns(db, name).index("import")] in imports:
                continue  # went with its import
            _take_back(db, name, before, after, number)
    except sqlite3.IntegrityError:
        later = db.execute("SELECT max(number) FROM batch WHERE number > ? AND undone IS NULL", (number,)).fetchone()[0]
        named = f"undo those after it first, from batch {later} backwards" if later else "make a new plan first"
        raise DataError(f"batch {number} ({batch[1]}): what it brought is in use since; {named}. See tenfold history.") from None
    return str(batch[1])


def _in_order(changes: list[tuple[str, str | None, str | None]]) -> Iterator[tuple[str, str | None, str | None]]:
    """The changes of a batch from the last to the first; the row of an import goes after all that has its key."""
    last = [one for one in changes if one[0] == "import" and one[2] is not None]
    yield from (one for one in changes if one not in last)
    yield from last


def _take_back(db: Db, table: str, before: str | None, after: str | None, number: int) -> None:
    """Put one row back to what it was, if it is still what the batch made of it."""
    columns, key = _columns(db, table), RECORDED[table]
    row = json.loads(after if after is not None else str(before))
    values = [row[columns.index(one)] for one in key]
    where = " AND ".join(f'"{name}" = ?' for name in key)
    found = db.execute(f'SELECT {_as_json(db, table, "")} FROM "{table}" WHERE {where}', values).fetchone()
    if after is None:
        if found is not None:
            raise DataError(_later(db, table, None, number))
        db.execute(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})', row)
        if table in BULK:
            record_insert(db, table, tuple(values))
        return
    if found is None or json.loads(found[0]) != row:
        raise DataError(_later(db, table, after, number))
    if before is None:
        if table == "person":
            _refuse_in_use(db, int(values[0]), number)
        db.execute(f'DELETE FROM "{table}" WHERE {where}', values)
    else:
        db.execute(_update(table, columns, key), [*json.loads(before), *values])


def _update(table: str, columns: list[str], key: tuple[str, ...]) -> str:
    assigned = ", ".join(f'"{one}" = ?' for one in columns)
    return f'UPDATE "{table}" SET {assigned} WHERE {" AND ".join(f"{name} = ?" for name in key)}'


def _refuse_found_later(db: Db, number: int) -> None:
    """Refuse to take rows that a later import may have found there and left as they were: which ones it found is not kept."""
    later = db.execute(
        "SELECT b.number, b.words, c.after FROM change AS c JOIN batch AS b ON b.number = c.batch "
        "WHERE c.name = 'import' AND c.before IS NULL AND b.undone IS NULL AND b.number > ? ORDER BY b.number DESC",
        (number,),
    ).fetchall()
    for other, words, row in later:
        found = db.execute("SELECT known, what FROM import WHERE key = ?", (json.loads(row)[0],)).fetchone()
        if found is not None and (found[0] or found[1] == "people"):
            raise DataError(
                f"batch {number}: batch {other} ({words}) found rows there, which may be of this one; undo that one first."
            )


def _refuse_in_use(db: Db, person: int, number: int) -> None:
    """Refuse to take a person whom a later decision or task names: the row would go with the person."""
    for table, columns in (("decision", ("person", "other")), ("task", ("who", "whom"))):
        where = " OR ".join(f"{column} = ?" for column in columns)
        row = db.execute(f"SELECT number FROM {table} WHERE {where}", (person, person)).fetchone()
        if row is None:
            continue
        batch = db.execute(
            "SELECT b.number, b.words FROM change AS c JOIN batch AS b ON b.number = c.batch "
            "WHERE c.name = ? AND c.before IS NULL AND json_extract(c.after, ?) = ? ORDER BY b.number DESC LIMIT 1",
            (table, f"$[{_columns(db, table).index('number')}]", row[0]),
        ).fetchone()
        named = f"batch {batch[0]} ({batch[1]})" if batch else f"a {table} since"
        raise DataError(f"batch {number}: {named} names a person whom this one brought; undo that one first.")


def _later(db: Db, table: str, row: str | None, number: int) -> str:
    """Which later batch changed a row, in words."""
    sql = (
        "SELECT b.number, b.words FROM change AS c JOIN batch AS b ON b.number = c.batch "
        "WHERE c.batch > ? AND c.name = ? AND c.before IS ? LIMIT 1"
    )
    found = db.execute(sql, (number, table, row)).fetchone()
    if found is None:
        return f"batch {number}: what it changed is otherwise since, so that it cannot be taken back; nothing was changed."
    return f"batch {number}: batch {found[0]} ({found[1]}) changed the same since; undo that one first."


def _is_recording(db: Db) -> bool:
    return db.execute("SELECT 1 FROM sqlite_temp_schema WHERE name = 'recorded'").fetchone() is not None


def _columns(db: Db, table: str) -> list[str]:
    return [str(row[1]) for row in db.execute(f'PRAGMA table_info("{table}")')]


def _as_json(db: Db, table: str, which: str) -> str:
    """SQL for a row as a JSON list; `which`: OLD, NEW or nothing. Real numbers are texts, as JSON of SQLite keeps 15 digits of them."""
    prefix = f"{which}." if which else ""
    columns = [(str(row[1]), str(row[2])) for row in db.execute(f'PRAGMA table_info("{table}")')]
    values = [f'{prefix}"{name}"' for name, _ in columns]
    exact = [
        f"CASE WHEN {value} IS NULL THEN NULL ELSE printf('%!.17g', {value}) END" if kind == "REAL" else value
        for value, (_, kind) in zip(values, columns, strict=True)
    ]
    return f"json_array({', '.join(exact)})"
