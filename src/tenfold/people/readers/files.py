"""From a path to its bytes and text; every file is taken as hostile."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from pathlib import Path

from tenfold.errors import DataError

__all__ = ["Raw", "decode", "read_raw"]

MOST_BYTES = 4 << 30
"""A file, or what it unpacks to, may hold no more."""

MOST_RATIO = 2000  # what is packed a thousandfold and more, and large, is a bomb
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Raw:
    """The bytes of a file (unpacked), their SHA-256 as they lie on the disk, and the name without .gz."""

    def __init__(self, path: Path, data: bytes, sha256: str, name: str) -> None:
        self.path, self.data, self.sha256, self.name = path, data, sha256, name


def read_raw(path: Path) -> Raw:
    """Read and, if it is gzip, unpack a file."""
    try:
        if path.is_dir():
            raise DataError(f"{path.name or path}: is a folder; expected a file. Name the files in it.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError(f"{path.name}: holds {size / 2**30:.1f} GiB; at most {MOST_BYTES >> 30} GiB are read. Split it, or use Parquet.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file. Check the name and the folder.") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}). Check the permissions.") from None
    except ValueError:
        raise DataError(f"{str(path)[:80]!r}: is no file name.") from None
    sha256 = hashlib.sha256(data).hexdigest()
    name = path.name
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(path, data)
        name = name.removesuffix(".gz")
    if not data.strip():
        raise DataError(f"{path.name}: is empty; expected a table with a header row and at least one row below it.")
    if data[:4] == b"PK\x03\x04":
        _check_zip(path)
    return Raw(path, data, sha256, name)


def decode(raw: Raw, encoding: str | None) -> tuple[str, str]:
    """The text of a file and the encoding it was in: the one given, that of its byte-order mark, or UTF-8."""
    data = raw.data
    chosen = encoding or next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if not chosen.lower().replace("-", "").startswith("utf16") and (b"\x00" in data[:65536] or _control(data[:4096]) > 0.1):
        raise DataError(f"{raw.path.name}: holds binary data, no text table; expected CSV, TSV, XLSX, Parquet or a gzip of text.")
    try:
        return data.decode(chosen), chosen.removesuffix("-sig")
    except LookupError:
        raise DataError(f"{raw.path.name}: --encoding '{chosen}' is none that is known; try utf-8, utf-16, cp1252 or latin-1.") from None
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        byte = f"byte 0x{data[at]:02x} in line {data[:at].count(10) + 1}" if at < len(data) else "its last bytes"
        raise DataError(
            f"{raw.path.name}: {byte} is not {chosen.upper()}; expected UTF-8. Save it as UTF-8, or name its encoding, such as --encoding cp1252."
        ) from None


def _gunzip(path: Path, data: bytes) -> bytes:
    """Unpack piece by piece, so that a bomb is noticed before it fills the memory."""
    unpacked = bytearray()
    limit = min(MOST_BYTES, max(len(data) * MOST_RATIO, 1 << 24))
    try:
        with gzip.open(path) as packed:
            while piece := packed.read(1 << 22):
                unpacked += piece
                if len(unpacked) > limit:
                    raise DataError(f"{path.name}: unpacks to more than {limit >> 20} MiB; that is no table. Unpack it by hand if you trust it.")
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(f"{path.name}: the gzip file is cut off or damaged; expected a whole one. Fetch or copy it again.") from None
    return bytes(unpacked)


def _check_zip(path: Path) -> None:
    """A workbook is a zip: refuse one that unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as packed:
            total = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, OSError):
        raise DataError(f"{path.name}: the workbook is cut off or damaged; expected a whole XLSX file. Save it again.") from None
    if total > max(path.stat().st_size * 200, 1 << 26) or total > MOST_BYTES:
        raise DataError(f"{path.name}: unpacks to {total >> 20} MiB; that is no workbook of people. Save the sheet as CSV.")


def _control(data: bytes) -> float:
    """Share of control characters."""
    return sum(byte < 9 or 13 < byte < 32 for byte in data) / max(len(data), 1)
