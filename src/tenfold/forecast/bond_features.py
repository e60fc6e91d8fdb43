"""What is known of a pair beyond its own history: both people, and the neighbours that they share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.features import Cases, Target
from tenfold.forecast.histories import Community

__all__ = ["Neighbourhood", "add_ends", "neighbourhood"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OF_ENDS = (("silence", -1), ("occasions", 1), ("trend", 0), ("tenure", 0))


class Neighbourhood(NamedTuple):
    """Who was ever in contact with whom, and since when: row pointers (n + 1), neighbours and first contact (2 m); ends of
    each pair (m)."""

    start: Ints
    neighbour: NDArray[np.int32]
    since: Ints
    a: NDArray[np.int32]
    b: NDArray[np.int32]


def neighbourhood(community: Community) -> Neighbourhood:
    """In order of neighbours within each person."""
    first = community.pairs.time[community.pairs.start[:-1]]
    one, two = np.concatenate([community.a, community.b]), np.concatenate([community.b, community.a])
    order = np.argsort(one.astype(np.int64) << 32 | two)
    start = np.searchsorted(one[order], np.arange(len(community.people) + 1)).astype(np.int64)
    return Neighbourhood(start, two[order].astype(np.int32), np.tile(first, 2)[order], community.a, community.b)


def add_ends(own: Cases, ends: Cases, odds: Floats, around: Neighbourhood, moment: int, target: Target) -> Cases:
    """Add the smaller and the larger of both people's features and log odds to be seen, their degrees, Adamic–Adar and
    Jaccard."""
    from tenfold.kernels.forecast import neighbours as kernel

    n = len(around.start) - 1
    names, rising, columns = [], [], []
    window = f"occasions_{target.horizon - target.lead if target.lead else target.horizon}"
    place = np.full(n, -1, np.int64)
    place[ends.case] = np.arange(len(ends))
    a, b = place[around.a[own.case]], place[around.b[own.case]]
    degree = kernel.degrees(around.start, around.since, moment)
    wanted = [*OF_ENDS] + ([(window, 1)] if window in ends.names else [])
    values = [(name, sign, ends.column(name)) for name, sign in wanted if name in ends.names]
    values.append(("odds", 1, odds.astype(np.float32)))
    values.append(("degree", 0, np.log1p(degree[ends.case]).astype(np.float32)))
    for name, sign, column in values:
        one, two = column[a], column[b]
        names += [f"smaller_{name}", f"larger_{name}"]
        rising += [sign, sign if name == "odds" else 0]
        columns += [np.minimum(one, two), np.maximum(one, two)]
    shared, weighted = kernel.common_neighbours(
        around.start, around.neighbour, around.since, degree, around.a[own.case], around.b[own.case], moment
    )
    union = degree[around.a[own.case]] + degree[around.b[own.case]] - shared
    names += ["adamic_adar", "jaccard"]
    rising += [0, 0]
    columns += [np.log1p(weighted), np.sqrt(shared / np.maximum(union, 1))]
    return own.with_columns(tuple(names), tuple(rising), np.column_stack(columns).astype(np.float32))
