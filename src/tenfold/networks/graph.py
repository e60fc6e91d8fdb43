"""A graph in compressed sparse rows (CSR): the neighbours of each person, with weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError
from tenfold.networks.communities import chance_by_community, check_communities
from tenfold.networks.labels import INT32_MAX, encode_labels, node_count, node_ids

__all__ = ["Graph"]

_NO_WEIGHTS = np.zeros(0)


@dataclass(frozen=True)
class Graph:
    """People 0..n−1 and the arcs that lead out of each, in compressed sparse rows (CSR).

    `start` (n + 1, int64), the row pointers: the arcs of i are entries start[i]..start[i + 1] − 1. `other` (arcs, int32), the neighbours:
    where each arc leads, ascending in a row. `weight` (arcs, float64) or None. `directed`: if not, each edge is two arcs. `labels`: the
    ids that were given, or None for 0..n−1.
    """

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    weight: NDArray[np.float64] | None = None
    directed: bool = False
    labels: pl.Series | None = None

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.start) - 1

    @property
    def arcs(self) -> int:
        """Number of arcs: two for each edge of a graph that is not directed."""
        return len(self.other)

    def degree(self) -> NDArray[np.int64]:
        """Arcs out of each, (n)."""
        degree: NDArray[np.int64] = np.diff(self.start)
        return degree

    def in_degree(self) -> NDArray[np.int64]:
        """Arcs into each, (n).

        Examples
        --------
        >>> Graph.from_edges([0, 1], [2, 2], directed=True).in_degree().tolist()
        [0, 0, 2]
        """
        from tenfold.kernels.networks.csr import row_pointers

        if not self.directed:
            return self.degree()
        in_degree: NDArray[np.int64] = np.diff(row_pointers(self.other, self.other, False, True, self.n))
        return in_degree

    def parallel(self) -> bool:
        """Whether there are parallel arcs: from and to the same people."""
        from tenfold.kernels.networks.csr import has_parallel_arcs

        return has_parallel_arcs(self.start, self.other)

    def simple(self) -> Graph:
        """The graph without parallel arcs; of several weights the first one stays."""
        from tenfold.kernels.networks.csr import unique_arcs

        if not self.parallel():
            return self
        start, first = unique_arcs(self.start, self.other)
        weight = None if self.weight is None else self.weight[first]
        return replace(self, start=start, other=self.other[first], weight=weight)

    def reversed(self) -> Graph:
        """The transpose: the graph with its arcs turned round. One that is not directed is its own.

        Examples
        --------
        >>> Graph.from_edges([0, 1], [2, 2], directed=True).reversed().other.tolist()
        [0, 1]
        """
        from tenfold.kernels.networks.csr import row_pointers, transpose

        if not self.directed:
            return self
        start = row_pointers(self.other, self.other, False, True, self.n)
        other, weight = transpose(self.start, self.other, _NO_WEIGHTS if self.weight is None else self.weight, start)
        return replace(self, start=start, other=other, weight=None if self.weight is None else weight)

    def with_chance_by_degree(self) -> Graph:
        """The graph with the weight of each arc 1 / the in-degree of whom it reaches: the weighted cascade.

        Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769.

        Examples
        --------
        >>> Graph.from_edges([0, 1], [1, 2]).with_chance_by_degree().weight.tolist()
        [0.5, 1.0, 1.0, 0.5]
        """
        return replace(self, weight=(1 / np.maximum(self.in_degree(), 1))[self.other])

    def with_chance_by_community(
        self, community: ArrayLike, *, embedded: bool = True, permeability: float | None = None
    ) -> Graph:
        """The graph, without parallel arcs, with chances that depend on communities, for the independent cascade.

        Parameters
        ----------
        community
            A number or a name for each person, (n).
        embedded
            Within a community the chance of an arc is its embeddedness: the neighbours that both ends have in common, of the community of
            who acts, over all neighbours of both. Otherwise it is the arc's weight.
        permeability
            Between communities the chance is this share of the arc's weight. By default it is the least embeddedness of who acts.

        Raises
        ------
        DataError, SpecError
            Communities that do not fit, a permeability out of range, or one for a graph without weights.

        Notes
        -----
        Milli, Rossetti 2019, doi:10.1007/978-3-030-36687-2_30. ICE by default, ICEP with a `permeability`, ICP if not `embedded` too.

        Examples
        --------
        >>> graph = Graph.from_edges([0, 0, 1, 2], [1, 2, 2, 3])
        >>> graph.with_chance_by_community([0, 0, 0, 1]).weight.round(2).tolist()
        [0.33, 0.25, 0.33, 0.25, 0.25, 0.25, 0.0, 0.0]
        """
        numbered = check_communities(
            community, self.n, embedded=embedded, permeability=permeability, weighted=self.weight is not None
        )
        simple = self.simple()
        chance = chance_by_community(
            simple.start, simple.other, simple.weight, numbered, embedded=embedded, permeability=permeability
        )
        return replace(simple, weight=chance)

    @classmethod
    def from_edges(
        cls, a: ArrayLike, b: ArrayLike, n: int | None = None, *, weight: ArrayLike | None = None, directed: bool = False
    ) -> Graph:
        """A graph from its edges.

        Parameters
        ----------
        a, b
            The ends of each edge, whole numbers from 0. Edges from a person to themselves are left out; parallel edges stay.
        n
            Number of people; by default the largest end plus one.
        weight
            A number from 0 on for each edge.
        directed
            Whether an edge leads from `a` to `b` only.

        Raises
        ------
        DataError
            Ends that are out of range or do not pair up, a weight below 0 or not a number, or more than 2³¹ − 1 arcs.

        Examples
        --------
        >>> graph = Graph.from_edges([0, 1], [1, 2])
        >>> graph.n, graph.arcs, graph.degree().tolist()
        (3, 4, [1, 2, 1])
        """
        from tenfold.kernels.networks.csr import row_pointers, sort_by_target, transpose

        source, target = node_ids(a, "a", "edges"), node_ids(b, "b", "edges")
        if len(source) != len(target):
            raise DataError(f"edges: a has {len(source)} ends and b {len(target)}; expected as many.")
        arcs = len(source) if directed else 2 * len(source)
        if arcs > INT32_MAX:
            raise DataError(f"edges: {len(source)} edges make {arcs} arcs; at most {INT32_MAX} are allowed. Split the graph.")
        size = node_count(n, "edges", source, target)
        edge_weight = _NO_WEIGHTS if weight is None else _checked_weights(weight, len(source))
        start = row_pointers(source, target, not directed, False, size)
        in_start = row_pointers(target, source, False, False, size) if directed else start
        in_source, in_weight = sort_by_target(source, target, edge_weight, not directed, False, in_start)
        other, arc_weight = transpose(in_start, in_source, in_weight, start)
        return cls(start, other, None if weight is None else arc_weight, directed)

    @classmethod
    def from_table(cls, frame: pl.DataFrame, *, a: str, b: str, weight: str | None = None, directed: bool = False) -> Graph:
        """A graph from a frame of edges whose ends are any ids; `labels` keeps them, sorted.

        Examples
        --------
        >>> frame = pl.DataFrame({"from": ["ana", "binh"], "to": ["binh", "chi"]})
        >>> Graph.from_table(frame, a="from", b="to").labels.to_list()
        ['ana', 'binh', 'chi']
        """
        checks.columns(frame, [a, b, *([weight] if weight is not None else [])], "edges")
        labels, (one, two) = encode_labels("edges", frame[a], frame[b])
        values = None if weight is None else frame[weight].to_numpy()
        return replace(cls.from_edges(one, two, len(labels), weight=values, directed=directed), labels=labels)

    @classmethod
    def from_scipy(cls, matrix: Any) -> Graph:
        """A directed graph from a sparse matrix: row to column, its values the weights."""
        entries = matrix.tocoo()
        if entries.shape[0] != entries.shape[1]:
            raise DataError(f"matrix: has the shape {entries.shape}; expected a square one.")
        return cls.from_edges(entries.row, entries.col, entries.shape[0], weight=entries.data, directed=True)

    @classmethod
    def from_networkx(cls, graph: Any, *, weight: str | None = None) -> Graph:
        """A graph from NetworkX; `labels` keeps the nodes as text, in their order there."""
        nodes = {node: k for k, node in enumerate(graph.nodes)}
        edges = list(graph.edges(data=weight, default=1.0)) if weight is not None else [(a, b, 1.0) for a, b in graph.edges()]
        one, two = [np.array([nodes[edge[k]] for edge in edges], np.int64) for k in (0, 1)]
        values = np.array([edge[2] for edge in edges], float) if weight is not None else None
        made = cls.from_edges(one, two, len(nodes), weight=values, directed=graph.is_directed())
        return replace(made, labels=pl.Series("id", [str(node) for node in nodes], pl.String))

    @classmethod
    def from_igraph(cls, graph: Any, *, weight: str | None = None) -> Graph:
        """A graph from igraph; `labels` keeps the names of its vertices, if they have any, in their order there."""
        pairs = graph.get_edgelist()
        values = None if weight is None else graph.es[weight]
        one, two = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        made = cls.from_edges(one, two, graph.vcount(), weight=values, directed=graph.is_directed())
        if "name" not in graph.vs.attributes():
            return made
        return replace(made, labels=pl.Series("id", [str(name) for name in graph.vs["name"]], pl.String))


def _checked_weights(given: ArrayLike, edges: int) -> NDArray[np.float64]:
    """Finite numbers from 0 on, one for each edge, (edges)."""
    try:
        weight = np.asarray(given, dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise DataError("edges: weight is no list of numbers.") from None
    if weight.shape != (edges,):
        raise DataError(f"edges: weight has the shape {weight.shape}; expected one for each of {edges} edges.")
    if not np.isfinite(weight).all() or (weight < 0).any():
        at = int(np.flatnonzero(~np.isfinite(weight) | (weight < 0))[0])
        raise DataError(f"edges: weight {at} is {weight[at]}; expected a finite number from 0 on.")
    return weight
