"""Open the community file for one command: a connection with one transaction. SQLite's errors become one clear line."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.people.store.backup import backup_before_migration, uri
from tenfold.people.store.file_header import FileHeader, leased
from tenfold.people.store.hardening import harden
from tenfold.people.store.history import UNRECORDED, record_changes
from tenfold.people.store.lock_owner import LockOwner
from tenfold.people.store.schema import MIGRATIONS, check_header, check_schema, check_structure, migrate
from tenfold.people.store.side_files import check_side_files
from tenfold.people.store.store import Store

__all__ = ["open_rehearsal", "open_store"]

CHANGED: set[Path] = set()
"""Community files in which this process has committed a change."""

RETRY_INTERVAL = 0.05  # seconds between two attempts to get a lock
PATIENCE = 600.0  # seconds to wait for those who read, at the end of work that may have taken long
EMPTY = "holds nothing yet. Start with: tenfold import people.csv contacts.csv"
_MESSAGES = {
    "database or disk is full": "the disk is full; nothing was changed. Free some space and run the command again.",
    "disk I/O error": "the disk cannot be written or read; nothing was changed. Check its space and health, and run the command again.",
    "readonly database": "cannot be written; nothing was changed. Give yourself the right to write to the file and its folder, or copy it.",
    "unable to open": "cannot be opened. Check that the folder exists and that you may write to it.",
    "not a database": "is no community file of Tenfold (it is no SQLite database). Name another with --db.",
    "malformed": "is damaged; nothing was changed. Put back a backup; or tenfold check --repair writes what is whole into a new file.",
    "interrupted": "is damaged, or built to be read without end; reading it was given up, and nothing was changed. See tenfold check.",
    "too big": "holds a value that is longer than any that Tenfold writes; nothing was changed. See tenfold check.",
    "Could not decode": "holds text that is none; nothing was changed. See tenfold check.",
    "locked": "is being written by another process; nothing was changed. Run the command again when it is done.",
}


@dataclass(frozen=True)
class _Waiting:
    """How long to wait for a lock, and whom to tell."""

    path: Path
    owner: LockOwner
    seconds: float
    tell: Callable[[str], None]


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
        if the block raises or the process is killed. The file is checked before the block begins and before the commit. A command that only
        reads waits for no command, only for the moment in which one is committed; it sees the file as it was at the beginning.
    create
        Whether a file that is not there is made.
    wait
        Seconds to wait for the write lock.
    on_wait
        Called with a message that names the process that has the lock, and with one about a file of an older version.

    Raises
    ------
    StoreError
        The file cannot be used; one line says why and what to do.
    """
    _check_path(path, create)
    waiting = _Waiting(path, LockOwner(path), wait, on_wait or (lambda _: None))
    try:
        with leased(path, create=create) as descriptor:
            header = check_side_files(path, descriptor)
            check_header(header, str(path))
            if write:
                yield from _write(waiting, header, command, create)
            else:
                yield from _read(path, header, wait)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second one: SQLite's own words about a name that is none
        text = str(error) if isinstance(error, sqlite3.Error) else "malformed"
        words = next((words for part, words in _MESSAGES.items() if part in text), f"cannot be used ({text[:200]}).")
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
        migrate(memory, int(memory.execute("PRAGMA user_version").fetchone()[0]))
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
    except ValueError:
        raise StoreError("--db: holds a NUL character; expected the path of a file.") from None


def _read(path: Path, header: FileHeader, wait: float) -> Iterator[Store]:
    """A store that sees the file as it is now. No file is made beside it."""
    if not header.version:
        raise StoreError(f"{path}: {EMPTY}")
    if header.version < len(MIGRATIONS) or header.is_wal:
        by = "an older Tenfold" if header.version < len(MIGRATIONS) else "another program (it is in WAL mode)"
        raise StoreError(
            f"{path}: was written by {by}. Run any command that writes, such as tenfold plan, to bring it up to date."
        )
    with closing(sqlite3.connect(uri(path, "rw"), uri=True, timeout=wait, isolation_level=None)) as connection:
        harden(connection, header.size)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        _check_version(connection, header.version, path)
        check_schema(connection, header.version, str(path))
        try:
            yield Store(connection, path)
        finally:
            connection.execute("ROLLBACK")


def _write(waiting: _Waiting, header: FileHeader, command: str, create: bool) -> Iterator[Store]:
    """A store with the write lock."""
    path, owner = waiting.path, waiting.owner
    _prepare(path, header, waiting.tell)
    with closing(sqlite3.connect(uri(path, "rw"), uri=True, timeout=waiting.seconds, isolation_level=None)) as connection:
        harden(connection, header.size)
        for setting in (
            "foreign_keys = ON",
            "secure_delete = ON",
            "synchronous = EXTRA",
            "cache_spill = OFF",
            "busy_timeout = 0",
        ):
            connection.execute(f"PRAGMA {setting}")
        _begin_write(connection, waiting)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version == 0 and not create:
                raise StoreError(f"{path}: {EMPTY}")
            check_schema(connection, version, str(path))
            check_structure(connection, str(path))
            connection.set_progress_handler(
                None, 0
            )  # the file is whole: work on it ends by itself, however much a command brings
            owner.record(command)
            migrate(connection, version)
            store = Store(connection, path)
            if recorded := command.rpartition(" ")[2] not in UNRECORDED:
                record_changes(connection)
            yield store
            if recorded:
                store.keep_batch(command)
            check_structure(connection, str(path))
            _commit(connection, waiting)
            CHANGED.add(path)
            if store.compacts:
                _compact(connection, waiting)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            owner.clear_own()


def _compact(connection: sqlite3.Connection, waiting: _Waiting) -> None:
    """Write the file anew, so that nothing that was deleted is left between its rows."""
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)
    connection.execute(f"PRAGMA busy_timeout = {int(waiting.seconds * 1000)}")
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        waiting.tell(
            f"{waiting.path}: could not be written anew ({error}); what was deleted is overwritten, and nothing else is left to do."
        )


def _check_version(connection: sqlite3.Connection, version: int, path: Path) -> None:
    """Raise if another command has brought the file to another version since its header was read."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != version:
        raise StoreError(f"{path}: was just brought up to date by another command. Run the command again.")


def _prepare(path: Path, header: FileHeader, tell: Callable[[str], None]) -> None:
    """Look at a file of an older version, or in WAL mode, without changing it, and back it up before it is brought up to date."""
    old = 0 < header.version < len(MIGRATIONS)
    if not old and not header.is_wal:
        return
    with closing(sqlite3.connect(uri(path, "ro"), uri=True, timeout=5, isolation_level=None)) as connection:
        harden(connection, header.size)
        connection.execute("BEGIN")
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        check_schema(connection, version, str(path))
        check_structure(connection, str(path))
        if 0 < version < len(MIGRATIONS):
            kept = backup_before_migration(connection, path, version)
            tell(
                f"{path}: is brought from version {version} of the file to {len(MIGRATIONS)}; as it was before, it is kept in {kept.name}."
            )


def _begin_write(connection: sqlite3.Connection, waiting: _Waiting) -> None:
    """Begin a transaction with the write lock, after at most `waiting.seconds`."""
    path, until, told = waiting.path, time.monotonic() + waiting.seconds, False
    while True:
        try:
            if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete":
                connection.execute("BEGIN IMMEDIATE")
                return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
        who = waiting.owner.describe()
        if time.monotonic() >= until:
            raise StoreError(
                f"{path}: is held by {who}; waited {waiting.seconds:.0f} seconds. Let it finish or stop it, and run the command again."
            )
        if not told:
            waiting.tell(f"{path} is held by {who}; waiting …")
            told = True
        time.sleep(RETRY_INTERVAL)


def _commit(connection: sqlite3.Connection, waiting: _Waiting) -> None:
    """Commit, once those who are reading have read."""
    patience, told = max(waiting.seconds, PATIENCE), False
    until = time.monotonic() + patience
    while True:
        try:
            connection.execute("COMMIT")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or not connection.in_transaction:
                raise
        if time.monotonic() >= until:
            raise StoreError(
                f"{waiting.path}: another process has been reading it for {patience:.0f} seconds; nothing was changed. "
                "Let it finish or stop it, and run the command again."
            )
        if not told and time.monotonic() > until - patience + 1:
            waiting.tell(f"{waiting.path} is being read by another process; waiting to write …")
            told = True
        time.sleep(RETRY_INTERVAL)
