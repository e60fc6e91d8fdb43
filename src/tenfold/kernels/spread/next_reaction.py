"""The continuous clock, exact and event by event: all that can happen has a clock of its own (Gibson, Bruck 2000, doi:10.1021/jp993732q).

A clock runs from when a rule first could move somebody: for a contact, from when actor and reached are both in their states. It is void
when one of them has changed since. Each draw belongs to rule, people and how often they have changed, so scenarios share their luck.
Time is a whole number of 2⁻³⁶, so that decisions compare whole numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero
from tenfold.kernels.spread.clocks import UNIT, Agenda, Clocks, set_clocks
from tenfold.kernels.spread.event_queue import (
    ACTOR,
    FRESH,
    HEAP,
    IDLE,
    RULE,
    STAMP,
    TIME,
    WHO,
    bigger,
    lines,
    room_left,
    take,
    turn_to_next,
)
from tenfold.kernels.spread.rules import move
from tenfold.kernels.spread.state import (
    CHANCE,
    CONTACT,
    COUNT,
    FIRST,
    GROUP,
    KIND,
    MOVE,
    NOTHING,
    ROW,
    SLOT,
    SOURCE,
    SPONTANEOUS,
    TARGET,
    THRESHOLD,
    Crowds,
    Graphs,
    Needs,
    Others,
    People,
    Rules,
    Start,
    prepare,
    tell,
)  # fmt: skip
from tenfold.kernels.spread.trials import set_counted, whom

__all__ = ["run"]


@jit
def _shift(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, clocks: Clocks, plan: Agenda, rule: int,
    i: int, now: int, horizon: int, seed: int, replicate: int, out: NDArray[np.int32],
) -> None:  # fmt: skip
    """A rule moves somebody."""
    source, target = rules.table[rule, SOURCE], rules.table[rule, TARGET]
    people.state[i] = target
    people.counts[source] -= 1
    people.counts[target] += 1
    clocks.visit[i] += 1
    if people.first_time.shape[1] and people.first_time[target, i] < 0:
        people.first_time[target, i] = (now + (1 << UNIT) - 1) >> UNIT
    if needs is not None or crowds is not None:
        out[0], people.mark[i] = i, rule
        tell(rules, people, graphs, needs, crowds, out, typed_zero() + 1)
        set_counted(rules, people, needs, crowds, clocks, plan, now, horizon, seed, replicate)
    people.mark[i] = NOTHING
    set_clocks(
        rules.table, rules.rate, people.state, clocks.visit, graphs.start, graphs.other, clocks.pace, clocks.back, clocks.back_other,
        clocks.back_pace, plan.slots, plan.heap, plan.head, plan.tally, i, now, horizon, typed_zero() - 1, typed_zero(), seed, replicate,
    )  # fmt: skip


@jit
def _stretch(
    rules: Rules, people: People, graphs: Graphs, clocks: Clocks, plan: Agenda, simple: bool, most: int, until: int, next_time: int,
    horizon: int, counts: NDArray[np.int64], seed: int, replicate: int,
) -> tuple[int, int]:  # fmt: skip
    """Events before the time `until`, as far as they are of people and arcs alone and there is room for the next.

    Returns the slot of an event that is left to the caller, −1: none, and the next whole time to be counted. All arrays have names here, as
    an event takes a fraction of a microsecond.
    """
    table, rate, state, now_in, first_time = rules.table, rules.rate, people.state, people.counts, people.first_time
    visit, row, other, pace = clocks.visit, graphs.start, graphs.other, clocks.pace
    back, back_other, back_pace = clocks.back, clocks.back_other, clocks.back_pace
    slots, heap, head, tally = plan
    while turn_to_next(slots, heap, head, tally, until - 1) < until and room_left(slots, tally) >= most:
        if simple and tally[FRESH]:
            _fetch(row, other, visit, slots, heap, tally)
        slot = take(slots, heap, tally)
        event = slots[slot]
        now, i, rule, actor, stamp = event[TIME], event[WHO], event[RULE], event[ACTOR], event[STAMP]
        while next_time << UNIT < now:
            for one in range(now_in.size):
                counts[next_time, one] = now_in[one]
            next_time += 1
        source, target, kind = table[rule, SOURCE], table[rule, TARGET], table[rule, KIND]
        if not simple or (kind != CONTACT and kind != SPONTANEOUS):
            return slot, next_time
        if stamp == visit[i] + (np.int64(visit[actor]) if kind == CONTACT else 0):
            state[i] = target
            now_in[source] -= 1
            now_in[target] += 1
            visit[i] += 1
            if first_time.shape[1] and first_time[target, i] < 0:
                first_time[target, i] = (now + (1 << UNIT) - 1) >> UNIT
            set_clocks(
                table, rate, state, visit, row, other, pace, back, back_other, back_pace, slots, heap, head, tally, i, now, horizon,
                typed_zero() - 1, typed_zero(), seed, replicate,
            )  # fmt: skip
    return typed_zero() - 1, next_time


@jit
def _fetch(
    row: NDArray[np.int64], other: NDArray[np.int32], visit: NDArray[np.int32], slots: NDArray[np.int64], heap: NDArray[np.int32],
    tally: NDArray[np.int64],
) -> None:  # fmt: skip
    """Ask the memory for all that the events on the heap will want, at once instead of one after the other."""
    total, last = typed_zero(), visit.size - 1
    for layer in range(len(row)):
        for k in range(tally[HEAP]):
            event = slots[heap[k]]
            actor = min(event[ACTOR], last)  # of some rules it is a number of tries
            total += int(row[layer, event[WHO]] + np.int64(visit[event[WHO]]) + np.int64(visit[actor]))
        for k in range(tally[HEAP]):
            first = row[layer, slots[heap[k], WHO]]
            total += int(np.int64(other[first])) if first < other.size else 0
    tally[IDLE] += total
    tally[FRESH] = 0


@jit
def _most(rules: Rules, graphs: Graphs, crowds: Crowds | None, clocks: Clocks) -> int:
    """At most so many clocks are set by one change."""
    found, n = len(rules.table) + 2, clocks.visit.size
    for layer in range(len(graphs.start)):
        largest = 0
        for i in range(n):
            arcs = graphs.start[layer, i + 1] - graphs.start[layer, i] + clocks.back[layer, i + 1] - clocks.back[layer, i]
            largest = max(largest, arcs)
        found += largest * len(rules.table)
    if crowds is not None:
        largest = 0
        for i in range(n):
            largest = max(largest, crowds.of[i + 1] - crowds.of[i])
        found += largest * len(rules.table)
    return found


@jit
def run(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, others: Others | None, clocks: Clocks,
    start: Start, steps: int, seed: int, replicates: NDArray[np.int64], counts: NDArray[np.int64], first_times: NDArray[np.int32],
    finals: NDArray[np.uint8], out: NDArray[np.int32], stop: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Replicates from beginning to end, until somebody says stop: counts (replicates, steps + 1, states) at whole times, and, where there
    is room for them, times of the first visits, rounded up, and last states. Returns how many are done."""
    for k in range(replicates.size):
        prepare(rules, people, graphs, needs, crowds, start, seed, replicates[k])
        for state in range(people.counts.size):
            counts[k, 0, state] = people.counts[state]
        reached = advance(rules, people, graphs, needs, crowds, others, clocks, steps, seed, replicates[k], counts[k], out, stop)
        if reached <= steps:
            return k
        if len(first_times):
            for state in range(people.counts.size):
                for i in range(people.state.size):
                    first_times[k, state, i] = people.first_time[state, i]
        if len(finals):
            for i in range(people.state.size):
                finals[k, i] = people.state[i]
    return len(replicates)


@jit
def advance(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, others: Others | None, clocks: Clocks,
    steps: int, seed: int, replicate: int, counts: NDArray[np.int64], out: NDArray[np.int32], stop: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Run up to time `steps`. `counts` (steps + 1, states) receives the people in each state at whole times; returns the next of them."""
    n, horizon = people.state.size, steps << UNIT
    for i in range(n):
        clocks.visit[i] = 0
    for rule in range(len(clocks.tries)):
        for who in range(clocks.tries.shape[1]):
            clocks.tries[rule, who] = 0
    most, simple = _most(rules, graphs, crowds, clocks), needs is None and crowds is None
    slots, heap, head, tally = lines(max(1024, 2 * most), horizon, max(64, n // 8))
    plan = Agenda(slots, heap, head, tally)
    next_time, ahead, began = typed_zero() + 1, typed_zero(), False
    while True:
        slot, next_time = _stretch(
            rules, people, graphs, clocks, plan, simple, most, ahead << UNIT, next_time, horizon, counts, seed, replicate
        )
        if slot >= 0:
            event = plan.slots[slot]
            now, who, rule, actor, stamp = event[TIME], event[WHO], event[RULE], event[ACTOR], event[STAMP]
            kind = rules.table[rule, KIND]
            if kind in (CONTACT, SPONTANEOUS):
                count = clocks.visit[who] + (np.int64(clocks.visit[actor]) if kind == CONTACT else 0)
                who = who if count == stamp else -1
            else:
                who = whom(
                    rules, people, needs, crowds, others, clocks, plan, rule, who, actor, stamp, now, horizon, seed, replicate
                )
            if who >= 0:
                _shift(rules, people, graphs, needs, crowds, clocks, plan, rule, who, now, horizon, seed, replicate, out)
            continue
        if room_left(plan.slots, plan.tally) < most:
            plan = _with_room(plan)
            continue
        if stop[0]:
            return next_time
        while next_time < ahead:
            for state in range(people.counts.size):
                counts[next_time, state] = people.counts[state]
            next_time += 1
        plan = _begin(
            rules, people, graphs, needs, crowds, others, clocks, plan, most, ahead, horizon, not began, seed, replicate, out
        )
        began = True
        if ahead:
            for state in range(people.counts.size):
                counts[ahead, state] = people.counts[state]
            next_time = ahead + 1
        if ahead == steps:
            return next_time
        ahead += 1


@jit
def _with_room(plan: Agenda) -> Agenda:
    """The same clocks with twice the room."""
    slots, heap = bigger(plan.slots, plan.heap, 2 * len(plan.slots))
    return Agenda(slots, heap, plan.head, plan.tally)


@jit
def _begin(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, others: Others | None, clocks: Clocks,
    plan: Agenda, most: int, time: int, horizon: int, first: bool, seed: int, replicate: int, out: NDArray[np.int32],
) -> Agenda:  # fmt: skip
    """At a whole time people are moved, and rules begin: everybody's clocks are set, all at the start of the run, else of those rules."""
    n, now = people.state.size, time << UNIT
    if first:
        waiting = most
        for rule in range(len(rules.table)):
            if rules.table[rule, KIND] in (THRESHOLD, GROUP):
                waiting += people.size[rules.table[rule, SLOT]]
        while room_left(plan.slots, plan.tally) < waiting:
            plan = _with_room(plan)
        set_counted(rules, people, needs, crowds, clocks, plan, now, horizon, seed, replicate)
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        if others is not None:
            if own[KIND] == MOVE and own[FIRST] == time:
                named = others.named[others.moved[own[ROW]] : others.moved[own[ROW] + 1]]
                chance, rest = np.uint64(own[CHANCE]), people.counts[own[SOURCE]]
                found = move(
                    named, own[COUNT], chance, rest, people.state, people.mark, own[SOURCE], rule, time, seed, replicate, out
                )
                for i in out[:found].copy():
                    if room_left(plan.slots, plan.tally) < most:
                        plan = _with_room(plan)
                    _shift(
                        rules,
                        people,
                        graphs,
                        needs,
                        crowds,
                        clocks,
                        plan,
                        rule,
                        int(np.int64(i)),
                        now,
                        horizon,
                        seed,
                        replicate,
                        out,
                    )
    for rule in range(len(rules.table)):
        begins = rules.table[rule, KIND] != MOVE and rules.table[rule, FIRST] == time + 1
        if (first and rule > 0) or not (first or begins):
            continue
        only = typed_zero() - 1 if first else typed_zero() + rule
        for i in range(n):
            if room_left(plan.slots, plan.tally) < most:
                plan = _with_room(plan)
            set_clocks(
                rules.table, rules.rate, people.state, clocks.visit, graphs.start, graphs.other, clocks.pace, clocks.back,
                clocks.back_other, clocks.back_pace, plan.slots, plan.heap, plan.head, plan.tally, i, now, horizon, only,
                typed_zero() + 1, seed, replicate,
            )  # fmt: skip
    return plan
