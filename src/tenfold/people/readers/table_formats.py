"""Tables by format: CSV, TSV, XLSX or Parquet, recognised by the first bytes of the file, each with its header row found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from tenfold.people.printable import printable
from tenfold.people.readers.context import ReadContext
from tenfold.people.readers.delimited_text import DELIMITERS, parse_delimited_text
from tenfold.people.readers.heading import MAX_ABOVE, SAMPLE, Heading, find_heading, first_row_is_header, heading_of_columns
from tenfold.people.readers.legacy_encoding import looks_like_cp1252
from tenfold.people.readers.other_files import refuse_other_files
from tenfold.people.readers.parquet import read_parquet
from tenfold.people.readers.raw_file import RawFile, decode_text
from tenfold.people.readers.raw_table import ROW_NUMBER, check_cells, column_names, strip_cells
from tenfold.people.readers.xlsx import Sheet, read_xlsx

__all__ = ["RawTable", "read_tables", "read_text_table"]

HEAD = 1 << 18  # characters of a text that are searched for the header


@dataclass(frozen=True)
class RawTable:
    """A table as it stands in a file: text columns (typed ones from Parquet) under their headers, empty cells null.

    `heading`: the header row, None where no row makes a complete table; the first row then stands in for it. `heading_row`: its number.
    `above`: the text above it. `sheet`: the name of the sheet of a workbook. `spreadsheet`: whether bare numbers may be days, and
    `epoch_1904` from when they count.
    """

    table: pl.DataFrame
    format: str
    encoding: str
    heading: Heading | None
    heading_row: int | None
    above: Sequence[str] = ()
    sheet: str | None = None
    spreadsheet: bool = False
    epoch_1904: bool = False
    notes: Sequence[str] = field(default=())


def read_tables(raw: RawFile, context: ReadContext) -> list[RawTable]:
    """The tables of a file: one for each sheet of a workbook that has one, else one."""
    refuse_other_files(raw)
    name = printable(raw.path.name)
    if raw.data[:4] == b"PAR1":
        table = check_cells(read_parquet(raw.data, name), name)
        headers = [one for one in table.columns if one != ROW_NUMBER]
        rows = [headers, *table.head(SAMPLE).select(pl.exclude(ROW_NUMBER).cast(pl.String, strict=False)).rows()]
        return [RawTable(table, "Parquet", "binary", heading_of_columns(rows, context.mapping, context.what, context.now), None)]
    if raw.data[:4] == b"PK\x03\x04":
        return _read_sheets(raw, context, name)
    text, used = decode_text(raw, context.encoding)
    return [read_text_table(text, used, name, context)]


def _read_sheets(raw: RawFile, context: ReadContext, name: str) -> list[RawTable]:
    """The sheets of a workbook that hold a table; where none does, the first."""
    sheets = read_xlsx(raw)
    found = []
    for sheet in sheets:
        rows = sheet.cells.head(MAX_ABOVE + SAMPLE).with_columns(pl.all().str.strip_chars()).rows()
        heading = find_heading(rows, context.mapping, context.what, context.now)
        if heading is not None:
            found.append(_sheet_table(sheet, rows, heading, name))
    found = [one for one in found if one.table.height] or found[:1]
    if not found:
        rows = sheets[0].cells.head(MAX_ABOVE).with_columns(pl.all().str.strip_chars()).rows()
        return [_sheet_table(sheets[0], rows, None, name)]
    return found


def _sheet_table(sheet: Sheet, rows: Sequence[Sequence[str | None]], heading: Heading | None, name: str) -> RawTable:
    """The rows of a sheet below its header."""
    top = first_row_is_header(rows) if heading is None else heading.index
    depth = 1 if heading is None else heading.depth
    names = [(cell or "") for cell in rows[top]] if heading is None else heading.names
    names = [*names, *[""] * (sheet.cells.width - len(names))][: sheet.cells.width]
    header = column_names(names, name)
    table = sheet.cells.rename(dict(zip(sheet.cells.columns, header, strict=True))).with_row_index(ROW_NUMBER, offset=1)
    above = [cell for row in rows[:top] for cell in row if cell]
    body = check_cells(strip_cells(table.slice(top + depth)), name)
    return RawTable(body, "XLSX", "binary", heading, top + depth, above, sheet.name, True, sheet.epoch_1904)


def read_text_table(text: str, encoding: str, name: str, context: ReadContext) -> RawTable:
    """The table of a text, from its header row on."""
    found = []
    by_mark = {mark: _first_rows(text, mark) for mark in DELIMITERS}
    widest = max((len(row.cells) for rows in by_mark.values() for row in rows), default=0)
    for mark, rows in by_mark.items():
        if widest > 1 and all(len(row.cells) == 1 for row in rows):
            continue
        heading = find_heading([row.cells for row in rows], context.mapping, context.what, context.now)
        if heading is not None:
            found.append((heading, rows, mark))
    heading, rows, mark = min(found, key=lambda one: (one[0].index, -one[0].worth)) if found else (None, [], ",")
    above: list[str] = []
    line, rest = 0, text
    if heading is not None and (heading.index or heading.depth > 1):
        start, line = rows[heading.index].start, rows[heading.index].line
        above = [cell for row in rows[: heading.index] for cell in row.cells if cell]
        rest = text[start:]
        if heading.depth > 1:
            line += 1
            rest = _joined_header(heading.names, mark) + text[rows[heading.index + 1].end :]
    table, delimiter = parse_delimited_text(rest, name, None if heading is None else mark)
    if line:
        table = table.with_columns(pl.col(ROW_NUMBER) + line)
    head_line = None if heading is None else line + 1 + (_first_filled_line(text) if not heading.index else 0)
    form = "TSV" if delimiter == "\t" else "CSV"
    body = check_cells(strip_cells(table), name)
    notes = (
        ()
        if encoding != "cp1252" or context.encoding
        else (f"encoding: cp1252, such as '{looks_like_cp1252(text.encode('cp1252'))}'",)
    )
    return RawTable(body, form, encoding.upper(), heading, head_line, above, notes=notes)


@dataclass(frozen=True)
class _TextRow:
    """A row of a text: its cells, where it starts and ends, and the number of lines above it."""

    cells: list[str]
    start: int
    end: int
    line: int


def _first_rows(text: str, delimiter: str) -> list[_TextRow]:
    """The first rows of a text, without those that are blank or name the delimiter."""
    head = io.StringIO(text[:HEAD], newline="")
    ends = [0]

    def lines() -> Iterator[str]:
        for line in head:
            ends.append(ends[-1] + len(line))
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    rows: list[_TextRow] = []
    last = 0
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not (last == 0 and stripped[0].lower().startswith("sep=")):
                rows.append(_TextRow(stripped, ends[last], ends[reader.line_num], last))
            last = reader.line_num
            if len(rows) >= MAX_ABOVE + SAMPLE:
                break
    except csv.Error:
        pass  # the parser of the whole text says what is wrong
    return rows


def _joined_header(names: Sequence[str], mark: str) -> str:
    """The line of a header that stood on two rows."""
    line = io.StringIO()
    csv.writer(line, delimiter=mark, lineterminator="\n").writerow(names)
    return line.getvalue()


def _first_filled_line(text: str) -> int:
    """How many blank lines stand above the first one."""
    head = text[:HEAD]
    return head[: len(head) - len(head.lstrip())].count("\n")
