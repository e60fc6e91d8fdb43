"""C6 and C8: how far a crisis spreads that is left alone, and what ends it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Part, at_least, less_than, mean_interval, more_than
from tenfold.world.result import WorldResult
from tenfold.world.state import CRISIS_OVER
from tenfold.world.world import AREAS, LIVED

__all__ = ["C6", "C8"]

CRISIS = {"crisis": LIVED["crisis"]}
SEVERE, REPLICATE_FACTOR = 0.5, 0.4  # little in a crisis is random: few replicates are enough


def crisis_reach(experiment: Experiment) -> Finding:
    """Villages and areas that the crisis reaches with nobody attained."""

    def left_alone(**changes: Any) -> WorldResult:
        return experiment.run(steps=int(experiment.parameter("steps")), start=0, **changes)

    def parts(**changes: Any) -> tuple[Part, ...]:
        found = left_alone(**changes)
        return (
            at_least("share of villages reached", mean_interval((found.crisis_times >= 0).mean(axis=1)), 1.0),
            at_least("severity in the area that is least hit", mean_interval(found.crisis[:, -1].min(axis=1)), SEVERE),
        )

    by_spread = experiment.sweep(
        "crisis_spread",
        experiment.parameter("crisis_spread"),
        lambda value: parts(crisis_spread=value),
        [0.0, *experiment.sweep_values(0.001, 0.3, log=True)],
        label="the rate at which the crisis spreads",
    )
    by_areas = experiment.sweep(
        "crisis_areas",
        experiment.parameter("crisis_areas"),
        lambda value: parts(crisis_areas=value),
        [0.0, 0.01, 0.05, 0.2, 0.5, 1.0],
        label="the share of the spread that comes from other areas",
    )
    at_default, found = parts(), left_alone()
    lowest = found.crisis.min(axis=(0, 2))
    full = int((lowest < 0.99 * lowest.max()).sum())  # from this step on little changes
    last = min(full + full // 4 + 10, found.crisis.shape[1] - 1)
    steps = range(0, last + 1, max(1, last // 50))
    rows = [line_rows(float(step), area, found.crisis[:, step, k], share=True) for k, area in enumerate(AREAS) for step in steps]
    villages = found.world.villages
    rows += [
        line_rows(
            float(step),
            "share of villages reached",
            ((found.crisis_times >= 0) & (found.crisis_times <= step)).sum(axis=1) / villages,
            share=True,
        )
        for step in steps
    ]
    return Finding(
        parts=at_default,
        headline=at_default[0].interval,
        measure="share of villages that the crisis reaches, left alone",
        sweeps=(by_spread, by_areas),
        panels=(
            Panel("lines", "The crisis, left alone", pl.DataFrame(rows), "step", "mean severity, or share", rule=SEVERE),
            sweep_panel(
                by_areas, "Whether areas are bound together", "share of the spread from other areas", "share, or severity"
            ),
        ),
    )


C6 = Claim(
    name="C6",
    title="The crisis",
    says=(
        "the crisis “will be expanding, seizing everyone without exception, to the very last village”, every family and person,"
        " “every area of human activity”"
    ),
    statement="Left alone, the crisis reaches every village and area.",
    hypothesis=(
        f"With nobody attained, a crisis in one area of one village reaches every village, and a mean severity of {SEVERE:g} or"
        " more in each of six areas."
    ),
    design=(
        "The world with a crisis as lived and nobody attained. Reached: a mean severity of a tenth. Sweeps: how quickly it"
        " spreads, and how much areas of life draw each other along."
    ),
    rests_on=(
        "That the crisis spreads between all places, that areas of life draw each other along, and that it eases nowhere by"
        " itself."
    ),
    run=crisis_reach,
    assumes={"steps": 1000},
    world=CRISIS,
)


def final_severity(experiment: Experiment, share: float, placed: str, **changes: Any) -> NDArray[np.float64]:
    """The severity at the end where it is highest, by replicate, with a fixed share of people who have attained.

    `placed`: ``"people"`` spreads them evenly, the same share in each circle or each group above it; ``"villages"`` puts them into that
    share of the villages, rounded down. The outbreak is in any village.
    """
    people = experiment.size.people
    ids = np.arange(people)
    if placed == "villages":
        chosen = ids[ids // 1000 >= people // 1000 - int(share * (people // 1000))]  # at most that share
    else:
        place = (ids * 7919) % people  # spreads the chosen over circles; people is no multiple of 7919
        chosen = np.sort(ids[place < round(share * people)])
    found = experiment.run(steps=int(experiment.parameter("steps")), start=chosen, replicate_factor=REPLICATE_FACTOR, **changes)
    worst: NDArray[np.float64] = found.worst[:, -1]
    return worst


def crisis_end(experiment: Experiment) -> Finding:
    """Whether the crisis is over at 50, 90, 99 and 100 per cent."""

    def parts(**changes: Any) -> tuple[Part, ...]:
        before = [
            more_than(
                f"severity where it is highest, {share:.0%} connected, spread evenly",
                mean_interval(final_severity(experiment, share, "people", **changes)),
                CRISIS_OVER,
            )
            for share in (0.5, 0.9, 0.99)
        ]
        whole = less_than(
            "severity where it is highest, all connected",
            mean_interval(final_severity(experiment, 1.0, "people", **changes)),
            CRISIS_OVER,
        )
        return (*before, whole)

    ease = experiment.parameter("crisis_ease")
    by_ease = experiment.sweep(
        "crisis_ease",
        ease,
        lambda value: parts(crisis_ease=value),
        [round(experiment.parameter("crisis_spread") * share, 6) for share in (0.5, 1.0, 1.06, 1.2, 1.5, 2.0)],
        label="the rate at which it eases",
    )
    by_source = experiment.sweep(
        "crisis_source",
        experiment.parameter("crisis_source"),
        lambda value: parts(crisis_source=value),
        [0.0, *experiment.sweep_values(0.00001, 0.1, log=True)],
        label="the rate at which a crisis arises anew among those not connected",
    )
    rows, villages = [], experiment.size.people // 1000
    shares = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
    for placed, name in (("people", "spread evenly over the circles"), ("villages", "whole villages, the others not at all")):
        tried = shares if placed == "people" else sorted({int(share * villages) / villages for share in shares})
        rows += [line_rows(100 * share, name, final_severity(experiment, share, placed)) for share in tried]
    by_village = mean_interval(final_severity(experiment, 0.9, "villages"))
    last = final_severity(experiment, 0.99, "people")
    spread = experiment.parameter("crisis_spread")
    low = -math.log1p(-spread) if spread < 1 else math.inf
    window = (
        "Without a source it spreads so quickly that no ease ends it."
        if low == math.inf
        else f"Without a source, theory leaves a narrow window: all connected end it from an ease of {low:.4f} on, and 99 per cent"
        f" do from {low / 0.99:.4f} on."
    )
    return Finding(
        parts=parts(),
        headline=mean_interval(last),
        measure="severity where it is highest, 99 per cent connected",
        sweeps=(by_ease, by_source),
        panels=(
            Panel(
                "lines",
                "Where the crisis ends",
                pl.DataFrame(rows),
                "per cent of people connected",
                "severity where it is highest, at the end",
                rule=CRISIS_OVER,
            ),
        ),
        remarks=(
            window,
            (
                "With nine in ten villages wholly connected and one not at all, severity at the worst place is"
                f" {by_village.estimate:.2f} in the end."
            ),
        ),
    )


C8 = Claim(
    name="C8",
    title="The end of the crisis",
    says="the crisis does not stop “until the entire world enters a mutual interconnection”",
    statement="The crisis ends at full connection, not at 50, 90 or 99 per cent.",
    hypothesis=f"Held at 50, 90 and 99 per cent connected, severity stays above {CRISIS_OVER:g} somewhere; at 100 it falls below.",
    design=(
        "The world with a crisis as lived; a share of the people has attained from the start, and nobody joins or lapses."
        " Severity at the worst place in the end. Sweeps: how quickly the crisis eases among the united, and whether"
        " it arises anew among those not connected. Figure: people spread evenly, and whole villages."
    ),
    rests_on=(
        "How quickly the crisis eases among the united against how quickly it spreads, and whether those not connected live among"
        " the connected or apart."
    ),
    run=crisis_end,
    assumes={"steps": 1500},
    world={**CRISIS, "crisis": 1.0, "join": 1e-12},
)
