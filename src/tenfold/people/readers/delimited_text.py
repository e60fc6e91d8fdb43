"""CSV and TSV: delimited text as a raw table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

import polars as pl

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.raw_table import MAX_CELL, ROW_NUMBER, column_names, strip_cells
from tenfold.people.readers.text_pieces import MAX_LINE, Kept, pieces_of_lines

__all__ = ["parse_delimited_text"]

DELIMITERS = ",;\t"
BATCH = 1_000_000  # cells that are parsed at a time
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")


def parse_delimited_text(text: str, name: str, delimiter: str | None = None) -> tuple[pl.DataFrame, str]:
    """The table, all columns text, and the delimiter between its cells: the one given, or that of the first line."""
    delimiter = delimiter or _detect_delimiter(text, name)
    table = _parse_unquoted(text, delimiter, name)
    return _parse_quoted(text, delimiter, name) if table is None else table, delimiter


def _detect_delimiter(text: str, name: str) -> str:
    """The delimiter that is most frequent in the first line, outside quotes."""
    first = text[:1_000_000].lstrip().partition("\n")[0]
    bare = "".join(first.split('"')[::2])
    if first[:4].lower() == "sep=" and first[4:5] in DELIMITERS:
        return first[4]
    if "|" in bare and not any(one in bare for one in DELIMITERS):
        raise DataError(f"{name}: its cells are separated by '|'; expected a comma, semicolon or tab. Save it as CSV.")
    return max(DELIMITERS, key=lambda one: (bare.count(one), -DELIMITERS.index(one)))


def _parse_unquoted(text: str, delimiter: str, name: str) -> pl.DataFrame | None:
    """Parse text that holds no quotes, with the fast parser, piece by piece; None where the text needs the other one."""
    head, _, _ = text[:MAX_LINE].partition("\n")
    below = len(head) + 1
    bare = '"' not in text and text.count("\r") == text.count("\r\n")
    if not bare or len(head) == MAX_LINE or not head.strip() or head[:4].lower() == "sep=" or not text[below : below + 1]:
        return None
    header = column_names([cell.strip() for cell in head.split(delimiter)], name)
    kept, found, step = Kept(len(text), name), [_table([], [], header)], max(BATCH // len(header), 1)
    for line, piece in pieces_of_lines(text, name, start=below, line=2):
        lines: Sequence[str] = piece.split("\n")
        numbers: Sequence[int] = range(len(lines))
        if "" in lines or "\r" in lines:
            numbers = [k for k in numbers if lines[k] and not lines[k].isspace()]
            lines = [lines[k] for k in numbers]
        for low in range(0, len(lines), step):
            batch = lines[low : low + step]
            try:
                table = pl.read_csv(
                    "\n".join(batch).encode(),
                    separator=delimiter,
                    has_header=False,
                    schema=dict.fromkeys(header, pl.String()),
                    quote_char=None,
                    infer_schema=False,
                )
            except pl.exceptions.PolarsError:
                return None
            if table.height != len(batch):
                return None
            number = pl.Series(ROW_NUMBER, numbers[low : low + step], pl.Int64) + line
            found.append(strip_cells(table.insert_column(0, number)))
            kept.add(int(found[-1].estimated_size()))
    return pl.concat(found)


def _parse_quoted(text: str, delimiter: str, name: str) -> pl.DataFrame:
    """Parse text with quotes; a quoted cell may span several lines."""
    reader = csv.reader(_lines(text, name), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    kept, found = Kept(len(text), name), []
    last = 0
    try:
        for row in reader:
            number, last = last + 1, reader.line_num
            if not any(map(str.strip, row)) or (number == 1 and row[0][:4].lower() == "sep="):
                continue
            if not header:
                header = column_names([cell.strip() for cell in row], name)
                continue
            if len(row) != len(header):
                if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
                    raise DataError(
                        f"{name} row {number}: has {len(row)} cells, the header {len(header)}; "
                        "expected as many. Put a cell that holds the delimiter in quotes."
                    )
                row = [*row, *[""] * len(header)][: len(header)]
            rows.append(row)
            numbers.append(number)
            if len(rows) * len(header) >= BATCH:
                found.append(_table(numbers, rows, header))
                kept.add(int(found[-1].estimated_size()))
                rows, numbers = [], []
    except csv.Error as error:
        raise DataError(_csv_error(str(error), text, delimiter, name, header, last)) from None
    if not header:
        raise DataError(f"{name}: is empty; expected a table with a header row and at least one row below it.")
    return pl.concat([*found, _table(numbers, rows, header)])


def _table(numbers: list[int], rows: list[list[str]], header: list[str]) -> pl.DataFrame:
    """Some rows as a table."""
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    schema = {ROW_NUMBER: pl.Int64()} | dict.fromkeys(header, pl.String())
    return pl.DataFrame({ROW_NUMBER: numbers} | dict(zip(header, columns, strict=True)), schema=schema)


def _lines(text: str, name: str) -> Iterator[str]:
    """The lines of a text with their ends, whichever they are; none is longer than a row can be."""
    for line, piece in pieces_of_lines(text, name):
        if "\r" not in piece.replace("\r\n", ""):
            yield from map("{}\n".format, piece.split("\n"))
            continue
        for found in _LINE.finditer(piece + "\n"):
            if len(found[0]) > MAX_LINE:
                raise DataError(f"{name} row {line}: is too long a line; at most {MAX_LINE:,} characters are read.")
            yield found[0]


def _csv_error(error: str, text: str, delimiter: str, name: str, header: list[str], last: int) -> str:
    """The message for a row that the parser rejected; `last` is the line on which the row before it ends."""
    if "field limit" in error:
        cells = text.split("\n", last + 1)[last].split(delimiter)
        at = max(range(len(cells)), key=lambda k: len(cells[k]))
        column = f"column '{printable(header[at])}'" if at < len(header) else f"cell {at + 1}"
        return f"{name} row {last + 1}: {column} holds over 100,000 characters; at most {MAX_CELL:,} are allowed. Shorten it."
    if "unexpected end" in error:
        return f'{name} row {last + 1}: a quote " is opened and never closed; expected quotes in pairs. Close or remove it.'
    return f"{name} row {last + 1}: cannot be read as CSV ({error}); expected quotes around whole cells only. Mend its quotes."
