"""What the spread engine's kernels work on: a model, its networks, and the people of one replicate, as arrays.

They are many and go through every call, which costs more than the call itself; so what belongs together goes together, and each function
takes what it needs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import draw, typed_zero, uniform_integer

__all__ = [
    "ALWAYS",
    "CHANCE",
    "CONTACT",
    "COUNT",
    "FIELDS",
    "FIRST",
    "GROUP",
    "IMITATION",
    "KIND",
    "LAST",
    "LAYER",
    "MIXING",
    "MOVE",
    "NOTHING",
    "RANDOM",
    "ROW",
    "SLOT",
    "SMALL",
    "SOURCE",
    "SPONTANEOUS",
    "TARGET",
    "THRESHOLD",
    "TRAIT",
    "VIA",
    "WEIGHTED",
    "WINDOWS",
    "Crowds",
    "Graphs",
    "Needs",
    "Networks",
    "Others",
    "People",
    "Rules",
    "Start",
    "World",
    "here",
    "prepare",
    "tell",
]

SPONTANEOUS, CONTACT, THRESHOLD, GROUP, MIXING, IMITATION, MOVE, WINDOWS = range(8)  # WINDOWS: contacts of a network in time
KIND, SOURCE, VIA, TARGET, CHANCE, FIRST, LAST, LAYER, WEIGHTED, TRAIT, COUNT, ROW, SLOT, FIELDS = range(14)
NOTHING = 255  # no rule has fired; nowhere
SMALL = 1024  # people up to which all who are in a state are listed
ALWAYS = np.uint32(0xFFFFFFFF)  # of an arc or a person: a chance of one
RANDOM = -1  # need of a threshold that each person draws
_SEATS, _NEEDS = 251, 252  # streams of the draws at the start; those of rules are their numbers
_UNIT = 1 << 30  # of the weights that thresholds add up
_EVERY, _LOW, _PACK = np.uint64(0x0101010101010101), np.uint64(0x7F7F7F7F7F7F7F7F), np.uint64(0x0102040810204080)


class Rules(NamedTuple):
    """A model. The columns of `table`: KIND; SOURCE, VIA, TARGET, states; CHANCE in 2⁻³²; FIRST and LAST step at which the rule is on;
    LAYER, which network of its kind; WEIGHTED, 1 where the arc's own weight counts; TRAIT, row of the personal chances, or −1; COUNT,
    members that it takes, people looked at or moved (−1: a share, −2: those named); ROW, which of its kind; SLOT, in `People.size`."""

    table: NDArray[np.int64]  # (rules, FIELDS)
    rate: NDArray[np.float64]  # (rules) for the continuous clock
    slot_of: NDArray[np.int64]  # (states) row of the list of who is in a state, −1: nobody visits them


class Graphs(NamedTuple):
    """Arcs in rows, several graphs behind one another."""

    start: NDArray[np.int64]  # (graphs, n + 1)
    other: NDArray[np.int32]
    weight: NDArray[np.uint32]  # (arcs) a chance in 2⁻³², or empty
    plane: NDArray[np.uint32]  # (rows, 4) the first four bits of the weights of 32 arcs, or empty


class Needs(NamedTuple):
    """What thresholds count."""

    need: NDArray[np.int32]  # (thresholds, n) neighbours (or 2⁻³⁰ of weight) that it takes, or RANDOM
    amount: NDArray[np.int32]  # (arcs) in 2⁻³⁰, or empty
    left: NDArray[np.int32]  # (thresholds, n) what is still needed, 0 or less: enough
    queue: NDArray[np.int32]  # (thresholds, n) people for whom it is enough, and some for whom it was
    queued: NDArray[np.uint8]  # (thresholds, n)


class Crowds(NamedTuple):
    """Groups, several layers behind one another, and what rules count in them."""

    start: NDArray[np.int64]  # (1, groups + 1)
    member: NDArray[np.int32]
    of: NDArray[np.int64]  # (n + 1) rows of the groups of each person
    group: NDArray[np.int32]
    span: NDArray[np.int64]  # (layers + 1) the groups of a layer
    inside: NDArray[np.int32]  # (group rules, groups) members in the rule's `via`
    ready: NDArray[np.int32]  # (group rules, groups) groups with enough of them, and some that had
    is_ready: NDArray[np.uint8]  # (group rules, groups)


class Others(NamedTuple):
    """What few models use: networks in time, personal chances, people who are moved by name, and whom somebody may look at."""

    window: NDArray[np.int64]  # (networks in time, windows + 1)
    one: NDArray[np.int32]  # contacts, in order of time
    two: NDArray[np.int32]
    one_way: NDArray[np.uint8]  # (networks in time)
    trait: NDArray[np.uint32]  # (traits, n) a chance in 2⁻³²
    moved: NDArray[np.int64]  # (moves + 1) rows of `named`
    named: NDArray[np.int32]
    back: NDArray[np.int64]  # (graphs, n + 1) rows of those who can reach somebody; empty where no rule asks
    back_other: NDArray[np.int32]


class People(NamedTuple):
    """Everybody in one replicate."""

    state: NDArray[np.uint8]  # (n)
    wide: NDArray[np.uint64]  # the same eight at once, up to a multiple of 32 people; beyond n: NOTHING
    mark: NDArray[np.uint8]  # (n) the rule that fired, or NOTHING
    counts: NDArray[np.int64]  # (states)
    listed: NDArray[np.int32]  # (lists, room) people in a state, and some who have left it
    size: NDArray[np.int64]  # (slots) of lists (−1: given up, everybody is looked at), then of queues and of ready groups
    first_time: NDArray[np.int32]  # (states, n) step of the first visit, −1: none; or (states, 0) where nobody asked


class World(NamedTuple):
    """All of it; None for what the model does not ask for, which then is not compiled."""

    people: People
    graphs: Graphs
    needs: Needs | None
    crowds: Crowds | None
    others: Others | None


Networks = tuple[Graphs, Needs | None, Crowds | None, Others | None]


class Start(NamedTuple):
    """Who is in which state at step 0."""

    base: NDArray[np.uint8]  # (n) states that are named
    based: NDArray[np.int32]  # those among them who are not in the first state
    order: NDArray[np.int32]  # who is not named, to be drawn from
    into: NDArray[np.int64]  # states for which people are drawn
    number: NDArray[np.int64]  # how many for each


@jit
def here(wide: NDArray[np.uint64], chunk: int, state: int) -> np.uint64:
    """Who of 32 people, from 32 · chunk on, is in a state, as lanes; eight bytes are compared at once."""
    pattern, found = np.uint64(state) * _EVERY, np.uint64(0)
    for k in range(4):
        word = wide[4 * chunk + k] ^ pattern
        same = ~(((word & _LOW) + _LOW) | word) & ~_LOW  # the top bit of each byte that is zero
        found |= ((same >> np.uint64(7)) * _PACK >> np.uint64(56)) << np.uint64(8 * k)
    return found


@jit
def tell(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, out: NDArray[np.int32], found: int
) -> None:
    """Let neighbours and groups know of all in `out` (−1: of nobody), who came into their state by the rule of their mark, or are new."""
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        row, slot = own[ROW], own[SLOT]
        if needs is not None:
            if own[KIND] == THRESHOLD:
                amount = needs.amount if own[WEIGHTED] else needs.amount[:0]
                people.size[slot] = _tell_neighbours(
                    out, found, people.state, people.mark, rules.table, own[VIA], own[SOURCE], graphs.start[own[LAYER]],
                    graphs.other, amount, needs.left[row], needs.queue[row], needs.queued[row], people.size[slot],
                )  # fmt: skip
        if crowds is not None:
            if own[KIND] == GROUP:
                low, high = crowds.span[own[LAYER]], crowds.span[own[LAYER] + 1]
                people.size[slot] = _tell_groups(
                    out, found, people.state, people.mark, rules.table, own[VIA], own[COUNT], crowds.of, crowds.group, low, high,
                    crowds.inside[row], crowds.ready[row], crowds.is_ready[row], people.size[slot],
                )  # fmt: skip


@jit
def _tell_neighbours(
    out: NDArray[np.int32], found: int, state: NDArray[np.uint8], mark: NDArray[np.uint8], table: NDArray[np.int64], via: int,
    source: int, start: NDArray[np.int64], other: NDArray[np.int32], amount: NDArray[np.int32], left: NDArray[np.int32],
    queue: NDArray[np.int32], queued: NDArray[np.uint8], size: int,
) -> int:  # fmt: skip
    """Count people in or out with those whom they can reach; who has just enough joins the queue."""
    for row in range(found):
        i = out[row]
        if i < 0:
            continue
        came, went = state[i] == via, mark[i] != NOTHING and table[mark[i], SOURCE] == via
        if came or went:
            sign = np.int32(-1 if came else 1)
            for arc in range(start[i], start[i + 1]):
                j = other[arc]
                before = left[j]
                left[j] = before + (sign * amount[arc] if amount.size else sign)
                if before > 0 and left[j] <= 0 and not queued[j] and state[j] == source:
                    queued[j] = 1
                    queue[size] = j
                    size += 1
        if state[i] == source and left[i] <= 0 and not queued[i]:
            queued[i] = 1
            queue[size] = i
            size += 1
    return size


@jit
def _tell_groups(
    out: NDArray[np.int32], found: int, state: NDArray[np.uint8], mark: NDArray[np.uint8], table: NDArray[np.int64], via: int,
    least: int, of: NDArray[np.int64], groups: NDArray[np.int32], low: int, high: int, inside: NDArray[np.int32],
    ready: NDArray[np.int32], is_ready: NDArray[np.uint8], size: int,
) -> int:  # fmt: skip
    """Count people in or out in their groups; a group with enough is ready."""
    for row in range(found):
        i = out[row]
        if i < 0:
            continue
        came, went = state[i] == via, mark[i] != NOTHING and table[mark[i], SOURCE] == via
        if came or went:
            for k in range(of[i], of[i + 1]):
                group = groups[k]
                if low <= group < high:
                    inside[group] += 1 if came else -1
                    if inside[group] >= least and not is_ready[group]:
                        is_ready[group] = 1
                        ready[size] = group
                        size += 1
    return size


@jit
def prepare(
    rules: Rules,
    people: People,
    graphs: Graphs,
    needs: Needs | None,
    crowds: Crowds | None,
    start: Start,
    seed: int,
    replicate: int,
) -> None:
    """The people at step 0, with their lists and counts; costs little where few are not in the first state."""
    order, state, mark = start.order, people.state, people.mark
    for i in range(state.size):
        state[i] = start.base[i]
        mark[i] = NOTHING
    for slot in range(people.size.size):
        people.size[slot] = 0
    for one in range(people.counts.size):
        people.counts[one] = 0
        for i in range(people.first_time.shape[1]):
            people.first_time[one, i] = -1
    taken = typed_zero()
    for row in range(start.into.size):  # drawn to the front of `order` (Fisher, Yates)
        for k in range(taken, taken + start.number[row]):
            j = k + uniform_integer(order.size - k, seed, replicate, _SEATS, 0, k, 0)
            order[k], order[j] = order[j], order[k]
            state[order[k]] = start.into[row]
        taken += start.number[row]
    everybody = people.first_time.shape[1] > 0
    for rule in range(len(rules.table)):
        counts = rules.table[rule, KIND] == THRESHOLD or rules.table[rule, KIND] == GROUP
        everybody |= counts and rules.table[rule, VIA] == 0
    if needs is not None:
        _reset_needs(rules, graphs, needs, seed, replicate)
    if crowds is not None:
        for row in range(len(crowds.inside)):
            for group in range(crowds.inside.shape[1]):
                crowds.inside[row, group] = crowds.is_ready[row, group] = 0
    some = start.based.size + taken
    here_now = np.empty(state.size if everybody else some, np.int32)
    if everybody:
        for i in range(state.size):
            here_now[i] = i
    else:
        for k in range(some):
            here_now[k] = start.based[k] if k < start.based.size else order[k - start.based.size]
        people.counts[0] += state.size - some
        if some < state.size and rules.slot_of[0] >= 0:
            people.size[rules.slot_of[0]] = -1
    for who in here_now:
        people.counts[state[who]] += 1
        slot = rules.slot_of[state[who]]
        if people.first_time.shape[1]:
            people.first_time[state[who], who] = 0
        if slot >= 0 and people.size[slot] == people.listed.shape[1]:
            people.size[slot] = -1
        elif slot >= 0 and people.size[slot] >= 0:
            people.listed[slot, people.size[slot]] = who
            people.size[slot] += 1
    if needs is not None or crowds is not None:
        tell(rules, people, graphs, needs, crowds, here_now, here_now.size)
    for k in range(taken - 1, -1, -1):  # so that the next replicate draws from the same order
        j = k + uniform_integer(order.size - k, seed, replicate, _SEATS, 0, k, 0)
        order[k], order[j] = order[j], order[k]


@jit
def _reset_needs(rules: Rules, graphs: Graphs, needs: Needs, seed: int, replicate: int) -> None:
    """Nobody has been counted yet. Random thresholds: uniform above 0 up to 1, times those (or the weight) that can reach somebody."""
    for row in range(len(needs.need)):
        for i in range(needs.need.shape[1]):
            needs.left[row, i] = needs.need[row, i]
            needs.queued[row, i] = 0
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        row, n = own[ROW], needs.need.shape[1]
        if own[KIND] != THRESHOLD or n == 0 or needs.need[row, 0] != RANDOM:
            continue
        start, reach = graphs.start[own[LAYER]], np.zeros(n, np.int64)
        for arc in range(start[0], start[n]):
            reach[graphs.other[arc]] += 1
        for i in range(n):
            word, whole = np.int64(draw(seed, replicate, _NEEDS, rule, i, 0)) + 1, reach[i]
            if own[WEIGHTED]:
                whole = _UNIT
            needs.left[row, i] = max(((word * whole - 1) >> 32) + 1, 1)
