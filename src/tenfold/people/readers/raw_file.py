"""From a path to bytes and text. No file is trusted: sizes are limited, and archives are unpacked piece by piece."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import zlib
from pathlib import Path

from tenfold.errors import DataError, SpecError
from tenfold.people.printable import printable
from tenfold.people.readers.legacy_encoding import legacy_encoding

__all__ = ["RawFile", "decode_text", "read_raw_file"]

MAX_BYTES = 4 << 30
"""The largest file that is read."""

MAX_RATIO, ALWAYS_ALLOWED, MAX_UNPACKED = 20, 64 << 20, 2 << 30
"""Text compresses three- to tenfold, a decompression bomb a thousandfold: what unpacks to more than this many times its size, and is
large, is rejected."""

_NO_BLANK = re.compile("[^\ufeff \t\r\n]")
PIECE = 1 << 22  # characters that are looked at together
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class RawFile:
    """The bytes of a file, unpacked if they were compressed, and the SHA-256 of the file on disk."""

    def __init__(self, path: Path, data: bytes, sha256: str) -> None:
        self.path, self.data, self.sha256 = path, data, sha256


def read_raw_file(path: Path) -> RawFile:
    """Read and, if it is gzip, unpack a file."""
    name = printable(path.name or path)
    try:
        if path.is_dir():
            raise DataError(f"{name}: is a folder; expected a file. Name the files in it.")
        if path.exists() and not path.is_file():
            raise DataError(f"{name}: is a pipe or a device; expected a file. Save its content to a file first.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DataError(f"{name}: holds {size / 2**30:.1f} GiB; at most {MAX_BYTES >> 30} GiB are read. Split it.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{printable(path, 200)}: there is no such file. Check the name and the folder.") from None
    except OSError as error:
        raise DataError(
            f"{printable(path, 200)}: cannot be read ({error.strerror}). Check the name and the permissions."
        ) from None
    except ValueError:
        raise DataError(f"{printable(path)!r}: is no file name.") from None
    sha256 = hashlib.sha256(data).hexdigest()
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(name, data)
    if not data or data.isspace():
        raise DataError(f"{name}: is empty; expected a table with a header row and at least one row below it.")
    return RawFile(path, data, sha256)


def decode_text(raw: RawFile, encoding: str | None) -> tuple[str, str]:
    """The text of a file and its encoding: the one given, that of its byte-order mark, UTF-8, or cp1252 where its letters say so.

    The bytes of the file are let go.
    """
    data, name = raw.data, printable(raw.path.name)
    chosen = encoding or next((known for mark, known in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    if not chosen.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
        if (
            b"\x00" in data[:4096]
            and data[:4096].count(0) * 3 >= len(data[:4096])
            and _control_share(data[:4096].replace(b"\x00", b"")) < 0.02
        ):
            raise DataError(
                f"{name}: looks like UTF-16 without its byte-order mark; expected UTF-8. Save it as UTF-8, or say --encoding utf-16-le."
            )
        if _control_share(data[:4096]) > 0.1:
            raise DataError(f"{name}: holds binary data, no text table; expected CSV, TSV, XLSX, Parquet or a gzip of text.")
    try:
        chosen = legacy_encoding(data) if encoding is None and chosen == "utf-8" else chosen
        text = data.decode(chosen)
        for at in range(0, len(text), PIECE):
            text[at : at + PIECE].encode()  # some encodings can yield halves of characters, which no table can hold
    except UnicodeEncodeError:
        raise DataError(f"{name}: does not hold {printable(chosen)} text; expected UTF-8. Save it as UTF-8.") from None
    except UnicodeError as error:
        at = getattr(error, "start", 0)
        byte = f"byte {at + 1:,} (0x{data[at]:02x}, in line {data[:at].count(10) + 1})" if at < len(data) else "its last bytes"
        raise DataError(
            f"{name}: {byte} is not {printable(chosen.removesuffix('-sig').upper())}; expected UTF-8. "
            "Save it as UTF-8, or name its encoding, such as --encoding cp1252."
        ) from None
    except (LookupError, ValueError):
        raise SpecError(
            f"--encoding '{printable(chosen)}' is none that is known; expected one such as utf-8, utf-16, cp1252 or latin-1."
        ) from None
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        raise DataError(f"{name} row {row}: holds a NUL byte, which no text does; expected CSV or TSV. Save the table anew.")
    if not _NO_BLANK.search(text):
        raise DataError(f"{name}: is empty; expected a table with a header row and at least one row below it.")
    raw.data = b""  # a copy less of what may be large
    return text.removeprefix("\ufeff"), chosen.removesuffix("-sig")


def _gunzip(name: str, data: bytes) -> bytes:
    """Unpack piece by piece, so that a decompression bomb is noticed before it fills the memory."""
    unpacked = bytearray()
    limit = min(MAX_UNPACKED, max(len(data) * MAX_RATIO, ALWAYS_ALLOWED))
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            while piece := packed.read(1 << 22):
                unpacked += piece
                if len(unpacked) > limit:
                    raise DataError(
                        f"{name}: unpacks to more than {limit >> 20:,} MiB; at most {MAX_RATIO} times its size is allowed. "
                        "Unpack it by hand if you trust it."
                    )
    except (EOFError, zlib.error, OSError):
        raise DataError(f"{name}: the gzip file is cut off or damaged; expected a whole one. Fetch or copy it again.") from None
    return bytes(unpacked)


def _control_share(data: bytes) -> float:
    """Share of control characters."""
    return sum(byte < 9 or 13 < byte < 32 for byte in data) / max(len(data), 1)
