"""Triggering models: of the arcs into each person a random subset is live, for each person independently.

Independent cascades and linear thresholds are triggering models (Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769): the people
reached by some seeds are those to whom a path of live arcs leads. Chances are whole numbers in 2⁻³², to be compared with 32-bit words.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit

__all__ = ["LiveCounts", "TriggeringModel", "binomial_tables", "cumulative_weights", "equal_in_weights"]

_WHOLE = np.uint64(1 << 32)


class LiveCounts(NamedTuple):
    """Tables of the binomial distribution: how many of the arcs into a person are live.

    `cumulative` (entries): cumulative chances in 2⁻³², one table behind the other; the last entry of each is 2³². `row` (n): where the
    table of each person begins. Where `row` is negative, there are too many arcs for one draw: kind −1 − row draws them `batch` at a
    time (kinds), by the table at `full` (kinds), and those that remain by the table at `rest` (kinds).
    """

    row: NDArray[np.int32]
    batch: NDArray[np.int64]
    full: NDArray[np.int64]
    rest: NDArray[np.int64]
    cumulative: NDArray[np.uint64]


class TriggeringModel(NamedTuple):
    """The arcs into each person in compressed sparse rows, and the law by which they are live.

    `start` (n + 1) and `source` (arcs): the arcs into v are rows start[v] to start[v + 1] − 1, each from a `source`. `counts`: how many are
    live. `acceptance` (arcs, or none): a live arc is kept with this chance, in 2⁻³²; 2³² − 1 stands for always. `at_most_one`: one arc at
    most is live (linear threshold), which one by `cumulative_weight` (arcs, or none for equal weights), in 2⁻³². `out_degree` (n, or none)
    and `capacity`: everybody approaches at most so many of those to whom their arcs lead. `steps`: how far a path may be.
    """

    start: NDArray[np.int64]
    source: NDArray[np.int32]
    counts: LiveCounts
    acceptance: NDArray[np.uint32]
    cumulative_weight: NDArray[np.uint64]
    at_most_one: bool
    out_degree: NDArray[np.int64]
    capacity: int
    steps: int


@jit
def equal_in_weights(
    start: NDArray[np.int64], other: NDArray[np.int32], weight: NDArray[np.float64], common: NDArray[np.float64]
) -> bool:
    """Whether all arcs into each person have the same weight, written into `common` (n, −1 at first).

    The arcs (`start`, `other`, `weight`) are in rows by where they come from. It stops at the first person whose arcs differ.
    """
    for arc in range(start[0], start[-1]):
        target = other[arc]
        if common[target] != weight[arc]:
            if common[target] >= 0:
                return False
            common[target] = weight[arc]
    return True


@jit
def binomial_tables(trials: NDArray[np.int64], chance: NDArray[np.float64], begin: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Cumulative binomial chances of 0, 1, … successes, in 2⁻³², for each pair of `trials` and `chance` (tables).

    `begin` (tables) receives where each table begins. A table ends at its first entry of 2³².
    """
    cumulative = np.empty(64, np.uint64)
    used = 0
    for table in range(trials.size):
        begin[table] = used
        n, p = trials[table], chance[table]
        part = np.exp(n * np.log1p(-p)) if p < 1 else 0.0
        total = part
        for k in range(n + 1):
            if used == cumulative.size:
                larger = np.empty(2 * cumulative.size, np.uint64)
                for filled in range(used):
                    larger[filled] = cumulative[filled]
                cumulative = larger
            whole = np.uint64(round(min(total, 1.0) * 4294967296.0))
            cumulative[used] = _WHOLE if k == n else whole
            used += 1
            if cumulative[used - 1] >= _WHOLE:
                break
            if p < 1:
                part *= (n - k) / (k + 1) * (p / (1 - p))
            else:
                part = 1.0 if k + 1 == n else 0.0
            total += part
    return cumulative[:used]


@jit
def cumulative_weights(start: NDArray[np.int64], weight: NDArray[np.float64], cumulative: NDArray[np.uint64]) -> int:
    """Cumulative weights within each row, in 2⁻³², into `cumulative` (arcs).

    Returns the first person whose weights add up to more than 1, or −1.
    """
    for i in range(start.size - 1):
        total = 0.0
        for arc in range(start[i], start[i + 1]):
            total += weight[arc]
            cumulative[arc] = np.uint64(round(min(total, 1.0) * 4294967296.0))
        if total > 1 + 1e-9:
            return i
    return -1
