"""Frames as files: CSV that any spreadsheet opens, and Parquet."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from tenfold.errors import StoreError
from tenfold.report.safe import neutral

__all__ = ["write_bytes", "write_csv", "write_frame"]


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a file whole or not at all: beside its place first, then into it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True) if fresh.parent.is_dir() else None
        words = error.strerror or type(error).__name__
        remedy = "Free some space or choose another folder, and run the command again."
        raise StoreError(f"{path}: cannot be written ({words}). {remedy}") from None
    return path


def write_csv(path: Path, frame: pl.DataFrame) -> Path:
    """UTF-8 with a byte-order mark and CRLF, as spreadsheets expect; texts that look like formulas are neutralised."""
    flat = frame.with_columns(pl.col(pl.Datetime).dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
    text = neutral(flat).write_csv(line_terminator="\r\n")
    return write_bytes(path, b"\xef\xbb\xbf" + text.encode("utf-8"))


def write_frame(path: Path, frame: pl.DataFrame) -> Path:
    """CSV or Parquet, by the name."""
    if path.suffix != ".parquet":
        return write_csv(path, frame)
    import io

    data = io.BytesIO()
    frame.write_parquet(data)
    return write_bytes(path, data.getvalue())
