"""C3 and C5: how long each degree takes, and whether everyone is reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.lab import Lab, until
from tenfold.world.claims.verdict import Part, at_least, mean_of, more_than
from tenfold.world.world import LIVED

__all__ = ["C3", "C5"]

STEPS = 400
CIRCLE, MANY = np.arange(10), 3


def durations(lab: Lab, steps: int = STEPS, **changes: Any) -> NDArray[np.float64]:
    """Steps that each degree took, (replicates, degrees); what never came counts as come at the last step."""
    found = lab.run(steps=steps, **changes)
    times = np.where(found.degree_times < 0, steps, found.degree_times).astype(np.float64)
    each: NDArray[np.float64] = np.diff(times, axis=1, prepend=0.0)
    return each


def first_longest(lab: Lab) -> Finding:
    """The first degree against the longest of the later ones."""

    def parts(first: float) -> tuple[Part, ...]:
        each = durations(lab, many=lab.enough(MANY), first=first)
        gap = mean_of(each[:, 0] - each[:, 1:].max(axis=1))
        return (more_than("steps to the first degree, less those of the longest later one", gap, 0.0),)

    first = lab.get("first")
    sweep = lab.sweep("first", first, parts, [0.5, 1.0, 1.5, 2.0, 4.0, 9.0], label="the power of the first degree, in tens,")
    each, flat = durations(lab, many=lab.enough(MANY)), durations(lab, many=lab.enough(MANY), first=1.0)
    rows = []
    for name, table in (("by default", each), ("without the jump to sixty (first = 1)", flat)):
        rows += [line_rows(degree + 1.0, name, table[:, degree]) for degree in range(table.shape[1])]
    return Finding(
        parts=parts(first),
        headline=mean_of(each[:, 0] / each[:, 1:].mean(axis=1)),
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
    run=first_longest,
    world={},
)


def everyone(lab: Lab) -> Finding:
    """The share of people and of villages reached from one circle, at the best step."""

    def parts(**changes: Any) -> tuple[Part, ...]:
        found = lab.run(steps=int(lab.get("steps")), start=CIRCLE, **changes)
        people = found.reach.max(axis=1) / found.world.people
        villages = (found.village_times >= 0).mean(axis=1)
        return (
            at_least("share of villages that were united", mean_of(villages), 1.0),
            at_least("largest share of people attained at one step", mean_of(people), lab.get("full")),
        )

    lapse, isolated = lab.get("lapse"), lab.get("isolated")
    by_lapse = lab.sweep(
        "lapse",
        lapse,
        lambda value: parts(lapse=value),
        [0.0, *lab.points(0.002, 2.0, log=True)],
        label="the rate of lapsing",
        log=True,
    )
    by_threshold = lab.sweep(
        "threshold",
        lab.get("threshold"),
        lambda value: parts(threshold=value),
        [0.5, 0.6, 0.8, 0.9, 1.0],
        label="the threshold of unity",
    )
    here = parts()
    found = lab.run(steps=int(lab.get("steps")), start=CIRCLE)
    bare = lab.run(steps=int(lab.get("steps")), start=CIRCLE, lapse=0.0, isolated=0.0)
    rows = []
    for name, one in (("as lived", found), ("nobody lapses, nobody is isolated", bare)):
        curve = one.reach / one.world.people
        last = min(int(until(one, 0.999 * float(curve.max())).max()) + 40, curve.shape[1] - 1)
        every = max(1, last // 60)
        rows += [
            line_rows(float(step), name, curve[:, min(step, curve.shape[1] - 1)], share=True)
            for step in range(0, last + 1, every)
        ]
    return Finding(
        parts=here,
        headline=here[1].interval,
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
    run=everyone,
    assumes={"steps": 300, "full": 0.99},
    world=LIVED,
)
