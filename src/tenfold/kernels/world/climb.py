"""The ties of many people at once: all who try in a slot climb its levels together, and come down together at their partners.

It finds what `ties.partner` finds, in loops of few operations each, most of which the compiler makes for several people at a time. Numbers
are divided as floating point numbers, as processors have no other way to divide many at once: (n + ½) / 10 is never near a whole number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.world.ties import ALL, PARTIAL, RISEN, Plan, backward, descend, forward, lower, mix, pick

__all__ = ["Climb", "climb_all", "fall_all"]

_MASK = np.uint64(0xFFFFFFFF)
_ONE, _TEN, _HALF, _FIFTEEN = np.uint64(1), np.uint64(10), np.uint64(32), np.uint64(15)
_LEFT, _RIGHT, _TURNED, _REST = np.uint64(23), np.uint64(41), np.uint64(13), np.uint64(51)
_C2, _C3 = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B)


class Climb(NamedTuple):
    """Room for a batch: the group and the rank of those who climb or fall, the group and the place of those who rest at a level (where:
    `marks`), and keys."""

    group: NDArray[np.uint64]
    rank: NDArray[np.uint64]
    key: NDArray[np.uint64]
    rest: NDArray[np.uint64]
    seat: NDArray[np.uint64]
    rest_key: NDArray[np.uint64]
    marks: NDArray[np.int64]


@jit
def climb_all(plan: Plan, slot: int, circle: int, climbing: int, room: Climb) -> None:
    """From level 1 up: who has a partner at a level comes to rest there, as the partner's place. `circle`: any of a block that is full."""
    top, resting, group = plan.last.size - 1, 0, circle
    for level in range(2, top + 1):
        group //= 10
        room.marks[level] = resting
        if climbing:
            which = PARTIAL if group == plan.last[level] else ALL
            climbing, resting = _climb(plan, slot, level, which, climbing, resting, room)
    room.marks[top + 1] = resting


@jit
def _climb(plan: Plan, slot: int, level: int, which: int, climbing: int, resting: int, room: Climb) -> tuple[int, int]:
    """One level up. Returns how many go on, and how many rest by now."""
    group, rank, key = room.group, room.rank, room.key
    rest, seat, rest_key = room.rest, room.seat, room.rest_key
    own_key, full, before = plan.key[slot, level], np.uint64(10), np.uint64(0)
    if which == PARTIAL:
        full = np.uint64(plan.full[level])
        before = full * np.uint64(plan.rise[slot, level - 1, ALL])
    for i in range(climbing):
        below = group[i]
        own = np.uint64(np.int64((np.float64(np.int64(below)) + 0.5) * 0.1))
        part = below - own * _TEN
        group[i], key[i] = own, mix(own_key, own)
        rank[i] = rank[i] * full + part if part < full else before + rank[i]
    stay, rise, first = plan.stay[slot, level, which], plan.rise[slot, level, which], plan.first[slot, level, which]
    goes, begin, size = 0, resting, stay + rise
    if first >= 0:
        count, table, risen = plan.pool[slot, level, which], plan.table[first:], np.uint64(RISEN)
        for i in range(climbing):
            found = np.uint64(table[pick(key[i], count) * (size + rise) + np.int64(rank[i])])
            rest[resting], seat[resting], up = group[i], found, found >= risen
            group[goes], rank[goes] = group[i], found - risen
            resting += 1 - int(up)
            goes += int(up)
        return goes, resting
    bits, rows, some = plan.bits[slot, level, which], plan.rows[slot, level, which], np.uint64(stay)
    _forward_all(rank, key, climbing, size, bits, rows)
    for i in range(climbing):
        found = rank[i]
        up = found >= some
        rest[resting], seat[resting], rest_key[resting] = group[i], found ^ _ONE, key[i]
        group[goes], rank[goes] = group[i], found - some
        resting += 1 - int(up)
        goes += int(up)
    _backward_all(seat[begin:], rest_key[begin:], resting - begin, size, bits, rows)
    return goes, resting


@jit
def fall_all(plan: Plan, slot: int, circle: int, room: Climb, far: NDArray[np.int64], out: int) -> tuple[int, int, int]:
    """From the top down to a circle and a rank in it, in `group` and `rank`; those who come through a partial group go into `far` at once.

    Returns how many have come down, how many of them from above level 5 (they are first), and how many there are in `far`.
    """
    top, falling, wide = plan.last.size - 1, 0, 0
    group, rank, marks = room.group, room.rank, room.marks
    for level in range(top, 1, -1):
        if level == 5:
            wide = falling
        if falling:
            if plan.last[level] >= 0:
                falling, out = _aside(plan, slot, level, falling, room, far, out)
            _fall(plan, slot, level, falling, room)
            _leave(plan, slot, level, ALL, 0, falling, room)
        begin, some = falling, marks[level + 1] - marks[level]
        group[begin : begin + some] = room.rest[marks[level] : marks[level + 1]]
        rank[begin : begin + some] = room.seat[marks[level] : marks[level + 1]]
        falling += some
        which = PARTIAL if circle // 10 ** (level - 1) == plan.last[level] else ALL
        _leave(plan, slot, level, which, begin, falling, room)
    return falling, wide, out


@jit
def _aside(plan: Plan, slot: int, level: int, falling: int, room: Climb, far: NDArray[np.int64], out: int) -> tuple[int, int]:
    """Those who fall through the partial group of a level, one by one."""
    kept, last = 0, np.uint64(plan.last[level])
    for i in range(falling):
        if room.group[i] == last:
            place = lower(plan, slot, level, plan.last[level], int(np.int64(room.rank[i])))
            person = descend(plan, slot, level, plan.last[level], place)
            far[out] = person // 10 << 4 | person % 10
            out += 1
        else:
            room.group[kept], room.rank[kept] = room.group[i], room.rank[i]
            kept += 1
    return kept, out


@jit
def _fall(plan: Plan, slot: int, level: int, falling: int, room: Climb) -> None:
    """The places of those who have a rank in full groups."""
    group, rank, key, own_key = room.group, room.rank, room.key, plan.key[slot, level]
    stay, rise, first = plan.stay[slot, level, ALL], plan.rise[slot, level, ALL], plan.first[slot, level, ALL]
    size = stay + rise
    for i in range(falling):
        key[i] = mix(own_key, group[i])
    if first >= 0:
        count, table = plan.pool[slot, level, ALL], plan.table[first + size :]
        for i in range(falling):
            rank[i] = np.uint64(table[pick(key[i], count) * (size + rise) + np.int64(rank[i])])
        return
    some = np.uint64(stay)
    for i in range(falling):
        rank[i] += some
    _backward_all(rank, key, falling, size, plan.bits[slot, level, ALL], plan.rows[slot, level, ALL])


@jit
def _leave(plan: Plan, slot: int, level: int, which: int, low: int, high: int, room: Climb) -> None:
    """From a place in a group to a rank in a part of it, rows low..high − 1."""
    group, rank = room.group, room.rank
    if which == ALL:
        for i in range(low, high):
            place = rank[i]
            row = np.uint64(np.int64((np.float64(np.int64(place)) + 0.5) * 0.1))
            group[i], rank[i] = group[i] * _TEN + place - row * _TEN, row
        return
    full = np.uint64(plan.full[level])
    before = full * np.uint64(plan.rise[slot, level - 1, ALL])
    for i in range(low, high):
        place = rank[i]
        if place >= before:
            group[i], rank[i] = group[i] * _TEN + full, place - before
        else:
            group[i], rank[i] = group[i] * _TEN + place % full, place // full


@jit
def _forward_all(
    place: NDArray[np.uint64], key: NDArray[np.uint64], count: int, size: int, bits: np.uint64, rows: np.uint64
) -> None:
    """`ties.forward` of many."""
    mask, down, high_most, most = (_ONE << bits) - _ONE, _HALF - bits, rows & _MASK, np.uint64(size)
    for i in range(count):
        low, high, k = place[i] & mask, place[i] >> bits, key[i]
        for _ in range(3):
            h = ((high ^ (k & _MASK)) * _C2) & _MASK
            low ^= (((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) >> down
            k = (k >> _LEFT) | (k << _RIGHT)
            h = ((low ^ (k & _MASK)) * _C2) & _MASK
            high += ((((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) * high_most) >> _HALF
            high = min(high, high - rows)
            k = (k >> _LEFT) | (k << _RIGHT)
        place[i] = (high << bits) | low
    for i in range(count):
        if place[i] >= most:
            place[i] = forward(int(np.int64(place[i])), size, bits, rows, key[i])


@jit
def _backward_all(
    place: NDArray[np.uint64], key: NDArray[np.uint64], count: int, size: int, bits: np.uint64, rows: np.uint64
) -> None:
    """`ties.backward` of many."""
    mask, down, high_most, most = (_ONE << bits) - _ONE, _HALF - bits, rows & _MASK, np.uint64(size)
    for i in range(count):
        low, high, k = place[i] & mask, place[i] >> bits, (key[i] << _TURNED) | (key[i] >> _REST)
        for _ in range(3):
            h = ((low ^ (k & _MASK)) * _C2) & _MASK
            high += rows - (((((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) * high_most) >> _HALF)
            high = min(high, high - rows)
            k = (k << _LEFT) | (k >> _RIGHT)
            h = ((high ^ (k & _MASK)) * _C2) & _MASK
            low ^= (((h ^ (h >> _FIFTEEN)) * _C3) & _MASK) >> down
            k = (k << _LEFT) | (k >> _RIGHT)
        place[i] = (high << bits) | low
    for i in range(count):
        if place[i] >= most:
            place[i] = backward(int(np.int64(place[i])), size, bits, rows, key[i])
