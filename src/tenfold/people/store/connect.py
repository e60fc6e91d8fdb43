"""Open the community file for one command: one transaction, and one clear line for whatever stands in the way."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tenfold.errors import StoreError
from tenfold.people.store.holder import Holder
from tenfold.people.store.schema import MIGRATIONS, migrate, version_of
from tenfold.people.store.store import Store

__all__ = ["open_store"]

PAUSE = 0.05  # seconds between two looks at a file that is held
_TRANSLATIONS = {
    "database or disk is full": "the disk is full; nothing was changed. Free some space and run the command again.",
    "disk I/O error": "the disk cannot be written or read; nothing was changed. Check its space and health, and run the command again.",
    "readonly database": "cannot be written; nothing was changed. Give yourself the right to write to the file and its folder, or copy it.",
    "unable to open": "cannot be opened. Check that the folder exists and that you may write to it.",
    "not a database": "is no community file of Tenfold (it is no SQLite database). Name another with --db.",
    "malformed": "is damaged. Put back a copy, or import your files into a new one.",
}


@contextmanager
def open_store(
    path: Path,
    *,
    command: str,
    write: bool,
    create: bool = False,
    wait: float = 30.0,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[Store]:
    """Open the file at `path` for one command.

    Parameters
    ----------
    path
        The community file.
    command
        What others are told about who holds the file.
    write
        Whether the command changes anything. It then holds the file alone: all is kept when the block ends, nothing if it raises or the
        process is killed. Commands that only read never wait and see the file as it was when they began.
    create
        Whether a file that is not there is made.
    wait
        Seconds to wait for another process that holds the file.
    on_wait
        Called once with words about who holds it.

    Raises
    ------
    StoreError
        The file cannot be used; one line says why and what to do.
    """
    _check_path(path, create)
    holder = Holder(path)
    try:
        connection = _connect(path, write)
        try:
            version = _begin(connection, path, holder, write, wait, on_wait)
            if version == 0 and not create:
                raise StoreError(f"{path}: holds nothing yet. Start with: tenfold import people.csv contacts.csv")
            if write:
                holder.write(command)
                migrate(connection, version)
            yield Store(connection, path)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.close()
            if write and holder.who().startswith("process") and _ours(holder):
                holder.clear()
    except sqlite3.Error as error:
        text = str(error)
        words = next((words for part, words in _TRANSLATIONS.items() if part in text), f"cannot be used ({text}).")
        raise StoreError(f"{path}: {words}") from error


def _check_path(path: Path, create: bool) -> None:
    """Say plainly what is wrong with a path before SQLite says it darkly."""
    try:
        if path.is_dir():
            raise StoreError(f"{path}: is a folder; expected a file. Name one with --db, such as --db {path / 'tenfold.db'}")
        if not path.exists() and not create:
            raise StoreError(
                f"{path}: there is no community file. Start with: tenfold import people.csv contacts.csv; or name it with --db."
            )
        if not path.parent.is_dir():
            raise StoreError(f"{path}: its folder does not exist. Make it, or name another file with --db.")
    except OSError as error:
        raise StoreError(f"{path}: cannot be reached ({error.strerror}). Name another file with --db.") from None


def _connect(path: Path, write: bool) -> sqlite3.Connection:
    """A connection that waits for nobody; one that only reads also works where nothing may be written."""
    uri = f"file:{quote(str(path.absolute()))}"
    if write:
        connection = sqlite3.connect(uri + "?mode=rwc", uri=True, timeout=0, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        return connection
    connection = sqlite3.connect(uri + "?mode=rw", uri=True, timeout=5, isolation_level=None)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError as error:
        if "readonly" not in str(error) and "unable to open" not in str(error):
            raise
        connection.close()
        connection = sqlite3.connect(uri + "?immutable=1", uri=True, isolation_level=None)
    return connection


def _begin(
    connection: sqlite3.Connection, path: Path, holder: Holder, write: bool, wait: float, on_wait: Callable[[str], None] | None
) -> int:
    """Begin the transaction, wait for others if need be, and return the version of the file."""
    if not write:
        connection.execute("BEGIN")
        version = version_of(connection, path.name)
        if 0 < version < len(MIGRATIONS):
            raise StoreError(
                f"{path}: was written by an older Tenfold. Run any command that writes, such as tenfold plan, to bring it up to date."
            )
        return version
    until = time.monotonic() + wait
    told = False
    while True:
        try:
            version_of(connection, path.name)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            return version_of(connection, path.name)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
        who = holder.who()
        if time.monotonic() >= until:
            raise StoreError(
                f"{path}: is held by {who}; waited {wait:.0f} seconds. Let it finish or stop it, and run the command again."
            )
        if not told and on_wait is not None:
            on_wait(f"{path} is held by {who}; waiting …")
            told = True
        time.sleep(PAUSE)


def _ours(holder: Holder) -> bool:
    """Whether the note is this process's own."""
    import os

    return holder.who().startswith(f"process {os.getpid()} ")
