"""Greedy truncated coverage: sets are of groups, and each group counts only until enough of its sets are covered.

The greedy choice needs at most a logarithmic factor more seeds than the fewest that cover what is wanted of all groups (Wolsey 1982,
doi:10.1007/BF02579435). Gains only fall, so they are counted lazily, as in `maximum_coverage`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.seeds.maximum_coverage import CoverageIndex, SelectionLimits

__all__ = ["GroupDemand", "TruncatedCover", "greedy_truncated_coverage"]


class GroupDemand(NamedTuple):
    """What is wanted of each group.

    `group` (sets): the group of each set; `weight` (groups): what a covered set of a group is worth; `wanted` (groups): how many sets of it
    count at most.
    """

    group: NDArray[np.int32]
    weight: NDArray[np.float64]
    wanted: NDArray[np.int64]


class TruncatedCover(NamedTuple):
    """A greedy choice: `chosen` (seeds), candidates in order; `gains` (seeds), what each adds; `residual` (candidates), upper bounds of
    what each could add still."""

    chosen: NDArray[np.int32]
    gains: NDArray[np.float64]
    residual: NDArray[np.float64]


class _Progress(NamedTuple):
    """What is covered so far.

    `covered` (sets): 0 or 1; `missing` (groups): sets that are wanted still; `added` and `touched` (groups): scratch.
    """

    covered: NDArray[np.uint8]
    missing: NDArray[np.int64]
    added: NDArray[np.int64]
    touched: NDArray[np.int32]


@jit
def _truncated_gain(index: CoverageIndex, demand: GroupDemand, progress: _Progress, c: int) -> float:
    """What a candidate adds: sets not yet covered, of each group at most as many as are missing, by the group's weight."""
    start, held, group, weight = index.start, index.held, demand.group, demand.weight
    covered, missing, added, touched = progress
    groups = 0
    for row in range(start[0, c], start[0, c + 1]):
        number = held[row]
        if covered[number] == 0:
            own = group[number]
            if added[own] == 0:
                touched[groups] = own
                groups += 1
            added[own] += 1
    total = 0.0
    for k in range(groups):
        own = touched[k]
        total += weight[own] * min(added[own], missing[own])
        added[own] = 0
    return total


@jit
def greedy_truncated_coverage(index: CoverageIndex, demand: GroupDemand, limits: SelectionLimits) -> TruncatedCover:
    """Choose those required, then whoever adds most (for their price), until no group lacks sets or k are chosen.

    The index has one part.
    """
    start, held, group, wanted = index.start, index.held, demand.group, demand.wanted
    required, price, budget, k = limits
    size = start.shape[1] - 1
    covered, missing = np.zeros(group.size, np.uint8), wanted.copy()
    progress = _Progress(covered, missing, np.zeros(wanted.size, np.int64), np.empty(wanted.size, np.int32))
    chosen, gains, residual, counted = np.empty(k, np.int32), np.empty(k), np.empty(size), np.zeros(size, np.int64)
    for c in range(size):
        residual[c] = _truncated_gain(index, demand, progress, c)
    count, spent = 0, 0.0
    while count < k:
        best = -1
        if count < required.size:
            best = required[count]
            residual[best] = _truncated_gain(index, demand, progress, best)
        else:
            while True:
                best, top = -1, 0.0
                for c in range(size):
                    if residual[c] > top * (price[c] if price.size else 1.0):
                        if price.size == 0 or spent + price[c] <= budget:
                            best, top = c, residual[c] / (price[c] if price.size else 1.0)
                if best < 0 or counted[best] == count:
                    break
                residual[best] = _truncated_gain(index, demand, progress, best)
                counted[best] = count
        if best < 0:
            break
        chosen[count], gains[count] = best, residual[best]
        residual[best] = 0.0
        if price.size:
            spent += price[best]
        count += 1
        for row in range(start[0, best], start[0, best + 1]):
            number = held[row]
            if covered[number] == 0:
                covered[number] = 1
                if missing[group[number]] > 0:
                    missing[group[number]] -= 1
    return TruncatedCover(chosen[:count], gains[:count], residual)
