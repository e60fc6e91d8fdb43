"""How many people some seeds reach, with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.seeds.pool import Pool, spread_out, threads
from tenfold.seeds.request import divide, numbered, open_share
from tenfold.seeds.result import Reach
from tenfold.seeds.sketch import deadline, needs_simulation, sketch
from tenfold.spread.model import Model

__all__ = ["estimate_reach"]

ESTIMATE = 66  # stream of draws


def estimate_reach(
    graph: Graph,
    seeds: Any,
    *,
    model: Model,
    groups: Groups | Sequence[object] | ArrayLike | Mapping[str, Any] | None = None,
    confidence: float = 0.95,
    draws: int = 100_000,
    steps: int | None = None,
    capacity: int | None = None,
    fading: float | None = None,
    counted: Sequence[str] | None = None,
    seed: int = 0,
    executor: Executor | None = None,
) -> Reach:
    """The expected number of people that `seeds` reach.

    Parameters
    ----------
    seeds
        Numbers of people, or the names that the network came with.
    model
        How the practice spreads. An independent cascade, a linear threshold and a contagion with or without lapse in steps are
        estimated by reverse-reachable sets, as in `choose_seeds`, any other model by simulation.
    groups
        As in `choose_seeds`; then the share reached of each group as well.
    confidence
        Of the interval, above 0 and below 1 (exact for sets: Clopper, Pearson 1934, doi:10.1093/biomet/26.4.404).
    draws
        Sets to draw (of each group as many), or, for models that are simulated, runs; there at most 2,000.
    steps, capacity, fading
        As in `choose_seeds`.
    counted
        The states whose people are counted at the end; by default everybody who is not in the first
        state, or, where people can return there, those in the state that the seeds begin in.
    seed
        The same seed, the same estimate.

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
    if not isinstance(graph, Graph):
        raise SpecError(f"graph is a {type(graph).__name__}; expected a Graph.")
    if not isinstance(model, Model):
        raise SpecError(f"model is {model!r}; expected a Model, such as tf.models.independent_cascade(chance=0.1).")
    nodes = numbered(graph, seeds, "seeds")
    if not len(nodes):
        raise SpecError("seeds: there is none; expected at least one person.")
    risk = 1 - open_share(confidence, "confidence")
    many = checks.whole(draws, "draws", low=2, high=2**31 - 1)
    checks.whole(seed, "seed", low=0, high=2**32 - 1)
    parts = None if groups is None else divide(graph, groups)
    about = {
        "seeds": nodes.tolist(), "model": model.to_dict(), "draws": many, "steps": deadline(model, steps), "capacity": capacity,
        "fading": fading, "seed": seed, "tenfold": version("tenfold"),
    }  # fmt: skip
    if why := needs_simulation(model, graph, counted):
        from tenfold.seeds.simulated import simulated_reach

        for name, value in (("capacity", capacity), ("fading", fading)):
            if value is not None:
                raise SpecError(f"{name} is given, and {why}; {name} has no simulation, leave it out.")
        return simulated_reach(graph, nodes, model, parts, risk, min(many, 2000), steps, counted, seed, executor, about)
    if steps is not None:
        checks.whole(steps, "steps", low=1)
    if capacity is not None:
        checks.whole(capacity, "capacity", low=1, high=2**31 - 1)
    if fading is not None:
        open_share(fading, "fading")
    ask = sketch(model, graph, steps=steps, capacity=capacity, fading=fading)
    with threads(executor) as shared:

        def share(people: NDArray[np.int32], number: int) -> tuple[float, float, float]:
            if not len(people):
                return 0.0, 0.0, 0.0
            roots = spread_out(people, many, seed, number * many, ESTIMATE)
            pool = Pool(ask, shared, stream=ESTIMATE, seed=seed, roots=np.concatenate([np.zeros(0, np.int32), roots]))
            return interval(pool.hits(nodes, 0, many), many, risk)

        def reached(people: NDArray[np.int32], number: int) -> list[float]:
            """Of these people, with the interval; seeds among them are, where nobody lapses."""
            unsure = np.setdiff1d(people, nodes.astype(np.int32)) if rooted else people
            return [len(people) - len(unsure) + len(unsure) * one for one in share(unsure, number)]

        rooted = Pool(ask, shared, stream=ESTIMATE, seed=seed).rooted
        found = reached(np.arange(graph.n, dtype=np.int32), 0)
        frame = pl.DataFrame()
        if parts is not None:
            rows = []
            for group, name in enumerate(parts.names):
                people = parts.of(group)
                rows.append((name, len(people), *(one / len(people) for one in reached(people, group + 1))))
            frame = pl.DataFrame(rows, schema=["group", "people", "share", "low", "high"], orient="row")
    return Reach(found[0], found[1], found[2], confidence, "sketches", many, frame, about)


def interval(hits: int, draws: int, risk: float) -> tuple[float, float, float]:
    """The share of hits, and the exact interval."""
    from scipy.special import betaincinv

    low = 0.0 if hits == 0 else float(betaincinv(hits, draws - hits + 1, risk / 2))
    high = 1.0 if hits == draws else float(betaincinv(hits + 1, draws - hits, 1 - risk / 2))
    return hits / draws, low, high
