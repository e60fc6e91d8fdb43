"""What the objectives about groups share: sets of each group to choose on and to judge on, whom nobody reaches, and the result."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.networks.graph import Graph
from tenfold.networks.labels import label_text
from tenfold.seeds.certificate import lower_share, upper_share
from tenfold.seeds.labels import labels_of
from tenfold.seeds.maximum_coverage import CandidateIndex, add_memberships, backups_of, index_candidates, scaled_gains
from tenfold.seeds.problem import SeedLimits, SeedProblem
from tenfold.seeds.result import Seeds
from tenfold.seeds.reverse_reachable import OVERALL, SELECTION, VALIDATION, RRCollection, StratifiedCollection, reverse_model

__all__ = ["GroupChoice", "GroupCoverage", "group_coverage", "group_result", "reachable_from", "unreachable_people"]

Floats = NDArray[np.float64]
MOST_SETS, LEAST_SETS = 4_000_000, 64  # sets of all groups together, at most; sets of each group, at least
PILOT = 16  # sets of each group by which their length is judged
MOST_MEMBERSHIPS = 60_000_000  # people in all sets, at most
OVERALL_SETS = 40_000  # for the reach in people


@dataclass(frozen=True)
class GroupCoverage:
    """Sets of each group for a problem: `selection` with an `index` of its candidates, to choose on, and `validation`, to judge on."""

    problem: SeedProblem
    selection: StratifiedCollection
    validation: StratifiedCollection
    index: CandidateIndex

    def choose(self, weight: Floats, wanted: NDArray[np.int64], limits: SeedLimits) -> tuple[NDArray[np.int64], float]:
        """The greedy choice, and what no choice of k exceeds in all (without prices).

        `weight` (groups): what a covered set of each group is worth; `wanted` (groups): how many of its sets count at most.
        """
        from tenfold.kernels.seeds.truncated_coverage import GroupDemand, greedy_truncated_coverage

        demand = GroupDemand(self.selection.group, weight, wanted)
        cover = greedy_truncated_coverage(self.index.coverage, demand, self.index.selection_limits(limits))
        free = max(0, limits.k - len(limits.required))
        best = np.inf if limits.price.size else np.sort(cover.residual)[::-1][:free].sum()
        return self.index.nodes[cover.chosen], float(cover.gains.sum() + best)

    def shares(self, nodes: NDArray[np.int64]) -> Floats:
        """The share of each group that is covered where the choice is made, (groups)."""
        found: Floats = self.selection.covered(nodes) / self.selection.each
        return found


@dataclass(frozen=True)
class GroupChoice:
    """A choice for an objective about groups, judged.

    `nodes` (seeds); `risk`: the probability with which each bound of a group's share may fail; `guarantee`: what is sure, in words;
    `certified`: whether each target is surely met; `worst_high`: what the smallest share of no choice exceeds, None: not known.
    """

    nodes: NDArray[np.int64]
    risk: float
    guarantee: str
    notes: tuple[str, ...] = ()
    certified: bool = False
    worst_high: float | None = None


def group_coverage(problem: SeedProblem, executor: Executor) -> GroupCoverage:
    """Draw the sets, and index those who may be chosen."""
    model, groups, limits = reverse_model(problem.diffusion), problem.groups, problem.limits
    each = math.ceil((problem.precision.quality or 0.01) ** -2)
    each = max(LEAST_SETS, min(each, MOST_SETS // len(groups.names)))
    selection, validation = (
        StratifiedCollection(model, executor, groups, stream=stream, seed=problem.seed) for stream in (SELECTION, VALIDATION)
    )
    selection.grow(PILOT)
    length = max(1.0, len(selection.collection.members) / selection.collection.size)
    each = max(PILOT, min(each, int(MOST_MEMBERSHIPS / (length * len(groups.names)))))
    selection.grow(each)
    validation.grow(each)
    count = np.zeros((1, problem.graph.n), np.int32)
    add_memberships(selection.collection, count)
    candidate = limits.allowed & (count[0] > 0)
    candidate[limits.required] = True
    index = index_candidates(selection.collection, np.flatnonzero(candidate), count)
    return GroupCoverage(problem, selection, validation, index)


def reachable_from(graph: Graph, people: NDArray[np.int64]) -> NDArray[np.bool_]:
    """To whom a path leads from one of these people, themselves included, (n)."""
    from tenfold.kernels.seeds.reachability import mark_reachable

    reached = np.zeros(graph.n, np.uint8)
    mark_reachable(graph.start, graph.other, people.astype(np.int32), reached)
    return reached.astype(np.bool_)


def unreachable_people(problem: SeedProblem, nodes: NDArray[np.int64]) -> pl.DataFrame:
    """`person` and `why`: those to whom no path leads from the seeds."""
    graph = problem.graph
    out = np.flatnonzero(~reachable_from(graph, nodes))
    by_allowed, in_degree = reachable_from(graph, np.flatnonzero(problem.limits.allowed)), graph.in_degree()
    why = []
    for i in out:
        if by_allowed[i]:
            why.append("no seed is in their part of the network")
        elif in_degree[i] == 0:
            why.append("excluded, and nobody leads to them")
        else:
            why.append("only excluded people can reach them")
    rows = {"person": [label_text(graph, int(i)) for i in out], "why": why}
    return pl.DataFrame(rows, schema={"person": pl.String, "why": pl.String})


def group_result(coverage: GroupCoverage, choice: GroupChoice) -> Seeds:
    """The share of each group on fresh sets, and the reach in people on sets from everybody."""
    problem, nodes, validation = coverage.problem, choice.nodes, coverage.validation
    graph, groups, each, hits = problem.graph, problem.groups, validation.each, validation.covered(nodes)
    overall = RRCollection(validation.collection.model, validation.collection.executor, stream=OVERALL, seed=problem.seed)
    overall.grow(OVERALL_SETS)
    gains = overall.marginal_coverage(nodes)
    covered, risk = int(gains.sum()), problem.precision.delta / 2
    sure = len(nodes) if overall.rooted else 0  # people who are reached for certain
    reach = max(gains.sum() / OVERALL_SETS * graph.n, float(sure))
    is_seed = np.zeros(graph.n, np.bool_)
    is_seed[nodes] = True
    low = [lower_share(int(one), each, choice.risk) for one in hits]
    frame = pl.DataFrame(
        {
            "group": groups.names,
            "people": groups.sizes,
            "seeds": [int(is_seed[groups.of(group)].sum()) for group in range(len(groups.names))],
            "share": hits / each,
            "low": low,
            "high": [upper_share(int(one), each, choice.risk) for one in hits],
        }
    )
    backups = backups_of(coverage.selection.collection, problem.limits, nodes)
    return Seeds(
        nodes,
        reach,
        max(lower_share(covered, OVERALL_SETS, risk) * graph.n, sure),
        max(upper_share(covered, OVERALL_SETS, risk) * graph.n, sure),
        scaled_gains(gains, reach),
        labels_of(graph, nodes),
        coverage.selection.collection.size + validation.collection.size + OVERALL_SETS,
        certified=choice.certified,
        guarantee=choice.guarantee,
        groups=frame,
        worst=float((hits / each).min()),
        worst_low=min(low),
        worst_high=choice.worst_high,
        unreachable=unreachable_people(problem, nodes),
        backups=backups,
        backup_labels=labels_of(graph, backups),
        notes=choice.notes,
    )
