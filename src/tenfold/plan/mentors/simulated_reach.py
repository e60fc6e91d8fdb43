"""Reach of mentors over living bonds, by runs of bond percolation.

Each bond passes the practice on, or does not, once in a run. As bonds are mutual, those reached are the connected components
that hold a mentor: the live-edge graph of the independent cascade (Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tenfold.kernels.streams import MENTORED_BONDS, RANDOM_MENTORS
from tenfold.plan.ties import Ties

__all__ = ["LivingNetwork", "SimulatedReach", "simulate_reach"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
RUNS, FEWEST_RUNS, MOST_DRAWS = 400, 20, 40_000_000
"""Runs; fewer where bonds times runs are more than the last number."""


@dataclass(frozen=True)
class LivingNetwork:
    """People 0..n−1 and the living bonds among them; `transmission` (bonds): the chance that each passes the practice on."""

    n: int
    ties: Ties
    transmission: Floats

    @classmethod
    def of(cls, n: int, ties: Ties, chance: float) -> LivingNetwork:
        """Bonds of strength s pass it on with 1 − (1 − chance)^s."""
        living = ties.only_living()
        return cls(n, living, -np.expm1(np.log1p(-min(chance, 1 - 1e-12)) * living.strength))


@dataclass(frozen=True)
class SimulatedReach:
    """Who is reached from some mentors, on the same runs as from others.

    Attributes
    ----------
    reached, at_random
        (runs, n) Whether each person is reached from the mentors, and from as many drawn at random among those who could be.
    individual, marginal
        (mentors) People expected to be reached from each mentor alone, and beside the mentors before.
    exclusive
        (mentors, n) Chance that each person is reached from that mentor and no other.
    """

    reached: Bools
    at_random: Bools
    individual: Floats
    marginal: Floats
    exclusive: Floats

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.reached)


def simulate_reach(network: LivingNetwork, mentors: Ints, able: Bools, seed: int) -> SimulatedReach:
    """Reach of `mentors` (rows, in their order), and of as many drawn at random among those `able` (n)."""
    n, bonds, transmission = network.n, network.ties, network.transmission
    runs = int(np.clip(MOST_DRAWS // max(len(transmission), 1), FEWEST_RUNS, RUNS))
    reached, at_random = np.zeros((runs, n), np.bool_), np.zeros((runs, n), np.bool_)
    individual, marginal, exclusive = np.zeros(len(mentors)), np.zeros(len(mentors)), np.zeros((len(mentors), n))
    could = np.flatnonzero(able)
    for run in range(runs):
        passes = _generator(seed, MENTORED_BONDS, run).random(len(transmission)) < transmission
        ends = (bonds.a[passes], bonds.b[passes])
        matrix = sparse.coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(n, n))
        count, component = csgraph.connected_components(matrix, directed=False)
        size, held = np.bincount(component, minlength=count), np.bincount(component[mentors], minlength=count)
        reached[run] = held[component] > 0
        individual += size[component[mentors]]
        first = np.full(count, -1)  # the first mentor in each component
        first[component[mentors[::-1]]] = np.arange(len(mentors))[::-1]
        marginal[first[first >= 0]] += size[first >= 0]
        by_one = np.flatnonzero(held[component] == 1)
        exclusive[first[component[by_one]], by_one] += 1
        holds_random = np.zeros(count, np.bool_)
        holds_random[component[_generator(seed, RANDOM_MENTORS, run).permutation(could)[: len(mentors)]]] = True
        at_random[run] = holds_random[component]
    return SimulatedReach(reached, at_random, individual / runs, marginal / runs, exclusive / runs)


def _generator(seed: int, stream: int, run: int) -> np.random.Generator:
    """Random numbers of one stream in one run."""
    return np.random.Generator(np.random.Philox(key=[seed, stream], counter=[0, 0, 0, run]))
