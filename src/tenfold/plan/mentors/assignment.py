"""Assignment of people to mentors: the nearest over bonds first, then those of the same place, within the capacity of each mentor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tenfold.plan.mentors.simulated_reach import LivingNetwork

__all__ = ["Care", "Paths", "assign_people", "find_paths", "nearest_mentor"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNCONNECTED = 1e6
"""Distance of people to whom there is no path, above all others."""


@dataclass(frozen=True)
class Paths:
    """Paths from each mentor to everybody, (mentors, n), inf where there is none.

    `distance`: −ln of the chance of the most probable path. `steps`: bonds on the shortest path.
    """

    distance: Floats
    steps: Floats


@dataclass(frozen=True)
class Care:
    """Who looks after whom.

    `mentor` (n): the mentor of each person, as a position among the mentors, −1 for nobody. `steps` (n): bonds between the two, −1 where
    there is no path.
    """

    mentor: Ints
    steps: Ints


def find_paths(network: LivingNetwork, mentors: Ints) -> Paths:
    """Most probable and shortest paths over living bonds (Dijkstra's algorithm)."""
    a, b = network.ties.a, network.ties.b
    cost = np.tile(-np.log(np.maximum(network.transmission, 1e-12)) + 1e-9, 2)
    matrix = sparse.csr_array((cost, (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(network.n, network.n))
    return Paths(csgraph.dijkstra(matrix, indices=mentors), csgraph.dijkstra(matrix, indices=mentors, unweighted=True))


def nearest_mentor(paths: Paths, mentors: Ints) -> Ints:
    """The other mentor (row) who is nearest to each, −1 where there is no path to one, (mentors)."""
    if len(mentors) < 2:
        return np.full(len(mentors), -1, np.int64)
    distance = paths.distance[:, mentors].copy()
    np.fill_diagonal(distance, np.inf)
    found: Ints = np.where(np.isfinite(distance.min(axis=1)), mentors[distance.argmin(axis=1)], -1)
    return found


def assign_people(paths: Paths, mentors: Ints, places: list[str | None], capacity: Ints) -> Care:
    """Give everybody but the mentors one mentor, greedily, the nearest pairs first.

    `places` (n) and `capacity` (n) are those of all people. Where there is no path, mentors of the same place come before others.
    """
    n = len(places)
    same_place = np.array([[place is not None and place == places[m] for place in places] for m in mentors]).reshape(
        len(mentors), n
    )
    distance = np.where(np.isfinite(paths.distance), paths.distance, UNCONNECTED + np.where(same_place, 0.0, 1.0))
    by_distance = np.unravel_index(np.argsort(distance, axis=None, kind="stable"), distance.shape)
    left, assigned = capacity[mentors].copy(), np.full(n, -1, np.int64)
    is_mentor = np.zeros(n, np.bool_)
    is_mentor[mentors] = True
    for m, i in zip(*(column.tolist() for column in by_distance), strict=True):
        if not is_mentor[i] and assigned[i] < 0 and left[m] > 0:
            assigned[i] = m
            left[m] -= 1
    steps = np.full(n, -1, np.int64)
    rows = np.flatnonzero(assigned >= 0)
    between = paths.steps[assigned[rows], rows]
    steps[rows] = np.where(np.isfinite(between), between, -1)
    return Care(assigned, steps)
