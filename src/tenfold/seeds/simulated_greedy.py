"""Seeds and their reach for any model of the engine: gains are simulated on common random numbers. Nothing is guaranteed."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import PlanError, SpecError
from tenfold.networks.labels import Positions
from tenfold.seeds.diffusion import STEPS, Diffusion
from tenfold.seeds.group_members import GroupMembers
from tenfold.seeds.labels import labels_of
from tenfold.seeds.nomination import nominate
from tenfold.seeds.problem import Objective, SeedLimits, SeedProblem
from tenfold.seeds.result import Reach, Seeds

__all__ = ["choose_by_simulation", "refuse_unsimulated", "simulated_reach"]

CANDIDATES = 200  # people whose gains are simulated, at most: the most connected, and friends of random people
FRESH_RUNS = 200  # by which the result is judged, at least
Floats = NDArray[np.float64]


class Trials:
    """Runs of a diffusion from any seeds, always on the same random numbers.

    `state`: where seeds begin. `counted`: the states whose people count at the end, after `steps`.
    """

    def __init__(
        self, diffusion: Diffusion, groups: GroupMembers | None, runs: int, seed: int, executor: Executor | None
    ) -> None:
        self.diffusion, self.groups, self.steps = diffusion, groups, diffusion.steps or STEPS
        self.runs, self.seed, self.executor = runs, seed, executor
        model, counted = diffusion.model, diffusion.counted
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
        """People who count at the end, (runs), or, with groups, shares of them, (runs, groups)."""
        from tenfold.spread.simulate import simulate

        model, groups = self.diffusion.model, self.groups
        found = simulate(
            model,
            self.diffusion.graph,
            steps=self.steps,
            start={self.state: Positions(nodes)},
            replicates=self.runs,
            seed=self.seed,
            keep=() if groups is None else ("final",),
            executor=self.executor,
        )
        states = [model.states.index(one) for one in self.counted]
        if groups is None or found.final is None:
            total: Floats = found.counts[:, -1, states].sum(axis=1).astype(float)
            return total
        counts = np.isin(found.final, states)
        return np.stack([counts[:, groups.of(group)].mean(axis=1) for group in range(len(groups.names))], axis=1)


def refuse_unsimulated(diffusion: Diffusion, reason: str) -> None:
    """Refuse options that a simulation does not have; `reason`: why it is simulated."""
    for name, value in (("capacity", diffusion.capacity), ("fading", diffusion.fading)):
        if value is not None:
            raise SpecError(f"{name} is given, and {reason}; {name} has no simulation, leave it out.")


def simulated_reach(
    diffusion: Diffusion,
    nodes: NDArray[np.int64],
    groups: GroupMembers | None,
    *,
    runs: int,
    risk: float,
    seed: int,
    executor: Executor | None,
) -> Reach:
    """The mean reach over so many runs, with Student's interval, which fails with probability `risk`."""
    mean, low, high = _interval(Trials(diffusion, None, runs, seed, executor).run(nodes), risk)
    frame = pl.DataFrame()
    if groups is not None:
        shares = Trials(diffusion, groups, runs, seed, executor).run(nodes)
        rows = [(name, size, *_interval(shares[:, k], risk)) for k, (name, size) in enumerate(_sizes(groups))]
        frame = pl.DataFrame(rows, schema=["group", "people", "share", "low", "high"], orient="row")
    return Reach(mean, low, high, 1 - risk, "simulation", runs, frame)


def _sizes(groups: GroupMembers) -> list[tuple[str, int]]:
    """The name and the size of each group."""
    return list(zip(groups.names, groups.sizes, strict=True))


def _interval(values: Floats, risk: float) -> tuple[float, float, float]:
    """Mean, and Student's interval."""
    from scipy.special import stdtrit

    half = float(stdtrit(len(values) - 1, 1 - risk / 2)) * float(values.std(ddof=1)) / len(values) ** 0.5
    mean = float(values.mean())
    return mean, mean - half, mean + half


def choose_by_simulation(problem: SeedProblem, runs: int, reason: str, executor: Executor | None) -> Seeds:
    """Lazy greedy (CELF; Leskovec et al. 2007, doi:10.1145/1281192.1281239) on simulated gains; `reason`: why they are simulated."""
    diffusion, objective, limits = problem.diffusion, problem.objective, problem.limits
    refuse_unsimulated(diffusion, reason)
    trials = Trials(diffusion, objective.groups, runs, problem.seed, executor)
    enough = 0.0 if objective.name != "everyone" or objective.groups is None else objective.target * len(objective.groups.names)
    nodes, gains = _lazy_greedy(problem, lambda chosen: _value(objective, trials.run(chosen)), enough)
    fresh_runs, fresh_seed = max(runs, FRESH_RUNS), (problem.seed + 1) % 2**32
    reach, low, high = _interval(Trials(diffusion, None, fresh_runs, fresh_seed, executor).run(nodes), 0.05)
    frame, worst = pl.DataFrame(), None
    if objective.groups is not None:
        groups = objective.groups
        shares = Trials(diffusion, groups, fresh_runs, fresh_seed, executor).run(nodes)
        rows = [
            (name, size, int(np.isin(groups.of(k), nodes).sum()), *_interval(shares[:, k], 0.05))
            for k, (name, size) in enumerate(_sizes(groups))
        ]
        frame = pl.DataFrame(rows, schema=["group", "people", "seeds", "share", "low", "high"], orient="row")
        worst = float(shares.mean(axis=0).min())
        if objective.name == "everyone" and worst < objective.target - 0.05:
            behind = frame.row(int(np.argmin(shares.mean(axis=0))), named=True)
            raise PlanError(
                f"target {objective.target:.6g} is not met with {len(nodes)} seeds: group '{behind['group']}' has "
                f"{behind['share']:.3f} in simulation. Allow more, or lower the target."
            )
    scale = reach / gains.sum() if objective.name == "reach" and gains.sum() > 0 else 1.0
    tried = min(CANDIDATES, int(limits.allowed.sum()))
    return Seeds(
        nodes,
        reach,
        low,
        high,
        gains * scale if objective.name == "reach" else np.full(len(nodes), reach / len(nodes)),
        labels_of(problem.graph, nodes),
        runs,
        method="simulated greedy",
        guarantee="none: gains are simulated",
        groups=frame,
        worst=worst,
        notes=(
            f"{reason}: no guarantee",
            f"{tried} candidates were tried; reach counts people in {', '.join(trials.counted)} after {trials.steps} steps",
        ),
    )


def _value(objective: Objective, found: Floats) -> float:
    """What a choice is worth for an objective, from its runs."""
    if objective.name == "reach":
        return float(found.mean())
    share = found.mean(axis=0)
    if objective.name == "everyone":
        return float(np.minimum(share, objective.target).sum())
    return float(share.min() + 1e-3 * share.mean())


def _lazy_greedy(
    problem: SeedProblem, value: Callable[[NDArray[np.int64]], float], enough: float
) -> tuple[NDArray[np.int64], Floats]:
    """The choice and what each adds to the value; it ends when `enough` (above 0) is reached.

    Old gains are taken as upper bounds, which holds for models with falling returns.
    """
    limits = problem.limits
    nodes, gains, spent, now = list(limits.required), [], 0.0, 0.0
    for k in range(1, len(nodes) + 1):
        after = value(np.array(nodes[:k]))
        gains.append(after - now)
        now = after
    if limits.price.size:
        spent = float(limits.price[limits.required].sum())
    queue = [(-np.inf, int(i), -1) for i in _candidates(problem, limits) if i not in set(nodes)]
    heapq.heapify(queue)
    while queue and len(nodes) < limits.k and not 0 < enough <= now + 1e-9:
        bound, i, counted = heapq.heappop(queue)
        price = float(limits.price[i]) if limits.price.size else 1.0
        if limits.price.size and spent + price > limits.budget:
            continue
        if counted == len(nodes):
            nodes.append(i)
            gains.append(-bound * price)
            now, spent = now - bound * price, spent + price
            continue
        gain = (value(np.array([*nodes, i])) - now) / price
        heapq.heappush(queue, (-gain, i, len(nodes)))
    return np.array(nodes, np.int64), np.array(gains)


def _candidates(problem: SeedProblem, limits: SeedLimits) -> NDArray[np.int64]:
    """Everybody who is allowed, or, of many, the most connected and friends of random people, half and half."""
    allowed = np.flatnonzero(limits.allowed)
    most = max(CANDIDATES, 2 * limits.k)
    if len(allowed) <= most:
        return allowed
    top = nominate(problem.graph, most // 2, strategy="top degree", allowed=limits.allowed, seed=problem.seed)
    rest = limits.allowed.copy()
    rest[top] = False
    friends = nominate(problem.graph, most // 2, strategy="friend of random", allowed=rest, seed=problem.seed)
    return np.concatenate([top, friends])
