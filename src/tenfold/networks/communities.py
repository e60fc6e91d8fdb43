"""Chances of edges that depend on communities: within one by how embedded a tie is, between two by how permeable they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError, SpecError

if TYPE_CHECKING:
    from tenfold.networks.graph import Graph

__all__ = ["chance_by_community"]


def chance_by_community(graph: Graph, community: ArrayLike, *, embedded: bool, permeability: float | None) -> Graph:
    """What `Graph.with_chance_by_community` documents."""
    whose = np.asarray(community)
    if whose.shape != (graph.n,):
        raise DataError(
            f"community: has the shape {whose.shape}; expected one for each of {graph.n} people, in the shape ({graph.n},)."
        )
    if not embedded and permeability is None:
        raise SpecError("permeability is missing; expected a share from 0 to 1 where embedded is false.")
    if permeability is not None:
        checks.share(permeability, "permeability")
        if graph.weight is None:
            raise SpecError("permeability: asks for the edges' weights, and the graph has none. Give it weights from 0 to 1.")
    graph = graph.simple()
    number = np.unique(whose, return_inverse=True)[1]
    source = np.repeat(np.arange(graph.n), graph.degree())
    inside = number[source] == number[graph.other]
    weight = np.zeros(graph.arcs) if graph.weight is None else graph.weight.copy()
    tie = _embeddedness(graph, number, source) if embedded else weight
    if permeability is None:
        least = np.ones(graph.n)
        np.minimum.at(least, source, tie)
        between = least[source]
    else:
        between = permeability * weight
    return replace(graph, weight=np.where(inside, tie, between))


def _embeddedness(graph: Graph, number: NDArray[np.int64], source: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each arc the neighbours in common that are of the actor's community, over all neighbours of both."""
    from scipy import sparse

    shape, ones = (graph.n, graph.n), np.ones(graph.arcs)
    reached = sparse.csr_array((ones, graph.other, graph.start), shape=shape)
    own = (number[source] == number[graph.other]).astype(float)  # whom somebody reaches in their own community
    common = sparse.csr_array((own, graph.other, graph.start), shape=shape) @ reached.T
    shared = (common.multiply(reached) + reached).tocsr()  # one more than in common, so that each arc has a row
    shared.sort_indices()
    found: NDArray[np.float64] = shared.data - 1
    degree = graph.degree()
    return found / (degree[source] + degree[graph.other] - found)
