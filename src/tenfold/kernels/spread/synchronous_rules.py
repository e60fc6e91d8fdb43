"""The rules of a model, a short function each: who changes at one step, on some of the rows that the rule is tried on.

All write the rule into `People.fired` for those who change, list them in `Buffers.changed`, and return how many. The first rule that fires
for a person wins. Draws belong to rule, step and the people (or the group, or the contact) concerned, 32 to a block, so that most cost a
bit or four.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.chances import ONE, decoded_chance, mean_chance
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
    AMOUNT,
    KIND,
    LAYER,
    LIST,
    NO_RULE,
    ROW,
    SOURCE,
    TRAIT,
    VIA,
    WEIGHTED,
    Adjacency,
    Buffers,
    DrawAddress,
    Extensions,
    Hyperedges,
    People,
    Rule,
    Span,
    Thresholds,
    state_mask,
)
from tenfold.kernels.spread.weighted_bernoulli import weighted_bits_batch
from tenfold.kernels.streams import IMITATION, RULES

__all__ = [
    "contact",
    "group_contact",
    "imitation",
    "mixing_chance",
    "move",
    "spontaneous",
    "temporal_contact",
    "threshold",
    "unpacked",
]

_ONE, _HALF = np.uint64(1), np.uint64(32)


@jit
def unpacked(own: NDArray[np.int64], chance: np.uint64, everybody: bool) -> Rule:
    """A row of the table of rules, (COLUMNS), as numbers, with the chance at this step."""
    return Rule(
        own[KIND],
        own[SOURCE],
        own[VIA],
        chance,
        own[LAYER],
        own[WEIGHTED] > 0,
        own[TRAIT],
        own[AMOUNT],
        own[ROW],
        own[LIST],
        everybody,
    )


@jit
def _succeeds(rule: Rule, at: DrawAddress, traits: NDArray[np.uint32], i: int) -> bool:
    """Whether a person's draw for a rule is below the chance, or below their own; 32 neighbours in number share blocks."""
    chance = decoded_chance(traits[rule.trait, i]) if rule.trait >= 0 else rule.chance
    return bool(
        bernoulli_bits(chance, _ONE << np.uint64(i & 31), RULES | at.rule, at.step, i >> 5, typed_zero(), at.seed, at.replicate)
    )


@jit
def spontaneous(rule: Rule, at: DrawAddress, span: Span, people: People, traits: NDArray[np.uint32], buffers: Buffers) -> int:
    """SPONTANEOUS, and MIXING with `mixing_chance`: everybody in `source`, by themselves. The rows are people of a list, or all."""
    found = count = typed_zero()
    if rule.trait >= 0 or not rule.everybody:
        sure = rule.trait < 0 and rule.chance == ONE
        for k in range(span.low, span.high):
            i = k if rule.everybody else int(np.int64(people.index_list[rule.list_row, k]))
            if people.state[i] != rule.source or people.fired[i] != NO_RULE:
                continue
            if sure or _succeeds(rule, at, traits, i):
                people.fired[i] = at.rule
                buffers.changed[found] = i
                found += 1
        return found
    last = (span.high - 1) >> 5
    for block in range(span.low >> 5, last + 1):
        wanted = state_mask(people.state_words, block, rule.source)
        buffers.draws[WHO, count], buffers.draws[PART, count], buffers.draws[WANTED, count] = block, 0, wanted
        count += wanted != 0
        if count == BATCH or (block == last and count):
            bernoulli_bits_batch(rule.chance, buffers.draws, count, RULES | at.rule, at.step, at.seed, at.replicate)
            for k in range(count):
                hit = np.uint64(buffers.draws[FIRED, k])
                while hit:
                    i = 32 * int(np.int64(buffers.draws[WHO, k])) + lowest_bit(hit)
                    if people.fired[i] == NO_RULE:
                        people.fired[i] = at.rule
                        buffers.changed[found] = i
                        found += 1
                    hit &= hit - _ONE
            count = 0
    return found


@jit
def mixing_chance(chance: np.uint64, active: int, n: int) -> np.uint64:
    """MIXING: the chance to leave by oneself, which is the rule's times the share of all who are in `via`."""
    return mean_chance(chance, active / n)


@jit
def contact(rule: Rule, at: DrawAddress, span: Span, people: People, adjacency: Adjacency, buffers: Buffers) -> int:
    """CONTACT: everybody in `via` tries all whom they can reach (a group all its members), 32 at once.

    The rows are those who act: a list, or all. Only those whose draw succeeds are looked at: whether they are in `source`, and whether a
    rule has fired for them. In short loops, so that the processor asks the memory for many of them at once.
    """
    buffer, changed, start = buffers.draws, buffers.changed, adjacency.start[rule.layer]
    row, block, last, mask = span.low, (span.low >> 5) - 1, (span.high - 1) >> 5, np.uint64(0)
    i, part, rest, found, more = typed_zero(), 0, typed_zero(), typed_zero(), True
    while more:
        count = typed_zero()
        while count < BATCH:
            if rest <= 0:
                if rule.everybody:
                    while mask == 0 and block < last:
                        block += 1
                        mask = state_mask(people.state_words, block, rule.via)
                    if mask == 0:
                        more = False
                        break
                    i = 32 * block + lowest_bit(mask)
                    mask &= mask - _ONE
                else:
                    if row == span.high:
                        more = False
                        break
                    i = int(np.int64(adjacency.active[rule.list_row, row]))
                    row += 1
                rest, part = start[i + 1] - start[i], 0
                if rest == 0:
                    continue
            buffer[WHO, count], buffer[PART, count] = i, part
            buffer[WANTED, count] = 0xFFFFFFFF if rest >= 32 else (1 << rest) - 1
            rest -= 32
            part += 1
            count += 1
        if rule.weighted:
            weighted_bits_batch(adjacency, rule.layer, at, buffer, count)
        else:
            bernoulli_bits_batch(rule.chance, buffer, count, RULES | at.rule, at.step, at.seed, at.replicate)
        reached = kept = found  # in `changed`, behind those who change
        for k in range(count):
            hit = np.uint64(buffer[FIRED, k])
            first = start[buffer[WHO, k]] + 32 * np.int64(buffer[PART, k])
            while hit:
                changed[reached] = adjacency.neighbour[first + lowest_bit(hit)]
                reached += 1
                hit &= hit - _ONE
        for k in range(found, reached):
            changed[kept] = changed[k]
            kept += people.state[changed[k]] == rule.source
        for k in range(found, kept):
            if people.fired[changed[k]] == NO_RULE:
                people.fired[changed[k]] = at.rule
                changed[found] = changed[k]
                found += 1
    return found


@jit
def group_contact(rule: Rule, at: DrawAddress, span: Span, people: People, hyperedges: Hyperedges, buffers: Buffers) -> int:
    """GROUP: each group with enough members in `via` tries all its members. The rows are groups of the rule's list."""
    layer, nobody = typed_zero(), typed_zero() - 1
    own = Rule(rule.kind, rule.source, rule.via, rule.chance, layer, False, nobody, rule.amount, rule.row, rule.row, False)
    return contact(own, at, span, people, hyperedges.members, buffers)


@jit
def temporal_contact(rule: Rule, at: DrawAddress, span: Span, people: People, extensions: Extensions, buffers: Buffers) -> int:
    """TEMPORAL_CONTACT: the contacts of one window of time, both ways. The rows are numbers of contacts within the window."""
    a, b, begin = extensions.contact_a, extensions.contact_b, extensions.window[rule.layer, at.step - 1]
    found = 0
    for first in range(span.low, span.high, 32):
        for back in range(1 if extensions.one_way[rule.layer] else 2):
            wanted = np.uint64(0)
            for k in range(min(32, span.high - first)):
                one, two = a[begin + first + k], b[begin + first + k]
                who, whom = (two, one) if back else (one, two)
                acts = (people.state[who] == rule.via) & (people.state[whom] == rule.source)
                wanted |= np.uint64(acts) << np.uint64(k)
            hit = bernoulli_bits(rule.chance, wanted, RULES | at.rule, at.step, first >> 5, back, at.seed, at.replicate)
            while hit:
                place = begin + first + lowest_bit(hit)
                j = a[place] if back else b[place]
                if people.fired[j] == NO_RULE:
                    people.fired[j] = at.rule
                    buffers.changed[found] = j
                    found += 1
                hit &= hit - _ONE
    return found


@jit
def threshold(
    rule: Rule,
    at: DrawAddress,
    span: Span,
    people: People,
    thresholds: Thresholds,
    traits: NDArray[np.uint32],
    buffers: Buffers,
) -> int:
    """THRESHOLD: those in `source` whose threshold is met. The rows are people of the rule's list."""
    found = 0
    for k in range(span.low, span.high):
        i = int(np.int64(thresholds.met[rule.row, k]))
        if thresholds.missing[rule.row, i] <= 0 and people.state[i] == rule.source and people.fired[i] == NO_RULE:
            if _succeeds(rule, at, traits, i):
                people.fired[i] = at.rule
                buffers.changed[found] = i
                found += 1
    return found


@jit
def imitation(rule: Rule, at: DrawAddress, span: Span, people: People, extensions: Extensions, buffers: Buffers) -> int:
    """IMITATION: everybody in `source` looks at some of those who can reach them, drawn at random, one after the other.

    The rows are people of a list, or all.
    """
    start, neighbour, found = extensions.in_start[rule.layer], extensions.in_neighbour, 0
    for k in range(span.low, span.high):
        i = k if rule.everybody else int(np.int64(people.index_list[rule.list_row, k]))
        degree = start[i + 1] - start[i]
        same = people.state[i] == rule.source and people.fired[i] == NO_RULE and degree > 0
        seen = 0
        while same and seen < rule.amount:
            part = seen << 8 | rule.layer
            who = neighbour[start[i] + uniform_integer(degree, at.seed, at.replicate, IMITATION, at.step, i, part)]
            same = people.state[who] == rule.via
            seen += 1
        if same and _succeeds(rule, at, extensions.trait, i):
            people.fired[i] = at.rule
            buffers.changed[found] = i
            found += 1
    return found


@jit
def move(rule: Rule, at: DrawAddress, people: People, extensions: Extensions, changed: NDArray[np.int32]) -> int:
    """MOVE: those named (count −2), a share (−1) or so many of those in `source`, drawn in order of their numbers.

    Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S.
    """
    state, fired, found = people.state, people.fired, 0
    if rule.amount == -2:
        for k in range(extensions.move_start[rule.row], extensions.move_start[rule.row + 1]):
            i = extensions.moved[k]
            if state[i] == rule.source and fired[i] == NO_RULE:
                fired[i] = at.rule
                changed[found] = i
                found += 1
        return found
    rest = people.counts[rule.source]
    wanted = min(rule.amount, rest)
    if rule.amount < 0:  # a share, rounded
        wanted = int(np.int64((np.uint64(rest) * rule.chance + np.uint64(1 << 31)) >> _HALF))
    for i in range(state.size):
        if wanted == 0:
            break
        if state[i] == rule.source:
            if np.int64((draw(at.seed, at.replicate, RULES | at.rule, at.step, i, 0) * np.uint64(rest)) >> _HALF) < wanted:
                wanted -= 1
                if fired[i] == NO_RULE:
                    fired[i] = at.rule
                    changed[found] = i
                    found += 1
            rest -= 1
    return found
