"""Degrees and common neighbours at a moment, over compressed sparse rows that carry the first contact of each pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["common_neighbours", "degrees"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@jit
def degrees(start: Ints, since: Ints, moment: int) -> Ints:
    found = np.zeros(start.size - 1, np.int64)
    for i in range(found.size):
        for row in range(start[i], start[i + 1]):
            found[i] += since[row] <= moment
    return found


@jit
def common_neighbours(
    start: Ints, neighbour: NDArray[np.int32], since: Ints, degree: Ints, a: NDArray[np.int32], b: NDArray[np.int32], moment: int
) -> tuple[Floats, Floats]:
    """Common neighbours of each pair up to `moment`: their number, and Σ 1 / ln degree (Adamic, Adar 2003)."""
    shared, weighted = np.zeros(a.size), np.zeros(a.size)
    for k in range(a.size):
        i, j = start[a[k]], start[b[k]]
        i_end, j_end = start[a[k] + 1], start[b[k] + 1]
        while i < i_end and j < j_end:
            if neighbour[i] < neighbour[j]:
                i += 1
            elif neighbour[i] > neighbour[j]:
                j += 1
            else:
                if since[i] <= moment and since[j] <= moment:
                    shared[k] += 1
                    weighted[k] += 1 / np.log(max(degree[neighbour[i]], 2))
                i += 1
                j += 1
    return shared, weighted
