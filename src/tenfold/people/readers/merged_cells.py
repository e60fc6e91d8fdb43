"""Workbooks: which cells of which sheet are merged, and from which epoch days count."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl
from defusedxml import ElementTree

__all__ = ["Workbook", "fill_merged", "read_workbook"]

MAX_MERGED, MAX_FILLED = 100_000, 1_000_000
_RANGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})"')
_NAMESPACE = re.compile(r"\{[^}]*\}")

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


@dataclass(frozen=True)
class Workbook:
    """The merged ranges by the name of the sheet, and whether the days of dates count from 1904."""

    merged: Mapping[str, Sequence[Merged]] = field(default_factory=dict)
    epoch_1904: bool = False


def read_workbook(packed: zipfile.ZipFile) -> Workbook:
    """Read the parts that say so; a workbook without them has no merged cells."""
    names = set(packed.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return Workbook()
    try:
        book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    except (ElementTree.ParseError, ValueError):
        return Workbook()
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    merged: dict[str, list[Merged]] = {}
    epoch_1904 = False
    for element in book.iter():
        kind = _NAMESPACE.sub("", element.tag)
        if kind == "workbookPr":
            epoch_1904 = element.get("date1904", "0").lower() in ("1", "true", "on")
        if kind == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            path = posixpath.normpath(posixpath.join("xl", targets.get(relation, ""))).removeprefix("/")
            if path in names:
                merged[element.get("name", "")] = _merged_ranges(packed.read(path))
    return Workbook(merged, epoch_1904)


def _merged_ranges(text: bytes) -> list[Merged]:
    """The merged ranges of a sheet, which stand after its cells."""
    found = []
    for match in _RANGE.finditer(text, max(text.rfind(b"sheetData>"), 0)):
        found.append((int(match[2]) - 1, _column(match[1]), int(match[4]) - 1, _column(match[3])))
        if len(found) >= MAX_MERGED:
            break
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def fill_merged(cells: pl.DataFrame, merged: Sequence[Merged]) -> pl.DataFrame:
    """Put the value of each merged range into its cells down the rows. Across columns only the first one holds it: a title is one cell."""
    columns: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in merged:
        if bottom > top and left < cells.width and top < cells.height:
            columns.setdefault(left, []).append((top, min(bottom, cells.height - 1)))
    left_over = MAX_FILLED
    for column, ranges in columns.items():
        values = cells[:, column].to_list()
        for top, bottom in ranges:
            left_over -= bottom - top
            if left_over < 0:
                return cells
            for row in range(top + 1, bottom + 1):
                values[row] = values[row] or values[top]
        cells = cells.with_columns(pl.Series(cells.columns[column], values, pl.String))
    return cells
