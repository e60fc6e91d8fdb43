"""Random graphs: the two ends of each edge, written into `a` and `b` (edges).

A draw is a function of seed, stream and the edge's number; the step of the counter tells the draws of one edge apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import uniform_integer

__all__ = ["hierarchical_edges", "preferential_attachment", "random_edges", "rewire", "ring_lattice", "shuffle_stubs"]


@jit
def random_edges(n: int, edges: int, seed: int, stream: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """G(n, m) (Erdős, Rényi 1959): each edge a uniform pair of different nodes; parallel edges are possible."""
    for edge in range(edges):
        i = uniform_integer(n, seed, 0, stream, 0, edge, 0)
        j = uniform_integer(n - 1, seed, 0, stream, 1, edge, 0)
        a[edge], b[edge] = i, j + (j >= i)


@jit
def shuffle_stubs(stubs: NDArray[np.int32], seed: int, stream: int) -> None:
    """Shuffle in place (Fisher, Yates): the configuration model pairs each two neighbouring stubs of the result."""
    for k in range(stubs.size - 1, 0, -1):
        j = uniform_integer(k + 1, seed, 0, stream, 0, k, 0)
        stubs[k], stubs[j] = stubs[j], stubs[k]


@jit
def ring_lattice(n: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """A ring lattice: edges from each node to the next on the ring, then to the next but one, and so on."""
    for edge in range(a.size):
        a[edge], b[edge] = edge % n, (edge + 1 + edge // n) % n


@jit
def rewire(n: int, a: NDArray[np.int32], b: NDArray[np.int32], chance: int, seed: int, stream: int) -> None:
    """Rewiring (Watts, Strogatz 1998): by `chance`, in units of 2⁻³², an edge leads from a to another node, uniform among n."""
    for edge in range(a.size):
        if uniform_integer(1 << 32, seed, 0, stream, 2, edge, 0) < chance:
            j = uniform_integer(n - 1, seed, 0, stream, 3, edge, 0)
            b[edge] = j + (j >= a[edge])


@jit
def preferential_attachment(n: int, ties: int, seed: int, stream: int, a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    """Preferential attachment (Barabási, Albert 1999): each new node links to `ties` different earlier nodes, by degree.

    An end of a uniform earlier edge is a node drawn in proportion to its degree; it is drawn again until it differs from those that the
    new node has. The first new node, number `ties`, links to all nodes before it.
    """
    linked_by = np.full(n, -1, np.int32)  # the new node that linked here last
    for edge in range(a.size):
        new = ties + edge // ties
        earlier = edge - edge % ties  # edges before those of the new node
        a[edge] = new
        if not earlier:
            b[edge] = edge
            continue
        attempt = 0
        j = new
        while j == new or linked_by[j] == new:
            end = uniform_integer(2 * earlier, seed, 0, stream, 0, edge, attempt)
            j = b[end >> 1] if end & 1 else a[end >> 1]
            attempt += 1
        linked_by[j] = new
        b[edge] = j


@jit
def _group_size(i: int, width: int, n: int) -> int:
    """Members of the group of i, where n nodes are cut into groups of `width` and the last group may be smaller."""
    return min(width, n - i // width * width)


@jit
def hierarchical_edges(
    n: int,
    base: int,
    from_top: bool,
    decay: NDArray[np.float64],
    seed: int,
    stream: int,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
) -> None:
    """Edges in a hierarchy of nested groups of base, base², … nodes (Watts, Dodds, Newman 2002, doi:10.1126/science.1070120).

    An edge takes a uniform node, then a level, then a uniform node that shares the first one's group of that level, but no smaller group.
    `decay` (levels): the weight of a level by its distance from the likeliest one, which is the highest if `from_top`, else the lowest.
    A level whose group holds nobody new, because the nodes end there, is left out.
    """
    levels = decay.size
    for edge in range(a.size):
        i = uniform_integer(n, seed, 0, stream, 0, edge, 0)
        lowest, total, width = 0, 0.0, 1
        for level in range(1, levels + 1):
            if _group_size(i, width * base, n) > _group_size(i, width, n):
                lowest = lowest if lowest else level
                total += decay[levels - level if from_top else level - lowest]
            width *= base
        left = uniform_integer(1 << 32, seed, 0, stream, 1, edge, 0) / 4294967296.0 * total
        inner_width, width = 1, 1
        for level in range(1, levels + 1):
            if _group_size(i, width * base, n) > _group_size(i, width, n):
                inner_width = width
                left -= decay[levels - level if from_top else level - lowest]
                if left < 0:
                    break
            width *= base
        outer_width, inner_size = inner_width * base, _group_size(i, inner_width, n)
        j = i // outer_width * outer_width
        j += uniform_integer(_group_size(i, outer_width, n) - inner_size, seed, 0, stream, 2, edge, 0)
        a[edge], b[edge] = i, j if j < i // inner_width * inner_width else j + inner_size
