"""From bytes to a table of text: CSV, TSV, XLSX, Parquet. Each row knows its number in the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.files import Raw, decode

__all__ = ["ROW", "read_sheet"]

ROW = "\x00row"
"""Name of the column that holds the number of each row, as a spreadsheet or an editor shows it."""

MOST_COLUMNS, LONGEST_CELL = 2000, 10_000
DELIMITERS = ",;\t"


def read_sheet(raw: Raw, encoding: str | None) -> tuple[pl.DataFrame, str, str]:
    """The table (text columns, or typed ones from Parquet), its format and its encoding."""
    name = raw.path.name
    if raw.data[:4] == b"PAR1":
        try:
            frame = pl.read_parquet(io.BytesIO(raw.data))
        except (pl.exceptions.PolarsError, OSError) as error:
            raise DataError(f"{name}: the Parquet file is damaged ({_short(error)}); expected a whole one.") from None
        return _checked(frame.with_row_index(ROW, offset=1), name), "Parquet", "binary"
    if raw.data[:4] == b"PK\x03\x04":
        return _checked(_workbook(raw), name), "XLSX", "binary"
    if raw.data[:4] == b"\xd0\xcf\x11\xe0":
        raise DataError(f"{name}: is an old Excel file (.xls); expected .xlsx or .csv. Open it and save it as one of these.")
    text, used = decode(raw, encoding)
    delimiter = _delimiter(text)
    frame = _rows(text, delimiter, name)
    return _checked(frame, name), "TSV" if delimiter == "\t" else "CSV", used.upper()


def _delimiter(text: str) -> str:
    """The delimiter that the first line holds most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda one: (first.count(one), -DELIMITERS.index(one)))


def _rows(text: str, delimiter: str, name: str) -> pl.DataFrame:
    """Parse delimited text; a quoted cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    last = 0
    try:
        for row in reader:
            number, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip() for cell in row]
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
    except csv.Error as error:
        raise DataError(
            f"{name} row {last + 1}: cannot be read as CSV ({error}); a cell may hold {LONGEST_CELL:,} characters. Shorten it or mend its quotes."
        ) from None
    if len(set(header)) < len(header):
        twice = next(one for one in header if header.count(one) > 1)
        if twice:
            raise DataError(f"{name}: the header names '{twice[:60]}' twice; expected each column once. Rename one of them.")
        header = [one or f"column {k}" for k, one in enumerate(header, start=1)]
    columns: Iterable[tuple[str, ...]] = zip(*rows, strict=True) if rows else [()] * len(header)
    frame = pl.DataFrame(
        {ROW: numbers} | dict(zip(header, columns, strict=True)), schema={ROW: pl.Int64} | dict.fromkeys(header, pl.String)
    )
    return frame.with_columns(
        pl.when(pl.col(pl.String).str.strip_chars() != "").then(pl.col(pl.String).str.strip_chars()).name.keep()
    )


def _workbook(raw: Raw) -> pl.DataFrame:
    """The first sheet of a workbook, all cells as text."""
    import fastexcel

    try:
        sheet = fastexcel.read_excel(raw.data).load_sheet(0, dtypes="string", header_row=0)
        frame = sheet.to_polars()
    except fastexcel.FastExcelError as error:
        raise DataError(
            f"{raw.path.name}: the workbook cannot be read ({_short(error)}); expected XLSX. Save the sheet as CSV."
        ) from None
    frame = frame.rename({name: name.strip() for name in frame.columns}).with_row_index(ROW, offset=2)
    frame = frame.with_columns(
        pl.when(pl.col(pl.String).str.strip_chars() != "").then(pl.col(pl.String).str.strip_chars()).name.keep()
    )
    filled = pl.any_horizontal(pl.exclude(ROW).is_not_null()) if frame.width > 1 else pl.lit(True)
    return frame.filter(filled)


def _checked(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Refuse what is too wide or has too long a cell."""
    if frame.width > MOST_COLUMNS:
        raise DataError(f"{name}: has {frame.width - 1} columns; at most {MOST_COLUMNS} are read. Keep those that matter.")
    for column in frame.columns:
        if frame[column].dtype == pl.String:
            length = frame[column].str.len_chars()
            if (length > LONGEST_CELL).any():
                at = length.arg_max() or 0
                raise DataError(
                    f"{name} row {frame[ROW][at]}: column '{column[:60]}' holds {length[at]:,} characters; "
                    f"at most {LONGEST_CELL:,} are allowed. Shorten it."
                )
    return frame


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
