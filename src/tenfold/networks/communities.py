"""Chances of arcs that depend on communities: embeddedness within a community, permeability between two.

Milli, Rossetti 2019, doi:10.1007/978-3-030-36687-2_30. This module works on the arrays of a graph in compressed sparse rows;
`Graph.with_chance_by_community` is the way in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError, SpecError

__all__ = ["chance_by_community", "check_communities"]


def check_communities(
    community: ArrayLike, n: int, *, embedded: bool, permeability: float | None, weighted: bool
) -> NDArray[np.int64]:
    """The communities of n people, numbered from 0, once they fit the graph and the two settings fit each other.

    `weighted`: whether the graph has weights. Raises what `Graph.with_chance_by_community` documents.
    """
    given = np.asarray(community)
    if given.shape != (n,):
        raise DataError(f"community: has the shape {given.shape}; expected one for each of {n} people, in the shape ({n},).")
    if not embedded and permeability is None:
        raise SpecError("permeability is missing; expected a share from 0 to 1 where embedded is false.")
    if permeability is not None:
        checks.share(permeability, "permeability")
        if not weighted:
            raise SpecError("permeability: asks for the edges' weights, and the graph has none. Give it weights from 0 to 1.")
    numbered: NDArray[np.int64] = np.unique(given, return_inverse=True)[1]
    return numbered


def chance_by_community(
    start: NDArray[np.int64],
    other: NDArray[np.int32],
    weight: NDArray[np.float64] | None,
    community: NDArray[np.int64],
    *,
    embedded: bool,
    permeability: float | None,
) -> NDArray[np.float64]:
    """The chance of each arc, (arcs), of a graph without parallel arcs.

    `start` (n + 1), `other` and `weight` (arcs): the arrays of `Graph`. `community` (n): numbers from 0.
    """
    source = np.repeat(np.arange(len(start) - 1), np.diff(start))
    inside = community[source] == community[other]
    own = np.zeros(len(other)) if weight is None else weight.copy()
    within = _embeddedness(start, other, community) if embedded else own
    if permeability is None:
        least = np.ones(len(start) - 1)
        np.minimum.at(least, source, within)
        between = least[source]
    else:
        between = permeability * own
    return np.where(inside, within, between)


def _embeddedness(start: NDArray[np.int64], other: NDArray[np.int32], community: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each arc (arcs): common neighbours of its ends in the community of its source, over all neighbours of both ends."""
    from scipy import sparse

    n, degree = len(start) - 1, np.diff(start)
    source = np.repeat(np.arange(n), degree)
    adjacency = sparse.csr_array((np.ones(len(other)), other, start), shape=(n, n))
    inside = (community[source] == community[other]).astype(float)
    common = sparse.csr_array((inside, other, start), shape=(n, n)) @ adjacency.T
    stored = (common.multiply(adjacency) + adjacency).tocsr()  # the count plus one, so that every arc keeps an entry
    stored.sort_indices()
    shared: NDArray[np.float64] = stored.data - 1
    return shared / (degree[source] + degree[other] - shared)
