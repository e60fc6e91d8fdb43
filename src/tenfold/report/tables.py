"""Tables as files: CSV for spreadsheets, and Parquet."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from tenfold.report.atomic_files import write_atomically
from tenfold.report.escaping import escape_formulas

__all__ = ["write_csv", "write_table"]


def write_csv(path: Path, frame: pl.DataFrame) -> Path:
    """Write CSV as spreadsheets expect it: UTF-8 with a byte-order mark and CRLF. Texts that look like formulas are escaped."""
    flat = frame.with_columns(pl.col(pl.Datetime).dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
    text = escape_formulas(flat).write_csv(line_terminator="\r\n")
    return write_atomically(path, b"\xef\xbb\xbf" + text.encode("utf-8"))


def write_table(path: Path, frame: pl.DataFrame) -> Path:
    """Write CSV or Parquet, by the suffix of the path."""
    if path.suffix != ".parquet":
        return write_csv(path, frame)
    data = io.BytesIO()
    frame.write_parquet(data)
    return write_atomically(path, data.getvalue())
