"""A graph in compressed sparse rows (CSR): the neighbours of each person, with weights."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks, notebook
from tenfold.errors import DataError
from tenfold.networks.communities import chance_by_community, check_communities
from tenfold.networks.frames import as_frame
from tenfold.networks.labels import INT32_MAX, encode_labels, node_count, node_ids
from tenfold.networks.other_libraries import EdgeArrays, edges_of_igraph, edges_of_networkx
from tenfold.networks.saved import SavedNetwork, check_rows, open_network, save_network

__all__ = ["Graph"]

_NO_WEIGHTS = np.zeros(0)


@dataclass(frozen=True, repr=False)
class Graph:
    """People 0..n−1 and the arcs that lead out of each, in compressed sparse rows (CSR).

    `start` (n + 1, int64), the row pointers: the arcs of i are entries start[i]..start[i + 1] − 1. `other` (arcs, int32), the neighbours:
    where each arc leads, ascending in a row. `weight` (arcs, float64) or None. `directed`: if not, each edge is two arcs. `labels`: the
    ids that were given, or None for 0..n−1. `notes`: sentences on how the input was read: what was taken for what, what is not used.
    """

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    weight: NDArray[np.float64] | None = None
    directed: bool = False
    labels: pl.Series | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.start) - 1

    @property
    def arcs(self) -> int:
        """Number of arcs: two for each edge of a graph that is not directed."""
        return len(self.other)

    def __repr__(self) -> str:
        """The graph in a line: how large, which kind, and the first labels."""
        edges = f"{self.arcs} arcs" if self.directed else f"{self.arcs // 2} edges"
        weights = "no weights" if self.weight is None else f"weights {_range(self.weight)}"
        noted = f"; {len(self.notes)} notes" if self.notes else ""
        return f"<Graph: {self.n} people, {edges}, {weights}; labels: {notebook.few(self.labels)}{noted}>"

    def _repr_html_(self) -> str:
        """The graph for a notebook: a table, the distribution of degrees, and the notes."""
        degree = self.degree()
        rows: list[tuple[str, object]] = [
            ("people", self.n),
            ("arcs" if self.directed else "edges", self.arcs if self.directed else self.arcs // 2),
            ("directed", "yes" if self.directed else "no"),
            ("mean degree", f"{degree.mean() if self.n else 0:.4g}"),
            ("largest degree", int(degree.max(initial=0))),
            ("weights", "none" if self.weight is None else _range(self.weight)),
            ("labels", notebook.few(self.labels)),
        ]
        return notebook.page("Graph", rows, notebook.bars_of_sizes(degree, "Degrees", "people"), self.notes)

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
        checks.memory(24 * size + (12 if weight is None else 36) * arcs, f"{size} people with {arcs} arcs", "Take fewer")
        edge_weight = _NO_WEIGHTS if weight is None else _checked_weights(weight, len(source))
        start = row_pointers(source, target, not directed, False, size)
        in_start = row_pointers(target, source, False, False, size) if directed else start
        in_source, in_weight = sort_by_target(source, target, edge_weight, not directed, False, in_start)
        other, arc_weight = transpose(in_start, in_source, in_weight, start)
        loops = (arcs - len(other)) // (1 if directed else 2)
        notes = (f"Left out: {loops} of {len(source)} edges, which lead from somebody to themselves.",) if loops else ()
        return cls(start, other, None if weight is None else arc_weight, directed, notes=notes)

    @classmethod
    def from_table(cls, frame: Any, *, a: str, b: str, weight: str | None = None, directed: bool = False) -> Graph:
        """A graph from a table of edges whose ends are any ids; `labels` keeps them, sorted.

        The table is a frame of Polars or pandas, another that hands itself over as a stream of Arrow, or a mapping of columns.

        Examples
        --------
        >>> frame = pl.DataFrame({"from": ["ana", "binh"], "to": ["binh", "chi"]})
        >>> Graph.from_table(frame, a="from", b="to").labels.to_list()
        ['ana', 'binh', 'chi']
        """
        table = as_frame(frame, [a, b, *([weight] if weight is not None else [])], "edges")
        labels, (one, two) = encode_labels("edges", table[a], table[b])
        values = None if weight is None else table[weight].to_numpy()
        return replace(cls.from_edges(one, two, len(labels), weight=values, directed=directed), labels=labels)

    @classmethod
    def from_scipy(cls, matrix: Any) -> Graph:
        """A directed graph from a sparse matrix: row to column, its values the weights."""
        entries = matrix.tocoo()
        if entries.shape[0] != entries.shape[1]:
            raise DataError(f"matrix: has the shape {entries.shape}; expected a square one.")
        return cls.from_edges(entries.row, entries.col, entries.shape[0], weight=entries.data, directed=True)

    @classmethod
    def from_networkx(cls, graph: Any, *, weight: str | None = None, missing: float | None = None) -> Graph:
        """A graph from NetworkX.

        Parameters
        ----------
        graph
            A graph of NetworkX. `labels` keeps its nodes in their order there: numbers if all of them are whole numbers, else their text,
            so that a node such as ``(0, 1)`` or ``frozenset({1})`` is found by itself.
        weight
            The attribute of edges that is their weight. An edge that lacks it is an error.
        missing
            The weight of edges that lack the attribute, if it is right that some do.

        Raises
        ------
        DataError
            An edge lacks the attribute, or it is no number from 0 on; or two nodes are written alike.

        Examples
        --------
        >>> import networkx
        >>> Graph.from_networkx(networkx.Graph([(7, 3, {"p": 0.5})]), weight="p").weight.tolist()
        [0.5, 0.5]
        """
        return cls._from_edge_arrays(edges_of_networkx(graph, weight, missing))

    @classmethod
    def from_igraph(cls, graph: Any, *, weight: str | None = None, missing: float | None = None) -> Graph:
        """A graph from igraph; `labels` keeps the names of its vertices, if they have any, in their order there.

        `weight`, `missing`: the attribute of edges that is their weight, and the weight of edges that lack it, as in `from_networkx`.
        """
        return cls._from_edge_arrays(edges_of_igraph(graph, weight, missing))

    @classmethod
    def _from_edge_arrays(cls, edges: EdgeArrays) -> Graph:
        made = cls.from_edges(edges.a, edges.b, edges.n, weight=edges.weight, directed=edges.directed)
        return replace(made, labels=edges.labels, notes=(*edges.notes, *made.notes))

    def save(self, path: str | Path) -> None:
        """Save the graph in a file that `Graph.open` maps into memory.

        The file is written beside its place and then put there, so that nobody ever sees half a file.

        Raises
        ------
        DataError
            The file cannot be written.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     Graph.from_edges([0, 1], [1, 2]).save(Path(folder, "ties.graph"))
        ...     graph = Graph.open(Path(folder, "ties.graph"))
        >>> graph.other.tolist()
        [1, 0, 2, 1]
        """
        arrays: dict[str, NDArray[Any]] = {"start": self.start, "other": self.other}
        if self.weight is not None:
            arrays["weight"] = self.weight
        labels = {} if self.labels is None else {"id": self.labels}
        save_network(path, "a graph", SavedNetwork({"directed": self.directed, "notes": list(self.notes)}, arrays, labels))

    @classmethod
    def open(cls, path: str | Path, *, check: bool = True) -> Graph:
        """Open a graph that was saved, with its arrays mapped into memory, so that processes on one machine share them.

        Parameters
        ----------
        path
            A file of `Graph.save`.
        check
            Whether to read all of the file and compare it with its digest. Without it a graph opens at once, whatever its size: for
            workers that open what somebody else has checked.

        Raises
        ------
        DataError
            The file is none of `Graph.save`, is of another version, was cut short or altered.
        """
        saved = open_network(path, "a graph", check=check)
        start, other, weight = saved.arrays.get("start"), saved.arrays.get("other"), saved.arrays.get("weight")
        labels, notes, name = saved.labels.get("id"), saved.about.get("notes"), Path(path).name
        sizes_fit = start is not None and other is not None and (weight is None or weight.dtype == np.float64)
        if not sizes_fit or start is None or other is None or (labels is not None and len(labels) != len(start) - 1):
            raise DataError(f"{name}: lacks a part of a graph. Save it again.")
        if weight is not None and len(weight) != len(other):
            raise DataError(f"{name}: lacks a part of a graph. Save it again.")
        if check:
            check_rows(start, other, len(start) - 1, name)
            if weight is not None:
                _checked_weights(weight, len(other))
        said = tuple(map(str, notes)) if isinstance(notes, list) else ()
        return cls(start, other, weight, bool(saved.about.get("directed")), labels, said)


def _range(weight: NDArray[np.float64]) -> str:
    """The least and the largest weight."""
    return f"{weight.min():g} to {weight.max():g}" if len(weight) else "of no edge"


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
