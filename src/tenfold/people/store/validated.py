"""Read tables of the community file, each value checked: of the right type and within its bounds, or one line says which is not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import polars as pl

from tenfold.errors import StoreError
from tenfold.people.store.hardening import LONGEST_VALUE, MOST_ROWS_PER_BYTE
from tenfold.people.store.values import TABLES

__all__ = ["ValidatedReader"]

BYTES_AT_ONCE = 256 << 20
"""Rows are fetched so many at a time that they take less than this, however long their values are."""


class ValidatedReader:
    """Reads tables within the open transaction of `db`; `path` is for messages."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.db, self._path = db, path

    def read(self, table: str, *columns: str, order: str = "") -> pl.DataFrame:
        """The named columns of a table, in the order of its key or of the columns in `order`.

        Raises
        ------
        StoreError
            A value is not what its column holds, or there are more rows than the file has room for.
        """
        rules = TABLES[table].columns
        chunks: dict[str, list[pl.Series]] = {name: [] for name in columns}
        ordered = f" ORDER BY {order}" if order else ""
        names = ", ".join(f'"{name}"' for name in columns)
        self.db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, TABLES[table].longest_row)
        try:
            cursor = self.db.execute(f'SELECT {names} FROM "{table}"{ordered}')
            at_once, most, count = BYTES_AT_ONCE // TABLES[table].longest_row, self._most_rows(), 0
            while rows := cursor.fetchmany(at_once):
                count += len(rows)
                if count > most:
                    raise StoreError(self.said(table, "there are more rows than the file has room for"))
                for name, values in zip(columns, zip(*rows, strict=True), strict=True):
                    chunks[name].append(self._checked(table, name, values))
        finally:
            self.db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        empty = {name: rules[name].series(name, []) for name in columns}
        return pl.DataFrame([pl.concat(parts) if parts else empty[name] for name, parts in chunks.items()])

    def refer(self, frame: pl.DataFrame, table: str, column: str, to: pl.DataFrame) -> pl.DataFrame:
        """The frame with the key in `column` replaced by what stands for it in `to` (`key`, and one more column).

        Raises
        ------
        StoreError
            A key is none of `to`.
        """
        value = next(name for name in to.columns if name != "key")
        found = frame[column].replace_strict(to["key"], to[value], default=None, return_dtype=to[value].dtype)
        if found.null_count():
            key = frame[column].filter(found.is_null())[0]
            raise StoreError(self.said(table, f"column {column} names the row {key} of another table, which is not there"))
        return frame.with_columns(found.alias(column))

    def _checked(self, table: str, name: str, values: tuple[object, ...]) -> pl.Series:
        try:
            return TABLES[table].columns[name].series(name, values)
        except ValueError as error:
            raise StoreError(self.said(table, f"column {name} {error}")) from None

    def _most_rows(self) -> int:
        size = self.db.execute("PRAGMA page_count").fetchone()[0] * self.db.execute("PRAGMA page_size").fetchone()[0]
        return 1000 + int(size * MOST_ROWS_PER_BYTE)

    def said(self, table: str, what: str) -> str:
        """A message about a table."""
        return (
            f"{self._path}: table {table}: {what}. Another program changed the file, or it is damaged; tenfold check says more, and "
            "tenfold check --repair writes what is whole into a new file."
        )
