"""The rules of a model, a short function each: who is hit at one step, on some of the rows that it is tried on.

All write who is marked into `out` and return how many. A person is marked once: the first rule that fires wins. Draws belong to rule, step
and the people (or the group, or the contact) concerned, 32 to a block, so that most cost a bit or four.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import BATCH, FIRED, HITS, PART, WANTED, WHO, WORDS, below, blocks, draw, lanes, lanes_many, lowest, zero
from tenfold.kernels.spread import ALWAYS, NOTHING, here

__all__ = ["alone", "enough", "look", "meet", "move", "push"]

_LOOKS = 253  # stream of whom somebody looks at, the same for all rules
_FULL = np.uint64(0xFFFFFFFF)
_ONE, _HALF = np.uint64(1), np.uint64(32)


@jit
def _whole(chance: np.uint32) -> np.uint64:
    """A chance as it is stored, in 2⁻³²."""
    return np.uint64(chance) + np.uint64(chance == ALWAYS)


@jit
def _fires(chance: np.uint64, trait: NDArray[np.uint32], rule: int, i: int, step: int, seed: int, replicate: int) -> bool:
    """Whether somebody's own draw for a rule is below the chance, or below their personal one; 32 neighbours in number share blocks."""
    own = _whole(trait[i]) if trait.size else chance
    return bool(lanes(own, _ONE << np.uint64(i & 31), rule, step, i >> 5, zero(), seed, replicate))


@jit
def alone(
    listed: NDArray[np.int32], low: int, high: int, state: NDArray[np.uint8], wide: NDArray[np.uint64], mark: NDArray[np.uint8],
    source: int, chance: np.uint64, trait: NDArray[np.uint32], rule: int, step: int, seed: int, replicate: int, room: NDArray[np.uint32],
    out: NDArray[np.int32],
) -> int:  # fmt: skip
    """Rules for somebody alone; `listed` is empty where everybody is looked at."""
    found = count = zero()
    if listed.size or trait.size:
        for k in range(low, high):
            i = int(np.int64(listed[k])) if listed.size else k
            if state[i] == source and mark[i] == NOTHING and _fires(chance, trait, rule, i, step, seed, replicate):
                mark[i] = rule
                out[found] = i
                found += 1
        return found
    last = (high - 1) >> 5
    for chunk in range(low >> 5, last + 1):
        room[WHO, count], room[PART, count], room[WANTED, count] = chunk, 0, here(wide, chunk, source)
        count += room[WANTED, count] != 0
        if count == BATCH or (chunk == last and count):
            lanes_many(chance, room, count, rule, step, seed, replicate)
            for k in range(count):
                fired = np.uint64(room[FIRED, k])
                while fired:
                    i = 32 * int(np.int64(room[WHO, k])) + lowest(fired)
                    if mark[i] == NOTHING:
                        mark[i] = rule
                        out[found] = i
                        found += 1
                    fired &= fired - _ONE
            count = 0
    return found


@jit
def push(
    actors: NDArray[np.int32], low: int, high: int, start: NDArray[np.int64], reached: NDArray[np.int32], weight: NDArray[np.uint32],
    state: NDArray[np.uint8], wide: NDArray[np.uint64], mark: NDArray[np.uint8], source: int, via: int, chance: np.uint64,
    rule: int, step: int, seed: int, replicate: int, room: NDArray[np.uint32], out: NDArray[np.int32],
) -> int:  # fmt: skip
    """People who act try everybody whom they can reach, groups all their members, 32 at once; only those who are hit are looked at.

    `actors` is empty where everybody is looked at for who is in `via`. In short loops, so that the memory is asked for much at once.
    """
    who, part, wanted, hit = room[WHO], room[PART], room[WANTED], room[HITS : HITS + 32].reshape(-1)
    row, chunk, last, mask = low, (low >> 5) - 1, (high - 1) >> 5, np.uint64(0)
    i, number, rest, found, more = zero(), 0, zero(), 0, True
    while more:
        count = zero()
        while count < BATCH:
            if rest <= 0:
                if actors.size:
                    if row == high:
                        more = False
                        break
                    i = int(np.int64(actors[row]))
                    row += 1
                else:
                    while mask == 0 and chunk < last:
                        chunk += 1
                        mask = here(wide, chunk, via)
                    if mask == 0:
                        more = False
                        break
                    i = 32 * chunk + lowest(mask)
                    mask &= mask - _ONE
                rest, number = start[i + 1] - start[i], 0
                if rest == 0:
                    continue
            who[count], part[count] = i, number
            wanted[count] = 0xFFFFFFFF if rest >= 32 else (1 << rest) - 1
            rest -= 32
            number += 1
            count += 1
        if weight.size:
            _weigh(start, weight, rule, step, seed, replicate, room, count)
        else:
            lanes_many(chance, room, count, rule, step, seed, replicate)
        hits = kept = 0
        for k in range(count):
            fired = np.uint64(room[FIRED, k])
            first = start[who[k]] + 32 * np.int64(part[k])
            while fired:
                hit[hits] = reached[first + lowest(fired)]
                hits += 1
                fired &= fired - _ONE
        for k in range(hits):
            hit[kept] = hit[k]
            kept += state[hit[k]] == source
        for k in range(kept):
            if mark[hit[k]] == NOTHING:
                mark[hit[k]] = rule
                out[found] = hit[k]
                found += 1
    return found


@jit
def _weigh(
    start: NDArray[np.int64], weight: NDArray[np.uint32], rule: int, step: int, seed: int, replicate: int,
    room: NDArray[np.uint32], count: int,
) -> None:  # fmt: skip
    """`lanes_many` where each arc has a chance of its own: the first four bits of its draw decide most of them."""
    blocks(room, zero() + WHO, count, rule, step, seed, replicate)
    for k in range(count):
        one, two, three, four = room[WORDS, k], room[WORDS + 1, k], room[WORDS + 2, k], room[WORDS + 3, k]
        first = start[room[WHO, k]] + 32 * np.int64(room[PART, k])
        last = min(start[room[WHO, k] + 1], first + 32)
        fired, unclear = np.uint32(0), np.uint32(0)
        for arc in range(first, last):
            lane = np.uint32(arc - first)
            nibble = ((one >> lane) & 1) << 3 | ((two >> lane) & 1) << 2 | ((three >> lane) & 1) << 1 | ((four >> lane) & 1)
            top = weight[arc] >> 28
            fired |= np.uint32(nibble < top) << lane
            unclear |= np.uint32(nibble == top) << lane
        rest = np.uint64(unclear)
        while rest:
            chance = _whole(weight[first + lowest(rest)])
            fired |= np.uint32(
                lanes(
                    chance,
                    rest & (~rest + _ONE),
                    rule,
                    step,
                    int(np.int64(room[WHO, k])),
                    int(np.int64(room[PART, k])),
                    seed,
                    replicate,
                )
            )
            rest &= rest - _ONE
        room[FIRED, k] = fired


@jit
def meet(
    one: NDArray[np.int32], two: NDArray[np.int32], one_way: np.uint8, begin: int, low: int, high: int, state: NDArray[np.uint8],
    mark: NDArray[np.uint8], source: int, via: int, chance: np.uint64, rule: int, step: int, seed: int, replicate: int,
    out: NDArray[np.int32],
) -> int:  # fmt: skip
    """The contacts of one window of time, both ways; rows are numbers of contacts within the window, low a multiple of 32."""
    found = 0
    for first in range(low, high, 32):
        for back in range(1 if one_way else 2):
            wanted = np.uint64(0)
            for k in range(min(32, high - first)):
                a, b = one[begin + first + k], two[begin + first + k]
                who, whom = (b, a) if back else (a, b)
                wanted |= np.uint64((state[who] == via) & (state[whom] == source)) << np.uint64(k)
            fired = lanes(chance, wanted, rule, step, first >> 5, back, seed, replicate)
            while fired:
                at = begin + first + lowest(fired)
                j = one[at] if back else two[at]
                if mark[j] == NOTHING:
                    mark[j] = rule
                    out[found] = j
                    found += 1
                fired &= fired - _ONE
    return found


@jit
def enough(
    queue: NDArray[np.int32], low: int, high: int, left: NDArray[np.int32], state: NDArray[np.uint8], mark: NDArray[np.uint8],
    source: int, chance: np.uint64, trait: NDArray[np.uint32], rule: int, step: int, seed: int, replicate: int,
    out: NDArray[np.int32],
) -> int:  # fmt: skip
    """THRESHOLD: those in the queue for whom it is enough."""
    found = 0
    for k in range(low, high):
        i = int(np.int64(queue[k]))
        if left[i] <= 0 and state[i] == source and mark[i] == NOTHING:
            if _fires(chance, trait, rule, i, step, seed, replicate):
                mark[i] = rule
                out[found] = i
                found += 1
    return found


@jit
def look(
    listed: NDArray[np.int32], low: int, high: int, start: NDArray[np.int64], reached: NDArray[np.int32], looks: int, layer: int,
    state: NDArray[np.uint8], mark: NDArray[np.uint8], source: int, via: int, chance: np.uint64, trait: NDArray[np.uint32],
    rule: int, step: int, seed: int, replicate: int, out: NDArray[np.int32],
) -> int:  # fmt: skip
    """IMITATION: everybody in `source` looks at some of those who can reach them, drawn at random, one after the other."""
    found = 0
    for k in range(low, high):
        i = int(np.int64(listed[k])) if listed.size else k
        degree = start[i + 1] - start[i]
        same = state[i] == source and mark[i] == NOTHING and degree > 0
        look = 0
        while same and look < looks:
            seen = reached[start[i] + below(degree, seed, replicate, _LOOKS, step, i, look << 8 | layer)]
            same = state[seen] == via
            look += 1
        if same and _fires(chance, trait, rule, i, step, seed, replicate):
            mark[i] = rule
            out[found] = i
            found += 1
    return found


@jit
def move(
    named: NDArray[np.int32], count: int, share: np.uint64, rest: int, state: NDArray[np.uint8], mark: NDArray[np.uint8],
    source: int, rule: int, step: int, seed: int, replicate: int, out: NDArray[np.int32],
) -> int:  # fmt: skip
    """MOVE: those named, or so many of the `rest` people in `source`, drawn in order of their numbers (Knuth's algorithm S)."""
    found = 0
    if count == -2:
        for i in named:
            if state[i] == source and mark[i] == NOTHING:
                mark[i] = rule
                out[found] = i
                found += 1
        return found
    wanted = min(count, rest)
    if count < 0:  # a share, rounded
        wanted = int(np.int64((np.uint64(rest) * share + np.uint64(1 << 31)) >> _HALF))
    for i in range(state.size):
        if wanted == 0:
            break
        if state[i] == source:
            if np.int64((draw(seed, replicate, rule, step, i, 0) * np.uint64(rest)) >> _HALF) < wanted:
                wanted -= 1
                if mark[i] == NOTHING:
                    mark[i] = rule
                    out[found] = i
                    found += 1
            rest -= 1
    return found
