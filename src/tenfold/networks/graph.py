"""A graph in compressed sparse rows: who can reach whom, and with what weight."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import DataError

__all__ = ["Graph", "read_graph"]

MOST_ARCS = 2**31 - 1
HEADERS = {"source", "target", "from", "to", "a", "b", "i", "j", "node1", "node2", "ego", "alter", "person", "friend"}


@dataclass(frozen=True)
class Graph:
    """People 0..n−1 and the arcs that lead out of each.

    `start` (n + 1, int64): the arcs of i are rows start[i]..start[i + 1] − 1. `other` (arcs, int32): where each leads, ascending in a row.
    `weight` (arcs, float64) or None. `directed`: whether an edge is one arc or two. `labels`: the ids that were given, or None for 0..n−1.
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
        found: NDArray[np.int64] = np.diff(self.start)
        return found

    def parallel(self) -> bool:
        """Whether some arcs lead from and to the same people."""
        same = self.other[1:] == self.other[:-1]
        first = np.zeros(self.arcs, np.bool_)
        first[self.start[:-1][self.start[:-1] < self.arcs]] = True
        return bool((same & ~first[1:]).any())

    def simple(self) -> Graph:
        """The graph without parallel arcs; of several weights the first one stays."""
        keep = np.ones(self.arcs, np.bool_)
        first = np.zeros(self.arcs, np.bool_)
        first[self.start[:-1][self.start[:-1] < self.arcs]] = True
        keep[1:] = (self.other[1:] != self.other[:-1]) | first[1:]
        if keep.all():
            return self
        start = np.concatenate([[0], np.cumsum(keep)])[self.start]
        weight = None if self.weight is None else self.weight[keep]
        return Graph(start, self.other[keep], weight, self.directed, self.labels)

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
        one, two = _ends(a, "a"), _ends(b, "b")
        if len(one) != len(two):
            raise DataError(f"edges: a has {len(one)} ends and b {len(two)}; expected as many.")
        most = int(max(one.max(), two.max())) + 1 if len(one) else 0
        size = most if n is None else checks.whole(n, "n", low=0, high=MOST_ARCS)
        if most > size:
            raise DataError(f"edges: end {most - 1} is out of range; expected whole numbers from 0 to {size - 1}.")
        value = None if weight is None else _weights(weight, len(one))
        keep = one != two
        one, two, value = one[keep], two[keep], None if value is None else value[keep]
        if not directed:
            one, two = np.concatenate([one, two]), np.concatenate([two, one])
            value = None if value is None else np.concatenate([value, value])
        if len(one) > MOST_ARCS:
            raise DataError(f"edges: {len(one)} arcs; at most {MOST_ARCS} are allowed. Split the graph.")
        start = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(one, minlength=size), out=start[1:])
        if value is None:
            from tenfold.kernels.graph import sort_arcs

            return cls(start, sort_arcs(one, two, start), None, directed)
        order = np.lexsort((two, one))
        return cls(start, two[order].astype(np.int32), value[order], directed)

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
        if frame[a].null_count() or frame[b].null_count():
            raise DataError("edges: an end is empty; every edge needs two.")
        labels = pl.concat([frame[a].alias("id"), frame[b].alias("id")]).unique().sort()
        ends = [labels.search_sorted(frame[one]).to_numpy() for one in (a, b)]
        values = None if weight is None else frame[weight].to_numpy()
        graph = cls.from_edges(ends[0], ends[1], len(labels), weight=values, directed=directed)
        return cls(graph.start, graph.other, graph.weight, directed, labels)

    @classmethod
    def from_scipy(cls, matrix: Any) -> Graph:
        """A directed graph from a sparse matrix: row to column, its values the weights."""
        rows = matrix.tocoo()
        if rows.shape[0] != rows.shape[1]:
            raise DataError(f"matrix: has the shape {rows.shape}; expected a square one.")
        return cls.from_edges(rows.row, rows.col, rows.shape[0], weight=rows.data, directed=True)

    @classmethod
    def from_networkx(cls, graph: Any, *, weight: str | None = None) -> Graph:
        """A graph from NetworkX; `labels` keeps the nodes as text, in their order there."""
        nodes = {node: k for k, node in enumerate(graph.nodes)}
        edges = list(graph.edges(data=weight, default=1.0)) if weight is not None else [(a, b, 1.0) for a, b in graph.edges()]
        ends = [np.array([nodes[edge[k]] for edge in edges], np.int64) for k in (0, 1)]
        values = np.array([edge[2] for edge in edges], float) if weight is not None else None
        found = cls.from_edges(ends[0], ends[1], len(nodes), weight=values, directed=graph.is_directed())
        return cls(found.start, found.other, found.weight, found.directed, pl.Series("id", [str(node) for node in nodes]))


def read_graph(path: str | Path, *, directed: bool = False) -> Graph:
    """Read an edge list: CSV, Parquet, or text with blanks (SNAP), two ends and perhaps a weight in a row.

    Parameters
    ----------
    path
        The file; a first row that names the columns, or counts people and edges, is understood.
    directed
        Whether an edge leads from the first end to the second only.

    Raises
    ------
    DataError
        The file cannot be read as one.
    """
    path = Path(path)
    try:
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
        else:
            text = path.read_text(encoding="utf-8")
            rows = [
                line.replace(",", " ").split() for line in text.splitlines() if line.strip() and not line.startswith(("#", "%"))
            ]
            header = _is_header(rows)
            width = min((len(row) for row in rows[header:]), default=0)
            if width < 2:
                raise DataError(f"{path.name}: a row has {width} fields; expected two ends, and perhaps a weight.")
            frame = pl.DataFrame(
                [row[: min(width, 3)] for row in rows[header:]], schema=[f"f{k}" for k in range(min(width, 3))], orient="row"
            )
            whole = [pl.col(name).cast(pl.Int64, strict=False) for name in frame.columns[:2]]
            numbers = frame.select(whole)
            frame = frame.with_columns(numbers) if not any(one.null_count() for one in numbers) else frame
    except (OSError, UnicodeError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{path.name}: cannot be read as an edge list ({str(error).splitlines()[0][:100]}).") from None
    columns = frame.columns
    weight = columns[2] if len(columns) > 2 else None
    if weight is not None and frame[weight].dtype == pl.String:
        number = frame[weight].cast(pl.Float64, strict=False)
        frame, weight = (frame.with_columns(number), weight) if not number.null_count() else (frame, None)
    return Graph.from_table(frame, a=columns[0], b=columns[1], weight=weight, directed=directed)


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns, or counts people and edges, as some collections do."""
    if not rows:
        return False
    first = [cell.casefold() for cell in rows[0]]
    if first[0] in HEADERS or (len(first) > 1 and first[1] in HEADERS):
        return True
    counts = len(first) == 2 and all(cell.isdigit() for cell in first)
    return counts and int(first[1]) == len(rows) - 1 and int(first[0]) != int(first[1])


def _ends(given: ArrayLike, name: str) -> NDArray[np.int64]:
    """Whole numbers from 0 on."""
    try:
        found = np.asarray(given)
    except (ValueError, TypeError):
        raise DataError(f"edges: {name} is no list of whole numbers.") from None
    if found.size == 0:
        return np.zeros(0, np.int64)
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise DataError(f"edges: {name} holds {found.dtype} in {found.ndim} dimensions; expected a list of whole numbers.")
    if found.min() < 0 or found.max() >= MOST_ARCS:
        raise DataError(f"edges: {name} holds {found.min() if found.min() < 0 else found.max()}; expected 0 to {MOST_ARCS - 1}.")
    return found.astype(np.int64)


def _weights(given: ArrayLike, edges: int) -> NDArray[np.float64]:
    """Finite numbers from 0 on, one for each edge."""
    try:
        found = np.asarray(given, dtype=np.float64)
    except (ValueError, TypeError):
        raise DataError("edges: weight is no list of numbers.") from None
    if found.shape != (edges,):
        raise DataError(f"edges: weight has the shape {found.shape}; expected one for each of {edges} edges.")
    if not np.isfinite(found).all() or (found < 0).any():
        at = int(np.flatnonzero(~np.isfinite(found) | (found < 0))[0])
        raise DataError(f"edges: weight {at} is {found[at]}; expected a finite number from 0 on.")
    return found
