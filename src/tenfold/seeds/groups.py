"""No group left out: the fewest seeds that reach a share of each group, or those that reach most of the worst-off one."""

from __future__ import annotations

import math
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import PlanError
from tenfold.seeds.bounds import at_least, at_most
from tenfold.seeds.pool import OVERALL, SELECTION, VALIDATION, Pool, Strata, threads
from tenfold.seeds.request import Divided, Request, named
from tenfold.seeds.result import Seeds
from tenfold.seeds.select import Index, backups, count_people, indexed
from tenfold.seeds.sketch import sketch

__all__ = ["reach_everyone", "reach_worst", "reached_by", "unreachable"]

Floats = NDArray[np.float64]
TOTAL, LEAST = 4_000_000, 64  # sets of all groups together, at most; sets of each group, at least
ROUNDS, TURNS, HALVINGS = 10, 24, 14
PILOT, ROOM = 16, 60_000_000  # sets of each group by which their length is judged; people in all sets, at most
IN_ALL = 40_000  # sets for the reach in people


@dataclass(frozen=True)
class Table:
    """The pool for selection with its index of allowed people."""

    request: Request
    strata: Strata
    index: Index

    def choose(self, value: Floats, wanted: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], float]:
        """The greedy choice, and what `most` could not exceed in all."""
        from tenfold.kernels.seeds.maximum_coverage import choose_short

        size, request = len(self.index.people), self.request
        price = request.price[self.index.people] if request.price.size else request.price
        chosen, won, upper = np.empty(most, np.int32), np.empty(most), np.empty(size)
        found = choose_short(
            self.index.start[0], self.index.held, self.strata.group, value, wanted, self.index.slot[request.fixed], price,
            request.budget, most, chosen, won, upper,
        )  # fmt: skip
        left = max(0, most - len(request.fixed))
        best = np.sort(upper)[::-1][:left].sum() if not price.size else np.inf
        return self.index.people[chosen[:found]], float(won[:found].sum() + best)

    def shares(self, nodes: NDArray[np.int64]) -> Floats:
        """The share of each group that is covered here."""
        found: Floats = self.strata.covered(nodes) / self.strata.each
        return found


def _table(request: Request, parts: Divided, executor: Executor) -> tuple[Table, Strata]:
    """A pool to choose on and one to judge on."""
    ask = sketch(request.model, request.graph, steps=request.steps, capacity=request.capacity, fading=request.fading)
    each = math.ceil((request.quality or 0.01) ** -2)
    each = max(LEAST, min(each, TOTAL // len(parts.names)))
    pools = [Strata(ask, executor, parts, stream=stream, seed=request.seed) for stream in (SELECTION, VALIDATION)]
    pools[0].grow(PILOT)
    length = max(1.0, len(pools[0].pool.people) / pools[0].pool.size)
    each = max(PILOT, min(each, int(ROOM / (length * len(parts.names)))))
    for one in pools:
        one.grow(each)
    pool = pools[0].pool
    count = np.zeros((1, pool.n), np.int32)
    count_people(pool, count)
    asked = request.allowed & (count[0] > 0)
    asked[request.fixed] = True
    return Table(request, pools[0], indexed(pool, np.flatnonzero(asked), count)), pools[1]


def reach_everyone(request: Request, parts: Divided, target: float, executor: Executor | None) -> Seeds:
    """The fewest seeds so that each group is reached to the share `target`: truncated coverage (Wolsey 1982, doi:10.1007/BF02579435).

    What is asked of a group where the choice is made rises until its lower bound on fresh draws is enough.
    """
    many = len(parts.names)
    with threads(executor) as pool:
        table, fresh = _table(request, parts, pool)
        _attainable(request, parts, target, fresh)
        each, inner, risk = fresh.each, np.full(many, target), request.chance / (2 * many * ROUNDS)
        value = np.full(many, 1.0 / each)
        for _ in range(ROUNDS):
            wanted = np.minimum(np.ceil(inner * each), each).astype(np.int64)
            nodes, _ = table.choose(value, wanted, request.k)
            hits = fresh.covered(nodes)
            low = np.array([at_least(int(one), each, risk) for one in hits])
            short = (low < target) & ~((hits == each) & (target > 1 - 2 * (1 - at_least(each, each, risk))))
            if not short.any() or len(nodes) >= request.k:
                break
            inner = np.where(short, np.minimum(inner + np.maximum(target - low, 1 / each), 1.0), inner)
        worst = int(np.argmin(low))
        notes: tuple[str, ...] = ()
        if short.any():
            here = f"group '{parts.names[worst]}': {hits[worst] / each:.3f} is reached, at least {low[worst]:.3f}"
            if len(nodes) >= request.k and (hits < target * each).any():
                raise PlanError(
                    f"target {target:.6g} is not met with {len(nodes)} seeds; {here}. Allow more, or lower the target."
                )
            notes = (
                f"the target {target:.6g} is met on average but not surely; {here}. Choose a smaller quality for more draws.",
            )
        sure = f"with probability {1 - request.chance:.6g} at least {low.min():.3f} of each group is reached"
        return _result(request, parts, table, fresh, nodes, risk, sure, notes, (None, not short.any()))


def reach_worst(request: Request, parts: Divided, executor: Executor | None) -> Seeds:
    """`k` seeds so that the smallest share of a group is largest.

    Weights of groups that are behind rise (multiplicative weights; Udwani 2018, arXiv:1804.01902), and the largest share that
    truncated coverage gives to all is looked for by halving (Krause, McMahan, Guestrin, Gupta 2008); each weighting also
    bounds what any choice can reach.
    """
    many = len(parts.names)
    with threads(executor) as pool:
        table, fresh = _table(request, parts, pool)
        each, risk = fresh.each, request.chance / (2 * many)
        choices, weight, high = [], np.full(many, 1 / many), 1.0
        spread = math.sqrt(math.log(1 / risk) / (2 * each))  # of the best choice's share in any group, so for all weights at once
        for _ in range(TURNS):
            nodes, most = table.choose(weight / each, np.full(many, each, np.int64), request.k)
            high = min(high, most + spread)
            choices.append(nodes)
            share = table.shares(nodes)
            weight = weight * np.exp(-3.0 * (share - share.min()) / max(float(share.max() - share.min()), 1e-9))
            weight = np.maximum(weight / weight.sum(), 1e-6 / many)
            weight /= weight.sum()
        bottom, top = 0.0, min(1.0, high)
        for _ in range(HALVINGS):
            middle = (bottom + top) / 2
            nodes, _ = table.choose(np.full(many, 1 / each), np.full(many, math.ceil(middle * each), np.int64), request.k)
            choices.append(nodes)
            if table.shares(nodes).min() >= middle:
                bottom = middle
            else:
                top = middle
        best = max(choices, key=lambda one: (table.shares(one).min(), table.shares(one).sum()))
        best = _filled(request, table, best)
        low = min(at_least(int(one), each, risk) for one in fresh.covered(best))
        sure = f"with probability {1 - request.chance:.6g} at least {low:.3f} of each group is reached"
        sure += f", and no choice reaches more than {high:.3f} of each"
        return _result(request, parts, table, fresh, best, risk, sure, (), (high, False))


def _filled(request: Request, table: Table, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """With seeds to spare, those who add most to the group that is worst off, one after the other."""
    many, each = len(table.strata.parts.names), table.strata.each
    while len(nodes) < request.k and not request.price.size:
        share = table.shares(nodes)
        wanted = np.where(share <= share.min() + 1e-12, each, np.floor(share * each)).astype(np.int64)
        asked = Request(**{**request.__dict__, "fixed": nodes})
        grown, _ = Table(asked, table.strata, table.index).choose(np.full(many, 1 / each), wanted, min(request.k, len(nodes) + 1))
        if len(grown) == len(nodes):
            rest = np.setdiff1d(np.flatnonzero(request.allowed), nodes)
            return np.concatenate([nodes, rest[: request.k - len(nodes)]])
        nodes = grown
    return nodes


def reached_by(request: Request, people: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Who can be reached by some of these people at all."""
    from tenfold.kernels.seeds.reverse_reachable import walk

    seen = np.zeros(request.graph.n, np.uint8)
    walk(request.graph.start, request.graph.other, people.astype(np.int32), seen)
    return seen.astype(np.bool_)


def unreachable(request: Request, nodes: NDArray[np.int64]) -> pl.DataFrame:
    """`person` and `why`: those to whom no path leads from the seeds."""
    out = np.flatnonzero(~reached_by(request, nodes))
    could, ties = reached_by(request, np.flatnonzero(request.allowed)), request.graph.in_degree()
    why = [
        "no seed is in their part of the network" if could[i] else "excluded, and nobody leads to them" if ties[i] == 0
        else "only excluded people can reach them"
        for i in out
    ]  # fmt: skip
    return pl.DataFrame(
        {"person": [request.label(int(i)) for i in out], "why": why}, schema={"person": pl.String, "why": pl.String}
    )


def _attainable(request: Request, parts: Divided, target: float, fresh: Strata) -> None:
    """Whether the target can be met if all who are allowed are seeds; names those whom nobody can reach."""
    if request.allowed.all() and fresh.pool.rooted:
        return
    hits = fresh.covered(np.flatnonzero(request.allowed))
    could = reached_by(request, np.flatnonzero(request.allowed))
    for group, name in enumerate(parts.names):
        people = parts.of(group)
        lost = people[~could[people]]
        if len(people) - len(lost) < target * len(people):
            raise PlanError(
                f"target {target:.6g} cannot be met in group '{name}': {len(lost)} of {len(people)} people cannot be reached "
                f"by anybody allowed ({request.names(lost.astype(np.int64))}). Exclude fewer, or lower the target."
            )
        if at_most(int(hits[group]), fresh.each, request.chance / len(parts.names)) < target:
            raise PlanError(
                f"target {target:.6g} cannot be met in group '{name}': with all allowed people as seeds "
                f"{hits[group] / fresh.each:.3f} is reached. {'Lower' if request.allowed.all() else 'Exclude fewer, or lower'} the target."
            )


def _result(
    request: Request, parts: Divided, table: Table, fresh: Strata, nodes: NDArray[np.int64], risk: float, sure: str,
    notes: tuple[str, ...], found: tuple[float | None, bool],
) -> Seeds:  # fmt: skip
    """Shares of groups on fresh draws, and the reach in people."""
    n, each, hits = request.graph.n, fresh.each, fresh.covered(nodes)
    general = Pool(fresh.pool.ask, fresh.pool.executor, stream=OVERALL, seed=request.seed)
    general.grow(IN_ALL)
    won = general.in_order(nodes)
    themselves = len(nodes) if general.rooted else 0
    reach = max(won.sum() / IN_ALL * n, float(themselves))
    inside = np.zeros(n, np.bool_)
    inside[nodes] = True
    low = [at_least(int(one), each, risk) for one in hits]
    frame = pl.DataFrame(
        {
            "group": parts.names,
            "people": parts.sizes,
            "seeds": [int(inside[parts.of(group)].sum()) for group in range(len(parts.names))],
            "share": hits / each,
            "low": low,
            "high": [at_most(int(one), each, risk) for one in hits],
        }
    )
    stand = backups(table.strata.pool, request, nodes)
    gains = won * (reach / won.sum()) if won.sum() else np.full(len(nodes), reach / max(len(nodes), 1))
    return Seeds(
        nodes, reach, max(at_least(int(won.sum()), IN_ALL, request.chance / 2) * n, themselves),
        max(at_most(int(won.sum()), IN_ALL, request.chance / 2) * n, themselves), gains, named(request.graph, nodes),
        table.strata.pool.size + fresh.pool.size + IN_ALL, certified=found[1], guarantee=sure, groups=frame,
        worst=float((hits / each).min()), worst_low=min(low), worst_high=found[0],
        unreachable=unreachable(request, nodes), backups=stand, backup_labels=named(request.graph, stand), notes=notes,
    )  # fmt: skip
