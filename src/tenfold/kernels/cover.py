"""Greedy cover of reverse-reachable sets: whom to choose so that most sets hold somebody chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["choose_most", "choose_short", "index_sets", "stand_ins", "tally"]


@jit
def tally(people: NDArray[np.int32], low: int, high: int, count: NDArray[np.int32]) -> None:
    """Add to `count` (n) how often each person is in rows `low` to `high` − 1."""
    for k in range(low, high):
        count[people[k]] += 1


@jit
def index_sets(
    people: NDArray[np.int32], begin: NDArray[np.int64], slot: NDArray[np.int32], start: NDArray[np.int64]
) -> NDArray[np.int32]:
    """The sets of each candidate one behind the other, in order of their numbers; `slot` (n): which candidate somebody is, −1 for none."""
    place = start[:-1].copy()
    held = np.empty(start[-1], np.int32)
    for number in range(begin.size - 1):
        for k in range(begin[number], begin[number + 1]):
            own = slot[people[k]]
            if own >= 0:
                held[place[own]] = number
                place[own] += 1
    return held


@jit
def _top(gain: NDArray[np.int64], many: int, least: int) -> int:
    """The sum of the largest `many` gains, none counted as less than `least` (people beside the candidates)."""
    best = np.full(max(many, 0), least, np.int64)  # ascending
    total = least * best.size
    for own in gain:
        if best.size and own > best[0]:
            total += own - best[0]
            k = 0
            while k + 1 < best.size and best[k + 1] < own:
                best[k] = best[k + 1]
                k += 1
            best[k] = own
    return int(total)


@jit
def choose_most(
    people: NDArray[np.int32], begin: NDArray[np.int64], slot: NDArray[np.int32], start: NDArray[np.int64],
    held: NDArray[np.int32], first: NDArray[np.int32], price: NDArray[np.float64], budget: float, most: int, least: int,
    gain: NDArray[np.int64], chosen: NDArray[np.int32], won: NDArray[np.int64],
) -> tuple[int, int]:  # fmt: skip
    """The candidates that cover most, one after the other: those of `first` before all others, then whoever adds most (for their `price`).

    Returns how many were chosen, and what no choice of `most` can exceed: what is covered after some choices and the largest gains
    left then, the smallest such sum (where nobody has a price). `gain` keeps what each could add still. Of equal gains the
    candidate with the lower number wins.
    """
    size = start.size - 1
    for c in range(size):
        gain[c] = start[c + 1] - start[c]
    covered = np.zeros(begin.size - 1, np.uint8)
    spent, total, count = 0.0, 0, 0
    bound = begin.size - 1
    free = np.ones(size, np.uint8)
    each = max(1, most // 8)
    while count < most:
        best = -1
        if count < first.size:
            best = first[count]
        else:
            if price.size == 0:
                if (count - first.size) % each == 0:
                    bound = min(bound, total + _top(gain, most - first.size, least))
                top = np.int64(-1)
                for c in range(size):
                    if gain[c] > top and free[c]:
                        best, top = c, gain[c]
            else:
                worth = -1.0
                for c in range(size):
                    if free[c] and spent + price[c] <= budget and gain[c] > worth * price[c]:
                        best, worth = c, gain[c] / price[c]
        if best < 0:
            break
        chosen[count], won[count] = best, gain[best]
        total += gain[best]
        free[best] = 0
        if price.size:
            spent += price[best]
        count += 1
        for row in range(start[best], start[best + 1]):
            number = held[row]
            if covered[number] == 0:
                covered[number] = 1
                for k in range(begin[number], begin[number + 1]):
                    own = slot[people[k]]
                    if own >= 0:
                        gain[own] -= 1
    if price.size == 0:
        bound = min(bound, total + _top(gain, most - first.size, least))
    return count, bound


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
