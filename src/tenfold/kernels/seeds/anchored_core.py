"""Anchored k-core: who stays when everybody with fewer than `least` ties to people who stay leaves, and anchors never leave.

Bhawalkar, Kleinberg, Lewi, Roughgarden, Sharma 2015, doi:10.1137/14097032X. Without anchors those who stay are the k-core, k = `least`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["AnchorSets", "Component", "anchor_gains", "best_anchor_sets", "departure_rounds"]


class Component(NamedTuple):
    """A part of the network in which nobody stays without anchors.

    `start` (n + 1) and `other` (arcs): ties among its people in compressed sparse rows. `support` (n): how many ties each of them has to
    people outside the component, who stay.
    """

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    support: NDArray[np.int32]


class AnchorSets(NamedTuple):
    """The best anchors of each number s = 0, 1, …, most: they keep `kept[s]` people (most + 1), and are `sets[s, :s]` (most + 1, most)."""

    kept: NDArray[np.int64]
    sets: NDArray[np.int32]


@jit
def departure_rounds(
    start: NDArray[np.int64], other: NDArray[np.int32], anchor: NDArray[np.uint8], least: int
) -> NDArray[np.int32]:
    """The round in which each person leaves, (n), 0 for those who stay.

    In a round all those leave at once who have fewer than `least` ties to people still there and are no `anchor` (n). `start` (n + 1) and
    `other` (arcs): mutual ties in compressed sparse rows.
    """
    n = start.size - 1
    rounds, ties = np.zeros(n, np.int32), np.empty(n, np.int32)
    leaving, next_leaving = np.empty(n, np.int32), np.empty(n, np.int32)
    count, number = 0, 1
    for i in range(n):
        ties[i] = start[i + 1] - start[i]
        if not anchor[i] and ties[i] < least:
            leaving[count] = i
            rounds[i] = number
            count += 1
    while count:
        next_count, number = 0, number + 1
        for k in range(count):
            for row in range(start[leaving[k]], start[leaving[k] + 1]):
                j = other[row]
                ties[j] -= 1
                if rounds[j] == 0 and not anchor[j] and ties[j] < least:
                    rounds[j] = number
                    next_leaving[next_count] = j
                    next_count += 1
        leaving, next_leaving, count = next_leaving, leaving, next_count
    return rounds


@jit
def anchor_gains(
    start: NDArray[np.int64],
    other: NDArray[np.int32],
    rounds: NDArray[np.int32],
    least: int,
    candidates: NDArray[np.int32],
    gain: NDArray[np.int32],
) -> None:
    """How many more people stay, themselves included, if a candidate is one more anchor, into `gain`, for each of `candidates` by itself.

    `rounds` (n): from `departure_rounds`. An anchor can only keep those to whom a path leads along which the rounds rise (Zhang, Zhang,
    Zhang, Qin, Lin 2017, doi:10.14778/3055330.3055332). These are taken to stay at first; then those with too few ties among them
    are removed.
    """
    n = start.size - 1
    mark, ties = np.zeros(n, np.uint8), np.zeros(n, np.int32)  # mark 1: may stay; 2: removed
    reached, removed = np.empty(n, np.int32), np.empty(n, np.int32)
    for k in range(candidates.size):
        anchor = candidates[k]
        if rounds[anchor] == 0:
            gain[k] = 0
            continue
        reached[0] = anchor
        mark[anchor] = 1
        size, at = 1, 0
        while at < size:
            i = reached[at]
            at += 1
            for row in range(start[i], start[i + 1]):
                j = other[row]
                if rounds[j] > rounds[i] and mark[j] == 0:
                    mark[j] = 1
                    reached[size] = j
                    size += 1
        count = 0
        for at in range(1, size):
            i = reached[at]
            ties[i] = 0
            for row in range(start[i], start[i + 1]):
                ties[i] += rounds[other[row]] == 0 or mark[other[row]] == 1
        for at in range(1, size):
            if ties[reached[at]] < least:
                mark[reached[at]] = 2
                removed[count] = reached[at]
                count += 1
        at = 0
        while at < count:
            for row in range(start[removed[at]], start[removed[at] + 1]):
                j = other[row]
                if mark[j] == 1 and j != anchor:
                    ties[j] -= 1
                    if ties[j] < least:
                        mark[j] = 2
                        removed[count] = j
                        count += 1
            at += 1
        gain[k] = size - count
        for at in range(size):
            mark[reached[at]] = 0


@jit
def best_anchor_sets(component: Component, allowed: NDArray[np.int32], least: int, best: AnchorSets) -> None:
    """The best anchors of each number among those `allowed`, by trying all sets of them (exhaustive search), into `best` (0 at first)."""
    start, other, support = component
    kept, sets = best
    n, most = start.size - 1, kept.size - 1
    pick, anchor, present = np.zeros(most, np.int64), np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    ties, removed = np.zeros(n, np.int64), np.empty(n, np.int32)
    for size in range(1, most + 1):
        for k in range(size):
            pick[k] = k
        while True:
            anchor[:] = 0
            present[:] = 1
            for k in range(size):
                anchor[allowed[pick[k]]] = 1
            count, at = 0, 0
            for i in range(n):
                ties[i] = start[i + 1] - start[i] + support[i]
                if not anchor[i] and ties[i] < least:
                    present[i] = 0
                    removed[count] = i
                    count += 1
            while at < count:
                for row in range(start[removed[at]], start[removed[at] + 1]):
                    j = other[row]
                    ties[j] -= 1
                    if present[j] and not anchor[j] and ties[j] < least:
                        present[j] = 0
                        removed[count] = j
                        count += 1
                at += 1
            if n - count > kept[size]:
                kept[size] = n - count
                for k in range(size):
                    sets[size, k] = allowed[pick[k]]
            k = size - 1
            while k >= 0 and pick[k] == allowed.size - size + k:  # the next set in lexicographic order
                k -= 1
            if k < 0:
                break
            pick[k] += 1
            for later in range(k + 1, size):
                pick[later] = pick[later - 1] + 1
