"""The objective "everyone", a partial cover: the fewest seeds that reach a share of each group."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from tenfold.errors import PlanError
from tenfold.seeds.certificate import lower_share, upper_share
from tenfold.seeds.group_coverage import GroupChoice, GroupCoverage, group_coverage, group_result, reachable_from
from tenfold.seeds.labels import label_list
from tenfold.seeds.problem import SeedProblem
from tenfold.seeds.result import Seeds
from tenfold.seeds.reverse_reachable import threads

__all__ = ["cover_every_group"]

ROUNDS = 10


def cover_every_group(problem: SeedProblem, executor: Executor | None) -> Seeds:
    """The fewest seeds that reach each group to the target: greedy truncated coverage (Wolsey 1982, doi:10.1007/BF02579435).

    What is wanted of a group where the choice is made rises until its lower bound on fresh sets is at least the target.
    """
    target, delta, names, k = problem.objective.target, problem.precision.delta, problem.groups.names, problem.limits.k
    with threads(executor) as pool:
        coverage = group_coverage(problem, pool)
        fresh = coverage.validation
        _require_attainable(coverage)
        each, inner, risk = fresh.each, np.full(len(names), target), delta / (2 * len(names) * ROUNDS)
        weight = np.full(len(names), 1.0 / each)
        for _ in range(ROUNDS):
            wanted = np.minimum(np.ceil(inner * each), each).astype(np.int64)
            nodes, _ = coverage.choose(weight, wanted, problem.limits)
            hits = fresh.covered(nodes)
            low = np.array([lower_share(int(one), each, risk) for one in hits])
            short = (low < target) & ~((hits == each) & (target > 1 - 2 * (1 - lower_share(each, each, risk))))
            if not short.any() or len(nodes) >= k:
                break
            inner = np.where(short, np.minimum(inner + np.maximum(target - low, 1 / each), 1.0), inner)
        worst = int(np.argmin(low))
        guarantee = f"with probability {1 - delta:.6g} at least {low.min():.3f} of each group is reached"
        choice = GroupChoice(nodes, risk, guarantee, certified=not short.any())
        if short.any():
            behind = f"group '{names[worst]}': {hits[worst] / each:.3f} is reached, at least {low[worst]:.3f}"
            if len(nodes) >= k and (hits < target * each).any():
                raise PlanError(
                    f"target {target:.6g} is not met with {len(nodes)} seeds; {behind}. Allow more, or lower the target."
                )
            note = f"the target {target:.6g} is met on average but not surely; {behind}. Choose a smaller quality for more draws."
            choice = replace(choice, notes=(note,))
        return group_result(coverage, choice)


def _require_attainable(coverage: GroupCoverage) -> None:
    """Refuse a target that is not met even if all who are allowed are seeds; name those whom nobody can reach."""
    problem, fresh = coverage.problem, coverage.validation
    graph, allowed, target = problem.graph, problem.limits.allowed, problem.objective.target
    if allowed.all() and fresh.collection.rooted:
        return
    hits = fresh.covered(np.flatnonzero(allowed))
    reachable = reachable_from(graph, np.flatnonzero(allowed))
    for group, name in enumerate(problem.groups.names):
        people = problem.groups.of(group)
        lost = people[~reachable[people]]
        if len(people) - len(lost) < target * len(people):
            raise PlanError(
                f"target {target:.6g} cannot be met in group '{name}': {len(lost)} of {len(people)} people cannot be reached "
                f"by anybody allowed ({label_list(graph, lost.astype(np.int64))}). Exclude fewer, or lower the target."
            )
        if upper_share(int(hits[group]), fresh.each, problem.precision.delta / len(problem.groups.names)) < target:
            raise PlanError(
                f"target {target:.6g} cannot be met in group '{name}': with all allowed people as seeds "
                f"{hits[group] / fresh.each:.3f} is reached. {'Lower' if allowed.all() else 'Exclude fewer, or lower'} the target."
            )
