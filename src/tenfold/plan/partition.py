"""Partition of people, or of circles, into groups of given sizes: prepares what the compiled search needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.plan.limits import Limits

if TYPE_CHECKING:
    from tenfold.kernels.plan.circles import Attributes, Constraints

__all__ = ["FULL", "Sizes", "WeightedTies", "group_sizes", "partition", "tie_weights", "unconstrained"]

Ints = NDArray[np.int64]
FULL = 1000
"""Weight of a full bond; every other rule is measured against it."""

PLACE_WEIGHT = {"bond": 0, "place": 600, "both": 150, "mix": -150}
PROPOSALS_EACH, MOST_PROPOSALS = 400, 4_000_000
"""Proposals of the search for each person, and at most."""


@dataclass(frozen=True)
class Sizes:
    """Number of groups, and members of the smallest and the largest that are allowed."""

    count: int
    smallest: int
    largest: int


@dataclass(frozen=True)
class WeightedTies:
    """Undirected ties between members: `a`, `b` (m), and `weight` (m), negative to keep two apart."""

    a: Ints
    b: Ints
    weight: Ints

    def with_more(self, ties: Iterable[tuple[int, int, int]]) -> WeightedTies:
        """These and others, as rows of a, b, weight."""
        more = np.array(list(ties), np.int64).reshape(-1, 3)
        own = (self.a, self.b, self.weight)
        return WeightedTies(*(np.concatenate([column, more[:, k]]) for k, column in enumerate(own)))


def group_sizes(n: int, limits: Limits, last: int = 0) -> Sizes:
    """Number of groups and their sizes: those of the limits, or as near to them as n members permit.

    `last` is the number of groups in the last plan, 0 for none; it is kept where the sizes allow it.
    """
    smallest, largest = limits.smallest_circle, limits.largest_circle
    if last and smallest * last <= n <= largest * last:
        return Sizes(last, smallest, largest)
    near = max(1, round(n / limits.circle_size))
    for count in (near, near + 1, near - 1):
        if count >= 1 and smallest * count <= n <= largest * count:
            return Sizes(count, smallest, largest)
    count = max(1, -(-n // largest))
    return Sizes(count, min(smallest, n // count), -(-n // count))


def tie_weights(strength: NDArray[np.float64]) -> Ints:
    """Weight of each bond inside a group: the root of its strength, full from the strongest tenth on."""
    if not strength.size:
        return np.zeros(0, np.int64)
    full = max(float(np.quantile(strength, 0.9)), 1e-12)
    weights: Ints = np.rint(FULL * np.sqrt(np.minimum(strength / full, 1.0))).astype(np.int64)
    return weights


def unconstrained(n: int) -> Constraints:
    """Constraints of n members of whom none is fixed, restricted, or in a last plan."""
    from tenfold.kernels.plan.circles import Constraints

    free = np.full(n, -1, np.int32)
    return Constraints(free, np.zeros(n, np.uint8), np.zeros(0, np.int64), free, n)


def partition(
    attributes: Attributes,
    ties: WeightedTies,
    constraints: Constraints,
    sizes: Sizes,
    limits: Limits,
    *,
    by: str,
    seed: int,
) -> Ints:
    """The group of each member, (n); −1 where the constraints allow none."""
    from tenfold.kernels.plan.circles import Search, Ties, Weights, search_circles

    n, count = len(attributes.place), sizes.count
    end, neighbour = np.concatenate([ties.a, ties.b]), np.concatenate([ties.b, ties.a])
    by_end = np.lexsort((neighbour, end))
    rows = Ties(
        start=np.searchsorted(end[by_end], np.arange(n + 1)).astype(np.int64),
        neighbour=neighbour[by_end].astype(np.int32),
        weight=np.concatenate([ties.weight, ties.weight])[by_end],
    )
    weights = Weights(
        language=1500,
        hours=400,
        place=PLACE_WEIGHT[by],
        sole_speaker=800,
        degree=300,
        can_mentor=600,
        never_included=1200,
        size=600,
        ideal_size=limits.circle_size,
    )
    target = np.full(count, n // count, np.int64)
    target[: n % count] += 1
    first_hour = attributes.hours.argmax(axis=1) if attributes.hours.shape[1] else attributes.place
    search = Search(
        order=np.lexsort((attributes.place, first_hour, attributes.first_language)).astype(np.int32),
        target=target,
        smallest=sizes.smallest,
        largest=sizes.largest,
        proposals=min(PROPOSALS_EACH * n, MOST_PROPOSALS),
        threshold=0 if (constraints.previous >= 0).any() else FULL // 2,
        seed=seed,
    )
    circle, _ = search_circles(attributes, rows, constraints, weights, search)
    found: Ints = circle.astype(np.int64)
    return found
