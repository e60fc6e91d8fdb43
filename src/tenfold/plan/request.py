"""What a plan is asked for: the keywords of `make_plan`, checked, as one value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

import polars as pl

from tenfold import checks
from tenfold.plan.circles import Circles, check_by
from tenfold.plan.limits import Limits, Load
from tenfold.plan.locks import Locks
from tenfold.plan.previous import Previous
from tenfold.plan.situation import Situation
from tenfold.plan.trial import Design

__all__ = ["HORIZON", "PlanOptions", "Request", "read_request"]

HORIZON = 52
"""Weeks that a forecast reaches."""

REPLICATES = {0: 200, 3_000: 40, 50_000: 16}
"""Replicates by default, from so many people on: the more people, the less do totals differ between replicates."""


class PlanOptions(TypedDict, total=False):
    """The further keywords of `make_plan`."""

    by: str
    at: object
    half_life: object
    locks: Locks | None
    load: Load | None
    previous: Mapping[str, pl.DataFrame] | None
    open_tasks: pl.DataFrame | None
    past_tasks: pl.DataFrame | None
    fresh: bool
    progress: Callable[[str], None] | None


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes
    ----------
    endpoint
        The week at which plans are compared.
    replicates
        Simulations of each scenario; None: by the number of people.
    seed
        Same seed, same plan.
    by
        What circles are built by.
    limits, locks, previous
        What the plan has to keep to.
    open_tasks
        Contacts that were planned and are still to be made; None: none.
    past_tasks
        What became of the contacts of earlier plans; None: nothing is known.
    at, half_life
        The moment of the bonds, and the half-life of a contact.
    progress
        Called with a few words at each step.
    """

    endpoint: int
    replicates: int | None
    seed: int
    by: str
    limits: Limits
    locks: Locks
    previous: Previous
    open_tasks: pl.DataFrame | None
    past_tasks: pl.DataFrame | None
    at: object
    half_life: object
    progress: Callable[[str], None]

    def design(self, n: int) -> Design:
        """The design of the trial for n people."""
        usual = REPLICATES[max(people for people in REPLICATES if people <= n)]
        return Design(self.endpoint, usual if self.replicates is None else self.replicates, self.seed)

    def settings(self, situation: Situation, circles: Circles) -> dict[str, Any]:
        """What the plan was made with, as plain values."""
        return {
            "seed": self.seed,
            "weeks": self.endpoint,
            "capacity": self.limits.capacity,
            "circle_size": self.limits.circle_size,
            "replicates": self.design(situation.n).replicates,
            "by": self.by,
            "half_life_days": situation.bonds.half_life.total_seconds() / 86400,
            "at": situation.at.isoformat(),
            "people": situation.n,
            "circles": circles.count,
            "load": asdict(self.limits.load),
        }


def read_request(weeks: int, capacity: int, circle_size: int, replicates: int | None, seed: int, options: PlanOptions) -> Request:
    """Check the keywords of `make_plan`.

    Raises
    ------
    SpecError
        One of them is unknown or out of range.
    """
    checks.options(options, PlanOptions, "make_plan")
    checks.whole(weeks, "weeks", low=1, high=HORIZON)
    checks.whole(seed, "seed", low=0, high=2**32 - 1)
    if replicates is not None:
        checks.whole(replicates, "replicates", low=1)
    return Request(
        endpoint=weeks,
        replicates=replicates,
        seed=seed,
        by=check_by(options.get("by", "both")),
        limits=Limits(circle_size=circle_size, capacity=capacity, load=options.get("load") or Load()),
        locks=options.get("locks") or Locks(),
        previous=Previous.of(None if options.get("fresh", False) else options.get("previous")),
        open_tasks=options.get("open_tasks"),
        past_tasks=options.get("past_tasks"),
        at=options.get("at"),
        half_life=options.get("half_life", "30d"),
        progress=options.get("progress") or (lambda _: None),
    )
