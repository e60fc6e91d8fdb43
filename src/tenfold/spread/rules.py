"""What a model is made of: rules that move people from one state to another."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from tenfold import checks
from tenfold.errors import SpecError

__all__ = ["RULES", "Contact", "Rule", "Spontaneous", "Threshold"]

LAST = 2**62


@dataclass(frozen=True)
class Rule:
    """`source` → `target`, on from step `since` to step `until` (both included)."""

    source: str
    target: str
    since: int = 1
    until: int = LAST
    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        where = f"rule {self.source} → {self.target}"
        if self.source == self.target:
            raise SpecError(f"{where}: leads nowhere; expected two different states.")
        checks.whole(self.since, f"{where}: since", low=1)
        checks.whole(self.until, f"{where}: until", low=self.since)

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data; what is at its default is left out."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}
        return {"kind": self.kind, **given}


@dataclass(frozen=True)
class Spontaneous(Rule):
    """Somebody in `source` goes to `target` by themselves, with `chance` at each step."""

    chance: float = 1.0
    kind: ClassVar[str] = "spontaneous"

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.share(self.chance, f"rule {self.source} → {self.target}: chance")


@dataclass(frozen=True)
class Contact(Rule):
    """Each neighbour in `via` brings somebody in `source` to `target`, with `chance` at each step; ``"weight"``: the edge's own."""

    via: str = ""
    chance: float | str = 1.0
    kind: ClassVar[str] = "contact"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.via:
            raise SpecError(f"rule {self.source} → {self.target}: via is missing; expected the state of those who act.")
        if self.chance != "weight":
            checks.share(self.chance, f"rule {self.source} → {self.target}: chance")


@dataclass(frozen=True)
class Threshold(Rule):
    """Somebody in `source` goes to `target` once at least `fraction` of those who can reach them, or `count` of them, are in `via`."""

    via: str = ""
    fraction: float | None = None
    count: int | None = None
    kind: ClassVar[str] = "threshold"

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"rule {self.source} → {self.target}"
        if not self.via:
            raise SpecError(f"{where}: via is missing; expected the state of those who act.")
        if (self.fraction is None) == (self.count is None):
            raise SpecError(f"{where}: fraction is {self.fraction!r} and count {self.count!r}; expected one of the two.")
        if self.fraction is not None:
            checks.share(self.fraction, f"{where}: fraction")
        else:
            checks.whole(self.count, f"{where}: count", low=1)


RULES: dict[str, type[Rule]] = {rule.kind: rule for rule in (Spontaneous, Contact, Threshold)}
