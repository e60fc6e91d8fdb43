"""GraphML and GEXF, read as a stream: no external entity is followed, none inside is expanded."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import polars as pl
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.table_files import read_bytes

__all__ = ["read_graphml_gexf"]


@dataclass
class _GraphBuilder:
    """The nodes and edges read so far. Nodes are numbered as they first appear, in a node or an edge.

    `index`: the number of each node's id. `declared` (nodes): whether the node itself has appeared, not only an edge to it. `a`, `b`,
    `directed`, `weight` (edges): the ends, whether the edge has a direction, its weight. `weighted`: whether any edge has a weight.
    """

    where: str
    index: dict[str, int] = field(default_factory=dict)
    declared: bytearray = field(default_factory=bytearray)
    a: Any = field(default_factory=lambda: array("i"))
    b: Any = field(default_factory=lambda: array("i"))
    directed: bytearray = field(default_factory=bytearray)
    weight: Any = field(default_factory=lambda: array("d"))
    weighted: bool = False

    def add_node(self, name: str | None) -> None:
        """Declare a node."""
        if name is None:
            raise DataError(f"{self.where}: a node has no id; every node needs one.")
        at = self._index_of(name)
        if self.declared[at]:
            raise DataError(f"{self.where}: node {name[:60]!r} is there twice; ids have to differ.")
        self.declared[at] = 1

    def add_edge(self, source: str | None, target: str | None, directed: bool, weight: float | None) -> None:
        """Add an edge; its nodes may be declared later."""
        if source is None or target is None:
            raise DataError(f"{self.where}: edge {len(self.a) + 1} lacks a source or a target; every edge needs both.")
        self.a.append(self._index_of(source))
        self.b.append(self._index_of(target))
        self.directed.append(directed)
        self.weight.append(1.0 if weight is None else weight)
        self.weighted = self.weighted or weight is not None

    def _index_of(self, name: str) -> int:
        at = self.index.setdefault(name, len(self.declared))
        if at == len(self.declared):
            self.declared.append(0)
        return at

    def build(self, default_directed: bool) -> Graph:
        """The graph: directed if any edge is, or by `default_directed` without edges.

        In a directed graph, an edge that has no direction becomes two arcs.
        """
        undeclared = self.declared.find(0)
        if undeclared >= 0:
            name = next(name for name, at in self.index.items() if at == undeclared)
            raise DataError(
                f"{self.where}: an edge names the node {name[:60]!r}, which is not there. Add the node or drop the edge."
            )
        one, two = np.frombuffer(self.a, np.int32), np.frombuffer(self.b, np.int32)
        has_direction, weight = np.frombuffer(self.directed, np.bool_), np.frombuffer(self.weight, np.float64)
        directed = bool(has_direction.any()) if len(has_direction) else default_directed
        if directed and not has_direction.all():
            both_ways = ~has_direction
            one, two = np.concatenate([one, two[both_ways]]), np.concatenate([two, one[both_ways]])
            weight = np.concatenate([weight, weight[both_ways]])
        try:
            graph = Graph.from_edges(one, two, len(self.declared), weight=weight if self.weighted else None, directed=directed)
        except DataError as error:
            raise DataError(f"{self.where}: {error}") from None
        return replace(graph, labels=pl.Series("id", list(self.index), pl.String))


def read_graphml_gexf(path: Path) -> Graph:
    """The graph in a GraphML or GEXF file, whichever its first element says.

    Raises
    ------
    DataError
        The file is neither, holds no graph or several, or an edge names an unknown node.
    """
    where = path.name
    builder = _GraphBuilder(where)
    data = read_bytes(path)
    try:
        events = iterparse(BytesIO(data), events=("start", "end"), forbid_entities=True, forbid_external=True)
        _, root = next(events)
        kind = _tag(root)
        if kind not in ("graphml", "gexf"):
            raise DataError(f"{where}: begins with <{kind[:60]}>; expected GraphML or GEXF.")
        directed = (_graphml if kind == "graphml" else _gexf)(events, builder)
    except DefusedXmlException:
        raise DataError(f"{where}: declares entities, as attacks do; no graph needs them. Remove the declarations.") from None
    except (ParseError, ValueError, LookupError, StopIteration) as error:
        raise DataError(
            f"{where}: is no XML that can be read ({str(error).splitlines()[0][:100] if str(error) else 'empty'})."
        ) from None
    if directed is None:
        raise DataError(f"{where}: holds no graph; expected one. Export it again.")
    return builder.build(directed)


def _tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _graphml(events: Iterator[tuple[str, Element]], builder: _GraphBuilder) -> bool | None:
    """Add all nodes and edges; returns whether edges are directed by default, or None if there is no graph."""
    ancestors: list[Element] = []
    defaults: list[bool] = []  # of the graphs that are open: whether edges are directed there
    weight_key, default_weight, first_default = "", None, None
    for event, element in events:
        tag = _tag(element)
        if event == "start":
            ancestors.append(element)
            if tag == "graph":
                if not defaults and first_default is not None:
                    raise DataError(f"{builder.where}: holds several graphs; expected one. Split the file.")
                defaults.append(element.get("edgedefault", "undirected") == "directed")
                first_default = defaults[0] if first_default is None else first_default
            elif tag == "node" and defaults:
                builder.add_node(element.get("id"))
            elif tag == "hyperedge":
                raise DataError(
                    f"{builder.where}: holds hyperedges; expected edges. Write groups as HIF and read them with read_groups."
                )
            continue
        if ancestors:
            ancestors.pop()
        if tag == "key" and element.get("for") in ("edge", "all", None) and element.get("attr.name", "").casefold() == "weight":
            weight_key = element.get("id", "")
            default_weight = next((_weight(one.text, builder) for one in element if _tag(one) == "default"), None)
        elif tag == "graph" and defaults:
            defaults.pop()
        elif tag == "edge" and defaults:
            text = next(
                (one.text for one in element if weight_key and _tag(one) == "data" and one.get("key") == weight_key), None
            )
            weight = default_weight if text is None else _weight(text, builder)
            own = element.get("directed")
            directed = defaults[-1] if own is None else own.strip().casefold() in ("true", "1")
            builder.add_edge(element.get("source"), element.get("target"), directed, weight)
        if tag in ("node", "edge", "graph") and ancestors:
            ancestors[-1].clear()
    return first_default


def _gexf(events: Iterator[tuple[str, Element]], builder: _GraphBuilder) -> bool | None:
    """Add all nodes and edges; returns whether edges are directed by default, or None if there is no graph."""
    ancestors: list[Element] = []
    default: str | None = None
    for event, element in events:
        tag = _tag(element)
        if event == "start":
            ancestors.append(element)
            if tag == "graph":
                if default is not None:
                    raise DataError(f"{builder.where}: holds several graphs; expected one. Split the file.")
                default = element.get("defaultedgetype", "undirected")
            elif tag == "node" and default is not None:
                builder.add_node(element.get("id"))
            continue
        if ancestors:
            ancestors.pop()
        if tag == "edge" and default is not None:
            directed = element.get("type", default).strip().casefold() == "directed"
            text = element.get("weight")
            weight = None if text is None else _weight(text, builder)
            builder.add_edge(element.get("source"), element.get("target"), directed, weight)
        if tag in ("node", "edge") and ancestors:
            ancestors[-1].clear()
    return None if default is None else default == "directed"


def _weight(text: str | None, builder: _GraphBuilder) -> float:
    """A weight as a number; `Graph.from_edges` checks its range."""
    try:
        return float(text or "")
    except ValueError:
        raise DataError(f"{builder.where}: a weight is {(text or '')[:60]!r}; expected a finite number from 0 on.") from None
