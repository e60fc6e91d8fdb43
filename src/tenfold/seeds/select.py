"""The greedy choice on a pool of sets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tenfold.seeds.pool import Pool
from tenfold.seeds.request import Request

__all__ = ["PARTS", "Choice", "Index", "backups", "count_people", "indexed", "optimism", "select"]

ENOUGH = 100_000  # sets by which those who take over are found
PARTS = 2  # of the sets, for two threads and for two halves that judge each other


@dataclass(frozen=True)
class Choice:
    """`nodes` in order, the sets that each `won`, and `bound`: what no choice that is allowed can cover."""

    nodes: NDArray[np.int64]
    won: NDArray[np.int64]
    bound: float


@dataclass(frozen=True)
class Index:
    """The sets of each candidate: `held[start[p, c]:start[p, c + 1]]` of `people[c]` in the part p of the sets; `slot` (n): which
    candidate somebody is, −1 for none."""

    people: NDArray[np.int64]
    slot: NDArray[np.int32]
    start: NDArray[np.int64]
    held: NDArray[np.int32]


def count_people(pool: Pool, count: NDArray[np.int32], low: int = 0) -> int:
    """Add the sets from number `low` on to `count`, (parts, n), set i in part i mod parts; returns where it ended."""
    from tenfold.kernels.seeds.maximum_coverage import tally

    parts = len(count)
    pool.together([partial(tally, pool.people, pool.begin, low + (p - low) % parts, parts, count[p]) for p in range(parts)])
    return pool.size


def indexed(pool: Pool, people: NDArray[np.int64], count: NDArray[np.int32]) -> Index:
    """The sets of these people, each part for itself."""
    from tenfold.kernels.seeds.maximum_coverage import index_sets

    parts = len(count)
    slot = np.full(pool.n, -1, np.int32)
    slot[people] = np.arange(len(people), dtype=np.int32)
    ends = np.cumsum(count[:, people], dtype=np.int64)
    start = np.concatenate([[0], ends])[np.arange(len(people) + 1) + len(people) * np.arange(parts)[:, None]]
    held = np.empty(start[-1, -1], np.int32)
    pool.together([partial(index_sets, pool.people, pool.begin, p, parts, slot, start[p], held) for p in range(parts)])
    return Index(people, slot, start, held)


def select(pool: Pool, request: Request, count: NDArray[np.int32]) -> tuple[Choice, Index]:
    """The greedy choice, and the index that it was made on; only people who are in so many sets that they may be chosen are in it.

    With prices the greedy choice by gain for the price, or the best one person if that covers more (Khuller, Moss, Naor 1999,
    doi:10.1016/S0020-0190(99)00031-9).
    """
    own = np.where(request.allowed, count.sum(axis=0), 0)
    least = 1 if request.price.size else _guess(own, request.k)
    while True:
        own[request.fixed] = np.maximum(own[request.fixed], least)
        index = indexed(pool, np.flatnonzero(own >= least), count)
        chosen, won, bound, gain = _greedy(pool, request, index, index.start, least)
        if least == 1 or (len(chosen) == request.k and (len(chosen) == len(request.fixed) or won[-1] >= least)):
            break
        least = max(1, least // 3)
    nodes = index.people[chosen]
    if request.price.size:
        return _best_priced(pool, request, index, gain, Choice(nodes, won, 0.0)), index
    if len(nodes) < request.k:  # nobody else is in any set
        rest = np.setdiff1d(np.flatnonzero(request.allowed), nodes)
        rest = rest[np.argsort(-request.graph.degree()[rest], kind="stable")][: request.k - len(nodes)]
        nodes, won = np.concatenate([nodes, rest]), np.concatenate([won, np.zeros(len(rest), np.int64)])
    return Choice(nodes, won, float(bound)), index


def _greedy(
    pool: Pool, request: Request, index: Index, start: NDArray[np.int64], least: int
) -> tuple[NDArray[np.int32], NDArray[np.int64], int, NDArray[np.int64]]:
    """Who is chosen on some parts, what each won, the bound, and what each candidate could add still."""
    from tenfold.kernels.seeds.maximum_coverage import choose_most

    price = request.price[index.people] if request.price.size else request.price
    gain = np.empty(len(index.people), np.int64)
    chosen, won = np.empty(request.k, np.int32), np.empty(request.k, np.int64)
    found, bound = choose_most(
        start, index.held, pool.size, index.slot[request.fixed], price, request.budget, request.k, least - 1, gain, chosen, won
    )
    return chosen[:found], won[:found], bound, gain


def optimism(pool: Pool, request: Request, index: Index) -> float:
    """How much better a choice made on one half of the sets looks there than on the other, as a share; the mean of both halves.

    Each half judges both choices, so that its own luck falls out.
    """
    from tenfold.kernels.seeds.maximum_coverage import count_covered

    def half(own: int) -> tuple[int, int]:
        chosen, won, _, _ = _greedy(pool, request, index, index.start[own : own + 1], 1)
        other = 1 - own
        return int(won.sum()), int(count_covered(index.start[other : other + 1], index.held, pool.size, chosen))

    (one, two), (three, four) = pool.together([partial(half, 0), partial(half, 1)])
    return (one + three) / (two + four) - 1 if two + four else math.inf


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
    single = np.where(price <= request.budget, np.diff(index.start).sum(axis=0), -1)
    if not len(request.fixed) and len(single) and single.max() > won.sum():
        best = int(single.argmax())
        nodes, won = index.people[[best]], single[[best]]
    if not len(nodes):  # nobody who can be paid is in any set
        nodes, won = np.array([np.where(request.allowed, request.price, np.inf).argmin()]), np.zeros(1, np.int64)
    return Choice(nodes, won, bound)


def backups(pool: Pool, request: Request, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each seed who covers most of what only this seed covers, −1 for nobody."""
    from tenfold.kernels.seeds.maximum_coverage import stand_ins

    place, found = np.full(pool.n, -1, np.int32), np.full(len(nodes), -1, np.int32)
    place[nodes] = np.arange(len(nodes))
    stand_ins(pool.people, pool.begin[: ENOUGH + 1], place, request.allowed.astype(np.uint8), len(nodes), found)
    return found.astype(np.int64)
