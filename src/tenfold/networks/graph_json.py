"""Graphs in JSON: node-link and adjacency data (NetworkX, D3), Cytoscape, and dicts of lists or of dicts."""

from __future__ import annotations

from typing import Any

from tenfold.documents import parse_json
from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_builder import GraphBuilder
from tenfold.notebook import one_line

__all__ = ["read_graph_json"]


def read_graph_json(data: bytes, where: str, *, directed: bool) -> Graph:
    """The graph in a JSON file.

    Raises
    ------
    DataError
        The file is no JSON, or none of the forms that are known.
    """
    content = parse_json(data, where, DataError)
    builder = GraphBuilder(where, len(data))
    if isinstance(content, dict) and isinstance(content.get("incidences"), list):
        raise DataError(
            f"{where}: holds groups (HIF), not edges. Read it with read_groups; its .graph() ties the members of each."
        )
    if not isinstance(content, dict):
        raise _unknown(where)
    links = next((content[key] for key in ("links", "edges") if isinstance(content.get(key), list)), None)
    says_so = content.get("directed")
    kind = bool(says_so) if isinstance(says_so, bool) else directed
    if isinstance(content.get("elements"), dict):
        _cytoscape(content["elements"], builder, kind)
    elif isinstance(content.get("nodes"), list) and isinstance(content.get("adjacency"), list):
        _adjacency_data(content["nodes"], content["adjacency"], builder, kind)
    elif links is not None:
        _node_link(content.get("nodes"), links, builder, kind)
    elif content and all(isinstance(value, (list, dict)) for value in content.values()):
        _dicts(content, builder, kind)
    else:
        raise _unknown(where)
    if isinstance(says_so, bool) and says_so != directed and directed:
        builder.notes.append("The file says that it is not directed, so directed=True does not count.")
    return builder.build(kind)


def _unknown(where: str) -> DataError:
    return DataError(
        f"{where}: is no graph in JSON that is known; expected node-link data, adjacency data, Cytoscape's, or a dict of lists."
    )


def _id(value: Any, builder: GraphBuilder, what: str) -> str:
    """A node's id as text."""
    if isinstance(value, list):
        value = tuple(value)  # NetworkX writes tuples so
    if value is None or isinstance(value, (bool, dict)):
        raise DataError(f"{builder.where}: {what} is {one_line(repr(value))}; expected text or a number.")
    return str(value)


def _record(value: Any, builder: GraphBuilder, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"{builder.where}: {what} is {one_line(repr(value))}; expected an object.")
    return value


def _weight(record: dict[str, Any], builder: GraphBuilder) -> float | None:
    """The weight of an edge, or its value, as D3 calls it."""
    given = record.get("weight", record.get("value"))
    return None if given is None else builder.weight_of(given)


def _node_link(nodes: Any, links: list[Any], builder: GraphBuilder, directed: bool) -> None:
    """Node-link data; ends are ids, or places in the list of nodes where nodes have no ids."""
    ids: list[str] = []
    for k, one in enumerate(nodes if isinstance(nodes, list) else []):
        record = one if isinstance(one, dict) else {"id": one}
        given = next((record[key] for key in ("id", "key", "name") if record.get(key) is not None), None)
        ids.append(_id(given, builder, f"nodes[{k}]: id"))
        builder.add_node(ids[-1])
    by_place = bool(ids) and all(isinstance(one, dict) and "id" not in one and "key" not in one for one in nodes)
    for k, one in enumerate(links):
        record = _record(one, builder, f"edges[{k}]")
        ends = [
            _id(next((record[key] for key in keys if key in record), None), builder, f"edges[{k}]: {keys[0]}") for keys in _ENDS
        ]
        if by_place and all(end.isascii() and end.isdigit() and int(end) < len(ids) for end in ends):
            ends = [ids[int(end)] for end in ends]
        for end in ends:
            if not ids and end not in builder.index:
                builder.add_node(end)
        own = record.get("directed")
        builder.add_edge(ends[0], ends[1], own if isinstance(own, bool) else directed, _weight(record, builder))


_ENDS = (("source", "from"), ("target", "to"))


def _cytoscape(elements: dict[str, Any], builder: GraphBuilder, directed: bool) -> None:
    """The elements of Cytoscape, with their data."""
    nodes, edges = elements.get("nodes", []), elements.get("edges", [])
    if not isinstance(nodes, list) or not isinstance(edges, list):
        raise _unknown(builder.where)
    for k, one in enumerate(nodes):
        data = _record(_record(one, builder, f"nodes[{k}]").get("data"), builder, f"nodes[{k}]: data")
        builder.add_node(_id(data.get("id"), builder, f"nodes[{k}]: id"))
    names = {}
    for one in nodes:
        names[str(one["data"]["id"])] = one["data"].get("name")
    for k, one in enumerate(edges):
        data = _record(_record(one, builder, f"edges[{k}]").get("data"), builder, f"edges[{k}]: data")
        ends = [_id(data.get(key), builder, f"edges[{k}]: {key}") for key in ("source", "target")]
        builder.add_edge(ends[0], ends[1], directed, _weight(data, builder))
    if builder.declared.find(0) < 0 and any(name is not None for name in names.values()):
        builder.rename({key: None if name is None else str(name) for key, name in names.items()})


def _adjacency_data(nodes: list[Any], adjacency: list[Any], builder: GraphBuilder, directed: bool) -> None:
    """NetworkX's adjacency data; an edge that is not directed is there twice."""
    ids = [_id(_record(one, builder, f"nodes[{k}]").get("id"), builder, f"nodes[{k}]: id") for k, one in enumerate(nodes)]
    for one in ids:
        builder.add_node(one)
    if len(adjacency) != len(ids):
        raise DataError(f"{builder.where}: adjacency has {len(adjacency)} lists for {len(ids)} nodes; expected as many.")
    seen: set[tuple[str, str]] = set()
    for source, row in zip(ids, adjacency, strict=True):
        for one in row if isinstance(row, list) else []:
            record = _record(one, builder, f"adjacency of {one_line(source)}")
            _add_once(
                source, _id(record.get("id"), builder, "adjacency: id"), _weight(record, builder), (builder, directed, seen)
            )


def _dicts(content: dict[str, Any], builder: GraphBuilder, directed: bool) -> None:
    """A dict of lists of neighbours, or of dicts of neighbours with their data."""
    for name in content:
        builder.add_node(name)
    names = set(content)
    seen: set[tuple[str, str]] = set()
    for source, row in content.items():
        pairs = row.items() if isinstance(row, dict) else ((one, {}) for one in row)
        for target, data in pairs:
            end = _id(target, builder, f"a neighbour of {one_line(source)}")
            if end not in names:
                builder.add_node(end)
                names.add(end)
            weight = _weight(data, builder) if isinstance(data, dict) else builder.weight_of(data)
            _add_once(source, end, weight, (builder, directed, seen))
    builder.notes.append("A dict of neighbours.")


def _add_once(source: str, target: str, weight: float | None, into: tuple[GraphBuilder, bool, set[tuple[str, str]]]) -> None:
    """Add an edge, but not the same one the other way round where edges have no direction."""
    builder, directed, seen = into
    if not directed:
        if (target, source) in seen and source != target:
            return
        seen.add((source, target))
    builder.add_edge(source, target, directed, weight)
