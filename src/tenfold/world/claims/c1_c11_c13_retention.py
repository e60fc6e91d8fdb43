"""C1, C11 and C13: retention after the event, under disturbances, and against other demands."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Interval, Part, at_least, less_than, mean_interval, mean_share_interval, more_than
from tenfold.world.result import WorldResult
from tenfold.world.world import LIVED

__all__ = ["C1", "C11", "C13"]

VILLAGE, REPLICATE_FACTOR = 1000, 3
KEEPING = {
    name: LIVED[name] for name in ("lapse", "upkeep", "support", "disturbance", "disturbance_strength", "disturbance_steps")
}
"""The parameters of keeping, as lived: no crisis, no mentors, nobody isolated, no other demands."""
HALF = 0.5


def run_village(experiment: Experiment, **changes: Any) -> WorldResult:
    """A village of a thousand, all attained at the start, with nobody outside."""
    return experiment.run(
        steps=int(experiment.parameter("steps")), start=VILLAGE, people=VILLAGE, replicate_factor=REPLICATE_FACTOR, **changes
    )


def mean_of_last_tenth(rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean over the last tenth of the steps, by replicate."""
    found: NDArray[np.float64] = rows[:, -max(1, rows.shape[1] // 10) :].mean(axis=1)
    return found


def share_kept(experiment: Experiment, **changes: Any) -> NDArray[np.float64]:
    """Share of the village who have attained in the last tenth of the steps, by replicate."""
    shares: NDArray[np.float64] = mean_of_last_tenth(run_village(experiment, **changes).reach) / VILLAGE
    return shares


def share_of_unserved_kept(experiment: Experiment, **changes: Any) -> NDArray[np.float64]:
    """The share kept, in the last tenth of the steps, of those whose upkeep never happens; 1 where there are none."""
    found = run_village(experiment, **changes)
    unserved = found.reach - found.serving
    shares: NDArray[np.float64] = np.where(unserved[:, 0] > 0, mean_of_last_tenth(unserved) / np.maximum(unserved[:, 0], 1), 1.0)
    return shares


def kept_over_time(experiment: Experiment, name: str, **changes: Any) -> list[dict[str, object]]:
    """The share attained over time, as rows of a figure."""
    found = run_village(experiment, **changes)
    last = found.reach.shape[1] - 1
    return [
        line_rows(float(step), name, found.reach[:, step] / VILLAGE, share=True)
        for step in range(0, last + 1, max(1, last // 50))
    ]


def upkeep_effect(experiment: Experiment) -> Finding:
    """Whether half of those who attained, or more, are kept with upkeep, and fewer without."""
    upkeep = experiment.parameter("upkeep")

    def parts(**changes: Any) -> tuple[Part, ...]:
        return (
            less_than("share kept without upkeep", mean_share_interval(share_kept(experiment, **changes, upkeep=0.0)), HALF),
            at_least("share kept with upkeep", mean_share_interval(share_kept(experiment, **changes, upkeep=upkeep)), HALF),
        )

    by_lapse = experiment.sweep(
        "lapse",
        experiment.parameter("lapse"),
        lambda value: parts(lapse=value),
        experiment.sweep_values(0.002, 4.0, log=True),
        label="the rate of lapsing",
        log=True,
    )
    by_join = experiment.sweep(
        "join",
        experiment.parameter("join"),
        lambda value: parts(join=value),
        experiment.sweep_values(0.00001, 0.05, log=True),
        label="the rate at which people draw each other",
        log=True,
    )
    at_default = parts()
    at_home = experiment.parameter("home")
    rows = kept_over_time(experiment, "with upkeep") + kept_over_time(experiment, "without upkeep", upkeep=0.0)
    rows += kept_over_time(experiment, "with upkeep, each at home alone", join=at_home) + kept_over_time(
        experiment, "without upkeep, each at home alone", upkeep=0.0, join=at_home
    )
    return Finding(
        parts=at_default,
        headline=mean_interval(share_kept(experiment) - share_kept(experiment, upkeep=0.0)),
        measure="share kept with upkeep, less that without",
        sweeps=(by_lapse, by_join),
        panels=(
            Panel("lines", "After the convention", pl.DataFrame(rows), "step", "share who have attained", rule=HALF),
            sweep_panel(by_lapse, "How quickly people lapse", "rate of lapsing without upkeep", "share kept", log=True),
            sweep_panel(by_join, "How much people draw each other still", "hazard of joining η", "share kept", log=True),
        ),
    )


C1 = Claim(
    name="C1",
    title="Keeping",
    says="“strengthen that which we have attained”; the unity “born between us at the convention”",
    statement="Without upkeep what was attained fades after the event; with it, it holds.",
    hypothesis="Of a thousand who have attained, fewer than half still have at the end without upkeep, and half or more with it.",
    design=(
        "A village of a thousand, all attained at the start, in the world as lived as far as keeping goes (lapsing, upkeep,"
        " support, disturbances). Two arms: upkeep as lived and none. Sweeps: the rate of lapsing, and how much people draw each"
        " other back, which is little once they are home and apart."
    ),
    rests_on=(
        "How quickly people lapse, against whether the united groups around them draw them back at once, as the ladder has it, or"
        " they are home and apart. C12 asks the same of bonds, where nobody is drawn back."
    ),
    run=upkeep_effect,
    assumes={"steps": 1000, "home": 0.00001},
    world=KEEPING,
)


def least_upkeep(experiment: Experiment) -> Finding:
    """Whether unity dies without upkeep and survives with much; the boundary between, and the phase diagram."""
    much = experiment.parameter("much")

    def survives(upkeep: float, **changes: Any) -> Part:
        return at_least("share kept", mean_share_interval(share_kept(experiment, **changes, upkeep=upkeep)), HALF)

    def parts(**changes: Any) -> tuple[Part, ...]:
        return (
            less_than("share kept with no upkeep", mean_share_interval(share_kept(experiment, **changes, upkeep=0.0)), HALF),
            at_least(
                f"share kept with an upkeep of {much:g}",
                mean_share_interval(share_kept(experiment, **changes, upkeep=much)),
                HALF,
            ),
        )

    strength = experiment.parameter("disturbance_strength")
    by_strength = experiment.sweep(
        "disturbance_strength",
        strength,
        lambda value: parts(disturbance_strength=value),
        experiment.sweep_values(10.0, 10_000.0, log=True),
        label="the strength of disturbances",
        log=True,
    )
    hard = experiment.parameter("hard_strength")
    by_upkeep = experiment.sweep(
        "upkeep",
        experiment.parameter("upkeep"),
        lambda value: (survives(value, disturbance_strength=hard),),
        [0.0, *experiment.sweep_values(0.25, much, log=True)],
        label=f"the upkeep under disturbances of strength {hard:g}",
    )
    cells = []
    for value in experiment.grid_values(10.0, 10_000.0, log=True):
        for upkeep in [0.0, *experiment.grid_values(0.5, much, log=True)]:
            experiment.progress(f"strength {value:g}, upkeep {upkeep:g}")
            part = survives(upkeep, disturbance_strength=value)
            cells.append({"x": value, "y": upkeep, "value": part.interval.estimate, "answer": part.answer})
    rows = [
        row
        for name, changes in (("as lived", {}), (f"disturbances {hard:g} times", {"disturbance_strength": hard}))
        for row in kept_over_time(experiment, f"no upkeep, {name}", upkeep=0.0, **changes)
    ]
    edges = [edge for edge in by_upkeep.boundaries() if edge.above]
    if edges:
        headline = Interval(edges[0].middle, edges[0].low, edges[0].high, REPLICATE_FACTOR * experiment.replicates)
        measure = f"least upkeep that keeps half, under disturbances of strength {hard:g}, and the gap it lies in"
    else:
        headline, measure = (
            mean_share_interval(share_kept(experiment, upkeep=0.0)),
            "share kept with no upkeep, under the disturbances as lived",
        )
    return Finding(
        parts=parts(),
        headline=headline,
        measure=measure,
        sweeps=(by_strength,),
        probes=(by_upkeep,),
        panels=(
            Panel(
                "map",
                "Upkeep and disturbance",
                pl.DataFrame(cells),
                "strength of disturbances",
                "upkeep",
                "half or more are kept (number: share kept)",
            ),
            sweep_panel(by_upkeep, f"The least upkeep, disturbances of strength {hard:g}", "upkeep", "share kept"),
            Panel("lines", "Without upkeep", pl.DataFrame(rows), "step", "share who have attained", rule=HALF),
        ),
    )


C11 = Claim(
    name="C11",
    title="Disturbances",
    says="“protect our unity at least a little bit, despite the disturbances”",
    statement="There is a least upkeep, above which unity survives the disturbances and below which it dies.",
    hypothesis=(
        "Under the same disturbances fewer than half have attained in the end with no upkeep, and half or more with much of it."
    ),
    design=(
        "A village of a thousand, all attained at the start, in the world as lived as far as keeping goes. Sweeps: the strength"
        " of disturbances, and the upkeep under hard ones. Phase diagram: upkeep and disturbance."
    ),
    rests_on=(
        "How strong disturbances are against the pull of the united groups around a person, which the ladder's powers give. Where"
        " they are too weak no upkeep is needed, and where they are too strong none is enough."
    ),
    run=least_upkeep,
    assumes={"steps": 1000, "much": 32.0, "hard_strength": 1000.0},
    world=KEEPING,
)


def priority_effect(experiment: Experiment) -> Finding:
    """People who rank it first against people who do not; and the effect of a few who do on the others."""

    def parts(**changes: Any) -> tuple[Part, ...]:
        first, nobody = share_kept(experiment, **changes, devoted=1.0), share_kept(experiment, **changes, devoted=0.0)
        few = experiment.parameter("few")
        beside = share_of_unserved_kept(experiment, **changes, devoted=few) - share_of_unserved_kept(
            experiment, **changes, devoted=0.0
        )
        return (
            more_than("kept where all rank it first, less where nobody does", mean_interval(first - nobody), 0.0),
            at_least("share kept where all rank it first", mean_share_interval(first), HALF),
            more_than(
                "kept of those who do not get to it, beside a few who rank it first, less without them",
                mean_interval(beside),
                0.0,
            ),
        )

    by_lapse = experiment.sweep(
        "lapse",
        experiment.parameter("lapse"),
        lambda value: parts(lapse=value),
        experiment.sweep_values(0.002, 4.0, log=True),
        label="the rate of lapsing",
        log=True,
    )
    by_attention = experiment.sweep(
        "attention",
        experiment.parameter("attention"),
        lambda value: parts(attention=int(value)),
        [0.0, 1.0, 2.0, 4.0, 5.0],
        label="the number of demands that a person can serve",
        whole=True,
    )
    hard = experiment.parameter("hard_lapse")
    rows = [
        line_rows(share, name, found(experiment, devoted=share, lapse=hard), share=True)
        for name, found in (("all of the village", share_kept), ("those who do not get to it", share_of_unserved_kept))
        for share in (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95)
    ]
    at_default = parts()
    return Finding(
        parts=at_default,
        headline=at_default[0].interval,
        measure="share kept where all rank it first, less where nobody does",
        sweeps=(by_lapse, by_attention),
        panels=(
            Panel(
                "lines",
                f"The more rank it first, lapsing at {hard:g}",
                pl.DataFrame(rows),
                "share of people who rank it first",
                "share kept",
                rule=HALF,
            ),
            sweep_panel(by_lapse, "How quickly people lapse", "rate of lapsing without upkeep", "share, or difference", log=True),
        ),
    )


C13 = Claim(
    name="C13",
    title="The scale of values",
    says="“put all things in their places … according to the scale of values” and stay “at the tip of the pyramid”",
    statement="People who rank it first keep it under competing demands; a few such people keep others.",
    hypothesis=(
        "With other demands, a village whose people all rank it first keeps more than one where nobody does, and at least half;"
        " and one in ten who do keep more of those who do not get to it."
    ),
    design=(
        "A village of a thousand, all attained at the start, in the world as lived as far as keeping goes, with other demands and"
        " limited attention as lived. Arms: all, nobody, one in ten rank it first. The others are those whose upkeep never"
        " happens. Sweeps: the rate of lapsing, and how many demands a person can serve."
    ),
    rests_on="That what comes below one's attention gets no upkeep at all, and that united groups support those around them.",
    run=priority_effect,
    assumes={"steps": 1000, "few": 0.1, "hard_lapse": 0.1},
    world={**KEEPING, "demands": LIVED["demands"], "attention": LIVED["attention"]},
)
