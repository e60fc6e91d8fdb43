"""The greedy choice on a pool of sets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.plan.seeds.pool import Pool
from tenfold.plan.seeds.request import Request

__all__ = ["Choice", "Index", "backups", "count_people", "indexed", "select"]

ENOUGH = 100_000  # sets by which those who take over are found
FEW = 20_000  # people, up to which nobody is left out of the index


@dataclass(frozen=True)
class Choice:
    """`nodes` in order, the sets that each `won`, and `bound`: what no choice that is allowed can cover."""

    nodes: NDArray[np.int64]
    won: NDArray[np.int64]
    bound: float


@dataclass(frozen=True)
class Index:
    """The sets of each candidate: `held[start[c]:start[c + 1]]` of `people[c]`; `slot` (n): which candidate somebody is, −1 for none."""

    people: NDArray[np.int64]
    slot: NDArray[np.int32]
    start: NDArray[np.int64]
    held: NDArray[np.int32]


def count_people(pool: Pool, count: NDArray[np.int32], low: int) -> int:
    """Add the rows of the pool from `low` on to `count` (n); returns where it ended."""
    from tenfold.kernels.cover import tally

    tally(pool.people, low, len(pool.people), count)
    return len(pool.people)


def indexed(pool: Pool, people: NDArray[np.int64], count: NDArray[np.int32]) -> Index:
    """The sets of these people."""
    from tenfold.kernels.cover import index_sets

    slot = np.full(pool.n, -1, np.int32)
    slot[people] = np.arange(len(people), dtype=np.int32)
    start = np.concatenate([[0], np.cumsum(count[people])]).astype(np.int64)
    return Index(people, slot, start, index_sets(pool.people, pool.begin, slot, start))


def select(pool: Pool, request: Request, count: NDArray[np.int32]) -> Choice:
    """The greedy choice; only people who are in so many sets that they may be chosen are indexed.

    With prices the greedy choice by gain for the price, or the best one person if that covers more (Khuller, Moss, Naor 1999,
    doi:10.1016/S0020-0190(99)00031-9).
    """
    from tenfold.kernels.cover import choose_most

    own = np.where(request.allowed, count, 0)
    least = 1 if request.price.size or pool.n <= FEW else _guess(own, request.k)
    while True:
        own[request.fixed] = np.maximum(own[request.fixed], least)
        index = indexed(pool, np.flatnonzero(own >= least), count)
        size = len(index.people)
        price = request.price[index.people] if request.price.size else request.price
        gain, chosen, won = np.empty(size, np.int64), np.empty(request.k, np.int32), np.empty(request.k, np.int64)
        found, bound = choose_most(
            pool.people, pool.begin, index.slot, index.start, index.held, index.slot[request.fixed], price, request.budget, request.k,
            least - 1, gain, chosen, won,
        )  # fmt: skip
        enough = found == request.k and (found == len(request.fixed) or won[found - 1] >= least)
        if least == 1 or enough:
            break
        least = max(1, least // 3)
    nodes, won = index.people[chosen[:found]], won[:found]
    if request.price.size:
        return _best_priced(pool, request, index, gain, Choice(nodes, won, 0.0))
    if found < request.k:  # nobody else is in any set
        rest = np.setdiff1d(np.flatnonzero(request.allowed), nodes)
        rest = rest[np.argsort(-request.graph.degree()[rest], kind="stable")][: request.k - found]
        nodes, won = np.concatenate([nodes, rest]), np.concatenate([won, np.zeros(len(rest), np.int64)])
    return Choice(nodes, won, float(bound))


def _guess(count: NDArray[np.int32], k: int) -> int:
    """In how many sets the last one chosen adds, at a guess: a third of what the k-th most frequent person is in."""
    many = np.bincount(count)
    above = np.cumsum(many[::-1])[::-1]  # people in at least so many sets
    return max(1, (int(np.flatnonzero(above >= k)[-1]) if above[0] >= k else 1) // 3)


def _best_priced(pool: Pool, request: Request, index: Index, gain: NDArray[np.int64], greedy: Choice) -> Choice:
    """The greedy choice or the best one person, with the bound of the fractional knapsack."""
    price = request.price[index.people]
    order = np.argsort(-gain / price, kind="stable")
    spent = np.cumsum(price[order])
    whole = int(np.searchsorted(spent, request.budget, side="right"))
    bound = greedy.won.sum() + gain[order[:whole]].sum()
    if whole < len(order):
        bound += gain[order[whole]] * (request.budget - (spent[whole - 1] if whole else 0.0)) / price[order[whole]]
    bound = min(float(bound), float(pool.size))
    nodes, won = greedy.nodes, greedy.won
    single = np.where(price <= request.budget, np.diff(index.start), -1)
    if not len(request.fixed) and len(single) and single.max() > won.sum():
        best = int(single.argmax())
        nodes, won = index.people[[best]], single[[best]]
    return Choice(nodes, won, bound)


def backups(pool: Pool, request: Request, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each seed who covers most of what only this seed covers, −1 for nobody."""
    from tenfold.kernels.cover import stand_ins

    place, found = np.full(pool.n, -1, np.int32), np.full(len(nodes), -1, np.int32)
    place[nodes] = np.arange(len(nodes))
    stand_ins(pool.people, pool.begin[: ENOUGH + 1], place, request.allowed.astype(np.uint8), len(nodes), found)
    return found.astype(np.int64)
