"""The people at step 0."""

from __future__ import annotations

import numpy as np

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import typed_zero, uniform_integer
from tenfold.kernels.spread.counters import reset_occupancy, reset_thresholds, update_counters
from tenfold.kernels.spread.state import (
    GROUP,
    KIND,
    NO_RULE,
    THRESHOLD,
    VIA,
    Adjacency,
    Hyperedges,
    InitialStates,
    People,
    Rules,
    Thresholds,
)
from tenfold.kernels.streams import INITIAL_STATES

__all__ = ["set_initial_states"]


@jit
def set_initial_states(
    rules: Rules,
    people: People,
    adjacency: Adjacency,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    initial: InitialStates,
    seed: int,
    replicate: int,
) -> None:
    """Set everybody's state at step 0, with index lists and counters; costs little where few are not in the first state.

    Those who are drawn are shuffled to the front of `candidates` (Fisher and Yates), and back at the end, so that the next replicate draws
    from the same order.
    """
    candidates, state, fired = initial.candidates, people.state, people.fired
    for i in range(state.size):
        state[i] = initial.state[i]
        fired[i] = NO_RULE
    for row in range(people.list_length.size):
        people.list_length[row] = 0
    for one in range(people.counts.size):
        people.counts[one] = 0
        for i in range(people.first_time.shape[1]):
            people.first_time[one, i] = -1
    drawn = typed_zero()
    for row in range(initial.drawn_state.size):
        for k in range(drawn, drawn + initial.drawn_count[row]):
            j = k + uniform_integer(candidates.size - k, seed, replicate, INITIAL_STATES, 0, k, 0)
            candidates[k], candidates[j] = candidates[j], candidates[k]
            state[candidates[k]] = initial.drawn_state[row]
        drawn += initial.drawn_count[row]
    everybody = people.first_time.shape[1] > 0
    for rule in range(len(rules.table)):
        counts = rules.table[rule, KIND] == THRESHOLD or rules.table[rule, KIND] == GROUP
        everybody |= counts and rules.table[rule, VIA] == 0
    if thresholds is not None:
        reset_thresholds(rules, adjacency, thresholds, seed, replicate)
    if hyperedges is not None:
        reset_occupancy(hyperedges)
    some = initial.named.size + drawn
    placed = np.empty(state.size if everybody else some, np.int32)
    if everybody:
        for i in range(state.size):
            placed[i] = i
    else:
        for k in range(some):
            placed[k] = initial.named[k] if k < initial.named.size else candidates[k - initial.named.size]
        people.counts[0] += state.size - some
        if some < state.size and people.list_of[0] >= 0:
            people.list_length[people.list_of[0]] = -1
    for who in placed:
        people.counts[state[who]] += 1
        row = people.list_of[state[who]]
        if people.first_time.shape[1]:
            people.first_time[state[who], who] = 0
        if row >= 0 and people.list_length[row] == people.index_list.shape[1]:
            people.list_length[row] = -1
        elif row >= 0 and people.list_length[row] >= 0:
            people.index_list[row, people.list_length[row]] = who
            people.list_length[row] += 1
    if thresholds is not None or hyperedges is not None:
        update_counters(rules, people, adjacency, thresholds, hyperedges, placed, placed.size)
    for k in range(drawn - 1, -1, -1):
        j = k + uniform_integer(candidates.size - k, seed, replicate, INITIAL_STATES, 0, k, 0)
        candidates[k], candidates[j] = candidates[j], candidates[k]
