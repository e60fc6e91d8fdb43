"""Cascades and linear thresholds as triggering models: the arcs into each person, and the law by which they are live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.seeds.diffusion import Diffusion, cascade_rule
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Threshold

if TYPE_CHECKING:
    from tenfold.kernels.seeds.triggering import LiveCounts, TriggeringModel

__all__ = ["contact_arcs", "triggering_model"]

LIVE_AT_ONCE = 2.0  # live arcs expected in one draw, at most (or one arc)
MOST_TABLES = (
    200_000  # with more different pairs of degree and chance, chances are rounded up and arcs accepted by what was added
)
UNLIMITED = 2**62  # steps


def triggering_model(diffusion: Diffusion) -> TriggeringModel:
    """The triggering model of an independent cascade or a linear threshold, with deadline and capacity.

    Raises
    ------
    SpecError, DataError
        A cascade by weight on a graph without weights, weights above 1, or weights into somebody that add up to more than 1
        (linear threshold).
    """
    graph, model = diffusion.graph, diffusion.model
    rule = cascade_rule(model)
    if rule is None:
        raise SpecError(f"model {model.name}: has no sketches; expected an independent cascade or a linear threshold.")
    found = _threshold_arcs(rule, model, graph) if isinstance(rule, Threshold) else contact_arcs(rule, model, graph)
    return found._replace(
        out_degree=np.zeros(0, np.int64) if diffusion.capacity is None else graph.degree(),
        capacity=diffusion.capacity or 0,
        steps=UNLIMITED if diffusion.steps is None else diffusion.steps,
    )


def _threshold_arcs(rule: Threshold, model: Model, graph: Graph) -> TriggeringModel:
    """At most one arc into each person is live, by weight (Kempe, Kleinberg, Tardos 2003, theorem 4.6)."""
    from tenfold.kernels.seeds.triggering import LiveCounts, TriggeringModel, cumulative_weights

    common = _common_weight(graph, rule.weighted, model)
    back, weight = _reversed(graph, rule.weighted and common is None)
    if weight is None and common is not None:
        weight = np.repeat(np.maximum(common, 0), back.degree())
    cumulative = np.zeros(0 if weight is None else back.arcs, np.uint64)
    if weight is not None and (wrong := cumulative_weights(back.start, weight, cumulative)) >= 0:
        total = weight[back.start[wrong] : back.start[wrong + 1]].sum()
        raise DataError(f"graph: the weights into person {wrong} add up to {total:.6g}; a linear threshold allows at most 1.")
    none = np.zeros(0, np.int64)
    counts = LiveCounts(np.zeros(0, np.int32), none, none, none, np.zeros(0, np.uint64))
    return TriggeringModel(back.start, back.other, counts, np.zeros(0, np.uint32), cumulative, True, none, 0, UNLIMITED)


def contact_arcs(rule: Contact, model: Model, graph: Graph) -> TriggeringModel:
    """The arcs into each person, each live with its own chance, independently.

    Raises
    ------
    SpecError, DataError
        A model by weight on a graph without weights, or weights above 1.
    """
    from tenfold.kernels.seeds.triggering import TriggeringModel

    weighted, acceptance = rule.chance == "weight", np.zeros(0, np.uint32)
    common = _common_weight(graph, weighted, model)
    back, weight = _reversed(graph, weighted and common is None)
    if not isinstance(rule.chance, str):
        common = np.full(graph.n, float(rule.chance))
    if common is not None:
        chance = np.maximum(common, 0.0)
    elif weight is not None:
        chance, acceptance = _thinned(back.start, weight)
    if chance.max(initial=0) > 1:
        raise DataError(f"graph: a weight is {chance.max():.6g}; as the chance of a contact it is at most 1.")
    counts = _live_counts(np.diff(back.start), chance, MOST_TABLES)
    if counts is None:
        if not acceptance.size:
            chance, acceptance = _thinned(back.start, np.repeat(chance, back.degree()))
        counts = _live_counts(np.diff(back.start), chance, back.n)
    assert counts is not None
    return TriggeringModel(
        back.start, back.other, counts, acceptance, np.zeros(0, np.uint64), False, np.zeros(0, np.int64), 0, UNLIMITED
    )


def _common_weight(graph: Graph, weighted: bool, model: Model) -> NDArray[np.float64] | None:
    """The weight that all arcs into each person share, (n), −1 without arcs; None if they differ, or weights do not matter."""
    from tenfold.kernels.seeds.triggering import equal_in_weights

    if not weighted:
        return None
    if graph.weight is None:
        raise SpecError(
            f"model {model.name}: goes by the weights of edges, and the graph has none. See Graph.with_chance_by_degree."
        )
    common = np.full(graph.n, -1.0)
    return common if equal_in_weights(graph.start, graph.other, graph.weight, common) else None


def _reversed(graph: Graph, weighted: bool) -> tuple[Graph, NDArray[np.float64] | None]:
    """The graph of the arcs into each person, and their weights; without weights an undirected graph is its own reverse."""
    if not weighted:
        return (Graph(graph.start, graph.other, None, graph.directed).reversed() if graph.directed else graph), None
    back = Graph(graph.start, graph.other, graph.weight, True).reversed()
    return back, back.weight


def _thinned(start: NDArray[np.int64], weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
    """One chance for each row that no arc in it exceeds, (n), and the share of it that is each arc's own, (arcs), in 2⁻³².

    The chances are powers of 2^(1/4), so that there are few different ones.
    """
    filled = np.flatnonzero(np.diff(start) > 0)
    largest = np.zeros(len(start) - 1)
    if len(filled):
        largest[filled] = np.maximum.reduceat(weight, start[filled])
    with np.errstate(divide="ignore"):
        grid = np.where(largest > 0, np.exp2(np.ceil(np.log2(largest) * 4 - 1e-9) / 4), 0.0)
    chance = np.where(largest > 1, largest, np.minimum(np.maximum(grid, largest), 1.0))
    share = weight / np.maximum(np.repeat(chance, np.diff(start)), 1e-300)
    return chance, np.minimum(np.rint(share * 2.0**32), 2.0**32 - 1).astype(np.uint32)


def _live_counts(degree: NDArray[np.int64], chance: NDArray[np.float64], most: int) -> LiveCounts | None:
    """The binomial tables for each person's in-degree (n) and chance (n); None if more than `most` different pairs of them exist."""
    from tenfold.kernels.seeds.triggering import LiveCounts, binomial_tables

    high = int(degree.max(initial=0)) + 1
    by_degree = np.zeros(high)
    by_degree[degree] = chance
    if (by_degree[degree] == chance).all():  # the weighted cascade, and one chance for all
        d, kind = _distinct(degree, high)
        p = by_degree[d]
    else:
        chances, which = np.unique(chance, return_inverse=True)
        pairs, kind = _distinct(which.astype(np.int64) * high + degree, high * len(chances))
        p, d = chances[pairs // high], pairs % high
    if len(d) > most:
        return None
    batch = np.maximum(1, np.floor(LIVE_AT_ONCE / np.maximum(p, 1e-12))).astype(np.int64)
    batch = np.where(d <= batch, np.maximum(d, 1), batch)
    rest = np.where(d > 0, (d - 1) % batch + 1, 1)
    trials = np.concatenate([batch, rest])
    tables, table = np.unique(np.stack([trials.astype(float), np.concatenate([p, p])]), axis=1, return_inverse=True)
    begin = np.empty(tables.shape[1], np.int64)
    cumulative = binomial_tables(tables[0].astype(np.int64), np.ascontiguousarray(tables[1]), begin)
    full, last = begin[table.ravel()[: len(d)]], begin[table.ravel()[len(d) :]]
    row = np.where(d <= batch, last, -1 - np.arange(len(d))).astype(np.int32)
    return LiveCounts(row[kind], batch, full, last, cumulative)


def _distinct(value: NDArray[np.int64], high: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The different integers among `value`, from 0 to `high` − 1, in order, and which of them each is."""
    if high > 64 * len(value) + 1024:
        found, which = np.unique(value, return_inverse=True)
        return found, which.astype(np.int32)
    present = np.zeros(high, np.bool_)
    present[value] = True
    place = np.cumsum(present) - 1
    return np.flatnonzero(present), place[value].astype(np.int32)
