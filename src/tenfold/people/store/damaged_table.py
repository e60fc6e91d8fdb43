"""Read what can be read of a table in a damaged file: from its beginning, from its end, and in between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from tenfold.people.store.hardening import LONGEST_VALUE, MOST_ROWS_PER_BYTE
from tenfold.people.store.values import TABLES

__all__ = ["BadText", "scan", "text_of"]

MOST_SEEKS = 300
Row = tuple[Any, ...]


class BadText(str):
    """Text whose bytes were no UTF-8; what is no letter is replaced."""


def text_of(data: bytes) -> str:
    """Text from the bytes of a value."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return BadText(data.decode("utf-8", "replace"))


def scan(db: sqlite3.Connection, table: str, broke: Callable[[str], None]) -> Iterator[Row]:
    """The rows of a table that can be read, each once; `broke` is told why where reading fails."""
    columns = _columns(db, table)
    if columns is None:
        broke("it is not there as a table of Tenfold's")
        return
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, TABLES[table].longest_row)
    try:
        for count, row in enumerate(_Scan(db, table, columns, broke).rows()):
            if count > _most_rows(db):
                broke("it has more rows than the file has room for")
                return
            yield row
    finally:
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


class _Scan:
    """One table while it is read."""

    def __init__(self, db: sqlite3.Connection, table: str, columns: str, broke: Callable[[str], None]) -> None:
        self._db, self._broke = db, broke
        first = "rowid" if next(iter(TABLES[table].columns)) in ("key", "number") else None
        order = [first] if first else list(TABLES[table].key)
        self._first = order[0]
        self._order = {
            way: ", ".join(f'"{name}" {way}' if name != "rowid" else f"rowid {way}" for name in order) for way in ("ASC", "DESC")
        }
        self._select = f'SELECT {columns} FROM "{table}"'
        self._key = len(order)
        names = list(TABLES[table].columns)
        self._places = [names.index(name) if name in names else 0 for name in order]
        self._seeks = 0

    def rows(self) -> Iterator[Row]:
        """Forwards; where that breaks, backwards; and then in the gap."""
        low = high = None
        whole = True
        for row, fine in self._read("ASC", "", ()):
            whole = fine
            if row is not None:
                low = row
                yield row
        if whole:
            return
        for row, _ in self._read("DESC", "", ()):
            if row is None or (low is not None and not _is_above(self._key_of(row), self._key_of(low))):
                break
            high = row
            yield row
        if low is not None and high is not None:
            begin, end = self._key_of(low)[0], self._key_of(high)[0]
            if type(begin) is int and type(end) is int:
                yield from self._between(begin, end)

    def _between(self, low: int, high: int) -> Iterator[Row]:
        """Rows whose first key lies between the two, which cannot be read from either of them."""
        if high - low < 2 or self._seeks >= MOST_SEEKS:
            return
        middle, last = (low + high) // 2, None
        whole = True
        name = self._first if self._first == "rowid" else f'"{self._first}"'
        for row, fine in self._read("ASC", f" WHERE {name} >= ? AND {name} < ?", (max(middle, low + 1), high)):
            whole = fine
            if row is not None:
                last = row
                yield row
        yield from self._between(low, middle)
        if not whole:
            key = self._key_of(last)[0] if last is not None else middle
            if type(key) is int and key < high:
                yield from self._between(key, high)

    def _read(self, way: str, where: str, values: tuple[int, ...]) -> Iterator[tuple[Row | None, bool]]:
        """Rows, each with True; at the end None and False if reading broke."""
        self._seeks += 1
        try:
            yield from ((row, True) for row in self._db.execute(f"{self._select}{where} ORDER BY {self._order[way]}", values))
        except (sqlite3.Error, OverflowError, MemoryError, UnicodeDecodeError) as error:
            self._broke(" ".join(str(error).split())[:100])
            yield None, False

    def _key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[place] for place in self._places)


def _is_above(key: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    try:
        return key > other
    except TypeError:  # values of other types than ours
        return False


def _columns(db: sqlite3.Connection, table: str) -> str | None:
    """Our columns of a table as SQL, an absent one that may be empty as NULL; None if it is no ordinary table or lacks more."""
    try:
        found = db.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ? LIMIT 1", (table,)).fetchone()
        if found is None or not str(found[0]).upper().startswith("CREATE TABLE"):
            return None
        there = {str(row[1]) for row in db.execute(f'PRAGMA table_xinfo("{table}")').fetchall() if row[6] == 0}
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    rules = TABLES[table].columns
    if any(name not in there and not rule.optional for name, rule in rules.items()):
        return None
    return ", ".join(f'"{name}"' if name in there else f'NULL AS "{name}"' for name in rules)


def _most_rows(db: sqlite3.Connection) -> int:
    size = db.execute("PRAGMA page_count").fetchone()[0] * db.execute("PRAGMA page_size").fetchone()[0]
    return 1000 + int(size * MOST_ROWS_PER_BYTE)
