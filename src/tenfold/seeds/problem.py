"""The problem of choosing seeds (influence maximisation): a diffusion, an objective, limits, and a precision, all checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.labels import label_text, node_numbers, node_values
from tenfold.seeds.diffusion import Diffusion, open_share
from tenfold.seeds.group_members import GroupMembers

__all__ = ["Objective", "Precision", "SeedLimits", "SeedProblem", "precision", "seed_limits"]


@dataclass(frozen=True)
class SeedLimits:
    """Who may be chosen, and how many.

    `k`: seeds at most. `required` (people): those that come first, in this order. `allowed` (n): who may be chosen. `price` (n, or none)
    and `budget`: what each costs, and what may be spent in all.
    """

    k: int
    required: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    price: NDArray[np.float64]
    budget: float


@dataclass(frozen=True)
class Precision:
    """How sure and how good the choice has to be.

    `epsilon`: what the guarantee may lack of 1 − 1/e. `delta`: the probability that it fails. `quality`: how much better a choice made
    on one half of the sets may look there than on the other half, as a share; None: that does not matter.
    """

    epsilon: float
    delta: float
    quality: float | None

    @property
    def ratio(self) -> float:
        """The share of the best choice's reach that is guaranteed: 1 − 1/e − epsilon."""
        return 1 - 1 / math.e - self.epsilon


@dataclass(frozen=True)
class Objective:
    """What is wanted: `name` is "reach", "everyone" or "worst_group"; `groups`, and the `target` share of each, for the last two."""

    name: str
    groups: GroupMembers | None
    target: float


@dataclass(frozen=True)
class SeedProblem:
    """Whom to choose: an objective of a diffusion within limits, to a precision, with the random numbers of a `seed`."""

    diffusion: Diffusion
    objective: Objective
    limits: SeedLimits
    precision: Precision
    seed: int

    @property
    def graph(self) -> Graph:
        """The network."""
        return self.diffusion.graph

    @property
    def groups(self) -> GroupMembers:
        """The groups of an objective that has some."""
        assert self.objective.groups is not None
        return self.objective.groups


def seed_limits(
    graph: Graph,
    k: int | None,
    *,
    required: Any,
    excluded: Any,
    costs: Mapping[Any, Any] | ArrayLike | None,
    budget: float | None,
) -> SeedLimits:
    """The limits of a choice, checked against the network and each other.

    Raises
    ------
    SpecError, PlanError
        What is out of range, or cannot be met.
    """
    if graph.n == 0:
        raise SpecError("graph: has nobody in it; expected at least one person.")
    most = graph.n if k is None else checks.whole(k, "k", low=1, high=graph.n)
    first = node_numbers(graph, () if required is None else required, "required")
    out = node_numbers(graph, () if excluded is None else excluded, "excluded")
    allowed = np.ones(graph.n, np.bool_)
    allowed[out] = False
    if not allowed.any():
        raise PlanError("excluded names everybody; nobody is left to choose. Exclude fewer.")
    if (both := np.intersect1d(first, out)).size:
        raise PlanError(f"person {label_text(graph, int(both[0]))} is required and excluded; expected one of the two.")
    if len(first) > most:
        raise PlanError(f"required names {len(first)} people, and k is {most}; expected at most k.")
    price, money = _prices(graph, costs, budget)
    if price.size and price[first].sum() > money:
        raise PlanError(f"required costs {price[first].sum():.6g}; the budget is {money:.6g}. Raise it, or require fewer.")
    if price.size and price[allowed].min() > money:
        raise PlanError(f"budget is {money:.6g}; the cheapest person costs {price[allowed].min():.6g}. Raise it.")
    return SeedLimits(min(most, int(allowed.sum())), first, allowed, price, money)


def _prices(graph: Graph, costs: Mapping[Any, Any] | ArrayLike | None, budget: float | None) -> tuple[NDArray[np.float64], float]:
    """What each person costs, (n) or none, and what may be spent."""
    if costs is None:
        if budget is not None:
            raise SpecError("budget is given without costs; expected costs, a positive number for each person.")
        return np.zeros(0), 0.0
    if budget is None:
        raise SpecError("costs are given without a budget; expected what may be spent in all.")
    price = node_values(graph, costs, "costs")
    if not np.isfinite(price).all() or (price <= 0).any():
        raise SpecError(f"costs: expected a positive number for each of {graph.n} people.")
    if isinstance(budget, bool) or not isinstance(budget, Real) or not 0 < float(budget) < np.inf:
        raise SpecError(f"budget is {budget!r}; expected a positive number.")
    return price, float(budget)


def precision(n: int, *, epsilon: float, delta: float | None, quality: float | None) -> Precision:
    """The precision that was asked for among `n` people; by default delta is 1/n.

    Raises
    ------
    SpecError
        What is not above 0 and below 1.
    """
    return Precision(
        open_share(epsilon, "epsilon"),
        min(1 / n, 0.5) if delta is None else open_share(delta, "delta"),
        None if quality is None else open_share(quality, "quality"),
    )
