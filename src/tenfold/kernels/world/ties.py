"""The implicit network of nested tens: the k-th tie of a person, computed from the person's number.

In each slot the members of a group are permuted. The first of the permuted members are matched in pairs; the others stay unmatched and
are passed up to the group of the next level. A group of up to 100 members takes its matching from a table of patterns, a larger one from
a Feistel permutation; a hash of the group's number chooses the pattern, or keys the permutation. docs/ties.md derives all of it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = [
    "FULL",
    "PARTIAL",
    "UNMATCHED",
    "ImplicitNetwork",
    "circle_pattern",
    "feistel",
    "feistel_inverse",
    "hash64",
    "partner",
    "partners",
    "pattern_index",
    "person_at",
    "unmatched_place",
]

FULL, PARTIAL = 0, 1  # the last axis of the tables: the full groups of a level, and its partial group
UNMATCHED = 128  # in a pattern: this plus the rank among the unmatched
_MASK = np.uint64(0xFFFFFFFF)
_ONE, _FIFTEEN, _HALF = np.uint64(1), np.uint64(15), np.uint64(32)
_FOUR, _UP, _LEFT, _RIGHT = np.uint64(4), np.uint64(40), np.uint64(23), np.uint64(41)
_C0, _C1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_C2, _C3 = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B)


class ImplicitNetwork(NamedTuple):
    """The tables from which every tie is computed.

    Arrays of shape (slots, levels + 1, 2) have one value for the full groups of a level (`FULL`) and one for its partial group
    (`PARTIAL`). Level 0 is the people.

    `matched`, `unmatched`: how many members are matched within the group, and how many are passed up to the next level.
    `feistel_bits`, `feistel_rows`: the domain of the Feistel permutation, 2^bits columns by rows.
    `pattern_start`, `pattern_count`: where the matching patterns begin and how many there are; the start is −1 for a Feistel permutation.
    `partial_group`, `full_parts` (levels + 1): the number of the partial group of a level, or −1, and how many full parts it has.
    `key` (slots, levels + 1): the hash keys.
    `circle_patterns` (patterns, 2): the matching of a circle in two words. In the first, four bits a member hold the partner or the rank,
    and bits 40 to 49 say who is unmatched; in the second, four bits a rank hold the member.
    `group_patterns`: the patterns of the other small groups, one after another. A pattern holds, for each member, the partner or
    `UNMATCHED` plus the rank, and then the member of each rank.
    """

    matched: NDArray[np.int64]
    unmatched: NDArray[np.int64]
    feistel_bits: NDArray[np.uint64]
    feistel_rows: NDArray[np.uint64]
    pattern_start: NDArray[np.int64]
    pattern_count: NDArray[np.uint64]
    partial_group: NDArray[np.int64]
    full_parts: NDArray[np.int64]
    key: NDArray[np.uint64]
    circle_patterns: NDArray[np.uint64]
    group_patterns: NDArray[np.uint8]


@jit
def hash64(key: np.uint64, value: int | np.uint64) -> np.uint64:
    """A 64-bit hash of a number by a key: two rounds of xor-shift and multiply."""
    z = (np.uint64(value) + key) * _C0
    z ^= z >> _HALF
    z *= _C1
    z ^= z >> _HALF
    z *= _C1
    return z ^ (z >> _HALF)


@jit
def pattern_index(hashed: np.uint64, count: np.uint64) -> int:
    """One of `count` patterns, by the upper half of a hash (multiply and shift: Lemire 2019, doi:10.1145/3230636)."""
    return int(np.int64(((hashed >> _HALF) * count) >> _HALF))


@jit
def _round(value: np.uint64, key: np.uint64) -> np.uint64:
    """The round function of the Feistel permutation: 32 bits of a value and the lower half of a key."""
    h = ((value ^ (key & _MASK)) * _C2) & _MASK
    return ((h ^ (h >> np.uint64(15))) * _C3) & _MASK


@jit
def feistel(place: int, size: int, bits: np.uint64, rows: np.uint64, key: np.uint64) -> int:
    """The position of a place in the permutation of a large group.

    Three rounds of an unbalanced Feistel network on 2^bits columns by `rows`, repeated while the result is `size` or more (cycle walking:
    Black, Rogaway 2002, doi:10.1007/3-540-45760-7_9).
    """
    x, down = np.uint64(place), _HALF - bits
    mask = (_ONE << bits) - _ONE
    while True:
        low, high, k = x & mask, x >> bits, key
        for _ in range(3):
            low ^= _round(high, k) >> down
            k = (k >> _LEFT) | (k << _RIGHT)
            high += (_round(low, k) * rows) >> _HALF
            if high >= rows:
                high -= rows
            k = (k >> _LEFT) | (k << _RIGHT)
        x = (high << bits) | low
        if np.int64(x) < size:
            return int(np.int64(x))


@jit
def feistel_inverse(position: int, size: int, bits: np.uint64, rows: np.uint64, key: np.uint64) -> int:
    """The place at a position of the permutation: the inverse of `feistel`."""
    x, down = np.uint64(position), _HALF - bits
    mask = (_ONE << bits) - _ONE
    last = (key << np.uint64(13)) | (key >> np.uint64(51))  # after five turns by 23 bits to the right
    while True:
        low, high, k = x & mask, x >> bits, last
        for _ in range(3):
            high += rows - ((_round(low, k) * rows) >> _HALF)
            if high >= rows:
                high -= rows
            k = (k << _LEFT) | (k >> _RIGHT)
            low ^= _round(high, k) >> down
            k = (k << _LEFT) | (k >> _RIGHT)
        x = (high << bits) | low
        if np.int64(x) < size:
            return int(np.int64(x))


@jit
def matched_place(network: ImplicitNetwork, slot: int, level: int, group: int, place: int) -> int:
    """The place of the partner in the same group, or −1 − the rank where the member is unmatched; level 2 or higher."""
    kind = PARTIAL if group == network.partial_group[level] else FULL
    matched, unmatched = network.matched[slot, level, kind], network.unmatched[slot, level, kind]
    hashed, size, first = hash64(network.key[slot, level], group), matched + unmatched, network.pattern_start[slot, level, kind]
    if first >= 0:
        index = pattern_index(hashed, network.pattern_count[slot, level, kind])
        found = int(network.group_patterns[first + index * (size + unmatched) + place])
        return found if found < UNMATCHED else UNMATCHED - 1 - found
    bits, rows = network.feistel_bits[slot, level, kind], network.feistel_rows[slot, level, kind]
    position = feistel(place, size, bits, rows, hashed)
    return feistel_inverse(position ^ 1, size, bits, rows, hashed) if position < matched else matched - 1 - position


@jit
def unmatched_place(network: ImplicitNetwork, slot: int, level: int, group: int, rank: int) -> int:
    """The place in a group of the unmatched member of a rank; level 2 or higher."""
    kind = PARTIAL if group == network.partial_group[level] else FULL
    matched, unmatched = network.matched[slot, level, kind], network.unmatched[slot, level, kind]
    hashed, size, first = hash64(network.key[slot, level], group), matched + unmatched, network.pattern_start[slot, level, kind]
    if first >= 0:
        index = pattern_index(hashed, network.pattern_count[slot, level, kind])
        return int(network.group_patterns[first + index * (size + unmatched) + size + rank])
    bits, rows = network.feistel_bits[slot, level, kind], network.feistel_rows[slot, level, kind]
    return feistel_inverse(matched + rank, size, bits, rows, hashed)


@jit
def place_in_group(network: ImplicitNetwork, slot: int, level: int, group: int, part: int, rank: int) -> int:
    """The place in a group of the member who is passed up from a part of it with a rank."""
    if group == network.partial_group[level]:
        full = network.full_parts[level]
        return int(rank * full + part if part < full else full * network.unmatched[slot, level - 1, FULL] + rank)
    return rank * 10 + part


@jit
def part_and_rank(network: ImplicitNetwork, slot: int, level: int, group: int, place: int) -> tuple[int, int]:
    """The part and the rank of the member at a place of a group: the inverse of `place_in_group`."""
    if group == network.partial_group[level]:
        full = network.full_parts[level]
        before = full * network.unmatched[slot, level - 1, FULL]
        if place >= before:
            return int(full), int(place - before)
        return int(place % full), int(place // full)
    return place % 10, place // 10


@jit
def circle_pattern(network: ImplicitNetwork, slot: int, circle: int) -> int:
    """The row of `circle_patterns` that a circle has in a slot."""
    kind = PARTIAL if circle == network.partial_group[1] else FULL
    index = pattern_index(hash64(network.key[slot, 1], circle), network.pattern_count[slot, 1, kind])
    return int(network.pattern_start[slot, 1, kind] + index)


@jit
def person_at(network: ImplicitNetwork, slot: int, level: int, group: int, place: int) -> int:
    """The person at a place of a group; level 2 or higher."""
    rank = place
    for below in range(level, 1, -1):
        part, rank = part_and_rank(network, slot, below, group, place)
        group = group * 10 + part
        if below > 2:
            place = unmatched_place(network, slot, below - 1, group, rank)
    word = network.circle_patterns[circle_pattern(network, slot, group), 1]
    return group * 10 + int(np.int64((word >> (_FOUR * np.uint64(rank))) & _FIFTEEN))


@jit
def partner(network: ImplicitNetwork, slot: int, person: int) -> tuple[int, int]:
    """The person at the other end of a tie, and the level of the tie; −1 and 0 for the one person who is unmatched at the top."""
    group, digit = person // 10, np.uint64(person % 10)
    word = network.circle_patterns[circle_pattern(network, slot, group), 0]
    found = int(np.int64((word >> (_FOUR * digit)) & _FIFTEEN))  # the partner's digit, or the rank among the unmatched
    if (word >> (_UP + digit)) & _ONE == 0:
        return group * 10 + found, 1
    for level in range(2, network.partial_group.size):
        part, group = group % 10, group // 10
        place = matched_place(network, slot, level, group, place_in_group(network, slot, level, group, part, found))
        if place >= 0:
            return person_at(network, slot, level, group, place), level
        found = -1 - place
    return -1, 0


@jit
def partners(network: ImplicitNetwork, people: NDArray[np.int64], other: NDArray[np.int64], levels: NDArray[np.uint8]) -> None:
    """The partner of some people in each slot, and the level of the tie, into `other` and `levels` (people, slots)."""
    for i in range(people.size):
        for slot in range(network.key.shape[0]):
            other[i, slot], levels[i, slot] = partner(network, slot, people[i])
