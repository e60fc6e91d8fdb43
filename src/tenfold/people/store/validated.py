"""Read tables of the community file, each value checked: of the right type and within its bounds, or one line says which is not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import polars as pl

from tenfold.errors import StoreError
from tenfold.people.store.hardening import LONGEST_VALUE, MOST_ROWS_PER_BYTE
from tenfold.people.store.values import TABLES

__all__ = ["ValidatedReader"]

BYTES_AT_ONCE, USUAL_ROW = 256 << 20, 1 << 14
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
        longest = TABLES[table].longest_row
        try:
            return self._read(table, columns, order, min(USUAL_ROW, longest))
        except sqlite3.DataError:  # a row that is longer than usual: fewer at once
            return self._read(table, columns, order, longest)

    def _read(self, table: str, columns: tuple[str, ...], order: str, longest: int) -> pl.DataFrame:
        """The columns of a table none of whose rows is longer."""
        rules = TABLES[table].columns
        chunks: dict[str, list[pl.Series]] = {name: [] for name in columns}
        ordered = f" ORDER BY {order}" if order else ""
        names = ", ".join(f'"{name}"' for name in columns)
        self.db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        try:
            cursor = self.db.execute(f'SELECT {names} FROM "{table}"{ordered}')
            most, count = self._most_rows(), 0
            while rows := cursor.fetchmany(BYTES_AT_ONCE // longest):
                count += len(rows)
                if count > most:
                    raise StoreError(self.said(table, "there are more rows than the file has room for"))
                for name, values in zip(columns, zip(*rows, strict=True), strict=True):
                    chunks[name].append(self._checked(table, name, values))
        finally:
            self.db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        empty = {name: rules[name].series(name, []) for name in columns}
        return pl.DataFrame([pl.concat(parts) if parts else empty[name] for name, parts in chunks.items()])

    def read_whole(self, table: str, *columns: str) -> pl.DataFrame:
        """The same for columns of whole numbers that are never empty, in the table's own order, and quicker: for tables of millions.

        SQLite writes each column as one text, which Polars reads; where a text does not read as whole numbers, `read` says why.
        """
        rules = TABLES[table].columns
        names = ", ".join(f'json_group_array("{name}")' for name in columns)
        try:
            texts = self.db.execute(f'SELECT {names} FROM "{table}"').fetchone()
            found = [_whole(name, text) for name, text in zip(columns, texts, strict=True)]
            fit = len(found[0]) <= self._most_rows() and len({len(one) for one in found}) == 1
            if fit and all(one.is_between(rules[one.name].low, rules[one.name].high).all() for one in found):
                return pl.DataFrame(found)
        except (sqlite3.DatabaseError, pl.exceptions.PolarsError):
            pass  # a text that is too long, a value that is no number, or damage: the slower way gets through, or says what it is
        return self.read(table, *columns)

    def places(self, frame: pl.DataFrame, table: str, column: str, keys: pl.Series) -> pl.Series:
        """For each key in `column`, its place in `keys`.

        Raises
        ------
        StoreError
            A key is none of `keys`.
        """
        given, known = frame[column], keys.to_numpy()
        low, most = (int(known.min()), int(known.max())) if len(known) else (0, 0)
        if low >= 0 and most <= 8 * len(known) + 1000:  # mostly so: a table of places
            place = np.full(most + 2, -1, np.int64)
            place[known] = np.arange(len(known))
            wanted = given.to_numpy()
            found = place[np.where((wanted >= 0) & (wanted <= most), wanted, most + 1)]
        else:
            found = given.replace_strict(keys, np.arange(len(known)), default=-1, return_dtype=pl.Int64).to_numpy()
        if len(found) and found.min() < 0:
            key = given[int(found.argmin())]
            raise StoreError(self.said(table, f"column {column} names the row {key} of another table, which is not there"))
        return pl.Series(column, found)

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


def _whole(name: str, text: str) -> pl.Series:
    """The whole numbers of a JSON list."""
    data = text[1:-1].encode()
    if not data:
        return pl.Series(name, [], dtype=pl.Int64)
    frame = pl.read_csv(
        data,
        has_header=False,
        separator="\t",
        eol_char=",",
        quote_char=None,
        schema={name: pl.Int64},
    )
    return frame[name]
