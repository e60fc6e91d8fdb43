"""Parquet: a file as a raw table."""

from __future__ import annotations

import io

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.raw_table import MAX_COLUMNS, MAX_ROWS, ROW_NUMBER

__all__ = ["read_parquet"]


def read_parquet(data: bytes, name: str) -> pl.DataFrame:
    """A Parquet file; columns that hold neither text, numbers, times nor booleans are left out."""
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
        table = scan.select(flat).collect()
        texts = [column for column in flat if schema[column] in (pl.Categorical, pl.Enum)]
        return table.with_columns(pl.col(texts).cast(pl.String)).with_row_index(ROW_NUMBER, offset=1)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise DataError(
            f"{name}: the Parquet file is damaged ({printable(error, 120)}); expected a whole one. Write it anew."
        ) from None
