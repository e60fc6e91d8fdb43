"""The rules of a model, a short function each: who is hit at one step, on some of the rows that it is tried on.

All write who is marked into `out` and return how many. A person is marked once: the first rule that fires wins. Draws belong to rule, step
and the people (or the group, or the contact) concerned, 32 to a block, so that most cost a bit or four.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import (
    BATCH,
    FIRED,
    PART,
    WANTED,
    WHO,
    WORDS,
    bernoulli_bits,
    bernoulli_bits_batch,
    draw,
    lowest_bit,
    philox,
    philox_batch,
    typed_zero,
    uniform_integer,
)
from tenfold.kernels.spread.state import ALWAYS, NOTHING, here

__all__ = ["alone", "enough", "look", "meet", "move", "push", "weigh_planes"]

_LOOKS = 253  # stream of whom somebody looks at, the same for all rules
_FULL = np.uint64(0xFFFFFFFF)
_ONE, _TWO, _THREE, _HALF = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(32)


@jit
def _whole(chance: np.uint32) -> np.uint64:
    """A chance as it is stored, in 2⁻³²."""
    return np.uint64(chance) + np.uint64(chance == ALWAYS)


@jit
def _fires(
    chance: np.uint64, traits: NDArray[np.uint32], trait: int, rule: int, i: int, step: int, seed: int, replicate: int
) -> bool:
    """Whether somebody's own draw for a rule is below the chance, or below their personal one; 32 neighbours in number share blocks."""
    own = _whole(traits[trait, i]) if trait >= 0 else chance
    return bool(bernoulli_bits(own, _ONE << np.uint64(i & 31), rule, step, i >> 5, typed_zero(), seed, replicate))


@jit
def alone(
    listed: NDArray[np.int32], slot: int, all_of_them: bool, low: int, high: int, state: NDArray[np.uint8], wide: NDArray[np.uint64],
    mark: NDArray[np.uint8], source: int, chance: np.uint64, traits: NDArray[np.uint32], trait: int, rule: int, step: int, seed: int,
    replicate: int, room: NDArray[np.uint32], out: NDArray[np.int32],
) -> int:  # fmt: skip
    """Rules for somebody alone, on the list in a row of `listed`, or on everybody."""
    found = count = typed_zero()
    if trait >= 0 or not all_of_them:
        sure = trait < 0 and chance > _FULL
        for k in range(low, high):
            i = k if all_of_them else int(np.int64(listed[slot, k]))
            if state[i] != source or mark[i] != NOTHING:
                continue
            if sure or _fires(chance, traits, trait, rule, i, step, seed, replicate):
                mark[i] = rule
                out[found] = i
                found += 1
        return found
    last = (high - 1) >> 5
    for chunk in range(low >> 5, last + 1):
        room[WHO, count], room[PART, count], room[WANTED, count] = chunk, 0, here(wide, chunk, source)
        count += room[WANTED, count] != 0
        if count == BATCH or (chunk == last and count):
            bernoulli_bits_batch(chance, room, count, rule, step, seed, replicate)
            for k in range(count):
                fired = np.uint64(room[FIRED, k])
                while fired:
                    i = 32 * int(np.int64(room[WHO, k])) + lowest_bit(fired)
                    if mark[i] == NOTHING:
                        mark[i] = rule
                        out[found] = i
                        found += 1
                    fired &= fired - _ONE
            count = 0
    return found


@jit
def push(
    actors: NDArray[np.int32], slot: int, all_of_them: bool, low: int, high: int, start: NDArray[np.int64], layer: int,
    reached: NDArray[np.int32], weight: NDArray[np.uint32], plane: NDArray[np.uint32], weighted: bool,
    state: NDArray[np.uint8], wide: NDArray[np.uint64], mark: NDArray[np.uint8], source: int, via: int, chance: np.uint64, rule: int,
    step: int, seed: int, replicate: int, room: NDArray[np.uint32], out: NDArray[np.int32],
) -> int:  # fmt: skip
    """People who act try everybody whom they can reach, groups all their members, 32 at once; only those who are hit are looked at.

    The actors are a list in a row of `actors`, or all who are in `via`. In short loops, so that the memory is asked for much at once.
    """
    row, chunk, last, mask = low, (low >> 5) - 1, (high - 1) >> 5, np.uint64(0)
    i, number, rest, found, more = typed_zero(), 0, typed_zero(), typed_zero(), True
    while more:
        count = typed_zero()
        while count < BATCH:
            if rest <= 0:
                if all_of_them:
                    while mask == 0 and chunk < last:
                        chunk += 1
                        mask = here(wide, chunk, via)
                    if mask == 0:
                        more = False
                        break
                    i = 32 * chunk + lowest_bit(mask)
                    mask &= mask - _ONE
                else:
                    if row == high:
                        more = False
                        break
                    i = int(np.int64(actors[slot, row]))
                    row += 1
                rest, number = start[layer, i + 1] - start[layer, i], 0
                if rest == 0:
                    continue
            room[WHO, count], room[PART, count] = i, number
            room[WANTED, count] = 0xFFFFFFFF if rest >= 32 else (1 << rest) - 1
            rest -= 32
            number += 1
            count += 1
        if weighted:
            _weigh(start, layer, weight, plane, rule, step, seed, replicate, room, count)
        else:
            bernoulli_bits_batch(chance, room, count, rule, step, seed, replicate)
        hits = kept = found  # in `out`, behind those who are marked already
        for k in range(count):
            fired = np.uint64(room[FIRED, k])
            first = start[layer, room[WHO, k]] + 32 * np.int64(room[PART, k])
            while fired:
                out[hits] = reached[first + lowest_bit(fired)]
                hits += 1
                fired &= fired - _ONE
        for k in range(found, hits):
            out[kept] = out[k]
            kept += state[out[k]] == source
        for k in range(found, kept):
            if mark[out[k]] == NOTHING:
                mark[out[k]] = rule
                out[found] = out[k]
                found += 1
    return found


@jit
def _first_part(start: NDArray[np.int64], layer: int, i: int) -> int:
    """The row of the first 32 arcs of a person: rows are left free, so that nobody has to be asked where theirs begin."""
    return int((start[layer, i] >> 5) + layer * (start.shape[1] - 1) + i)


@jit
def weigh_planes(start: NDArray[np.int64], weight: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The first four bits of the chances of each 32 arcs of a person, as lanes, (rows, 4)."""
    layers, n = start.shape[0], start.shape[1] - 1
    plane = np.zeros(((weight.size >> 5) + layers * n + 1, 4), np.uint32)
    for layer in range(layers):
        for i in range(n):
            row = _first_part(start, layer, i)
            for arc in range(start[layer, i], start[layer, i + 1]):
                place = arc - start[layer, i]
                for bit in range(4):
                    lane = ((weight[arc] >> np.uint32(31 - bit)) & np.uint32(1)) << np.uint32(place & 31)
                    plane[row + (place >> 5), bit] |= lane
    return plane


@jit
def _weigh(
    start: NDArray[np.int64], layer: int, weight: NDArray[np.uint32], plane: NDArray[np.uint32], rule: int, step: int,
    seed: int, replicate: int, room: NDArray[np.uint32], count: int,
) -> None:  # fmt: skip
    """`lanes_many` where each arc has a chance of its own: four bits of draw and chance decide most of them, eight nearly all."""
    philox_batch(room, typed_zero() + WHO, count, rule, step, seed, replicate)
    for k in range(count):
        who, part = int(np.int64(room[WHO, k])), int(np.int64(room[PART, k]))
        own, unclear, fired = _first_part(start, layer, who) + part, room[WANTED, k], np.uint32(0)
        for bit in range(4):
            word, chance = room[WORDS + bit, k], plane[own, bit]
            fired |= unclear & ~word & chance
            unclear &= ~(word ^ chance)
        if unclear:
            first, rest = start[layer, who] + 32 * part, np.uint64(unclear)
            key = np.uint64(seed) & _FULL, np.uint64(replicate) & _FULL
            five, six, seven, eight = philox(
                np.uint64(rule | 1 << 16), np.uint64(step), np.uint64(who), np.uint64(part), key[0], key[1]
            )
            while rest:
                lane = np.uint64(lowest_bit(rest))
                chance_here = weight[first + lane]
                nibble = (
                    (five >> lane & _ONE) << _THREE
                    | (six >> lane & _ONE) << _TWO
                    | (seven >> lane & _ONE) << _ONE
                    | eight >> lane & _ONE
                )
                second = np.uint64(chance_here >> np.uint32(24)) & np.uint64(15)
                bit_here = rest & (~rest + _ONE)
                if nibble < second or chance_here == ALWAYS:
                    fired |= np.uint32(bit_here)
                elif nibble == second:
                    fired |= np.uint32(bernoulli_bits(np.uint64(chance_here), bit_here, rule, step, who, part, seed, replicate))
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
            fired = bernoulli_bits(chance, wanted, rule, step, first >> 5, back, seed, replicate)
            while fired:
                at = begin + first + lowest_bit(fired)
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
    source: int, chance: np.uint64, traits: NDArray[np.uint32], trait: int, rule: int, step: int, seed: int,
    replicate: int, out: NDArray[np.int32],
) -> int:  # fmt: skip
    """THRESHOLD: those in the queue for whom it is enough."""
    found = 0
    for k in range(low, high):
        i = int(np.int64(queue[k]))
        if left[i] <= 0 and state[i] == source and mark[i] == NOTHING:
            if _fires(chance, traits, trait, rule, i, step, seed, replicate):
                mark[i] = rule
                out[found] = i
                found += 1
    return found


@jit
def look(
    listed: NDArray[np.int32], slot: int, all_of_them: bool, low: int, high: int, start: NDArray[np.int64], layer: int,
    reached: NDArray[np.int32], looks: int, state: NDArray[np.uint8], mark: NDArray[np.uint8], source: int, via: int,
    chance: np.uint64, traits: NDArray[np.uint32], trait: int, rule: int, step: int, seed: int, replicate: int,
    out: NDArray[np.int32],
) -> int:  # fmt: skip
    """IMITATION: everybody in `source` looks at some of those who can reach them, drawn at random, one after the other."""
    found = 0
    for k in range(low, high):
        i = k if all_of_them else int(np.int64(listed[slot, k]))
        degree = start[layer, i + 1] - start[layer, i]
        same = state[i] == source and mark[i] == NOTHING and degree > 0
        seen = 0
        while same and seen < looks:
            who = reached[start[layer, i] + uniform_integer(degree, seed, replicate, _LOOKS, step, i, seen << 8 | layer)]
            same = state[who] == via
            seen += 1
        if same and _fires(chance, traits, trait, rule, i, step, seed, replicate):
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
