"""Greedy cover of reverse-reachable sets: whom to choose so that most sets hold somebody chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["choose_most", "choose_short", "count_covered", "index_sets", "stand_ins", "tally"]


@jit
def tally(people: NDArray[np.int32], begin: NDArray[np.int64], low: int, step: int, count: NDArray[np.int32]) -> None:
    """Add to `count` (n) in how many of the sets `low`, `low + step`, … each person is."""
    for number in range(low, begin.size - 1, step):
        for k in range(begin[number], begin[number + 1]):
            count[people[k]] += 1


@jit
def index_sets(
    people: NDArray[np.int32], begin: NDArray[np.int64], low: int, step: int, slot: NDArray[np.int32], start: NDArray[np.int64],
    held: NDArray[np.int32],
) -> None:  # fmt: skip
    """Which of the sets `low`, `low + step`, … each candidate is in, in order of their numbers, into `held[start[c]:start[c + 1]]`;
    `slot` (n): which candidate somebody is, −1 for none."""
    place = start[:-1].copy()
    for number in range(low, begin.size - 1, step):
        for k in range(begin[number], begin[number + 1]):
            own = slot[people[k]]
            if own >= 0:
                held[place[own]] = number
                place[own] += 1


@jit
def _left(start: NDArray[np.int64], held: NDArray[np.int32], covered: NDArray[np.uint8], c: int) -> int:
    """How many sets a candidate would add."""
    found = 0
    for part in range(start.shape[0]):
        for row in range(start[part, c], start[part, c + 1]):
            found += 1 - covered[held[row]]
    return found


@jit
def _cover(start: NDArray[np.int64], held: NDArray[np.int32], covered: NDArray[np.uint8], c: int) -> None:
    """The sets of a candidate are covered from now on."""
    for part in range(start.shape[0]):
        for row in range(start[part, c], start[part, c + 1]):
            covered[held[row]] = 1


@jit
def _rank(tree: NDArray[np.int32], key: NDArray[np.float64], c: int, value: float) -> None:
    """A candidate has a new key; in `tree` the root 1 is whose key is the largest, of equal ones the lower number."""
    key[c] = value
    node = (tree.size // 2 + c) >> 1
    while node:
        one, two = tree[2 * node], tree[2 * node + 1]
        tree[node] = one if key[one] >= key[two] else two
        node >>= 1


@jit
def _tree(key: NDArray[np.float64]) -> NDArray[np.int32]:
    """The tree of all keys; the last of them, below 0, is nobody's and fills it up."""
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
def _best(
    start: NDArray[np.int64], held: NDArray[np.int32], covered: NDArray[np.uint8], price: NDArray[np.float64], room: float,
    gain: NDArray[np.int64], fresh: NDArray[np.int32], now: int, tree: NDArray[np.int32], key: NDArray[np.float64],
) -> int:  # fmt: skip
    """Who adds most (for their price, within `room`), −1 for nobody.

    What somebody adds only falls, so that old counts are bounds, and few have to be counted anew (Minoux 1978, doi:10.1007/BFb0006528).
    """
    while True:
        best = int(tree[1])
        if key[best] < 0:
            return -1
        if price.size and price[best] > room:  # nor will there ever be
            _rank(tree, key, best, -1.0)
        elif fresh[best] == now:
            return best
        else:
            gain[best], fresh[best] = _left(start, held, covered, best), now
            _rank(tree, key, best, gain[best] / price[best] if price.size else float(gain[best]))


@jit
def choose_most(
    start: NDArray[np.int64], held: NDArray[np.int32], sets: int, first: NDArray[np.int32], price: NDArray[np.float64],
    budget: float, most: int, least: int, gain: NDArray[np.int64], chosen: NDArray[np.int32], won: NDArray[np.int64],
) -> tuple[int, int]:  # fmt: skip
    """The candidates that cover most, one after the other: those of `first` before all others, then whoever adds most (for their `price`).

    `start` (parts, candidates + 1): where the sets of each begin in `held`, in each part of them. Returns how many were chosen,
    and what no choice of `most` can exceed: what is covered after some choices and the largest gains left then, none counted
    as less than `least` (people beside the candidates), the smallest such sum (where nobody has a price). `gain` keeps what
    each could add still, at most; with prices, just that. Of equal gains the candidate with the lower number wins.
    """
    size = start.shape[1] - 1
    covered, fresh, key = np.zeros(sets, np.uint8), np.zeros(size, np.int32), np.full(size + 1, -1.0)
    for c in range(size):
        gain[c] = 0
        for part in range(start.shape[0]):
            gain[c] += start[part, c + 1] - start[part, c]
        key[c] = gain[c] / price[c] if price.size else float(gain[c])
    tree, taken = _tree(key), np.empty(max(most, 1), np.int64)
    spent, total, count, bound, each = 0.0, 0, 0, sets, max(1, most // 8)
    while True:
        if price.size == 0 and count >= first.size and ((count - first.size) % each == 0 or count == most):
            top, many = 0, most - first.size
            for k in range(many):
                best = _best(start, held, covered, price, 0.0, gain, fresh, count, tree, key)
                if best < 0 or gain[best] <= least:
                    many = k
                    break
                top, taken[k] = top + gain[best], best
                _rank(tree, key, best, -1.0)
            for k in range(many):
                _rank(tree, key, taken[k], float(gain[taken[k]]))
            bound = min(bound, total + top + least * (most - first.size - many))
        if count == most:
            break
        if count < first.size:
            best = int(first[count])
            gain[best] = _left(start, held, covered, best)
        else:
            best = _best(start, held, covered, price, budget - spent, gain, fresh, count, tree, key)
            if best < 0:
                break
        chosen[count], won[count] = best, gain[best]
        total += gain[best]
        if price.size:
            spent += price[best]
        _rank(tree, key, best, -1.0)
        _cover(start, held, covered, best)
        count += 1
    if price.size:
        for c in range(size):
            gain[c] = _left(start, held, covered, c)
    return count, bound


@jit
def count_covered(start: NDArray[np.int64], held: NDArray[np.int32], sets: int, chosen: NDArray[np.int32]) -> int:
    """How many sets some candidates cover."""
    covered, found = np.zeros(sets, np.uint8), 0
    for c in chosen:
        found += _left(start, held, covered, c)
        _cover(start, held, covered, c)
    return found


@jit
def _worth(
    start: NDArray[np.int64], held: NDArray[np.int32], covered: NDArray[np.uint8], group: NDArray[np.int32],
    value: NDArray[np.float64], room: NDArray[np.int64], many: NDArray[np.int64], met: NDArray[np.int32], c: int,
) -> float:  # fmt: skip
    """What a candidate adds: sets not yet covered, in each group at most as many as there is room for, by the group's value."""
    groups = 0
    for row in range(start[c], start[c + 1]):
        number = held[row]
        if covered[number] == 0:
            own = group[number]
            if many[own] == 0:
                met[groups] = own
                groups += 1
            many[own] += 1
    total = 0.0
    for k in range(groups):
        own = met[k]
        total += value[own] * min(many[own], room[own])
        many[own] = 0
    return total


@jit
def choose_short(
    start: NDArray[np.int64], held: NDArray[np.int32], group: NDArray[np.int32], value: NDArray[np.float64],
    wanted: NDArray[np.int64], first: NDArray[np.int32], price: NDArray[np.float64], budget: float, most: int,
    chosen: NDArray[np.int32], won: NDArray[np.float64], upper: NDArray[np.float64],
) -> int:  # fmt: skip
    """Greedy where each group counts only until it has as many sets as are `wanted`; ends once all have, or `most` are chosen.

    `upper` keeps what each candidate could add still, at most.

    What somebody adds only falls, so old values are bounds, and few have to be asked again (Minoux 1978, doi:10.1007/BFb0006528).
    """
    size = start.size - 1
    covered = np.zeros(group.size, np.uint8)
    room, many, met = wanted.copy(), np.zeros(wanted.size, np.int64), np.empty(wanted.size, np.int32)
    fresh = np.zeros(size, np.int64)
    for c in range(size):
        upper[c] = _worth(start, held, covered, group, value, room, many, met, c)
    count, spent = 0, 0.0
    while count < most:
        best = -1
        if count < first.size:
            best = first[count]
            upper[best] = _worth(start, held, covered, group, value, room, many, met, best)
        else:
            while True:
                best, top = -1, 0.0
                for c in range(size):
                    if upper[c] > top * (price[c] if price.size else 1.0):
                        if price.size == 0 or spent + price[c] <= budget:
                            best, top = c, upper[c] / (price[c] if price.size else 1.0)
                if best < 0 or fresh[best] == count:
                    break
                upper[best] = _worth(start, held, covered, group, value, room, many, met, best)
                fresh[best] = count
        if best < 0:
            break
        chosen[count], won[count] = best, upper[best]
        upper[best] = 0.0
        if price.size:
            spent += price[best]
        count += 1
        for row in range(start[best], start[best + 1]):
            number = held[row]
            if covered[number] == 0:
                covered[number] = 1
                if room[group[number]] > 0:
                    room[group[number]] -= 1
    return count


@jit
def stand_ins(
    people: NDArray[np.int32], begin: NDArray[np.int64], place: NDArray[np.int32], allowed: NDArray[np.uint8],
    seeds: int, found: NDArray[np.int32],
) -> None:  # fmt: skip
    """For each seed who else is in most of the sets that only this seed covers, into `found`, −1 for nobody; `place` (n):
    which seed, or −1."""
    n = place.size
    of, rows = np.full(begin.size - 1, -1, np.int32), np.zeros(seeds + 1, np.int64)
    for number in range(begin.size - 1):
        only = -1
        for k in range(begin[number], begin[number + 1]):
            own = place[people[k]]
            if own >= 0:
                only = own if only == -1 else -2
        if only >= 0:
            of[number] = only
            rows[only + 1] += 1
    for s in range(seeds):
        rows[s + 1] += rows[s]
    sets, at = np.empty(rows[seeds], np.int32), rows[:-1].copy()
    for number in range(begin.size - 1):
        if of[number] >= 0:
            sets[at[of[number]]] = number
            at[of[number]] += 1
    count = np.zeros(n, np.int32)
    for s in range(seeds):
        found[s], best = -1, 0
        for row in range(rows[s], rows[s + 1]):
            for k in range(begin[sets[row]], begin[sets[row] + 1]):
                v = people[k]
                if allowed[v] and place[v] < 0:
                    count[v] += 1
                    if count[v] > best or (count[v] == best and v < found[s]):
                        found[s], best = v, count[v]
        for row in range(rows[s], rows[s + 1]):
            for k in range(begin[sets[row]], begin[sets[row] + 1]):
                count[people[k]] = 0
