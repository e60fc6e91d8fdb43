"""The first sheet of an XLSX workbook."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.files import Raw, shown

__all__ = ["read_workbook"]

MOST_UNPACKED, MOST_RATIO = 1 << 30, 200
MOST_CELLS, ALWAYS_ALLOWED, MOST_BLANK = 20_000_000, 1_000_000, 100
"""Cells of the rectangle around all that is filled: the parser takes memory for each, also where it is blank. At most so many, and beyond
those that are always allowed at most so many for each cell that is there."""

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_PIECE = 1 << 20


class _Extent:
    """How far the cells of a sheet reach. A place that is none is an error: what the parser makes of it is not known."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = self.cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row or a cell begins; without a place of its own it follows the one before."""
        local = name.rpartition(":")[2]
        if local == "c":
            self.column += 1
            self.cells += 1
            if "r" in attributes:
                match = _PLACE.fullmatch(attributes["r"])
                if match is None:
                    raise ValueError(f"cell {attributes['r'][:20]}")
                self.column = 0
                for letter in match[1]:
                    self.column = self.column * 26 + ord(letter) - 64
                self.last_row = max(self.last_row, int(match[2]))
            self.last_column = max(self.last_column, self.column)
        elif local == "row":
            self.row, self.column = self.row + 1, 0
            if "r" in attributes:
                if not re.fullmatch("[1-9][0-9]{0,6}", attributes["r"]):
                    raise ValueError(f"row {attributes['r'][:20]}")
                self.row = int(attributes["r"])
            self.last_row = max(self.last_row, self.row)


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
                _check_part(packed.read(part), name)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, EOFError, ValueError, RuntimeError):
        raise DataError(f"{name}: the workbook is cut off or damaged; expected a whole XLSX file. Save it again.") from None


def _check_part(text: bytes, name: str) -> None:
    """Refuse a sheet whose cells span too large a rectangle, or that declares entities."""
    if b"sheetData" not in text:
        return
    extent, parser = _Extent(), expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.StartDoctypeDeclHandler = _no_doctype
    for at in range(0, len(text), _PIECE):
        parser.Parse(text[at : at + _PIECE], at + _PIECE >= len(text))
    area = extent.last_row * extent.last_column
    if area > min(MOST_CELLS, max(ALWAYS_ALLOWED, extent.cells * MOST_BLANK)):
        raise DataError(
            f"{name}: its cells reach to row {extent.last_row:,} and column {extent.last_column:,}, {extent.cells:,} are filled; at most "
            f"{MOST_CELLS:,} cells are read, and few blank ones. Remove the stray cells, or save the sheet as CSV."
        )


def _no_doctype(*declared: object) -> None:
    """No sheet declares a document type."""
    raise ValueError(f"document type {declared[:1]}")
