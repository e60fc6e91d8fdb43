"""Measures of an undirected graph in compressed sparse rows: core decomposition, triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["core_decomposition", "count_triangles"]


@jit
def core_decomposition(start: NDArray[np.int64], other: NDArray[np.int32]) -> NDArray[np.int32]:
    """Core number of each node, (n): nodes are removed by ascending degree (Batagelj, Zaversnik 2003, arXiv:cs/0310049).

    `start` (n + 1), `other` (arcs): no parallel arcs. Nodes are kept sorted by remaining degree, in bins, so the time is linear in arcs.
    """
    n = start.size - 1
    degree = np.empty(n, np.int32)
    largest = 0
    for i in range(n):
        degree[i] = start[i + 1] - start[i]
        largest = max(largest, degree[i])
    bin_start = np.zeros(largest + 2, np.int64)
    for i in range(n):
        bin_start[degree[i] + 1] += 1
    for k in range(largest + 1):
        bin_start[k + 1] += bin_start[k]
    order, position, slot = np.empty(n, np.int32), np.empty(n, np.int64), bin_start.copy()
    for i in range(n):
        position[i] = slot[degree[i]]
        order[position[i]] = i
        slot[degree[i]] += 1
    for row in range(n):
        i = order[row]
        for arc in range(start[i], start[i + 1]):
            j = other[arc]
            if degree[j] > degree[i]:  # move j to the front of its bin, and the bin's front behind it
                front = max(bin_start[degree[j]], row + 1)
                swapped = order[front]
                order[position[j]], order[front] = swapped, j
                position[swapped], position[j] = position[j], front
                bin_start[degree[j]] = front + 1
                degree[j] -= 1
    return degree


@jit
def count_triangles(start: NDArray[np.int64], other: NDArray[np.int32]) -> NDArray[np.int64]:
    """Triangles through each node, (n): for each edge, the sorted rows of both ends are merged.

    `start` (n + 1), `other` (arcs): rows ascending, no parallel arcs.
    """
    n = start.size - 1
    triangles = np.zeros(n, np.int64)
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
                        triangles[i] += 1
                        triangles[j] += 1
                        triangles[other[left]] += 1
                    left += 1
                    right += 1
    return triangles
