"""The first sheet of an XLSX workbook."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.files import Raw, shown

__all__ = ["read_workbook"]

MOST_UNPACKED, MOST_RATIO = 1 << 30, 200
MOST_CELLS = 20_000_000
"""Cells of the rectangle around all that is filled; the parser takes memory for each, also where it is blank."""

_PLACE = re.compile(rb"\br\s*=\s*[\"']\$?([A-Za-z]{0,7})\$?(\d{1,12})[\"']")  # of a cell (r="B7") or a row (r="7")
_PIECE = 1 << 22


def read_workbook(raw: Raw) -> pl.DataFrame:
    """All cells of the first sheet as text, without header; row k of the frame is row k + 1 of the sheet."""
    import fastexcel

    name = shown(raw.path.name)
    _check(raw, name)
    try:
        sheet = fastexcel.read_excel(raw.data).load_sheet(0, dtypes="string", header_row=None, skip_rows=0)
        return sheet.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, RuntimeError) as error:
        raise DataError(
            f"{name}: the workbook cannot be read ({shown(error, 120)}); expected XLSX. Save the sheet as CSV."
        ) from None


def _check(raw: Raw, name: str) -> None:
    """Refuse a workbook that unpacks to too much, or whose cells lie so far apart that the sheet fills the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as packed:
            parts = packed.infolist()
            total = sum(one.file_size for one in parts)
            if total > min(max(len(raw.data) * MOST_RATIO, 64 << 20), MOST_UNPACKED):
                raise DataError(f"{name}: unpacks to {total >> 20} MiB; that is no workbook of people. Save the sheet as CSV.")
            for part in parts:
                if part.filename in ("xl/workbook.bin", "content.xml"):
                    raise DataError(f"{name}: is no XLSX workbook; expected .xlsx or .csv. Open it and save it as one of these.")
                _check_part(packed, part, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        raise DataError(f"{name}: the workbook is cut off or damaged; expected a whole XLSX file. Save it again.") from None


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Refuse a sheet whose filled cells span too large a rectangle."""
    rows, letters, tail, is_sheet = 1, b"A", b"", False
    with packed.open(part) as opened:
        while piece := opened.read(_PIECE):
            text = tail + piece
            is_sheet = is_sheet or b"sheetData" in text
            for column, row in _PLACE.findall(text):
                rows = max(rows, int(row))
                letters = max(letters, column.upper(), key=lambda one: (len(one), one))
            tail = piece[-40:]
    columns = 0
    for letter in letters:
        columns = columns * 26 + letter - 64
    if is_sheet and rows * columns > MOST_CELLS:
        raise DataError(
            f"{name}: its cells reach to row {rows:,} and column {letters.decode()}; at most {MOST_CELLS:,} cells are read. "
            "Remove the stray cells, or save the sheet as CSV."
        )
