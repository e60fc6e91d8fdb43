"""What is asked for, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import PlanError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.spread.model import Model

__all__ = ["Divided", "Request", "divide", "named", "numbered", "open_share", "request"]


@dataclass(frozen=True)
class Divided:
    """People in groups: group g has `member[start[g]:start[g + 1]]`, its name is `names[g]`."""

    names: list[str]
    start: NDArray[np.int64]
    member: NDArray[np.int32]

    def of(self, group: int) -> NDArray[np.int32]:
        """The people of a group."""
        return self.member[self.start[group] : self.start[group + 1]]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """People in each group."""
        found: NDArray[np.int64] = np.diff(self.start)
        return found


@dataclass(frozen=True)
class Request:
    """`k` seeds at most, `fixed` ones first, from those who are `allowed` (n), each at a `price` (n, or none) within `budget`;
    `chance`: delta."""

    graph: Graph
    model: Model
    k: int
    fixed: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    price: NDArray[np.float64]
    budget: float
    epsilon: float
    chance: float
    quality: float | None
    steps: int | None
    capacity: int | None
    fading: float | None
    seed: int

    def label(self, person: int) -> str:
        """What somebody is called."""
        return str(person if self.graph.labels is None else self.graph.labels[person])

    def names(self, people: NDArray[np.int64], most: int = 3) -> str:
        """A few by name, and how many more."""
        few = ", ".join(self.label(int(one)) for one in people[:most])
        return few + (f" and {len(people) - most} more" if len(people) > most else "")


def open_share(value: object, name: str) -> float:
    """A number above 0 and below 1."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < 1:
        raise SpecError(f"{name} is {value!r}; expected a number above 0 and below 1.")
    return float(value)


def numbered(graph: Graph, people: Any, name: str) -> NDArray[np.int64]:
    """Numbers of different people, from numbers or from the names that the network came with."""
    if people is None:
        return np.zeros(0, np.int64)
    if isinstance(people, str) or not hasattr(people, "__iter__"):
        raise SpecError(f"{name} is {people!r}; expected a list of people.")
    given = list(people)
    if given and all(isinstance(one, str) for one in given):
        if graph.labels is None:
            raise SpecError(f"{name} names '{given[0]}', and the network has no names; expected numbers from 0 to {graph.n - 1}.")
        numbers = {str(label): k for k, label in enumerate(graph.labels)}
        if unknown := [one for one in given if one not in numbers]:
            raise SpecError(f"{name} names '{unknown[0]}', who is not in the network.")
        given = [numbers[one] for one in given]
    ids = np.array([checks.whole(one, f"{name}: a person", low=0, high=graph.n - 1) for one in given], np.int64)
    if len(np.unique(ids)) < len(ids):
        raise SpecError(f"{name} names somebody twice.")
    return ids


def named(graph: Graph, people: NDArray[np.int64]) -> pl.Series | None:
    """What people are called; nobody where the number is below 0."""
    if graph.labels is None:
        return None
    return graph.labels.gather(np.maximum(people, 0)).cast(pl.String).set(pl.Series(people < 0, dtype=pl.Boolean), None)


def divide(graph: Graph, groups: Groups | Sequence[object] | ArrayLike | Mapping[str, Any]) -> Divided:
    """Groups from one name (or number, None: in no group) for each person, from a mapping of names to people, or from `Groups`.

    Raises
    ------
    SpecError
        Groups that do not fit the people, or that are empty.
    """
    if isinstance(groups, Groups):
        if groups.n != graph.n:
            raise SpecError(f"groups: are of {groups.n} people; the network has {graph.n}.")
        names = [str(name) for name in (range(groups.groups) if groups.names is None else groups.names)]
        found = Divided(names, groups.start.astype(np.int64), groups.member.astype(np.int32))
    elif isinstance(groups, Mapping):
        members = [numbered(graph, people, f"groups: '{name}'") for name, people in groups.items()]
        start = np.cumsum([0, *map(len, members)]).astype(np.int64)
        found = Divided([str(name) for name in groups], start, np.concatenate([*members, np.zeros(0, int)]).astype(np.int32))
    else:
        given: Any = groups
        given = given.to_list() if isinstance(given, pl.Series) else np.asarray(given, dtype=object).ravel().tolist()
        if len(given) != graph.n:
            raise SpecError(f"groups: has {len(given)} names; expected one for each of {graph.n} people.")
        order = {
            name: k
            for k, name in enumerate(sorted({one for one in given if one is not None}, key=lambda one: (str(type(one)), one)))
        }
        which = np.array([-1 if one is None else order[one] for one in given], np.int64)
        member = np.argsort(which, kind="stable")[int((which < 0).sum()) :]
        start = np.concatenate([[0], np.cumsum(np.bincount(which[which >= 0], minlength=len(order)))]).astype(np.int64)
        found = Divided([str(name) for name in order], start, member.astype(np.int32))
    if not found.names:
        raise SpecError("groups: there is none; expected at least one group with somebody in it.")
    if (empty := np.flatnonzero(found.sizes == 0)).size:
        raise SpecError(f"groups: nobody is in '{found.names[int(empty[0])]}'; expected somebody in each. Leave it out.")
    return found


def costs_of(graph: Graph, costs: ArrayLike | None, budget: float | None) -> tuple[NDArray[np.float64], float]:
    """What each costs, (n) or none, and what may be spent."""
    if costs is None:
        if budget is not None:
            raise SpecError("budget is given without costs; expected costs, a positive number for each person.")
        return np.zeros(0), 0.0
    if budget is None:
        raise SpecError("costs are given without a budget; expected what may be spent in all.")
    try:
        price = np.asarray(costs, dtype=np.float64)
    except (ValueError, TypeError):
        raise SpecError("costs are no numbers; expected a positive number for each person.") from None
    if price.shape != (graph.n,) or not np.isfinite(price).all() or (price <= 0).any():
        raise SpecError(f"costs: expected a positive number for each of {graph.n} people.")
    if isinstance(budget, bool) or not isinstance(budget, Real) or not 0 < float(budget) < np.inf:
        raise SpecError(f"budget is {budget!r}; expected a positive number.")
    return price, float(budget)


def request(
    graph: Graph, model: Model, k: int | None, *, required: Any, excluded: Any, costs: ArrayLike | None, budget: float | None,
    epsilon: float, delta: float | None, quality: float | None, steps: int | None, capacity: int | None, fading: float | None,
    seed: int,
) -> Request:  # fmt: skip
    """Everything checked against everything.

    Raises
    ------
    SpecError, PlanError
        What is out of range, or cannot be.
    """
    if not isinstance(graph, Graph):
        raise SpecError(f"graph is a {type(graph).__name__}; expected a Graph.")
    if not isinstance(model, Model):
        raise SpecError(f"model is {model!r}; expected a Model, such as tf.models.independent_cascade(chance=0.1).")
    if graph.n == 0:
        raise SpecError("graph: has nobody in it; expected at least one person.")
    most = graph.n if k is None else checks.whole(k, "k", low=1, high=graph.n)
    fixed, out = numbered(graph, required, "required"), numbered(graph, excluded, "excluded")
    allowed = np.ones(graph.n, np.bool_)
    allowed[out] = False
    if not allowed.any():
        raise PlanError("excluded names everybody; nobody is left to choose. Exclude fewer.")
    if (both := np.intersect1d(fixed, out)).size:
        raise PlanError(f"person {both[0]} is required and excluded; expected one of the two.")
    if len(fixed) > most:
        raise PlanError(f"required names {len(fixed)} people, and k is {most}; expected at most k.")
    price, money = costs_of(graph, costs, budget)
    if price.size and price[fixed].sum() > money:
        raise PlanError(f"required costs {price[fixed].sum():.6g}; the budget is {money:.6g}. Raise it, or require fewer.")
    if price.size and price[allowed].min() > money:
        raise PlanError(f"budget is {money:.6g}; the cheapest person costs {price[allowed].min():.6g}. Raise it.")
    return Request(
        graph, model, min(most, int(allowed.sum())), fixed, allowed, price, money, open_share(epsilon, "epsilon"),
        min(1 / graph.n, 0.5) if delta is None else open_share(delta, "delta"),
        None if quality is None else open_share(quality, "quality"),
        None if steps is None else checks.whole(steps, "steps", low=1),
        None if capacity is None else checks.whole(capacity, "capacity", low=1, high=2**31 - 1),
        None if fading is None else open_share(fading, "fading"),
        checks.whole(seed, "seed", low=0, high=2**32 - 1),
    )  # fmt: skip
