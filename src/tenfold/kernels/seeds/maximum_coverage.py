"""Greedy maximum coverage: choose candidates so that most reverse-reachable sets hold one of them.

A candidate covers the sets that hold them. Without prices the greedy choice covers at least 1 − 1/e of what the best choice does
(Nemhauser, Wolsey, Fisher 1978, doi:10.1007/BF01588971). The marginal gain of a candidate only falls as others are chosen. So an old
gain is an upper bound, and few gains have to be counted anew (lazy evaluation: Minoux 1978, doi:10.1007/BFb0006528).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.seeds.reverse_reachable import RRSets

__all__ = [
    "CoverageIndex",
    "GreedyCover",
    "SelectionLimits",
    "backup_seeds",
    "count_covered",
    "count_memberships",
    "fill_index",
    "greedy_coverage",
    "marginal_coverage",
]


class CoverageIndex(NamedTuple):
    """Inverted index of sets: candidate c is in the sets `held[start[p, c]:start[p, c + 1]]` of part p.

    `start` (parts, candidates + 1); `held` (memberships): numbers of sets; `sets`: how many sets there are in all.
    """

    start: NDArray[np.int64]
    held: NDArray[np.int32]
    sets: int


class SelectionLimits(NamedTuple):
    """What a choice of candidates has to respect.

    `required`: candidates that come first, in this order. `price` (candidates, or none) and `budget`: what each costs, and what may be
    spent in all. `k`: how many are chosen at most.
    """

    required: NDArray[np.int32]
    price: NDArray[np.float64]
    budget: float
    k: int


class GreedyCover(NamedTuple):
    """A greedy choice.

    `chosen` (k): candidates in order; `gains` (k): the sets that each adds. `residual` (candidates): upper bounds of what each could add
    still; with prices, exactly that.
    """

    chosen: NDArray[np.int32]
    gains: NDArray[np.int64]
    residual: NDArray[np.int64]


class _LazyQueue(NamedTuple):
    """Candidates by their last known gain.

    `tree`: a tournament tree; node 1 is the candidate with the largest key, of equal keys the lower number. `key` (candidates + 1): the
    gain, or the gain for the price; negative for those who are out of the running, and for the last one, who fills up the tree. `gain`
    (candidates); `counted` (candidates): after how many choices the gain was counted.
    """

    tree: NDArray[np.int32]
    key: NDArray[np.float64]
    gain: NDArray[np.int64]
    counted: NDArray[np.int32]


@jit
def count_memberships(sets: RRSets, low: int, step: int, count: NDArray[np.int32]) -> None:
    """Add to `count` (n) how many of the sets `low`, `low + step`, … hold each person."""
    members, begin = sets
    for number in range(low, begin.size - 1, step):
        for k in range(begin[number], begin[number + 1]):
            count[members[k]] += 1


@jit
def fill_index(
    sets: RRSets, low: int, step: int, candidate: NDArray[np.int32], start: NDArray[np.int64], held: NDArray[np.int32]
) -> None:
    """Write the sets `low`, `low + step`, … that hold candidate c into `held[start[c]:start[c + 1]]`, in ascending order.

    `candidate` (n): the candidate that each person is, −1 for none.
    """
    members, begin = sets
    place = start[:-1].copy()
    for number in range(low, begin.size - 1, step):
        for k in range(begin[number], begin[number + 1]):
            own = candidate[members[k]]
            if own >= 0:
                held[place[own]] = number
                place[own] += 1


@jit
def _marginal_gain(index: CoverageIndex, covered: NDArray[np.uint8], c: int) -> int:
    """How many sets a candidate would add to those that are `covered` (sets)."""
    start, held = index.start, index.held
    found = 0
    for part in range(start.shape[0]):
        for row in range(start[part, c], start[part, c + 1]):
            found += 1 - covered[held[row]]
    return found


@jit
def _cover(index: CoverageIndex, covered: NDArray[np.uint8], c: int) -> None:
    """Mark the sets of a candidate as covered."""
    start, held = index.start, index.held
    for part in range(start.shape[0]):
        for row in range(start[part, c], start[part, c + 1]):
            covered[held[row]] = 1


@jit
def _set_key(tree: NDArray[np.int32], key: NDArray[np.float64], c: int, value: float) -> None:
    """Give a candidate a new key, and play the matches on the path from its leaf to the root again."""
    key[c] = value
    node = (tree.size // 2 + c) >> 1
    while node:
        one, two = tree[2 * node], tree[2 * node + 1]
        tree[node] = one if key[one] >= key[two] else two
        node >>= 1


@jit
def _tournament_tree(key: NDArray[np.float64]) -> NDArray[np.int32]:
    """The tournament tree of all keys; the last key is negative, belongs to nobody and fills up the leaves."""
    leaves = 1
    while leaves < key.size:
        leaves *= 2
    tree = np.full(2 * leaves, key.size - 1, np.int32)
    for c in range(key.size):
        tree[leaves + c] = c
    for node in range(leaves - 1, 0, -1):
        one, two = tree[2 * node], tree[2 * node + 1]
        tree[node] = one if key[one] >= key[two] else two
    return tree


@jit
def _best_candidate(
    index: CoverageIndex, covered: NDArray[np.uint8], price: NDArray[np.float64], money: float, queue: _LazyQueue, chosen: int
) -> int:
    """The candidate with the largest marginal gain (for the price, where it is at most `money`), −1 for nobody.

    `chosen`: how many are chosen so far. Only gains at the top of the queue are counted anew.
    """
    tree, key, gain, counted = queue
    while True:
        best = int(tree[1])
        if key[best] < 0:
            return -1
        if price.size and price[best] > money:  # nor will there ever be more
            _set_key(tree, key, best, -1.0)
        elif counted[best] == chosen:
            return best
        else:
            gain[best], counted[best] = _marginal_gain(index, covered, best), chosen
            _set_key(tree, key, best, gain[best] / price[best] if price.size else float(gain[best]))


@jit
def greedy_coverage(index: CoverageIndex, limits: SelectionLimits, outside: int, cover: GreedyCover) -> tuple[int, int]:
    """Choose those required, then, one after the other, the candidate who adds the most sets (for their price), into `cover`.

    Returns how many are chosen, and a bound: no choice of k candidates covers more sets (without prices). Of equal gains the candidate with
    the lower number wins. The bound is the smallest sum, over some rounds of the choice, of the sets covered so far and the largest gains
    that are left then, k in all (Tang, Tang, Xiao, Yuan 2018, doi:10.1145/3183713.3183749). No gain counts less than `outside`: in so many
    sets somebody who is not among the candidates may be.
    """
    start = index.start
    required, price, budget, k = limits
    chosen, gains, gain = cover
    size = start.shape[1] - 1
    covered, counted, key = np.zeros(index.sets, np.uint8), np.zeros(size, np.int32), np.full(size + 1, -1.0)
    for c in range(size):
        gain[c] = 0
        for part in range(start.shape[0]):
            gain[c] += start[part, c + 1] - start[part, c]
        key[c] = gain[c] / price[c] if price.size else float(gain[c])
    tree, aside = _tournament_tree(key), np.empty(max(k, 1), np.int64)
    queue = _LazyQueue(tree, key, gain, counted)
    spent, total, count, bound, every = 0.0, 0, 0, index.sets, max(1, k // 8)
    while True:
        if price.size == 0 and count >= required.size and ((count - required.size) % every == 0 or count == k):
            top, many = 0, k - required.size
            for place in range(many):  # the largest gains: each is put aside, and back again
                best = _best_candidate(index, covered, price, 0.0, queue, count)
                if best < 0 or gain[best] <= outside:
                    many = place
                    break
                top, aside[place] = top + gain[best], best
                _set_key(tree, key, best, -1.0)
            for place in range(many):
                _set_key(tree, key, aside[place], float(gain[aside[place]]))
            bound = min(bound, total + top + outside * (k - required.size - many))
        if count == k:
            break
        if count < required.size:
            best = int(required[count])
            gain[best] = _marginal_gain(index, covered, best)
        else:
            best = _best_candidate(index, covered, price, budget - spent, queue, count)
            if best < 0:
                break
        chosen[count], gains[count] = best, gain[best]
        total += gain[best]
        if price.size:
            spent += price[best]
        _set_key(tree, key, best, -1.0)
        _cover(index, covered, best)
        count += 1
    if price.size:
        for c in range(size):
            gain[c] = _marginal_gain(index, covered, c)
    return count, bound


@jit
def count_covered(index: CoverageIndex, chosen: NDArray[np.int32]) -> int:
    """How many sets some candidates cover."""
    covered, found = np.zeros(index.sets, np.uint8), 0
    for c in chosen:
        found += _marginal_gain(index, covered, c)
        _cover(index, covered, c)
    return found


@jit
def marginal_coverage(sets: RRSets, rank: NDArray[np.int32], seeds: int) -> NDArray[np.int64]:
    """For each of `seeds` people in an order how many sets hold them and nobody before them; `rank` (n): their place, −1 for none."""
    members, begin = sets
    found = np.zeros(seeds, np.int64)
    for number in range(begin.size - 1):
        first = seeds
        for k in range(begin[number], begin[number + 1]):
            own = rank[members[k]]
            if own >= 0:
                first = min(first, own)
        if first < seeds:
            found[first] += 1
    return found


@jit
def backup_seeds(sets: RRSets, rank: NDArray[np.int32], allowed: NDArray[np.uint8], seeds: int) -> NDArray[np.int32]:
    """For each seed who else is in most of the sets that this seed alone covers, (seeds), −1 for nobody.

    `rank` (n): which seed a person is, −1 for none; `allowed` (n): 1 for those who may be chosen.
    """
    members, begin = sets
    n, found = rank.size, np.empty(seeds, np.int32)
    only_seed, rows = np.full(begin.size - 1, -1, np.int32), np.zeros(seeds + 1, np.int64)
    for number in range(begin.size - 1):
        only = -1
        for k in range(begin[number], begin[number + 1]):
            own = rank[members[k]]
            if own >= 0:
                only = own if only == -1 else -2
        if only >= 0:
            only_seed[number] = only
            rows[only + 1] += 1
    for s in range(seeds):
        rows[s + 1] += rows[s]
    covered_by_one, place = np.empty(rows[seeds], np.int32), rows[:-1].copy()
    for number in range(begin.size - 1):
        if only_seed[number] >= 0:
            covered_by_one[place[only_seed[number]]] = number
            place[only_seed[number]] += 1
    count = np.zeros(n, np.int32)
    for s in range(seeds):
        found[s], most = -1, 0
        for row in range(rows[s], rows[s + 1]):
            number = covered_by_one[row]
            for k in range(begin[number], begin[number + 1]):
                v = members[k]
                if allowed[v] and rank[v] < 0:
                    count[v] += 1
                    if count[v] > most or (count[v] == most and v < found[s]):
                        found[s], most = v, count[v]
        for row in range(rows[s], rows[s + 1]):
            number = covered_by_one[row]
            for k in range(begin[number], begin[number + 1]):
                count[members[k]] = 0
    return found
