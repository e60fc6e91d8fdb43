"""C2 and C10: the reproduction number of a united circle, and circles of mixed or of uniform people."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Part, mean_interval, more_than
from tenfold.world.world import LIVED

__all__ = ["C2", "C10"]

HUNDRED, CIRCLE, STEPS = 100, 10, 300
REPLICATE_FACTOR = 25  # replicates of a hundred people for each replicate of a whole world


def offspring(experiment: Experiment, lapse: float, first: float) -> NDArray[np.int64]:
    """How many of the nine other circles of its hundred one united circle unites by itself, by replicate: the reproduction number.

    Only the first circle acts outside. While θ or more of its ten people have attained, it acts on everybody of the hundred at the
    hazard η · 10 · first / 100, as in the world. Inside a circle each who has joined draws the others at η / 10. All lapse; a circle is
    counted once it has been united.
    """
    from tenfold.networks.groups import Groups
    from tenfold.spread.arrays import Network
    from tenfold.spread.model import Model
    from tenfold.spread.rules import Contact, Group, Spontaneous
    from tenfold.spread.simulate import simulate

    least = int(np.ceil(round(experiment.parameter("threshold") * CIRCLE, 9)))
    eta = experiment.parameter("join")
    outward, inward, leave = (float(-np.expm1(-hazard)) for hazard in (eta * CIRCLE * first / HUNDRED, eta / CIRCLE, lapse))
    rules = (
        Group("new", "united", via="new", least=least, layer="circles"),
        Group("not yet", "new", via="seed", least=least, chance=outward, layer="hundred"),
        Contact("not yet", "new", via="new", chance=inward, layer="ties"),
        Spontaneous("new", "not yet", chance=leave),
        Spontaneous("seed", "gone", chance=leave),
    )
    model = Model(("not yet", "new", "united", "seed", "gone"), rules, "offspring of a circle")
    circles = Groups.circles(HUNDRED, CIRCLE)
    networks: dict[str, Network] = {"circles": circles, "ties": circles.graph(), "hundred": Groups.circles(HUNDRED, HUNDRED)}
    found = simulate(
        model,
        networks,
        steps=STEPS,
        start={"seed": list(range(CIRCLE))},
        replicates=REPLICATE_FACTOR * experiment.replicates,
        seed=experiment.seed,
        keep=("final",),
    )
    united = np.asarray(found.final)[:, CIRCLE:].reshape(-1, HUNDRED // CIRCLE - 1, CIRCLE) == model.states.index("united")
    counted: NDArray[np.int64] = united.any(axis=2).sum(axis=1)
    return counted


def reproduction(experiment: Experiment) -> Finding:
    """Mean offspring at the defaults, and by lapsing and by the power of a united circle."""

    def parts(lapse: float, first: float) -> tuple[Part, ...]:
        return (
            more_than("other circles that one united circle unites", mean_interval(offspring(experiment, lapse, first)), 1.0),
        )

    lapse, first = experiment.parameter("lapse"), experiment.parameter("first")
    at_default = offspring(experiment, lapse, first)
    by_lapse = experiment.sweep(
        "lapse",
        lapse,
        lambda value: parts(value, first),
        experiment.sweep_values(0.0005, 0.08, log=True),
        label="the rate of lapsing",
        log=True,
    )
    by_first = experiment.sweep(
        "first",
        first,
        lambda value: parts(lapse, value),
        experiment.sweep_values(0.0, 12.0),
        label="the power of the first degree, in tens,",
    )
    spread = [{"x": float(k), "series": "share of runs", "y": float((at_default == k).mean())} for k in range(HUNDRED // CIRCLE)]
    return Finding(
        parts=parts(lapse, first),
        headline=mean_interval(at_default),
        measure="other circles that one united circle unites by itself (of nine)",
        sweeps=(by_lapse, by_first),
        panels=(
            Panel("bars", "How many circles one circle unites", pl.DataFrame(spread), "other circles united", "share of runs"),
            sweep_panel(by_lapse, "The more lapse, the fewer", "chance to lapse in a step (rate)", "circles", log=True),
            sweep_panel(
                by_first,
                "The more a united circle has of power, the more",
                "power of the first degree, in tens (first)",
                "circles",
            ),
        ),
    )


C2 = Claim(
    name="C2",
    title="Multiplying",
    says="“this point must multiply”",
    statement="One united circle gives rise to more than one other.",
    hypothesis="A united circle, alone in its hundred, unites more than one other circle by itself before it lapses.",
    design=(
        "The reproduction number, counted: a hundred people, one circle united at the start; only it acts outside, by the world's"
        " rule of the first degree; circles that become united are counted and do not act. Everybody lapses at one rate and"
        " nobody is kept. Sweeps: lapsing, and the first degree's power."
    ),
    rests_on=(
        "The power of the first degree (60 on a hundred people) against the rate at which people lapse: the text gives the first,"
        " the second is assumed."
    ),
    run=reproduction,
    assumes={"join": 0.05, "threshold": 0.7, "first": 6.0, "lapse": LIVED["lapse"]},
)

CIRCLES = 200
ARMS = ("mixed circles", "uniform circles")


def lapse_rates(width: float, mean: float, mixed: bool) -> NDArray[np.float64]:
    """The rate of lapsing of each person, (CIRCLES · CIRCLE,).

    There are ten degrees of people; the highest rate is e^width times the lowest, and `mean` is the mean of all. A mixed circle has one
    person of each degree, a uniform circle ten of one.
    """
    degrees = np.exp(width * (np.arange(CIRCLE) / (CIRCLE - 1) - 0.5))
    degrees *= mean / degrees.mean()
    return np.tile(degrees, CIRCLES) if mixed else np.repeat(degrees, CIRCLES)


def share_attained(experiment: Experiment, width: float, mean: float, mixed: bool, start: float) -> NDArray[np.float64]:
    """The share who have attained after `steps`, by replicate. Inside circles only, each who has attained draws each other at η / 10."""
    from tenfold.networks.groups import Groups
    from tenfold.spread.model import Model
    from tenfold.spread.rules import Contact, Spontaneous
    from tenfold.spread.simulate import simulate

    model = Model(
        ("not yet", "attained"),
        (
            Contact("not yet", "attained", via="attained", chance=float(-np.expm1(-experiment.parameter("join") / CIRCLE))),
            Spontaneous("attained", "not yet", chance="lapse"),
        ),
        "a circle of ten",
    )
    found = simulate(
        model,
        Groups.circles(CIRCLES * CIRCLE, CIRCLE).graph(),
        steps=int(experiment.parameter("steps")),
        start={"attained": start},
        traits={"lapse": -np.expm1(-lapse_rates(width, mean, mixed))},
        replicates=experiment.replicates,
        seed=experiment.seed,
    )
    shares: NDArray[np.float64] = found.counts[:, -1, 1] / (CIRCLES * CIRCLE)
    return shares


def compare_mixing(experiment: Experiment) -> Finding:
    """Mixed circles against uniform ones, from everybody attained (keeping) and from a few (growing)."""

    def parts(width: float, mean: float) -> tuple[Part, ...]:
        gaps = [
            share_attained(experiment, width, mean, True, share) - share_attained(experiment, width, mean, False, share)
            for share in (1.0, experiment.parameter("few"))
        ]
        return (
            more_than("kept: mixed less uniform circles", mean_interval(gaps[0]), 0.0),
            more_than("grown from few: mixed less uniform circles", mean_interval(gaps[1]), 0.0),
        )

    width, mean = experiment.parameter("width"), experiment.parameter("lapse")
    by_mean = experiment.sweep(
        "lapse",
        mean,
        lambda value: parts(width, value),
        experiment.sweep_values(0.0005, 0.06, log=True),
        label="the mean rate of lapsing",
        log=True,
    )
    by_width = experiment.sweep(
        "width", width, lambda value: parts(value, mean), experiment.sweep_values(0.0, 4.0), label="the width of the spectrum"
    )
    rows = [
        line_rows(value, arm, share_attained(experiment, width, value, arm == ARMS[0], 1.0), share=True)
        for value in experiment.sweep_values(0.0005, 0.06, log=True)
        for arm in ARMS
    ]
    at_default = parts(width, mean)
    return Finding(
        parts=at_default,
        headline=at_default[0].interval,
        measure="share attained at the end, mixed less uniform circles, all attained at the start",
        sweeps=(by_mean, by_width),
        panels=(
            Panel(
                "lines",
                "Kept, by how quickly people lapse",
                pl.DataFrame(rows),
                "mean rate of lapsing",
                "share attained",
                log="x",
            ),
            sweep_panel(by_mean, "Mixed less uniform", "mean rate of lapsing", "difference in the share attained", log=True),
            sweep_panel(
                by_width,
                "The wider the spectrum",
                "width of the spectrum (log of the largest over the smallest rate)",
                "difference in the share attained",
            ),
        ),
    )


C10 = Claim(
    name="C10",
    title="A full spectrum",
    says="a “full spectrum” of degrees among us; the variation means that it “lives and develops”",
    statement="Mixed circles keep and grow more than uniform ones.",
    hypothesis=(
        "With the same people, circles of one of each degree have more attained in the end than circles of one degree, both from"
        " all attained and from few."
    ),
    design=(
        f"{CIRCLES} circles of ten; ten degrees of people, who differ in how quickly they lapse; the mean is the same. Inside a"
        " circle everybody who has attained draws the others. Sweeps: the mean rate of lapsing, and how wide the spectrum is."
    ),
    rests_on=(
        "That degrees of people differ in how quickly they lapse, and that people draw each other inside circles only: what"
        " counts is whether the average circle can keep itself."
    ),
    run=compare_mixing,
    assumes={"join": 0.05, "lapse": LIVED["lapse"], "width": 2.0, "few": 0.3, "steps": 300.0},
)
