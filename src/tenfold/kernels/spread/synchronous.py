"""Synchronous steps: everybody reads the state at t; rules are tried in the order written, the first that fires wins.

Work grows with what changes: a contact is tried by those who act, and of their arcs only those that fire are looked at. Each draw is named
by the people concerned, so neither the order of the lists nor the number of threads shows in the result.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero
from tenfold.kernels.spread.active_lists import append_changed, compact_lists
from tenfold.kernels.spread.counters import update_counters
from tenfold.kernels.spread.initial_states import set_initial_states
from tenfold.kernels.spread.state import (
    CHANCE,
    CONTACT,
    GROUP,
    IMITATION,
    KIND,
    LAYER,
    LIST,
    MIXING,
    MOVE,
    NO_RULE,
    SINCE,
    SOURCE,
    TARGET,
    TEMPORAL_CONTACT,
    THRESHOLD,
    UNTIL,
    VIA,
    Adjacency,
    Batch,
    Buffers,
    DrawAddress,
    Extensions,
    Hyperedges,
    InitialStates,
    Networks,
    People,
    Records,
    Rules,
    Span,
    Thresholds,
)
from tenfold.kernels.spread.synchronous_rules import (
    contact,
    group_contact,
    imitation,
    mixing_chance,
    move,
    spontaneous,
    temporal_contact,
    threshold,
    unpacked,
)

__all__ = ["Stretch", "Trial", "advance", "apply_changes", "row_count", "run", "try_rule"]

_MANY = 16  # changes are sorted when more than one in so many people changes


class Trial(NamedTuple):
    """A rule that is tried at a step, on some of its rows."""

    at: DrawAddress
    span: Span


class Stretch(NamedTuple):
    """The steps to take in one go: from `step` to `until`, as long as each is tried on fewer than `large` rows."""

    step: int
    until: int
    large: int
    seed: int
    replicate: int


@jit
def row_count(
    table: NDArray[np.int64], list_length: NDArray[np.int64], n: int, extensions: Extensions | None, rule: int, step: int
) -> int:
    """On how many rows a rule is tried at a step: people (of a list, or all n), groups, or contacts of a window."""
    own = table[rule]
    if not own[SINCE] <= step <= own[UNTIL]:
        return 0
    if extensions is not None:
        if own[KIND] == MOVE:
            return 1
        if own[KIND] == TEMPORAL_CONTACT:
            window = extensions.window[own[LAYER]]
            return int(window[step] - window[step - 1]) if step < window.size else 0
    length = list_length[own[LIST]]
    return length if length >= 0 else n


@jit
def try_rule(
    rules: Rules,
    people: People,
    adjacency: Adjacency,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    extensions: Extensions | None,
    trial: Trial,
    buffers: Buffers,
) -> int:
    """Try one rule at one step on some of its rows. Lists who changes in `buffers.changed`, and returns how many."""
    at, span = trial.at, trial.span
    if span.high <= span.low:
        return 0
    own = rules.table[at.rule]
    chance = np.uint64(own[CHANCE])
    if own[KIND] == MIXING:
        chance = mixing_chance(chance, people.counts[own[VIA]], people.state.size)
    rule = unpacked(own, chance, people.list_length[own[LIST]] < 0)
    if hyperedges is not None:
        if rule.kind == GROUP:
            return group_contact(rule, at, span, people, hyperedges, buffers)
    if extensions is not None:
        if rule.kind == TEMPORAL_CONTACT:
            return temporal_contact(rule, at, span, people, extensions, buffers)
        if rule.kind == MOVE:
            return move(rule, at, people, extensions, buffers.changed)
        if rule.kind == IMITATION:
            return imitation(rule, at, span, people, extensions, buffers)
    traits = adjacency.planes  # nobody has a chance of their own
    if extensions is not None:
        traits = extensions.trait
    if thresholds is not None:
        if rule.kind == THRESHOLD:
            return threshold(rule, at, span, people, thresholds, traits, buffers)
    if rule.kind == CONTACT:
        return contact(rule, at, span, people, adjacency, buffers)
    return spontaneous(rule, at, span, people, traits, buffers)


@jit
def apply_changes(
    rules: Rules,
    people: People,
    adjacency: Adjacency,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    step: int,
    changed: NDArray[np.int32],
    count: int,
) -> None:
    """Let the first `count` in `changed` change; somebody listed twice, by two threads with the same rule, changes once."""
    counted = thresholds is not None or hyperedges is not None
    state, fired = people.state, people.fired
    if counted and _MANY * count > state.size:
        count = _sorted_changes(fired, changed)
    _change_states(rules, people, changed, count, counted)
    append_changed(people, changed, count)
    if people.first_time.shape[1]:
        for k in range(count):
            if changed[k] >= 0 and people.first_time[state[changed[k]], changed[k]] < 0:
                people.first_time[state[changed[k]], changed[k]] = step
    if counted:
        update_counters(rules, people, adjacency, thresholds, hyperedges, changed, count)
        for k in range(count):
            if changed[k] >= 0:
                fired[changed[k]] = NO_RULE


@jit
def _sorted_changes(fired: NDArray[np.uint8], changed: NDArray[np.int32]) -> int:
    """List all who change by their numbers: as their neighbours lie in memory. Returns how many."""
    count = 0
    for i in range(fired.size):
        changed[count] = i
        count += fired[i] != NO_RULE
    return count


@jit
def _change_states(rules: Rules, people: People, changed: NDArray[np.int32], count: int, counted: bool) -> None:
    """New states and counts; −1 in place of who has changed already. `counted`: which rule has fired is needed again."""
    table, state, fired, counts = rules.table, people.state, people.fired, people.counts
    for k in range(count):
        i = changed[k]
        rule = fired[i]
        if rule == NO_RULE or state[i] != table[rule, SOURCE]:
            changed[k] = -1
            continue
        state[i] = table[rule, TARGET]
        counts[table[rule, SOURCE]] -= 1
        counts[table[rule, TARGET]] += 1
        if not counted:
            fired[i] = NO_RULE


@jit
def run(
    rules: Rules, people: People, networks: Networks, initial: InitialStates, batch: Batch, records: Records, buffers: Buffers
) -> int:
    """Replicates from beginning to end, until `batch.stop`; fills the records. Returns how many are done."""
    adjacency, thresholds, hyperedges = networks.adjacency, networks.thresholds, networks.hyperedges
    for k in range(batch.replicates.size):
        replicate = batch.replicates[k]
        set_initial_states(rules, people, adjacency, thresholds, hyperedges, initial, batch.seed, replicate)
        for state in range(people.counts.size):
            records.counts[k, 0, state] = people.counts[state]
        stretch = Stretch(typed_zero() + 1, batch.steps, typed_zero() + (1 << 62), batch.seed, replicate)
        if advance(rules, people, networks, stretch, records.counts[k], buffers, batch.stop) <= batch.steps:
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
    stretch: Stretch,
    counts: NDArray[np.int64],
    buffers: Buffers,
    stop: NDArray[np.uint8],
) -> int:
    """Take steps until the stretch ends, a step is large, or `stop[0]`.

    `counts` (steps + 1, states) receives the people in each state; returns the next step that is to be taken.
    """
    adjacency, thresholds = networks.adjacency, networks.thresholds
    hyperedges, extensions = networks.hyperedges, networks.extensions
    table, list_length, n = rules.table, people.list_length, people.state.size
    step, changed = stretch.step, buffers.changed
    while step <= stretch.until and not stop[0]:
        work = count = low = typed_zero()
        for rule in range(len(rules.table)):
            work += row_count(table, list_length, n, extensions, rule, step)
        if work >= stretch.large:
            return step
        if work:
            for rule in range(len(rules.table)):
                high = row_count(table, list_length, n, extensions, rule, step)
                if high:
                    trial = Trial(DrawAddress(rule, step, stretch.seed, stretch.replicate), Span(low, high))
                    rest = Buffers(buffers.draws, changed[count:])
                    count += try_rule(rules, people, adjacency, thresholds, hyperedges, extensions, trial, rest)
        if count:
            apply_changes(rules, people, adjacency, thresholds, hyperedges, step, changed, count)
            compact_lists(rules, people, thresholds, hyperedges)
        for state in range(people.counts.size):
            counts[step, state] = people.counts[state]
        step += 1
    return step
