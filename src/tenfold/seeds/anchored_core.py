"""The objective "kept", anchored k-core: the few whose staying keeps the most people, where those with too few ties leave."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from tenfold import checks
from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.labels import Positions, label_text, node_numbers
from tenfold.seeds.labels import labels_of

if TYPE_CHECKING:
    from tenfold.kernels.seeds.anchored_core import Component

__all__ = ["Anchors", "choose_anchors"]

Ints = NDArray[np.int64]
EXACT = 3e7
"""Steps that trying all sets may take; beyond them the choice is greedy."""


@dataclass(frozen=True)
class Anchors:
    """Anchors of a k-core: who should stay whatever happens, and how many people stay because of them.

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

    @property
    def positions(self) -> Positions:
        """The anchors as `Positions`; wherever people are asked for, the `Anchors` themselves can be given."""
        return Positions(self.nodes)

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
        People who must not be, or have to be, among the anchors: labels of the network, positions where it has none, or `Positions`.

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
    from tenfold.kernels.seeds.anchored_core import departure_rounds

    if graph.directed:
        raise SpecError("graph is directed; anchors are chosen where ties are mutual. Build it with directed=False.")
    checks.whole(budget, "budget", low=1, high=max(graph.n, 1))
    checks.whole(least, "least", low=1)
    first = node_numbers(graph, () if required is None else required, "required")
    out = node_numbers(graph, () if excluded is None else excluded, "excluded")
    if both := np.intersect1d(first, out).tolist():
        raise PlanError(f"person {label_text(graph, int(both[0]))} is required and excluded; expected one of the two.")
    if len(first) > budget:
        raise PlanError(f"required names {len(first)} people, and the budget is {budget} anchors; expected at most as many.")
    if len(out) == graph.n:
        raise PlanError("excluded names everybody; nobody is left to choose. Exclude fewer.")
    graph = graph.simple()
    anchor = np.zeros(graph.n, np.uint8)
    kept_without = int((departure_rounds(graph.start, graph.other, anchor, least) == 0).sum())
    anchor[first] = 1
    rounds = departure_rounds(graph.start, graph.other, anchor, least)
    free = rounds > 0
    free[out] = False
    best = _exhaustive(graph, rounds, free, budget - len(first), least)
    nodes = _greedy(graph, anchor, free, budget - len(first), least) if best is None else best
    found = _in_order(graph, np.concatenate([first, nodes]), len(first), least)
    return replace(found, kept=kept_without + int(found.gains.sum()), kept_without=kept_without, exact=best is not None)


def _greedy(graph: Graph, anchor: NDArray[np.uint8], free: NDArray[np.bool_], budget: int, least: int) -> Ints:
    """One after the other, the one who keeps the most beside those before; among equals, who is tied to more people who nearly stay.

    `anchor` (n): 1 for those who are anchors already; `free` (n): who may be one.
    """
    from tenfold.kernels.seeds.anchored_core import anchor_gains, departure_rounds

    anchor, chosen = anchor.copy(), []
    ends = np.repeat(np.arange(graph.n), graph.degree())
    for _ in range(budget):
        rounds = departure_rounds(graph.start, graph.other, anchor, least)
        candidates = np.flatnonzero(free & (rounds > 0)).astype(np.int32)
        if not candidates.size:
            break
        gain = np.zeros(candidates.size, np.int32)
        anchor_gains(graph.start, graph.other, rounds, least, candidates, gain)
        stays = np.bincount(ends, weights=rounds[graph.other] == 0, minlength=graph.n)
        short = np.where(rounds > 0, 1 / np.maximum(least - stays, 1), 0.0)
        near = np.bincount(ends, weights=short[graph.other], minlength=graph.n)[candidates]
        one = int(candidates[np.lexsort((candidates, -near, -gain))[0]])
        anchor[one] = 1
        chosen.append(one)
    return np.array(chosen, np.int64)


def _exhaustive(graph: Graph, rounds: NDArray[np.int32], free: NDArray[np.bool_], budget: int, least: int) -> Ints | None:
    """The best anchors: all sets of each component that leaves are tried, and the budget is shared out among the components.

    The components do not touch each other, so their gains add up (dynamic programming over the budget). None: there are too many to try.
    """
    from tenfold.kernels.seeds.anchored_core import AnchorSets, best_anchor_sets

    work = 0.0
    searches = []
    for component, people in _components(graph, rounds):
        allowed = np.flatnonzero(free[people]).astype(np.int32)
        most = min(budget, len(allowed))
        work += sum(math.comb(len(allowed), size) for size in range(1, most + 1)) * (len(people) + len(component.other))
        if work > EXACT:
            return None
        searches.append((component, people, allowed, most))
    value, choice = np.zeros(budget + 1, np.int64), [np.zeros(0, np.int64)] * (budget + 1)
    for component, people, allowed, most in searches:
        if not most:
            continue
        kept, sets = np.zeros(most + 1, np.int64), np.zeros((most + 1, most), np.int32)
        best_anchor_sets(component, allowed, least, AnchorSets(kept, sets))
        for total in range(budget, 0, -1):
            size = max(range(min(most, total) + 1), key=lambda one: (kept[one] + value[total - one], -one))
            if size:
                value[total] = kept[size] + value[total - size]
                choice[total] = np.concatenate([choice[total - size], people[sets[size, :size]]])
    return choice[budget]


def _components(graph: Graph, rounds: NDArray[np.int32]) -> Iterator[tuple[Component, Ints]]:
    """The connected components of those who leave, and the people of each."""
    from tenfold.kernels.seeds.anchored_core import Component

    leavers = np.flatnonzero(rounds > 0)
    if not leavers.size:
        return
    matrix = sparse.csr_array((np.ones(graph.arcs, np.int8), graph.other, graph.start), shape=(graph.n, graph.n))
    among = matrix[leavers][:, leavers]
    support = graph.degree()[leavers] - np.diff(among.indptr)
    _, part = csgraph.connected_components(among, directed=False)
    order = np.argsort(part, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        small = among[rows][:, rows]
        component = Component(small.indptr.astype(np.int64), small.indices.astype(np.int32), support[rows].astype(np.int32))
        yield component, leavers[rows].astype(np.int64)


def _in_order(graph: Graph, nodes: Ints, required: int, least: int) -> Anchors:
    """The anchors in the order of what they add, after the first `required` of them, and whom each keeps."""
    from tenfold.kernels.seeds.anchored_core import anchor_gains, departure_rounds

    anchor = np.zeros(graph.n, np.uint8)
    rounds = departure_rounds(graph.start, graph.other, anchor, least)
    rest, order, gains = list(nodes), list[int](), list[int]()
    followers: list[Ints] = []
    while rest:
        gain = np.zeros(len(rest), np.int32)
        anchor_gains(graph.start, graph.other, rounds, least, np.array(rest, np.int32), gain)
        which = 0 if len(order) < required else int(gain.argmax())
        one = int(rest.pop(which))
        anchor[one] = 1
        after = departure_rounds(graph.start, graph.other, anchor, least)
        stay = np.flatnonzero((rounds > 0) & (after == 0))
        order.append(one)
        gains.append(len(stay))
        followers.append(stay[stay != one].astype(np.int64))
        rounds = after
    chosen = np.array(order, np.int64)
    return Anchors(chosen, 0, 0, np.array(gains, np.int64), tuple(followers), False, labels_of(graph, chosen))
