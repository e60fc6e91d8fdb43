"""Builds the tables of an implicit network: how many people are matched at each level, the hash keys, and the matching patterns."""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.rng import draw
from tenfold.kernels.streams import MATCHING_PATTERNS, MATCHINGS
from tenfold.kernels.world.ties import FULL, PARTIAL, UNMATCHED, ImplicitNetwork

__all__ = ["SMALL", "build_network", "round_robin"]

SMALL = 100
"""Members of the largest group that takes its matching from a table of patterns."""
MIN_PATTERNS = 512  # of a size; whole round-robin tournaments, so as many at least


class Patterns(NamedTuple):
    """Matchings of a group: `pairs` (patterns, pairs, 2), and `unmatched` (patterns, unmatched), the members by rank."""

    pairs: NDArray[np.int64]
    unmatched: NDArray[np.int64]


class Counts(NamedTuple):
    """How many members are matched and unmatched, and the partial groups: see `ImplicitNetwork`."""

    matched: NDArray[np.int64]
    unmatched: NDArray[np.int64]
    partial_group: NDArray[np.int64]
    full_parts: NDArray[np.int64]


def build_network(people: int, ties: int, shares: NDArray[np.float64], seed: int) -> ImplicitNetwork:
    """The tables of the network of some people: `shares` is P(x) for x = 1 … levels."""
    top = len(shares)
    counts = _count_matched(people, ties, shares)
    start = np.full((ties, top + 1, 2), -1, np.int64)
    count, bits, rows = (np.ones((ties, top + 1, 2), np.uint64) for _ in range(3))
    circles, groups = _PatternTable(), _PatternTable()
    known: dict[
        tuple[int, int, bool], tuple[int, int]
    ] = {}  # full groups of a size, number of matched and kind share their patterns
    for slot, level, kind in np.ndindex(ties, top + 1, 2):
        here = slot, level, kind
        matched, size = int(counts.matched[here]), int(counts.matched[here] + counts.unmatched[here])
        if not level or not size:
            continue
        if size > SMALL:
            half = (size.bit_length() - 1) // 2
            bits[here], rows[here] = half, -(-size >> half)
            continue
        key = size, matched, level == 1
        if kind == FULL and key in known:
            start[here], count[here] = known[key]
            continue
        if kind == PARTIAL:
            patterns = _one_pattern(_permutation(seed, size, 1 + slot, level), matched)
        else:
            patterns = _balanced_patterns(seed, size, matched)
        place = circles.add(_circle_words(patterns)) if level == 1 else groups.add(_group_rows(patterns))
        start[here], count[here] = place
        if kind == FULL:
            known[key] = place
    return ImplicitNetwork(
        matched=counts.matched,
        unmatched=counts.unmatched,
        feistel_bits=bits,
        feistel_rows=rows,
        pattern_start=start,
        pattern_count=count,
        partial_group=counts.partial_group,
        full_parts=counts.full_parts,
        key=_hash_keys(seed, ties, top),
        circle_patterns=circles.all(np.uint64).reshape(-1, 2),
        group_patterns=groups.all(np.uint8),
    )


class _PatternTable:
    """Patterns of several kinds, one after another."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.generic]] = []
        self.end = 0

    def add(self, rows: NDArray[np.generic]) -> tuple[int, int]:
        """Append patterns. Returns where they begin (circles: in rows; other groups: in bytes) and how many they are."""
        start = self.end
        self.rows.append(rows.ravel())
        self.end += len(rows) if rows.dtype == np.uint64 else rows.size
        return start, len(rows)

    def all(self, dtype: type[np.generic]) -> NDArray[Any]:
        """All of them, flat."""
        return np.concatenate(self.rows) if self.rows else np.zeros(0, dtype)


def _hash_keys(seed: int, ties: int, top: int) -> NDArray[np.uint64]:
    """A hash key of 64 bits for each slot and level, (ties, top + 1)."""
    low, high = seed & 0xFFFFFFFF, seed >> 32
    halves = [
        [[int(draw(low, high, MATCHINGS, half, slot, level)) for level in range(top + 1)] for slot in range(ties)]
        for half in (0, 1)
    ]
    keys: NDArray[np.uint64] = np.array(halves[0], np.uint64) << np.uint64(32) | np.array(halves[1], np.uint64)
    return keys


def _count_matched(people: int, ties: int, shares: NDArray[np.float64]) -> Counts:
    """How many members of a group are matched in it and how many are passed up, in each slot and at each level."""
    top = len(shares)
    matched, unmatched = np.zeros((ties, top + 1, 2), np.int64), np.zeros((ties, top + 1, 2), np.int64)
    partial_group, full_parts = np.full(top + 1, -1, np.int64), np.zeros(top + 1, np.int64)
    unmatched[:, 0, FULL] = 1
    for level in range(1, top + 1):
        size = 10**level
        members = 10 * unmatched[:, level - 1, FULL]
        wanted = shares[level:].sum() * size * ties
        up = np.zeros(ties, np.int64)
        if level < top and members.sum():
            up = _nearest_even(wanted * members / members.sum(), members)
        unmatched[:, level, FULL], matched[:, level, FULL] = up, members - up
        rest = people % size
        if not rest:
            continue
        partial_group[level], full_parts[level] = people // size, rest // (size // 10)
        some = full_parts[level] * unmatched[:, level - 1, FULL] + unmatched[:, level - 1, PARTIAL]
        share = up / np.maximum(members, 1)
        paired = np.minimum(2 * np.rint(some * (1 - share) / 2).astype(np.int64), some - some % 2)
        if level == top:
            paired = some - some % 2
        matched[:, level, PARTIAL], unmatched[:, level, PARTIAL] = paired, some - paired
    return Counts(matched, unmatched, partial_group, full_parts)


def _nearest_even(wanted: NDArray[np.float64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Even numbers near those wanted, each at most `most`; the rounding error of one is carried over to the next."""
    found, carried = np.zeros(len(wanted), np.int64), 0.0
    for k, own in enumerate(wanted):
        carried += own
        found[k] = min(max(2 * round(carried / 2), 0), most[k])
        carried -= found[k]
    return found


def round_robin(size: int) -> NDArray[np.int64]:
    """The rounds of a round-robin tournament of an even number, by the circle method, (size − 1, size / 2, 2).

    Every two meet in exactly one round, and each round is a perfect matching.
    """
    others = size - 1
    number, k = np.arange(others)[:, np.newaxis], np.arange(size // 2)
    rounds = np.stack([(number + k) % others, (number - k) % others], axis=2)
    rounds[:, 0, 0] = others  # the fixed one meets the one at the number of the round
    return rounds


def _balanced_patterns(seed: int, size: int, matched: int) -> Patterns:
    """Patterns in which every two members are paired equally often: the rounds of tournaments, with many choices of the pairs that stay.

    In a circle every choice of pairs is there. In larger groups it is every run of consecutive pairs, which are permuted in each round.
    """
    half, kept = size // 2, matched // 2
    if not kept:
        return Patterns(np.zeros((1, 0, 2), np.int64), np.arange(size)[np.newaxis])
    choices = [[*some, *sorted({*range(half)} - {*some})] for some in combinations(range(half), kept)] if size == 10 else []
    if not choices:
        choices = [[(start + k) % half for k in range(half)] for start in range(half if kept < half else 1)]
    rounds, chosen = round_robin(size), np.array(choices)
    copies = -(-MIN_PATTERNS // (len(rounds) * len(chosen)))
    paired = []
    for copy in range(copies):
        number = copy * 1000 + matched
        members = np.array(_permutation(seed, size, 0, number))
        for k, one in enumerate(rounds):
            place = np.array(_permutation(seed, half, 0, number << 8 | 1 + k)) if size > 10 else np.arange(half)
            paired.append(members[one][place[chosen]])
    found = np.concatenate(paired)
    return Patterns(found[:, :kept], np.sort(found[:, kept:].reshape(len(found), -1), axis=1))


def _one_pattern(members: list[int], matched: int) -> Patterns:
    """The one pattern of a partial group: the first of a permutation are paired."""
    return Patterns(np.array(members[:matched], np.int64).reshape(1, -1, 2), np.array([sorted(members[matched:])], np.int64))


def _permutation(seed: int, size: int, one: int, two: int) -> list[int]:
    """A random permutation of 0 … size − 1, named by two numbers."""
    drawn = [draw(seed & 0xFFFFFFFF, seed >> 32, MATCHING_PATTERNS, one << 8 | size, two, k) for k in range(size)]
    return sorted(range(size), key=lambda k: drawn[k])


def _circle_words(patterns: Patterns) -> NDArray[np.uint64]:
    """Patterns of circles, in two words each: see `ImplicitNetwork.circle_patterns`."""
    pairs, unmatched = patterns
    rank = np.arange(unmatched.shape[1])
    partner = (pairs << 4 * pairs[:, :, ::-1]).sum(axis=(1, 2))
    first = partner + ((rank << 4 * unmatched) + (1 << 40 + unmatched)).sum(axis=1)
    return np.stack([first, (unmatched << 4 * rank).sum(axis=1)], axis=1).astype(np.uint64)


def _group_rows(patterns: Patterns) -> NDArray[np.uint8]:
    """Patterns of other small groups, a row each: see `ImplicitNetwork.group_patterns`."""
    pairs, unmatched = patterns
    count, some = unmatched.shape
    found = np.zeros((count, 2 * pairs.shape[1] + 2 * some), np.int64)
    paired = pairs.reshape(count, -1)
    np.put_along_axis(found, paired, pairs[:, :, ::-1].reshape(count, -1), axis=1)
    np.put_along_axis(found, unmatched, np.broadcast_to(UNMATCHED + np.arange(some), unmatched.shape), axis=1)
    found[:, paired.shape[1] + some :] = unmatched
    return found.astype(np.uint8)
