"""What the organiser decided, kept until it is undone: who is where, who carries whom, what a circle is called."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.store.identity import person_key
from tenfold.people.store.times import epoch_microseconds
from tenfold.people.store.validated import ValidatedReader

__all__ = ["KINDS", "MIGRATION", "PRIVATE", "Decision", "add_decision", "decisions", "move_decisions", "undo_decision"]

MIGRATION = """
    CREATE TABLE decision (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
        person INTEGER REFERENCES person (key) ON DELETE CASCADE, other INTEGER REFERENCES person (key) ON DELETE CASCADE,
        circle INTEGER, text TEXT, until TEXT, undone INTEGER
    );
"""
KINDS = ("fix", "forbid", "together", "apart", "mentor", "backup", "carer", "not this week", "name", "meeting")
PRIVATE = ("apart", "forbid")
"""Kinds that no shared output shows."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Db = sqlite3.Connection


@dataclass(frozen=True)
class Decision:
    """A decision: its `number`, when it was made, its `kind`, and as far as it has them the `person`, the `other` person, the `circle`, a
    `text`, the day `until` which it holds, and when it was `undone`.
    """

    number: int
    at: datetime
    kind: str
    person: str | None = None
    other: str | None = None
    circle: int | None = None
    text: str | None = None
    until: date | None = None
    undone: datetime | None = None


def decisions(reader: ValidatedReader) -> list[Decision]:
    """All of them, undone ones too, in their order."""
    ids = dict(reader.read("person", "key", "id").iter_rows())
    columns = ("number", "at", "kind", "person", "other", "circle", "text", "until", "undone")
    found = []
    for number, at, kind, person, other, circle, text, until, undone in reader.read(
        "decision", *columns, order="number"
    ).iter_rows():
        one, two = (None if key is None else ids.get(key) for key in (person, other))
        undone_at = None if undone is None else EPOCH + timedelta(microseconds=undone)
        found.append(Decision(number, EPOCH + timedelta(microseconds=at), kind, one, two, circle, text, until, undone_at))
    return found


def add_decision(db: Db, reader: ValidatedReader, decision: Decision) -> int:
    """Keep a decision; returns its number, which that of `decision` is not.

    Raises
    ------
    DataError
        It contradicts another, which is named, or says the same.
    """
    for other in decisions(reader):
        if other.undone is None and (why := _contradiction(decision, other)):
            raise DataError(
                f"decision {other.number} ({other.kind}, {other.at:%Y-%m-%d}) {why}; undo it first: tenfold decide undo {other.number}"
            )
    keys = [None if one is None else person_key(db, one) for one in (decision.person, decision.other)]
    until = None if decision.until is None else decision.until.isoformat()
    row = (epoch_microseconds(decision.at), decision.kind, *keys, decision.circle, decision.text, until)
    sql = "INSERT INTO decision (at, kind, person, other, circle, text, until) VALUES (?, ?, ?, ?, ?, ?, ?)"
    return int(db.execute(sql, row).lastrowid or 0)


def undo_decision(db: Db, number: int, at: datetime) -> None:
    """Let a decision hold no longer.

    Raises
    ------
    DataError
        There is no such decision, or it is undone.
    """
    row = db.execute("SELECT undone FROM decision WHERE number = ?", (number,)).fetchone()
    if row is None or row[0] is not None:
        what = "is not there" if row is None else "is undone already"
        raise DataError(f"decision {number} {what}; expected the number of one that holds. See tenfold decide list.")
    db.execute("UPDATE decision SET undone = ? WHERE number = ?", (epoch_microseconds(at), number))


def move_decisions(db: Db, kept: int, dropped: int) -> None:
    """The decisions about one person are about another from now on; those about both are gone."""
    db.execute("DELETE FROM decision WHERE (person = ?1 AND other = ?2) OR (person = ?2 AND other = ?1)", (kept, dropped))
    for end in ("person", "other"):
        db.execute(f"UPDATE decision SET {end} = ? WHERE {end} = ?", (kept, dropped))


def _contradiction(new: Decision, old: Decision) -> str:
    """Why both cannot hold, in words; empty where they can."""
    same_pair = {new.person, new.other} == {old.person, old.other}
    same_person, same_circle = new.person == old.person, new.circle == old.circle
    placed = {"fix", "mentor", "backup"}
    if new.kind == old.kind:
        if new.kind in ("together", "apart") and same_pair:
            return "says so already"
        if new.kind in ("fix", "forbid", "not this week") and same_person and same_circle:
            return "says so already"
        if new.kind in ("mentor", "backup", "name", "meeting") and same_circle:
            return f"says it for circle {old.circle} already"
        if new.kind == "carer" and same_person:
            return "names a carer for the same person"
        if new.kind == "name" and (new.text or "").casefold() == (old.text or "").casefold():
            return f"gives the name '{printable(old.text, 40)}' to circle {old.circle}"
    if {new.kind, old.kind} == {"together", "apart"} and same_pair:
        return f"keeps the two {old.kind}"
    if {new.kind, old.kind} <= placed and same_person and not same_circle:
        return f"has the same person in circle {old.circle}"
    if {new.kind, old.kind} == {"mentor", "backup"} and same_person and same_circle:
        return f"has the same person as {old.kind}"
    if "forbid" in (new.kind, old.kind) and {new.kind, old.kind} & placed and same_person and same_circle:
        return f"is the opposite for circle {old.circle}"
    return ""
