"""Backups: a copy of the community file made through SQLite, so that it is whole, and looked at before it takes its name."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tenfold.errors import StoreError

__all__ = ["backup_before_migration", "copy_into", "free_name", "give_name", "sync", "uri"]


def copy_into(source: sqlite3.Connection, target: Path, *, replace: bool = False) -> None:
    """Copy what the open transaction of `source` sees into `target`, readable for its owner alone.

    The copy is made and checked under another name in the same folder, and then takes its own.

    Raises
    ------
    StoreError
        It cannot be written, is there already (unless `replace` is set), or is not what was to be copied.
    """
    part = target.with_name(f".{target.name}.tenfold-part")
    try:
        part.unlink(missing_ok=True)  # what a killed backup left
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}). Name another place for the backup.") from None
    try:
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            source.backup(copy, progress=_never_wait)
            copy.execute("PRAGMA journal_mode = DELETE")
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok" or _counts(copy) != _counts(source):
                raise StoreError(
                    f"{target}: the copy is not whole ({' '.join(str(found).split())[:100]}); it was removed. See tenfold check."
                )
        sync(part)
        if replace:
            os.replace(part, target)
        else:
            give_name(part, target)
        sync(target.parent)
    except sqlite3.Error as error:
        raise StoreError(
            f"{target}: cannot be written ({error}). Free some space, or name another place for the backup."
        ) from None
    except FileExistsError:
        raise StoreError(f"{target}: is there already; --force replaces it.") from None
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}). Name another place for the backup.") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _never_wait(status: int, left: int, pages: int) -> None:
    """Python would try again for ever where SQLite says that a file is busy, which a reader's transaction never is."""
    del left, pages
    if status not in (sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE):
        raise sqlite3.OperationalError("the file is locked")


def backup_before_migration(source: sqlite3.Connection, path: Path, version: int) -> Path:
    """Copy the file, which is of an older version, to a name that says the version and today's date; returns it."""
    target = free_name(path, f"version-{version}-{datetime.now(UTC):%Y-%m-%d}")
    copy_into(source, target)
    return target


def free_name(path: Path, words: str) -> Path:
    """A name beside the file that is not taken: the file's own with `words`, and a number if need be."""
    number = 1
    while True:
        found = path.with_name(f"{path.stem}-{words}{f'-{number}' if number > 1 else ''}{path.suffix}")
        if not os.path.lexists(found):
            return found
        number += 1


def uri(path: Path, mode: str) -> str:
    """The address by which SQLite opens a file."""
    return f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"


def _counts(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """The rows of each table."""
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    quoted = [(one, one.replace('"', '""')) for one in tables]
    return [(one, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for one, name in quoted]


def give_name(part: Path, target: Path) -> None:
    """Give the file its name, unless that is taken."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except (AttributeError, OSError):  # a system, or a file system, without links
        if os.path.lexists(target):
            raise FileExistsError from None
        os.rename(part, target)
    else:
        part.unlink()


def sync(path: Path) -> None:
    """Wait until the disk has it."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        if path.is_dir():  # not to be opened on some systems
            return
        raise
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(descriptor)
