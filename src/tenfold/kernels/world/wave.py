"""A wave over ties that take no memory: who is newly reached tries each of their ties, block by block of people.

A circle is one word of 32 bits: bits 0 to 9 say who is reached, 10 to 19 who newly so, 20 to 29 who will be. A thread works on blocks of
100,000 people, the groups of level 5. Most partners are in the block; the others are written down, and delivered region by region.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import bernoulli_bits
from tenfold.kernels.world.climb import Climb, climb_all, fall_all
from tenfold.kernels.world.ties import ALL, Plan, circle_row, mix, partner, pick

__all__ = ["ALWAYS", "BLOCK", "CHANCES", "CROWD", "Room", "deliver", "reach", "sort_far", "spread", "turn"]

BLOCK = 10_000  # circles
CHANCES = 66  # the stream of the draws: does a tie that is tried carry the wave
CROWD = 2048  # people of a batch
ALWAYS = 1 << 32  # the chance at which nothing is drawn
_DENSE = 1000  # people of a block from which on the patterns of all its circles are looked up beforehand
_FEW = 16  # people of a block up to whom each is taken alone
_TEN, _FRESH, _COMING, _HIT = np.uint32(0x3FF), np.uint32(10), np.uint32(20), np.uint32(1)
_PLACE, _DIGIT = np.uint32(4), np.uint32(15)  # of an entry: which bits tell the circle
_FOUR, _FIFTEEN, _UP, _ONE = np.uint64(4), np.uint64(15), np.uint64(40), np.uint64(1)


class Room(NamedTuple):
    """A thread's own, for a block: the circle and digit of each who tries (circle · 16 + digit, from the block's first), the slots that
    they try, the pattern of each circle, whom they hit in it; and the far ones who are hit, as they come and `sorted` by region."""

    crowd: NDArray[np.uint32]
    tries: NDArray[np.uint32]
    row: NDArray[np.uint32]
    word: NDArray[np.uint64]
    hits: NDArray[np.uint32]
    climb: Climb
    far: NDArray[np.int64]
    sorted: NDArray[np.int64]


@jit
def spread(
    plan: Plan, state: NDArray[np.uint32], awake: NDArray[np.uint8], touched: NDArray[np.uint8], low: int, high: int, chance: int,
    seed: int, room: Room, far: int,
) -> tuple[int, int]:  # fmt: skip
    """Try the ties of all who are fresh in blocks low..high − 1. Returns the block that comes next and how many far ones there are.

    It stops early where there may be no room for the far ones of a block more.
    """
    slots = plan.key.shape[0]
    for block in range(low, high):
        if awake[block] == 0:
            continue
        if far + 10 * BLOCK * slots > room.far.size:
            return block, far
        first = block * BLOCK
        here = state[first : first + BLOCK]
        crowd = _gather(here, room.crowd)
        if chance < ALWAYS:
            _draw(crowd, first, chance, slots, seed, room)
        touched[block] = 1
        if crowd < _FEW or here.size < BLOCK or plan.last[1] == first + BLOCK - 1:
            far = _one_by_one(plan, here, first, crowd, chance, room, far)
        else:
            far = _together(plan, here, first, crowd, chance, room, far)
    return high, far


@jit
def _gather(here: NDArray[np.uint32], crowd: NDArray[np.uint32]) -> int:
    """Who is fresh in a block."""
    count = 0
    for circle in range(here.size):
        fresh = (here[circle] >> _FRESH) & _TEN
        if fresh:
            for digit in range(10):
                crowd[count] = circle << 4 | digit
                count += int((fresh >> np.uint32(digit)) & _HIT)
    return count


@jit
def _draw(crowd: int, first: int, chance: int, slots: int, seed: int, room: Room) -> None:
    """Which of the ties of each carry the wave: a lane a slot."""
    every = np.uint64((1 << slots) - 1)
    for i in range(crowd):
        who = (first + int(room.crowd[i] >> _PLACE)) * 10 + int(room.crowd[i] & _DIGIT)
        room.tries[i] = np.uint32(bernoulli_bits(np.uint64(chance), every, CHANCES, 0, who, who >> 32, seed, seed >> 32))


@jit
def _one_by_one(plan: Plan, here: NDArray[np.uint32], first: int, crowd: int, chance: int, room: Room, far: int) -> int:
    """The ties of those in a block that is not full."""
    for i in range(crowd):
        person = (first + int(room.crowd[i] >> _PLACE)) * 10 + int(room.crowd[i] & _DIGIT)
        for slot in range(plan.key.shape[0]):
            if chance < ALWAYS and (room.tries[i] >> np.uint32(slot)) & _HIT == 0:
                continue
            other = partner(plan, slot, person)[0]
            circle = other // 10
            if first <= circle < first + here.size:
                here[circle - first] |= _HIT << (_COMING + np.uint32(other % 10))
            elif other >= 0:
                room.far[far] = circle << 4 | other % 10
                far += 1
    return far


@jit
def _together(plan: Plan, here: NDArray[np.uint32], first: int, crowd: int, chance: int, room: Room, far: int) -> int:
    """The ties of those in a full block, in batches that do not part a circle."""
    dense = crowd >= _DENSE
    if dense:
        room.hits[:] = 0
    for slot in range(plan.key.shape[0]):
        base, count, key = plan.first[slot, 1, ALL], plan.pool[slot, 1, ALL], plan.key[slot, 1]
        circle = plan.circle[base : base + int(count)]
        if dense:
            _words(circle, key, count, first, room)
        low = 0
        while low < crowd:
            high = min(low + CROWD, crowd)
            while high < crowd and room.crowd[high] >> _PLACE == room.crowd[high - 1] >> _PLACE:
                high -= 1
            if not dense:
                for i in range(low, high):
                    own = room.crowd[i] >> _PLACE
                    room.word[own] = circle[pick(mix(key, first + int(own)), count), 0]
            climbing = _circles(first, low, high, slot, chance < ALWAYS, room)
            climb_all(plan, slot, first, climbing, room.climb)
            falling, wide, far = fall_all(plan, slot, first, room.climb, room.far, far)
            far = _land(plan, slot, circle, here, first, falling, wide, dense, room, far)
            low = high
        if dense:
            for i in range(BLOCK):
                here[i] |= room.hits[i]
        else:
            for i in range(crowd):
                own = room.crowd[i] >> _PLACE
                here[own] |= room.hits[own]
    return far


@jit
def _words(circle: NDArray[np.uint64], key: np.uint64, count: np.uint64, first: int, room: Room) -> None:
    """The patterns of all circles of a block in a slot."""
    for i in range(BLOCK):
        room.row[i] = pick(mix(key, first + i), count)
    for i in range(BLOCK):
        room.word[i] = circle[room.row[i], 0]


@jit
def _circles(first: int, low: int, high: int, slot: int, draws: bool, room: Room) -> int:
    """Level 1: whom they hit in their circles; the others climb. Returns how many."""
    group, rank, hits, crowd, word = room.climb.group, room.climb.rank, room.hits, room.crowd, room.word
    climbing, before, hit, shift = 0, np.uint32(0xFFFFFFFF), np.uint32(0), np.uint32(slot)
    for i in range(low, high):
        one = crowd[i]
        own, digit = one >> _PLACE, np.uint64(one & _DIGIT)
        pattern = word[own]
        found, up = (pattern >> (_FOUR * digit)) & _FIFTEEN, np.uint32((pattern >> (_UP + digit)) & _ONE)
        tries = (room.tries[i] >> shift) & _HIT if draws else _HIT
        hit = (hit if own == before else np.uint32(0)) | ((up ^ _HIT) & tries) << (_COMING + np.uint32(found))
        before = own
        hits[own] = hit
        group[climbing], rank[climbing] = np.uint64(first) + np.uint64(own), found
        climbing += int(up & tries)
    return climbing


@jit
def _land(
    plan: Plan, slot: int, circle: NDArray[np.uint64], here: NDArray[np.uint32], first: int, falling: int, wide: int, dense: bool,
    room: Room, far: int,
) -> int:  # fmt: skip
    """Hit those who have a rank in a circle; the far ones, among the first `wide`, are written down."""
    group, rank, row = room.climb.group, room.climb.rank, room.row
    for i in range(wide):
        own = int(np.int64(group[i]))
        pattern = plan.circle[circle_row(plan, slot, own), 1]
        digit = (pattern >> (_FOUR * rank[i])) & _FIFTEEN
        if first <= own < first + BLOCK:
            here[own - first] |= _HIT << (_COMING + np.uint32(digit))
        else:
            room.far[far] = own << 4 | int(digit)
            far += 1
    if not dense:
        key, count = plan.key[slot, 1], plan.pool[slot, 1, ALL]
        for i in range(wide, falling):
            row[int(np.int64(group[i])) - first] = pick(mix(key, int(np.int64(group[i]))), count)
    for i in range(wide, falling):
        own = int(np.int64(group[i])) - first
        here[own] |= _HIT << (_COMING + np.uint32((circle[row[own], 1] >> (_FOUR * rank[i])) & _FIFTEEN))
    return far


@jit
def sort_far(room: Room, size: int, width: int, start: NDArray[np.int64]) -> None:
    """The far ones by region of `width` circles, into `sorted`; `start` (regions + 1): where each region begins."""
    far, out = room.far, room.sorted
    start[:] = 0
    for i in range(size):
        start[(far[i] >> 4) // width + 1] += 1
    for region in range(start.size - 1):
        start[region + 1] += start[region]
    for i in range(size):
        region = (far[i] >> 4) // width
        out[start[region]] = far[i]
        start[region] += 1
    for region in range(start.size - 1, 0, -1):
        start[region] = start[region - 1]
    start[0] = 0


@jit
def deliver(far: NDArray[np.int64], state: NDArray[np.uint32], touched: NDArray[np.uint8]) -> None:
    """Hit the far ones."""
    for i in range(far.size):
        circle = far[i] >> 4
        state[circle] |= _HIT << (_COMING + np.uint32(far[i] & 15))
        touched[circle // BLOCK] = 1


@jit
def turn(
    state: NDArray[np.uint32], awake: NDArray[np.uint8], touched: NDArray[np.uint8], low: int, high: int, key: np.uint64
) -> tuple[int, np.uint64]:
    """The next step begins in blocks low..high − 1: who was hit and is not reached is fresh. Returns how many, and a sum that tells who."""
    found, told = 0, np.uint64(0)
    for block in range(low, high):
        if awake[block] == 0 and touched[block] == 0:
            continue
        here, some = state[block * BLOCK : (block + 1) * BLOCK], np.uint32(0)
        for i in range(here.size):
            word = here[i]
            reached = word & _TEN
            fresh = (word >> _COMING) & ~reached & _TEN
            here[i] = reached | fresh | fresh << _FRESH
            some |= fresh
        awake[block], touched[block] = some != 0, 0
        if some:
            for i in range(here.size):
                fresh = (here[i] >> _FRESH) & _TEN
                told += mix(key, (block * BLOCK + i) << 10 | int(fresh)) if fresh else np.uint64(0)
                for digit in range(10):
                    found += int((fresh >> np.uint32(digit)) & _HIT)
    return found, told


@jit
def reach(state: NDArray[np.uint32], people: int, some: NDArray[np.int64], every: NDArray[np.int64]) -> None:
    """Groups of each level in which somebody is reached, and in which everybody is; level 0 is people."""
    top = some.size - 1
    any_in, all_in = np.zeros(top + 1, np.uint8), np.ones(top + 1, np.uint8)
    for circle in range(state.size):
        reached, full = state[circle] & _TEN, _TEN
        if circle == state.size - 1 and people % 10:
            full = np.uint32((1 << (people % 10)) - 1)
        for digit in range(10):
            some[0] += int((reached >> np.uint32(digit)) & _HIT)
        any_in[1], all_in[1] = reached != 0, reached == full
        number, level = circle, 1
        while True:  # a group ends where its number does, or the world
            some[level] += any_in[level]
            every[level] += all_in[level]
            if level == top:
                break
            any_in[level + 1] |= any_in[level]
            all_in[level + 1] &= all_in[level]
            any_in[level], all_in[level] = 0, 1
            if number % 10 < 9 and circle < state.size - 1:
                break
            number //= 10
            level += 1
    every[0] = some[0]
