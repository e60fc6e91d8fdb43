"""Saved plans. The newest is kept whole, of older ones what is needed to look back: their tasks, their statements and their settings."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from tenfold.errors import StoreError
from tenfold.people.store.plan_tables import decode_table, encode_table
from tenfold.people.store.times import epoch_microseconds

__all__ = ["KEPT", "SavedPlan", "plan_numbers", "read_plan", "save_plan", "shorten_plan"]

Db = sqlite3.Connection

KEPT: dict[str, tuple[str, ...] | None] = {"this_week": None, "statements": None, "risks": ("person",)}
"""Tables that an older plan keeps, with their columns (None: all): tasks, statements, and of whom these speak."""

MOST_TABLES, LONGEST_SETTINGS = 100, 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SavedPlan:
    """A plan in the community file: its number, the moment it is for, its settings and its tables.

    A plan that is not the newest has only the tables of `KEPT`.
    """

    number: int
    at: datetime
    settings: dict[str, Any]
    tables: dict[str, pl.DataFrame]


def save_plan(db: Db, tables: dict[str, pl.DataFrame], settings: dict[str, Any], at: datetime) -> int:
    """Save a plan, and shorten the one before it; returns its number."""
    for (older,) in db.execute("SELECT DISTINCT plan FROM plan_table WHERE plan = (SELECT max(number) FROM plan)").fetchall():
        shorten_plan(db, older)
    row = (epoch_microseconds(at), json.dumps(settings, default=str))
    number = int(db.execute("INSERT INTO plan (at, settings) VALUES (?, ?)", row).lastrowid or 0)
    for name, frame in tables.items():
        db.execute("INSERT INTO plan_table (plan, name, data) VALUES (?, ?, ?)", (number, name, encode_table(frame)))
    return number


def shorten_plan(db: Db, number: int) -> None:
    """Leave of a plan what an older one keeps."""
    places = ", ".join("?" * len(KEPT))
    db.execute(f"DELETE FROM plan_table WHERE plan = ? AND name NOT IN ({places})", (number, *KEPT))
    for name, columns in KEPT.items():
        found = db.execute("SELECT data FROM plan_table WHERE plan = ? AND name = ?", (number, name)).fetchone()
        if columns is not None and found is not None:
            try:
                table = decode_table(found[0])
            except ValueError:  # nobody can read it
                db.execute("DELETE FROM plan_table WHERE plan = ? AND name = ?", (number, name))
                continue
            data = encode_table(table.select(one for one in columns if one in table.columns))
            db.execute("UPDATE plan_table SET data = ? WHERE plan = ? AND name = ?", (data, number, name))


def plan_numbers(db: Db) -> list[int]:
    """The numbers of all plans, the oldest first."""
    return [int(row[0]) for row in db.execute("SELECT number FROM plan ORDER BY number").fetchall()]


def read_plan(db: Db, number: int | None = None) -> SavedPlan | None:
    """The plan of that number, or the newest; None if it is not there.

    Raises
    ------
    StoreError
        What is stored of it is none that Tenfold wrote.
    """
    which = "WHERE number = ?" if number is not None else "ORDER BY number DESC LIMIT 1"
    row = db.execute(f"SELECT number, at, settings FROM plan {which}", () if number is None else (number,)).fetchone()
    if row is None:
        return None
    found = db.execute("SELECT name, data FROM plan_table WHERE plan = ? LIMIT ?", (row[0], MOST_TABLES + 1)).fetchall()
    try:
        at, settings = read_heading(row[1], row[2])
        if len(found) > MOST_TABLES:
            raise ValueError(f"it has more than {MOST_TABLES} tables")
        tables = {str(name): decode_table(data) for name, data in found}
    except ValueError as error:
        raise StoreError(
            f"plan {row[0]} in the community file cannot be read: {error}. "
            "tenfold check says more; tenfold check --repair writes what is whole into a new file."
        ) from None
    return SavedPlan(int(row[0]), at, settings, tables)


def read_heading(at: object, settings: object) -> tuple[datetime, dict[str, Any]]:
    """The moment and the settings of a plan; ValueError if they are none."""
    if type(at) is not int or not -(2**51) < at < 2**53:
        raise ValueError("the moment it is for is none")
    if not isinstance(settings, str) or len(settings) > LONGEST_SETTINGS:
        raise ValueError("its settings are no text of settings")
    try:
        found = json.loads(settings)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("its settings are no JSON object")
    return EPOCH + timedelta(microseconds=at), found
