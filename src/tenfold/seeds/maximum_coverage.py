"""Greedy maximum coverage on a collection of reverse-reachable sets: the seeds that cover most sets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.seeds.problem import SeedLimits, SeedProblem
from tenfold.seeds.reverse_reachable import RRCollection

if TYPE_CHECKING:
    from tenfold.kernels.seeds.maximum_coverage import CoverageIndex, GreedyCover, SelectionLimits

__all__ = [
    "PARTS",
    "CandidateIndex",
    "GreedyChoice",
    "add_memberships",
    "backups_of",
    "choose_greedily",
    "index_candidates",
    "optimism",
    "scaled_gains",
]

PARTS = 2
"""Parts of the sets: for two threads, and for two halves that judge each other."""
BACKUP_SETS = 100_000  # by which backups are found


@dataclass(frozen=True)
class GreedyChoice:
    """`nodes` (seeds) in order, `gains` (seeds): the sets that each adds, and `bound`: the sets that no allowed choice exceeds."""

    nodes: NDArray[np.int64]
    gains: NDArray[np.int64]
    bound: float


@dataclass(frozen=True)
class CandidateIndex:
    """Candidates among the people, and the sets that each is in.

    `nodes` (candidates): people. `candidate` (n): which candidate a person is, −1 for none. `coverage`: their sets, part by part.
    """

    nodes: NDArray[np.int64]
    candidate: NDArray[np.int32]
    coverage: CoverageIndex

    def part(self, number: int) -> CoverageIndex:
        """The sets of one part alone."""
        return self.coverage._replace(start=self.coverage.start[number : number + 1])

    def selection_limits(self, limits: SeedLimits) -> SelectionLimits:
        """Limits on people as limits on candidates."""
        from tenfold.kernels.seeds.maximum_coverage import SelectionLimits

        price = limits.price[self.nodes] if limits.price.size else limits.price
        return SelectionLimits(self.candidate[limits.required], price, limits.budget, limits.k)


def add_memberships(collection: RRCollection, count: NDArray[np.int32], low: int = 0) -> int:
    """Add the sets from number `low` on to `count`, (parts, n): in how many sets each person is. Returns where it ended.

    Set i belongs to part i mod parts.
    """
    from tenfold.kernels.seeds.maximum_coverage import count_memberships

    sets, parts = collection.sets, len(count)
    collection.run_jobs([partial(count_memberships, sets, low + (p - low) % parts, parts, count[p]) for p in range(parts)])
    return collection.size


def index_candidates(collection: RRCollection, nodes: NDArray[np.int64], count: NDArray[np.int32]) -> CandidateIndex:
    """The index of some people, who are in `count` sets of each part, (parts, n)."""
    from tenfold.kernels.seeds.maximum_coverage import CoverageIndex, fill_index

    sets, parts = collection.sets, len(count)
    candidate = np.full(collection.n, -1, np.int32)
    candidate[nodes] = np.arange(len(nodes), dtype=np.int32)
    ends = np.cumsum(count[:, nodes], dtype=np.int64)
    start = np.concatenate([[0], ends])[np.arange(len(nodes) + 1) + len(nodes) * np.arange(parts)[:, None]]
    held = np.empty(start[-1, -1], np.int32)
    collection.run_jobs([partial(fill_index, sets, p, parts, candidate, start[p], held) for p in range(parts)])
    return CandidateIndex(nodes, candidate, CoverageIndex(start, held, collection.size))


def choose_greedily(
    collection: RRCollection, problem: SeedProblem, count: NDArray[np.int32]
) -> tuple[GreedyChoice, CandidateIndex]:
    """The greedy choice, and the index that it was made on.

    Only people who are in so many sets that they may be chosen are candidates. With prices it is the greedy choice by gain for the price,
    or the best one person if that covers more (Khuller, Moss, Naor 1999, doi:10.1016/S0020-0190(99)00031-9).
    """
    limits = problem.limits
    memberships = np.where(limits.allowed, count.sum(axis=0), 0)
    least = 1 if limits.price.size else _guess_last_gain(memberships, limits.k)
    while True:
        memberships[limits.required] = np.maximum(memberships[limits.required], least)
        index = index_candidates(collection, np.flatnonzero(memberships >= least), count)
        cover, bound = _greedy_cover(index.coverage, index.selection_limits(limits), least - 1)
        enough = len(cover.chosen) == limits.k and (len(cover.chosen) == len(limits.required) or cover.gains[-1] >= least)
        if least == 1 or enough:
            break
        least = max(1, least // 3)
    nodes, gains = index.nodes[cover.chosen], cover.gains
    if limits.price.size:
        return _best_priced(limits, index, cover.residual, GreedyChoice(nodes, gains, 0.0)), index
    if len(nodes) < limits.k:  # nobody else is in any set
        rest = np.setdiff1d(np.flatnonzero(limits.allowed), nodes)
        rest = rest[np.argsort(-problem.graph.degree()[rest], kind="stable")][: limits.k - len(nodes)]
        nodes, gains = np.concatenate([nodes, rest]), np.concatenate([gains, np.zeros(len(rest), np.int64)])
    return GreedyChoice(nodes, gains, float(bound)), index


def optimism(collection: RRCollection, limits: SeedLimits, index: CandidateIndex) -> float:
    """How much better a choice made on one half of the sets looks there than on the other, as a share; the mean of both halves.

    Each half judges both choices, so that its own luck falls out.
    """
    from tenfold.kernels.seeds.maximum_coverage import count_covered

    on_candidates = index.selection_limits(limits)

    def half(own: int) -> tuple[int, int]:
        cover, _ = _greedy_cover(index.part(own), on_candidates, 0)
        return int(cover.gains.sum()), int(count_covered(index.part(1 - own), cover.chosen))

    (one, two), (three, four) = collection.run_jobs([partial(half, 0), partial(half, 1)])
    return (one + three) / (two + four) - 1 if two + four else math.inf


def _greedy_cover(coverage: CoverageIndex, limits: SelectionLimits, outside: int) -> tuple[GreedyCover, int]:
    """The greedy choice among candidates, and its bound, as in `tenfold.kernels.seeds.maximum_coverage.greedy_coverage`."""
    from tenfold.kernels.seeds.maximum_coverage import GreedyCover, greedy_coverage

    candidates = coverage.start.shape[1] - 1
    cover = GreedyCover(np.empty(limits.k, np.int32), np.empty(limits.k, np.int64), np.empty(candidates, np.int64))
    count, bound = greedy_coverage(coverage, limits, outside, cover)
    return cover._replace(chosen=cover.chosen[:count], gains=cover.gains[:count]), bound


def _guess_last_gain(memberships: NDArray[np.int32], k: int) -> int:
    """How many sets the last seed adds, at a guess: a third of those that the k-th most frequent person is in."""
    people = np.bincount(memberships)
    above = np.cumsum(people[::-1])[::-1]  # people in at least so many sets
    return max(1, (int(np.flatnonzero(above >= k)[-1]) if above[0] >= k else 1) // 3)


def _best_priced(limits: SeedLimits, index: CandidateIndex, residual: NDArray[np.int64], greedy: GreedyChoice) -> GreedyChoice:
    """The greedy choice or the best one person, with the bound of the fractional knapsack on the `residual` gains (candidates)."""
    price, sets = limits.price[index.nodes], index.coverage.sets
    order = np.argsort(-residual / price, kind="stable")
    spent = np.cumsum(price[order])
    whole = int(np.searchsorted(spent, limits.budget, side="right"))
    bound = greedy.gains.sum() + residual[order[:whole]].sum()
    if whole < len(order):
        bound += residual[order[whole]] * (limits.budget - (spent[whole - 1] if whole else 0.0)) / price[order[whole]]
    bound = min(float(bound), float(sets))
    nodes, gains = greedy.nodes, greedy.gains
    single = np.where(price <= limits.budget, np.diff(index.coverage.start).sum(axis=0), -1)
    if not len(limits.required) and len(single) and single.max() > gains.sum():
        best = int(single.argmax())
        nodes, gains = index.nodes[[best]], single[[best]]
    if not len(nodes):  # nobody whom the budget allows is in any set
        nodes, gains = np.array([np.where(limits.allowed, limits.price, np.inf).argmin()]), np.zeros(1, np.int64)
    return GreedyChoice(nodes, gains, bound)


def backups_of(collection: RRCollection, limits: SeedLimits, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each seed who covers most of what only this seed covers, (nodes), −1 for nobody."""
    from tenfold.kernels.seeds.maximum_coverage import backup_seeds

    rank = np.full(collection.n, -1, np.int32)
    rank[nodes] = np.arange(len(nodes))
    found = backup_seeds(collection.span(0, BACKUP_SETS), rank, limits.allowed.astype(np.uint8), len(nodes))
    return found.astype(np.int64)


def scaled_gains(gains: NDArray[np.int64], reach: float) -> NDArray[np.float64]:
    """Gains in sets as gains in people, which sum to the reach."""
    return gains * (reach / gains.sum()) if gains.sum() > 0 else np.full(len(gains), reach / max(len(gains), 1))
