"""Open the community file for one command: a connection with one transaction. SQLite's errors become one clear line."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tenfold.errors import StoreError
from tenfold.people.store.lock_owner import LockOwner
from tenfold.people.store.schema import MIGRATIONS, migrate, schema_version
from tenfold.people.store.store import Store

__all__ = ["open_rehearsal", "open_store"]

CHANGED: set[Path] = set()
"""Community files in which this process has committed a change."""

RETRY_INTERVAL = 0.05  # seconds between two attempts to get the write lock
_MESSAGES = {
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
        Name of the command that holds the file, for the messages of other processes.
    write
        Whether the command changes anything. It then has the write lock: the transaction is committed when the block ends, and rolled back
        if the block raises or the process is killed. A command that only reads never waits; it sees the file as it was at the beginning.
    create
        Whether a file that is not there is made.
    wait
        Seconds to wait for the write lock.
    on_wait
        Called once, with a message that names the process that has the lock.

    Raises
    ------
    StoreError
        The file cannot be used; one line says why and what to do.
    """
    _check_path(path, create)
    owner = LockOwner(path)
    try:
        connection = _connect(path, write)
        try:
            version = _begin_write(connection, owner, path, wait, on_wait) if write else _begin_read(connection, path)
            if version == 0 and not create:
                raise StoreError(f"{path}: holds nothing yet. Start with: tenfold import people.csv contacts.csv")
            if write:
                owner.record(command)
                migrate(connection, version)
            yield Store(connection, path)
            connection.execute("COMMIT")
            if write:
                CHANGED.add(path)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.close()
            if write:
                owner.clear_own()
    except sqlite3.Error as error:
        text = str(error)
        words = next((words for part, words in _MESSAGES.items() if part in text), f"cannot be used ({text}).")
        raise StoreError(f"{path}: {words}") from error


@contextmanager
def open_rehearsal(path: Path) -> Iterator[Store]:
    """A copy in memory of the file at `path`, or an empty community if there is none: what is done to it is forgotten."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    try:
        if path.exists():
            with open_store(path, command="preview", write=False) as store:
                store.copy_to(memory)
        memory.execute("PRAGMA foreign_keys = ON")
        memory.execute("BEGIN")
        migrate(memory, schema_version(memory, path.name))
        yield Store(memory, path)
    finally:
        memory.close()


def _check_path(path: Path, create: bool) -> None:
    """Check the path first, as SQLite's messages do not say what is wrong with it."""
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
    """A connection in autocommit mode. A connection for reading also works where the file and its folder are read-only."""
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


def _begin_read(connection: sqlite3.Connection, path: Path) -> int:
    """Begin a transaction that reads a snapshot; returns the schema version of the file."""
    connection.execute("BEGIN")
    version = schema_version(connection, path.name)
    if 0 < version < len(MIGRATIONS):
        raise StoreError(
            f"{path}: was written by an older Tenfold. Run any command that writes, such as tenfold plan, to bring it up to date."
        )
    return version


def _begin_write(
    connection: sqlite3.Connection, owner: LockOwner, path: Path, wait: float, on_wait: Callable[[str], None] | None
) -> int:
    """Begin a transaction with the write lock, after at most `wait` seconds; returns the schema version of the file."""
    until = time.monotonic() + wait
    waiting = False
    while True:
        try:
            schema_version(connection, path.name)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            return schema_version(connection, path.name)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
        who = owner.describe()
        if time.monotonic() >= until:
            raise StoreError(
                f"{path}: is held by {who}; waited {wait:.0f} seconds. Let it finish or stop it, and run the command again."
            )
        if not waiting and on_wait is not None:
            on_wait(f"{path} is held by {who}; waiting …")
            waiting = True
        time.sleep(RETRY_INTERVAL)
