"""Imports: the rows of a parsed file are inserted, or update those that are there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.parsed_file import ParsedFile
from tenfold.people.roster import PEOPLE_SCHEMA
from tenfold.people.store.identity import resolve_people
from tenfold.people.store.times import epoch_microseconds
from tenfold.people.store.validated import ValidatedReader
from tenfold.people.store.values import CONTROLS

__all__ = ["insert_attendance", "insert_contacts", "record_import", "upsert_people"]

Db = sqlite3.Connection
MANY = 100_000  # contacts


def record_import(db: Db, parsed: ParsedFile, at: datetime) -> int:
    """Record the file as a batch; returns the primary key of the import."""
    row = (
        parsed.path.name.encode("utf-8", "backslashreplace").decode("utf-8"),  # a name may hold bytes that are no letters
        parsed.sha256,
        parsed.what,
        parsed.format,
        parsed.read,
        json.dumps(parsed.skipped),
        epoch_microseconds(at),
    )
    cursor = db.execute(
        "INSERT INTO import (path, sha256, what, format, read, kept, known, skipped, at) VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)", row
    )
    return int(cursor.lastrowid or 0)


def upsert_people(reader: ValidatedReader, parsed: ParsedFile) -> tuple[int, int]:
    """Insert or update people; an empty cell changes nothing. Returns the number of rows that were new or changed, and of the others."""
    _refuse_odd_labels(parsed, "id")
    columns = [name for name in PEOPLE_SCHEMA if name in parsed.frame.columns]
    others = [name for name in columns if name != "id"]
    db, merged = reader.db, dict(reader.read("merged", "dropped", "kept").rows())
    before = db.total_changes
    update = ", ".join(f"{name} = coalesce(excluded.{name}, {name})" for name in others)
    differs = " OR ".join(f"(excluded.{name} IS NOT NULL AND excluded.{name} IS NOT person.{name})" for name in others)
    change = f"DO UPDATE SET {update} WHERE {differs}" if others else "DO NOTHING"
    statement = f"INSERT INTO person ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) ON CONFLICT (id) {change}"
    for row in parsed.frame.select(columns).iter_rows():
        if row[columns.index("id")] not in merged:
            db.execute(statement, [one.isoformat() if isinstance(one, date) else one for one in row])
    kept = db.total_changes - before
    return kept, parsed.frame.height - kept


def insert_contacts(reader: ValidatedReader, parsed: ParsedFile, key: int, *, strict: bool) -> tuple[int, int, list[str]]:
    """Insert contacts; returns the numbers of rows that were new and known, and the people who were not on the list."""
    _refuse_odd_labels(parsed, "a", "b")
    db, frame = reader.db, parsed.frame
    named = pl.concat([frame["a"], frame["b"]]).unique(maintain_order=True)
    keys, new = resolve_people(reader, named, file_name=parsed.path.name, strict=strict)
    optional = {"minutes": pl.Float64, "group": pl.String, "source": pl.String}
    frame = frame.select(
        a=frame["a"].replace_strict(keys, return_dtype=pl.Int64),
        b=frame["b"].replace_strict(keys, return_dtype=pl.Int64),
        time=frame["time"].dt.epoch("us"),
        kind=(frame["kind"].cast(pl.String).fill_null("") if "kind" in frame.columns else pl.lit("")),
        **{name: frame[name].cast(kind) if name in frame.columns else pl.lit(None, kind) for name, kind in optional.items()},
    )
    frame = frame.filter(pl.col("a") != pl.col("b"))  # two labels of one person
    frame = frame.with_columns(nth=pl.int_range(pl.len()).over("a", "b", "time", "kind")).sort("a", "b", "time", "kind", "nth")
    before = db.total_changes
    with _index_made_afterwards(db, frame.height):
        db.executemany(
            "INSERT OR IGNORE INTO contact (a, b, time, kind, nth, minutes, circle, source, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            frame.select("a", "b", "time", "kind", "nth", "minutes", "group", "source", pl.lit(key)).iter_rows(),
        )
    kept = db.total_changes - before
    return kept, frame.height - kept, new


@contextmanager
def _index_made_afterwards(db: Db, rows: int) -> Iterator[None]:
    """Where many contacts come into a file that has few, the index is made in one go from all of them: quicker than row by row."""
    there = db.execute("SELECT coalesce(sum(kept), 0) FROM import WHERE what = 'contacts'").fetchone()[0]
    found = db.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = 'contact_b'").fetchone()
    if rows < MANY or rows < there or found is None:
        yield
        return
    db.execute("DROP INDEX contact_b")
    yield
    db.execute(found[0])


def insert_attendance(reader: ValidatedReader, parsed: ParsedFile, key: int, *, strict: bool) -> tuple[int, int, list[str]]:
    """Insert attendance of gatherings; returns the numbers of rows that were new and known, and the people who were not on the list."""
    _refuse_odd_labels(parsed, "event", "person")
    db, frame = reader.db, parsed.frame
    named = frame["person"].unique(maintain_order=True)
    keys, new = resolve_people(reader, named, file_name=parsed.path.name, strict=strict)
    frame = frame.select(
        "event",
        time=pl.col("start").dt.epoch("us"),
        person=pl.col("person").replace_strict(keys, return_dtype=pl.Int64),
        minutes=pl.col("minutes") if "minutes" in frame.columns else pl.lit(None, pl.Float64),
    )
    events = frame.select("event", "time").unique(maintain_order=True)
    db.executemany("INSERT OR IGNORE INTO gathering (event, time) VALUES (?, ?)", events.iter_rows())
    before = db.total_changes
    db.executemany(
        "INSERT OR IGNORE INTO attendance (gathering, person, minutes, import) "
        "SELECT key, ?3, ?4, ?5 FROM gathering WHERE event = ?1 AND time = ?2",
        frame.with_columns(key=pl.lit(key)).iter_rows(),
    )
    kept = db.total_changes - before
    return kept, frame.height - kept, new


def _refuse_odd_labels(parsed: ParsedFile, *columns: str) -> None:
    """Raise for an id or the name of a gathering that the community file would refuse when it is read."""
    for column in columns:
        labels = parsed.frame[column]
        bad = labels.filter(labels.str.contains(CONTROLS) | (labels == ""))
        if len(bad):
            raise DataError(
                f"{parsed.path.name}: {column} '{printable(bad[0])}' holds control characters, such as a tab or a line feed; "
                "expected letters, digits and signs. Correct it in the file."
            )
