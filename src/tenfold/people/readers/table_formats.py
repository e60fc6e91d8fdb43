"""Tables by format: CSV, TSV, XLSX or Parquet, recognised by the first bytes of the file."""

from __future__ import annotations

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.delimited_text import parse_delimited_text
from tenfold.people.readers.parquet import read_parquet
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.raw_table import check_cells, strip_cells
from tenfold.people.readers.xlsx import read_xlsx

__all__ = ["read_table"]


def read_table(raw: RawFile, encoding: str | None) -> tuple[pl.DataFrame, str, str]:
    """The raw table (text columns, or typed ones from Parquet; empty cells are null), its format and its encoding."""
    name = printable(raw.path.name)
    if raw.data[:4] == b"PAR1":
        return check_cells(read_parquet(raw.data, name), name), "Parquet", "binary"
    if raw.data[:4] == b"PK\x03\x04":
        return check_cells(strip_cells(read_xlsx(raw)), name), "XLSX", "binary"
    if raw.data[:4] == b"\xd0\xcf\x11\xe0":
        raise DataError(f"{name}: is an old Excel file (.xls); expected .xlsx or .csv. Open it and save it as one of these.")
    text, used = decode_text(raw, encoding)
    table, delimiter = parse_delimited_text(text, name)
    return check_cells(strip_cells(table), name), "TSV" if delimiter == "\t" else "CSV", used.upper()
