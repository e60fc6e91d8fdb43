"""Breadth-first search: whom somebody can reach at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["mark_reachable"]


@jit
def mark_reachable(
    start: NDArray[np.int64], other: NDArray[np.int32], sources: NDArray[np.int32], reached: NDArray[np.uint8]
) -> None:
    """Set `reached` (n, 0 at first) to 1 for the `sources` and everybody to whom a path leads from one of them.

    `start` (n + 1) and `other` (arcs): the arcs out of each person in compressed sparse rows.
    """
    queue = np.empty(reached.size, np.int32)
    end, head = 0, 0
    for i in sources:
        if reached[i] == 0:
            reached[i] = 1
            queue[end] = i
            end += 1
    while head < end:
        i = queue[head]
        head += 1
        for arc in range(start[i], start[i + 1]):
            if reached[other[arc]] == 0:
                reached[other[arc]] = 1
                queue[end] = other[arc]
                end += 1
