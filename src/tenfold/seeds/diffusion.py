"""A diffusion: a model on a network, and which known process the model is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.spread.model import Model
from tenfold.spread.rules import LAST, Contact, Rule, Spontaneous, Threshold

__all__ = ["STEPS", "Diffusion", "cascade_rule", "contact_process", "open_share"]

STEPS = 50
"""The deadline, in steps, where none is given and the model has no end of its own."""


@dataclass(frozen=True)
class Diffusion:
    """How a practice spreads: a model on a network, with its options.

    `steps`: the deadline, None: none was given. `capacity`: how many each person approaches at most, None: all. `fading`: the chance of a
    step that a tie is lost for good, None: no tie is. `counted`: the states whose people count at the end, None: the default of the model.
    """

    graph: Graph
    model: Model
    steps: int | None = None
    capacity: int | None = None
    fading: float | None = None
    counted: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.graph, Graph):
            raise SpecError(f"graph is a {type(self.graph).__name__}; expected a Graph.")
        if not isinstance(self.model, Model):
            raise SpecError(f"model is {self.model!r}; expected a Model, such as tf.models.independent_cascade(chance=0.1).")

    def checked(self) -> Diffusion:
        """The same, with its options checked.

        Raises
        ------
        SpecError
            What is out of range.
        """
        return replace(
            self,
            steps=None if self.steps is None else checks.whole(self.steps, "steps", low=1),
            capacity=None if self.capacity is None else checks.whole(self.capacity, "capacity", low=1, high=2**31 - 1),
            fading=None if self.fading is None else open_share(self.fading, "fading"),
        )

    @property
    def deadline(self) -> int | None:
        """The step at which it is counted: contact processes have no end of their own, so they always have one."""
        endless = cascade_rule(self.model) is None and contact_process(self.model) is not None
        return STEPS if self.steps is None and endless else self.steps


def open_share(value: object, name: str) -> float:
    """A number above 0 and below 1."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < 1:
        raise SpecError(f"{name} is {value!r}; expected a number above 0 and below 1.")
    return float(value)


def cascade_rule(model: Model) -> Contact | Threshold | None:
    """The rule by which a model spreads, if it is an independent cascade or a linear threshold; else None."""
    rules = model.rules
    if any((rule.since, rule.until) != (1, LAST) for rule in rules):
        return None
    spread = [rule for rule in rules if isinstance(rule, Contact | Threshold)]
    if len(spread) != 1 or spread[0].source != model.states[0] or spread[0].target != spread[0].via or spread[0].rate is not None:
        return None
    one, rest = spread[0], [rule for rule in rules if rule is not spread[0]]
    if isinstance(one, Threshold):
        random = one.fraction == "random" and one.chance == 1.0
        return one if random and not rest and len(model.states) == 2 else None
    return one if len(rest) == 1 and len(model.states) == 3 and _tries_once(rest[0], one) else None


def _tries_once(rule: Rule, spread: Contact) -> bool:
    """Whether a rule makes those who are newly active spent after one step."""
    if not isinstance(rule, Spontaneous) or rule.rate is not None:
        return False
    return rule.source == spread.target and rule.target != spread.source and rule.chance == 1.0


def contact_process(model: Model) -> tuple[Contact, float] | None:
    """The rule of contact of SI and SIS, and the chance of a step to recover (0: never); None for any other model."""
    if len(model.states) != 2 or any((rule.since, rule.until) != (1, LAST) for rule in model.rules):
        return None
    spread = [rule for rule in model.rules if isinstance(rule, Contact)]
    recovery = [rule for rule in model.rules if isinstance(rule, Spontaneous)]
    if len(spread) != 1 or len(recovery) > 1 or len(model.rules) != 1 + len(recovery):
        return None
    one = spread[0]
    if one.rate is not None or one.layer is not None or (one.source, one.target) != model.states or one.via != one.target:
        return None
    if not recovery:
        return one, 0.0
    back = recovery[0]
    if isinstance(back.chance, str) or back.rate is not None or (back.source, back.target) != (one.target, one.source):
        return None
    return one, float(back.chance)
