"""Named models, each with its source. Chances are per step; with rates instead, per time, a model runs on the continuous clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Imitation, Mixing, Spontaneous, Threshold

__all__ = [
    "MODELS",
    "attainment",
    "bass",
    "competing",
    "forgetting",
    "independent_cascade",
    "kertesz",
    "linear_threshold",
    "majority",
    "profile",
    "q_voter",
    "retention",
    "seir",
    "seis",
    "si",
    "simplicial",
    "sir",
    "sir_vaccination",
    "sirs",
    "sis",
    "swir",
    "threshold",
    "voter",
    "weighted_cascade",
]

KERMACK = "Kermack, McKendrick 1927, doi:10.1098/rspa.1927.0118"
ANDERSON = "Anderson, May 1991, Infectious Diseases of Humans"


def _pace(chance: float | str, rate: float | str | None) -> dict[str, Any]:
    """The chance, or the rate where one is given."""
    return {"chance": chance} if rate is None else {"rate": rate}


def si(*, chance: float | str = 0.1, rate: float | str | None = None) -> Model:
    """Susceptible, infectious for ever."""
    return Model(("S", "I"), (Contact("S", "I", via="I", **_pace(chance, rate)),), "si", KERMACK)


def sis(
    *, chance: float | str = 0.1, recovery: float = 0.2, rate: float | str | None = None, recovery_rate: float | None = None
) -> Model:
    """Susceptible, infectious, susceptible again."""
    rules = (Contact("S", "I", via="I", **_pace(chance, rate)), Spontaneous("I", "S", **_pace(recovery, recovery_rate)))
    return Model(("S", "I"), rules, "sis", KERMACK)


def sir(
    *, chance: float | str = 0.05, recovery: float = 0.1, rate: float | str | None = None, recovery_rate: float | None = None
) -> Model:
    """Susceptible, infectious, recovered for ever."""
    rules = (Contact("S", "I", via="I", **_pace(chance, rate)), Spontaneous("I", "R", **_pace(recovery, recovery_rate)))
    return Model(("S", "I", "R"), rules, "sir", KERMACK)


def seir(
    *,
    chance: float | str = 0.05,
    onset: float = 0.2,
    recovery: float = 0.1,
    rate: float | str | None = None,
    onset_rate: float | None = None,
    recovery_rate: float | None = None,
) -> Model:
    """As SIR, with a time of being exposed before being infectious."""
    rules = (
        Contact("S", "E", via="I", **_pace(chance, rate)),
        Spontaneous("E", "I", **_pace(onset, onset_rate)),
        Spontaneous("I", "R", **_pace(recovery, recovery_rate)),
    )
    return Model(("S", "E", "I", "R"), rules, "seir", ANDERSON)


def seis(
    *,
    chance: float | str = 0.05,
    onset: float = 0.2,
    recovery: float = 0.1,
    rate: float | str | None = None,
    onset_rate: float | None = None,
    recovery_rate: float | None = None,
) -> Model:
    """As SEIR, but who recovers is susceptible again."""
    rules = (
        Contact("S", "E", via="I", **_pace(chance, rate)),
        Spontaneous("E", "I", **_pace(onset, onset_rate)),
        Spontaneous("I", "S", **_pace(recovery, recovery_rate)),
    )
    return Model(("S", "E", "I"), rules, "seis", ANDERSON)


def sirs(
    *,
    chance: float | str = 0.05,
    recovery: float = 0.1,
    loss: float = 0.02,
    rate: float | str | None = None,
    recovery_rate: float | None = None,
    loss_rate: float | None = None,
) -> Model:
    """As SIR, but recovery is lost again."""
    rules = (
        Contact("S", "I", via="I", **_pace(chance, rate)),
        Spontaneous("I", "R", **_pace(recovery, recovery_rate)),
        Spontaneous("R", "S", **_pace(loss, loss_rate)),
    )
    return Model(("S", "I", "R"), rules, "sirs", ANDERSON)


def swir(*, infection: float = 0.05, weakening: float = 0.1, weak_infection: float = 0.3, recovery: float = 1.0) -> Model:
    """A contact infects, or only weakens; the weakened are infected more easily."""
    rules = (
        Contact("S", "I", via="I", chance=infection),
        Contact("S", "W", via="I", chance=weakening),
        Contact("W", "I", via="I", chance=weak_infection),
        Spontaneous("I", "R", chance=recovery),
    )
    return Model(("S", "W", "I", "R"), rules, "swir", "Lee, Choi, Kahng 2017, doi:10.1038/s41598-017-09157-x")


def sir_vaccination(*, chance: float | str = 0.05, recovery: float = 0.1, vaccination: float = 0.02, since: int = 10) -> Model:
    """As SIR; from step `since` on the susceptible are vaccinated with a chance of their own."""
    rules = (
        Spontaneous("S", "V", since=since, chance=vaccination),
        Contact("S", "I", via="I", chance=chance),
        Spontaneous("I", "R", chance=recovery),
    )
    return Model(("S", "I", "R", "V"), rules, "sir_vaccination", ANDERSON)


def independent_cascade(*, chance: float | str = 0.1) -> Model:
    """Who is newly active (I) tries each neighbour once, and is spent (R)."""
    rules = (Contact("S", "I", via="I", chance=chance), Spontaneous("I", "R"))
    return Model(("S", "I", "R"), rules, "independent_cascade", "Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769")


def weighted_cascade() -> Model:
    """The independent cascade with the edge's own weight as its chance; see `Graph.with_chance_by_degree`."""
    model = independent_cascade(chance="weight")
    return Model(model.states, model.rules, "weighted_cascade", model.source)


def linear_threshold(*, weighted: bool = False) -> Model:
    """Who has a random share of neighbours (or `weighted`: a random sum of edge weights, at most 1 in all) active becomes active."""
    rules = (Threshold("S", "A", via="A", fraction="random", weighted=weighted),)
    return Model(("S", "A"), rules, "linear_threshold", "Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769")


def threshold(*, fraction: float | str = 0.18) -> Model:
    """Who sees at least this fraction of neighbours active becomes active; a text names a trait, a fraction of each person's own."""
    rules = (Threshold("S", "A", via="A", fraction=fraction),)
    return Model(("S", "A"), rules, "threshold", "Watts 2002, doi:10.1073/pnas.082090499")


def kertesz(*, fraction: float | str = 0.18, spontaneous: float = 0.005) -> Model:
    """Threshold adoption with people who adopt by themselves, and others (B, named at the start) who never do."""
    rules = (Threshold("S", "A", via="A", fraction=fraction), Spontaneous("S", "A", chance=spontaneous))
    return Model(("S", "A", "B"), rules, "kertesz", "Ruan, Iñiguez, Karsai, Kertész 2015, doi:10.1103/PhysRevLett.115.218702")


def profile(*, chance: float | str = 0.3, count: int = 1) -> Model:
    """Who sees at least `count` neighbours active becomes active by a chance, or, as the name of a trait, by their own."""
    rules = (Threshold("S", "A", via="A", count=count, chance=chance),)
    return Model(("S", "A"), rules, "profile", "Milli et al. 2018, doi:10.1007/978-3-319-72150-7_40")


def voter(*, rate: float | None = None) -> Model:
    """Two opinions; everybody takes over that of a neighbour at random."""
    pace = _pace(1.0, rate)
    rules = (Imitation("A", "B", via="B", **pace), Imitation("B", "A", via="A", **pace))
    return Model(("A", "B"), rules, "voter", "Holley, Liggett 1975, doi:10.1214/aop/1176996306")


def q_voter(*, sample: int = 2, doubt: float = 0.01) -> Model:
    """Two opinions; who finds `sample` neighbours of one mind joins them, and opinions change by themselves now and then."""
    rules = (
        Imitation("A", "B", via="B", sample=sample),
        Imitation("B", "A", via="A", sample=sample),
        Spontaneous("A", "B", chance=doubt),
        Spontaneous("B", "A", chance=doubt),
    )
    return Model(("A", "B"), rules, "q_voter", "Castellano, Muñoz, Pastor-Satorras 2009, doi:10.1103/PhysRevE.80.041129")


def majority() -> Model:
    """Two opinions; who sees more than half of the neighbours in the other one takes it over."""
    rules = (Threshold("A", "B", via="B", fraction=0.5, strict=True), Threshold("B", "A", via="A", fraction=0.5, strict=True))
    return Model(("A", "B"), rules, "majority", "Galam 2002, doi:10.1140/epjb/e20020045")


def bass(
    *, innovation: float = 0.03, imitation: float = 0.38, rate: float | None = None, imitation_rate: float | None = None
) -> Model:
    """Adoption by oneself, and by the share of all who have adopted; needs no network. `rate` is that of innovation."""
    rules = (Spontaneous("S", "A", **_pace(innovation, rate)), Mixing("S", "A", via="A", **_pace(imitation, imitation_rate)))
    return Model(("S", "A"), rules, "bass", "Bass 1969, doi:10.1287/mnsc.15.5.215")


def simplicial(
    *,
    chance: float = 0.03,
    group_chance: float = 0.1,
    recovery: float = 0.2,
    least: int = 2,
    rate: float | None = None,
    group_rate: float | None = None,
    recovery_rate: float | None = None,
) -> Model:
    """SIS on edges, and in groups once `least` members are infectious: two for triangles."""
    rules = (
        Contact("S", "I", via="I", **_pace(chance, rate)),
        Group("S", "I", via="I", least=least, **_pace(group_chance, group_rate)),
        Spontaneous("I", "S", **_pace(recovery, recovery_rate)),
    )
    return Model(("S", "I"), rules, "simplicial", "Iacopini, Petri, Barrat, Latora 2019, doi:10.1038/s41467-019-10431-6")


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


def retention(*, fading: float = 0.1, lapse: float = 0.1, support: float = 0.05, recall: float = 0.02) -> Model:
    """Kept, fading, lost: neighbours who are kept bring back those who fade, and more rarely those who are lost."""
    rules = (
        Contact("fading", "kept", via="kept", chance=support),
        Contact("lost", "kept", via="kept", chance=recall),
        Spontaneous("kept", "fading", chance=fading),
        Spontaneous("fading", "lost", chance=lapse),
    )
    return Model(
        ("kept", "fading", "lost"), rules, "retention", "Rogers 2003, Diffusion of Innovations (discontinuance), in three states"
    )


def attainment(*, chance: float = 0.1, least: int = 6, meeting: float = 0.01, lapse: float = 0.02) -> Model:
    """A circle in which `least` have attained brings the others there; a few attain by a tie; who has attained may lapse."""
    rules = (
        Group("not yet", "attained", via="attained", least=least, chance=chance),
        Contact("not yet", "attained", via="attained", chance=meeting),
        Spontaneous("attained", "not yet", chance=lapse),
    )
    return Model(
        ("not yet", "attained"),
        rules,
        "attainment",
        "after Iacopini et al. 2019, doi:10.1038/s41467-019-10431-6, in circles of ten",
    )


MODELS: dict[str, Callable[..., Model]] = {
    make.__name__: make
    for make in (
        si, sis, sir, seir, seis, sirs, swir, sir_vaccination, independent_cascade, weighted_cascade, linear_threshold, threshold,
        kertesz, profile, voter, q_voter, majority, bass, simplicial, competing, forgetting, retention, attainment,
    )
}  # fmt: skip
