"""What threshold and group rules count: active neighbours and group occupancy, kept up to date from the changes of state."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import draw
from tenfold.kernels.spread.state import (
    AMOUNT,
    GROUP,
    KIND,
    LAYER,
    LIST,
    NO_RULE,
    RANDOM,
    ROW,
    SOURCE,
    THRESHOLD,
    VIA,
    WEIGHTED,
    Adjacency,
    Hyperedges,
    People,
    Rules,
    Thresholds,
)
from tenfold.kernels.streams import THRESHOLDS

__all__ = ["reset_occupancy", "reset_thresholds", "update_counters"]

_UNIT = 1 << 30  # of the weights that thresholds add up


class Changes(NamedTuple):
    """People who have just come into their state, or are new."""

    person: NDArray[np.int32]  # −1: nobody
    size: int


@jit
def update_counters(
    rules: Rules,
    people: People,
    adjacency: Adjacency,
    thresholds: Thresholds | None,
    hyperedges: Hyperedges | None,
    person: NDArray[np.int32],
    count: int,
) -> None:
    """Let neighbours and groups know of the first `count` in `person` (−1: nobody), who have changed by the rule that fired, or are new."""
    changes = Changes(person, count)
    for rule in range(len(rules.table)):
        if thresholds is not None:
            if rules.table[rule, KIND] == THRESHOLD:
                _notify_neighbours(rules, rule, people, adjacency, thresholds, changes)
        if hyperedges is not None:
            if rules.table[rule, KIND] == GROUP:
                _notify_groups(rules, rule, people, hyperedges, changes)


@jit
def _notify_neighbours(
    rules: Rules, rule: int, people: People, adjacency: Adjacency, thresholds: Thresholds, changes: Changes
) -> None:
    """Count people in or out with those whom they can reach; those whose threshold is met from now on join its list."""
    table, state, fired = rules.table, people.state, people.fired
    row, source, via = table[rule, ROW], table[rule, SOURCE], table[rule, VIA]
    start, neighbour = adjacency.start[table[rule, LAYER]], adjacency.neighbour
    weight = thresholds.weight if table[rule, WEIGHTED] else thresholds.weight[:0]
    missing, met, is_listed = thresholds.missing[row], thresholds.met[row], thresholds.is_listed[row]
    length = people.list_length[table[rule, LIST]]
    for k in range(changes.size):
        i = changes.person[k]
        if i < 0:
            continue
        came, went = state[i] == via, fired[i] != NO_RULE and table[fired[i], SOURCE] == via
        if came or went:
            sign = np.int32(-1 if came else 1)
            for arc in range(start[i], start[i + 1]):
                j = neighbour[arc]
                before = missing[j]
                missing[j] = before + (sign * weight[arc] if weight.size else sign)
                if before > 0 and missing[j] <= 0 and not is_listed[j] and state[j] == source:
                    is_listed[j] = 1
                    met[length] = j
                    length += 1
        if state[i] == source and missing[i] <= 0 and not is_listed[i]:
            is_listed[i] = 1
            met[length] = i
            length += 1
    people.list_length[table[rule, LIST]] = length


@jit
def _notify_groups(rules: Rules, rule: int, people: People, hyperedges: Hyperedges, changes: Changes) -> None:
    """Count people in or out in their groups; groups with enough of them join the list."""
    table, state, fired = rules.table, people.state, people.fired
    row, via, least = table[rule, ROW], table[rule, VIA], table[rule, AMOUNT]
    start, membership = hyperedges.membership_start, hyperedges.membership
    low, high = hyperedges.layer_start[table[rule, LAYER]], hyperedges.layer_start[table[rule, LAYER] + 1]
    occupancy, met, is_listed = hyperedges.occupancy[row], hyperedges.members.active[row], hyperedges.is_listed[row]
    length = people.list_length[table[rule, LIST]]
    for k in range(changes.size):
        i = changes.person[k]
        if i < 0:
            continue
        came, went = state[i] == via, fired[i] != NO_RULE and table[fired[i], SOURCE] == via
        if came or went:
            for place in range(start[i], start[i + 1]):
                group = membership[place]
                if low <= group < high:
                    occupancy[group] += 1 if came else -1
                    if occupancy[group] >= least and not is_listed[group]:
                        is_listed[group] = 1
                        met[length] = group
                        length += 1
    people.list_length[table[rule, LIST]] = length


@jit
def reset_thresholds(rules: Rules, adjacency: Adjacency, thresholds: Thresholds, seed: int, replicate: int) -> None:
    """Nobody has been counted yet. Random thresholds: uniform above 0 up to 1, times those (or the weight) that can reach somebody."""
    required, missing = thresholds.required, thresholds.missing
    for row in range(len(required)):
        for i in range(required.shape[1]):
            missing[row, i] = required[row, i]
            thresholds.is_listed[row, i] = 0
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        row, n = own[ROW], required.shape[1]
        if own[KIND] != THRESHOLD or n == 0 or required[row, 0] != RANDOM:
            continue
        start, in_degree = adjacency.start[own[LAYER]], np.zeros(n, np.int64)
        for arc in range(start[0], start[n]):
            in_degree[adjacency.neighbour[arc]] += 1
        for i in range(n):
            word, whole = np.int64(draw(seed, replicate, THRESHOLDS, rule, i, 0)) + 1, in_degree[i]
            if own[WEIGHTED]:
                whole = _UNIT
            missing[row, i] = max(((word * whole - 1) >> 32) + 1, 1)


@jit
def reset_occupancy(hyperedges: Hyperedges) -> None:
    """No group member has been counted yet."""
    for row in range(len(hyperedges.occupancy)):
        for group in range(hyperedges.occupancy.shape[1]):
            hyperedges.occupancy[row, group] = hyperedges.is_listed[row, group] = 0
