"""The raw table, before its columns are matched: text cells under unique headers, each row with its number in the file, within limits."""

from __future__ import annotations

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable

__all__ = ["MAX_CELL", "MAX_COLUMNS", "MAX_ROWS", "ROW_NUMBER", "check_cells", "column_names", "strip_cells"]

ROW_NUMBER = "\x00row"
"""Name of the column that holds the number of each row, as a spreadsheet or an editor shows it."""

_ESCAPED = r"^'([=+\-@])"
"""Programs that write CSV put an apostrophe before what a spreadsheet would take for a formula."""

MAX_COLUMNS, MAX_ROWS = 2000, 200_000_000
MAX_CELL = 10_000  # characters


def column_names(names: list[str], name: str) -> list[str]:
    """The names of the columns, checked to be unique; a column without a name gets its number."""
    if len(names) > MAX_COLUMNS:
        raise DataError(f"{name}: has {len(names):,} columns; at most {MAX_COLUMNS:,} are read. Keep those that matter.")
    taken: set[str] = set()
    found = []
    for k, one in enumerate(names, start=1):
        if len(one) > MAX_CELL:
            raise DataError(f"{name}: the header of column {k} holds {len(one):,} characters; at most {MAX_CELL:,} are allowed.")
        if one and one in taken:
            raise DataError(f"{name}: the header names '{printable(one)}' twice; expected each column once. Rename one of them.")
        taken.add(one or f"column {k}")
        found.append(one or f"column {k}\x00")
    return found


def strip_cells(table: pl.DataFrame) -> pl.DataFrame:
    """Strip blanks around cells, make empty cells null, and leave out rows without any cell."""
    stripped = pl.col(pl.String).str.strip_chars()
    table = table.with_columns(pl.when(stripped != "").then(stripped).name.keep())
    quoted = [name for name, kind in table.schema.items() if kind == pl.String and table[name].str.starts_with("'").any()]
    table = table.with_columns(pl.col(quoted).str.replace(_ESCAPED, "${1}"))
    return table.filter(pl.any_horizontal(pl.exclude(ROW_NUMBER).is_not_null()))


def check_cells(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """The table, if no cell is longer than is allowed or holds a NUL, which ends a text in many programs."""
    for column in table.columns:
        if table[column].dtype != pl.String:
            continue
        holds = table[column].str.contains("\x00", literal=True).fill_null(False).arg_true()
        if len(holds):
            raise DataError(
                f"{name} row {table[ROW_NUMBER][int(holds[0])]}: column '{printable(column)}' holds a NUL character; expected text. "
                "Take it out."
            )
        if (table[column].str.len_bytes() > MAX_CELL).any():
            length = table[column].str.len_chars()
            at = int(length.arg_max() or 0)
            if (length[at] or 0) > MAX_CELL:
                raise DataError(
                    f"{name} row {table[ROW_NUMBER][at]}: column '{printable(column)}' holds {length[at]:,} characters; "
                    f"at most {MAX_CELL:,} are allowed. Shorten it."
                )
    return table
