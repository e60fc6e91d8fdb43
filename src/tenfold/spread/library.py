"""Named models, each with its source. Chances are per step."""

from __future__ import annotations

from collections.abc import Callable

from tenfold.spread.model import Model
from tenfold.spread.rules import LAST, Contact, Spontaneous, Threshold

__all__ = [
    "MODELS",
    "competing",
    "forgetting",
    "independent_cascade",
    "majority",
    "seir",
    "si",
    "sir",
    "sir_vaccination",
    "sirs",
    "sis",
    "threshold",
    "weighted_cascade",
]

KERMACK = "Kermack, McKendrick 1927, doi:10.1098/rspa.1927.0118"


def si(*, chance: float | str = 0.1) -> Model:
    """Susceptible, infectious for ever."""
    return Model(("S", "I"), (Contact("S", "I", via="I", chance=chance),), "si", KERMACK)


def sis(*, chance: float | str = 0.1, recovery: float = 0.2) -> Model:
    """Susceptible, infectious, susceptible again."""
    rules = (Contact("S", "I", via="I", chance=chance), Spontaneous("I", "S", chance=recovery))
    return Model(("S", "I"), rules, "sis", KERMACK)


def sir(*, chance: float | str = 0.05, recovery: float = 0.1) -> Model:
    """Susceptible, infectious, recovered for ever."""
    rules = (Contact("S", "I", via="I", chance=chance), Spontaneous("I", "R", chance=recovery))
    return Model(("S", "I", "R"), rules, "sir", KERMACK)


def seir(*, chance: float | str = 0.05, onset: float = 0.2, recovery: float = 0.1) -> Model:
    """As SIR, with a time of being exposed before being infectious."""
    rules = (
        Contact("S", "E", via="I", chance=chance),
        Spontaneous("E", "I", chance=onset),
        Spontaneous("I", "R", chance=recovery),
    )
    return Model(("S", "E", "I", "R"), rules, "seir", "Anderson, May 1991, Infectious Diseases of Humans")


def sirs(*, chance: float | str = 0.05, recovery: float = 0.1, loss: float = 0.02) -> Model:
    """As SIR, but recovery is lost again."""
    rules = (
        Contact("S", "I", via="I", chance=chance),
        Spontaneous("I", "R", chance=recovery),
        Spontaneous("R", "S", chance=loss),
    )
    return Model(("S", "I", "R"), rules, "sirs", "Anderson, May 1991, Infectious Diseases of Humans")


def independent_cascade(*, chance: float | str = 0.1) -> Model:
    """Who is newly active (I) tries each neighbour once, and is spent (R)."""
    rules = (Contact("S", "I", via="I", chance=chance), Spontaneous("I", "R"))
    return Model(("S", "I", "R"), rules, "independent_cascade", "Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769")


def weighted_cascade() -> Model:
    """The independent cascade with the edge's own weight as its chance, such as one over the degree of whom it reaches."""
    model = independent_cascade(chance="weight")
    return Model(model.states, model.rules, "weighted_cascade", model.source)


def threshold(*, fraction: float = 0.18) -> Model:
    """Who sees at least this fraction of neighbours active becomes active."""
    return Model(
        ("S", "A"), (Threshold("S", "A", via="A", fraction=fraction),), "threshold", "Watts 2002, doi:10.1073/pnas.082090499"
    )


def majority() -> Model:
    """Two opinions; who sees more than half of the neighbours in the other one takes it over, on ties the first rule wins."""
    rules = (Threshold("A", "B", via="B", fraction=0.5000001), Threshold("B", "A", via="A", fraction=0.5000001))
    return Model(("A", "B"), rules, "majority", "Galam 2002, doi:10.1140/epjb/e20020045")


def competing(*, first: float = 0.05, second: float = 0.05) -> Model:
    """Two contagions of which each person takes up one; where both arrive at once the first wins."""
    rules = (Contact("S", "A", via="A", chance=first), Contact("S", "B", via="B", chance=second))
    return Model(("S", "A", "B"), rules, "competing", "Karrer, Newman 2011, doi:10.1103/PhysRevE.84.036106")


def forgetting(*, chance: float | str = 0.05, drop: float = 0.05, again: float = 0.01) -> Model:
    """Adopted, given up, and taken up again from neighbours with another chance."""
    rules = (
        Contact("not yet", "adopted", via="adopted", chance=chance),
        Spontaneous("adopted", "gave up", chance=drop),
        Contact("gave up", "adopted", via="adopted", chance=again),
    )
    return Model(("not yet", "adopted", "gave up"), rules, "forgetting", "Rogers 2003, Diffusion of Innovations (discontinuance)")


def sir_vaccination(*, chance: float | str = 0.05, recovery: float = 0.1, vaccination: float = 0.02, since: int = 10) -> Model:
    """As SIR; from step `since` on the susceptible are vaccinated with a chance of their own."""
    rules = (
        Spontaneous("S", "V", since=since, until=LAST, chance=vaccination),
        Contact("S", "I", via="I", chance=chance),
        Spontaneous("I", "R", chance=recovery),
    )
    return Model(("S", "I", "R", "V"), rules, "sir_vaccination", "Anderson, May 1991, Infectious Diseases of Humans")


MODELS: dict[str, Callable[..., Model]] = {
    "si": si,
    "sis": sis,
    "sir": sir,
    "seir": seir,
    "sirs": sirs,
    "independent_cascade": independent_cascade,
    "weighted_cascade": weighted_cascade,
    "threshold": threshold,
    "majority": majority,
    "competing": competing,
    "forgetting": forgetting,
    "sir_vaccination": sir_vaccination,
}
