"""Arcs in compressed rows, and random graphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import below

__all__ = ["pair_stubs", "random_pairs", "rewire", "sort_arcs"]


@jit
def sort_arcs(one: NDArray[np.int64], two: NDArray[np.int64], start: NDArray[np.int64]) -> NDArray[np.int32]:
    """The far end of each arc, by row and ascending within it: two counting sorts."""
    n, arcs = start.size - 1, one.size
    back = np.zeros(n + 1, np.int64)
    for k in range(arcs):
        back[two[k] + 1] += 1
    for i in range(n):
        back[i + 1] += back[i]
    by_end = np.empty(arcs, np.int32)  # the near ends, sorted by the far end
    far = np.empty(arcs, np.int32)
    for k in range(arcs):
        place = back[two[k]]
        by_end[place], far[place] = one[k], two[k]
        back[two[k]] += 1
    other = np.empty(arcs, np.int32)
    place_of = start[:-1].copy()
    for k in range(arcs):
        i = by_end[k]
        other[place_of[i]] = far[k]
        place_of[i] += 1
    return other


@jit
def random_pairs(n: int, edges: int, seed: int, stream: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
    """Pairs of different people, each pair equally likely; parallel ones are possible."""
    for k in range(edges):
        i = below(n, seed, 0, stream, 0, k, 0)
        j = below(n - 1, seed, 0, stream, 1, k, 0)
        a[k], b[k] = i, j + (j >= i)


@jit
def pair_stubs(stubs: NDArray[np.int64], seed: int, stream: int) -> None:
    """Shuffle in place (Fisher, Yates)."""
    for k in range(stubs.size - 1, 0, -1):
        j = below(k + 1, seed, 0, stream, 0, k, 0)
        stubs[k], stubs[j] = stubs[j], stubs[k]


@jit
def rewire(n: int, a: NDArray[np.int64], b: NDArray[np.int64], chance: int, seed: int, stream: int) -> None:
    """Give each edge, by chance (in 2⁻³²), another far end at random."""
    for k in range(a.size):
        if below(1 << 32, seed, 0, stream, 2, k, 0) < chance:
            j = below(n - 1, seed, 0, stream, 3, k, 0)
            b[k] = j + (j >= a[k])
