"""The most people: reverse-reachable sets until the choice is certified, and until it is good."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.seeds.bounds import at_least, at_most
from tenfold.seeds.nominate import nominate
from tenfold.seeds.pool import SELECTION, VALIDATION, Pool, threads
from tenfold.seeds.request import Request, named
from tenfold.seeds.result import Seeds
from tenfold.seeds.select import PARTS, Choice, backups, count_people, optimism, select
from tenfold.seeds.sketch import sketch

__all__ = ["random_equal", "reach_most"]

RIVALS = ("top degree", "friend of random", "random")
ROOM = 100_000_000  # people in the sets for selection, at most; as many again for validation
SAMPLE = 16_384  # sets on which rivals are tried first, at least
SHORT = 8  # people that a set counts for, at least, where it may be empty and is drawn step by step
PILOT = 32  # sets by which their length is judged
FALL = 0.85  # of the gap, as a power of the number of sets
BEGIN, FEW = 8, 4096
GRID = math.sqrt(2)  # sizes of the pool that are looked at: each is this much larger than the last
FAR = GRID**8  # no step is larger


@dataclass(frozen=True)
class Round:
    """A choice on so many `sets` of a level, judged by so many `tests`: the shares of them that it covers, and bounds of what it and the
    best cover."""

    sets: int
    level: int
    tests: int
    choice: Choice
    own: float
    fresh: float
    low: float
    high: float
    risk: float


def reach_most(request: Request, executor: Executor | None) -> Seeds:
    """OPIM-C (Tang, Tang, Xiao, Yuan 2018, doi:10.1145/3183713.3183749) with tighter bounds, going on until the choice is good.

    On pools of growing size the greedy choice is made on the one and judged on the other; sizes lie on a grid, and the risk of
    each is a part of delta, so that any of them may be skipped.
    """
    ask = sketch(request.model, request.graph, steps=request.steps, capacity=request.capacity, fading=request.fading)
    with threads(executor) as pool:
        selection = Pool(ask, pool, stream=SELECTION, seed=request.seed)
        validation = Pool(ask, pool, stream=VALIDATION, seed=request.seed)
        last, full = _rounds(request, selection, validation)
        return _judged(request, selection, validation, last, full)


def _first_size(request: Request) -> int:
    """How many sets to begin with: as OPIM-C, but a few rounds later, as its first ones never end it."""
    n, k, part = request.graph.n, request.k, 1 - 1 / math.e
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    risk = math.log(6 / request.chance)
    least = 2 * (part * math.sqrt(risk) + math.sqrt(part * (ways + risk))) ** 2
    return max(64, math.ceil(BEGIN * least)) if request.quality is None else max(FEW, math.ceil(2 * BEGIN * least))


def _rounds(request: Request, selection: Pool, validation: Pool) -> tuple[Round, bool]:
    """Rounds until the choice is good and certified; the last one, and whether it ended for want of room."""
    goal, first = 1 - 1 / math.e - request.epsilon, _first_size(request)
    selection.grow(PILOT)
    level = min(0, math.floor(math.log(ROOM / 8 / (first * max(selection.begin[-1] / PILOT, 1.0))) / math.log(GRID)))
    count, counted, before = np.zeros((PARTS, request.graph.n), np.int32), 0, level - 1
    while True:
        # through all sizes up to this one, so that the sets do not depend on which of them were looked at
        sizes = [max(PILOT, math.ceil(first * GRID**one)) for one in range(before + 1, level + 1)]
        selection.grow(*sizes)
        size, before = sizes[-1], level
        counted = count_people(selection, count, counted)
        choice, index = select(selection, request, count)
        room = max(selection.begin[-1], size if selection.rooted else SHORT * size)
        most = math.floor(math.log(ROOM / room) / math.log(GRID))
        full = most < 1
        wanted = 1.0 if request.quality is None else optimism(selection, request, index) / request.quality
        if (good := wanted <= 1) or full:
            now = _round(size, choice, validation, request, level)
            wanted = _to_certify(now, request, goal, len(choice.nodes) if selection.rooted else 0)
            if wanted <= 1 or full:
                return now, not good or wanted > 1
        level += min(max(1, round(math.log(min(wanted, FAR)) / math.log(GRID))), most)


def _risk(request: Request, level: int) -> float:
    """The part of delta that a level has; all parts add up to it."""
    return request.chance / (1.5 * (abs(level) + 1) * (abs(level) + 2))


def _round(size: int, choice: Choice, validation: Pool, request: Request, level: int) -> Round:
    """A choice on so many sets, judged."""
    risk = _risk(request, level)
    tests = max(64, 3 * size // 4 if request.quality is None else size // 4)  # what decides: both bounds, or the choice
    validation.grow(tests)
    hits = int(validation.in_order(choice.nodes).sum())
    own, low = int(choice.won.sum()) / size, at_least(hits, tests, risk / 4)
    return Round(size, level, tests, choice, own, hits / tests, low, at_most(choice.bound, size, risk / 2), risk)


def _to_certify(now: Round, request: Request, goal: float, themselves: int) -> float:
    """How many times as many sets would certify the choice, at a guess; at most 1 if these do. `themselves`: surely reached."""
    n = request.graph.n
    low, high = max(now.low * n, themselves), max(now.high * n, themselves)
    if low >= goal * high:
        return 1.0
    true = now.fresh + (now.own - now.fresh) / 3  # about here both shares are going
    for power in range(1, 17):
        factor, size = GRID**power, now.sets * GRID**power
        left = factor**-FALL
        fresh = true + (now.fresh - true) * left
        bound = now.choice.bound / now.sets * (true + (now.own - true) * left) / max(now.own, 1e-12)
        tests, risk = size * now.tests / now.sets, _risk(request, now.level + power)
        if at_least(fresh * tests, tests, risk / 4) >= goal * at_most(bound * size, size, risk / 2):
            return factor
    return FAR


def _judged(request: Request, selection: Pool, validation: Pool, last: Round, full: bool) -> Seeds:
    """The best of the greedy choice and the rivals, on the same fresh draws."""
    n, risk, size = request.graph.n, last.risk, validation.size
    fixed, nodes, method, reach, low = request.fixed, last.choice.nodes, "greedy", last.fresh, last.low
    rows = [("greedy", reach * n, low * n, at_most(reach * size, size, risk / 4) * n)]
    if not request.price.size and len(fixed) < request.k < n:
        free, few = request.allowed.copy(), min(end for end in validation.ends if end >= min(size, SAMPLE))
        free[fixed] = False
        mine = int(validation.in_order(nodes, few).sum())
        for name in RIVALS:
            people = nominate(request.graph, request.k - len(fixed), strategy=name, allowed=free, seed=request.seed)
            people = np.concatenate([fixed, people])
            sets, hits = few, int(validation.in_order(people, few).sum())
            if few < size and hits + 4 * math.sqrt(mine) > mine:
                sets, hits = size, int(validation.in_order(people).sum())
            least = at_least(hits, sets, risk / 12)
            rows.append((name, hits / sets * n, least * n, at_most(hits, sets, risk / 12) * n))
            if sets == size and hits / size > reach:
                nodes, method, reach, low = people, name, hits / size, least
    themselves = len(nodes) if selection.rooted else 0
    goal, high = 1 - 1 / math.e - request.epsilon, max(last.high * n, themselves)
    low = min(max(low * n, themselves), high)
    won = last.choice.won if method == "greedy" else selection.in_order(nodes)
    expected = max(reach * n, themselves)
    stand = backups(selection, request, nodes)
    certified = low >= goal * high
    sure = f"with probability {1 - request.chance:.6g}, at least {low / high:.3f} of what any allowed choice reaches"
    notes = () if not full else (f"ended at {last.sets} sets for want of memory, before it was as sure or as good as was asked",)
    return Seeds(
        nodes, expected, low, high, _scaled(won, expected), named(request.graph, nodes), selection.size + size, "reach",
        method, certified, sure, random_equal(selection, expected / n),
        pl.DataFrame(rows, schema=["method", "reach", "low", "high"], orient="row"),
        backups=stand, backup_labels=named(request.graph, stand), notes=notes,
    )  # fmt: skip


def _scaled(won: NDArray[np.int64], reach: float) -> NDArray[np.float64]:
    """What each added where the choice was made, so that it sums to the reach."""
    return won * (reach / won.sum()) if won.sum() > 0 else np.full(len(won), reach / max(len(won), 1))


def random_equal(pool: Pool, share: float) -> int | None:
    """How many people drawn at random reach this share, by the sizes of the sets; None if not even everybody does."""
    sizes = np.bincount(np.diff(pool.begin))
    kinds = np.flatnonzero(sizes)
    weight, miss = sizes[kinds] / sizes.sum(), np.log1p(-np.minimum(kinds / pool.n, 1 - 1e-12))
    low, high = 0, pool.n
    if not 0 < share <= weight[kinds > 0].sum():
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if (weight * -np.expm1(middle * miss)).sum() >= share:
            high = middle
        else:
            low = middle
    return high
