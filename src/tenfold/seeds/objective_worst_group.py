"""The objective "worst_group", maximin: k seeds so that the smallest share reached of a group is largest."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tenfold.seeds.certificate import lower_share
from tenfold.seeds.group_coverage import GroupChoice, GroupCoverage, group_coverage, group_result
from tenfold.seeds.problem import SeedProblem
from tenfold.seeds.result import Seeds
from tenfold.seeds.reverse_reachable import threads

__all__ = ["maximise_worst_group"]

WEIGHT_ROUNDS, HALVINGS = 24, 14
LEARNING_RATE = 3.0  # how fast weights of groups that are behind rise


def maximise_worst_group(problem: SeedProblem, executor: Executor | None) -> Seeds:
    """`k` seeds so that the smallest share of a group is largest.

    Weights of groups that are behind rise (multiplicative weights; Udwani 2018, arXiv:1804.01902). The largest share that truncated
    coverage gives to all groups is found by bisection (Krause, McMahan, Guestrin, Gupta 2008). Each weighting also bounds what any choice
    can reach.
    """
    limits, delta, many = problem.limits, problem.precision.delta, len(problem.groups.names)
    with threads(executor) as pool:
        coverage = group_coverage(problem, pool)
        each, risk = coverage.validation.each, delta / (2 * many)
        choices, weight, high = [], np.full(many, 1 / many), 1.0
        error = math.sqrt(math.log(1 / risk) / (2 * each))  # of the best choice's share in any group, so for all weights at once
        for _ in range(WEIGHT_ROUNDS):
            nodes, bound = coverage.choose(weight / each, np.full(many, each, np.int64), limits)
            high = min(high, bound + error)
            choices.append(nodes)
            share = coverage.shares(nodes)
            weight = weight * np.exp(-LEARNING_RATE * (share - share.min()) / max(float(share.max() - share.min()), 1e-9))
            weight = np.maximum(weight / weight.sum(), 1e-6 / many)
            weight /= weight.sum()
        bottom, top = 0.0, min(1.0, high)
        for _ in range(HALVINGS):
            middle = (bottom + top) / 2
            nodes, _ = coverage.choose(np.full(many, 1 / each), np.full(many, math.ceil(middle * each), np.int64), limits)
            choices.append(nodes)
            if coverage.shares(nodes).min() >= middle:
                bottom = middle
            else:
                top = middle
        best = max(choices, key=lambda one: (coverage.shares(one).min(), coverage.shares(one).sum()))
        best = _filled_up(coverage, best)
        low = min(lower_share(int(one), each, risk) for one in coverage.validation.covered(best))
        guarantee = f"with probability {1 - delta:.6g} at least {low:.3f} of each group is reached"
        guarantee += f", and no choice reaches more than {high:.3f} of each"
        return group_result(coverage, GroupChoice(best, risk, guarantee, worst_high=high))


def _filled_up(coverage: GroupCoverage, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """With seeds to spare, those who add most to the group that is worst off, one after the other."""
    limits, each = coverage.problem.limits, coverage.selection.each
    weight = np.full(len(coverage.problem.groups.names), 1 / each)
    while len(nodes) < limits.k and not limits.price.size:
        share = coverage.shares(nodes)
        wanted = np.where(share <= share.min() + 1e-12, each, np.floor(share * each)).astype(np.int64)
        grown, _ = coverage.choose(weight, wanted, replace(limits, required=nodes, k=min(limits.k, len(nodes) + 1)))
        if len(grown) == len(nodes):
            rest = np.setdiff1d(np.flatnonzero(limits.allowed), nodes)
            return np.concatenate([nodes, rest[: limits.k - len(nodes)]])
        nodes = grown
    return nodes
