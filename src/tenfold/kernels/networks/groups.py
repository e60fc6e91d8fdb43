"""Groups and graphs: the clique expansion of groups, and the cliques of a graph.

Incidence in compressed sparse rows, both ways: `start` (groups + 1) and `member` (memberships) are the members of each group,
`own_start` (n + 1) and `own` (memberships) the groups of each person.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["clique_expansion", "clique_expansion_pointers", "extend_cliques"]


@jit
def clique_expansion_pointers(
    start: NDArray[np.int64], member: NDArray[np.int32], own_start: NDArray[np.int64], own: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Row pointers (n + 1) of the clique expansion (one-mode projection): everybody tied once with all members of their groups."""
    n = own_start.size - 1
    pointers = np.zeros(n + 1, np.int64)
    seen_by = np.full(n, -1, np.int32)  # who has met this person last
    for i in range(n):
        seen_by[i] = i
        degree = 0
        for row in range(own_start[i], own_start[i + 1]):
            for at in range(start[own[row]], start[own[row] + 1]):
                j = member[at]
                if seen_by[j] != i:
                    seen_by[j] = i
                    degree += 1
        pointers[i + 1] = pointers[i] + degree
    return pointers


@jit
def clique_expansion(
    start: NDArray[np.int64],
    member: NDArray[np.int32],
    own_start: NDArray[np.int64],
    own: NDArray[np.int32],
    pointers: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Neighbours (arcs) in the clique expansion, ascending in each row, for its row pointers `pointers` (n + 1).

    Ties go both ways, so i is written into the rows of its neighbours; as i ascends, each row is sorted.
    """
    n = own_start.size - 1
    seen_by = np.full(n, -1, np.int32)
    slot = pointers[:-1].copy()
    other = np.empty(pointers[n], np.int32)
    for i in range(n):
        seen_by[i] = i
        for row in range(own_start[i], own_start[i + 1]):
            for at in range(start[own[row]], start[own[row] + 1]):
                j = member[at]
                if seen_by[j] != i:
                    seen_by[j] = i
                    other[slot[j]] = i
                    slot[j] += 1
    return other


@jit
def extend_cliques(
    start: NDArray[np.int64], other: NDArray[np.int32], cliques: NDArray[np.int32], limit: int
) -> NDArray[np.int32]:
    """All cliques of one member more than `cliques` (cliques, size), as (cliques found, size + 1).

    `start`, `other`: an acyclic orientation of the graph, each arc from an earlier node to a later one, rows ascending. The new member
    comes after all others, so that each clique is found once. If there are more than `limit`, the result has the shape (0, 0).
    """
    many, size = cliques.shape
    extended = np.empty((0, size + 1), np.int32)
    for filling in range(2):  # first count, then fill
        count = 0
        for row in range(many):
            last = cliques[row, size - 1]
            for arc in range(start[last], start[last + 1]):
                adjacent = True
                for column in range(size - 1):
                    low, high = start[cliques[row, column]], start[cliques[row, column] + 1]
                    at = low + np.searchsorted(other[low:high], other[arc])
                    if at == high or other[at] != other[arc]:
                        adjacent = False
                        break
                if adjacent:
                    if filling:
                        for column in range(size):
                            extended[count, column] = cliques[row, column]
                        extended[count, size] = other[arc]
                    count += 1
        if count > limit:
            return np.empty((0, 0), np.int32)
        if not filling:
            extended = np.empty((count, size + 1), np.int32)
    return extended
