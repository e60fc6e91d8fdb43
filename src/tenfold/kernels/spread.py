"""One synchronous step of any model: everybody reads the state at t; rules are tried in the order written, the first that fires wins.

Work grows with what changes: only people in a driving state (one that acts on others, or that may be left by itself) are visited, and
counts of neighbours are kept up to date from the changes alone. Who draws what is fixed by
their numbers, so neither the order of the lists nor the number of threads shows in the result.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import below, draw_many

__all__ = [
    "CONTACT",
    "NOTHING",
    "SPONTANEOUS",
    "THRESHOLD",
    "Pairs",
    "Rules",
    "World",
    "commit",
    "prepare",
    "room",
    "rule_pass",
    "run",
    "seat",
    "way_of",
]

SPONTANEOUS, CONTACT, THRESHOLD = 0, 1, 2
NOTHING = 255  # no rule has fired
_SEATS = 251  # stream of the draws at the start; those of rules are their numbers
LISTED, EVERYBODY, PULL = 0, 1, 2
BATCH = 2048  # draws that are made at once
_KEY = np.uint64(0xFFFFFFFF)


class Rules(NamedTuple):
    """A model as arrays, a row a rule."""

    kind: NDArray[np.uint8]
    source: NDArray[np.uint8]  # the state that is left
    via: NDArray[np.uint8]  # the state of those who act (not for SPONTANEOUS)
    target: NDArray[np.uint8]
    chance: NDArray[np.uint64]  # in 2⁻³²
    first: NDArray[np.int64]  # first step at which the rule is on
    last: NDArray[np.int64]  # last one
    driving: NDArray[np.uint8]  # (states) 1: somebody in this state is visited at every step


class World(NamedTuple):
    """A network, and the people on it in one replicate."""

    start: NDArray[np.int64]
    other: NDArray[np.int32]
    arc_chance: NDArray[np.uint64]  # (arcs) in 2⁻³², or empty: the rule's own
    mutual: NDArray[
        np.uint8
    ]  # [0] 1: every arc has one that leads back, so that rules may be pulled; [1] 1: there are parallel arcs
    state: NDArray[np.uint8]  # (n)
    mark: NDArray[np.uint8]  # (n) the rule that fired, or NOTHING
    place: NDArray[np.int32]  # (n) row in `active`, −1: not in it
    active: NDArray[np.int32]  # (n) people in a driving state, the first size[0] rows
    size: NDArray[np.int64]  # [0] of active, [1] of queue
    near: NDArray[np.int32]  # (thresholds, n) neighbours in the rule's `via`
    need: NDArray[np.int32]  # (thresholds, n) how many it takes
    queue: NDArray[np.int32]  # (thresholds · n) people · thresholds + threshold, whose count has reached the need
    queued: NDArray[np.uint8]  # (thresholds, n)
    counts: NDArray[np.int64]  # (states)
    first_time: NDArray[np.int32]  # (states, n) step of the first visit, −1: none; or (states, 0) where nobody asked


class Pairs(NamedTuple):
    """Room for the draws of one thread, 2 · BATCH + 1 each: who may be reached, by whom, over which arc, and the draw."""

    reached: NDArray[np.uint32]
    actor: NDArray[np.uint32]
    arc: NDArray[np.int64]
    stream: NDArray[np.uint32]  # the rule, and above 8 bits the number of the arc among several between two people
    word: NDArray[np.uint32]


@jit
def room() -> Pairs:
    """Room for one thread."""
    size = 2 * BATCH + 1
    people = np.empty(size, np.uint32)
    return Pairs(
        people, np.empty(size, np.uint32), np.empty(size, np.int64), np.empty(size, np.uint32), np.empty(size, np.uint32)
    )


@jit
def _fire(
    rules: Rules,
    world: World,
    rule: int,
    step: int,
    seed: int,
    replicate: int,
    pairs: Pairs,
    count: int,
    out: NDArray[np.int32],
    found: int,
) -> int:
    """Draw for `count` pairs at once, a loop without branches, then mark those who are hit; returns how many are in `out`."""
    words, reached = pairs.word, pairs.reached
    draw_many(words, pairs.stream, step, reached, pairs.actor, count, seed, replicate)
    chance, mark, arc_chance = rules.chance[rule], world.mark, world.arc_chance
    weighted = arc_chance.size > 0 and chance > _KEY + np.uint64(1)
    for k in range(count):
        if words[k] < (arc_chance[pairs.arc[k]] if weighted else chance):
            j = reached[k]
            if mark[j] == NOTHING:
                mark[j] = rule
                out[found] = j
                found += 1
    return found


@jit
def rule_pass(
    rules: Rules,
    world: World,
    rule: int,
    step: int,
    seed: int,
    replicate: int,
    low: int,
    high: int,
    way: int,
    pairs: Pairs,
    out: NDArray[np.int32],
) -> int:
    """Try one rule on rows low..high − 1 of `active` (for a threshold: of the queue), or on people low..high − 1.

    Writes who is marked into `out`, and returns how many. A contact is pushed from those who act, or pulled by those who may be reached,
    whichever are fewer: the draw belongs to the two people (and to the number of their arc, if there are several), so both give the same.
    """
    found = count = 0
    source, state, mark, active = rules.source[rule], world.state, world.mark, world.active
    if rules.kind[rule] == SPONTANEOUS:
        for row in range(low, high):
            i = np.uint32(active[row]) if way == LISTED else np.uint32(row)
            pairs.reached[count] = i
            pairs.actor[count], pairs.stream[count] = 0, rule
            count += state[i] == source and mark[i] == NOTHING
            if count == BATCH:
                found = _fire(rules, world, rule, step, seed, replicate, pairs, count, out, found)
                count = 0
        return _fire(rules, world, rule, step, seed, replicate, pairs, count, out, found)
    if rules.kind[rule] == THRESHOLD:
        thresholds = world.near.shape[0]
        own = 0
        for earlier in range(rule):
            own += rules.kind[earlier] == THRESHOLD
        for row in range(low, high):
            person, which = world.queue[row] // thresholds, world.queue[row] % thresholds
            reached = which == own and world.near[which, person] >= world.need[which, person]
            if reached and state[person] == source and mark[person] == NOTHING:
                mark[person] = rule
                out[found] = person
                found += 1
        return found
    pull = way == PULL
    near, far = (source, rules.via[rule]) if pull else (rules.via[rule], source)
    start, other = world.start, world.other
    mine, yours = (pairs.reached, pairs.actor) if pull else (pairs.actor, pairs.reached)
    arcs, streams = pairs.arc, pairs.stream
    plain = world.arc_chance.size == 0 and not world.mutual[1]
    if plain:
        streams[:] = rule
    for row in range(low, high):
        i = np.uint32(active[row]) if way == LISTED else np.uint32(row)
        if state[i] != near or (pull and mark[i] != NOTHING):
            continue
        before, stream = i, np.uint32(rule)
        first, last = np.uint64(start[i]), np.uint64(start[np.uint64(i) + np.uint64(1)])
        while first < last:
            until = min(last, first + np.uint64(BATCH))
            if np.uint64(count) + until - first > np.uint64(2 * BATCH):
                found = _fire(rules, world, rule, step, seed, replicate, pairs, count, out, found)
                count = 0
            if plain:
                for arc in range(first, until):
                    j = np.uint32(other[arc])
                    mine[count], yours[count] = i, j
                    count += state[j] == far
            else:
                for arc in range(first, until):
                    j = np.uint32(other[arc])
                    stream = np.uint32(stream + np.uint32(256)) if j == before else np.uint32(rule)
                    before = j
                    mine[count], yours[count], arcs[count], streams[count] = i, j, arc, stream
                    count += state[j] == far
            first = until
    return _fire(rules, world, rule, step, seed, replicate, pairs, count, out, found)


@jit
def way_of(rules: Rules, world: World, rule: int) -> tuple[int, int]:
    """How many rows a rule is tried on, and what they are: people of the list, everybody who acts, or everybody who may be reached."""
    n = world.state.size
    if rules.kind[rule] == THRESHOLD:
        return int(world.size[1]), LISTED
    if rules.kind[rule] == CONTACT and world.mutual[0] and world.counts[rules.source[rule]] < world.counts[rules.via[rule]]:
        return n, PULL
    if (
        rules.kind[rule] == CONTACT and 16 * world.size[0] > n
    ):  # in their order in memory, which costs less than a list in no order
        return n, EVERYBODY
    return int(world.size[0]), LISTED


@jit
def _enter(rules: Rules, world: World, i: int, state: int, step: int) -> None:
    """Put i into a state: its lists, and the counts of the neighbours."""
    world.state[i] = state
    world.counts[state] += 1
    if world.first_time.shape[1] and world.first_time[state, i] < 0:
        world.first_time[state, i] = step
    if rules.driving[state] and world.place[i] < 0:
        world.place[i] = world.size[0]
        world.active[world.size[0]] = i
        world.size[0] += 1
    thresholds, which = world.near.shape[0], -1
    for rule in range(rules.kind.size):
        if rules.kind[rule] != THRESHOLD:
            continue
        which += 1
        if rules.via[rule] == state:
            for arc in range(world.start[i], world.start[i + 1]):
                j = world.other[arc]
                world.near[which, j] += 1
                if (
                    world.near[which, j] >= world.need[which, j]
                    and not world.queued[which, j]
                    and world.state[j] == rules.source[rule]
                ):
                    world.queued[which, j] = 1
                    world.queue[world.size[1]] = j * thresholds + which
                    world.size[1] += 1
        if rules.source[rule] == state and world.near[which, i] >= world.need[which, i] and not world.queued[which, i]:
            world.queued[which, i] = 1
            world.queue[world.size[1]] = i * thresholds + which
            world.size[1] += 1


@jit
def _leave(rules: Rules, world: World, i: int) -> None:
    """Take i out of its state."""
    state = world.state[i]
    world.counts[state] -= 1
    which = -1
    for rule in range(rules.kind.size):
        if rules.kind[rule] == THRESHOLD:
            which += 1
            if rules.via[rule] == state:
                for arc in range(world.start[i], world.start[i + 1]):
                    world.near[which, world.other[arc]] -= 1


@jit
def prepare(rules: Rules, world: World, start_state: NDArray[np.uint8]) -> None:
    """Fill the lists and counts for the state at step 0."""
    world.place[:] = -1
    world.mark[:] = NOTHING
    world.state[:] = NOTHING
    for i in range(start_state.size):
        _enter(rules, world, i, start_state[i], 0)


@jit
def commit(rules: Rules, world: World, step: int, out: NDArray[np.int32], found: int) -> None:
    """Let the marked ones change; somebody who was marked twice, by two threads with the same rule, changes once."""
    kept = 0
    thresholds = world.near.shape[0]
    for row in range(world.size[1]):  # the queue holds who could change by a threshold: whoever still can stays in it
        i, which = world.queue[row] // thresholds, world.queue[row] % thresholds
        if world.mark[i] == NOTHING and world.near[which, i] >= world.need[which, i]:
            world.queue[kept] = world.queue[row]
            kept += 1
        else:
            world.queued[which, i] = 0
    world.size[1] = kept
    for row in range(found):
        i = out[row]
        if world.mark[i] == NOTHING:
            continue
        target = rules.target[world.mark[i]]
        world.mark[i] = NOTHING
        _leave(rules, world, i)
        if world.place[i] >= 0 and not rules.driving[target]:
            last = world.active[world.size[0] - 1]
            world.active[world.place[i]] = last
            world.place[last] = world.place[i]
            world.place[i] = -1
            world.size[0] -= 1
        _enter(rules, world, i, target, step)


@jit
def run(
    rules: Rules, world: World, start_state: NDArray[np.uint8], steps: int, seed: int, replicate: int, counts: NDArray[np.int64]
) -> None:
    """One replicate from beginning to end; `counts` (steps + 1, states) receives the people in each state."""
    prepare(rules, world, start_state)
    counts[0] = world.counts
    out = np.empty(2 * start_state.size + 1, np.int32)
    pairs = room()
    for step in range(1, steps + 1):
        found = 0
        for rule in range(rules.kind.size):
            if rules.first[rule] <= step <= rules.last[rule]:
                high, way = way_of(rules, world, rule)
                found += rule_pass(rules, world, rule, step, seed, replicate, 0, high, way, pairs, out[found:])
        if found:
            commit(rules, world, step, out, found)
        counts[step] = world.counts


@jit
def seat(
    state: NDArray[np.uint8], order: NDArray[np.int32], taken: int, count: int, into: int, seed: int, replicate: int
) -> None:
    """Put `count` people at random into a state, of those in rows taken.. of `order` (Fisher, Yates)."""
    for k in range(taken, taken + count):
        j = k + below(order.size - k, seed, replicate, _SEATS, into, k, 0)
        order[k], order[j] = order[j], order[k]
        state[order[k]] = into
