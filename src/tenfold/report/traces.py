"""Traces of a person in files that Tenfold wrote: pages, tables, workbooks, calendars, archives."""

from __future__ import annotations

import html
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tenfold.errors import StoreError
from tenfold.people.store.forget import Labels
from tenfold.report.manifest import MANIFEST, read_manifest, state_of, write_manifest
from tenfold.report.placement import locked_folder, staging_folder

__all__ = ["Traces", "find_traces", "output_folders_below", "remove_traces", "speaks_of"]

DEPTH, MOST_FOLDERS = 3, 2000
MOST_BYTES = 1 << 30  # of a file that is searched
TEXT_CELLS = (".csv", ".tsv")
_FOLD = re.compile(rb"\r?\n[ \t]")
"""How calendars break long lines."""


@dataclass(frozen=True)
class Traces:
    """Files in an output folder that speak of somebody: `ours`, as Tenfold wrote them, and `changed`, which somebody has changed since."""

    folder: Path
    ours: tuple[str, ...]
    changed: tuple[str, ...]


def output_folders_below(places: Iterable[Path]) -> list[Path]:
    """The folders that hold a manifest of Tenfold's, down to three below those given; no link is followed."""
    found: dict[Path, None] = {}
    for place in places:
        waiting, seen = [(place, 0)], 0
        while waiting and seen < MOST_FOLDERS:
            folder, depth = waiting.pop()
            seen += 1
            try:
                entries = sorted(os.scandir(folder), key=lambda one: one.name)
            except OSError:
                continue
            if any(one.name == MANIFEST for one in entries):
                found[folder.resolve()] = None
            if depth < DEPTH:
                waiting += [(folder / one.name, depth + 1) for one in entries if one.is_dir(follow_symlinks=False)]
    return list(found)


def find_traces(folder: Path, labels: Labels) -> Traces:
    """Which files of the manifest of a folder speak of somebody."""
    manifest = read_manifest(folder)
    ours: list[str] = []
    changed: list[str] = []
    for name in manifest.files:
        path = folder / name
        state = state_of(path)
        if state is None or len(state) != 64:
            continue
        if path.stat().st_size <= MOST_BYTES and speaks_of(name, path.read_bytes(), labels):
            (ours if manifest.knows(name, state) else changed).append(name)
    return Traces(folder, tuple(ours), tuple(changed))


def remove_traces(traces: Traces, token: str) -> list[str]:
    """Remove the files that are as Tenfold wrote them, and take them off the manifest; returns the names of those removed."""
    removed = []
    with locked_folder(traces.folder):
        manifest = read_manifest(traces.folder)
        for name in traces.ours:
            state = state_of(traces.folder / name)
            if state is not None and manifest.knows(name, state):
                (traces.folder / name).unlink()
                removed.append(name)
            for table in (manifest.files, manifest.commands, manifest.before):
                table.pop(name, None)
        staging = staging_folder(traces.folder, token)
        staging.mkdir(mode=0o700)
        try:
            write_manifest(traces.folder, manifest, staging=staging)
        finally:
            staging.rmdir()
    return removed


def speaks_of(name: str, data: bytes, labels: Labels) -> bool:
    """Whether a file names somebody: in its texts, in a cell of a table, or in a file that it packs."""
    if data[:4] == b"PK\x03\x04":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return any(speaks_of(one.filename, archive.read(one), labels) for one in archive.infolist())
        except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
            return True  # whatever it holds, nobody can say that it does not
    if data[:4] == b"PAR1":
        try:
            return _in_cells(pl.read_parquet(io.BytesIO(data)), labels)
        except (pl.exceptions.PolarsError, StoreError):
            return True
    if name.endswith(TEXT_CELLS) and labels.id not in labels.phrases and _is_a_cell(data, labels.id):
        return True
    text = _FOLD.sub(b"", data).decode("utf-8", "replace")
    pattern = labels.pattern
    return pattern is not None and any(pattern.search(form) for form in _readings(text))


def _readings(text: str) -> Iterator[str]:
    """A text as it is, and as those read it who know its escapes."""
    text = unicodedata.normalize("NFC", text)
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text).replace("\\,", ",").replace("\\;", ";")


def _in_cells(table: pl.DataFrame, labels: Labels) -> bool:
    pattern, whole = labels.pattern, {labels.id, *labels.names}
    for column in table.iter_columns():
        if column.dtype.is_nested() or column.dtype.is_numeric() or column.dtype.is_temporal():
            continue
        for value in column.cast(pl.String, strict=False).unique().drop_nulls():
            if value in whole or (pattern is not None and pattern.search(value)):
                return True
    return False


def _is_a_cell(data: bytes, text: str) -> bool:
    """Whether a text is a whole cell of a table."""
    cell = re.escape(text.encode())
    return re.search(rb'(?:^|[,;\t\n])"?' + cell + rb'"?(?:[,;\t\r\n]|$)', data) is not None
