"""The expected number of people that some seeds reach (influence spread), with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any, TypedDict, Unpack

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.kernels.streams import ESTIMATE
from tenfold.networks.graph import Graph
from tenfold.networks.labels import node_numbers
from tenfold.seeds.diffusion import Diffusion, open_share
from tenfold.seeds.group_members import GivenGroups, GroupMembers, group_members
from tenfold.seeds.result import Reach
from tenfold.seeds.reverse_reachable import RRCollection, reason_to_simulate, reverse_model, stratified_roots, threads
from tenfold.spread.model import Model
from tenfold.version import __version__

__all__ = ["ReachEstimator", "ReachOptions", "estimate_reach"]

MOST_RUNS = 2000  # of a simulation
Ints = NDArray[np.int64]


class ReachOptions(TypedDict, total=False):
    """The further keywords of `estimate_reach`."""

    steps: int | None
    capacity: int | None
    fading: float | None
    counted: Sequence[str] | None
    executor: Executor | None


def estimate_reach(
    graph: Graph,
    seeds: Any,
    *,
    model: Model,
    groups: GivenGroups | None = None,
    confidence: float = 0.95,
    draws: int = 100_000,
    seed: int = 0,
    **options: Unpack[ReachOptions],
) -> Reach:
    """The expected number of people that `seeds` reach.

    Parameters
    ----------
    graph
        Who can reach whom.
    seeds
        People by label (positions where the network has no labels), `Positions`, or `Seeds`.
    model
        How the practice spreads. An independent cascade, a linear threshold and a contagion with or without lapse in steps are
        estimated by reverse-reachable sets, as in `choose_seeds`, any other model by simulation.
    groups
        As in `choose_seeds`; then the share reached of each group as well.
    confidence
        Of the interval, above 0 and below 1 (exact for sets: Clopper, Pearson 1934, doi:10.1093/biomet/26.4.404).
    draws
        Sets to draw (of each group as many), or, for models that are simulated, runs; there at most 2,000.
    seed
        The same seed gives the same estimate.
    steps, capacity, fading
        As in `choose_seeds`.
    counted
        The states whose people are counted at the end; by default everybody who is not in the first
        state, or, where people can return there, those in the state that the seeds begin in.
    executor
        Threads to use; by default those of this process.

    Raises
    ------
    SpecError, DataError
        What is out of range, or does not fit together.

    Examples
    --------
    >>> from tenfold.spread.library import independent_cascade
    >>> line = Graph.from_edges([0, 1], [1, 2], directed=True)
    >>> found = estimate_reach(line, [0], model=independent_cascade(chance=0.5))
    >>> found.low <= 1.75 <= found.high
    True
    """
    checks.options(options, ReachOptions, "estimate_reach")
    executor = options.get("executor")
    diffusion = Diffusion(
        graph, model, options.get("steps"), options.get("capacity"), options.get("fading"), options.get("counted")
    )
    nodes = node_numbers(graph, seeds, "seeds")
    if not len(nodes):
        raise SpecError("seeds: there is none; expected at least one person.")
    risk = 1 - open_share(confidence, "confidence")
    count = checks.whole(draws, "draws", low=2, high=2**31 - 1)
    checks.whole(seed, "seed", low=0, high=2**32 - 1)
    members = None if groups is None else group_members(graph, groups)
    provenance = {
        "seeds": nodes.tolist(),
        "model": model.to_dict(),
        "draws": count,
        "steps": diffusion.deadline,
        "capacity": diffusion.capacity,
        "fading": diffusion.fading,
        "seed": seed,
        "tenfold": __version__,
    }
    if reason := reason_to_simulate(diffusion):
        from tenfold.seeds.simulated_greedy import refuse_unsimulated, simulated_reach

        refuse_unsimulated(diffusion, reason)
        runs = min(count, MOST_RUNS)
        found = simulated_reach(diffusion, nodes, members, runs=runs, risk=risk, seed=seed, executor=executor)
        return replace(found, provenance=provenance)
    with threads(executor) as pool:
        estimator = ReachEstimator(
            RRCollection(reverse_model(diffusion.checked()), pool, stream=ESTIMATE, seed=seed), nodes, count, risk
        )
        reach, low, high = estimator.reached(np.arange(graph.n, dtype=np.int32), 0)
        frame = pl.DataFrame() if members is None else estimator.group_table(members)
    return Reach(reach, low, high, confidence, "sketches", count, frame, provenance)


class ReachEstimator:
    """Estimates of how many of some people are reached from the seeds `nodes`, each by `count` sets whose roots are among them.

    The collection says how sets are drawn, and of which stream; its own sets are not used.
    """

    def __init__(self, collection: RRCollection, nodes: Ints, count: int, risk: float) -> None:
        self.collection, self.nodes, self.count, self.risk = collection, nodes, count, risk

    def reached(self, people: NDArray[np.int32], number: int) -> list[float]:
        """How many of these people, with the interval; `number`: no two estimates share one.

        Seeds among the people are reached for certain, where nobody recovers.
        """
        unsure = np.setdiff1d(people, self.nodes.astype(np.int32)) if self.collection.rooted else people
        return [len(people) - len(unsure) + len(unsure) * one for one in self._share(unsure, number)]

    def _share(self, people: NDArray[np.int32], number: int) -> tuple[float, float, float]:
        """The share of these people that is reached, with the interval."""
        if not len(people):
            return 0.0, 0.0, 0.0
        sets, count = self.collection, self.count
        roots = stratified_roots(people, count, sets.seed, number * count, sets.stream)
        own = RRCollection(
            sets.model, sets.executor, stream=sets.stream, seed=sets.seed, roots=np.concatenate([np.zeros(0, np.int32), roots])
        )
        return exact_interval(own.count_hits(self.nodes, 0, count), count, self.risk)

    def group_table(self, groups: GroupMembers) -> pl.DataFrame:
        """`group`, `people`, `share`, `low`, `high`."""
        rows = []
        for group, name in enumerate(groups.names):
            people = groups.of(group)
            rows.append((name, len(people), *(one / len(people) for one in self.reached(people, group + 1))))
        return pl.DataFrame(rows, schema=["group", "people", "share", "low", "high"], orient="row")


def exact_interval(hits: int, draws: int, risk: float) -> tuple[float, float, float]:
    """The share of hits, and the interval of Clopper and Pearson, which fails with probability `risk`."""
    from scipy.special import betaincinv

    low = 0.0 if hits == 0 else float(betaincinv(hits, draws - hits + 1, risk / 2))
    high = 1.0 if hits == draws else float(betaincinv(hits + 1, draws - hits, 1 - risk / 2))
    return hits / draws, low, high
