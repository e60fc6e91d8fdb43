"""Parquet: a file as a raw table."""

from __future__ import annotations

import polars as pl

from tenfold.parquet import parse_parquet
from tenfold.people.readers.raw_table import ROW_NUMBER

__all__ = ["read_parquet"]


def read_parquet(data: bytes, name: str) -> pl.DataFrame:
    """A Parquet file; columns that hold neither text, numbers, times nor booleans are left out."""
    return parse_parquet(data, name).with_row_index(ROW_NUMBER, offset=1)
