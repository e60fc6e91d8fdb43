"""GraphML and GEXF, read as a stream: no external entity is followed, none inside is expanded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_builder import GraphBuilder
from tenfold.notebook import one_line

_MOST_OTHERS = 200_000  # spells or attributes of an edge, keys of a file

__all__ = ["parse_xml", "read_graphml_gexf"]


def read_graphml_gexf(data: bytes, where: str, *, directed: bool = False) -> Graph:
    """The graph in a GraphML or GEXF file, whichever its first element says. `directed`: what the caller said, which does not count.

    Raises
    ------
    DataError
        The file is neither, holds no graph or several, or an edge names an unknown node.
    """
    builder, default = parse_xml(data, where)
    if builder.spells:
        builder.notes.append("Times of edges are not used here; read_temporal reads them.")
    graph = builder.build(default)
    if directed and not graph.directed:
        return replace(graph, notes=("The file says that it is not directed, so directed=True does not count.", *graph.notes))
    return graph


def parse_xml(data: bytes, where: str) -> tuple[GraphBuilder, bool]:
    """The nodes and edges of a GraphML or GEXF file, and whether its edges are directed by default."""
    builder = GraphBuilder(where, len(data))
    try:
        events = iterparse(BytesIO(data), events=("start", "end"), forbid_entities=True, forbid_external=True)
        _, root = next(events)
        kind = _tag(root)
        if kind not in ("graphml", "gexf"):
            raise DataError(f"{where}: begins with <{one_line(kind)}>; expected GraphML or GEXF.")
        directed = (_graphml if kind == "graphml" else _gexf)(events, builder)
    except DefusedXmlException:
        raise DataError(f"{where}: declares entities, as attacks do; no graph needs them. Remove the declarations.") from None
    except (ParseError, ValueError, LookupError, StopIteration) as error:
        raise DataError(
            f"{where}: is no XML that can be read ({str(error).splitlines()[0][:100] if str(error) else 'empty'})."
        ) from None
    if directed is None:
        raise DataError(f"{where}: holds no graph; expected one. Export it again.")
    return builder, directed


def _tag(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _graphml(events: Iterator[tuple[str, Element]], builder: GraphBuilder) -> bool | None:
    """Add all nodes and edges; returns whether edges are directed by default, or None if there is no graph."""
    ancestors: list[Element] = []
    defaults: list[bool] = []  # of the graphs that are open: whether edges are directed there
    default_weight, first_default = None, None
    weight_keys: set[str] = set()  # of any key that is called so, as NetworkX reads it, whatever it says it is for
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
        if tag == "key" and element.get("attr.name", "").casefold() == "weight":
            weight_keys.add(element.get("id", ""))
            if element.get("for") in ("edge", "all", None):
                default_weight = next((builder.weight_of(one.text) for one in element if _tag(one) == "default"), None)
        elif tag == "graph" and defaults:
            defaults.pop()
        elif tag == "edge" and defaults:
            texts = [one.text or "" for one in element if _tag(one) == "data" and one.get("key") in weight_keys]
            weight = builder.weight_of(texts[0]) if texts else default_weight
            own = element.get("directed")
            directed = defaults[-1] if own is None else own.strip().casefold() in ("true", "1")
            builder.add_edge(element.get("source"), element.get("target"), directed, weight)
        _let_go(tag, ("node", "edge", "graph"), ancestors, builder)
    return first_default


def _gexf(events: Iterator[tuple[str, Element]], builder: GraphBuilder) -> bool | None:
    """Add all nodes and edges; returns whether edges are directed by default, or None if there is no graph."""
    ancestors: list[Element] = []
    default: str | None = None
    weight_attributes: set[str] = set()
    of_edges = False
    for event, element in events:
        tag = _tag(element)
        if event == "start":
            ancestors.append(element)
            if tag == "graph":
                if default is not None:
                    raise DataError(f"{builder.where}: holds several graphs; expected one. Split the file.")
                default = element.get("defaultedgetype", "undirected")
            elif tag == "attributes":
                of_edges = element.get("class") == "edge"
            elif tag == "attribute" and of_edges and element.get("title", "").strip().casefold() == "weight":
                weight_attributes.add(element.get("id", ""))
            elif tag == "node" and default is not None:
                builder.add_node(element.get("id"))
            continue
        if ancestors:
            ancestors.pop()
        if tag == "edge" and default is not None:
            directed = element.get("type", default).strip().casefold() == "directed"
            text = element.get("weight")
            if text is None and weight_attributes:
                text = next((one.get("value", "") for one in element.iter() if _is_weight(one, weight_attributes)), None)
            weight = None if text is None else builder.weight_of(text)
            _add_spells(element, builder)
            builder.add_edge(element.get("source"), element.get("target"), directed, weight)
        _let_go(tag, ("node", "edge"), ancestors, builder)
    return None if default is None else default == "directed"


def _let_go(tag: str, done: tuple[str, ...], ancestors: list[Element], builder: GraphBuilder) -> None:
    """Forget the elements that have been used; refuse others in a number that no graph has."""
    if not ancestors:
        return
    if tag in done:
        ancestors[-1].clear()
    elif len(ancestors[-1]) > _MOST_OTHERS:
        raise DataError(
            f"{builder.where}: <{one_line(_tag(ancestors[-1]))}> holds over {_MOST_OTHERS:,} elements that are no graph's."
        )


def _is_weight(element: Element, attributes: set[str]) -> bool:
    """Whether an element is the value of one of the attributes that are called weight."""
    return _tag(element) == "attvalue" and element.get("for", element.get("id", "")) in attributes


def _add_spells(edge: Element, builder: GraphBuilder) -> None:
    """The stretches of time in which an edge is there: its own, or those of its spells; or its timestamps."""
    number = len(builder.a)
    spells = [one for one in edge.iter() if _tag(one) in ("spell", "slice")] or [edge]
    for one in spells:
        begin, end = (one.get(key, one.get(f"{key}open")) for key in ("start", "end"))
        if begin is not None or end is not None:
            builder.spells.append((number, begin or "", end or ""))
    stamps = edge.get("timestamp") or edge.get("timestamps")
    for stamp in (stamps or "").strip("<>[] ").split(","):
        if stamp.strip():
            builder.spells.append((number, stamp.strip(), stamp.strip()))
