"""C12: bonds survive distance if contact goes on."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.kernels.streams import MEETINGS
from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Part, at_least, less_than, mean_interval

__all__ = ["C12"]

PEOPLE, BONDS, WEEKS = 200, 12, 52
MARGIN, FADED = 0.1, 0.5
DISTANCES = (0.0, 25.0, 50.0, 100.0, 200.0, 400.0, 800.0)
ARMS = ("meetings, and contact goes on", "meetings only", "no contact")


def bonds_kept(experiment: Experiment, distance: float, virtual: float) -> NDArray[np.float64]:
    """The share of the bonds made at the convention that are alive a year later, by replicate, where all live `distance` km apart.

    Two people in one place meet each week; at a distance d they do with the chance 2^(−d / half_meeting). In the other weeks a call or
    letter counts as a contact with the chance `virtual`. A negative `virtual` stands for no contact at all.
    """
    from tenfold.forecast.assumptions import Assumptions
    from tenfold.forecast.simulate import Cohort, simulate_weeks
    from tenfold.forecast.survey import weibull_hazard
    from tenfold.networks.generators import regular

    graph = regular(PEOPLE, BONDS, seed=experiment.seed).simple()
    near = np.repeat(np.arange(PEOPLE), graph.degree())
    once = near < graph.other
    a, b = near[once].astype(np.int64), graph.other[once].astype(np.int64)
    m = len(a)
    uniform = np.random.Generator(np.random.Philox(key=[experiment.seed, MEETINGS])).random((2, WEEKS, m))  # the same in all arms
    meets = 2.0 ** (-distance / experiment.parameter("half_meeting")) if virtual >= 0 else 0.0
    contact = (uniform[0] < meets) | (uniform[1] < max(virtual, 0.0) * experiment.parameter("calls"))
    rows = [np.flatnonzero(week) for week in contact]
    schedule = [np.stack([a[k], b[k], k], axis=1) for k in rows]
    hazard, everything = weibull_hazard(), np.ones(m, np.bool_)
    survival = np.exp(-np.concatenate([[0.0], hazard.cumsum()])[: WEEKS + 1])
    cohort = Cohort(
        person=np.ones((PEOPLE, WEEKS + 1)),
        a=a,
        b=b,
        pair=np.arange(m),
        bond=np.tile(survival, (m, 1)),
        known=everything,
        no_shared_language=np.logical_not(everything),
        person_after=np.zeros(WEEKS + 1),
        bond_after=hazard,
    )
    assumptions = Assumptions(
        degree_ratios=(1.0,),
        contact_ratio=1.0,
        adherence=experiment.parameter("adherence"),
        formation=0.0,
        renewal=experiment.parameter("renew"),
        reactivation=0.0,
        sources={},
    )
    found = simulate_weeks(cohort, schedule, assumptions, replicates=experiment.replicates, seed=experiment.seed, endpoint=WEEKS)
    experiment.progress(f"C12: {distance:.0f} km")
    shares: NDArray[np.float64] = found.bonds_kept[:, -1] / m
    return shares


def distance_effect(experiment: Experiment) -> Finding:
    """Bonds at the far distance with contact against those at home, and without contact."""
    far, virtual = experiment.parameter("distance"), experiment.parameter("virtual")
    home, no_contact = bonds_kept(experiment, 0.0, 0.0), bonds_kept(experiment, far, -1.0)

    def with_contact(weight: float) -> tuple[Part, ...]:
        lost = mean_interval(bonds_kept(experiment, far, weight) - home)
        return (at_least(f"bonds kept {far:g} km apart with contact, less those kept at home", lost, -MARGIN),)

    faded = less_than(f"bonds kept {far:g} km apart without contact", mean_interval(no_contact), FADED)
    sweep = experiment.sweep(
        "virtual", virtual, with_contact, experiment.sweep_values(0.0, 1.0), label="the chance that a call counts as a contact"
    )
    at_default = with_contact(virtual)
    rows = []
    for distance in DISTANCES:
        for arm, weight in zip(ARMS, (virtual, 0.0, -1.0), strict=True):
            rows.append(line_rows(distance, arm, bonds_kept(experiment, distance, weight), share=True))
    kept_far = mean_interval(bonds_kept(experiment, far, virtual))
    return Finding(
        parts=(*at_default, faded),
        headline=kept_far,
        measure=f"share of bonds alive a year later, {far:g} km apart, contact going on",
        sweeps=(sweep,),
        panels=(
            Panel(
                "lines",
                "Bonds of the convention alive a year later",
                pl.DataFrame(rows),
                "km apart",
                "share of bonds",
                rule=FADED,
            ),
            sweep_panel(
                sweep,
                "How much a call has to count",
                "chance that a call or letter counts as a contact",
                "difference in the share of bonds",
            ),
        ),
    )


C12 = Claim(
    name="C12",
    title="Distance",
    says="“we will return back home”; “close to my friends despite the distance”",
    statement="Bonds survive distance if contact goes on.",
    hypothesis=(
        f"Far apart with contact, at most {MARGIN:.0%} fewer of the bonds are alive after a year than among people who stayed in"
        " one place; without contact fewer than half are."
    ),
    design=(
        f"The forecast's model of bonds: {PEOPLE} people with {BONDS} bonds each, {WEEKS} weeks, all living equally far apart;"
        " meetings get rarer with distance, calls do not. The arms share bonds, luck and weeks of contact. Sweep: the chance"
        " that a call counts as a contact."
    ),
    rests_on=(
        "A bond in this model knows of distance only through contact, so with calls that count in full the claim follows from the"
        " assumption; what is found is how much a call has to count. The hazards are those of the forecast (70, 50, 26 % left"
        " after 1, 3, 12 months untended)."
    ),
    run=distance_effect,
    assumes={"distance": 400.0, "virtual": 1.0, "calls": 1.0, "half_meeting": 50.0, "adherence": 0.8, "renew": 0.3},
)
