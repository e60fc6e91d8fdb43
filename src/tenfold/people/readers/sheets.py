"""From bytes to a table of text: CSV, TSV, XLSX, Parquet. Each row knows its number in the file."""

from __future__ import annotations

import csv
import io

import polars as pl

from tenfold.errors import DataError
from tenfold.people.readers.files import Raw, decode, shown
from tenfold.people.readers.workbooks import read_workbook

__all__ = ["ROW", "read_sheet"]

ROW = "\x00row"
"""Name of the column that holds the number of each row, as a spreadsheet or an editor shows it."""

MOST_COLUMNS, LONGEST_CELL, MOST_ROWS = 2000, 10_000, 200_000_000
DELIMITERS = ",;\t"


def read_sheet(raw: Raw, encoding: str | None) -> tuple[pl.DataFrame, str, str]:
    """The table (text columns, or typed ones from Parquet; empty cells are null), its format and its encoding."""
    name = shown(raw.path.name)
    if raw.data[:4] == b"PAR1":
        return _checked(_parquet(raw.data, name), name), "Parquet", "binary"
    if raw.data[:4] == b"PK\x03\x04":
        cells = read_workbook(raw)
        filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series().fill_null(False).arg_true()
        if not len(filled):
            raise DataError(f"{name}: its first sheet is empty; expected a header row. Move the table to the first sheet.")
        top = int(filled[0])
        header = _header([(cell or "").strip() for cell in cells.row(top)], name)
        table = cells.rename(dict(zip(cells.columns, header, strict=True))).with_row_index(ROW, offset=1).slice(top + 1)
        return _checked(_tidied(table), name), "XLSX", "binary"
    if raw.data[:4] == b"\xd0\xcf\x11\xe0":
        raise DataError(f"{name}: is an old Excel file (.xls); expected .xlsx or .csv. Open it and save it as one of these.")
    text, used = decode(raw, encoding)
    delimiter = _delimiter(text, name)
    quick = _plain_rows(text, delimiter, name)
    table = _quoted_rows(text, delimiter, name) if quick is None else quick
    return _checked(_tidied(table), name), "TSV" if delimiter == "\t" else "CSV", used.upper()


def _delimiter(text: str, name: str) -> str:
    """The delimiter that the first line holds most of, outside quotes."""
    first = text[:1_000_000].lstrip().partition("\n")[0]
    bare = "".join(first.split('"')[::2])
    if first[:4].lower() == "sep=" and first[4:5] in DELIMITERS:
        return first[4]
    if "|" in bare and not any(one in bare for one in DELIMITERS):
        raise DataError(f"{name}: its cells are separated by '|'; expected a comma, semicolon or tab. Save it as CSV.")
    return max(DELIMITERS, key=lambda one: (bare.count(one), -DELIMITERS.index(one)))


def _plain_rows(text: str, delimiter: str, name: str) -> pl.DataFrame | None:
    """Parse delimited text without quotes, quickly; None where that does not do."""
    head, _, body = text.partition("\n")
    if '"' in text or "\r" in text.replace("\r\n", "") or not head.strip() or not body.strip() or head[:4].lower() == "sep=":
        return None
    header = _header([cell.strip() for cell in head.split(delimiter)], name)
    try:
        table = pl.read_csv(
            io.BytesIO(body.encode()),
            separator=delimiter,
            has_header=False,
            schema=dict.fromkeys(header, pl.String()),
            quote_char=None,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        return None
    lines = body.count("\n") + (not body.endswith("\n"))
    return table.with_row_index(ROW, offset=2) if table.height == lines else None


def _quoted_rows(text: str, delimiter: str, name: str) -> pl.DataFrame:
    """Parse delimited text; a quoted cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    last = 0
    try:
        for row in reader:
            number, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in row) or (number == 1 and row[0][:4].lower() == "sep="):
                continue
            if not header:
                header = _header([cell.strip() for cell in row], name)
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
        raise DataError(_csv_error(str(error), text, delimiter, name, header, last)) from None
    if not header:
        raise DataError(f"{name}: is empty; expected a table with a header row and at least one row below it.")
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return pl.DataFrame(
        {ROW: numbers} | dict(zip(header, columns, strict=True)), schema={ROW: pl.Int64()} | dict.fromkeys(header, pl.String())
    )


def _csv_error(error: str, text: str, delimiter: str, name: str, header: list[str], last: int) -> str:
    """The message for a row that the parser refused; `last` is the line on which the row before it ends."""
    if "field limit" in error:
        cells = text.split("\n", last + 1)[last].split(delimiter)
        at = max(range(len(cells)), key=lambda k: len(cells[k]))
        column = f"column '{shown(header[at])}'" if at < len(header) else f"cell {at + 1}"
        return f"{name} row {last + 1}: {column} holds over 100,000 characters; at most {LONGEST_CELL:,} are allowed. Shorten it."
    if "unexpected end" in error:
        return f'{name} row {last + 1}: a quote " is opened and never closed; expected quotes in pairs. Close or remove it.'
    return f"{name} row {last + 1}: cannot be read as CSV ({error}); expected quotes around whole cells only. Mend its quotes."


def _header(names: list[str], name: str) -> list[str]:
    """The names of the columns; those without one get a number."""
    if len(names) > MOST_COLUMNS:
        raise DataError(f"{name}: has {len(names):,} columns; at most {MOST_COLUMNS:,} are read. Keep those that matter.")
    taken: set[str] = set()
    found = []
    for k, one in enumerate(names, start=1):
        if len(one) > LONGEST_CELL:
            raise DataError(
                f"{name}: the header of column {k} holds {len(one):,} characters; at most {LONGEST_CELL:,} are allowed."
            )
        if one and one in taken:
            raise DataError(f"{name}: the header names '{shown(one)}' twice; expected each column once. Rename one of them.")
        taken.add(one or f"column {k}")
        found.append(one or f"column {k}\x00")
    return found


def _parquet(data: bytes, name: str) -> pl.DataFrame:
    """A Parquet file; what is neither text, number, date nor truth is left out."""
    try:
        scan = pl.scan_parquet(io.BytesIO(data))
        schema = scan.collect_schema()
        height = scan.select(pl.len()).collect().item()
        if len(schema) > MOST_COLUMNS or height > MOST_ROWS:
            what, most = ("columns", MOST_COLUMNS) if len(schema) > MOST_COLUMNS else ("rows", MOST_ROWS)
            raise DataError(
                f"{name}: has {max(len(schema), height):,} {what}; at most {most:,} are read. Keep those that matter."
            )
        plain = [column for column, dtype in schema.items() if not dtype.is_nested() and dtype not in (pl.Binary, pl.Object)]
        table = scan.select(plain).collect()
        texts = [column for column in plain if schema[column] in (pl.Categorical, pl.Enum)]
        return table.with_columns(pl.col(texts).cast(pl.String)).with_row_index(ROW, offset=1)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise DataError(
            f"{name}: the Parquet file is damaged ({shown(error, 120)}); expected a whole one. Write it anew."
        ) from None


def _tidied(table: pl.DataFrame) -> pl.DataFrame:
    """Cells without blanks around them, empty ones null, rows without any cell left out."""
    stripped = pl.col(pl.String).str.strip_chars()
    table = table.with_columns(pl.when(stripped != "").then(stripped).name.keep())
    return table.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


def _checked(table: pl.DataFrame, name: str) -> pl.DataFrame:
    """Refuse too long a cell."""
    for column in table.columns:
        if table[column].dtype == pl.String and (table[column].str.len_bytes() > LONGEST_CELL).any():
            length = table[column].str.len_chars()
            at = int(length.arg_max() or 0)
            if (length[at] or 0) > LONGEST_CELL:
                raise DataError(
                    f"{name} row {table[ROW][at]}: column '{shown(column)}' holds {length[at]:,} characters; "
                    f"at most {LONGEST_CELL:,} are allowed. Shorten it."
                )
    return table
