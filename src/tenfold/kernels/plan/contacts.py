"""Who contacts whom in one week: a greedy b-matching, best first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["choose_by_gain", "choose_contacts"]


@jit
def choose_contacts(
    order: NDArray[np.int64],
    who: NDArray[np.int32],
    whom: NDArray[np.int32],
    pair: NDArray[np.int64],
    gives: NDArray[np.int32],
    takes: NDArray[np.int32],
    n_pairs: int,
) -> NDArray[np.bool_]:
    """Candidates taken in `order`, while who can still give, whom can still take, and the pair is not in contact yet.

    At least half of what the best choice would be worth (greedy b-matching: Avis 1983, doi:10.1002/net.3230130404).
    """
    gives, takes = gives.copy(), takes.copy()
    taken = np.zeros(who.size, np.bool_)
    done = np.zeros(n_pairs, np.bool_)
    for k in order:
        if gives[who[k]] > 0 and takes[whom[k]] > 0 and not done[pair[k]]:
            taken[k] = done[pair[k]] = True
            gives[who[k]] -= 1
            takes[whom[k]] -= 1
    return taken


@jit
def _sink(heap: NDArray[np.int64], cost: NDArray[np.float64], size: int, at: int) -> None:
    """Let the entry at a place of a heap of candidates sink to where it belongs: on top the least cost, of equal ones the first."""
    k = heap[at]
    while 2 * at + 1 < size:
        low = 2 * at + 1
        if low + 1 < size:
            one, two = heap[low], heap[low + 1]
            if cost[two] < cost[one] or (cost[two] == cost[one] and two < one):
                low += 1
        other = heap[low]
        if cost[k] < cost[other] or (cost[k] == cost[other] and k < other):
            break
        heap[at] = other
        at = low
    heap[at] = k


@jit
def choose_by_gain(
    due: NDArray[np.int64],
    who: NDArray[np.int32],
    whom: NDArray[np.int32],
    pair: NDArray[np.int64],
    works: NDArray[np.float64],
    alone: NDArray[np.float64],
    each: NDArray[np.float64],
    again: float,
    gives: NDArray[np.int32],
    takes: NDArray[np.int32],
    done: NDArray[np.bool_],
    limit: int,
) -> NDArray[np.int64]:
    """At most `limit` of the `due` candidates, each time the one that is worth the most beside those before (lazy greedy: Minoux 1978).

    A contact is worth `alone` of its own, and `works` times what `each` of its two people gain from a contact: all of it from the
    first in the week, the share `again` of that from each further one. `done` (pairs) is all false, and left so.
    """
    gives, takes, left = gives.copy(), takes.copy(), each.copy()
    heap, waiting, cost = due.copy(), due.size, np.empty(who.size, np.float64)
    for k in due:
        cost[k] = -(alone[k] + works[k] * (each[who[k]] + each[whom[k]]))
    for at in range(waiting // 2 - 1, -1, -1):
        _sink(heap, cost, waiting, at)
    taken = np.empty(min(limit, due.size), np.int64)
    size = 0
    while waiting > 0 and size < taken.size:
        k = heap[0]
        free = gives[who[k]] > 0 and takes[whom[k]] > 0 and not done[pair[k]]
        now = -(alone[k] + works[k] * (left[who[k]] + left[whom[k]]))
        if free and now > cost[k]:
            cost[k] = now
            _sink(heap, cost, waiting, 0)
            continue
        waiting -= 1
        heap[0] = heap[waiting]
        _sink(heap, cost, waiting, 0)
        if not free:
            continue
        taken[size] = k
        size += 1
        done[pair[k]] = True
        gives[who[k]] -= 1
        takes[whom[k]] -= 1
        left[who[k]] *= again
        left[whom[k]] *= again
    for k in taken[:size]:
        done[pair[k]] = False
    return taken[:size]
