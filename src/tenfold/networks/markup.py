"""GraphML and GEXF, read as a stream: no external entity is followed, none inside is expanded."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
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
from tenfold.networks.rows import read_bytes

__all__ = ["read_markup"]


@dataclass
class _Found:
    """What a file holds so far. People are numbered as they are met, in a node or an edge."""

    where: str
    numbers: dict[str, int] = field(default_factory=dict)
    known: bytearray = field(default_factory=bytearray)
    a: Any = field(default_factory=lambda: array("i"))
    b: Any = field(default_factory=lambda: array("i"))
    arrow: bytearray = field(default_factory=bytearray)
    weight: Any = field(default_factory=lambda: array("d"))
    weighted: bool = False

    def node(self, name: str | None) -> None:
        if name is None:
            raise DataError(f"{self.where}: a node has no id; every node needs one.")
        at = self._at(name)
        if self.known[at]:
            raise DataError(f"{self.where}: node {name[:60]!r} is there twice; ids have to differ.")
        self.known[at] = 1

    def edge(self, source: str | None, target: str | None, arrow: bool, weight: float | None) -> None:
        if source is None or target is None:
            raise DataError(f"{self.where}: edge {len(self.a) + 1} lacks a source or a target; every edge needs both.")
        self.a.append(self._at(source))
        self.b.append(self._at(target))
        self.arrow.append(arrow)
        self.weight.append(1.0 if weight is None else weight)
        self.weighted = self.weighted or weight is not None

    def _at(self, name: str) -> int:
        at = self.numbers.setdefault(name, len(self.known))
        if at == len(self.known):
            self.known.append(0)
        return at

    def graph(self, directed: bool) -> Graph:
        """The graph; a mix of edges makes a directed one, with two arcs for each edge that is not."""
        lost = self.known.find(0)
        if lost >= 0:
            name = next(name for name, at in self.numbers.items() if at == lost)
            raise DataError(
                f"{self.where}: an edge names the node {name[:60]!r}, which is not there. Add the node or drop the edge."
            )
        one, two = np.frombuffer(self.a, np.int32), np.frombuffer(self.b, np.int32)
        arrow, weight = np.frombuffer(self.arrow, np.bool_), np.frombuffer(self.weight, np.float64)
        directed = bool(arrow.any()) if len(arrow) else directed
        if directed and not arrow.all():
            back = ~arrow
            one, two = np.concatenate([one, two[back]]), np.concatenate([two, one[back]])
            weight = np.concatenate([weight, weight[back]])
        try:
            found = Graph.from_edges(one, two, len(self.known), weight=weight if self.weighted else None, directed=directed)
        except DataError as error:
            raise DataError(f"{self.where}: {error}") from None
        return Graph(found.start, found.other, found.weight, directed, pl.Series("id", list(self.numbers), pl.String))


def read_markup(path: Path) -> Graph:
    """The graph in a GraphML or GEXF file, whichever its first element says.

    Raises
    ------
    DataError
        The file is neither, holds no graph or several, or an edge names an unknown node.
    """
    where = path.name
    found = _Found(where)
    data = read_bytes(path)
    try:
        events = iterparse(BytesIO(data), events=("start", "end"), forbid_entities=True, forbid_external=True)
        _, root = next(events)
        kind = _tag(root)
        if kind not in ("graphml", "gexf"):
            raise DataError(f"{where}: begins with <{kind[:60]}>; expected GraphML or GEXF.")
        directed = (_graphml if kind == "graphml" else _gexf)(events, found)
    except DefusedXmlException:
        raise DataError(f"{where}: declares entities, as attacks do; no graph needs them. Remove the declarations.") from None
    except (ParseError, ValueError, LookupError, StopIteration) as error:
        raise DataError(
            f"{where}: is no XML that can be read ({str(error).splitlines()[0][:100] if str(error) else 'empty'})."
        ) from None
    if directed is None:
        raise DataError(f"{where}: holds no graph; expected one. Export it again.")
    return found.graph(directed)


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _graphml(events: Iterator[tuple[str, Element]], found: _Found) -> bool | None:
    """Fill in nodes and edges; whether edges are directed by default, or None if there is no graph."""
    inside: list[Element] = []
    defaults: list[bool] = []
    key, usual, first = "", None, None
    for event, element in events:
        tag = _tag(element)
        if event == "start":
            inside.append(element)
            if tag == "graph":
                if not defaults and first is not None:
                    raise DataError(f"{found.where}: holds several graphs; expected one. Split the file.")
                defaults.append(element.get("edgedefault", "undirected") == "directed")
                first = defaults[0] if first is None else first
            elif tag == "node" and defaults:
                found.node(element.get("id"))
            elif tag == "hyperedge":
                raise DataError(
                    f"{found.where}: holds hyperedges; expected edges. Write groups as HIF and read them with read_groups."
                )
            continue
        if inside:
            inside.pop()
        if tag == "key" and element.get("for") in ("edge", "all", None) and element.get("attr.name", "").casefold() == "weight":
            key = element.get("id", "")
            usual = next((_weight(one.text, found) for one in element if _tag(one) == "default"), None)
        elif tag == "graph" and defaults:
            defaults.pop()
        elif tag == "edge" and defaults:
            arrow = element.get("directed")
            text = next((one.text for one in element if key and _tag(one) == "data" and one.get("key") == key), None)
            weight = usual if text is None else _weight(text, found)
            arrowed = defaults[-1] if arrow is None else arrow.strip().casefold() in ("true", "1")
            found.edge(element.get("source"), element.get("target"), arrowed, weight)
        if tag in ("node", "edge", "graph") and inside:
            inside[-1].clear()
    return first


def _gexf(events: Iterator[tuple[str, Element]], found: _Found) -> bool | None:
    """Fill in nodes and edges; whether edges are directed by default, or None if there is no graph."""
    inside: list[Element] = []
    default: str | None = None
    for event, element in events:
        tag = _tag(element)
        if event == "start":
            inside.append(element)
            if tag == "graph":
                if default is not None:
                    raise DataError(f"{found.where}: holds several graphs; expected one. Split the file.")
                default = element.get("defaultedgetype", "undirected")
            elif tag == "node" and default is not None:
                found.node(element.get("id"))
            continue
        if inside:
            inside.pop()
        if tag == "edge" and default is not None:
            arrow = element.get("type", default).strip().casefold() == "directed"
            text = element.get("weight")
            found.edge(element.get("source"), element.get("target"), arrow, None if text is None else _weight(text, found))
        if tag in ("node", "edge") and inside:
            inside[-1].clear()
    return None if default is None else default == "directed"


def _weight(text: str | None, found: _Found) -> float:
    try:
        return float(text or "")
    except ValueError:
        raise DataError(f"{found.where}: a weight is {(text or '')[:60]!r}; expected a finite number from 0 on.") from None
