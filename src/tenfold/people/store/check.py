"""Check a community file, and write what is whole of a damaged one into a new file. The file itself is never changed."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.people.printable import printable
from tenfold.people.store.backup import give_name, sync, uri
from tenfold.people.store.damaged_table import text_of
from tenfold.people.store.file_header import leased
from tenfold.people.store.hardening import harden
from tenfold.people.store.salvage import Salvage
from tenfold.people.store.schema import MIGRATIONS, check_header, migrate, schema_faults
from tenfold.people.store.side_files import check_side_files
from tenfold.people.store.values import TABLES

__all__ = ["Findings", "check_file", "repair_file"]

MOST_LINES = 20
ADDED_IN = {
    "pending_output": 2,
    "decision": 5,
    "task": 5,
    "batch": 6,
    "change": 6,
    "forgotten": 7,
    "secret": 7,
    "output_folder": 7,
}  # version of the file


@dataclass(frozen=True)
class Findings:
    """What is in a file of this `version`.

    `rows`: usable rows by table. `damage`: what is wrong with the file as a database, in words. `mended`: values that are wrong and may be
    emptied or made fit, by table and column, and `lost`: rows that cannot be used, by table and reason.
    """

    version: int
    rows: dict[str, int]
    damage: list[str] = field(default_factory=list)
    mended: dict[str, dict[str, int]] = field(default_factory=dict)
    lost: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.damage or self.mended or self.lost)

    def words(self) -> list[str]:
        """All that is wrong, a line each."""
        lines = [f"damage: {one}" for one in self.damage]
        for table, columns in self.mended.items():
            lines += [f"{table}: {count:,} wrong values of {column}" for column, count in columns.items()]
        for table, reasons in self.lost.items():
            lines += [f"{table}: {count:,} rows cannot be used: {why}" for why, count in reasons.items()]
        return lines


def check_file(path: Path, progress: Callable[[str], None]) -> Findings:
    """Test the file: its pages and indexes, its schema, references between tables, every value, every plan.

    Raises
    ------
    StoreError
        The file is no community file, or of a newer version.
    """
    with _opened(path) as (connection, version):
        progress("testing pages")
        damage = _damage(connection, version)
        salvage = Salvage(connection, version)
        for table in _tables(version):
            progress(f"testing {table}")
            for _ in salvage.rows(table):
                pass
    return _findings(salvage, version, damage)


def repair_file(path: Path, target: Path, progress: Callable[[str], None]) -> Findings:
    """Write what is whole into the new file `target`, which is checked before it takes its name; returns what was found.

    Raises
    ------
    StoreError
        The file is no community file, or of a newer version; or `target` is there already or cannot be written.
    """
    with _opened(path) as (connection, version), _new_file(target) as part:
        damage = _damage(connection, version)
        salvage = Salvage(connection, version)
        with closing(sqlite3.connect(part, isolation_level=None)) as made:
            made.execute("PRAGMA foreign_keys = ON")
            made.execute("BEGIN")
            migrate(made, 0)
            for table, rules in TABLES.items():
                if table in _tables(version):
                    progress(f"writing {table}")
                    _insert(made, salvage, table, len(rules.columns))
            made.execute("COMMIT")
            if made.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise StoreError(f"{target}: what was written is not whole; it was removed.")
    return _findings(salvage, version, damage)


def _insert(made: sqlite3.Connection, salvage: Salvage, table: str, columns: int) -> None:
    """Insert the usable rows of a table; those that stand there already are lost."""
    statement = f'INSERT OR IGNORE INTO "{table}" VALUES ({", ".join("?" * columns)})'
    for rows in salvage.rows(table):
        before = made.total_changes
        made.executemany(statement, rows)
        twice = len(rows) - (made.total_changes - before)
        if twice:
            salvage.whole[table] -= twice
            salvage.lost[table, "the same stands there twice"] += twice


def _tables(version: int) -> list[str]:
    """The tables that a file of this version has."""
    return [table for table in TABLES if ADDED_IN.get(table, 0) <= version]


@contextmanager
def _opened(path: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """A connection that only reads, and the version of the file."""
    if not path.exists():
        raise StoreError(f"{path}: there is no community file. Name it with --db.")
    try:
        with leased(path, create=False) as descriptor:
            header = check_side_files(path, descriptor)
            check_header(header, str(path))
            if not header.size or not header.version:
                raise StoreError(f"{path}: holds nothing yet. Start with: tenfold import people.csv contacts.csv")
            mode = "ro" if header.is_wal else "rw"  # a journal that was left is played back
            with closing(sqlite3.connect(uri(path, mode), uri=True, timeout=30, isolation_level=None)) as connection:
                harden(connection, 3 * header.size)
                connection.execute("PRAGMA query_only = ON")
                connection.text_factory = text_of
                connection.execute("BEGIN")
                yield connection, min(header.version, len(MIGRATIONS))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreError(
            f"{path}: is damaged so far that nothing can be read ({printable(error, 100)}). Put back a backup, or import your files anew."
        ) from error


def _damage(connection: sqlite3.Connection, version: int) -> list[str]:
    """What is wrong with the file as a database."""
    found = schema_faults(connection, version)
    try:
        for (line,) in connection.execute(f"PRAGMA integrity_check({MOST_LINES})").fetchall():
            found += [one for one in str(line).splitlines() if one not in ("ok", "*** in database main ***")]
    except (sqlite3.Error, MemoryError, UnicodeDecodeError) as error:  # the second one: pages that name pages far beyond the end
        found.append(f"the pages could not be tested to their end ({error or 'it names pages that it does not have'})")
    return [printable(" ".join(one.split()), 160) for one in found[: 2 * MOST_LINES]]


def _findings(salvage: Salvage, version: int, damage: list[str]) -> Findings:
    broken = [f"the table {table} cannot be read to its end: {printable(why, 100)}" for table, why in salvage.broken.items()]
    mended: dict[str, dict[str, int]] = {}
    for (table, column), count in sorted(salvage.mended.items()):
        mended.setdefault(table, {})[column] = count
    lost: dict[str, dict[str, int]] = {}
    for (table, why), count in sorted(salvage.lost.items()):
        lost.setdefault(table, {})[why] = count
    return Findings(version, {table: salvage.whole[table] for table in _tables(version)}, damage + broken, mended, lost)


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A new file for its owner alone, which takes the name `target` at the end."""
    if os.path.lexists(target):
        raise StoreError(f"{target}: is there already; nothing was written. Move it away first.")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tenfold-part", dir=target.parent)  # mode 0600
        os.close(descriptor)
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}).") from None
    part = Path(name)
    try:
        yield part
        sync(part)
        give_name(part, target)
        sync(target.parent)
    except FileExistsError:
        raise StoreError(f"{target}: is there already; nothing was written. Move it away first.") from None
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror}).") from None
    finally:
        for left in (part, part.with_name(part.name + "-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)
