"""Ties that take no memory: the k-th tie of a person, computed from their number. docs/ties.md says how and why.

In each slot the members of a group are put into an order of its own; the first of them are paired, the others go up to the wider group.
Small groups take their order from a table of patterns, large ones from a Feistel network, both chosen by the group's number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["ALL", "PARTIAL", "RISEN", "Plan", "backward", "descend", "forward", "lower", "mix", "partner", "partners", "pick"]

ALL, PARTIAL = 0, 1  # the last axis of a plan: groups that are full, and the one of each level that is not
RISEN = 128  # in a pattern: this and the rank among those who go up
_MASK = np.uint64(0xFFFFFFFF)
_ONE, _FIFTEEN, _HALF = np.uint64(1), np.uint64(15), np.uint64(32)
_FOUR, _UP, _LEFT, _RIGHT = np.uint64(4), np.uint64(40), np.uint64(23), np.uint64(41)
_C0, _C1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_C2, _C3 = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B)


class Plan(NamedTuple):
    """How many pair and how many go up: arrays (slots, levels + 1, 2), of groups that are full and of the partial one; row 0 is the people.

    `stay`, `rise`: those who pair within the group, and those who go up. `bits`, `rows`: the sides of the Feistel network, 2^bits by rows.
    `first`, `pool`: where the patterns are and how many; first is −1 where there is a network. `last`, `full` (levels + 1): the partial
    group of a level, or −1, and how many full parts it has. `key` (slots, levels + 1). `circle` (patterns, 2): the partner or the rank of
    each of the ten, four bits each, who goes up in bits 40 to 49; and who has each rank. `table`: the patterns of the other small groups.
    """

    stay: NDArray[np.int64]
    rise: NDArray[np.int64]
    bits: NDArray[np.uint64]
    rows: NDArray[np.uint64]
    first: NDArray[np.int64]
    pool: NDArray[np.uint64]
    last: NDArray[np.int64]
    full: NDArray[np.int64]
    key: NDArray[np.uint64]
    circle: NDArray[np.uint64]
    table: NDArray[np.uint8]


@jit
def mix(key: np.uint64, group: int | np.uint64) -> np.uint64:
    """64 bits for a group, by the key of its slot and level."""
    z = (np.uint64(group) + key) * _C0
    z ^= z >> _HALF
    z *= _C1
    z ^= z >> _HALF
    z *= _C1
    return z ^ (z >> _HALF)


@jit
def pick(bits: np.uint64, count: np.uint64) -> int:
    """One of `count` patterns."""
    return int(np.int64(((bits >> _HALF) * count) >> _HALF))


@jit
def _word(value: np.uint64, key: np.uint64) -> np.uint64:
    """32 bits for a value and the lower half of a key."""
    h = ((value ^ (key & _MASK)) * _C2) & _MASK
    return ((h ^ (h >> np.uint64(15))) * _C3) & _MASK


@jit
def forward(place: int, size: int, bits: np.uint64, rows: np.uint64, key: np.uint64) -> int:
    """Where the member at a place comes in the order of a large group: three rounds of a Feistel network, again while outside."""
    x, down = np.uint64(place), _HALF - bits
    mask = (_ONE << bits) - _ONE
    while True:
        low, high, k = x & mask, x >> bits, key
        for _ in range(3):
            low ^= _word(high, k) >> down
            k = (k >> _LEFT) | (k << _RIGHT)
            high += (_word(low, k) * rows) >> _HALF
            if high >= rows:
                high -= rows
            k = (k >> _LEFT) | (k << _RIGHT)
        x = (high << bits) | low
        if np.int64(x) < size:
            return int(np.int64(x))


@jit
def backward(place: int, size: int, bits: np.uint64, rows: np.uint64, key: np.uint64) -> int:
    """The inverse of `forward`."""
    x, down = np.uint64(place), _HALF - bits
    mask = (_ONE << bits) - _ONE
    last = (key << np.uint64(13)) | (key >> np.uint64(51))  # after five turns by 23 bits to the right
    while True:
        low, high, k = x & mask, x >> bits, last
        for _ in range(3):
            high += rows - ((_word(low, k) * rows) >> _HALF)
            if high >= rows:
                high -= rows
            k = (k << _LEFT) | (k >> _RIGHT)
            low ^= _word(high, k) >> down
            k = (k << _LEFT) | (k >> _RIGHT)
        x = (high << bits) | low
        if np.int64(x) < size:
            return int(np.int64(x))


@jit
def lift(plan: Plan, slot: int, level: int, group: int, place: int) -> int:
    """The place of a member's partner in the group, or −1 − the rank with which they go up (level 2 or higher)."""
    which = PARTIAL if group == plan.last[level] else ALL
    stay, rise = plan.stay[slot, level, which], plan.rise[slot, level, which]
    bits, size, first = mix(plan.key[slot, level], group), stay + rise, plan.first[slot, level, which]
    if first >= 0:
        found = int(plan.table[first + pick(bits, plan.pool[slot, level, which]) * (size + rise) + place])
        return found if found < RISEN else RISEN - 1 - found
    b, rows = plan.bits[slot, level, which], plan.rows[slot, level, which]
    at = forward(place, size, b, rows, bits)
    return backward(at ^ 1, size, b, rows, bits) if at < stay else stay - 1 - at


@jit
def lower(plan: Plan, slot: int, level: int, group: int, rank: int) -> int:
    """The place in the group of the one who goes up with a rank (level 2 or higher)."""
    which = PARTIAL if group == plan.last[level] else ALL
    stay, rise = plan.stay[slot, level, which], plan.rise[slot, level, which]
    bits, size, first = mix(plan.key[slot, level], group), stay + rise, plan.first[slot, level, which]
    if first >= 0:
        return int(plan.table[first + pick(bits, plan.pool[slot, level, which]) * (size + rise) + size + rank])
    return backward(stay + rank, size, plan.bits[slot, level, which], plan.rows[slot, level, which], bits)


@jit
def enter(plan: Plan, slot: int, level: int, group: int, part: int, rank: int) -> int:
    """The place in a group of the one who comes from a part of it with a rank."""
    if group == plan.last[level]:
        full = plan.full[level]
        return int(rank * full + part if part < full else full * plan.rise[slot, level - 1, ALL] + rank)
    return rank * 10 + part


@jit
def leave(plan: Plan, slot: int, level: int, group: int, place: int) -> tuple[int, int]:
    """The part and the rank of the one at a place: the inverse of `enter`."""
    if group == plan.last[level]:
        full = plan.full[level]
        before = full * plan.rise[slot, level - 1, ALL]
        if place >= before:
            return int(full), int(place - before)
        return int(place % full), int(place // full)
    return place % 10, place // 10


@jit
def circle_row(plan: Plan, slot: int, circle: int) -> int:
    """Which pattern the circle has in a slot."""
    which = PARTIAL if circle == plan.last[1] else ALL
    return int(plan.first[slot, 1, which] + pick(mix(plan.key[slot, 1], circle), plan.pool[slot, 1, which]))


@jit
def descend(plan: Plan, slot: int, level: int, group: int, place: int) -> int:
    """The person at a place of a group (level 2 or higher)."""
    rank = place
    for below in range(level, 1, -1):
        part, rank = leave(plan, slot, below, group, place)
        group = group * 10 + part
        if below > 2:
            place = lower(plan, slot, below - 1, group, rank)
    row = plan.circle[circle_row(plan, slot, group), 1]
    return group * 10 + int(np.int64((row >> (_FOUR * np.uint64(rank))) & _FIFTEEN))


@jit
def partner(plan: Plan, slot: int, person: int) -> tuple[int, int]:
    """The other end of a tie and its level; −1 and 0 for the one whom a slot has left over."""
    group, digit = person // 10, np.uint64(person % 10)
    row = plan.circle[circle_row(plan, slot, group), 0]
    found = int(np.int64((row >> (_FOUR * digit)) & _FIFTEEN))
    if (row >> (_UP + digit)) & _ONE == 0:
        return group * 10 + found, 1
    for level in range(2, plan.last.size):
        part, group = group % 10, group // 10
        place = lift(plan, slot, level, group, enter(plan, slot, level, group, part, found))
        if place >= 0:
            return descend(plan, slot, level, group, place), level
        found = -1 - place
    return -1, 0


@jit
def partners(plan: Plan, people: NDArray[np.int64], other: NDArray[np.int64], levels: NDArray[np.uint8]) -> None:
    """The partner in each slot of some people, and the level of the tie, into `other` and `levels` (people, slots)."""
    for i in range(people.size):
        for slot in range(plan.key.shape[0]):
            other[i, slot], levels[i, slot] = partner(plan, slot, people[i])
