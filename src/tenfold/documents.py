"""JSON and TOML from files that others wrote: bounded in size, in depth and in the memory that they take."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tenfold import checks
from tenfold.errors import SpecError, TenfoldError
from tenfold.memory import bytes_in_words

__all__ = ["MAX_DEPTH", "parse_json", "parse_toml", "read_document", "read_toml"]

MAX_DEPTH = 60
"""Tables and lists inside each other; beyond, the parsers of Python would end in a RecursionError."""

MAX_TOML = 8 << 20
"""Bytes of a TOML file. The parser reads a megabyte a second, and takes the square of the parts of a dotted name."""

_TOO_DEEP = f"holds lists or tables in each other, more than {MAX_DEPTH} deep. Make it flatter."
_LIST, _TABLE, _VALUE = 64, 240, 60
"""Bytes that a list, a table and a value take as Python's objects, about."""


def parse_json(data: bytes, where: str, error: type[TenfoldError]) -> Any:
    """The document in JSON text; what is wrong with it is raised as `error`.

    Raises
    ------
    TenfoldError
        It is no JSON, is too deep, or would take too much memory.

    Examples
    --------
    >>> parse_json(b'{"a": [1, 2]}', "x.json", SpecError)
    {'a': [1, 2]}
    """
    needed = data.count(b"[") * _LIST + data.count(b"{") * _TABLE + (data.count(b",") + data.count(b":")) * _VALUE + 3 * len(data)
    checks.reading(needed, len(data), where, "Save it as CSV or Parquet")
    try:
        document = json.loads(data)
    except RecursionError:
        raise error(f"{where}: {_TOO_DEEP}") from None
    except ValueError as fault:
        raise error(f"{where}: is no JSON that can be read ({str(fault)[:100]}).") from None
    if _is_deep(document):
        raise error(f"{where}: {_TOO_DEEP}")
    return document


def parse_toml(data: bytes, where: str) -> dict[str, Any]:
    """The document in TOML text.

    Raises
    ------
    SpecError
        It is no TOML, is too deep, or too large.

    Examples
    --------
    >>> parse_toml(b"steps = 3", "x.toml")
    {'steps': 3}
    """
    if len(data) > MAX_TOML:
        raise SpecError(
            f"{where}: holds {bytes_in_words(len(data))}; at most {MAX_TOML >> 20} MiB of TOML are read. Put data into CSV."
        )
    if max(part.count(b".") for part in re.split(rb"[\n,=\[\]{}]", data)) > MAX_DEPTH:
        raise SpecError(f"{where}: {_TOO_DEEP}")
    try:
        document = tomllib.loads(data.decode())
    except RecursionError:
        raise SpecError(f"{where}: {_TOO_DEEP}") from None
    except ValueError as fault:
        raise SpecError(f"{where}: is no TOML ({str(fault)[:200]}).") from None
    if _is_deep(document):
        raise SpecError(f"{where}: {_TOO_DEEP}")
    return document


def read_toml(path: Path) -> dict[str, Any]:
    """The document in a TOML file.

    Raises
    ------
    SpecError
        The file cannot be read, or as in `parse_toml`.
    """
    return parse_toml(read_document(path), path.name)


def read_document(path: Path) -> bytes:
    """The bytes of a small file that holds a specification or a record.

    Raises
    ------
    SpecError
        The file cannot be read, or is none.
    """
    try:
        if path.exists() and not path.is_file():
            raise SpecError(f"{path}: is no file. Name a file.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise SpecError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}). Check the name.") from None


def _is_deep(document: Any) -> bool:
    """Whether lists and tables are more than `MAX_DEPTH` deep inside each other."""
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
