"""From a path to a table of text, with any separator and without comments; every file is taken as hostile."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

import polars as pl

from tenfold import checks
from tenfold.errors import DataError, SpecError
from tenfold.networks.columns import find_ends
from tenfold.parquet import parse_parquet

__all__ = ["TextTable", "as_integers", "as_path", "cell_text", "decoded", "parse_table", "read_bytes", "read_table"]

MAX_BYTES = 4 << 30
MAX_UNPACKED_RATIO, ALWAYS_ALLOWED_BYTES = 20, 64 << 20
"""Text packs three- to tenfold, a decompression bomb a thousandfold."""

MAX_COLUMNS = 1000
_PIECE = 1 << 22
_CELL = 24
"""Bytes of a cell of text, with what is made of it, beside the text."""

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class TextTable:
    """The table in a file. A header is known only where the format has one (`named`); otherwise the first row may be one.

    `frame`: all rows. `comment`: the words of the last comment above them, in lower case. `named`: whether `frame` has the real names of
    the columns, as in Parquet. `ragged`: whether rows have different numbers of fields. `notes`: sentences on how it was read.
    """

    frame: pl.DataFrame
    comment: list[str]
    named: bool = False
    ragged: bool = False
    notes: tuple[str, ...] = ()

    def first_row(self) -> list[str]:
        """The cells of the first row; the names of the columns where they are known."""
        if self.named:
            return list(self.frame.columns)
        return [(cell or "").strip() for cell in self.frame.row(0)] if len(self.frame) else []

    def header(self) -> list[str]:
        """The cells of the first row, or the names of the columns, in lower case."""
        return [cell.casefold() for cell in self.first_row()]

    def below_header(self) -> pl.DataFrame:
        """The rows below the header, where there is one."""
        return self.frame if self.named else self.frame.slice(1)


def as_path(path: object) -> Path:
    """A path from what was given."""
    if not isinstance(path, (str, Path)):
        raise SpecError(f"path is {path!r}; expected the name of a file.")
    return Path(path)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unpacked if it is gzip."""
    name = path.name or str(path)
    try:
        if path.is_dir():
            raise DataError(f"{name}: is a folder; expected a file. Name a file in it.")
        if path.exists() and not path.is_file():
            raise DataError(f"{name}: is a pipe or a device; expected a file. Save its content to a file first.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DataError(f"{name}: holds {size / 2**30:.1f} GiB; at most {MAX_BYTES >> 30} GiB are read. Split it.")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error).splitlines()[0][:100]
        raise DataError(f"{name!r}: cannot be read ({why}). Check the name.") from None
    if data[:2] != b"\x1f\x8b":
        return data
    limit = max(ALWAYS_ALLOWED_BYTES, MAX_UNPACKED_RATIO * len(data))
    try:
        with gzip.open(BytesIO(data)) as packed:
            data = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error):
        raise DataError(f"{name}: is a damaged gzip file. Get it again.") from None
    if len(data) > limit:
        raise DataError(f"{name}: unpacks to more than {limit >> 20} MiB; that is no text. Unpack it yourself if you trust it.")
    return data


def read_table(path: Path) -> TextTable:
    """The table in a Parquet file, or in text: with commas, semicolons, tabs, bars or blanks between its fields."""
    return parse_table(read_bytes(path), path.name)


def decoded(data: bytes, name: str) -> bytes:
    """Text as UTF-8 without a mark of the order of bytes, and with plain line ends."""
    try:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if data.startswith(mark):
                data = data.decode(encoding).encode()
                break
        if b"\0" in data:
            raise DataError(f"{name}: holds binary data; cannot be read as text. Export it as CSV.")
        data[: 1 << 20].decode(errors="strict" if len(data) <= 1 << 20 else "ignore")
    except UnicodeError:
        raise DataError(f"{name}: is no UTF-8 text; cannot be read. Save it as UTF-8.") from None
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def parse_table(data: bytes, name: str) -> TextTable:
    """The table in the bytes of a Parquet file or of text."""
    try:
        if data[:4] == b"PAR1":
            return TextTable(parse_parquet(data, name), [], named=True)
        return _parse(decoded(data, name), name)
    except UnicodeError:
        raise DataError(f"{name}: is no UTF-8 text; cannot be read. Save it as UTF-8.") from None
    except (pl.exceptions.PolarsError, csv.Error) as error:
        raise DataError(f"{name}: cannot be read as a table ({(str(error).splitlines() or [''])[0][:100]}).") from None
    except pl.exceptions.PanicException:
        raise DataError(f"{name}: cannot be read as a table; it is damaged. Get it again.") from None


def _parse(data: bytes, name: str) -> TextTable:
    """Text without comments, split into columns of text."""
    data, comment, left_out = _without_comments(data)
    notes = (f"Left out: {left_out} lines between the rows that begin with # or %, as comments.",) if left_out else ()
    if not data.strip():
        return TextTable(pl.DataFrame(), comment)
    said = re.match(rb'"?sep=([,;|\t])"?\n', data)
    separator = said[1].decode() if said else _separator(data)
    data = data[said.end() :] if said else data
    quoted = separator in ",;|" or _is_quoted(data)
    if separator == " " and not quoted:
        data = _single_blanks(data)
    if re.search(rb"\n[ \t]*\n", data):
        data = _replaced(rb"(?m)^[ \t]*\n", b"", data)
    head = _rows(data[: 1 << 16].decode(errors="ignore"), separator, quoted, 20)
    widths = {len(row) for row in head}
    if max(widths, default=0) > MAX_COLUMNS:
        raise DataError(f"{name}: a row has {max(widths)} fields; at most {MAX_COLUMNS} are read.")
    first = len(head[0]) if head else 0
    cells = (data.count(b"\n") + 1) * max(widths, default=1)
    checks.reading(_CELL * cells + 3 * len(data), len(data), name, "Leave out columns, or save it as Parquet")
    if _lacks_a_name(head, name):
        data = (b'""' if quoted else b"row") + separator.encode() + data
        first, widths = len(head[1]), {len(head[1])}
    frame = _regular(data, separator, quoted, first) if first == max(widths, default=0) else None
    ragged = frame is None or len(widths) > 1
    if frame is None:
        frame = _ragged(data, separator, quoted, name)
    if separator != " " and (b" " in data or b"\t" in data):
        frame = frame.with_columns(pl.all().str.strip_chars())
    return TextTable(frame, comment, ragged=ragged, notes=notes)


def _regular(data: bytes, separator: str, quoted: bool, width: int) -> pl.DataFrame | None:
    """A table whose first row has as many fields as any; None if a row has more."""
    schema = {f"f{k}": pl.String() for k in range(max(width, 1))}
    try:
        return pl.read_csv(data, has_header=False, schema=schema, separator=separator, quote_char='"' if quoted else None)
    except pl.exceptions.ComputeError as error:
        if "more fields" in str(error):
            return None
        raise


def _rows(text: str, separator: str, quoted: bool, most: int | None = None) -> list[list[str]]:
    """The fields of the first rows; the last row of a text that was cut is left out if there are others."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    lines = [line for line in text.split("\n") if line.strip()]
    return list(
        csv.reader(
            lines if most is None else lines[:most], delimiter=separator, quoting=quoting, skipinitialspace=separator == " "
        )
    )


def _lacks_a_name(head: list[list[str]], where: str) -> bool:
    """Whether the first row names all columns but the first, as R writes a table with the names of its rows."""
    if len(head) < 2 or any(len(row) != len(head[0]) + 1 for row in head[1:]) or find_ends(head[0], where) is None:
        return False
    below = {cell.casefold() for row in head[1:] for cell in row}
    return not any(cell.casefold() in below for cell in head[0])


def _ragged(data: bytes, separator: str, quoted: bool, name: str) -> pl.DataFrame:
    """A table whose rows have different numbers of fields; what is not there is null."""
    lines, cells = data.count(b"\n") + 1, data.count(separator.encode())
    checks.reading(150 * lines + 70 * (lines + cells) + 4 * len(data), len(data), name, "Give all rows as many fields")
    rows = _rows(data.decode(), separator, quoted)
    width = max(len(row) for row in rows)
    if width > MAX_COLUMNS:
        raise DataError(f"{name}: a row has {width} fields; at most {MAX_COLUMNS} are read.")
    checks.reading(_CELL * width * len(rows), len(data), name, "Give all rows as many fields")
    return pl.DataFrame(
        {f"f{k}": [row[k] or None if k < len(row) else None for row in rows] for k in range(width)},
        dict.fromkeys([f"f{k}" for k in range(width)], pl.String),
    )


def _is_quoted(data: bytes) -> bool:
    """Whether text with tabs or blanks puts fields in quotation marks, as R does: some begin with one, and each row closes its own."""
    lines = data[: 1 << 16].split(b"\n")[:20]
    return all(line.count(b'"') % 2 == 0 for line in lines) and any(re.search(rb'(?:^|[\t ])"', line) for line in lines)


def _without_comments(data: bytes) -> tuple[bytes, list[str], int]:
    """Text without its comment lines (# or %) and the blank lines at the top, and the words of the last comment above the first row.

    Also how many comment lines stood between the rows.
    """
    comment: list[str] = []
    below = 0
    if re.search(rb"(?m)^[ \t]*[#%]", data):
        below, last, rows_begin = 0, b"", _rows_begin(data)
        for found in re.finditer(rb"(?m)^[ \t]*[#%]+", data):
            if found.end() <= rows_begin:
                last = data[found.end() : data.find(b"\n", found.end(), rows_begin)]
            else:
                below += 1
        comment = re.split(r"[\s,;]+", last.decode().strip().casefold()) if rows_begin and last.strip() else []
        data = _replaced(rb"(?m)^[ \t]*[#%].*\n?", b"", data)
    return data.lstrip(b"\n"), comment, below


def _rows_begin(data: bytes) -> int:
    """Where the first line begins that is neither blank nor a comment."""
    top = re.match(rb"(?:[ \t]*+(?:[#%][^\n]*+)?+\n)*+", data)  # possessive: a line to go back to would take memory
    return top.end() if top else 0


def _separator(data: bytes) -> str:
    """The separator: the one that all of the first rows have as often, or else the first of comma, semicolon, tab in the first row."""
    text = data[: 1 << 16].decode(errors="ignore")
    lines = [line for line in text.split("\n") if line.strip()]
    lines = lines[: min(20, max(len(lines) - (len(data) > 1 << 16), 1))]
    for one in "\t;|,":
        if one in (lines or [""])[0]:
            widths = {len(row) for row in csv.reader(lines, delimiter=one)}
            if len(widths) == 1 and max(widths) > 1:
                return " " if one == "\t" and _mixes_blanks(lines[0]) else one
    line = (lines or [""])[0]
    separator = next((one for one in ",;\t" if one in line), " ")
    return " " if separator == "\t" and _mixes_blanks(line) else separator


def _mixes_blanks(line: str) -> bool:
    """Whether a row has blanks and tabs between numbers, as in some files."""
    return " " in line.strip() and all(re.fullmatch(r"[-+.0-9eE]+", cell) for cell in line.split())


def _single_blanks(data: bytes) -> bytes:
    """Rows whose cells have one blank between them, and none at either end."""
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    if re.search(rb"  |(?m:^ | $)", data):
        data = _replaced(rb"(?m)^ +| +$", b"", _replaced(rb" +", b" ", data))
    return data


def _replaced(pattern: bytes, by: bytes, data: bytes) -> bytes:
    """The text with a pattern that is within a line replaced, in pieces: what is between two places takes memory for a while."""
    found, at = [], 0
    while at < len(data):
        end = data.find(b"\n", at + _PIECE) + 1 or len(data)
        found.append(re.sub(pattern, by, data[at:end]))
        at = end
    return b"".join(found)


def cell_text(column: pl.Series, row: int) -> str:
    """A cell as text: Python knows fewer times than Polars, so that it is not taken as a value."""
    return str(column.slice(row, 1).cast(pl.String, strict=False)[0])


def as_integers(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The frame with those columns as whole numbers, if all of them hold nothing else, written as a number is (not 007 or +7)."""
    text = [name for name in columns if frame[name].dtype == pl.String]
    integers = frame.select(pl.col(text).cast(pl.Int64, strict=False))
    if any(column.null_count() for column in integers):
        return frame
    column = pl.col(text)  # without a regular expression, as there may be a hundred million rows
    zero = column.str.starts_with("0") & (column.str.len_bytes() > 1)
    other = (zero | column.str.starts_with("-0") | column.str.starts_with("+")).any()
    if text and len(frame) and any(frame.select(other).row(0)):
        return frame
    return frame.with_columns(integers)
