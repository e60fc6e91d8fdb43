"""Merge two entries of the list that are one person."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

from tenfold.people.roster import PEOPLE_SCHEMA
from tenfold.people.store.decisions import move_decisions
from tenfold.people.store.identity import person_key
from tenfold.people.store.tasks import move_tasks
from tenfold.people.store.times import epoch_microseconds

__all__ = ["merge_people"]

Db = sqlite3.Connection


def merge_people(db: Db, keep: str, drop: str) -> None:
    """Move the contacts, attendance and names of `drop` to `keep`, and record the old id as an alias for later imports."""
    kept, dropped = person_key(db, keep), person_key(db, drop)
    between = "(a = ?1 AND b = ?2) OR (a = ?2 AND b = ?1)"
    db.execute(f"DELETE FROM contact WHERE {between}", (kept, dropped))
    for end in ("a", "b"):
        other = "b" if end == "a" else "a"
        same = f"o.{end} = ?1 AND o.{other} = contact.{other} AND o.time = contact.time AND o.kind = contact.kind"
        taken = f"SELECT coalesce(max(nth) + 1, 0) FROM contact AS o WHERE {same}"
        db.execute(f"UPDATE contact SET nth = nth + ({taken}), {end} = ?1 WHERE {end} = ?2", (kept, dropped))
    db.execute("UPDATE OR IGNORE attendance SET person = ?1 WHERE person = ?2", (kept, dropped))
    db.execute("DELETE FROM attendance WHERE person = ?", (dropped,))
    move_decisions(db, kept, dropped)
    move_tasks(db, kept, dropped)
    target, source = _person(db, kept), _person(db, dropped)
    labels = [target["aliases"], source["name"], source["aliases"], source["id"]]
    aliases = "|".join(
        dict.fromkeys(one for text in labels if text for one in str(text).split("|") if one and one != target["name"])
    )
    db.execute("DELETE FROM person WHERE key = ?", (dropped,))
    filled = {name: target[name] if target[name] is not None else source[name] for name in PEOPLE_SCHEMA if name != "id"}
    filled["aliases"] = aliases
    db.execute(f"UPDATE person SET {', '.join(f'{name} = ?' for name in filled)} WHERE key = ?", (*filled.values(), kept))
    db.execute("UPDATE merged SET kept = ? WHERE kept = ?", (keep, drop))
    now = epoch_microseconds(datetime.now(UTC))
    db.execute("INSERT OR REPLACE INTO merged (dropped, kept, at) VALUES (?, ?, ?)", (drop, keep, now))


def _person(db: Db, key: int) -> dict[str, Any]:
    """The row of a person by column."""
    row = db.execute(f"SELECT {', '.join(PEOPLE_SCHEMA)} FROM person WHERE key = ?", (key,)).fetchone()
    return dict(zip(PEOPLE_SCHEMA, row, strict=True))
