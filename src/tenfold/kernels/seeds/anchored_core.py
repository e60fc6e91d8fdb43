"""Anchored cores: who stays when everybody with too few ties leaves and some stay whatever happens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["best_anchors", "gains", "leaving"]


@jit
def leaving(start: NDArray[np.int64], other: NDArray[np.int32], anchor: NDArray[np.uint8], least: int) -> NDArray[np.int32]:
    """The round in which each leaves, (n), 0: stays. In a round all who have fewer than `least` ties to those still there leave
    at once."""
    n = start.size - 1
    rounds, ties = np.zeros(n, np.int32), np.empty(n, np.int32)
    now, after = np.empty(n, np.int32), np.empty(n, np.int32)
    going, turn = 0, 1
    for i in range(n):
        ties[i] = start[i + 1] - start[i]
        if not anchor[i] and ties[i] < least:
            now[going] = i
            rounds[i] = turn
            going += 1
    while going:
        later, turn = 0, turn + 1
        for k in range(going):
            for row in range(start[now[k]], start[now[k] + 1]):
                j = other[row]
                ties[j] -= 1
                if rounds[j] == 0 and not anchor[j] and ties[j] < least:
                    rounds[j] = turn
                    after[later] = j
                    later += 1
        now, after, going = after, now, later
    return rounds


@jit
def gains(
    start: NDArray[np.int64],
    other: NDArray[np.int32],
    rounds: NDArray[np.int32],
    least: int,
    who: NDArray[np.int32],
    found: NDArray[np.int32],
) -> None:
    """How many more stay, themselves included, if one more of `who` is an anchor; into `found`, one for each.

    An anchor can only keep those to whom a way leads along which the rounds rise (Zhang, Zhang, Zhang, Lin 2017,
    doi:10.14778/3055330.3055332): these are taken to stay at first, and those with too few ties among them are taken out again.
    """
    n = start.size - 1
    mark, ties = np.zeros(n, np.uint8), np.zeros(n, np.int32)  # mark 1: may stay; 2: taken out again
    seen, out = np.empty(n, np.int32), np.empty(n, np.int32)
    for k in range(who.size):
        anchor = who[k]
        if rounds[anchor] == 0:
            found[k] = 0
            continue
        seen[0] = anchor
        mark[anchor] = 1
        size, at = 1, 0
        while at < size:
            i = seen[at]
            at += 1
            for row in range(start[i], start[i + 1]):
                j = other[row]
                if rounds[j] > rounds[i] and mark[j] == 0:
                    mark[j] = 1
                    seen[size] = j
                    size += 1
        taken = 0
        for at in range(1, size):
            i = seen[at]
            ties[i] = 0
            for row in range(start[i], start[i + 1]):
                ties[i] += rounds[other[row]] == 0 or mark[other[row]] == 1
        for at in range(1, size):
            if ties[seen[at]] < least:
                mark[seen[at]] = 2
                out[taken] = seen[at]
                taken += 1
        at = 0
        while at < taken:
            for row in range(start[out[at]], start[out[at] + 1]):
                j = other[row]
                if mark[j] == 1 and j != anchor:
                    ties[j] -= 1
                    if ties[j] < least:
                        mark[j] = 2
                        out[taken] = j
                        taken += 1
            at += 1
        found[k] = size - taken
        for at in range(size):
            mark[seen[at]] = 0


@jit
def best_anchors(
    start: NDArray[np.int64],
    other: NDArray[np.int32],
    support: NDArray[np.int32],
    allowed: NDArray[np.int32],
    least: int,
    most: int,
    kept: NDArray[np.int64],
    sets: NDArray[np.int32],
) -> None:
    """The best anchors of each number up to `most`, by trying all sets: how many are kept into `kept`, who into the rows of `sets`.

    For a small part of a network in which, without anchors, nobody stays; `support` (n): ties of each to people outside it who do.
    """
    n = start.size - 1
    pick, anchor, there = np.zeros(most, np.int64), np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    ties, out = np.zeros(n, np.int64), np.empty(n, np.int32)
    for size in range(1, most + 1):
        for k in range(size):
            pick[k] = k
        while True:
            anchor[:] = 0
            there[:] = 1
            for k in range(size):
                anchor[allowed[pick[k]]] = 1
            taken, at = 0, 0
            for i in range(n):
                ties[i] = start[i + 1] - start[i] + support[i]
                if not anchor[i] and ties[i] < least:
                    there[i] = 0
                    out[taken] = i
                    taken += 1
            while at < taken:
                for row in range(start[out[at]], start[out[at] + 1]):
                    j = other[row]
                    ties[j] -= 1
                    if there[j] and not anchor[j] and ties[j] < least:
                        there[j] = 0
                        out[taken] = j
                        taken += 1
                at += 1
            if n - taken > kept[size]:
                kept[size] = n - taken
                for k in range(size):
                    sets[size, k] = allowed[pick[k]]
            k = size - 1
            while k >= 0 and pick[k] == allowed.size - size + k:
                k -= 1
            if k < 0:
                break
            pick[k] += 1
            for later in range(k + 1, size):
                pick[later] = pick[later - 1] + 1
