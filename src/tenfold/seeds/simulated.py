"""Any model of the engine: gains by simulation on the same luck. Nothing is guaranteed."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.seeds.nominate import nominate
from tenfold.seeds.request import Divided, Request, named
from tenfold.seeds.result import Reach, Seeds
from tenfold.seeds.sketch import STEPS
from tenfold.spread.model import Model

__all__ = ["by_simulation", "simulated_reach"]

CANDIDATES = 200  # people whose gains are simulated, at most: the most connected, and friends of random people
Floats = NDArray[np.float64]


class Trials:
    """Runs of a model from any seeds, always on the same luck. `state`: where seeds begin; `counted`: the states that count at the end."""

    def __init__(
        self, graph: Graph, model: Model, parts: Divided | None, steps: int | None, counted: Sequence[str] | None, replicates: int,
        seed: int, executor: Executor | None,
    ) -> None:  # fmt: skip
        self.graph, self.model, self.parts, self.steps = graph, model, parts, steps or STEPS
        self.replicates, self.seed, self.executor = replicates, seed, executor
        via = [str(one) for rule in model.rules if (one := getattr(rule, "via", None))]
        if not via:
            raise SpecError(
                f"model {model.name}: nobody passes anything on, so that seeds have no reach; expected a rule with via."
            )
        self.state = via[0]
        if self.state == model.states[0]:
            others = [one for one in via if one != model.states[0]]
            self.state = others[0] if others else model.states[0]
        returns = any(rule.target == model.states[0] for rule in model.rules)
        ended = [self.state] if returns or self.state == model.states[0] else list(model.states[1:])
        self.counted = list(counted) if counted is not None else ended
        if unknown := [one for one in self.counted if one not in model.states]:
            raise SpecError(
                f"counted names '{unknown[0]}', no state of the model {model.name}; expected some of {', '.join(model.states)}."
            )

    def run(self, nodes: NDArray[np.int64]) -> Floats:
        """People who count at the end, (replicates), or, with groups, shares of them, (replicates, groups)."""
        from tenfold.spread.simulate import simulate

        start = {self.state: nodes.tolist()}
        keep = () if self.parts is None else ("final",)
        found = simulate(
            self.model, self.graph, steps=self.steps, start=start, replicates=self.replicates, seed=self.seed, keep=keep,
            executor=self.executor,
        )  # fmt: skip
        which = [self.model.states.index(one) for one in self.counted]
        if self.parts is None or found.final is None:
            total: Floats = found.counts[:, -1, which].sum(axis=1).astype(float)
            return total
        there = np.isin(found.final, which)
        return np.stack([there[:, self.parts.of(group)].mean(axis=1) for group in range(len(self.parts.names))], axis=1)


def simulated_reach(
    graph: Graph, nodes: NDArray[np.int64], model: Model, parts: Divided | None, risk: float, runs: int, steps: int | None,
    counted: Sequence[str] | None, seed: int, executor: Executor | None, about: dict[str, Any],
) -> Reach:  # fmt: skip
    """The mean over runs, with Student's interval."""
    found = Trials(graph, model, None, steps, counted, runs, seed, executor).run(nodes)
    mean, low, high = _interval(found, risk)
    frame = pl.DataFrame()
    if parts is not None:
        shares = Trials(graph, model, parts, steps, counted, runs, seed, executor).run(nodes)
        rows = [
            (name, size, *_interval(shares[:, k], risk))
            for k, (name, size) in enumerate(zip(parts.names, parts.sizes, strict=True))
        ]
        frame = pl.DataFrame(rows, schema=["group", "people", "share", "low", "high"], orient="row")
    return Reach(mean, low, high, 1 - risk, "simulation", runs, frame, about)


def _interval(values: Floats, risk: float) -> tuple[float, float, float]:
    """Mean, and Student's interval."""
    from scipy.special import stdtrit

    wide = float(stdtrit(len(values) - 1, 1 - risk / 2)) * float(values.std(ddof=1)) / len(values) ** 0.5
    mean = float(values.mean())
    return mean, mean - wide, mean + wide


def by_simulation(
    request: Request, objective: str, parts: Divided | None, target: float, replicates: int, counted: Sequence[str] | None,
    why: str, executor: Executor | None,
) -> Seeds:  # fmt: skip
    """Lazy greedy (Leskovec et al. 2007, doi:10.1145/1281192.1281239) on simulated gains."""
    for name in ("capacity", "fading"):
        if getattr(request, name) is not None:
            raise SpecError(f"{name} is given, and {why}; {name} has no simulation, leave it out.")
    trials = Trials(request.graph, request.model, parts, request.steps, counted, replicates, request.seed, executor)

    def worth(nodes: NDArray[np.int64]) -> float:
        found = trials.run(nodes)
        if objective == "reach":
            return float(found.mean())
        share = found.mean(axis=0)
        return float(np.minimum(share, target).sum() if objective == "everyone" else share.min() + 1e-3 * share.mean())

    nodes, gains = _lazy(request, worth, 0.0 if objective != "everyone" or parts is None else target * len(parts.names))
    fresh = Trials(
        request.graph, request.model, None, request.steps, counted, max(replicates, 200), (request.seed + 1) % 2**32, executor
    )
    reach, low, high = _interval(fresh.run(nodes), 0.05)
    frame, worst = pl.DataFrame(), None
    if parts is not None:
        shares = Trials(
            request.graph, request.model, parts, request.steps, counted, max(replicates, 200), fresh.seed, executor
        ).run(nodes)
        rows = [
            (name, size, int(np.isin(parts.of(k), nodes).sum()), *_interval(shares[:, k], 0.05))
            for k, (name, size) in enumerate(zip(parts.names, parts.sizes, strict=True))
        ]
        frame = pl.DataFrame(rows, schema=["group", "people", "seeds", "share", "low", "high"], orient="row")
        worst = float(shares.mean(axis=0).min())
        if objective == "everyone" and worst < target - 0.05:
            behind = frame.row(int(np.argmin(shares.mean(axis=0))), named=True)
            raise PlanError(
                f"target {target:.6g} is not met with {len(nodes)} seeds: group '{behind['group']}' has "
                f"{behind['share']:.3f} in simulation. Allow more, or lower the target."
            )
    scale = reach / gains.sum() if objective == "reach" and gains.sum() > 0 else 1.0
    added = gains * scale if objective == "reach" else np.full(len(nodes), reach / len(nodes))
    looked = min(CANDIDATES, int(request.allowed.sum()))
    notes = (
        f"{why}: no guarantee",
        f"{looked} candidates were tried; reach counts people in {', '.join(trials.counted)} after {trials.steps} steps",
    )
    return Seeds(
        nodes, reach, low, high, added, named(request.graph, nodes), replicates, method="simulated greedy",
        guarantee="none: gains are simulated", groups=frame, worst=worst, notes=notes,
    )  # fmt: skip


def _lazy(request: Request, worth: Any, enough: float) -> tuple[NDArray[np.int64], Floats]:
    """Old gains are taken as bounds, which holds for models with falling returns; ends when `enough` (above 0) is reached."""
    nodes, gains, spent, now = list(request.fixed), [], 0.0, 0.0
    for k in range(1, len(nodes) + 1):
        value = worth(np.array(nodes[:k]))
        gains.append(value - now)
        now = value
    if request.price.size:
        spent = float(request.price[request.fixed].sum())
    pool = _candidates(request)
    heap = [(-np.inf, int(i), -1) for i in pool if i not in set(nodes)]
    heapq.heapify(heap)
    while heap and len(nodes) < request.k and not 0 < enough <= now + 1e-9:
        bound, i, when = heapq.heappop(heap)
        price = float(request.price[i]) if request.price.size else 1.0
        if request.price.size and spent + price > request.budget:
            continue
        if when == len(nodes):
            nodes.append(i)
            gains.append(-bound * price)
            now, spent = now - bound * price, spent + price
            continue
        value = (worth(np.array([*nodes, i])) - now) / price
        heapq.heappush(heap, (-value, i, len(nodes)))
    return np.array(nodes, np.int64), np.array(gains)


def _candidates(request: Request) -> NDArray[np.int64]:
    """Everybody who is allowed, or, of many, the most connected and friends of random people, half and half."""
    allowed = np.flatnonzero(request.allowed)
    most = max(CANDIDATES, 2 * request.k)
    if len(allowed) <= most:
        return allowed
    top = nominate(request.graph, most // 2, strategy="top degree", allowed=request.allowed, seed=request.seed)
    left = request.allowed.copy()
    left[top] = False
    friends = nominate(request.graph, most // 2, strategy="friend of random", allowed=left, seed=request.seed)
    return np.concatenate([top, friends])
