"""From a path to a table of text, with any separator and without comments; every file is taken as hostile."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl

from tenfold.errors import DataError, SpecError

__all__ = ["TextTable", "as_integers", "as_path", "read_bytes", "read_table"]

MAX_BYTES = 4 << 30
MAX_UNPACKED_RATIO, ALWAYS_ALLOWED_BYTES = 100, 64 << 20
"""Text packs three- to thirtyfold, a decompression bomb a thousandfold."""

MAX_COLUMNS = 1000
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class TextTable:
    """The table in a file. A header is known only where the format has one (`named`); otherwise the first row may be one.

    `frame`: all rows. `comment`: the words of the last comment above them, in lower case. `named`: whether `frame` has the real names of
    the columns, as in Parquet.
    """

    frame: pl.DataFrame
    comment: list[str]
    named: bool = False

    def header(self) -> list[str]:
        """The names of the columns where they are known, else the cells of the first row; in lower case."""
        if self.named:
            return [name.casefold() for name in self.frame.columns]
        return [(cell or "").strip().casefold() for cell in self.frame.row(0)] if len(self.frame) else []

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
    """The table in a Parquet file, or in text whose first row gives the separator: comma, semicolon, tab or blanks."""
    data = read_bytes(path)
    name = path.name
    try:
        if data[:4] == b"PAR1":
            return TextTable(pl.read_parquet(BytesIO(data)), [], named=True)
        for mark, encoding in _BYTE_ORDER_MARKS:
            if data.startswith(mark):
                data = data.decode(encoding).encode()
                break
        if b"\0" in data:
            raise DataError(f"{name}: holds binary data; cannot be read as text. Export it as CSV.")
        return _parse(data, name)
    except UnicodeError:
        raise DataError(f"{name}: is no UTF-8 text; cannot be read. Save it as UTF-8.") from None
    except pl.exceptions.PolarsError as error:
        raise DataError(f"{name}: cannot be read as a table ({str(error).splitlines()[0][:100]}).") from None
    except pl.exceptions.PanicException:
        raise DataError(f"{name}: cannot be read as a table; it is damaged. Get it again.") from None


def _parse(data: bytes, name: str) -> TextTable:
    """Text without comments, split into columns of text."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data, comment = _without_comments(data)
    if not data.strip():
        return TextTable(pl.DataFrame(), comment)
    separator = _separator(data)
    if separator == " ":
        data = _single_blanks(data)
    if re.search(rb"\n[ \t]*\n", data):
        data = re.sub(rb"\n[ \t\n]*\n", b"\n", data)
    quoted = separator in ",;"
    head = data[: 1 << 16].decode(errors="ignore").split("\n")[:20]
    width = max(
        len(row) for row in csv.reader(head, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    )
    if width > MAX_COLUMNS:
        raise DataError(f"{name}: a row has {width} fields; at most {MAX_COLUMNS} are read.")
    frame = pl.read_csv(
        data,
        has_header=False,
        schema={f"f{k}": pl.String() for k in range(max(width, 1))},
        separator=separator,
        quote_char='"' if quoted else None,
        truncate_ragged_lines=True,
    )
    if separator != " " and (b" " in data or b"\t" in data):
        frame = frame.with_columns(pl.all().str.strip_chars())
    return TextTable(frame, comment)


def _without_comments(data: bytes) -> tuple[bytes, list[str]]:
    """Text without its comment lines (# or %) and the blank lines at the top, and the words of the last comment above the first row."""
    comment: list[str] = []
    if re.search(rb"(?m)^[ \t]*[#%]", data):
        top = re.match(rb"(?:[ \t]*(?:[#%].*)?\n)*", data)
        above = re.findall(rb"(?m)^[ \t]*[#%]+(.*)$", top[0] if top else b"")
        comment = re.split(r"[\s,;]+", above[-1].decode().strip().casefold()) if above else []
        data = re.sub(rb"(?m)^[ \t]*[#%].*\n?", b"", data)
    return data.lstrip(b"\n"), comment


def _separator(data: bytes) -> str:
    """The separator of the first row."""
    line = next((one for one in data[: 1 << 20].split(b"\n") if one.strip()), b"").decode()
    separator = next((one for one in ",;\t" if one in line), " ")
    if separator == "\t" and " " in line.strip() and all(re.fullmatch(r"[-+.\deE]+", cell) for cell in line.split()):
        return " "  # some files mix blanks and tabs between numbers
    return separator


def _single_blanks(data: bytes) -> bytes:
    """Rows whose cells have one blank between them, and none at either end."""
    if b"\t" in data:
        data = data.replace(b"\t", b" ")
    if re.search(rb"  |(?m:^ | $)", data):
        data = re.sub(rb"(?m)^ +| +$", b"", re.sub(rb" +", b" ", data))
    return data


def as_integers(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The frame with those columns as whole numbers, if all of them hold nothing else."""
    text = [name for name in columns if frame[name].dtype == pl.String]
    integers = frame.select(pl.col(text).cast(pl.Int64, strict=False))
    return frame if any(column.null_count() for column in integers) else frame.with_columns(integers)
