"""Networks in a file of their own: arrays that are mapped into memory, with a version and a digest, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.documents import parse_json
from tenfold.errors import DataError
from tenfold.networks.table_files import as_path

__all__ = ["SavedNetwork", "check_rows", "open_network", "save_network"]

FORMAT = 1
"""The version of the format. Raise it with every change of what a file holds."""

_FIRST_LINE = re.compile(rb"tenfold network ([0-9]{1,9})\n")
_DIGEST_LINE = re.compile(rb"([0-9a-f]{64}) ([0-9]{1,9})\n")
_ALIGNMENT = 64
_MAX_HEADER = 1 << 24
_KINDS = {"int64", "int32", "float64"}


@dataclass(frozen=True)
class SavedNetwork:
    """What a file holds: `about`, plain values; `arrays`, mapped into memory (a change stays in this process); `labels`, ids by name."""

    about: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    labels: dict[str, pl.Series]


def save_network(path: str | Path, kind: str, content: SavedNetwork) -> None:
    """Write a network to a file: first to one beside it, which then takes its place.

    The file has a line with the version, a line with the SHA-256 of all that follows and the length of the header, the header (JSON:
    kind, plain values, and for each array its dtype, length and place), and the arrays as they are in memory, little-endian.

    Raises
    ------
    DataError
        The file cannot be written, or the labels are of a kind that Arrow does not know.
    """
    target = as_path(path)
    parts: dict[str, NDArray[Any]] = {}
    for name, array in content.arrays.items():
        parts[name] = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    for name, labels in content.labels.items():
        packed = BytesIO()
        try:
            pl.DataFrame({name: labels}).write_ipc(packed)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            raise DataError(
                f"{target.name}: labels of the kind {labels.dtype} cannot be saved; expected numbers or text."
            ) from None
        parts[f"labels/{name}"] = np.frombuffer(packed.getvalue(), np.uint8)
    places, at = {}, 0
    for name, array in parts.items():
        places[name] = {"dtype": array.dtype.name, "length": len(array), "at": at}
        at += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = json.dumps({"kind": kind, "about": content.about, "parts": places, "bytes": at}).encode()
    lead = len(f"tenfold network {FORMAT}\n") + 64 + 10 + 1  # the two lines before the header
    header += b" " * (-(lead + len(header) + 1) % _ALIGNMENT) + b"\n"
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            _write(file, header, list(parts.values()))
        os.replace(temporary, target)
    except OSError as error:
        raise DataError(
            f"{target.name}: cannot be written ({error.strerror or error}). Check the folder and its free space."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: BinaryIO, header: bytes, parts: list[NDArray[Any]]) -> None:
    """All that a file holds; the digest is filled in at the end."""
    first = f"tenfold network {FORMAT}\n".encode()
    file.write(first + b"0" * 64 + f" {len(header):09d}\n".encode() + header)
    digest = hashlib.sha256(header)
    for array in parts:
        for piece in (array.view(np.uint8).data, bytes(-array.nbytes % _ALIGNMENT)):
            file.write(piece)
            digest.update(piece)
    file.seek(len(first))
    file.write(digest.hexdigest().encode())
    file.flush()
    os.fsync(file.fileno())


def open_network(path: str | Path, kind: str, *, check: bool = True) -> SavedNetwork:
    """Open a file of `save_network`, with its arrays mapped into memory, so that processes on a machine share them.

    Without `check` the digest is not computed, which reads the whole file; its length is always compared.

    Raises
    ------
    DataError
        The file is of another kind or version, is cut short, or has been altered.
    """
    where = as_path(path)
    try:
        size = where.stat().st_size
        with open(where, "rb") as file:
            digest, header, start = _header(file, where.name)
            if start + header["bytes"] != size:
                raise DataError(
                    f"{where.name}: holds {size} bytes and should hold {start + header['bytes']}; it was cut short or added to. "
                    "Save it again."
                )
            if check:
                file.seek(start - header["length"])
                found = hashlib.file_digest(file, "sha256").hexdigest()
                if found != digest:
                    raise DataError(f"{where.name}: was altered since it was saved (its digest differs). Save it again.")
        if header["kind"] != kind:
            raise DataError(f"{where.name}: holds {header['kind']}, not {kind}. Open it as what it is.")
        return _mapped(where, header, start)
    except OSError as error:
        raise DataError(f"{where.name or str(where)!r}: cannot be read ({error.strerror or error}). Check the name.") from None


def _header(file: BinaryIO, name: str) -> tuple[str, dict[str, Any], int]:
    """The digest, the header, and where the arrays begin."""
    first = _FIRST_LINE.fullmatch(file.readline(64))
    if first is None:
        raise DataError(f"{name}: is no network that was saved by Tenfold. Read other files with read_graph.")
    if int(first[1]) != FORMAT:
        raise DataError(
            f"{name}: is of format {int(first[1])}, and this Tenfold reads format {FORMAT}. Save it again with this version."
        )
    second = _DIGEST_LINE.fullmatch(file.readline(128))
    damaged = DataError(f"{name}: its header is damaged. Save it again.")
    if second is None or int(second[2]) > _MAX_HEADER:
        raise damaged
    length = int(second[2])
    try:
        header = parse_json(file.read(length), name, DataError)
    except DataError:
        raise damaged from None
    if not isinstance(header, dict) or not isinstance(header.get("bytes"), int) or header["bytes"] < 0:
        raise damaged
    if (
        not isinstance(header.get("parts"), dict)
        or not isinstance(header.get("about"), dict)
        or not isinstance(header.get("kind"), str)
    ):
        raise damaged
    return second[1].decode(), header | {"length": length}, file.tell()


def _mapped(path: Path, header: Mapping[str, Any], start: int) -> SavedNetwork:
    """The arrays of a file, mapped; and the labels, read."""
    arrays: dict[str, NDArray[Any]] = {}
    labels: dict[str, pl.Series] = {}
    try:
        for name, place in header["parts"].items():
            dtype, length, at = np.dtype(str(place["dtype"])), place["length"], place["at"]
            known = dtype.name in (_KINDS | {"uint8"}) and isinstance(length, int) and isinstance(at, int)
            if not known or at < 0 or length < 0 or at % _ALIGNMENT or at + length * dtype.itemsize > header["bytes"]:
                raise ValueError(name)
            # copy on write: as the kernels expect, the arrays may be written to, and the file never changes
            part = np.memmap(path, dtype, "c", start + at, (length,)).view(np.ndarray) if length else np.zeros(0, dtype)
            if name.startswith("labels/"):
                labels[name.removeprefix("labels/")] = pl.read_ipc(BytesIO(part.tobytes())).to_series(0)
            else:
                arrays[name] = part
    except (ValueError, TypeError, KeyError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise DataError(f"{path.name}: its header is damaged. Save it again.") from None
    return SavedNetwork(dict(header["about"]), arrays, labels)


def check_rows(start: NDArray[np.int64], column: NDArray[np.int32], columns: int, where: str) -> None:
    """Row pointers and what they point at fit each other, so that no kernel reads beyond an array.

    `start` (rows + 1), `column` (entries): whole numbers from 0 to `columns` − 1.
    """
    fits = start.dtype == np.int64 and column.dtype == np.int32 and len(start) > 0
    if fits:
        fits = start[0] == 0 and start[-1] == len(column) and not (np.diff(start) < 0).any()
    if not fits or (len(column) and (column.min() < 0 or column.max() >= columns)):
        raise DataError(f"{where}: its arrays do not fit each other. Save it again.")
