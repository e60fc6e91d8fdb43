"""The rules of a model, a short function each: who changes at one step, on some of the rows that the rule is tried on.

All write the rule into `fired` for those who change, list them in `changed`, and return how many. The first rule that fires for a
person wins. Draws belong to rule, step and the people (or the group, or the contact) concerned, 32 to a block, so that most cost a bit or
four.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import (
    BATCH,
    FIRED,
    PART,
    WANTED,
    WHO,
    bernoulli_bits,
    bernoulli_bits_batch,
    draw,
    lowest_bit,
    typed_zero,
    uniform_integer,
)
from tenfold.kernels.spread.state import (
    CERTAIN,
    NO_RULE,
    Arcs,
    DrawAddress,
    Hyperedges,
    Moves,
    States,
    TemporalContacts,
    Thresholds,
    state_mask,
)
from tenfold.kernels.spread.weighted_contact import Weights, weighted_bits_batch

__all__ = [
    "Buffers",
    "Layer",
    "Rows",
    "Span",
    "Transition",
    "Trial",
    "contact",
    "group_contact",
    "imitation",
    "mixing_chance",
    "move",
    "spontaneous",
    "temporal_contact",
    "threshold",
]

_IMITATION = 253  # stream of whom somebody looks at, the same for all rules
_FULL = np.uint64(0xFFFFFFFF)
_ONE, _HALF = np.uint64(1), np.uint64(32)


class Span(NamedTuple):
    """The rows of a rule that one thread tries: `low` (a multiple of 32) to `high` − 1."""

    low: int
    high: int


class Trial(NamedTuple):
    """A rule that is tried at a step, on some of its rows."""

    at: DrawAddress
    span: Span


class Rows(NamedTuple):
    """The rows that one thread tries, of an index list, or of everybody."""

    index_list: NDArray[np.int32]  # (capacity) people or groups
    everybody: bool  # there is no list: a row is a person
    low: int
    high: int


class Layer(NamedTuple):
    """One network in compressed sparse rows: person (or group) i reaches neighbour[start[i]] to neighbour[start[i + 1] − 1]."""

    start: NDArray[np.int64]  # (n + 1)
    neighbour: NDArray[np.int32]  # (arcs)


class Transition(NamedTuple):
    """What a rule asks for: who may change, who acts, and with which chance."""

    source: int  # the state of those who may change
    via: int  # the state of those who act
    chance: np.uint64  # in 2⁻³²
    personal: NDArray[np.uint32]  # (n) chances of each person's own in 2⁻³², or empty


class Buffers(NamedTuple):
    """Scratch memory of one thread."""

    draws: NDArray[np.uint32]  # (ROWS, BATCH) of `rng.draw_buffer`
    changed: NDArray[np.int32]  # (n + 32 · BATCH) index list of those who change; behind them those who are hit


@jit
def _succeeds(transition: Transition, at: DrawAddress, i: int) -> bool:
    """Whether a person's draw for a rule is below the chance, or below their own; 32 neighbours in number share blocks."""
    chance = transition.chance
    if transition.personal.size:
        chance = np.uint64(transition.personal[i]) + np.uint64(transition.personal[i] == CERTAIN)
    return bool(bernoulli_bits(chance, _ONE << np.uint64(i & 31), at.rule, at.step, i >> 5, typed_zero(), at.seed, at.replicate))


@jit
def spontaneous(rows: Rows, states: States, transition: Transition, at: DrawAddress, buffers: Buffers) -> int:
    """SPONTANEOUS, and MIXING with `mixing_chance`: everybody in `source`, by themselves."""
    buffer, changed, state, fired = buffers.draws, buffers.changed, states.state, states.fired
    index, everybody, low, high = rows.index_list, rows.everybody, rows.low, rows.high
    found = count = typed_zero()
    if transition.personal.size or not everybody:
        sure = not transition.personal.size and transition.chance > _FULL
        for k in range(low, high):
            i = k if everybody else int(np.int64(index[k]))
            if state[i] != transition.source or fired[i] != NO_RULE:
                continue
            if sure or _succeeds(transition, at, i):
                fired[i] = at.rule
                changed[found] = i
                found += 1
        return found
    last = (high - 1) >> 5
    for block in range(low >> 5, last + 1):
        buffer[WHO, count], buffer[PART, count], buffer[WANTED, count] = (
            block,
            0,
            state_mask(states.words, block, transition.source),
        )
        count += buffer[WANTED, count] != 0
        if count == BATCH or (block == last and count):
            bernoulli_bits_batch(transition.chance, buffer, count, at.rule, at.step, at.seed, at.replicate)
            for k in range(count):
                hit = np.uint64(buffer[FIRED, k])
                while hit:
                    i = 32 * int(np.int64(buffer[WHO, k])) + lowest_bit(hit)
                    if fired[i] == NO_RULE:
                        fired[i] = at.rule
                        changed[found] = i
                        found += 1
                    hit &= hit - _ONE
            count = 0
    return found


@jit
def mixing_chance(chance: np.uint64, active: int, n: int) -> np.uint64:
    """MIXING: the chance to leave by oneself, which is the rule's times the share of all who are in `via`."""
    return chance * np.uint64(active) // np.uint64(n)


@jit
def contact(
    rows: Rows, layer: Layer, weights: Weights, states: States, transition: Transition, at: DrawAddress, buffers: Buffers
) -> int:
    """CONTACT: everybody in `via` tries all whom they can reach (a group all its members), 32 at once.

    The rows are those who act. Only those whose draw succeeds are looked at: whether they are in `source`, and whether a rule has fired for
    them. In short loops, so that the processor asks the memory for many of them at once.
    """
    buffer, changed, state, fired = buffers.draws, buffers.changed, states.state, states.fired
    start, neighbour, words = layer.start, layer.neighbour, states.words
    index, everybody, row, high = rows.index_list, rows.everybody, rows.low, rows.high
    block, last, mask = (row >> 5) - 1, (high - 1) >> 5, np.uint64(0)
    i, part, rest, found, more = typed_zero(), 0, typed_zero(), typed_zero(), True
    while more:
        count = typed_zero()
        while count < BATCH:
            if rest <= 0:
                if everybody:
                    while mask == 0 and block < last:
                        block += 1
                        mask = state_mask(words, block, transition.via)
                    if mask == 0:
                        more = False
                        break
                    i = 32 * block + lowest_bit(mask)
                    mask &= mask - _ONE
                else:
                    if row == high:
                        more = False
                        break
                    i = int(np.int64(index[row]))
                    row += 1
                rest, part = start[i + 1] - start[i], 0
                if rest == 0:
                    continue
            buffer[WHO, count], buffer[PART, count] = i, part
            buffer[WANTED, count] = 0xFFFFFFFF if rest >= 32 else (1 << rest) - 1
            rest -= 32
            part += 1
            count += 1
        if weights.weight.size:
            weighted_bits_batch(start, weights, at, buffer, count)
        else:
            bernoulli_bits_batch(transition.chance, buffer, count, at.rule, at.step, at.seed, at.replicate)
        reached = kept = found  # in `changed`, behind those who change
        for k in range(count):
            hit = np.uint64(buffer[FIRED, k])
            first = start[buffer[WHO, k]] + 32 * np.int64(buffer[PART, k])
            while hit:
                changed[reached] = neighbour[first + lowest_bit(hit)]
                reached += 1
                hit &= hit - _ONE
        for k in range(found, reached):
            changed[kept] = changed[k]
            kept += state[changed[k]] == transition.source
        for k in range(found, kept):
            if fired[changed[k]] == NO_RULE:
                fired[changed[k]] = at.rule
                changed[found] = changed[k]
                found += 1
    return found


@jit
def group_contact(
    hyperedges: Hyperedges,
    row: int,
    span: Span,
    no_weights: Weights,
    states: States,
    transition: Transition,
    at: DrawAddress,
    buffers: Buffers,
) -> int:
    """GROUP: each group with enough members in `via` tries all its members. The rows are groups of the rule's list."""
    rows, layer = Rows(hyperedges.met[row], False, span.low, span.high), Layer(hyperedges.start[0], hyperedges.member)
    return contact(rows, layer, no_weights, states, transition, at, buffers)


@jit
def temporal_contact(
    contacts: TemporalContacts,
    layer: int,
    span: Span,
    states: States,
    transition: Transition,
    at: DrawAddress,
    changed: NDArray[np.int32],
) -> int:
    """TEMPORAL_CONTACT: the contacts of one window of time, both ways. The rows are numbers of contacts within the window."""
    state, fired = states.state, states.fired
    a, b, begin = contacts.a, contacts.b, contacts.window[layer, at.step - 1]
    low, high = span.low, span.high
    found = 0
    for first in range(low, high, 32):
        for back in range(1 if contacts.one_way[layer] else 2):
            wanted = np.uint64(0)
            for k in range(min(32, high - first)):
                one, two = a[begin + first + k], b[begin + first + k]
                who, whom = (two, one) if back else (one, two)
                wanted |= np.uint64((state[who] == transition.via) & (state[whom] == transition.source)) << np.uint64(k)
            hit = bernoulli_bits(transition.chance, wanted, at.rule, at.step, first >> 5, back, at.seed, at.replicate)
            while hit:
                place = begin + first + lowest_bit(hit)
                j = a[place] if back else b[place]
                if fired[j] == NO_RULE:
                    fired[j] = at.rule
                    changed[found] = j
                    found += 1
                hit &= hit - _ONE
    return found


@jit
def threshold(
    thresholds: Thresholds,
    row: int,
    span: Span,
    states: States,
    transition: Transition,
    at: DrawAddress,
    changed: NDArray[np.int32],
) -> int:
    """THRESHOLD: those in `source` whose threshold is met. The rows are people of the rule's list."""
    missing, met, state, fired, found = thresholds.missing[row], thresholds.met[row], states.state, states.fired, 0
    for k in range(span.low, span.high):
        i = int(np.int64(met[k]))
        if missing[i] <= 0 and state[i] == transition.source and fired[i] == NO_RULE:
            if _succeeds(transition, at, i):
                fired[i] = at.rule
                changed[found] = i
                found += 1
    return found


@jit
def imitation(
    in_arcs: Arcs,
    layer: int,
    sample: int,
    rows: Rows,
    states: States,
    transition: Transition,
    at: DrawAddress,
    changed: NDArray[np.int32],
) -> int:
    """IMITATION: everybody in `source` looks at some of those who can reach them, drawn at random, one after the other."""
    start, neighbour = in_arcs.start[layer], in_arcs.neighbour
    index, everybody, low, high = rows.index_list, rows.everybody, rows.low, rows.high
    state, fired, found = states.state, states.fired, 0
    for k in range(low, high):
        i = k if everybody else int(np.int64(index[k]))
        degree = start[i + 1] - start[i]
        same = state[i] == transition.source and fired[i] == NO_RULE and degree > 0
        seen = 0
        while same and seen < sample:
            who = neighbour[start[i] + uniform_integer(degree, at.seed, at.replicate, _IMITATION, at.step, i, seen << 8 | layer)]
            same = state[who] == transition.via
            seen += 1
        if same and _succeeds(transition, at, i):
            fired[i] = at.rule
            changed[found] = i
            found += 1
    return found


@jit
def move(
    moves: Moves,
    row: int,
    count: int,
    rest: int,
    states: States,
    transition: Transition,
    at: DrawAddress,
    changed: NDArray[np.int32],
) -> int:
    """MOVE: those named (`count` −2), a share (−1) or so many of the `rest` people in `source`, drawn in order of
    their numbers.

    Knuth, The Art of Computer Programming 3.4.2, algorithm S.
    """
    state, fired, source, found = states.state, states.fired, transition.source, 0
    if count == -2:
        for k in range(moves.start[row], moves.start[row + 1]):
            i = moves.person[k]
            if state[i] == source and fired[i] == NO_RULE:
                fired[i] = at.rule
                changed[found] = i
                found += 1
        return found
    wanted = min(count, rest)
    if count < 0:  # a share, rounded
        wanted = int(np.int64((np.uint64(rest) * transition.chance + np.uint64(1 << 31)) >> _HALF))
    for i in range(state.size):
        if wanted == 0:
            break
        if state[i] == source:
            if np.int64((draw(at.seed, at.replicate, at.rule, at.step, i, 0) * np.uint64(rest)) >> _HALF) < wanted:
                wanted -= 1
                if fired[i] == NO_RULE:
                    fired[i] = at.rule
                    changed[found] = i
                    found += 1
            rest -= 1
    return found
