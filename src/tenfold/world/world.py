"""The world in nested tens as data: every parameter with its meaning, unit and default."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from numbers import Real
from typing import Any

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.world.address import MAX_PEOPLE, height
from tenfold.world.ladder import ladder

__all__ = ["AREAS", "LIVED", "VILLAGE", "World", "meanings"]

AREAS = ("economy", "education", "family", "health", "ecology", "politics")
"""The areas of life that a crisis is in."""

VILLAGE = 3
"""The level of the places that disturbances strike and crises are in: groups of a thousand."""

LIVED: Mapping[str, Any] = {
    "lapse": 0.01,
    "upkeep": 4.0,
    "support": 1.0,
    "disturbance": 0.005,
    "disturbance_strength": 10.0,
    "disturbance_steps": 10,
    "demands": 4,
    "attention": 3,
    "devoted": 0.1,
    "mentors": 0.2,
    "mentor_capacity": 2.0,
    "mentor_strength": 0.5,
    "crisis": 0.1,
    "crisis_disturbs": 2.0,
    "crisis_opens": 1.0,
    "isolated": 0.05,
    "isolated_below": 4,
    "virtual_circles": True,
}
"""What `World.lived` and ``tenfold world`` change of the defaults."""


@dataclass(frozen=True, kw_only=True)
class _Parameters:
    """All parameters but the number of people; see `World`."""

    join: float = 0.05
    threshold: float = 0.7
    factor: float = 10.0
    first: float = 6.0
    lapse: float = 0.0
    upkeep: float = 0.0
    support: float = 0.0
    disturbance: float = 0.0
    disturbance_strength: float = 5.0
    disturbance_steps: int = 10
    demands: int = 0
    attention: int = 1
    devoted: float = 0.0
    mentors: float = 0.0
    mentor_choice: str = "random"
    mentor_capacity: float = 1.0
    mentor_strength: float = 1.0
    mentor_level: int = 2
    mentor_absence: float = 0.0
    crisis: float = 0.0
    crisis_spread: float = 0.3
    crisis_ease: float = 0.4
    crisis_areas: float = 0.02
    crisis_source: float = 0.0
    crisis_disturbs: float = 0.0
    crisis_opens: float = 0.0
    isolated: float = 0.0
    isolated_below: int = VILLAGE
    virtual_circles: bool = False


@dataclass(frozen=True)
class World(_Parameters):
    """People in nested tens, and how unity comes, stays and goes among them. By default only the rule of joining is on.

    The equations are in ``docs/world.md``. Hazards are per step; the chance of a step is 1 − exp(−hazard).

    Parameters
    ----------
    people
        From 1 to 10¹¹. The digits of a person's number are the address: circle number // 10, hundred number // 100, and so on.
    join
        η: hazard of joining per unit of power and head, per step; above 0.
    threshold
        θ: least share of its parts that have to be united for a group to be, in (0, 1].
    factor, first
        The ladder: a group of degree d ≥ 1 has the power `first` · `factor`^d, a single person 1; both above 0.
    lapse
        Hazard of lapsing of who has attained, per step, from 0 on, with no upkeep, no support and no disturbance. 0: nobody lapses.
    upkeep
        From 0 on: upkeep of 1 halves the lapsing of those whose upkeep happens, of 2 makes it a third.
    support
        From 0 on: as much as so much upkeep, for each united group around a person.
    disturbance
        Chance per step and village that a disturbance strikes it.
    disturbance_strength, disturbance_steps
        Lapsing there is 1 + strength times as likely for so many steps (1 to 10⁶).
    demands
        How many other demands each person has, 0 to 100. The rank of the practice among them is personal and drawn evenly.
    attention
        How many things a person serves, from the first rank down, from 0 on; if the practice comes below, the upkeep does not happen.
    devoted
        Share of people who rank the practice first whatever else is demanded.
    mentors
        Share of people who, once they have attained, also work outside their own circle.
    mentor_choice
        ``"random"``, or ``"even"``: as evenly over the circles as it can be.
    mentor_capacity
        How many people a mentor can help at once, from 0 on.
    mentor_strength
        Power that a person feels who is helped all the time; from 0 on.
    mentor_level
        Level of the group within which mentors help, 2 (the hundred) or more.
    mentor_absence
        Share of a mentor's weight that is missing in their own circle.
    crisis
        Severity at the outbreak, in one area of one village, 0 to 1. 0: no crisis.
    crisis_spread, crisis_ease
        Rates per step at which it spreads to a place, and at which it eases where everybody is united; from 0 on.
    crisis_areas
        Share of the spread that comes from the other areas of life.
    crisis_source
        Rate per step at which it arises anew where nobody is united; from 0 on.
    crisis_disturbs
        Lapsing of those whose circle is not united is 1 + this · severity times as likely; from 0 on.
    crisis_opens
        Joining is 1 + this · severity times as likely; from 0 on.
    isolated
        Share of people who have no local group.
    isolated_below
        They feel nothing of parts below this level, 1 to 11; from the height of the world on, of nobody.
    virtual_circles
        Whether each of them is joined to a circle elsewhere, and feels what its members feel.

    Raises
    ------
    SpecError
        A parameter out of its range.

    Examples
    --------
    >>> World(600_000).levels, World(600_000).powers[:3]
    (6, (1.0, 60.0, 600.0))
    """

    people: int = 600_000

    def __post_init__(self) -> None:
        checks.whole(self.people, "people", low=1, high=MAX_PEOPLE)
        for name in ("join", "factor", "first"):
            checks.positive(getattr(self, name), name)
        if math.log10(self.join) + math.log10(self.first) + 11 * math.log10(max(self.factor, 1.0)) > 300:
            raise SpecError(
                f"factor is {self.factor!r}; expected less: the power of the highest degree is too large to count with."
            )
        for name in _SHARES:
            checks.share(getattr(self, name), name)
        for name in _NON_NEGATIVE:
            _non_negative(getattr(self, name), name)
        if isinstance(self.threshold, bool) or not isinstance(self.threshold, Real) or not 0 < self.threshold <= 1:
            raise SpecError(f"threshold is {self.threshold!r}; expected a share above 0, up to 1.")
        checks.whole(self.disturbance_steps, "disturbance_steps", low=1, high=10**6)
        checks.whole(self.demands, "demands", low=0, high=100)
        checks.whole(self.attention, "attention", low=0)
        checks.whole(self.mentor_level, "mentor_level", low=2, high=11)
        checks.whole(self.isolated_below, "isolated_below", low=1, high=11)
        if self.mentor_choice not in ("random", "even"):
            raise SpecError(f"mentor_choice is {self.mentor_choice!r}; expected random or even.")
        if not isinstance(self.virtual_circles, bool):
            raise SpecError(f"virtual_circles is {self.virtual_circles!r}; expected True or False.")

    @classmethod
    def lived(cls, people: int = 600_000, **changes: Any) -> World:
        """The world as ``tenfold world`` runs it by default: with lapsing, disturbances, demands, mentors, a crisis and isolated people.

        Examples
        --------
        >>> World.lived(1000, lapse=0.0).upkeep
        4.0
        """
        return cls(people, **{**LIVED, **changes})

    def with_changes(self, **changes: Any) -> World:
        """The same world with some parameters changed.

        Examples
        --------
        >>> World(1000).with_changes(factor=8.0).factor
        8.0
        """
        if unknown := [name for name in changes if name not in _NAMES]:
            raise SpecError(f"world: '{unknown[0]}' is no parameter; expected some of {', '.join(_NAMES)}.")
        return replace(self, **changes)

    @property
    def levels(self) -> int:
        """Height of the world: the level of the one group that holds everyone; 1 for ten people or fewer."""
        return max(height(self.people), 1)

    @property
    def powers(self) -> tuple[float, ...]:
        """Power of a united part of each level from 0 up to the one below the whole, (levels)."""
        return tuple(ladder(level, factor=self.factor, first=self.first) for level in range(self.levels))

    @property
    def weights(self) -> tuple[float, ...]:
        """Power of a united part of each level per head of the group that it is a part of, P(l) / 10^(l + 1), (levels)."""
        return tuple(power / 10 ** (level + 1) for level, power in enumerate(self.powers))

    @property
    def circles(self) -> int:
        """Number of circles."""
        return -(-self.people // 10)

    @property
    def villages(self) -> int:
        """Number of villages."""
        return -(-self.people // 1000)

    @property
    def crisis_on(self) -> bool:
        """Whether there is a crisis."""
        return self.crisis > 0 or self.crisis_source > 0

    def to_dict(self) -> dict[str, Any]:
        """The parameters as plain data."""
        return asdict(self)


_SHARES = ("disturbance", "devoted", "mentors", "mentor_absence", "crisis", "crisis_areas", "isolated")
_NON_NEGATIVE = (
    "lapse",
    "upkeep",
    "support",
    "disturbance_strength",
    "mentor_capacity",
    "mentor_strength",
    "crisis_spread",
    "crisis_ease",
    "crisis_source",
    "crisis_disturbs",
    "crisis_opens",
)
_NAMES = tuple(field.name for field in fields(World))


def meanings() -> dict[str, str]:
    """What each parameter means, by its name, as the docstring of `World` says it."""
    found: dict[str, str] = {}
    names: list[str] = []
    text = (World.__doc__ or "").split("----------\n", 1)[1].split("    Raises\n", 1)[0]
    for line in text.splitlines():
        if line.startswith("        ") and names:
            for name in names:
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
        elif line.strip():
            names = [name.strip() for name in line.split(",")]
    return found


def _non_negative(value: object, name: str) -> None:
    """Refuse what is no finite number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < float("inf"):
        raise SpecError(f"{name} is {value!r}; expected a number of at least 0.")
