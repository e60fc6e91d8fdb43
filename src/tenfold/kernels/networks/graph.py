"""Arcs in compressed rows: counting sorts, parallel arcs, groups and cliques."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["any_parallel", "count_ends", "extend_cliques", "gather", "runs", "tie_members", "turn"]


@jit
def count_ends(one: NDArray[np.int32], two: NDArray[np.int32], both: bool, loops: bool, n: int) -> NDArray[np.int64]:
    """Where the row of each end of `one` begins (n + 1); of `two` as well if `both`; edges with both ends alike count only if `loops`."""
    start = np.zeros(n + 1, np.int64)
    for k in range(one.size):
        if loops or one[k] != two[k]:
            start[one[k] + 1] += 1
            if both:
                start[two[k] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    return start


@jit
def gather(
    one: NDArray[np.int32], two: NDArray[np.int32], weight: NDArray[np.float64], both: bool, loops: bool, back: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The first counting sort: the near ends of the arcs that lead to each, in the order given, and their weights (if there are any)."""
    place = back[:-1].astype(np.int32)
    near, carried = np.empty(back[-1], np.int32), np.empty(back[-1] if weight.size else 0, np.float64)
    for k in range(one.size):
        i, j = one[k], two[k]
        if i == j and not loops:
            continue
        at = place[j]
        near[at] = i
        place[j] = at + 1
        if weight.size:
            carried[at] = weight[k]
        if both:
            at = place[i]
            near[at] = j
            place[i] = at + 1
            if weight.size:
                carried[at] = weight[k]
    return near, carried


@jit
def turn(
    start: NDArray[np.int64], other: NDArray[np.int32], weight: NDArray[np.float64], back: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The second counting sort: rows turned round, so that each new row ascends and keeps the order of arcs that are parallel."""
    place = back[:-1].astype(np.int32)
    found, carried = np.empty(other.size, np.int32), np.empty(weight.size, np.float64)
    for j in range(start.size - 1):
        for arc in range(start[j], start[j + 1]):
            i = other[arc]
            at = place[i]
            found[at] = j
            place[i] = at + 1
            if weight.size:
                carried[at] = weight[arc]
    return found, carried


@jit
def any_parallel(start: NDArray[np.int64], other: NDArray[np.int32]) -> bool:
    """Whether some row holds an entry twice."""
    for i in range(start.size - 1):
        for arc in range(start[i] + 1, start[i + 1]):
            if other[arc] == other[arc - 1]:
                return True
    return False


@jit
def runs(start: NDArray[np.int64], other: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Rows without repeats: where each begins, and the first arc of each run of parallel ones."""
    fresh = np.zeros(start.size, np.int64)
    for i in range(start.size - 1):
        fresh[i + 1] = fresh[i]
        for arc in range(start[i], start[i + 1]):
            if arc == start[i] or other[arc] != other[arc - 1]:
                fresh[i + 1] += 1
    first = np.empty(fresh[-1], np.int32)
    at = 0
    for i in range(start.size - 1):
        for arc in range(start[i], start[i + 1]):
            if arc == start[i] or other[arc] != other[arc - 1]:
                first[at] = arc
                at += 1
    return fresh, first


@jit
def tie_members(
    start: NDArray[np.int64], member: NDArray[np.int32], own: NDArray[np.int64], group: NDArray[np.int32], ties: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Everybody tied with everybody of their groups: first called without `ties` it fills in where rows begin, then it fills the rows.

    `own` and `group` are the groups of each. As ties go both ways, writing i into the rows of the others while i ascends sorts them.
    """
    n = own.size - 1
    counting = ties[n] == 0
    seen = np.full(n, -1, np.int32)
    place = ties[:-1].copy()
    other = np.empty(ties[n], np.int32)
    for i in range(n):
        seen[i] = i
        for row in range(own[i], own[i + 1]):
            for at in range(start[group[row]], start[group[row] + 1]):
                j = member[at]
                if seen[j] != i:
                    seen[j] = i
                    if counting:
                        place[j] += 1
                    else:
                        other[place[j]] = i
                        place[j] += 1
    if counting:
        for i in range(n):
            ties[i + 1] = ties[i] + place[i]
    return other


@jit
def extend_cliques(start: NDArray[np.int64], other: NDArray[np.int32], clique: NDArray[np.int32], most: int) -> NDArray[np.int32]:
    """Cliques with one more member, later than all others in the order of the arcs; an empty array of none wide if more than `most`."""
    many, size = clique.shape
    grown = np.empty((0, size + 1), np.int32)
    for filling in range(2):
        count = 0
        for row in range(many):
            last = clique[row, size - 1]
            for arc in range(start[last], start[last + 1]):
                tied = True
                for column in range(size - 1):
                    low, high = start[clique[row, column]], start[clique[row, column] + 1]
                    found = low + np.searchsorted(other[low:high], other[arc])
                    if found == high or other[found] != other[arc]:
                        tied = False
                        break
                if tied:
                    if filling:
                        for column in range(size):
                            grown[count, column] = clique[row, column]
                        grown[count, size] = other[arc]
                    count += 1
        if count > most:
            return np.empty((0, 0), np.int32)
        if not filling:
            grown = np.empty((count, size + 1), np.int32)
    return grown
