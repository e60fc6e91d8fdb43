"""Rows of the community file: how each kind of reading goes in."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.reading import Reading
from tenfold.people.roster import PEOPLE_SCHEMA
from tenfold.people.store.names import fold

__all__ = ["add_attendance", "add_contacts", "add_people", "begin_import", "key_of", "merge", "microseconds"]

Db = sqlite3.Connection


def microseconds(time: datetime) -> int:
    """A moment as the file keeps it."""
    since = time - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def begin_import(db: Db, reading: Reading, at: datetime) -> int:
    """Note the file; returns the key of the import."""
    row = (
        reading.path.name,
        reading.sha256,
        reading.what,
        reading.format,
        reading.read,
        json.dumps(reading.skipped),
        microseconds(at),
    )
    cursor = db.execute(
        "INSERT INTO import (path, sha256, what, format, read, kept, known, skipped, at) VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)", row
    )
    return int(cursor.lastrowid or 0)


def key_of(db: Db, person: str) -> int:
    """The key of the person with that id."""
    row = db.execute("SELECT key FROM person WHERE id = ?", (person,)).fetchone()
    if row is None:
        raise DataError(f"'{person}' is not on the list; expected the id of a person. See tenfold status.")
    return int(row[0])


def add_people(db: Db, reading: Reading) -> tuple[int, int]:
    """Insert or update people; a cell that is empty changes nothing. Returns how many were new or changed, and how many were not."""
    columns = [name for name in PEOPLE_SCHEMA if name in reading.frame.columns]
    others = [name for name in columns if name != "id"]
    gone = dict(db.execute("SELECT dropped, kept FROM merged").fetchall())
    before = db.total_changes
    update = ", ".join(f"{name} = coalesce(excluded.{name}, {name})" for name in others)
    differs = " OR ".join(f"(excluded.{name} IS NOT NULL AND excluded.{name} IS NOT person.{name})" for name in others)
    change = f"DO UPDATE SET {update} WHERE {differs}" if others else "DO NOTHING"
    statement = f"INSERT INTO person ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) ON CONFLICT (id) {change}"
    known_to_be_others = 0
    for row in reading.frame.select(columns).iter_rows():
        if row[columns.index("id")] in gone:
            known_to_be_others += 1
            continue
        db.execute(statement, [one.isoformat() if isinstance(one, date) else one for one in row])
    kept = db.total_changes - before
    return kept, reading.frame.height - kept


def add_contacts(db: Db, reading: Reading, key: int, *, strict: bool) -> tuple[int, int, list[str]]:
    """Insert contacts; returns rows kept, rows known, and the people who were not on the list."""
    frame = reading.frame
    keys, new = _keys(db, pl.concat([frame["a"], frame["b"]]), reading, strict)
    optional = {"minutes": pl.Float64, "group": pl.String, "source": pl.String}
    frame = frame.select(
        a=frame["a"].replace_strict(keys, return_dtype=pl.Int64),
        b=frame["b"].replace_strict(keys, return_dtype=pl.Int64),
        time=frame["time"].dt.epoch("us"),
        kind=(frame["kind"].cast(pl.String).fill_null("") if "kind" in frame.columns else pl.lit("")),
        **{name: frame[name].cast(kind) if name in frame.columns else pl.lit(None, kind) for name, kind in optional.items()},
    )
    apart = frame.filter(pl.col("a") != pl.col("b"))  # two names of one person
    apart = apart.with_columns(nth=pl.int_range(pl.len()).over("a", "b", "time", "kind")).sort("a", "b", "time", "kind", "nth")
    before = db.total_changes
    db.executemany(
        "INSERT OR IGNORE INTO contact (a, b, time, kind, nth, minutes, circle, source, import) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        apart.select("a", "b", "time", "kind", "nth", "minutes", "group", "source", pl.lit(key)).iter_rows(),
    )
    kept = db.total_changes - before
    return kept, apart.height - kept, new


def add_attendance(db: Db, reading: Reading, key: int, *, strict: bool) -> tuple[int, int, list[str]]:
    """Insert who was at what; returns rows kept, rows known, and the people who were not on the list."""
    frame = reading.frame
    keys, new = _keys(db, frame["person"], reading, strict)
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


def merge(db: Db, keep: str, drop: str) -> None:
    """Move contacts, attendance and names of one person to another."""
    to, of = key_of(db, keep), key_of(db, drop)
    between = "(a = ?1 AND b = ?2) OR (a = ?2 AND b = ?1)"
    db.execute(f"DELETE FROM contact WHERE {between}", (to, of))
    for end in ("a", "b"):
        other = "b" if end == "a" else "a"
        same = f"o.{end} = ?1 AND o.{other} = contact.{other} AND o.time = contact.time AND o.kind = contact.kind"
        taken = f"SELECT coalesce(max(nth) + 1, 0) FROM contact AS o WHERE {same}"
        db.execute(f"UPDATE contact SET nth = nth + ({taken}), {end} = ?1 WHERE {end} = ?2", (to, of))
    db.execute("UPDATE OR IGNORE attendance SET person = ?1 WHERE person = ?2", (to, of))
    db.execute("DELETE FROM attendance WHERE person = ?", (of,))
    mine, theirs = (_person(db, key) for key in (to, of))
    called = [mine["aliases"], theirs["name"], theirs["aliases"], theirs["id"]]
    aliases = "|".join(
        dict.fromkeys(one for text in called if text for one in str(text).split("|") if one and one != mine["name"])
    )
    db.execute("DELETE FROM person WHERE key = ?", (of,))
    filled = {name: mine[name] if mine[name] is not None else theirs[name] for name in PEOPLE_SCHEMA if name != "id"} | {
        "aliases": aliases
    }
    db.execute(f"UPDATE person SET {', '.join(f'{name} = ?' for name in filled)} WHERE key = ?", (*filled.values(), to))
    db.execute("UPDATE merged SET kept = ? WHERE kept = ?", (keep, drop))
    db.execute(
        "INSERT OR REPLACE INTO merged (dropped, kept, at) VALUES (?, ?, ?)", (drop, keep, microseconds(datetime.now(UTC)))
    )


def _person(db: Db, key: int) -> dict[str, Any]:
    row = db.execute(f"SELECT {', '.join(PEOPLE_SCHEMA)} FROM person WHERE key = ?", (key,)).fetchone()
    return dict(zip(PEOPLE_SCHEMA, row, strict=True))


def _keys(db: Db, named: pl.Series, reading: Reading, strict: bool) -> tuple[dict[str, int], list[str]]:
    """The key of everybody named: by id, by an id that was merged, by a name, alias or email that one person has; others are new."""
    found = db.execute("SELECT key, id, name, aliases, email FROM person").fetchall()
    by_id = {one: key for key, one, *_ in found}
    merged = dict(db.execute("SELECT dropped, kept FROM merged").fetchall())
    called: dict[str, set[int]] = {}
    for key, _, name, aliases, email in found:
        for text in (name, email, *(aliases or "").split("|")):
            if text:
                called.setdefault(fold(text), set()).add(key)
    keys: dict[str, int] = {}
    new: list[str] = []
    for text in named.unique(maintain_order=True):
        known = by_id.get(text) or by_id.get(merged.get(text, ""))
        if known is None and len(called.get(fold(text), ())) == 1:
            known = next(iter(called[fold(text)]))
        if known is None:
            if strict:
                raise DataError(
                    f"{reading.path.name}: '{text[:60]}' is not on the list of people; expected an id, or a name that one person has. "
                    "Add them to the list, or leave out --strict."
                )
            known = int(db.execute("INSERT INTO person (id, name) VALUES (?, ?)", (text, text)).lastrowid or 0)
            new.append(text)
        keys[text] = known
    return keys, new
