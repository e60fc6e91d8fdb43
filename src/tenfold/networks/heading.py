"""Whether the first row of a table names its columns: by names that are known, by what stands below, or else as a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from tenfold.errors import DataError
from tenfold.networks.columns import find_ends, is_known, listed
from tenfold.networks.table_files import TextTable

__all__ = ["Body", "body_of"]

_SAMPLE = 1000
_DATUM = re.compile(r"[-+]?[0-9.][0-9.,:/\-+TZeE %]*")
"""What a number, a date or a time consists of."""


@dataclass(frozen=True)
class Body:
    """The rows of a table below its header. `names`: of the columns, or none; `above`: rows above the first one, for error messages."""

    frame: pl.DataFrame
    names: list[str] | None
    above: int
    notes: tuple[str, ...]

    def name(self, column: int) -> str:
        """What a column is called in a note."""
        return f"column {column + 1}" if self.names is None else listed([self.names[column]])


def body_of(table: TextTable, where: str, header: bool | None, what: str) -> Body:
    """The rows of a table and the names of its columns.

    `header`: what the caller says, or None. `what`: what a row is, such as "edge", for the question.

    Raises
    ------
    DataError
        It cannot be known whether the first row names the columns.
    """
    frame = table.frame
    if table.named:
        return Body(frame, list(frame.columns), 0, ())
    first = table.first_row()
    named = _names_columns(table, where) if header is None else header
    if named is None:
        raise DataError(
            f"{where}: the first row ({listed(first)}) may be names of columns or a first {what}. "
            f"Put known names there, such as {_examples(what)}, or say header=False if it is a first {what}."
        )
    if not named:
        return Body(frame, None, 0, ())
    return Body(frame.slice(1), first, 1, (f"Header: the first row, {listed(first)}.",))


def _examples(what: str) -> str:
    return {"contact": "time, source, target", "membership": "person, group"}.get(what, "source, target, weight")


def _names_columns(table: TextTable, where: str) -> bool | None:
    """Whether the first row names the columns; None where that cannot be known."""
    first, below = table.first_row(), table.frame.slice(1)
    if all(not cell or _DATUM.fullmatch(cell) for cell in first):
        return False
    columns = [below[:, k].str.to_lowercase() for k in range(min(below.width, 4))]
    same = [bool(cell) and any(bool((column == cell.casefold()).any()) for column in columns) for cell in first]
    known = [is_known(cell, "weight", "time", "end", "duration", "type") and len(cell) > 1 for cell in first]
    ends = find_ends(first, where) if not all(same[:2]) else None
    if ends is not None and (not any(same[k] for k in ends) or any(known)):
        return True
    if _names_members(first) and not any(same):
        return True
    sample = below.head(_SAMPLE)
    above_data = [_holds_data(sample[:, k]) for k in range(sample.width)] if len(sample) else []
    if any(is_data and cell and not _DATUM.fullmatch(cell) for is_data, cell in zip(above_data, first, strict=False)):
        return not any(same[:2])
    if any(is_known and not there for is_known, there in zip(known, same, strict=True)) and len(sample):
        return True
    if any(_DATUM.fullmatch(cell) for cell in first) or any(same[:3]):
        return False
    return None


def _names_members(first: list[str]) -> bool:
    return any(is_known(cell, "person") for cell in first) and any(
        is_known(cell, "group") and not is_known(cell, "person") for cell in first
    )


def _holds_data(column: pl.Series) -> bool:
    """Whether a column holds numbers, dates or times only, and at least one."""
    cells = [cell for cell in column.to_list() if cell]
    return bool(cells) and all(_DATUM.fullmatch(cell) for cell in cells)
