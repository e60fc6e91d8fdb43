"""Cascades and linear thresholds: a model and a graph as arcs into each person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.spread.model import Model
from tenfold.spread.rules import LAST, Contact, Rule, Spontaneous, Threshold

if TYPE_CHECKING:
    from tenfold.kernels.seeds.reverse_reachable import Inward

__all__ = ["arcs_of", "cascade", "inward"]

AT_ONCE = 2.0  # live arcs expected in one draw, at most (or one arc)
MANY = 200_000  # more different pairs of degree and chance are drawn by rounded chances


def cascade(model: Model) -> Contact | Threshold | None:
    """The rule by which a model spreads, if it is an independent cascade or a linear threshold; else None."""
    rules = model.rules
    if any((rule.since, rule.until) != (1, LAST) for rule in rules):
        return None
    spread = [rule for rule in rules if isinstance(rule, Contact | Threshold)]
    if len(spread) != 1 or spread[0].source != model.states[0] or spread[0].target != spread[0].via or spread[0].rate is not None:
        return None
    one, rest = spread[0], [rule for rule in rules if rule is not spread[0]]
    if isinstance(one, Threshold):
        random = one.fraction == "random" and one.chance == 1.0
        return one if random and not rest and len(model.states) == 2 else None
    return one if len(rest) == 1 and len(model.states) == 3 and _spent(rest[0], one) else None


def _spent(rule: Rule, spread: Contact) -> bool:
    """Whether whoever is newly active tries once only."""
    if not isinstance(rule, Spontaneous) or rule.rate is not None:
        return False
    return rule.source == spread.target and rule.target != spread.source and rule.chance == 1.0


def inward(model: Model, graph: Graph, *, steps: int | None = None, capacity: int | None = None) -> Inward:
    """The arcs into each person.

    Raises
    ------
    SpecError, DataError
        A cascade by weight on a graph without weights, weights above 1, or weights into somebody that add up to more than 1
        (linear threshold).
    """
    rule = cascade(model)
    if rule is None:
        raise SpecError(f"model {model.name}: has no sketches; expected an independent cascade or a linear threshold.")
    found = _threshold(rule, model, graph) if isinstance(rule, Threshold) else arcs_of(rule, model, graph)
    outward = graph.degree() if capacity is not None else np.zeros(0, np.int64)
    return found._replace(outward=outward, limit=capacity or 0, steps=2**62 if steps is None else steps)


def _threshold(rule: Threshold, model: Model, graph: Graph) -> Inward:
    """At most one arc into each person is live, by weight (Kempe et al. 2003, theorem 4.6)."""
    from tenfold.kernels.seeds.reverse_reachable import Inward, running_sums

    equal = _equal(graph, rule.weighted, model)
    back, weight = _turned(graph, rule.weighted and equal is None)
    if weight is None and equal is not None:
        weight = np.repeat(np.maximum(equal, 0), back.degree())
    running = np.zeros(0 if weight is None else back.arcs, np.uint64)
    if weight is not None and (wrong := running_sums(back.start, weight, running)) >= 0:
        total = weight[back.start[wrong] : back.start[wrong + 1]].sum()
        raise DataError(f"graph: the weights into person {wrong} add up to {total:.6g}; a linear threshold allows at most 1.")
    empty, row, words, none = np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    return Inward(back.start, back.other, row, empty, empty, empty, words, none, running, True, empty, 0, 2**62)


def arcs_of(rule: Contact, model: Model, graph: Graph) -> Inward:
    """The arcs into each person, each live by its chance.

    Raises
    ------
    SpecError, DataError
        A model by weight on a graph without weights, or weights above 1.
    """
    from tenfold.kernels.seeds.reverse_reachable import Inward

    weighted, none = rule.chance == "weight", np.zeros(0, np.uint32)
    equal = _equal(graph, weighted, model)
    back, weight = _turned(graph, weighted and equal is None)
    if not isinstance(rule.chance, str):
        equal = np.full(graph.n, float(rule.chance))
    if equal is not None:
        chance, keep = np.maximum(equal, 0.0), none
    elif weight is not None:
        chance, keep = _thinned(back.start, weight)
    if chance.max(initial=0) > 1:
        raise DataError(f"graph: a weight is {chance.max():.6g}; as the chance of a contact it is at most 1.")
    rows = _rows(np.diff(back.start), chance)
    if rows is None:  # too many kinds of rows: by rounded chances, and each arc that is drawn stays by what was rounded up
        if not keep.size:
            chance, keep = _thinned(back.start, np.repeat(chance, back.degree()))
        rows = _rows(np.diff(back.start), chance, back.n)
    assert rows is not None
    return Inward(
        back.start, back.other, *rows, keep, np.zeros(0, np.uint64), False, np.zeros(0, np.int64), 0, 2**62
    )  # fmt: skip


def _equal(graph: Graph, weighted: bool, model: Model) -> NDArray[np.float64] | None:
    """The weight of the arcs into each person (−1: no arcs), if it goes by weights and each has but one."""
    from tenfold.kernels.seeds.reverse_reachable import equal_chances

    if not weighted:
        return None
    if graph.weight is None:
        raise SpecError(
            f"model {model.name}: goes by the weights of edges, and the graph has none. See Graph.with_chance_by_degree."
        )
    found = np.full(graph.n, -1.0)
    return found if equal_chances(graph.start, graph.other, graph.weight, found) else None


def _turned(graph: Graph, weighted: bool) -> tuple[Graph, NDArray[np.float64] | None]:
    """Those who reach each person, and the weights of their arcs; a graph that is not directed has the same rows, but other weights."""
    if not weighted:
        return (Graph(graph.start, graph.other, None, graph.directed).reversed() if graph.directed else graph), None
    back = Graph(graph.start, graph.other, graph.weight, True).reversed()
    return back, back.weight


def _thinned(start: NDArray[np.int64], weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
    """For each row a chance that is no less than any in it, of few kinds, and for each arc what part of it is its own, in 2⁻³²."""
    filled = np.flatnonzero(np.diff(start) > 0)
    most = np.zeros(len(start) - 1)
    if len(filled):
        most[filled] = np.maximum.reduceat(weight, start[filled])
    with np.errstate(divide="ignore"):
        grid = np.where(most > 0, np.exp2(np.ceil(np.log2(most) * 4 - 1e-9) / 4), 0.0)
    chance = np.where(most > 1, most, np.minimum(np.maximum(grid, most), 1.0))
    share = weight / np.maximum(np.repeat(chance, np.diff(start)), 1e-300)
    return chance, np.minimum(np.rint(share * 2.0**32), 2.0**32 - 1).astype(np.uint32)


def _rows(
    degree: NDArray[np.int64], chance: NDArray[np.float64], most: int | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]] | None:
    """The row of the table by which each person's arcs are drawn, where it is not one row how many are drawn at once and by which rows,
    and the table; None if there are too many kinds of degree and chance."""
    from tenfold.kernels.seeds.reverse_reachable import binomial_rows

    high = int(degree.max(initial=0)) + 1
    by_degree = np.zeros(high)
    by_degree[degree] = chance
    if (by_degree[degree] == chance).all():  # the weighted cascade, and one chance for all
        d, kind = _numbers(degree, high)
        p = by_degree[d]
    else:
        chances, which = np.unique(chance, return_inverse=True)
        pairs, kind = _numbers(which.astype(np.int64) * high + degree, high * len(chances))
        p, d = chances[pairs // high], pairs % high
    if len(d) > (MANY if most is None else most):
        return None
    size = np.maximum(1, np.floor(AT_ONCE / np.maximum(p, 1e-12))).astype(np.int64)
    size = np.where(d <= size, np.maximum(d, 1), size)
    rest = np.where(d > 0, (d - 1) % size + 1, 1)
    wanted = np.concatenate([size, rest])
    rows, row = np.unique(np.stack([wanted.astype(float), np.concatenate([p, p])]), axis=1, return_inverse=True)
    begin = np.empty(rows.shape[1], np.int64)
    table = binomial_rows(rows[0].astype(np.int64), np.ascontiguousarray(rows[1]), begin)
    full, last = begin[row.ravel()[: len(d)]], begin[row.ravel()[len(d) :]]
    of_kind = np.where(d <= size, last, -1 - np.arange(len(d))).astype(np.int32)
    return of_kind[kind], size, full, last, table


def _numbers(value: NDArray[np.int64], high: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The different whole numbers below `high`, and which of them each is."""
    if high > 64 * len(value) + 1024:
        found, which = np.unique(value, return_inverse=True)
        return found, which.astype(np.int32)
    there = np.zeros(high, np.bool_)
    there[value] = True
    place = np.cumsum(there) - 1
    return np.flatnonzero(there), place[value].astype(np.int32)
