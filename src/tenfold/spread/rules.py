"""What a model is made of: rules that move people from one state to another."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from numbers import Real
from typing import Any, ClassVar

from tenfold import checks
from tenfold.errors import SpecError

__all__ = ["RULES", "Contact", "Group", "Imitation", "Mixing", "Move", "Rule", "Spontaneous", "Threshold", "by_weight"]

LAST = 2**62


@dataclass(frozen=True)
class Rule:
    """`source` → `target`, on from step `since` to step `until` (both included; with the continuous clock from time since − 1 on).

    A rule has a `chance` (per step, 0 to 1) or a `rate` (per time, 0 or more); a text in place of a number is the name of a trait, which
    gives everybody a chance of their own, or ``"weight"`` where the rule goes along edges: the edge's own.
    """

    source: str
    target: str
    since: int = 1
    until: int = LAST
    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if self.source == self.target:
            raise SpecError(f"{self.where}: leads nowhere; expected two different states.")
        checks.whole(self.since, f"{self.where}: since", low=1)
        checks.whole(self.until, f"{self.where}: until", low=self.since)
        if hasattr(self, "rate"):
            self._check_chance()
        if getattr(self, "via", None) == "":
            raise SpecError(f"{self.where}: via is missing; expected the state of those who act.")
        layer = getattr(self, "layer", None)
        if layer is not None and (not isinstance(layer, str) or not layer):
            raise SpecError(f"{self.where}: layer is {layer!r}; expected the name of a network.")

    @property
    def where(self) -> str:
        """What errors call the rule."""
        return f"rule {self.source} → {self.target}"

    def _check_chance(self) -> None:
        chance, rate = getattr(self, "chance", 1.0), getattr(self, "rate", None)
        if rate is not None and chance != 1.0:
            raise SpecError(f"{self.where}: has the chance {chance!r} and the rate {rate!r}; expected one of the two.")
        if isinstance(chance, str) or isinstance(rate, str):
            if not (chance if isinstance(chance, str) else rate):
                raise SpecError(f"{self.where}: the name of a trait is empty; expected a number, or a name.")
            if isinstance(rate, str) and rate != "weight":
                raise SpecError(f"{self.where}: rate is {rate!r}; expected a number from 0 on, or 'weight'.")
        elif rate is None:
            checks.share(chance, f"{self.where}: chance")
        elif isinstance(rate, bool) or not isinstance(rate, Real) or not 0 <= float(rate) < math.inf:
            raise SpecError(f"{self.where}: rate is {rate!r}; expected a finite number from 0 on.")

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data; what is at its default is left out."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return {"kind": self.kind, **{name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}}


@dataclass(frozen=True)
class Spontaneous(Rule):
    """Somebody in `source` goes to `target` by themselves."""

    chance: float | str = 1.0
    rate: float | None = None
    kind: ClassVar[str] = "spontaneous"


@dataclass(frozen=True)
class Contact(Rule):
    """Each neighbour in `via` brings somebody in `source` to `target`, on a graph or in the contacts of a network in time."""

    via: str = ""
    chance: float | str = 1.0
    rate: float | str | None = None
    layer: str | None = None
    kind: ClassVar[str] = "contact"

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.chance, str) and self.chance != "weight":
            raise SpecError(f"{self.where}: chance is {self.chance!r}; expected a share from 0 to 1, or 'weight'.")


@dataclass(frozen=True)
class Mixing(Rule):
    """Everybody meets everybody: somebody in `source` goes to `target` by the chance (or rate) times the share of all in `via`."""

    via: str = ""
    chance: float = 1.0
    rate: float | None = None
    kind: ClassVar[str] = "mixing"

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.share(self.chance, f"{self.where}: chance")


@dataclass(frozen=True)
class Threshold(Rule):
    """Somebody in `source` may go to `target` while enough of those who can reach them are in `via`.

    Enough is at least (`strict`: more than) a `fraction` of them, or a `count`. A fraction may be ``"random"``, drawn for each person
    from 0 to 1 at the start, or the name of a trait. `weighted`: the edges' weights are added up, to a sum of `fraction`.
    """

    via: str = ""
    fraction: float | str | None = None
    count: int | None = None
    strict: bool = False
    weighted: bool = False
    chance: float | str = 1.0
    rate: float | None = None
    layer: str | None = None
    kind: ClassVar[str] = "threshold"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("strict", "weighted"):
            if not isinstance(getattr(self, name), bool):
                raise SpecError(f"{self.where}: {name} is {getattr(self, name)!r}; expected true or false.")
        if (self.fraction is None) == (self.count is None):
            raise SpecError(f"{self.where}: fraction is {self.fraction!r} and count {self.count!r}; expected one of the two.")
        if self.weighted and (self.fraction is None or self.strict):
            raise SpecError(f"{self.where}: weighted asks for a fraction, the sum of weights that it takes, and is never strict.")
        if self.count is not None:
            checks.whole(self.count, f"{self.where}: count", low=1, high=2**31 - 1)
        elif not isinstance(self.fraction, str):
            checks.share(self.fraction, f"{self.where}: fraction")


@dataclass(frozen=True)
class Group(Rule):
    """While a group has at least `least` members in `via`, it brings each of its members in `source` to `target`."""

    via: str = ""
    least: int = 1
    chance: float = 1.0
    rate: float | None = None
    layer: str | None = None
    kind: ClassVar[str] = "group"

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.share(self.chance, f"{self.where}: chance")
        checks.whole(self.least, f"{self.where}: least", low=1, high=2**31 - 1)


@dataclass(frozen=True)
class Imitation(Rule):
    """Somebody in `source` looks at one of those who can reach them (or at `sample`, drawn one after the other), and goes to `target` if
    all seen are in `via`. All rules of imitation see the same person at a step."""

    via: str = ""
    sample: int = 1
    chance: float | str = 1.0
    rate: float | None = None
    layer: str | None = None
    kind: ClassVar[str] = "imitation"

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.whole(self.sample, f"{self.where}: sample", low=1, high=1000)


@dataclass(frozen=True)
class Move(Rule):
    """At step `at` some of those in `source` are put into `target`: a `share`, a `count`, or the `people` named by their numbers."""

    at: int = 1
    share: float | None = None
    count: int | None = None
    people: tuple[int, ...] | None = None
    kind: ClassVar[str] = "move"

    def __post_init__(self) -> None:
        checks.whole(self.at, f"{self.where}: at", low=1)
        if (self.since, self.until) not in ((1, LAST), (self.at, self.at)):
            raise SpecError(f"{self.where}: a move has no since and until; expected at, the step.")
        super().__post_init__()
        if [self.share, self.count, self.people].count(None) != 2:
            raise SpecError(f"{self.where}: expected one of share, count and people.")
        if self.share is not None:
            checks.share(self.share, f"{self.where}: share")
        if self.count is not None:
            checks.whole(self.count, f"{self.where}: count", low=0)
        if self.people is not None:
            if isinstance(self.people, str) or not hasattr(self.people, "__iter__"):
                raise SpecError(f"{self.where}: people is {self.people!r}; expected a list of whole numbers.")
            numbers = tuple(checks.whole(one, f"{self.where}: people", low=0) for one in self.people)
            if len(set(numbers)) < len(numbers):
                raise SpecError(f"{self.where}: people names somebody twice.")
            object.__setattr__(self, "people", numbers)


RULES: dict[str, type[Rule]] = {rule.kind: rule for rule in (Spontaneous, Contact, Threshold, Group, Mixing, Imitation, Move)}


def by_weight(rule: Rule) -> bool:
    """Whether a rule takes its chance or rate from each edge."""
    return "weight" in (getattr(rule, "chance", 1.0), getattr(rule, "rate", None))
