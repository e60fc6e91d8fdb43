"""XLSX: the sheets of a workbook as rows of cells."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.merged_cells import Workbook, fill_merged, read_workbook
from tenfold.people.readers.raw_file import RawFile
from tenfold.people.readers.shared_strings import check_shared_strings

__all__ = ["Sheet", "read_xlsx"]

MAX_UNPACKED, MAX_RATIO = 400 << 20, 200
MAX_SHEETS = 256
_COUNTS = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']([0-9]+)["']""")
MAX_CELLS, ALWAYS_ALLOWED, MAX_BLANK_RATIO = 8_000_000, 1_000_000, 100
"""Limits on the bounding rectangle of the filled cells, as the parser takes memory for each cell in it: MAX_CELLS in all, and, beyond
ALWAYS_ALLOWED, MAX_BLANK_RATIO for each filled cell."""

_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_CHUNK = 1 << 20


class _BoundingBox:
    """The last row and column of a sheet's cells. An invalid cell reference raises, as it is not known what the parser makes of it."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = self.cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of a row or cell; one without a reference follows the one before."""
        local = name.rpartition(":")[2]
        if local == "c":
            self.column += 1
            self.cells += 1
            if "r" in attributes:
                match = _CELL_REFERENCE.fullmatch(attributes["r"])
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


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet as text, row k of the frame is row k + 1 of the sheet; `epoch_1904`: the days of its dates count from 1904."""

    name: str
    cells: pl.DataFrame
    epoch_1904: bool


def read_xlsx(raw: RawFile) -> list[Sheet]:
    """The sheets with a filled cell, hidden ones left out; a merged cell holds for all of its cells."""
    import fastexcel

    name = printable(raw.path.name)
    book = _check_archive(raw, name)
    try:
        reader = fastexcel.read_excel(raw.data)
        found = []
        if len(reader.sheet_names) > MAX_SHEETS:
            raise DataError(f"{name}: has {len(reader.sheet_names):,} sheets; at most {MAX_SHEETS} are read. Split the workbook.")
        for index, title in enumerate(reader.sheet_names):
            sheet = reader.load_sheet(index, dtypes="string", header_row=None, skip_rows=0)
            cells = sheet.to_polars()
            if sheet.visible == "visible" and _is_filled(cells):
                found.append(Sheet(title, fill_merged(cells, book.merged.get(title, ())), book.epoch_1904))
    except DataError:
        raise
    except BaseException as error:
        panicked = type(error).__name__ == "PanicException"  # each compiled library has a class of its own, below BaseException
        if not panicked and not isinstance(
            error, (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError, RuntimeError)
        ):
            raise
        raise DataError(
            f"{name}: the workbook cannot be read ({printable(error, 120)}); expected XLSX. Save the sheet as CSV."
        ) from None
    if not found:
        raise DataError(f"{name}: its sheets are empty; expected a header row and at least one row below it.")
    return found


def _is_filled(cells: pl.DataFrame) -> bool:
    """Whether any cell holds more than blanks."""
    return bool(cells.width) and bool(cells.select(pl.any_horizontal((pl.all().str.strip_chars() != "").any())).item())


def _check_archive(raw: RawFile, name: str) -> Workbook:
    """What a workbook says of its sheets. Rejects one that unpacks to too much, or whose cells span too large a rectangle."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as packed:
            parts = packed.infolist()
            total = sum(one.file_size for one in parts)
            if total > min(max(len(raw.data) * MAX_RATIO, 64 << 20), MAX_UNPACKED):
                raise DataError(f"{name}: unpacks to {total >> 20} MiB; that is no workbook of people. Save the sheet as CSV.")
            for part in parts:
                if part.filename in ("xl/workbook.bin", "content.xml"):
                    raise DataError(f"{name}: is no XLSX workbook; expected .xlsx or .csv. Open it and save it as one of these.")
                text = packed.read(part)
                _check_counts(text)
                _check_sheet(text, name)
            check_shared_strings(packed, len(raw.data), name)
            return read_workbook(packed)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, LookupError, OSError, EOFError, ValueError, RuntimeError):
        raise DataError(f"{name}: the workbook is cut off or damaged; expected a whole XLSX file. Save it again.") from None


def _check_counts(text: bytes) -> None:
    """Reject a part that says it holds more entries than it has bytes: readers take the memory for them first."""
    for said in _COUNTS.finditer(text):
        if len(said[1]) > 18 or int(said[1]) > len(text):
            raise ValueError(f"{said[1][:20]!r} entries in {len(text)} bytes")


def _check_sheet(text: bytes, name: str) -> None:
    """Reject a sheet whose cells span too large a rectangle, or that declares entities."""
    if b"sheetData" not in text:
        return
    box, parser = _BoundingBox(), expat.ParserCreate()
    parser.StartElementHandler = box.start
    parser.StartDoctypeDeclHandler = _no_doctype
    for at in range(0, len(text), _CHUNK):
        parser.Parse(text[at : at + _CHUNK], at + _CHUNK >= len(text))
    area = box.last_row * box.last_column
    if area > min(MAX_CELLS, max(ALWAYS_ALLOWED, box.cells * MAX_BLANK_RATIO)):
        raise DataError(
            f"{name}: its cells reach to row {box.last_row:,} and column {box.last_column:,}, {box.cells:,} are filled; at most "
            f"{MAX_CELLS:,} cells are read, and few blank ones. Remove the stray cells, or save the sheet as CSV."
        )


def _no_doctype(*declared: object) -> None:
    """Reject a document type: no sheet declares one, and entities could expand without end."""
    raise ValueError(f"document type {declared[:1]}")
