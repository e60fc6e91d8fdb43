"""C3 and C5: how long each degree takes, and whether everyone is reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment, first_step_reaching
from tenfold.world.claims.verdict import Part, at_least, mean_interval, more_than
from tenfold.world.world import LIVED

__all__ = ["C3", "C5"]

STEPS = 400
CIRCLE, REPLICATE_FACTOR = np.arange(10), 3


def degree_durations(experiment: Experiment, steps: int = STEPS, **changes: Any) -> NDArray[np.float64]:
    """Steps that each degree took, (replicates, degrees). A degree that never came counts as reached at the last step."""
    factor = experiment.limited_factor(REPLICATE_FACTOR)
    found = experiment.run(steps=steps, replicate_factor=factor, **changes)
    times = np.where(found.degree_times < 0, steps, found.degree_times).astype(np.float64)
    each: NDArray[np.float64] = np.diff(times, axis=1, prepend=0.0)
    return each


def first_degree_longest(experiment: Experiment) -> Finding:
    """The duration of the first degree against that of the longest later one."""

    def parts(first: float) -> tuple[Part, ...]:
        each = degree_durations(experiment, first=first)
        gap = mean_interval(each[:, 0] - each[:, 1:].max(axis=1))
        return (more_than("steps to the first degree, less those of the longest later one", gap, 0.0),)

    first = experiment.parameter("first")
    sweep = experiment.sweep(
        "first", first, parts, [0.5, 1.0, 1.5, 2.0, 4.0, 9.0], label="the power of the first degree, in tens,"
    )
    each, flat = degree_durations(experiment), degree_durations(experiment, first=1.0)
    rows = []
    for name, table in (("by default", each), ("without the jump to sixty (first = 1)", flat)):
        rows += [line_rows(degree + 1.0, name, table[:, degree]) for degree in range(table.shape[1])]
    return Finding(
        parts=parts(first),
        headline=mean_interval(each[:, 0] / each[:, 1:].mean(axis=1)),
        measure="steps of the first degree over the mean of the later ones",
        sweeps=(sweep,),
        panels=(
            Panel("lines", "Steps that each degree takes", pl.DataFrame(rows), "degree", "steps", whole=True),
            sweep_panel(sweep, "What the jump to sixty does", "power of the first degree, in tens (first)", "steps"),
        ),
    )


C3 = Claim(
    name="C3",
    title="The first stage",
    says=(
        "it “appears overwhelming and never-ending in the beginning”, yet later stages are “much shorter than the first,"
        " preliminary stage”"
    ),
    statement="The first degree takes longer than each later one.",
    hypothesis="From one person on, the first united circle takes more steps than any later degree does.",
    design=(
        "The world with the rule of joining alone; nobody lapses. Steps between the first united group of one degree and of the"
        " next. Sweep: how many times stronger than its ten people the first degree is."
    ),
    rests_on="The jump of the ladder from 1 to 60 where a plain factor of ten would give 10. It is the text's own number.",
    run=first_degree_longest,
    world={},
)


def full_reach(experiment: Experiment) -> Finding:
    """The share of people and of villages reached from one circle, at the best step."""

    def parts(**changes: Any) -> tuple[Part, ...]:
        found = experiment.run(steps=int(experiment.parameter("steps")), start=CIRCLE, **changes)
        people = found.reach.max(axis=1) / found.world.people
        villages = (found.village_times >= 0).mean(axis=1)
        return (
            at_least("share of villages that were united", mean_interval(villages), 1.0),
            at_least("largest share of people attained at one step", mean_interval(people), experiment.parameter("full")),
        )

    lapse, isolated = experiment.parameter("lapse"), experiment.parameter("isolated")
    by_lapse = experiment.sweep(
        "lapse",
        lapse,
        lambda value: parts(lapse=value),
        [0.0, *experiment.sweep_values(0.002, 2.0, log=True)],
        label="the rate of lapsing",
        log=True,
    )
    by_threshold = experiment.sweep(
        "threshold",
        experiment.parameter("threshold"),
        lambda value: parts(threshold=value),
        [0.5, 0.6, 0.8, 0.9, 1.0],
        label="the threshold of unity",
    )
    at_default = parts()
    found = experiment.run(steps=int(experiment.parameter("steps")), start=CIRCLE)
    bare = experiment.run(steps=int(experiment.parameter("steps")), start=CIRCLE, lapse=0.0, isolated=0.0)
    rows = []
    for name, one in (("as lived", found), ("nobody lapses, nobody is isolated", bare)):
        curve = one.reach / one.world.people
        last = min(int(first_step_reaching(one, 0.999 * float(curve.max())).max()) + 40, curve.shape[1] - 1)
        every = max(1, last // 60)
        rows += [
            line_rows(float(step), name, curve[:, min(step, curve.shape[1] - 1)], share=True)
            for step in range(0, last + 1, every)
        ]
    return Finding(
        parts=at_default,
        headline=at_default[1].interval,
        measure="largest share of people attained at one step, from one united circle",
        sweeps=(by_lapse, by_threshold),
        panels=(
            Panel("lines", "People reached", pl.DataFrame(rows), "step", "share of all people", rule=1.0),
            sweep_panel(by_lapse, "The more lapse", "rate of lapsing, per step", "share of villages, or of people"),
        ),
        remarks=(
            (f"Isolated people: {isolated:.0%}; they are joined to virtual circles here. C14 asks what happens if they are not.",)
            if isolated
            else ()
        ),
    )


C5 = Claim(
    name="C5",
    title="The whole world",
    says="the whole world needs it; the method must be conveyed to everyone",
    statement="Full reach is attainable from one united circle.",
    hypothesis="From one united circle every village becomes united, and at some step 99 in 100 people or more have attained.",
    design=(
        "The world as lived: with lapsing, disturbances, demands, mentors, a crisis and isolated people. Start: one circle."
        " Sweeps: lapsing, and the threshold of unity."
    ),
    rests_on="The ladder's powers against the rate at which people lapse, and that everyone has a circle, of place or virtual.",
    run=full_reach,
    assumes={"steps": 300, "full": 0.99},
    world=LIVED,
)
