"""The certificate of a choice of seeds: how sure it is that they reach a share of what the best choice reaches (OPIM-C).

A choice is made on some reverse-reachable sets and judged on fresh ones. The share of fresh sets that it covers gives a lower bound of its
reach; what no choice can exceed on the sets that it was made on gives an upper bound of the best reach (Tang, Tang, Xiao, Yuan 2018,
doi:10.1145/3183713.3183749, with tighter bounds of a share). The ratio of both is what is certified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.seeds.maximum_coverage import GreedyChoice
    from tenfold.seeds.problem import Precision
    from tenfold.seeds.reverse_reachable import RRCollection

__all__ = ["GRID", "LARGEST_STEP", "Certificate", "certify", "growth_to_certify", "lower_share", "upper_share"]

GRID = math.sqrt(2)
"""Sizes of a collection at which a choice may be judged lie on a grid: each is this much larger than the one before."""
LARGEST_STEP = GRID**8
GAP_DECAY = 0.85  # the gap between both collections falls by this power of the number of sets
HALVINGS = 32  # of a bound; what is returned lies on the safe side


@dataclass(frozen=True)
class Certificate:
    """What is sure about a choice. All but the first three fields are shares of sets; times n they are people.

    `sets`: on how many sets the choice was made. `tests`: on how many fresh sets it was judged. `level`: the place of `sets` on the grid.
    `own`, `fresh`: the shares of both that it covers. `bound`: the share of the first that no choice exceeds. `low`: with probability
    1 − risk / 4 its reach is at least this. `high`: with probability 1 − risk / 2 the best choice reaches at most this. `risk`: the part of
    delta that this level has.
    """

    sets: int
    tests: int
    level: int
    own: float
    fresh: float
    bound: float
    low: float
    high: float
    risk: float


def certify(choice: GreedyChoice, validation: RRCollection, precision: Precision, sets: int, level: int) -> Certificate:
    """Judge a choice that was made on so many `sets`, at a level of the grid, on fresh sets, which are drawn as needed."""
    risk = _risk(precision, level)
    tests = max(64, 3 * sets // 4 if precision.quality is None else sets // 4)  # what decides: both bounds, or the choice
    validation.grow(tests)
    hits = int(validation.marginal_coverage(choice.nodes).sum())
    return Certificate(
        sets=sets,
        tests=tests,
        level=level,
        own=int(choice.gains.sum()) / sets,
        fresh=hits / tests,
        bound=choice.bound / sets,
        low=lower_share(hits, tests, risk / 4),
        high=upper_share(choice.bound, sets, risk / 2),
        risk=risk,
    )


def growth_to_certify(certificate: Certificate, precision: Precision, n: int, sure: int) -> float:
    """By which factor more sets would certify the choice, at a guess; at most 1 if these do.

    `sure`: people who are reached for certain, because they are seeds.
    """
    now = certificate
    low, high = max(now.low * n, sure), max(now.high * n, sure)
    if low >= precision.ratio * high:
        return 1.0
    limit = now.fresh + (now.own - now.fresh) / 3  # about here both shares are going
    for power in range(1, 17):
        factor, sets = GRID**power, now.sets * GRID**power
        gap = factor**-GAP_DECAY
        fresh = limit + (now.fresh - limit) * gap
        bound = now.bound * (limit + (now.own - limit) * gap) / max(now.own, 1e-12)
        tests, risk = sets * now.tests / now.sets, _risk(precision, now.level + power)
        if lower_share(fresh * tests, tests, risk / 4) >= precision.ratio * upper_share(bound * sets, sets, risk / 2):
            return factor
    return LARGEST_STEP


def _risk(precision: Precision, level: int) -> float:
    """The part of delta that a level of the grid has. The parts of all levels add up to delta, so any level may be skipped."""
    return precision.delta / (1.5 * (abs(level) + 1) * (abs(level) + 2))


def lower_share(hits: float, sets: float, risk: float) -> float:
    """What the true share is not below, but for a probability of `risk`, if so many of some sets are hit.

    Chernoff's bound by relative entropy (Hoeffding 1963, doi:10.2307/2282952, eq. 2.1).

    Examples
    --------
    >>> round(lower_share(500, 1000, 0.01), 3), lower_share(0, 1000, 0.01)
    (0.452, 0.0)
    """
    return _edge(hits / sets, 0.0, math.log(1 / risk) / sets)


def upper_share(hits: float, sets: float, risk: float) -> float:
    """What the true share is not above, but for a probability of `risk`.

    Examples
    --------
    >>> round(upper_share(500, 1000, 0.01), 3), upper_share(1000, 1000, 0.01)
    (0.548, 1.0)
    """
    return _edge(hits / sets, 1.0, math.log(1 / risk) / sets)


def _edge(share: float, far: float, allowed: float) -> float:
    """The share between `share` and `far` whose relative entropy from `share` is what is allowed, by bisection."""
    near = min(max(share, 0.0), 1.0)
    if _relative_entropy(near, far) <= allowed:
        return far
    inside = near
    for _ in range(HALVINGS):
        middle = (inside + far) / 2
        if _relative_entropy(near, middle) <= allowed:
            inside = middle
        else:
            far = middle
    return far


def _relative_entropy(observed: float, true: float) -> float:
    """The relative entropy of two coins (Kullback–Leibler divergence)."""
    total = 0.0
    for one, other in ((observed, true), (1 - observed, 1 - true)):
        if one > 0:
            total += math.inf if other <= 0 else one * math.log(one / other)
    return total
