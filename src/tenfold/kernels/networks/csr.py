"""Graphs in compressed sparse rows (CSR): row pointers, counting sort, transpose, parallel edges.

The arcs of node i are entries start[i]..start[i + 1] − 1 of `other`; `start` are the row pointers. A graph is built by two counting
sorts, each linear in nodes and arcs: edges are sorted by target, which gives the transpose, and transposing that sorts each row.
Shapes: `start` (n + 1), `other` (arcs), `weight` (arcs), or of size 0 where there are no weights. Undirected edges are two arcs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["has_parallel_arcs", "row_pointers", "sort_by_target", "transpose", "unique_arcs"]


@jit
def row_pointers(
    source: NDArray[np.int32], target: NDArray[np.int32], undirected: bool, self_loops: bool, n: int
) -> NDArray[np.int64]:
    """Row pointers (n + 1) of the arcs out of each node: the cumulative sum of out-degrees.

    `source`, `target` (edges). An edge counts for its target too if `undirected`; self-loops count only if `self_loops`.
    """
    start = np.zeros(n + 1, np.int64)
    for edge in range(source.size):
        if self_loops or source[edge] != target[edge]:
            start[source[edge] + 1] += 1
            if undirected:
                start[target[edge] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    return start


@jit
def sort_by_target(
    source: NDArray[np.int32],
    target: NDArray[np.int32],
    weight: NDArray[np.float64],
    undirected: bool,
    self_loops: bool,
    in_start: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Counting sort of edges by target: the sources of the arcs into each node, in the order given, and their weights.

    `source`, `target` (edges); `weight` (edges) or of size 0. `in_start` (n + 1): row pointers of the arcs into each node.
    """
    slot = in_start[:-1].astype(np.int32)  # where the next arc into each node goes
    in_source, in_weight = np.empty(in_start[-1], np.int32), np.empty(in_start[-1] if weight.size else 0, np.float64)
    for edge in range(source.size):
        i, j = source[edge], target[edge]
        if i == j and not self_loops:
            continue
        at = slot[j]
        in_source[at] = i
        slot[j] = at + 1
        if weight.size:
            in_weight[at] = weight[edge]
        if undirected:
            at = slot[i]
            in_source[at] = j
            slot[i] = at + 1
            if weight.size:
                in_weight[at] = weight[edge]
    return in_source, in_weight


@jit
def transpose(
    start: NDArray[np.int64], other: NDArray[np.int32], weight: NDArray[np.float64], transposed_start: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Transpose of a CSR matrix: entries and weights of its columns, as rows with the row pointers `transposed_start`.

    Each new row ascends, and parallel arcs keep their order.
    """
    slot = transposed_start[:-1].astype(np.int32)
    transposed, transposed_weight = np.empty(other.size, np.int32), np.empty(weight.size, np.float64)
    for j in range(start.size - 1):
        for arc in range(start[j], start[j + 1]):
            i = other[arc]
            at = slot[i]
            transposed[at] = j
            slot[i] = at + 1
            if weight.size:
                transposed_weight[at] = weight[arc]
    return transposed, transposed_weight


@jit
def has_parallel_arcs(start: NDArray[np.int64], other: NDArray[np.int32]) -> bool:
    """Whether some row, in ascending order, holds an entry twice (a multigraph)."""
    for i in range(start.size - 1):
        for arc in range(start[i] + 1, start[i + 1]):
            if other[arc] == other[arc - 1]:
                return True
    return False


@jit
def unique_arcs(start: NDArray[np.int64], other: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows without parallel arcs: their row pointers (n + 1), and the first arc of each set of parallel ones (unique arcs)."""
    unique_start = np.zeros(start.size, np.int64)
    for i in range(start.size - 1):
        unique_start[i + 1] = unique_start[i]
        for arc in range(start[i], start[i + 1]):
            if arc == start[i] or other[arc] != other[arc - 1]:
                unique_start[i + 1] += 1
    first = np.empty(unique_start[-1], np.int32)
    at = 0
    for i in range(start.size - 1):
        for arc in range(start[i], start[i + 1]):
            if arc == start[i] or other[arc] != other[arc - 1]:
                first[at] = arc
                at += 1
    return unique_start, first
