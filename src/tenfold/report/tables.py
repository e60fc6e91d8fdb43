"""Tables as files: CSV for spreadsheets, and Parquet."""

from __future__ import annotations

import io

import polars as pl

from tenfold.report.escaping import escape_formulas

__all__ = ["csv_bytes", "table_file"]


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """CSV as spreadsheets expect it: UTF-8 with a byte-order mark and CRLF. Texts that look like formulas are escaped."""
    flat = frame.with_columns(pl.col(pl.Datetime).dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
    text = escape_formulas(flat).write_csv(line_terminator="\r\n")
    return b"\xef\xbb\xbf" + text.encode("utf-8")


def table_file(name: str, frame: pl.DataFrame) -> tuple[str, bytes]:
    """The name of a file and the table in it: Parquet, if the name says so, else CSV."""
    if not name.endswith(".parquet"):
        return name, csv_bytes(frame)
    data = io.BytesIO()
    frame.write_parquet(data)
    return name, data.getvalue()
