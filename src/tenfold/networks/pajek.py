"""Pajek networks (.net): a small reader of its own; Batagelj, Mrvar, Pajek reference manual."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_builder import GraphBuilder
from tenfold.notebook import one_line

__all__ = ["looks_like_pajek", "read_pajek"]

_SECTION = re.compile(r"\*\s*([A-Za-z]+)(.*)")
_LISTS, _PAIRS = {"arcslist": True, "edgeslist": False}, {"arcs": True, "edges": False}
_MAX_VERTICES = 3_000_000  # a file of a line may name so many, each of which takes memory


def looks_like_pajek(text: str) -> bool:
    """Whether a text begins as Pajek's networks do, with *Vertices or *Network."""
    return re.match(r"(?:\s*%[^\n]*\n)*\s*\*\s*(?:vertices|network)\b", text, re.I) is not None


class _Pajek:
    """What has been read of a file: its vertices, and in which section the next line is."""

    def __init__(self, where: str, size: int) -> None:
        self.where = where
        self.builder = GraphBuilder(where, size)
        self.labels: dict[str, str | None] = {}
        self.vertices = 0
        self.section = ""
        self.row = 0
        self.matrix_row = 0
        self.relations = 0
        self.times = False

    def error(self, what: str) -> DataError:
        return DataError(f"{self.where}: row {self.row}: {what}")

    def begin(self, section: str, rest: str) -> None:
        """A line that begins a section."""
        self.section = section
        if section == "vertices":
            if self.vertices:
                raise self.error("begins a second network; expected one. Split the file.")
            numbers = rest.split()
            if not numbers or not numbers[0].isascii() or not numbers[0].isdigit() or len(numbers[0]) > 10:
                raise self.error("*Vertices has no number; expected how many there are.")
            self.vertices = int(numbers[0])
            if self.vertices > _MAX_VERTICES:
                raise self.error(f"there are {self.vertices} vertices; at most {_MAX_VERTICES} are read.")
            if len(numbers) > 1:
                raise self.error(
                    "is a two-mode network (people and groups). Read it as a table of person and group with read_groups."
                )
        elif section in _LISTS or section in _PAIRS or section == "matrix":
            self.relations += 1
            self.matrix_row = 0
            if not self.builder.index:
                for number in range(1, self.vertices + 1):
                    self.builder.add_node(str(number))
        elif section not in ("network", "partition", "vector"):
            raise self.error(
                f"the section *{one_line(section, 30)} is not known; expected *Vertices, *Arcs, *Edges, their lists, or *Matrix."
            )

    def line(self, text: str) -> None:
        """A line of data in a section."""
        cells = _cells(text)
        if self.section == "vertices":
            self.vertex(self.number(cells[0]), cells)
        elif self.section in _PAIRS:
            if len(cells) < 2:
                raise self.error("has 1 field; expected two vertices, and perhaps a weight.")
            self.times = self.times or any(cell.startswith("[") for cell in cells[2:])
            weight = self.builder.weight_of(cells[2]) if len(cells) > 2 and re.match(r"[-+.0-9]", cells[2]) else None
            self.builder.add_edge(self.number(cells[0]), self.number(cells[1]), _PAIRS[self.section], weight)
        elif self.section in _LISTS:
            for cell in cells[1:]:
                self.builder.add_edge(self.number(cells[0]), self.number(cell), _LISTS[self.section], None)
        elif self.section == "matrix":
            self.matrix_row += 1
            if self.matrix_row > self.vertices or len(cells) != self.vertices:
                raise self.error(f"has {len(cells)} fields; expected a matrix of {self.vertices} × {self.vertices}.")
            for k, cell in enumerate(cells):
                if (weight := self.builder.weight_of(cell)) != 0:
                    self.builder.add_edge(str(self.matrix_row), str(k + 1), True, weight)
        elif not self.section:
            raise self.error("stands before *Vertices.")

    def vertex(self, number: str, cells: list[str]) -> None:
        """The label of a vertex."""
        if self.labels.get(number) is not None:
            raise self.error(f"vertex {number} is there twice.")
        self.labels[number] = cells[1] if len(cells) > 1 else None

    def number(self, cell: str) -> str:
        """The number of a vertex, once it is in range."""
        if not cell.isascii() or not cell.isdigit() or len(cell) > 10 or not 1 <= int(cell) <= self.vertices:
            raise self.error(f"names the vertex {one_line(cell, 40)!r}; expected a whole number from 1 to {self.vertices}.")
        return str(int(cell))


def read_pajek(text: str, where: str) -> Graph:
    """The graph in a Pajek text. `labels`: the labels of the vertices if each has one of its own, else their numbers.

    Raises
    ------
    DataError
        The text is no Pajek network, or a row of it is wrong.
    """
    found = _Pajek(where, len(text))
    for found.row, line in _lines(text):
        section = _SECTION.match(line)
        if section:
            found.begin(section[1].casefold(), section[2])
        else:
            found.line(line)
    builder = found.builder
    if not builder.index:
        for number in range(1, found.vertices + 1):
            builder.add_node(str(number))
    if found.relations > 1:
        builder.notes.append(f"The edges of {found.relations} sections are read as one network.")
    if found.times:
        builder.notes.append("Times of edges ([…]) are not used.")
    builder.rename(found.labels)
    return builder.build(False)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, without comments and blank ones."""
    at, row = 0, 1
    for found in re.finditer(r"[^\n]+", text):
        row, at = row + text.count("\n", at, found.start()), found.start()
        plain = found[0].strip()
        if plain and not plain.startswith("%"):
            yield row, plain


def _cells(line: str) -> list[str]:
    """The fields of a line; text in quotation marks is one."""
    if '"' not in line and "'" not in line:
        return line.split()
    cells = re.findall(r'"([^"]*)"|(\S+)', line)
    return [quoted or plain for quoted, plain in cells]
