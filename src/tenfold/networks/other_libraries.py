"""Graphs of NetworkX and igraph as edge arrays, with their weights and what their nodes are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.labels import as_labels

__all__ = ["EdgeArrays", "edges_of_igraph", "edges_of_networkx"]


@dataclass(frozen=True)
class EdgeArrays:
    """Edges as another library holds them: `a`, `b` (edges), the ends; `weight` (edges) or None; `n` people with `labels` or none."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    weight: NDArray[np.float64] | None
    n: int
    directed: bool
    labels: pl.Series | None
    notes: tuple[str, ...]


def edges_of_networkx(graph: Any, weight: str | None, missing: float | None) -> EdgeArrays:
    """The edges of a NetworkX graph, its nodes numbered in their order there."""
    nodes = {node: k for k, node in enumerate(graph.nodes)}
    edges = list(graph.edges(data=True))
    a, b = [np.array([nodes[edge[k]] for edge in edges], np.int64) for k in (0, 1)]
    names = Counter(name for edge in edges for name in edge[2])
    given = None if weight is None else [edge[2].get(weight) for edge in edges]
    values, notes = _weights(given, weight, missing, names, lambda k: f"{edges[k][0]!r} to {edges[k][1]!r}")
    return EdgeArrays(a, b, values, len(nodes), bool(graph.is_directed()), as_labels(list(nodes), "networkx"), notes)


def edges_of_igraph(graph: Any, weight: str | None, missing: float | None) -> EdgeArrays:
    """The edges of an igraph graph; `labels` from the names of its vertices, if they have any."""
    pairs = graph.get_edgelist()
    a, b = [np.array([pair[k] for pair in pairs], np.int64) for k in (0, 1)]
    attributes = graph.es.attributes() if hasattr(graph.es, "attributes") else list(graph.es)
    known = Counter({str(name): len(pairs) for name in attributes})
    given = None
    if weight is not None:
        given = list(graph.es[weight]) if weight in attributes else [None] * len(pairs)
        known[weight] = sum(one is not None for one in given)
    values, notes = _weights(given, weight, missing, known, lambda k: f"{pairs[k][0]} to {pairs[k][1]}")
    named = "name" in graph.vs.attributes()
    labels = as_labels(list(graph.vs["name"]), "igraph") if named else None
    return EdgeArrays(a, b, values, graph.vcount(), bool(graph.is_directed()), labels, notes)


def _weights(
    given: Sequence[Any] | None, name: str | None, missing: float | None, known: Counter[str], edge: Any
) -> tuple[NDArray[np.float64] | None, tuple[str, ...]]:
    """The weights of edges as numbers, and notes. `known`: how many edges have each attribute. `edge`: the words for edge k."""
    if missing is not None and (isinstance(missing, bool) or not isinstance(missing, Real)):
        raise SpecError(f"missing is {missing!r}; expected a number from 0 on, the weight of edges that have none.")
    if given is None:
        if missing is not None:
            raise SpecError("missing is given without weight; expected the name of the attribute that some edges lack.")
        return None, ("The edges have 'weight', which is not used; weight='weight' takes it.",) if known["weight"] else ()
    lacking = [k for k, one in enumerate(given) if one is None]
    if lacking and missing is None:
        have = ", ".join(f"'{one}'" for one, count in known.items() if count)[:200] or "no attributes"
        what = f"no edge has '{name}'" if len(lacking) == len(given) else f"the edge {edge(lacking[0])[:80]} has no '{name}'"
        share = "" if len(lacking) == len(given) else f" ({len(lacking)} of {len(given)} lack it)"
        raise DataError(f"edges: {what}{share}; edges have {have}. Name another one, or give missing=, the weight of these.")
    weight = np.empty(len(given))
    for k, one in enumerate(given):
        if isinstance(one, str | bytes) or (one is not None and not isinstance(one, Real | np.generic)):
            raise DataError(f"edges: '{name}' of {edge(k)[:80]} is {str(one)[:60]!r}; expected a finite number from 0 on.")
        weight[k] = missing if one is None else float(one)
    return weight, (
        f"{len(lacking)} of {len(given)} edges have no '{name}' and weigh {missing:g}.",
    ) if lacking and missing is not None else ()
