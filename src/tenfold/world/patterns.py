"""What the kernels of ties read: how many pair at each level and how many go up, the keys, and the patterns of small groups."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.rng import draw
from tenfold.kernels.ties import ALL, PARTIAL, RISEN, Plan

__all__ = ["SMALL", "STREAM", "circle_row", "make_plan", "tournament"]

SMALL = 100
"""Members of the largest group that takes its order from a table."""
STREAM = 64
"""Of the draws: keys, and after it the orders of the patterns."""
PATTERNS = 512  # as many at least, in whole tournaments
Pattern = tuple[list[tuple[int, int]], list[int]]  # who pair, and who go up by rank


def make_plan(people: int, ties: int, shares: NDArray[np.float64], seed: int) -> Plan:
    """The plan of a world: `shares` is P(x) for x = 1 … levels."""
    top = len(shares)
    stay, rise, last, full = _counts(people, ties, shares)
    first = np.full((ties, top + 1, 2), -1, np.int64)
    count, bits, rows = (np.ones((ties, top + 1, 2), np.uint64) for _ in range(3))
    circles: list[tuple[int, int]] = []
    table: list[NDArray[np.uint8]] = []
    pools: dict[tuple[int, int, bool], tuple[int, int]] = {}
    order = _orders(seed)
    ends = {True: 0, False: 0}
    for slot in range(ties):
        for level in range(1, top + 1):
            for which in (ALL, PARTIAL):
                pair, size = int(stay[slot, level, which]), int(stay[slot, level, which] + rise[slot, level, which])
                if size > SMALL:
                    half = (size.bit_length() - 1) // 2
                    bits[slot, level, which], rows[slot, level, which] = half, -(-size >> half)
                elif size:
                    one = (size, pair, level == 1)
                    if which == PARTIAL:
                        patterns = [_single(order(size, 1 + slot, level), pair)]
                    elif one in pools:
                        first[slot, level, which], count[slot, level, which] = pools[one]
                        continue
                    else:
                        patterns = list(_pool(size, pair, lambda copy, size=size, pair=pair: order(size, 0, copy * 1000 + pair)))
                    start = ends[level == 1]
                    if level == 1:
                        circles += [circle_row(*pattern) for pattern in patterns]
                        ends[True] += len(patterns)
                    else:
                        table += [_table_row(size, *pattern) for pattern in patterns]
                        ends[False] += len(patterns) * (size + size - pair)
                    first[slot, level, which], count[slot, level, which] = start, len(patterns)
                    if which == ALL:
                        pools[one] = start, len(patterns)
    low, high = seed & 0xFFFFFFFF, seed >> 32
    key = np.array(
        [
            [
                int(draw(low, high, STREAM, 0, slot, level)) << 32 | int(draw(low, high, STREAM, 1, slot, level))
                for level in range(top + 1)
            ]
            for slot in range(ties)
        ],
        np.uint64,
    )
    flat = np.concatenate(table) if table else np.zeros(0, np.uint8)
    return Plan(stay, rise, bits, rows, first, count, last, full, key, np.array(circles, np.uint64).reshape(-1, 2), flat)


def _counts(
    people: int, ties: int, shares: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Who stay and who rise in a slot at a level, and the partial groups: their numbers, and how many full parts they have."""
    top = len(shares)
    stay, rise = np.zeros((ties, top + 1, 2), np.int64), np.zeros((ties, top + 1, 2), np.int64)
    last, full = np.full(top + 1, -1, np.int64), np.zeros(top + 1, np.int64)
    rise[:, 0, ALL] = 1
    for level in range(1, top + 1):
        size = 10**level
        members = 10 * rise[:, level - 1, ALL]
        wanted = shares[level:].sum() * size * ties
        up = np.zeros(ties, np.int64)
        if level < top and members.sum():
            up = _even(wanted * members / members.sum(), members)
        rise[:, level, ALL], stay[:, level, ALL] = up, members - up
        rest = people % size
        if not rest:
            continue
        last[level], full[level] = people // size, rest // (size // 10)
        some = full[level] * rise[:, level - 1, ALL] + rise[:, level - 1, PARTIAL]
        part = up / np.maximum(members, 1)
        pair = np.minimum(2 * np.rint(some * (1 - part) / 2).astype(np.int64), some - some % 2)
        if level == top:
            pair = some - some % 2
        stay[:, level, PARTIAL], rise[:, level, PARTIAL] = pair, some - pair
    return stay, rise, last, full


def _even(wanted: NDArray[np.float64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Even numbers near those wanted, each at most so many; what one has too much or too little of goes to the next."""
    found, owed = np.zeros(len(wanted), np.int64), 0.0
    for k, own in enumerate(wanted):
        owed += own
        found[k] = min(max(2 * round(owed / 2), 0), most[k])
        owed -= found[k]
    return found


def tournament(size: int) -> Iterator[list[tuple[int, int]]]:
    """The rounds in which everyone of an even number meets everyone else once (the circle method)."""
    others = size - 1
    for turn in range(others):
        yield [(others, turn)] + [((turn + k) % others, (turn - k) % others) for k in range(1, size // 2)]


def _pool(size: int, pair: int, order: Callable[[int], list[int]]) -> Iterator[Pattern]:
    """Patterns in which every two are paired equally often: each round of a tournament, with each stretch of its pairs; in several orders."""
    if not pair:
        yield [], list(range(size))
        return
    half, kept = size // 2, pair // 2
    starts = range(half if kept < half else 1)
    for copy in range(-(-PATTERNS // ((size - 1) * len(starts)))):
        who = order(copy)
        for turn in tournament(size):
            for start in starts:
                pairs = [turn[(start + k) % half] for k in range(half)]
                named = [(who[a], who[b]) for a, b in pairs]
                yield named[:kept], sorted(one for ends in named[kept:] for one in ends)


def _single(who: list[int], pair: int) -> Pattern:
    """The one pattern of a partial group: the first in an order are paired."""
    return [(who[k], who[k + 1]) for k in range(0, pair, 2)], sorted(who[pair:])


def _orders(seed: int) -> Callable[[int, int, int], list[int]]:
    """Orders of so many, by two numbers of one's own."""

    def order(size: int, one: int, two: int) -> list[int]:
        drawn = [draw(seed & 0xFFFFFFFF, seed >> 32, STREAM + 1, one << 8 | size, two, k) for k in range(size)]
        return sorted(range(size), key=lambda k: drawn[k])

    return order


def circle_row(pairs: list[tuple[int, int]], risen: list[int]) -> tuple[int, int]:
    """A pattern of a circle in two words: see `Plan.circle`."""
    one = sum(a << 4 * b | b << 4 * a for a, b in pairs) + sum(rank << 4 * who | 1 << 40 + who for rank, who in enumerate(risen))
    return one, sum(who << 4 * rank for rank, who in enumerate(risen))


def _table_row(size: int, pairs: list[tuple[int, int]], risen: list[int]) -> NDArray[np.uint8]:
    """A pattern of another small group: each one's partner, or RISEN and the rank; then who has each rank."""
    row = np.zeros(size + len(risen), np.uint8)
    for a, b in pairs:
        row[a], row[b] = b, a
    for rank, who in enumerate(risen):
        row[who], row[size + rank] = RISEN + rank, who
    return row
