"""Contacts of one week as a b-matching: everybody makes and receives at most so many; greedy, best first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["Candidates", "Capacities", "Gains", "greedy_matching", "lazy_greedy_matching"]


class Candidates(NamedTuple):
    """Contacts 0..c−1 that may be planned, between people 0..n−1."""

    initiator: NDArray[np.int32]  # (c) who makes the contact
    recipient: NDArray[np.int32]  # (c) who receives it
    pair: NDArray[np.int64]  # (c) the pair of the two, 0..n_pairs − 1; a pair is in contact at most once a week
    n_pairs: int


class Capacities(NamedTuple):
    """Most contacts of a week."""

    made: NDArray[np.int32]  # (n) by each person
    received: NDArray[np.int32]  # (n) by each person
    total: int  # of all people together


class Gains(NamedTuple):
    """What contacts are worth: contact k from i to j gains bond[k] + success[k] · (person[i] + person[j])."""

    success: NDArray[np.float64]  # (c) chance that the contact takes effect over a bond
    bond: NDArray[np.float64]  # (c) gain that no other contact of the week shares
    person: NDArray[np.float64]  # (n) gain of a person by their first contact of the week
    repeated: float  # share of it that is left for each further contact


@jit
def greedy_matching(order: NDArray[np.int64], candidates: Candidates, capacities: Capacities) -> NDArray[np.int64]:
    """Candidates in `order` that fit within the capacities and whose pair is not in contact yet, at most `capacities.total`.

    The sum of any weights that `order` sorts by is at least half of the best one (Avis 1983, doi:10.1002/net.3230130404).
    """
    initiator, recipient, pair = candidates.initiator, candidates.recipient, candidates.pair
    made, received = capacities.made.copy(), capacities.received.copy()
    matched = np.zeros(candidates.n_pairs, np.bool_)
    chosen = np.empty(min(capacities.total, order.size), np.int64)
    size = 0
    for k in order:
        if size == chosen.size:
            break
        if made[initiator[k]] > 0 and received[recipient[k]] > 0 and not matched[pair[k]]:
            chosen[size] = k
            size += 1
            matched[pair[k]] = True
            made[initiator[k]] -= 1
            received[recipient[k]] -= 1
    return chosen[:size]


@jit
def sift_down(heap: NDArray[np.int64], cost: NDArray[np.float64], size: int, position: int) -> None:
    """Move an entry of a binary heap down to its place: the least cost on top, of equal costs the lowest candidate."""
    k = heap[position]
    while 2 * position + 1 < size:
        child = 2 * position + 1
        if child + 1 < size:
            left, right = heap[child], heap[child + 1]
            if cost[right] < cost[left] or (cost[right] == cost[left] and right < left):
                child += 1
        other = heap[child]
        if cost[k] < cost[other] or (cost[k] == cost[other] and k < other):
            break
        heap[position] = other
        position = child
    heap[position] = k


@jit
def lazy_greedy_matching(
    due: NDArray[np.int64], candidates: Candidates, gains: Gains, capacities: Capacities
) -> NDArray[np.int64]:
    """At most `capacities.total` of the `due` candidates, in each step the one that gains most beside those before.

    Lazy greedy (Minoux 1978, doi:10.1007/BFb0006528): gains only fall, so a gain is computed anew when its candidate is on top of the heap.
    """
    initiator, recipient, pair = candidates.initiator, candidates.recipient, candidates.pair
    success, bond, person = gains.success, gains.bond, gains.person
    made, received, left = capacities.made.copy(), capacities.received.copy(), person.copy()
    matched = np.zeros(candidates.n_pairs, np.bool_)
    heap, waiting, cost = due.copy(), due.size, np.empty(initiator.size, np.float64)
    for k in due:
        cost[k] = -(bond[k] + success[k] * (person[initiator[k]] + person[recipient[k]]))
    for position in range(waiting // 2 - 1, -1, -1):
        sift_down(heap, cost, waiting, position)
    chosen = np.empty(min(capacities.total, due.size), np.int64)
    size = 0
    while waiting > 0 and size < chosen.size:
        k = heap[0]
        free = made[initiator[k]] > 0 and received[recipient[k]] > 0 and not matched[pair[k]]
        current = -(bond[k] + success[k] * (left[initiator[k]] + left[recipient[k]]))
        if free and current > cost[k]:
            cost[k] = current
            sift_down(heap, cost, waiting, 0)
            continue
        waiting -= 1
        heap[0] = heap[waiting]
        sift_down(heap, cost, waiting, 0)
        if not free:
            continue
        chosen[size] = k
        size += 1
        matched[pair[k]] = True
        made[initiator[k]] -= 1
        received[recipient[k]] -= 1
        left[initiator[k]] *= gains.repeated
        left[recipient[k]] *= gains.repeated
    return chosen[:size]
