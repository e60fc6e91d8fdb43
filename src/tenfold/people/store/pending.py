"""Pending outputs: files that a committed command has staged in a folder, and that are still to be put into their places."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.people.store.validated import ValidatedReader

__all__ = ["MIGRATION", "PendingOutput", "add_pending_output", "delete_pending_output", "output_folders", "pending_outputs"]

MIGRATION = """
    CREATE TABLE pending_output (
        token TEXT PRIMARY KEY, folder BLOB NOT NULL, command TEXT NOT NULL, at INTEGER NOT NULL
    ) WITHOUT ROWID;
"""
"""The row is written by the transaction whose results the files show, and deleted when they are in their places."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PendingOutput:
    """Files of `command`, staged in the absolute path `folder` under `token` at the moment `at`."""

    token: str
    folder: Path
    command: str
    at: datetime


def pending_outputs(reader: ValidatedReader) -> list[PendingOutput]:
    """All of them, the oldest first."""
    rows = reader.read("pending_output", "token", "folder", "command", "at", order="at, token").rows()
    found = [
        PendingOutput(token, Path(os.fsdecode(folder)), command, EPOCH + timedelta(microseconds=at))
        for token, folder, command, at in rows
    ]
    if any(b"\x00" in folder or not one.folder.is_absolute() for one, (_, folder, *_) in zip(found, rows, strict=True)):
        raise StoreError(reader.said("pending_output", "column folder names no folder"))
    return found


def add_pending_output(db: sqlite3.Connection, output: PendingOutput, microseconds: int) -> None:
    """Record staged files, in place of those that wait for the same folder. `microseconds`: the moment, since 1970."""
    folder = os.fsencode(output.folder)
    db.execute("DELETE FROM pending_output WHERE folder = ?", (folder,))
    row = (output.token, folder, output.command, microseconds)
    db.execute("INSERT INTO pending_output (token, folder, command, at) VALUES (?, ?, ?, ?)", row)
    db.execute("INSERT OR IGNORE INTO output_folder (folder) VALUES (?)", (folder,))


def output_folders(reader: ValidatedReader) -> list[Path]:
    """All folders into which commands have put files of this community."""
    return [Path(os.fsdecode(one)) for one in reader.read("output_folder", "folder", order="folder")["folder"]]


def delete_pending_output(db: sqlite3.Connection, token: str) -> None:
    """The files are in their places."""
    db.execute("DELETE FROM pending_output WHERE token = ?", (token,))
