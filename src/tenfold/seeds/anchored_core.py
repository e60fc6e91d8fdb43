"""Anchors: the few whose staying keeps the most people, where those with too few ties leave and leaving spreads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tenfold import checks
from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.seeds.request import named, numbered

__all__ = ["Anchors", "choose_anchors"]

Ints = NDArray[np.int64]
EXACT = 3e7
"""Steps that trying all sets may take; beyond them the choice is greedy."""


@dataclass(frozen=True)
class Anchors:
    """Who should stay whatever happens, and how many stay because of them.

    Attributes
    ----------
    nodes
        Numbers of the anchors, in the order of what they add, (anchors).
    kept, kept_without
        People who stay with these anchors (the anchors counted) and without any.
    gains
        What each adds to those before, in people, themselves counted if they would leave; they sum to `kept` − `kept_without`.
    followers
        For each anchor, the numbers of the other people who stay once that anchor is there beside those before.
    exact
        Whether no choice keeps more; otherwise each anchor is the best beside those before, which has no guarantee.
    labels
        What the anchors are called, or None.
    """

    nodes: Ints
    kept: int
    kept_without: int
    gains: Ints
    followers: tuple[Ints, ...]
    exact: bool
    labels: pl.Series | None = None

    def table(self) -> pl.DataFrame:
        """`rank`, `person` (name, or number), `gain`, `followers` (how many) and `together` (people kept with those before)."""
        return pl.DataFrame(
            {
                "rank": np.arange(1, len(self.nodes) + 1),
                "person": self.nodes if self.labels is None else self.labels,
                "gain": self.gains,
                "followers": np.array([len(one) for one in self.followers], np.int64),
                "together": self.kept_without + np.cumsum(self.gains),
            }
        )


def choose_anchors(graph: Graph, budget: int, *, least: int, excluded: Any = (), required: Any = ()) -> Anchors:
    """Choose those whose staying keeps the most people, where everybody leaves who has fewer than `least` ties to people who stay.

    Parameters
    ----------
    graph
        Who is tied to whom; not directed. Parallel edges count once.
    budget
        How many anchors, 1 to n. Fewer are returned where nobody is left whom it would keep.
    least
        Ties to people who stay that it takes to stay, at least 1.
    excluded, required
        People who must not be, or have to be, among the anchors: numbers, or the names that the network came with.

    Returns
    -------
    Anchors
        The best choice where all can be tried (each part of the network by itself), otherwise a greedy one; `Anchors.exact` says which.

    Raises
    ------
    SpecError
        The graph is directed, or a number is out of range, or somebody is not in the network.
    PlanError
        Somebody is required and excluded, or more are required than the budget allows, or everybody is excluded.

    References
    ----------
    Bhawalkar, Kleinberg, Lewi, Roughgarden, Sharma 2015, doi:10.1137/14097032X.

    Examples
    --------
    >>> chain = Graph.from_edges([0, 1, 2, 3, 4], [1, 2, 3, 4, 5])
    >>> found = choose_anchors(chain, 2, least=2)
    >>> sorted(found.nodes.tolist()), found.kept_without, found.kept, found.exact
    ([0, 5], 0, 6, True)
    """
    from tenfold.kernels.seeds.anchored_core import leaving

    if graph.directed:
        raise SpecError("graph is directed; anchors are chosen where ties are mutual. Build it with directed=False.")
    checks.whole(budget, "budget", low=1, high=max(graph.n, 1))
    checks.whole(least, "least", low=1)
    fixed, out = numbered(graph, required, "required"), numbered(graph, excluded, "excluded")
    if both := np.intersect1d(fixed, out).tolist():
        raise PlanError(f"person {both[0]} is required and excluded; expected one of the two.")
    if len(fixed) > budget:
        raise PlanError(f"required names {len(fixed)} people, and the budget is {budget} anchors; expected at most as many.")
    if len(out) == graph.n:
        raise PlanError("excluded names everybody; nobody is left to choose. Exclude fewer.")
    graph = graph.simple()
    anchor = np.zeros(graph.n, np.uint8)
    without = int((leaving(graph.start, graph.other, anchor, least) == 0).sum())
    anchor[fixed] = 1
    rounds = leaving(graph.start, graph.other, anchor, least)
    free = rounds > 0
    free[out] = False
    best = _exact(graph, rounds, free, budget - len(fixed), least)
    nodes = _greedy(graph, anchor, free, budget - len(fixed), least) if best is None else best
    return _result(graph, np.concatenate([fixed, nodes]), len(fixed), without, least, best is not None)


def _greedy(graph: Graph, anchor: NDArray[np.uint8], free: NDArray[np.bool_], budget: int, least: int) -> Ints:
    """One after the other, the one who keeps the most beside those before; among equals, who is tied to more people who nearly stay."""
    from tenfold.kernels.seeds.anchored_core import gains, leaving

    anchor, chosen = anchor.copy(), []
    ends = np.repeat(np.arange(graph.n), graph.degree())
    for _ in range(budget):
        rounds = leaving(graph.start, graph.other, anchor, least)
        who = np.flatnonzero(free & (rounds > 0)).astype(np.int32)
        if not who.size:
            break
        found = np.zeros(who.size, np.int32)
        gains(graph.start, graph.other, rounds, least, who, found)
        stays = np.bincount(ends, weights=rounds[graph.other] == 0, minlength=graph.n)
        short = np.where(rounds > 0, 1 / np.maximum(least - stays, 1), 0.0)
        near = np.bincount(ends, weights=short[graph.other], minlength=graph.n)[who]
        one = int(who[np.lexsort((who, -near, -found))[0]])
        anchor[one] = 1
        chosen.append(one)
    return np.array(chosen, np.int64)


def _exact(graph: Graph, rounds: NDArray[np.int32], free: NDArray[np.bool_], budget: int, least: int) -> Ints | None:
    """The best anchors: all sets of each part that leaves are tried, and the budget is shared out among the parts. None: too
    many to try."""
    from tenfold.kernels.seeds.anchored_core import best_anchors

    work = 0.0
    parts = []
    for start, other, people, support in _parts(graph, rounds):
        allowed = np.flatnonzero(free[people]).astype(np.int32)
        most = min(budget, len(allowed))
        work += sum(math.comb(len(allowed), size) for size in range(1, most + 1)) * (len(people) + len(other))
        if work > EXACT:
            return None
        parts.append((start, other, people, support, allowed, most))
    value, choice = np.zeros(budget + 1, np.int64), [np.zeros(0, np.int64)] * (budget + 1)
    for start, other, people, support, allowed, most in parts:
        if not most:
            continue
        kept, sets = np.zeros(most + 1, np.int64), np.zeros((most + 1, most), np.int32)
        best_anchors(start, other, support, allowed, least, most, kept, sets)
        for total in range(budget, 0, -1):
            size = max(range(min(most, total) + 1), key=lambda one: (kept[one] + value[total - one], -one))
            if size:
                value[total] = kept[size] + value[total - size]
                choice[total] = np.concatenate([choice[total - size], people[sets[size, :size]]])
    return choice[budget]


def _parts(
    graph: Graph, rounds: NDArray[np.int32]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], Ints, NDArray[np.int32]]]:
    """The parts of those who leave, each as a graph of its own: rows, their ends, who they are, and ties of each to people who stay."""
    going = np.flatnonzero(rounds > 0)
    if not going.size:
        return
    matrix = sparse.csr_array((np.ones(graph.arcs, np.int8), graph.other, graph.start), shape=(graph.n, graph.n))
    among = matrix[going][:, going]
    support = graph.degree()[going] - np.diff(among.indptr)
    _, part = csgraph.connected_components(among, directed=False)
    order = np.argsort(part, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        small = among[rows][:, rows]
        yield (
            small.indptr.astype(np.int64),
            small.indices.astype(np.int32),
            going[rows].astype(np.int64),
            support[rows].astype(np.int32),
        )


def _result(graph: Graph, nodes: Ints, fixed: int, without: int, least: int, exact: bool) -> Anchors:
    """What each adds, the chosen ones (after those required) in the order of what they add."""
    from tenfold.kernels.seeds.anchored_core import gains, leaving

    anchor = np.zeros(graph.n, np.uint8)
    rounds = leaving(graph.start, graph.other, anchor, least)
    left, order, added = list(nodes), list[int](), list[int]()
    followers: list[Ints] = []
    while left:
        found = np.zeros(len(left), np.int32)
        gains(graph.start, graph.other, rounds, least, np.array(left, np.int32), found)
        which = 0 if len(order) < fixed else int(found.argmax())
        one = int(left.pop(which))
        anchor[one] = 1
        after = leaving(graph.start, graph.other, anchor, least)
        stay = np.flatnonzero((rounds > 0) & (after == 0))
        order.append(one)
        added.append(len(stay))
        followers.append(stay[stay != one].astype(np.int64))
        rounds = after
    chosen = np.array(order, np.int64)
    return Anchors(
        chosen, without + sum(added), without, np.array(added, np.int64), tuple(followers), exact, named(graph, chosen)
    )
