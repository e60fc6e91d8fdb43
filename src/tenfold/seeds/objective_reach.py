"""The objective "reach", the most people: sets are drawn until the choice is certified (OPIM-C), and until it is good."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.kernels.streams import REPORTED
from tenfold.seeds.certificate import GRID, LARGEST_STEP, Certificate, certify, growth_to_certify, lower_share, upper_share
from tenfold.seeds.labels import labels_of
from tenfold.seeds.maximum_coverage import (
    PARTS,
    GreedyChoice,
    add_memberships,
    backups_of,
    choose_greedily,
    optimism,
    scaled_gains,
)
from tenfold.seeds.nomination import nominate
from tenfold.seeds.problem import SeedProblem
from tenfold.seeds.reach_estimate import ReachEstimator
from tenfold.seeds.result import Seeds
from tenfold.seeds.reverse_reachable import SELECTION, VALIDATION, RRCollection, reverse_model, threads

__all__ = ["maximise_reach", "random_equal"]

RIVALS = ("top degree", "friend of random", "random")
MOST_MEMBERSHIPS = 100_000_000  # people in the sets for selection, at most; as many again for validation
RIVAL_SETS = 16_384  # on which rivals are tried first, at least
SHORT_SET = 8  # people that a set counts for, at least, where it may be empty and is drawn step by step
PILOT = 32  # sets by which their length is judged
FIRST_FACTOR, FIRST_SETS = 8, 4096


def maximise_reach(problem: SeedProblem, executor: Executor | None) -> Seeds:
    """OPIM-C (Tang, Tang, Xiao, Yuan 2018, doi:10.1145/3183713.3183749) with tighter bounds, going on until the choice is good.

    On collections of growing size the greedy choice is made on the one and judged on the other. Sizes lie on a grid, and the risk of each
    is a part of delta, so any of them may be skipped.
    """
    model = reverse_model(problem.diffusion)
    with threads(executor) as pool:
        selection = RRCollection(model, pool, stream=SELECTION, seed=problem.seed)
        validation = RRCollection(model, pool, stream=VALIDATION, seed=problem.seed)
        choice, certificate, full = _grow_until_good(problem, selection, validation)
        found = _compare_with_rivals(problem, selection, validation, choice, certificate)
    if full:
        note = f"ended at {certificate.sets} sets for want of memory, before it was as sure or as good as was asked"
        return replace(found, notes=(note,))
    return found


def _first_size(problem: SeedProblem) -> int:
    """How many sets to begin with: as OPIM-C, but a few rounds later, as its first rounds never end it."""
    n, k, part = problem.graph.n, problem.limits.k, 1 - 1 / math.e
    choices = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)  # the logarithm of how many there are
    risk = math.log(6 / problem.precision.delta)
    least = 2 * (part * math.sqrt(risk) + math.sqrt(part * (choices + risk))) ** 2
    if problem.precision.quality is None:
        return max(64, math.ceil(FIRST_FACTOR * least))
    return max(FIRST_SETS, math.ceil(2 * FIRST_FACTOR * least))


def _grow_until_good(
    problem: SeedProblem, selection: RRCollection, validation: RRCollection
) -> tuple[GreedyChoice, Certificate, bool]:
    """Rounds until the choice is good and certified: the last choice, its certificate, and whether it ended for want of memory."""
    first, precision, n = _first_size(problem), problem.precision, problem.graph.n
    selection.grow(PILOT)
    length = max(selection.begin[-1] / PILOT, 1.0)
    level = min(0, math.floor(math.log(MOST_MEMBERSHIPS / 8 / (first * length)) / math.log(GRID)))
    count, counted, before = np.zeros((PARTS, n), np.int32), 0, level - 1
    while True:
        # through all sizes up to this one, so that the sets do not depend on which of them were judged
        sizes = [max(PILOT, math.ceil(first * GRID**one)) for one in range(before + 1, level + 1)]
        selection.grow(*sizes)
        size, before = sizes[-1], level
        counted = add_memberships(selection, count, counted)
        choice, index = choose_greedily(selection, problem, count)
        memory = max(selection.begin[-1], size if selection.rooted else SHORT_SET * size)
        most = math.floor(math.log(MOST_MEMBERSHIPS / memory) / math.log(GRID))
        full = most < 1
        wanted = 1.0 if precision.quality is None else optimism(selection, problem.limits, index) / precision.quality
        if (good := wanted <= 1) or full:
            certificate = certify(choice, validation, precision, size, level)
            wanted = growth_to_certify(certificate, precision, n, len(choice.nodes) if selection.rooted else 0)
            if wanted <= 1 or full:
                return choice, certificate, not good or wanted > 1
        level += min(max(1, round(math.log(min(wanted, LARGEST_STEP)) / math.log(GRID))), most)


def _compare_with_rivals(
    problem: SeedProblem,
    selection: RRCollection,
    validation: RRCollection,
    choice: GreedyChoice,
    certificate: Certificate,
) -> Seeds:
    """The best of the greedy choice and of nominations, on the same fresh sets."""
    graph, limits, risk, size = problem.graph, problem.limits, certificate.risk, validation.size
    n, nodes, method, reach, low = graph.n, choice.nodes, "greedy", certificate.fresh, certificate.low
    rows = [("greedy", reach * n, low * n, upper_share(reach * size, size, risk / 4) * n)]
    if not limits.price.size and len(limits.required) < limits.k < n:
        free, few = limits.allowed.copy(), min(end for end in validation.sizes if end >= min(size, RIVAL_SETS))
        free[limits.required] = False
        own = int(validation.marginal_coverage(nodes, few).sum())
        for name in RIVALS:
            people = nominate(graph, limits.k - len(limits.required), strategy=name, allowed=free, seed=problem.seed)
            people = np.concatenate([limits.required, people])
            sets, hits = few, int(validation.marginal_coverage(people, few).sum())
            if few < size and hits + 4 * math.sqrt(own) > own:
                sets, hits = size, int(validation.marginal_coverage(people).sum())
            least = lower_share(hits, sets, risk / 12)
            rows.append((name, hits / sets * n, least * n, upper_share(hits, sets, risk / 12) * n))
            if sets == size and hits / size > reach:
                nodes, method, reach, low = people, name, hits / size, least
    sure = len(nodes) if selection.rooted else 0  # people who are reached for certain
    high = max(certificate.high * n, sure)
    low = min(max(low * n, sure), high)
    expected = min(max(_unseen_reach(problem, validation, nodes), low), high)
    gains = choice.gains if method == "greedy" else selection.marginal_coverage(nodes)
    backups = backups_of(selection, limits, nodes)
    return Seeds(
        nodes,
        expected,
        low,
        high,
        scaled_gains(gains, expected),
        labels_of(graph, nodes),
        selection.size + size,
        method=method,
        certified=low >= problem.precision.ratio * high,
        guarantee=f"with probability {1 - problem.precision.delta:.6g}, at least {low / high:.3f} of what any allowed choice reaches",
        random_equal=random_equal(selection, expected / n),
        compared=pl.DataFrame(rows, schema=["method", "reach", "low", "high"], orient="row"),
        backups=backups,
        backup_labels=labels_of(graph, backups),
    )


def _unseen_reach(problem: SeedProblem, validation: RRCollection, nodes: NDArray[np.int64]) -> float:
    """How many people the seeds reach, on draws by which nobody was chosen and nothing was ended.

    On those of the validation the best of several choices looks better than it is. Where there are few people, each is a root as often as
    any other, so that what is certain is exact.
    """
    people = np.arange(problem.graph.n, dtype=np.int32)
    others = max(len(people) - len(nodes), 1)
    count = -(-validation.size // others) * others if validation.size > others else validation.size
    unseen = RRCollection(validation.model, validation.executor, stream=REPORTED, seed=problem.seed)
    return ReachEstimator(unseen, nodes, count, problem.precision.delta).reached(people, 0)[0]


def random_equal(collection: RRCollection, share: float) -> int | None:
    """How many people drawn at random reach this share, by the lengths of the sets; None if not even everybody does.

    A set of length s holds none of m random people with the chance (1 − s / n)^m; the least m is found by bisection.
    """
    lengths = np.bincount(np.diff(collection.begin))
    kinds = np.flatnonzero(lengths)
    weight, miss = lengths[kinds] / lengths.sum(), np.log1p(-np.minimum(kinds / collection.n, 1 - 1e-12))
    low, high = 0, collection.n
    if not 0 < share <= weight[kinds > 0].sum():
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if (weight * -np.expm1(middle * miss)).sum() >= share:
            high = middle
        else:
            low = middle
    return high
