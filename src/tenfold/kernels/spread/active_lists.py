"""Index lists of who is in a state, whose threshold is met, and which groups have enough members active: kept from step to step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import lowest_bit
from tenfold.kernels.spread.state import (
    ALWAYS_LISTED,
    COUNT,
    GROUP,
    KIND,
    LIST,
    ROW,
    SOURCE,
    THRESHOLD,
    Hyperedges,
    People,
    Rules,
    Thresholds,
    state_mask,
)

__all__ = ["append_changed", "compact_lists"]

_ONE = np.uint64(1)
_LONG = 16  # a list is given up when more than one in so many people is in it


@jit
def append_changed(people: People, changed: NDArray[np.int32], count: int) -> None:
    """Add the first `count` in `changed` (−1: nobody) to the lists of their states; a list without room is given up."""
    for state in range(people.counts.size):
        row = people.list_of[state]
        if row >= 0 and people.list_length[row] >= 0:
            people.list_length[row] = _append(
                people.states.state, state, people.index_list[row], people.list_length[row], changed, count
            )


@jit
def _append(
    states: NDArray[np.uint8], state: int, index: NDArray[np.int32], length: int, changed: NDArray[np.int32], count: int
) -> int:
    """Add those who are in a state to its list; the new length, or −1 when there is no room for them."""
    for k in range(count):
        if changed[k] >= 0 and states[changed[k]] == state:
            if length == index.size:
                return -1
            index[length] = changed[k]
            length += 1
    return length


@jit
def compact_lists(rules: Rules, people: People, thresholds: Thresholds | None, hyperedges: Hyperedges | None) -> None:
    """Take who has left out of each list. A long list is given up, and collected again when few are in its state."""
    n = people.states.state.size
    for state in range(people.counts.size):
        row = people.list_of[state]
        if row < 0:
            continue
        if _LONG * people.counts[state] > n and n > ALWAYS_LISTED:
            people.list_length[row] = -1
        elif people.list_length[row] < 0:
            people.list_length[row] = _collect(people.states.words, state, people.index_list[row])
        elif people.list_length[row] > people.counts[state]:
            people.list_length[row] = _compact(people.states.state, state, people.index_list[row], people.list_length[row])
    for rule in range(len(rules.table)):
        own = rules.table[rule]
        row, length = own[ROW], people.list_length[own[LIST]]
        if thresholds is not None:
            if own[KIND] == THRESHOLD:
                people.list_length[own[LIST]] = _compact_thresholds(thresholds, row, people.states.state, own[SOURCE], length)
        if hyperedges is not None:
            if own[KIND] == GROUP:
                people.list_length[own[LIST]] = _compact_groups(hyperedges, row, own[COUNT], length)


@jit
def _collect(words: NDArray[np.uint64], state: int, index: NDArray[np.int32]) -> int:
    """List all who are in a state; the length."""
    length = 0
    for block in range(words.size // 4):
        mask = state_mask(words, block, state)
        while mask:
            index[length] = 32 * block + lowest_bit(mask)
            mask &= mask - _ONE
            length += 1
    return length


@jit
def _compact(states: NDArray[np.uint8], state: int, index: NDArray[np.int32], length: int) -> int:
    """Keep those who are still in a state; the new length."""
    kept = 0
    for k in range(length):
        i = index[k]
        index[kept] = i
        kept += states[i] == state
    return kept


@jit
def _compact_thresholds(thresholds: Thresholds, row: int, state: NDArray[np.uint8], source: int, length: int) -> int:
    """Keep those in `source` whose threshold is still met; the new length."""
    missing, met, is_listed, kept = thresholds.missing[row], thresholds.met[row], thresholds.is_listed[row], 0
    for k in range(length):
        i = met[k]
        is_listed[i] = missing[i] <= 0 and state[i] == source
        met[kept] = i
        kept += is_listed[i]
    return kept


@jit
def _compact_groups(hyperedges: Hyperedges, row: int, least: int, length: int) -> int:
    """Keep the groups that still have enough members active; the new length."""
    occupancy, met, is_listed, kept = hyperedges.occupancy[row], hyperedges.met[row], hyperedges.is_listed[row], 0
    for k in range(length):
        group = met[k]
        is_listed[group] = occupancy[group] >= least
        met[kept] = group
        kept += is_listed[group]
    return kept
