"""Rings: circles of circles up to the whole, and the address that they give to each circle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.plan.circles import Circles
from tenfold.plan.limits import Limits
from tenfold.plan.partition import WeightedTies, group_sizes, partition, tie_weights, unconstrained
from tenfold.plan.previous import Previous
from tenfold.plan.situation import Situation

__all__ = ["Rings", "nest_circles"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rings:
    """Rings of circles, rings of rings, up to the whole.

    Attributes
    ----------
    levels
        For each level the ring of each of its members, from 0. The members of the first level are the circles, those of each next one the
        rings of the level before.
    address
        (circles) From the top the number of each ring in the next larger one, and of the circle in its ring, such as "2.4".
    """

    levels: list[Ints]
    address: list[str]


def nest_circles(
    situation: Situation, circles: Circles, limits: Limits, *, previous: Previous | None = None, seed: int = 0
) -> Rings:
    """Join circles with many bonds between them into rings of a circle's size, and these again, until one ring holds all.

    Circles stand where they stood in the last plan as long as they are the same.
    """
    from tenfold.kernels.plan.circles import Attributes

    ties = situation.ties
    levels: list[Ints] = []
    weight = tie_weights(ties.strength)
    group, n = circles.membership, circles.count
    while n > limits.largest_circle:
        a, b = group[ties.a], group[ties.b]
        between = a != b
        frame = pl.DataFrame({"a": np.minimum(a, b)[between], "b": np.maximum(a, b)[between], "weight": weight[between]})
        summed = frame.group_by("a", "b").agg(pl.col("weight").sum()).sort("a", "b")
        weighted = WeightedTies(*(summed[name].to_numpy() for name in ("a", "b", "weight")))
        unknown, no, nothing = np.full(n, -1, np.int32), np.zeros(n, np.uint8), np.zeros((n, 0), np.uint8)
        blank = Attributes(nothing, nothing, unknown, unknown, unknown, no, no)
        sizes = group_sizes(n, limits)
        ring = partition(blank, weighted, unconstrained(n), sizes, limits, by="bond", seed=seed)
        levels.append(ring)
        group, n = ring[group], sizes.count
    addresses = dict(previous.addresses) if previous is not None else {}
    if sorted(addresses) == list(range(1, circles.count + 1)) and len(set(addresses.values())) == circles.count:
        return Rings(levels, [addresses[circle + 1] for circle in range(circles.count)])
    return Rings(levels, _addresses(circles.count, levels))


def _addresses(count: int, levels: list[Ints]) -> list[str]:
    """The address of each circle."""
    paths = [""] * count
    members = np.arange(count)
    current: list[list[int]] = [[circle] for circle in range(count)]  # the circles in each member of a level
    for level in levels:
        rings: list[list[int]] = [[] for _ in range(int(level.max()) + 1)]
        seats = [0] * len(rings)
        for member in members:
            ring = int(level[member])
            seats[ring] += 1
            for circle in current[member]:
                paths[circle] = f"{seats[ring]}.{paths[circle]}".rstrip(".")
            rings[ring] += current[member]
        current, members = rings, np.arange(len(rings))
    for top, circles in enumerate(current, start=1):
        for circle in circles:
            paths[circle] = f"{top}.{paths[circle]}".rstrip(".")
    return paths
