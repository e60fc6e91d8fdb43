"""Pending outputs: files that a committed command has staged in a folder, and that are still to be put into their places."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["MIGRATION", "PendingOutput", "add_pending_output", "delete_pending_output", "pending_outputs"]

MIGRATION = """
    CREATE TABLE pending_output (
        token TEXT PRIMARY KEY, folder BLOB NOT NULL, command TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID;
"""
"""The row is written by the transaction whose results the files show, and deleted when they are in their places."""


@dataclass(frozen=True)
class PendingOutput:
    """Files of `command`, staged in the absolute path `folder` under `token` at the moment `at`."""

    token: str
    folder: Path
    command: str
    at: datetime


def pending_outputs(db: sqlite3.Connection) -> list[PendingOutput]:
    """All of them, the oldest first."""
    rows = db.execute("SELECT token, folder, command, at FROM pending_output ORDER BY at, token").fetchall()
    return [
        PendingOutput(token, Path(os.fsdecode(folder)), command, datetime.fromtimestamp(at / 1e6, UTC))
        for token, folder, command, at in rows
    ]


def add_pending_output(db: sqlite3.Connection, output: PendingOutput, microseconds: int) -> None:
    """Record staged files, in place of those that wait for the same folder. `microseconds`: the moment, since 1970."""
    folder = os.fsencode(output.folder)
    db.execute("DELETE FROM pending_output WHERE folder = ?", (folder,))
    row = (output.token, folder, output.command, microseconds)
    db.execute("INSERT INTO pending_output (token, folder, command, at) VALUES (?, ?, ?, ?)", row)


def delete_pending_output(db: sqlite3.Connection, token: str) -> None:
    """The files are in their places."""
    db.execute("DELETE FROM pending_output WHERE token = ?", (token,))
