"""What the kernels of ties read: how many pair at each level and how many go up, the keys, and the patterns of small groups."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.rng import draw
from tenfold.kernels.world.ties import ALL, PARTIAL, RISEN, Plan

__all__ = ["SMALL", "STREAM", "make_plan", "tournament"]

SMALL = 100
"""Members of the largest group that takes its order from a table."""
STREAM = 64
"""Of the draws: keys, and after it the orders of the patterns."""
PATTERNS = 512  # as many at least, in whole tournaments
Patterns = tuple[NDArray[np.int64], NDArray[np.int64]]  # who pair (patterns, pairs, 2), and who go up by rank (patterns, risen)


def make_plan(people: int, ties: int, shares: NDArray[np.float64], seed: int) -> Plan:
    """The plan of a world: `shares` is P(x) for x = 1 … levels."""
    top = len(shares)
    stay, rise, last, full = _counts(people, ties, shares)
    first = np.full((ties, top + 1, 2), -1, np.int64)
    count, bits, rows = (np.ones((ties, top + 1, 2), np.uint64) for _ in range(3))
    circles, table = _Shelf(), _Shelf()
    pools: dict[tuple[int, int, bool], tuple[int, int]] = {}
    for slot, level, which in np.ndindex(ties, top + 1, 2):
        here = slot, level, which
        pair, size = int(stay[here]), int(stay[here] + rise[here])
        if not level or not size:
            continue
        if size > SMALL:
            half = (size.bit_length() - 1) // 2
            bits[here], rows[here] = half, -(-size >> half)
            continue
        kind = size, pair, level == 1
        if which == ALL and kind in pools:
            first[here], count[here] = pools[kind]
            continue
        if which == PARTIAL:
            pairs, risen = _single(_order(seed, size, 1 + slot, level), pair)
        else:
            pairs, risen = _pool(seed, size, pair)
        found = (circles if level == 1 else table).add(_circle_rows(pairs, risen) if level == 1 else _table_rows(pairs, risen))
        first[here], count[here] = found
        if which == ALL:
            pools[kind] = found
    low, high = seed & 0xFFFFFFFF, seed >> 32
    parts = [
        [[int(draw(low, high, STREAM, half, slot, level)) for level in range(top + 1)] for slot in range(ties)] for half in (0, 1)
    ]
    key = np.array(parts[0], np.uint64) << np.uint64(32) | np.array(parts[1], np.uint64)
    circle = circles.all(np.uint64).reshape(-1, 2)
    return Plan(stay, rise, bits, rows, first, count, last, full, key, circle, table.all(np.uint8))


class _Shelf:
    """Rows of patterns one after another, and where each pool begins."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.generic]] = []
        self.end = 0

    def add(self, rows: NDArray[np.generic]) -> tuple[int, int]:
        """Where the pool begins (in circles: rows; in the table: bytes) and how many patterns it has."""
        start = self.end
        self.rows.append(rows.ravel())
        self.end += len(rows) if rows.dtype == np.uint64 else rows.size
        return start, len(rows)

    def all(self, kind: type[np.generic]) -> NDArray[Any]:
        """All of them."""
        return np.concatenate(self.rows) if self.rows else np.zeros(0, kind)


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


def tournament(size: int) -> NDArray[np.int64]:
    """The rounds in which everyone of an even number meets everyone else once (the circle method), (size − 1, size / 2, 2)."""
    others = size - 1
    turn, k = np.arange(others)[:, np.newaxis], np.arange(size // 2)
    rounds = np.stack([(turn + k) % others, (turn - k) % others], axis=2)
    rounds[:, 0, 0] = others  # who stands still meets the one at the turn
    return rounds


def _pool(seed: int, size: int, pair: int) -> Patterns:
    """Patterns in which every two are paired equally often: each round of a tournament with many choices of its pairs; in some orders.

    In a circle every choice is there; in larger groups every stretch of the pairs, which stand in an order of their own in each round.
    """
    half, kept = size // 2, pair // 2
    if not kept:
        return np.zeros((1, 0, 2), np.int64), np.arange(size)[np.newaxis]
    choices = [[*some, *sorted({*range(half)} - {*some})] for some in combinations(range(half), kept)] if size == 10 else []
    if not choices:
        choices = [[(start + k) % half for k in range(half)] for start in range(half if kept < half else 1)]
    rounds, chosen = tournament(size), np.array(choices)
    copies = -(-PATTERNS // (len(rounds) * len(chosen)))
    named = []
    for copy in range(copies):
        number = copy * 1000 + pair
        who = np.array(_order(seed, size, 0, number))
        for k, turn in enumerate(rounds):
            place = np.array(_order(seed, half, 0, number << 8 | 1 + k)) if size > 10 else np.arange(half)
            named.append(who[turn][place[chosen]])
    found = np.concatenate(named)
    return found[:, :kept], np.sort(found[:, kept:].reshape(len(found), -1), axis=1)


def _single(who: list[int], pair: int) -> Patterns:
    """The one pattern of a partial group: the first in an order are paired."""
    return np.array(who[:pair], np.int64).reshape(1, -1, 2), np.array([sorted(who[pair:])], np.int64)


def _order(seed: int, size: int, one: int, two: int) -> list[int]:
    """An order of so many, by two numbers of one's own."""
    drawn = [draw(seed & 0xFFFFFFFF, seed >> 32, STREAM + 1, one << 8 | size, two, k) for k in range(size)]
    return sorted(range(size), key=lambda k: drawn[k])


def _circle_rows(pairs: NDArray[np.int64], risen: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Patterns of circles in two words each: see `Plan.circle`."""
    rank = np.arange(risen.shape[1])
    one = (pairs << 4 * pairs[:, :, ::-1]).sum(axis=(1, 2)) + ((rank << 4 * risen) + (1 << 40 + risen)).sum(axis=1)
    return np.stack([one, (risen << 4 * rank).sum(axis=1)], axis=1).astype(np.uint64)


def _table_rows(pairs: NDArray[np.int64], risen: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Patterns of other small groups: each one's partner, or RISEN and the rank; then who has each rank."""
    count, some = risen.shape
    found = np.zeros((count, 2 * pairs.shape[1] + 2 * some), np.int64)
    flat = pairs.reshape(count, -1)
    np.put_along_axis(found, flat, pairs[:, :, ::-1].reshape(count, -1), axis=1)
    np.put_along_axis(found, risen, np.broadcast_to(RISEN + np.arange(some), risen.shape), axis=1)
    found[:, flat.shape[1] + some :] = risen
    return found.astype(np.uint8)
