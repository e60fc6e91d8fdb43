"""Measures of a graph: components, core numbers, clustering coefficients, spectral radius."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph, linalg

from tenfold.errors import SpecError
from tenfold.networks.graph import Graph

__all__ = ["clustering", "components", "core_numbers", "spectral_radius"]


def components(graph: Graph) -> NDArray[np.int64]:
    """The connected component of each person, (n), numbered from the largest (0); of a directed graph the weak components.

    Examples
    --------
    >>> components(Graph.from_edges([0, 3], [1, 4], 6)).tolist()
    [0, 0, 2, 1, 1, 3]
    """
    if not graph.n:
        return np.zeros(0, np.int64)
    _, label = csgraph.connected_components(_adjacency(graph), directed=graph.directed, connection="weak")
    sizes = np.bincount(label)
    first = np.full(len(sizes), graph.n)
    np.minimum.at(first, label, np.arange(graph.n))
    rank = np.empty(len(sizes), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    ranked: NDArray[np.int64] = rank[label]
    return ranked


def core_numbers(graph: Graph) -> NDArray[np.int32]:
    """The core number of each person, (n): the largest k such that they are in the k-core, where everybody has k ties in the core.

    Parallel arcs count once.

    Seidman 1983, doi:10.1016/0378-8733(83)90028-X.

    Raises
    ------
    SpecError
        The graph is directed.

    Examples
    --------
    >>> core_numbers(Graph.from_edges([0, 1, 2, 2], [1, 2, 0, 3])).tolist()
    [2, 2, 2, 1]
    """
    from tenfold.kernels.networks.measures import core_decomposition

    simple = _undirected(graph, "core_numbers")
    return core_decomposition(simple.start, simple.other)


def clustering(graph: Graph) -> NDArray[np.float64]:
    """The local clustering coefficient of each person, (n): the share of pairs of their neighbours that are tied themselves.

    It is 0 with fewer than two neighbours. Parallel arcs count once.

    Watts, Strogatz 1998, doi:10.1038/30918.

    Raises
    ------
    SpecError
        The graph is directed.

    Examples
    --------
    >>> clustering(Graph.from_edges([0, 1, 2, 2], [1, 2, 0, 3])).round(2).tolist()
    [1.0, 1.0, 0.33, 0.0]
    """
    from tenfold.kernels.networks.measures import count_triangles

    simple = _undirected(graph, "clustering")
    degree = simple.degree()
    pairs = degree * (degree - 1) / 2
    coefficient: NDArray[np.float64] = count_triangles(simple.start, simple.other) / np.maximum(pairs, 1)
    return coefficient


def spectral_radius(graph: Graph) -> float:
    """The largest absolute eigenvalue of the adjacency matrix (with weights, if there are); one over it is a threshold of SIS.

    Chakrabarti et al. 2008, doi:10.1145/1284680.1284681.

    Examples
    --------
    >>> round(spectral_radius(Graph.from_edges([0, 1, 2], [1, 2, 0])), 6)
    2.0
    """
    if graph.n < 1 or not graph.arcs:
        return 0.0
    matrix = _adjacency(graph, weighted=True)
    if graph.n < 20:
        return float(np.abs(np.linalg.eigvals(matrix.toarray())).max())
    first_vector = np.ones(graph.n)
    if graph.directed:
        return float(np.abs(linalg.eigs(matrix, k=1, v0=first_vector, return_eigenvectors=False))[0])
    return float(np.abs(linalg.eigsh(matrix, k=1, v0=first_vector, return_eigenvectors=False))[0])


def _adjacency(graph: Graph, *, weighted: bool = False) -> sparse.csr_array:
    """The adjacency matrix; parallel arcs add up."""
    values = graph.weight if weighted and graph.weight is not None else np.ones(graph.arcs)
    return sparse.csr_array((values, graph.other, graph.start), shape=(graph.n, graph.n))


def _undirected(graph: Graph, what: str) -> Graph:
    """The graph without parallel arcs, if it is not directed. `what`: who asks, for the error."""
    if graph.directed:
        raise SpecError(f"{what}: the graph is directed; expected one that is not. Make it with directed=False.")
    return graph.simple()
