"""Tasks: each planned contact, from the plan that asked for it until it is made, tried, put off or dropped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from tenfold.people.store.identity import person_key
from tenfold.people.store.times import epoch_microseconds
from tenfold.people.store.validated import ValidatedReader

__all__ = [
    "CLOSED",
    "MIGRATION",
    "NO_LONGER",
    "STATES",
    "PlannedTask",
    "close_by_contacts",
    "move_tasks",
    "plan_tasks",
    "set_task",
    "tasks",
    "week_start",
]

MIGRATION = """
    CREATE TABLE task (
        number INTEGER PRIMARY KEY AUTOINCREMENT, who INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE,
        whom INTEGER NOT NULL REFERENCES person (key) ON DELETE CASCADE, kind TEXT NOT NULL, purpose TEXT NOT NULL, reason TEXT NOT NULL,
        due TEXT NOT NULL, circle INTEGER, plan INTEGER, opened INTEGER NOT NULL, state TEXT NOT NULL, closed INTEGER, note TEXT
    );
    CREATE INDEX task_who ON task (who);
    CREATE INDEX task_whom ON task (whom);
"""
STATES = ("open", "done", "not reached", "later", "dropped")
CLOSED = ("done", "dropped")
NO_LONGER = "planned no longer"
"""The note of what a later plan dropped."""
DAY = 86_400_000_000  # microseconds
Db = sqlite3.Connection


@dataclass(frozen=True)
class PlannedTask:
    """A contact of a plan: ids of `who` makes it and `whom`, and what the plan says of it."""

    who: str
    whom: str
    kind: str
    purpose: str
    reason: str
    due: date
    circle: int


def tasks(reader: ValidatedReader) -> pl.DataFrame:
    """`number`, `who`, `whom` (ids), `kind`, `purpose`, `reason`, `due`, `circle`, `plan`, `opened`, `state`, `closed`, `note`."""
    ids = dict(reader.read("person", "key", "id").iter_rows())
    columns = ("number", "who", "whom", "kind", "purpose", "reason", "due", "circle", "plan", "opened", "state", "closed", "note")
    table = reader.read("task", *columns, order="number")
    named = [pl.Series(end, [ids.get(key) for key in table[end]], dtype=pl.String) for end in ("who", "whom")]
    times = [pl.col(one).cast(pl.Datetime("us")).dt.replace_time_zone("UTC") for one in ("opened", "closed")]
    return table.with_columns(*named, *times)


def plan_tasks(db: Db, planned: Iterable[PlannedTask], plan: int, at: datetime) -> None:
    """Open the tasks of a plan. A task that is open already for the two and the purpose goes on with its age; what was put off to a later
    day stays so; what is planned no longer is dropped."""
    day, now = at.date().isoformat(), epoch_microseconds(at)
    waiting: dict[tuple[int, int, str], int] = {}
    put_off = set()
    for number, who, whom, purpose, state, due in db.execute(
        "SELECT number, who, whom, purpose, state, due FROM task WHERE state NOT IN ('done', 'dropped') ORDER BY number"
    ).fetchall():
        waiting[who, whom, purpose] = number
        if state == "later" and due > day:
            put_off.add(number)
    for one in planned:
        who, whom = person_key(db, one.who), person_key(db, one.whom)
        number = waiting.pop((who, whom, one.purpose), None)
        if number is None:
            db.execute(
                "INSERT INTO task (who, whom, kind, purpose, reason, due, circle, plan, opened, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')",
                (who, whom, one.kind, one.purpose, one.reason, one.due.isoformat(), one.circle, plan, now),
            )
        else:
            sql = "UPDATE task SET kind = ?, reason = ?, circle = ?, plan = ? WHERE number = ?"
            db.execute(sql, (one.kind, one.reason, one.circle, plan, number))
            if number not in put_off:
                sql = "UPDATE task SET due = ?, state = replace(state, 'later', 'open') WHERE number = ?"
                db.execute(sql, (one.due.isoformat(), number))
    for number in set(waiting.values()) - put_off:
        db.execute("UPDATE task SET state = 'dropped', closed = ?, note = ? WHERE number = ?", (now, NO_LONGER, number))


def set_task(db: Db, number: int, state: str, *, at: datetime, due: date | None = None, note: str | None = None) -> None:
    """Say what became of a task; `due`: the day to which it is put off."""
    closed = epoch_microseconds(at) if state in CLOSED else None
    db.execute(
        "UPDATE task SET state = ?, closed = ?, due = coalesce(?, due), note = coalesce(?, note) WHERE number = ?",
        (state, closed, None if due is None else due.isoformat(), note, number),
    )


def close_by_contacts(db: Db) -> int:
    """Close the open tasks of all who were in contact, or at one gathering, since the day on which they were opened; returns how many."""
    met = f"""
        SELECT min(time) FROM (
            SELECT time FROM contact WHERE a = task.who AND b = task.whom AND time >= task.opened / {DAY} * {DAY}
            UNION ALL SELECT time FROM contact WHERE a = task.whom AND b = task.who AND time >= task.opened / {DAY} * {DAY}
            UNION ALL SELECT g.time FROM attendance AS one JOIN attendance AS other ON other.gathering = one.gathering
                JOIN gathering AS g ON g.key = one.gathering
                WHERE one.person = task.who AND other.person = task.whom AND g.time >= task.opened / {DAY} * {DAY}
        )
    """
    found = db.execute(f"SELECT number, ({met}) FROM task WHERE state NOT IN ('done', 'dropped')").fetchall()
    done = [(time, number) for number, time in found if time is not None]
    db.executemany("UPDATE task SET state = 'done', closed = ? WHERE number = ?", done)
    return len(done)


def move_tasks(db: Db, kept: int, dropped: int) -> None:
    """The tasks of one person are those of another from now on; those between the two are gone."""
    db.execute("DELETE FROM task WHERE (who = ?1 AND whom = ?2) OR (who = ?2 AND whom = ?1)", (kept, dropped))
    for end in ("who", "whom"):
        db.execute(f"UPDATE task SET {end} = ? WHERE {end} = ?", (kept, dropped))


def week_start(moments: Iterable[datetime]) -> datetime | None:
    """When the current week of plans began: plans that follow each other within three days belong to one week. None without a plan."""
    start: datetime | None = None
    for at in sorted(moments, reverse=True):
        if start is not None and start - at > timedelta(days=3):
            break
        start = at
    return start
