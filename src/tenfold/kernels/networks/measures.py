"""Cores and triangles of a graph in compressed rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["cores", "triangles"]


@jit
def cores(start: NDArray[np.int64], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """Core number of each: peel by degree, with the people sorted into bins (Batagelj, Zaversnik 2003, arXiv:cs/0310049)."""
    n = start.size - 1
    degree = np.empty(n, np.int32)
    most = 0
    for i in range(n):
        degree[i] = start[i + 1] - start[i]
        most = max(most, degree[i])
    first = np.zeros(most + 2, np.int64)
    for i in range(n):
        first[degree[i] + 1] += 1
    for k in range(most + 1):
        first[k + 1] += first[k]
    order, place, room = np.empty(n, np.int32), np.empty(n, np.int64), first.copy()
    for i in range(n):
        place[i] = room[degree[i]]
        order[place[i]] = i
        room[degree[i]] += 1
    for row in range(n):
        i = order[row]
        for arc in range(start[i], start[i + 1]):
            j = other[arc]
            if degree[j] > degree[i]:  # move j to the front of its bin, and the bin's front behind it
                front = max(first[degree[j]], row + 1)
                swapped = order[front]
                order[place[j]], order[front] = swapped, j
                place[swapped], place[j] = place[j], front
                first[degree[j]] = front + 1
                degree[j] -= 1
    return degree


@jit
def triangles(start: NDArray[np.int64], other: NDArray[np.int32]) -> NDArray[np.int64]:
    """Triangles through each, in a graph without parallel arcs: merge the sorted rows of both ends of each edge."""
    n = start.size - 1
    found = np.zeros(n, np.int64)
    for i in range(n):
        for arc in range(start[i], start[i + 1]):
            j = other[arc]
            if j <= i:
                continue
            left, right = start[i], start[j]
            while left < start[i + 1] and right < start[j + 1]:
                if other[left] < other[right]:
                    left += 1
                elif other[left] > other[right]:
                    right += 1
                else:
                    if other[left] > j:
                        found[i] += 1
                        found[j] += 1
                        found[other[left]] += 1
                    left += 1
                    right += 1
    return found
