"""Synchronous steps: everybody reads the state at t; rules are tried in the order written, the first that fires wins.

Work grows with what changes: a contact is pushed by those who act, and of their arcs only those that fire are looked at. Who draws what is
fixed by their numbers, so neither the order of the lists nor the number of threads shows in the result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import lowest_bit, typed_zero
from tenfold.kernels.spread.rules import alone, enough, look, meet, move, push
from tenfold.kernels.spread.state import (
    CHANCE,
    CONTACT,
    COUNT,
    FIRST,
    GROUP,
    IMITATION,
    KIND,
    LAST,
    LAYER,
    MIXING,
    MOVE,
    NOTHING,
    ROW,
    SLOT,
    SMALL,
    SOURCE,
    TARGET,
    THRESHOLD,
    TRAIT,
    VIA,
    WEIGHTED,
    WINDOWS,
    Crowds,
    Graphs,
    Needs,
    Others,
    People,
    Rules,
    Start,
    here,
    prepare,
    tell,
)  # fmt: skip

__all__ = ["advance", "commit", "gather", "rows", "rule_pass", "run"]

_ONE = np.uint64(1)


@jit
def rows(rules: Rules, people: People, others: Others | None, rule: int, step: int) -> int:
    """On how many rows a rule is tried at a step: people (of a list, or all), groups, contacts of a window, or of a queue."""
    own = rules.table[rule]
    if not own[FIRST] <= step <= own[LAST]:
        return 0
    if others is not None:
        if own[KIND] == MOVE:
            return 1
        if own[KIND] == WINDOWS:
            window = others.window[own[LAYER]]
            return int(window[step] - window[step - 1]) if step < window.size else 0
    size = people.size[own[SLOT]]
    return size if size >= 0 else people.state.size


@jit
def rule_pass(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, others: Others | None, rule: int,
    step: int, seed: int, replicate: int, low: int, high: int, room: NDArray[np.uint32], out: NDArray[np.int32],
) -> int:  # fmt: skip
    """Try one rule on rows low..high − 1 (low a multiple of 32). Writes who is marked into `out`, and returns how many."""
    if high <= low:
        return 0
    own = rules.table[rule]
    kind, source, via, layer, row = own[KIND], own[SOURCE], own[VIA], own[LAYER], own[ROW]
    chance, state, wide, mark = np.uint64(own[CHANCE]), people.state, people.wide, people.mark
    slot, all_of_them = own[SLOT], people.size[own[SLOT]] < 0
    weight, plane = graphs.weight, graphs.plane
    traits, trait = plane, typed_zero() - 1
    if crowds is not None:
        if kind == GROUP:
            return push(
                crowds.ready, row, False, low, high, crowds.start, typed_zero(), crowds.member, weight, plane, False, state, wide,
                mark, source, via, chance, rule, step, seed, replicate, room, out,
            )  # fmt: skip
    if others is not None:
        if kind == WINDOWS:
            return meet(
                others.one, others.two, others.one_way[layer], others.window[layer, step - 1], low, high, state, mark, source, via,
                chance, rule, step, seed, replicate, out,
            )  # fmt: skip
        if kind == MOVE:
            named = others.named[others.moved[row] : others.moved[row + 1]]
            return move(named, own[COUNT], chance, people.counts[source], state, mark, source, rule, step, seed, replicate, out)
        traits, trait = others.trait, own[TRAIT]
    if needs is not None:
        if kind == THRESHOLD:
            queue, left = needs.queue[row], needs.left[row]
            return enough(queue, low, high, left, state, mark, source, chance, traits, trait, rule, step, seed, replicate, out)
    if others is not None:
        if kind == IMITATION:
            return look(
                people.listed, slot, all_of_them, low, high, others.back, layer, others.back_other, own[COUNT], state, mark, source,
                via, chance, traits, trait, rule, step, seed, replicate, out,
            )  # fmt: skip
    if kind == CONTACT:
        return push(
            people.listed, slot, all_of_them, low, high, graphs.start, layer, graphs.other, weight, plane,
            own[WEIGHTED] > 0, state, wide, mark, source, via, chance, rule, step, seed, replicate, room, out,
        )  # fmt: skip
    if kind == MIXING:
        chance = chance * np.uint64(people.counts[via]) // np.uint64(state.size)
    return alone(
        people.listed, slot, all_of_them, low, high, state, wide, mark, source, chance, traits, trait, rule, step, seed, replicate,
        room, out,
    )  # fmt: skip


@jit
def commit(
    rules: Rules,
    people: People,
    graphs: Graphs,
    needs: Needs | None,
    crowds: Crowds | None,
    step: int,
    out: NDArray[np.int32],
    found: int,
) -> None:
    """Let the marked ones change; somebody who was marked twice, by two threads with the same rule, changes once."""
    told = needs is not None or crowds is not None
    if told and 16 * found > people.state.size:
        found = _in_order(people.mark, out)
    _settle(rules.table, people.state, people.mark, people.counts, out, found, told)
    for state in range(people.counts.size):
        slot = rules.slot_of[state]
        if slot >= 0 and people.size[slot] >= 0:
            people.size[slot] = _list(people.state, state, people.listed, slot, people.size[slot], out, found)
    if people.first_time.shape[1]:
        for row in range(found):
            if out[row] >= 0 and people.first_time[people.state[out[row]], out[row]] < 0:
                people.first_time[people.state[out[row]], out[row]] = step
    if told:
        tell(rules, people, graphs, needs, crowds, out, found)
        for row in range(found):
            if out[row] >= 0:
                people.mark[out[row]] = NOTHING


@jit
def _in_order(mark: NDArray[np.uint8], out: NDArray[np.int32]) -> int:
    """All who are marked, by their numbers: as their neighbours lie in memory."""
    found = 0
    for i in range(mark.size):
        out[found] = i
        found += mark[i] != NOTHING
    return found


@jit
def _settle(
    table: NDArray[np.int64], state: NDArray[np.uint8], mark: NDArray[np.uint8], counts: NDArray[np.int64], out: NDArray[np.int32],
    found: int, told: bool,
) -> None:  # fmt: skip
    """New states and counts; −1 in place of who has changed already."""
    for row in range(found):
        i = out[row]
        rule = mark[i]
        if rule == NOTHING or state[i] != table[rule, SOURCE]:
            out[row] = -1
            continue
        state[i] = table[rule, TARGET]
        counts[table[rule, SOURCE]] -= 1
        counts[table[rule, TARGET]] += 1
        if not told:
            mark[i] = NOTHING


@jit
def _list(
    states: NDArray[np.uint8], state: int, listed: NDArray[np.int32], slot: int, size: int, out: NDArray[np.int32], found: int
) -> int:
    """Add those who have come into a state to its list; −1 when there is no room for them."""
    for row in range(found):
        if out[row] >= 0 and states[out[row]] == state:
            if size == listed.shape[1]:
                return -1
            listed[slot, size] = out[row]
            size += 1
    return size


@jit
def gather(rules: Rules, people: People, needs: Needs | None, crowds: Crowds | None) -> None:
    """After a step: who has left a list is taken out of it; a long list is given up, and made again when few are in its state."""
    n = people.state.size
    for state in range(people.counts.size):
        slot = rules.slot_of[state]
        if slot < 0:
            continue
        if 16 * people.counts[state] > n and n > SMALL:
            people.size[slot] = -1
        elif people.size[slot] < 0:
            people.size[slot] = _find(people.wide, state, people.listed, slot)
        elif people.size[slot] > people.counts[state]:
            people.size[slot] = _thin(people.state, state, people.listed, slot, people.size[slot])
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        row, slot = own[ROW], own[SLOT]
        if needs is not None:
            if own[KIND] == THRESHOLD:
                queue, queued = needs.queue[row], needs.queued[row]
                people.size[slot] = _thin_queue(queue, people.size[slot], queued, needs.left[row], people.state, own[SOURCE])
        if crowds is not None:
            if own[KIND] == GROUP:
                ready, is_ready = crowds.ready[row], crowds.is_ready[row]
                people.size[slot] = _thin_ready(ready, people.size[slot], is_ready, crowds.inside[row], own[COUNT])


@jit
def _thin_queue(
    queue: NDArray[np.int32], size: int, queued: NDArray[np.uint8], left: NDArray[np.int32], state: NDArray[np.uint8], source: int
) -> int:
    kept = 0
    for k in range(size):
        i = queue[k]
        queued[i] = left[i] <= 0 and state[i] == source
        queue[kept] = i
        kept += queued[i]
    return kept


@jit
def _thin_ready(ready: NDArray[np.int32], size: int, is_ready: NDArray[np.uint8], inside: NDArray[np.int32], least: int) -> int:
    kept = 0
    for k in range(size):
        group = ready[k]
        is_ready[group] = inside[group] >= least
        ready[kept] = group
        kept += is_ready[group]
    return kept


@jit
def _find(wide: NDArray[np.uint64], state: int, listed: NDArray[np.int32], slot: int) -> int:
    kept = 0
    for chunk in range(wide.size // 4):
        mask = here(wide, chunk, state)
        while mask:
            listed[slot, kept] = 32 * chunk + lowest_bit(mask)
            mask &= mask - _ONE
            kept += 1
    return kept


@jit
def _thin(states: NDArray[np.uint8], state: int, listed: NDArray[np.int32], slot: int, size: int) -> int:
    kept = 0
    for k in range(size):
        i = listed[slot, k]
        listed[slot, kept] = i
        kept += states[i] == state
    return kept


@jit
def run(
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, others: Others | None, start: Start,
    steps: int, seed: int, replicates: NDArray[np.int64], counts: NDArray[np.int64], first_times: NDArray[np.int32],
    finals: NDArray[np.uint8], room: NDArray[np.uint32], out: NDArray[np.int32], stop: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Replicates from beginning to end, until somebody says stop: counts (replicates, steps + 1, states), and, where there is room for
    them, times of the first visits and last states. Returns how many are done."""
    for k in range(replicates.size):
        prepare(rules, people, graphs, needs, crowds, start, seed, replicates[k])
        for state in range(people.counts.size):
            counts[k, 0, state] = people.counts[state]
        reached = advance(
            rules, people, graphs, needs, crowds, others, typed_zero() + 1, steps, seed, replicates[k], counts[k], typed_zero() + (1 << 62),
            room, out, stop,
        )  # fmt: skip
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
    rules: Rules, people: People, graphs: Graphs, needs: Needs | None, crowds: Crowds | None, others: Others | None, step: int,
    until: int, seed: int, replicate: int, counts: NDArray[np.int64], large: int, room: NDArray[np.uint32],
    out: NDArray[np.int32], stop: NDArray[np.uint8],
) -> int:  # fmt: skip
    """Take steps from `step` on, the last one `until`, as long as each is tried on fewer than `large` rows and nobody says stop.

    `counts` (steps + 1, states) receives the people in each state; returns the next step that is to be taken.
    """
    while step <= until and not stop[0]:
        work = found = low = typed_zero()
        for rule in range(len(rules.table)):
            work += rows(rules, people, others, rule, step)
        if work >= large:
            return step
        if work:
            for rule in range(len(rules.table)):
                high = rows(rules, people, others, rule, step)
                if high:
                    found += rule_pass(
                        rules, people, graphs, needs, crowds, others, rule, step, seed, replicate, low, high, room, out[found:]
                    )
        if found:
            commit(rules, people, graphs, needs, crowds, step, out, found)
            gather(rules, people, needs, crowds)
        for state in range(people.counts.size):
            counts[step, state] = people.counts[state]
        step += 1
    return step
