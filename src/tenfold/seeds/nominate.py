"""Simple ways to name seeds: what an organiser can do without knowing the whole network, and what a plan has to beat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph

__all__ = ["STRATEGIES", "nominate"]

_RANDOM, _FRIEND = 63, 64  # streams of draws
Draw = Callable[[Graph, int, NDArray[np.bool_], int], NDArray[np.int64]]


def nominate(
    graph: Graph, k: int, *, strategy: str = "friend of random", allowed: NDArray[np.bool_] | None = None, seed: int = 0
) -> NDArray[np.int64]:
    """`k` different people named by a simple strategy, in order; fewer if not so many are allowed.

    Parameters
    ----------
    strategy
        ``"random"``; ``"friend of random"``: a random friend of a random person, who has more friends on average (Cohen,
        Havlin, ben-Avraham 2003, doi:10.1103/PhysRevLett.91.247901); ``"local leaders"``: people with at least as many ties as
        each of their friends, the largest first; ``"top degree"``.
    allowed
        Who may be named, (n); by default everybody.
    seed
        The same seed, the same people.

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


def _at_random(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """People at random, without repeats."""
    return _distinct(lambda tries: _words(seed, _RANDOM, tries, graph.n), k, free)


def _friends(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """Random friends of random people; who has no friend names themselves."""

    def draw(tries: int) -> NDArray[np.int64]:
        asked = _words(seed, _RANDOM, tries, graph.n)
        degree = graph.degree()[asked]
        arc = graph.start[asked] + _words(seed, _FRIEND, tries, 2**32) * degree // 2**32
        return np.where(degree > 0, graph.other[np.minimum(arc, max(graph.arcs - 1, 0))] if graph.arcs else asked, asked).astype(
            np.int64
        )

    return _distinct(draw, k, free)


def _top(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """The most ties first; of equals the lower number."""
    del seed
    return _first(graph.degree(), k, free)


def _leaders(graph: Graph, k: int, free: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """Those who have no friend with more ties, then the rest, the most ties first."""
    del seed
    degree = graph.degree()
    best = np.zeros(graph.n, np.int64)
    filled = np.flatnonzero(degree > 0)
    if len(filled):
        best[filled] = np.maximum.reduceat(degree[graph.other], graph.start[filled])
    leads = (degree >= best) & (degree > 0)
    return _first(degree + leads * (int(degree.max(initial=0)) + 1), k, free)


def _first(value: NDArray[np.int64], k: int, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The `k` largest of those who are free, of equals the lower number."""
    many = min(k, int(free.sum()))
    if many == 0:
        return np.zeros(0, np.int64)
    own = np.where(free, value, -1)
    least = np.partition(own, len(own) - many)[len(own) - many]
    near = np.flatnonzero(own >= max(int(least), 0))
    return near[np.argsort(-own[near], kind="stable")][:many].astype(np.int64)


def _words(seed: int, stream: int, many: int, bound: int) -> NDArray[np.int64]:
    """Whole numbers below `bound`, one for each try."""
    from tenfold.kernels.seeds.reverse_reachable import numbers

    found: NDArray[np.int64] = numbers(seed, stream, 0, many, bound)
    return found


def _distinct(draw: Callable[[int], NDArray[np.int64]], k: int, free: NDArray[np.bool_]) -> NDArray[np.int64]:
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


STRATEGIES: dict[str, Draw] = {"top degree": _top, "local leaders": _leaders, "friend of random": _friends, "random": _at_random}
