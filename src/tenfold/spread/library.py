"""Named models, each with its source. Chances are per step; with rates instead, per time, a model runs on the continuous clock."""

from __future__ import annotations

from collections.abc import Callable

from tenfold import checks
from tenfold.spread.epidemics import pace, sair, seir, seis, si, sir, sir_vaccination, sird, sirs, sis, sveir, swir
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Imitation, Mixing, Spontaneous, Threshold

__all__ = [
    "MODELS",
    "attainment",
    "bass",
    "competing",
    "forest_fire",
    "forgetting",
    "general_threshold",
    "generalised_threshold",
    "independent_cascade",
    "kertesz",
    "linear_threshold",
    "majority",
    "profile",
    "profile_threshold",
    "q_voter",
    "retention",
    "sair",
    "seir",
    "seis",
    "si",
    "simplicial",
    "sir",
    "sir_vaccination",
    "sird",
    "sirs",
    "sis",
    "sveir",
    "swir",
    "threshold",
    "voter",
    "weighted_cascade",
]


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


def profile_threshold(
    *, fraction: float | str = 0.1, chance: float | str = 0.9, spontaneous: float = 0.0, blocking: float = 0.0
) -> Model:
    """Who sees at least this fraction of neighbours active becomes active by a chance; who does not may refuse for ever (B)."""
    rules = (
        Spontaneous("S", "A", chance=spontaneous),
        Threshold("S", "A", via="A", fraction=fraction, chance=chance),
        Threshold("S", "B", via="A", fraction=fraction, chance=blocking),
    )
    return Model(("S", "A", "B"), rules, "profile_threshold", "Milli et al. 2018, doi:10.1007/978-3-319-72150-7_40")


def general_threshold(*, fraction: float | str = 0.3) -> Model:
    """Who has a sum of edge weights of at least `fraction` active becomes active; the weights into somebody are at most 1 in all."""
    rules = (Threshold("S", "A", via="A", fraction=fraction, weighted=True),)
    return Model(("S", "A"), rules, "general_threshold", "Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769")


def generalised_threshold(*, fraction: float | str = 0.18, delay: int = 3, spontaneous: float = 0.005) -> Model:
    """Threshold adoption `delay` steps after the threshold is reached, and by people on their own."""
    checks.whole(delay, "generalised_threshold: delay", low=1, high=200)
    waiting = [f"waiting {number}" for number in range(1, delay + 1)]
    rules = (
        Spontaneous("S", "A", chance=spontaneous),
        Threshold("S", waiting[0], via="A", fraction=fraction),
        *(Spontaneous(one, following) for one, following in zip(waiting, [*waiting[1:], "A"], strict=True)),
    )
    source = "Török, Kertész 2017, doi:10.1038/s41598-017-17135-1"
    return Model(("S", *waiting, "A"), rules, "generalised_threshold", source)


def forest_fire(*, chance: float = 1.0, ignition: float = 0.002, growth: float = 0.05) -> Model:
    """A tree burns for a step after a neighbour, or by lightning, and another one grows in its place."""
    rules = (
        Contact("tree", "burning", via="burning", chance=chance),
        Spontaneous("tree", "burning", chance=ignition),
        Spontaneous("burning", "empty"),
        Spontaneous("empty", "tree", chance=growth),
    )
    return Model(("tree", "burning", "empty"), rules, "forest_fire", "Drossel, Schwabl 1992, doi:10.1103/PhysRevLett.69.1629")


def voter(*, rate: float | None = None) -> Model:
    """Two opinions; everybody takes over that of a neighbour at random."""
    own = pace(1.0, rate)
    rules = (Imitation("A", "B", via="B", **own), Imitation("B", "A", via="A", **own))
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
    rules = (Spontaneous("S", "A", **pace(innovation, rate)), Mixing("S", "A", via="A", **pace(imitation, imitation_rate)))
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
        Contact("S", "I", via="I", **pace(chance, rate)),
        Group("S", "I", via="I", least=least, **pace(group_chance, group_rate)),
        Spontaneous("I", "S", **pace(recovery, recovery_rate)),
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
        si,
        sis,
        sir,
        seir,
        seis,
        sirs,
        sird,
        sair,
        sveir,
        swir,
        sir_vaccination,
        independent_cascade,
        weighted_cascade,
        linear_threshold,
        threshold,
        general_threshold,
        generalised_threshold,
        kertesz,
        profile,
        profile_threshold,
        voter,
        q_voter,
        majority,
        bass,
        simplicial,
        competing,
        forgetting,
        retention,
        attainment,
        forest_fire,
    )
}
