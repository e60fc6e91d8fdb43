"""Nomination: simple ways to name seeds without knowing the whole network. A choice has to beat them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.kernels.streams import NOMINATED, NOMINATED_FRIEND
from tenfold.networks.graph import Graph

__all__ = ["STRATEGIES", "nominate"]

Strategy = Callable[[Graph, int, NDArray[np.bool_], int], NDArray[np.int64]]


def nominate(
    graph: Graph, k: int, *, strategy: str = "friend of random", allowed: NDArray[np.bool_] | None = None, seed: int = 0
) -> NDArray[np.int64]:
    """`k` different people named by a simple strategy, in order; fewer if not so many are allowed.

    Parameters
    ----------
    graph
        Who has a tie to whom.
    k
        How many, 1 to n.
    strategy
        ``"random"``; ``"friend of random"``: a random friend of a random person, who has more friends on average (Cohen,
        Havlin, ben-Avraham 2003, doi:10.1103/PhysRevLett.91.247901); ``"local leaders"``: people with at least as many ties as
        each of their friends, the largest first; ``"top degree"``.
    allowed
        Who may be named, (n); by default everybody.
    seed
        The same seed gives the same people.

    Examples
    --------
    >>> star = Graph.from_edges([0, 0, 0], [1, 2, 3])
    >>> nominate(star, 1, strategy="top degree").tolist(), nominate(star, 1, strategy="local leaders").tolist()
    ([0], [0])
    """
    checks.whole(k, "k", low=1, high=graph.n)
    if strategy not in STRATEGIES:
        raise SpecError(f"strategy is {strategy!r}; expected one of {', '.join(STRATEGIES)}.")
    free = np.ones(graph.n, np.bool_) if allowed is None else allowed
    return STRATEGIES[strategy](graph, k, free, seed)


def _random_people(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """People at random, without repeats."""
    return _first_distinct(lambda tries: _integers(seed, NOMINATED, tries, graph.n), k, free)


def _friends_of_random(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """Random friends of random people; whoever has no friend is named themselves."""

    def draw(tries: int) -> NDArray[np.int64]:
        asked = _integers(seed, NOMINATED, tries, graph.n)
        degree = graph.degree()[asked]
        arc = graph.start[asked] + _integers(seed, NOMINATED_FRIEND, tries, 2**32) * degree // 2**32
        friend = graph.other[np.minimum(arc, max(graph.arcs - 1, 0))] if graph.arcs else asked
        return np.where(degree > 0, friend, asked).astype(np.int64)

    return _first_distinct(draw, k, free)


def _top_degree(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """The most ties first; of equals the lower number."""
    del seed
    return _largest(graph.degree(), k, free)


def _local_leaders(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """Those who have no friend with more ties, then the rest, the most ties first."""
    del seed
    degree = graph.degree()
    best = np.zeros(graph.n, np.int64)
    filled = np.flatnonzero(degree > 0)
    if len(filled):
        best[filled] = np.maximum.reduceat(degree[graph.other], graph.start[filled])
    leads = (degree >= best) & (degree > 0)
    return _largest(degree + leads * (int(degree.max(initial=0)) + 1), k, free)


def _largest(value: NDArray[np.int64], k: int, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The `k` largest of those who are free, of equals the lower number."""
    many = min(k, int(free.sum()))
    if many == 0:
        return np.zeros(0, np.int64)
    own = np.where(free, value, -1)
    least = np.partition(own, len(own) - many)[len(own) - many]
    near = np.flatnonzero(own >= max(int(least), 0))
    return near[np.argsort(-own[near], kind="stable")][:many].astype(np.int64)


def _integers(seed: int, stream: int, count: int, bound: int) -> NDArray[np.int64]:
    """Random integers below `bound`, (count)."""
    from tenfold.kernels.seeds.random_integers import random_integers

    found: NDArray[np.int64] = random_integers(seed, stream, 0, count, bound)
    return found


def _first_distinct(draw: Callable[[int], NDArray[np.int64]], k: int, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The first `k` different people among those drawn; those who are hardly ever drawn are added in the end by number."""
    tries = 4 * k + 64
    while True:
        drawn = draw(tries)
        drawn = drawn[free[drawn]]
        _, first = np.unique(drawn, return_index=True)
        found = drawn[np.sort(first)][:k]
        if len(found) == k or tries > 8 * len(free):
            if len(found) == k:
                return found
            rest = np.setdiff1d(np.flatnonzero(free), found)
            return np.concatenate([found, rest[: k - len(found)]]).astype(np.int64)
        tries *= 4


STRATEGIES: dict[str, Strategy] = {
    "top degree": _top_degree,
    "local leaders": _local_leaders,
    "friend of random": _friends_of_random,
    "random": _random_people,
}
