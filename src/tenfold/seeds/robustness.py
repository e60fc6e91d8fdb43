"""Robustness of seeds: what they reach if the network that was observed lacks some of its ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.kernels.streams import FIRST_END, NEW_WEIGHT, SECOND_END
from tenfold.networks.graph import Graph
from tenfold.networks.labels import Positions, node_numbers
from tenfold.seeds.choose import choose_seeds
from tenfold.seeds.nomination import nominate
from tenfold.seeds.reach_estimate import estimate_reach
from tenfold.spread.model import Model

__all__ = ["add_random_ties", "missing_ties"]


def missing_ties(
    graph: Graph,
    seeds: Any,
    *,
    model: Model,
    shares: Sequence[float] = (0.0, 0.1, 0.2, 0.4),
    networks: int = 5,
    draws: int = 20_000,
    seed: int = 0,
) -> pl.DataFrame:
    """The reach of `seeds` if a share of all ties was not observed, against seeds chosen with all ties known, and random ones.

    The ties that were not observed are drawn anew for each of `networks`. Their ends are drawn in proportion to the observed degree plus
    one.

    Parameters
    ----------
    graph
        The network that was observed.
    seeds
        People by label (positions where the network has no labels), `Positions`, or `Seeds`.
    model
        How the practice spreads, as in `choose_seeds`.
    shares
        Shares of all ties that are missing in `graph`, from 0 to below 1.
    networks, draws
        How many networks for each share, and sets for each estimate.
    seed
        The same seed gives the same table.

    Returns
    -------
    pl.DataFrame
        `missing`, `reach` (mean over the networks), `knowing` (of seeds chosen on the whole network), `random`, and `kept`:
        reach / knowing.

    Examples
    --------
    >>> from tenfold.spread.library import independent_cascade
    >>> star = Graph.from_edges([0, 0, 0, 0], [1, 2, 3, 4])
    >>> missing_ties(star, [0], model=independent_cascade(chance=0.5), shares=[0.2], networks=1)["missing"].to_list()
    [0.2]
    """
    nodes = node_numbers(graph, seeds, "seeds")
    checks.whole(networks, "networks", low=1)
    rows = []
    for share in shares:
        if not 0 <= checks.share(share, "shares: one") < 1:
            raise SpecError(f"shares: one is {share!r}; expected a share from 0 to below 1.")
        found = []
        for number in range(networks if share else 1):
            whole = add_random_ties(graph, share, seed=(seed + 7919 * number) % 2**32)
            best = choose_seeds(whole, len(nodes), model=model, quality=0.02, seed=seed).nodes
            luck = nominate(whole, len(nodes), strategy="random", seed=(seed + number) % 2**32)
            found.append(
                [estimate_reach(whole, Positions(one), model=model, draws=draws, seed=seed).reach for one in (nodes, best, luck)]
            )
        reach, knowing, random = np.mean(found, axis=0)
        rows.append((float(share), float(reach), float(knowing), float(random), float(reach / knowing)))
    return pl.DataFrame(rows, schema=["missing", "reach", "knowing", "random", "kept"], orient="row")


def add_random_ties(graph: Graph, share: float, *, seed: int = 0) -> Graph:
    """The graph with ties added at random, so that this share of all ties is new.

    The ends of new ties are drawn in proportion to degree plus one. Weights by degree stay by degree; others are drawn from the weights
    that exist.
    """
    from tenfold.kernels.seeds.random_integers import random_integers

    edges = graph.arcs if graph.directed else graph.arcs // 2
    extra = round(edges * share / (1 - share))
    source = np.repeat(np.arange(graph.n, dtype=np.int64), graph.degree())
    once = np.ones(graph.arcs, np.bool_) if graph.directed else source < graph.other
    stubs = [np.concatenate([ends, np.arange(graph.n)]) for ends in (source, graph.other.astype(np.int64))]
    new = [stubs[k][random_integers(seed, stream, 0, extra, len(stubs[k]))] for k, stream in enumerate((FIRST_END, SECOND_END))]
    by_degree = graph.weight is not None and bool((graph.weight == graph.with_chance_by_degree().weight).all())
    weight = None
    if graph.weight is not None and not by_degree:
        drawn = graph.weight[random_integers(seed, NEW_WEIGHT, 0, extra, graph.arcs)] if extra else np.zeros(0)
        weight = np.concatenate([graph.weight[once], drawn])
    made = Graph.from_edges(
        np.concatenate([source[once], new[0]]),
        np.concatenate([graph.other[once], new[1]]),
        graph.n,
        weight=weight,
        directed=graph.directed,
    )
    made = replace(made.simple(), labels=graph.labels)
    return made.with_chance_by_degree() if by_degree else made
