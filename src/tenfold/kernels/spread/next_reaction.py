"""The continuous clock, exact and event by event: the next-reaction method (Gibson, Bruck 2000, doi:10.1021/jp993732q).

All that can happen has an exponential clock of its own, which runs from when a rule first could change somebody: for a contact, from when
both who acts and who is reached are in their states. It is void once one of them has changed. Each draw belongs to rule, people and how
often they have changed, so scenarios share their luck. Time is a whole number of 2⁻³⁶, so that decisions compare whole numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero
from tenfold.kernels.spread.counters import update_counters
from tenfold.kernels.spread.event_queue import (
    ACTOR,
    HEAP_SIZE,
    NEW_BUCKET,
    PREFETCHED,
    WHO,
    Event,
    EventQueue,
    fill_heap,
    free_slots,
    grow,
    make_queue,
    peek,
    pop,
)
from tenfold.kernels.spread.initial_states import set_initial_states
from tenfold.kernels.spread.reaction_clocks import ALL_RULES, CHANGED, UNIT, Clocks, Moment, RatedArcs, start_clocks
from tenfold.kernels.spread.state import (
    CHANCE,
    CONTACT,
    GROUP,
    KIND,
    LIST,
    MOVE,
    NO_RULE,
    SINCE,
    SOURCE,
    SPONTANEOUS,
    TARGET,
    THRESHOLD,
    Adjacency,
    Batch,
    DrawAddress,
    Extensions,
    Hyperedges,
    InitialStates,
    Networks,
    People,
    Records,
    Rules,
    Thresholds,
)
from tenfold.kernels.spread.synchronous_rules import move, unpacked
from tenfold.kernels.spread.thinning import start_counted_clocks, try_counted, try_sampled

__all__ = ["run"]


class _Bounds(NamedTuple):
    """How far events may run."""

    until: int
    horizon: int
    reserve: int  # slots that have to be free before an event: one change starts no more clocks
    simple: bool  # no threshold or group counts


class _Change(NamedTuple):
    """A rule changes a person."""

    rule: int
    who: int
    moment: Moment


@jit
def _apply_transition(
    rules: Rules,
    people: People,
    adjacency: Adjacency,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    clocks: Clocks,
    queue: EventQueue,
    change: _Change,
) -> None:
    """A rule changes somebody: their state, what is counted of them, and all clocks that depend on it."""
    rule, who, moment = change.rule, change.who, change.moment
    _change_state(rules, people, clocks.versions.changes, rule, who, moment.now)
    if thresholds is not None or hyperedges is not None:
        clocks.changed[0], people.fired[who] = who, rule
        update_counters(rules, people, adjacency, thresholds, hyperedges, clocks.changed, typed_zero() + 1)
        start_counted_clocks(rules, people, thresholds, hyperedges, clocks, queue, moment)
    people.fired[who] = NO_RULE
    start_clocks(rules, clocks.versions, clocks.out_arcs, clocks.in_arcs, queue, who, moment, typed_zero() + CHANGED)


@jit
def _change_state(rules: Rules, people: People, changes: NDArray[np.int32], rule: int, who: int, now: int) -> None:
    """The new state, how many are in each, and how often the person has changed."""
    source, target = rules.table[rule, SOURCE], rules.table[rule, TARGET]
    people.state[who] = target
    people.counts[source] -= 1
    people.counts[target] += 1
    changes[who] += 1
    if people.first_time.shape[1] and people.first_time[target, who] < 0:
        people.first_time[target, who] = (now + (1 << UNIT) - 1) >> UNIT


@jit
def _run_events(
    rules: Rules,
    people: People,
    clocks: Clocks,
    queue: EventQueue,
    bounds: _Bounds,
    moment: Moment,
    next_count: int,
    counts: NDArray[np.int64],
) -> tuple[Event, int]:
    """Run events before `bounds.until`, as long as they are spontaneous or contacts, nothing is counted, and there is room for the next.

    Returns the event that is left to the caller (rule −1: none), and the next whole time whose counts are to be written.
    """
    versions, out_arcs, in_arcs, changes = clocks.versions, clocks.out_arcs, clocks.in_arcs, clocks.versions.changes
    while True:
        if queue.counters[HEAP_SIZE] == 0:
            fill_heap(queue, bounds.until - 1)
        if peek(queue, bounds.until) >= bounds.until or free_slots(queue) < bounds.reserve:
            return Event(typed_zero(), typed_zero() - 1, typed_zero(), typed_zero(), typed_zero()), next_count
        if bounds.simple and queue.counters[NEW_BUCKET]:
            _prefetch(out_arcs, changes, queue)
        event = pop(queue)
        while next_count << UNIT < event.time:
            for state in range(people.counts.size):
                counts[next_count, state] = people.counts[state]
            next_count += 1
        kind = rules.table[event.rule, KIND]
        if not bounds.simple or (kind != CONTACT and kind != SPONTANEOUS):
            return event, next_count
        if _is_valid(event, kind, changes):
            _change_state(rules, people, changes, event.rule, event.who, event.time)
            now = Moment(event.time, bounds.horizon, moment.seed, moment.replicate)
            start_clocks(rules, versions, out_arcs, in_arcs, queue, event.who, now, typed_zero() + CHANGED)


@jit
def _is_valid(event: Event, kind: int, changes: NDArray[np.int32]) -> bool:
    """Whether nobody concerned by an event has changed since its clock was started."""
    return bool(event.stamp == changes[event.who] + (np.int64(changes[event.actor]) if kind == CONTACT else 0))


@jit
def _prefetch(arcs: RatedArcs, changes: NDArray[np.int32], queue: EventQueue) -> None:
    """Ask the memory for all that the events on the heap will want, at once instead of one after the other."""
    start, neighbour, events, heap, size = arcs.start, arcs.neighbour, queue.events, queue.heap, queue.counters[HEAP_SIZE]
    total, last = typed_zero(), changes.size - 1
    for layer in range(len(start)):
        for k in range(size):
            event = events[heap[k]]
            actor = min(event[ACTOR], last)  # of some rules it is a number of tries
            total += int(start[layer, event[WHO]] + np.int64(changes[event[WHO]]) + np.int64(changes[actor]))
        for k in range(size):
            first = start[layer, events[heap[k], WHO]]
            total += int(np.int64(neighbour[first])) if first < neighbour.size else 0
    queue.counters[PREFETCHED] += total
    queue.counters[NEW_BUCKET] = 0


@jit
def _most_clocks(rules: Rules, hyperedges: Hyperedges | None, clocks: Clocks) -> int:
    """At most so many clocks are started by one change."""
    n, out_start, in_start = clocks.versions.changes.size, clocks.out_arcs.start, clocks.in_arcs.start
    most = len(rules.table) + 2
    for layer in range(len(out_start)):
        largest = 0
        for i in range(n):
            arcs = out_start[layer, i + 1] - out_start[layer, i] + in_start[layer, i + 1] - in_start[layer, i]
            largest = max(largest, arcs)
        most += largest * len(rules.table)
    if hyperedges is not None:
        largest = 0
        for i in range(n):
            largest = max(largest, hyperedges.membership_start[i + 1] - hyperedges.membership_start[i])
        most += largest * len(rules.table)
    return most


@jit
def run(
    rules: Rules, people: People, networks: Networks, clocks: Clocks, initial: InitialStates, batch: Batch, records: Records
) -> int:
    """Replicates from beginning to end, until `batch.stop`; fills the records, counts at whole times and first times rounded up.

    Returns how many are done.
    """
    adjacency, thresholds, hyperedges = networks.adjacency, networks.thresholds, networks.hyperedges
    for k in range(batch.replicates.size):
        replicate = batch.replicates[k]
        set_initial_states(rules, people, adjacency, thresholds, hyperedges, initial, batch.seed, replicate)
        for state in range(people.counts.size):
            records.counts[k, 0, state] = people.counts[state]
        moment = Moment(typed_zero(), batch.steps << UNIT, batch.seed, replicate)
        if advance(rules, people, networks, clocks, moment, records.counts[k], batch.stop) <= batch.steps:
            return k
        if len(records.first_time):
            for state in range(people.counts.size):
                for i in range(records.first_time.shape[2]):
                    records.first_time[k, state, i] = people.first_time[state, i]
        if len(records.final):
            for i in range(records.final.shape[1]):
                records.final[k, i] = people.state[i]
    return len(batch.replicates)


@jit
def advance(
    rules: Rules,
    people: People,
    networks: Networks,
    clocks: Clocks,
    moment: Moment,
    counts: NDArray[np.int64],
    stop: NDArray[np.uint8],
) -> int:
    """Run from time 0 to the horizon. `counts` (steps + 1, states) receives the people in each state at whole times; returns the next."""
    n, horizon, steps = clocks.versions.changes.size, moment.horizon, moment.horizon >> UNIT
    adjacency, thresholds = networks.adjacency, networks.thresholds
    hyperedges, extensions = networks.hyperedges, networks.extensions
    for i in range(n):
        clocks.versions.changes[i] = 0
    for rule in range(len(clocks.tries)):
        for who in range(clocks.tries.shape[1]):
            clocks.tries[rule, who] = 0
    reserve, simple = _most_clocks(rules, hyperedges, clocks), len(clocks.tries) == 0
    queue = make_queue(max(1024, 2 * reserve), horizon, max(64, n // 8))
    next_count, ahead, began = typed_zero() + 1, typed_zero(), False
    while True:
        bounds = _Bounds(ahead << UNIT, horizon, reserve, simple)
        event, next_count = _run_events(rules, people, clocks, queue, bounds, moment, next_count, counts)
        if event.rule >= 0:
            now, kind = Moment(event.time, horizon, moment.seed, moment.replicate), rules.table[event.rule, KIND]
            if kind in (CONTACT, SPONTANEOUS):
                who = event.who if _is_valid(event, kind, clocks.versions.changes) else -1
            elif kind in (THRESHOLD, GROUP):
                who = try_counted(rules, people, thresholds, hyperedges, clocks, queue, event, now)
            else:
                who = try_sampled(rules, people, extensions, clocks.versions.changes, queue, event, now)
            if who >= 0:
                change = _Change(event.rule, who, now)
                _apply_transition(rules, people, adjacency, thresholds, hyperedges, clocks, queue, change)
            continue
        if free_slots(queue) < reserve:
            queue = grow(queue)
            continue
        if stop[0]:
            return next_count
        while next_count < ahead:
            for state in range(people.counts.size):
                counts[next_count, state] = people.counts[state]
            next_count += 1
        now = Moment(ahead << UNIT, horizon, moment.seed, moment.replicate)
        if not began:
            queue = _start_lists(rules, people, thresholds, hyperedges, clocks, queue, reserve, now)
        queue = _move_people(rules, people, networks, extensions, clocks, queue, reserve, now)
        queue = _start_rules(rules, clocks, queue, reserve, now, not began)
        began = True
        if ahead:
            for state in range(people.counts.size):
                counts[ahead, state] = people.counts[state]
            next_count = ahead + 1
        if ahead == steps:
            return next_count
        ahead += 1


@jit
def _start_lists(
    rules: Rules,
    people: People,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    clocks: Clocks,
    queue: EventQueue,
    reserve: int,
    moment: Moment,
) -> EventQueue:
    """As the run begins: the clocks of all whose threshold is met, and of groups with enough members active."""
    if thresholds is not None or hyperedges is not None:
        waiting = reserve
        for rule in range(len(rules.table)):
            if rules.table[rule, KIND] in (THRESHOLD, GROUP):
                waiting += people.list_length[rules.table[rule, LIST]]
        while free_slots(queue) < waiting:
            queue = grow(queue)
        start_counted_clocks(rules, people, thresholds, hyperedges, clocks, queue, moment)
    return queue


@jit
def _move_people(
    rules: Rules,
    people: People,
    networks: Networks,
    extensions: Extensions | None,
    clocks: Clocks,
    queue: EventQueue,
    reserve: int,
    moment: Moment,
) -> EventQueue:
    """The moves of a whole time. `extensions`: those of the networks."""
    if extensions is not None:
        step = moment.now >> UNIT
        for rule in range(len(rules.table)):
            own = rules.table[rule]
            if own[KIND] == MOVE and own[SINCE] == step:
                at = DrawAddress(rule, step, moment.seed, moment.replicate)
                found = move(unpacked(own, np.uint64(own[CHANCE]), True), at, people, extensions, clocks.changed)
                for i in clocks.changed[:found].copy():
                    if free_slots(queue) < reserve:
                        queue = grow(queue)
                    change = _Change(rule, int(np.int64(i)), moment)
                    _apply_transition(
                        rules, people, networks.adjacency, networks.thresholds, networks.hyperedges, clocks, queue, change
                    )
    return queue


@jit
def _start_rules(rules: Rules, clocks: Clocks, queue: EventQueue, reserve: int, moment: Moment, first: bool) -> EventQueue:
    """Everybody's clocks: all as the run begins, else those of rules that begin at this whole time."""
    step = moment.now >> UNIT
    for rule in range(len(rules.table)):
        begins = rules.table[rule, KIND] != MOVE and rules.table[rule, SINCE] == step + 1
        if (first and rule > 0) or not (first or begins):
            continue
        reason = typed_zero() + ALL_RULES if first else typed_zero() + rule
        for i in range(clocks.versions.state.size):
            if free_slots(queue) < reserve:
                queue = grow(queue)
            start_clocks(rules, clocks.versions, clocks.out_arcs, clocks.in_arcs, queue, i, moment, reason)
    return queue
