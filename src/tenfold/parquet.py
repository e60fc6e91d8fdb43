"""Parquet from files that others wrote: the columns that are no lists, tables or bytes, within limits, with times that can be shown."""

from __future__ import annotations

import io
from datetime import date

import polars as pl

from tenfold import checks
from tenfold.control_characters import printable
from tenfold.errors import DataError

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "parse_parquet"]

MAX_COLUMNS, MAX_ROWS = 2000, 200_000_000
EPOCH = date(1970, 1, 1)
PER_SECOND = {"ms": 10**3, "us": 10**6, "ns": 10**9}
_CELL = 40  # bytes of a cell, with what is made of it; a file may say in a few bytes that it holds millions


def parse_parquet(data: bytes, name: str) -> pl.DataFrame:
    """The table in a Parquet file; lengths of time are minutes, categories are text.

    Raises
    ------
    DataError
        It is damaged, has too many columns or rows, or a time outside of the years 1 to 9999.
    """
    try:
        scan = pl.scan_parquet(io.BytesIO(data))
        schema = scan.collect_schema()
        height = scan.select(pl.len()).collect().item()
        if len(schema) > MAX_COLUMNS or height > MAX_ROWS:
            what, most = ("columns", MAX_COLUMNS) if len(schema) > MAX_COLUMNS else ("rows", MAX_ROWS)
            raise DataError(
                f"{name}: has {max(len(schema), height):,} {what}; at most {most:,} are read. Keep those that matter."
            )
        flat = [column for column, dtype in schema.items() if not dtype.is_nested() and dtype not in (pl.Binary, pl.Object)]
        checks.reading(_CELL * height * len(flat), len(data), name, "Keep the columns and rows that matter")
        table = _checked_times(scan.select(flat).collect(), name)
        texts = [column for column in flat if schema[column] in (pl.Categorical, pl.Enum)]
        return table.with_columns(pl.col(texts).cast(pl.String))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError, OverflowError) as error:
        said = printable(str(error).partition("\n")[0][:120])
        raise DataError(f"{name}: the Parquet file is damaged ({said}); expected a whole one. Write it anew.") from None


def _checked_times(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """The table with lengths of time as minutes; dates and times have to lie in the years 1 to 9999, as nothing else can be shown."""
    days = (date(1, 1, 1) - EPOCH).days, (date(9999, 12, 31) - EPOCH).days
    for column in table.get_columns():
        kind = column.dtype
        if isinstance(kind, pl.Duration):
            minutes = column.to_physical() / (60 * PER_SECOND[kind.time_unit])
            table = table.with_columns(minutes.alias(column.name))
        elif isinstance(kind, pl.Date | pl.Datetime):
            unit = 1 if isinstance(kind, pl.Date) else 86_400 * PER_SECOND[kind.time_unit]
            day = column.to_physical() // unit
            wrong = ((day < days[0]) | (day > days[1])).fill_null(False).arg_true()
            if len(wrong):
                raise DataError(
                    f"{name} row {int(wrong[0]) + 1}: {printable(column.name)} holds a time outside of the years 1 to 9999; correct it, or "
                    "leave the cell empty."
                )
    return table
