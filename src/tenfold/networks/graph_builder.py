"""A graph from nodes and edges as a file names them, one after the other."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from tenfold import checks
from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.notebook import one_line

__all__ = ["GraphBuilder"]


_NODE, _EDGE, _SPELL = 300, 60, 250
"""Bytes of a node, of an edge with what the graph is made of it, and of a spell."""

_MANY = 4096  # nodes or edges between two looks


@dataclass
class GraphBuilder:
    """The nodes and edges read so far. Nodes are numbered as they first appear, in a node or an edge.

    `size`: bytes of the file. `index`: the number of each node's id. `declared` (nodes): whether the node itself has appeared, not only an
    edge to it. `a`, `b`, `directed`, `weight` (edges): the ends, whether the edge has a direction, its weight, 1 where it has none.
    `weighted`: how many edges have a weight. `spells`: edge, begin and end of each stretch of time in which an edge is there, as text.
    `notes`: sentences on how the file was read.
    """

    where: str
    size: int = 0
    index: dict[str, int] = field(default_factory=dict)
    declared: bytearray = field(default_factory=bytearray)
    a: Any = field(default_factory=lambda: array("i"))
    b: Any = field(default_factory=lambda: array("i"))
    directed: bytearray = field(default_factory=bytearray)
    weight: Any = field(default_factory=lambda: array("d"))
    weighted: int = 0
    spells: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_node(self, name: str | None) -> None:
        """Declare a node."""
        if name is None:
            raise DataError(f"{self.where}: a node has no id; every node needs one.")
        at = self._index_of(name)
        if self.declared[at]:
            raise DataError(f"{self.where}: node {one_line(name)!r} is there twice; ids have to differ.")
        self.declared[at] = 1

    def add_edge(self, source: str | None, target: str | None, directed: bool, weight: float | None) -> None:
        """Add an edge; its nodes may be declared later."""
        if source is None or target is None:
            raise DataError(f"{self.where}: edge {len(self.a) + 1} lacks a source or a target; every edge needs both.")
        self.a.append(self._index_of(source))
        self.b.append(self._index_of(target))
        self.directed.append(directed)
        self.weight.append(1.0 if weight is None else weight)
        if len(self.a) % _MANY == 0:
            self.check_memory()
        self.weighted += weight is not None

    def _index_of(self, name: str) -> int:
        at = self.index.setdefault(name, len(self.declared))
        if at == len(self.declared):
            self.declared.append(0)
            if at % _MANY == 0:
                self.check_memory()
        return at

    def check_memory(self) -> None:
        """Refuse a file whose nodes and edges take more memory than is allowed for its size."""
        needed = _NODE * len(self.declared) + _EDGE * len(self.a) + _SPELL * len(self.spells) + 3 * self.size
        checks.reading(needed, self.size, self.where, "Save its edges as CSV or Parquet")

    def weight_of(self, given: Any) -> float:
        """A weight as a number; `Graph.from_edges` checks its range."""
        try:
            if isinstance(given, bool):
                raise TypeError
            return float(given)
        except (ValueError, TypeError, OverflowError):
            shown = "" if given is None else one_line(given)
            raise DataError(f"{self.where}: a weight is {shown!r}; expected a finite number from 0 on.") from None

    def rename(self, labels: dict[str, str | None]) -> bool:
        """Call nodes by their labels, if each has one of its own; else by their ids, with a note. Whether they are called by labels."""
        found = [labels.get(name) for name in self.index]
        count = Counter(found)
        if found and None not in count and len(count) == len(found):
            self.index = {str(name): k for k, name in enumerate(found)}
            return True
        if len(count) > 1 or None not in count:
            self.notes.append("People are called by their ids, as the labels are not there for all, or are not all different.")
        return False

    def build(self, default_directed: bool) -> Graph:
        """The graph: directed if any edge is, or by `default_directed` without edges.

        In a directed graph, an edge that has no direction becomes two arcs.
        """
        undeclared = self.declared.find(0)
        if undeclared >= 0:
            name = next(name for name, at in self.index.items() if at == undeclared)
            raise DataError(
                f"{self.where}: an edge names the node {one_line(name)!r}, which is not there. Add the node or drop the edge."
            )
        one, two = np.frombuffer(self.a, np.int32), np.frombuffer(self.b, np.int32)
        has_direction, weight = np.frombuffer(self.directed, np.bool_), np.frombuffer(self.weight, np.float64)
        notes = list(self.notes)
        if 0 < self.weighted < len(one):
            notes.append(f"{len(one) - self.weighted} of {len(one)} edges have no weight and weigh 1.")
        directed = bool(has_direction.any()) if len(has_direction) else default_directed
        if directed and not has_direction.all():
            both_ways = ~has_direction
            notes.append(f"{int(both_ways.sum())} of {len(one)} edges have no direction and lead both ways.")
            one, two = np.concatenate([one, two[both_ways]]), np.concatenate([two, one[both_ways]])
            weight = np.concatenate([weight, weight[both_ways]])
        try:
            labels = pl.Series("id", list(self.index), pl.String)
            graph = Graph.from_edges(one, two, len(self.declared), weight=weight if self.weighted else None, directed=directed)
        except UnicodeError:
            raise DataError(f"{self.where}: an id holds half a character (a lone surrogate). Rename it.") from None
        except DataError as error:
            raise DataError(f"{self.where}: {error}") from None
        return replace(graph, labels=labels, notes=(*notes, *graph.notes))
