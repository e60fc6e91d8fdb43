"""C1, C11 and C13: what keeps unity after the event, under disturbances, and against other demands."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.lab import Lab
from tenfold.world.claims.verdict import Interval, Part, at_least, less_than, mean_of, mean_share, more_than
from tenfold.world.result import WorldResult
from tenfold.world.world import LIVED

__all__ = ["C1", "C11", "C13"]

VILLAGE, MANY = 1000, 3
QUIET = {name: LIVED[name] for name in ("lapse", "upkeep", "support", "disturbance", "disturbance_strength", "disturbance_steps")}
"""The world as lived as far as keeping goes: no crisis, no mentors, nobody isolated, no other demands."""
HALF = 0.5


def village(lab: Lab, **changes: Any) -> WorldResult:
    """A village of a thousand, all attained at the start, with nobody outside."""
    return lab.run(steps=int(lab.get("steps")), start=VILLAGE, people=VILLAGE, many=MANY, **changes)


def late(rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean over the last tenth of the steps, by replicate."""
    found: NDArray[np.float64] = rows[:, -max(1, rows.shape[1] // 10) :].mean(axis=1)
    return found


def kept(lab: Lab, **changes: Any) -> NDArray[np.float64]:
    """Share of the village who have attained in the last tenth of the steps, by replicate."""
    shares: NDArray[np.float64] = late(village(lab, **changes).reach) / VILLAGE
    return shares


def others(lab: Lab, **changes: Any) -> NDArray[np.float64]:
    """Of those whose upkeep never happens the share who have attained in the last tenth of the steps; 1 where there are none."""
    found = village(lab, **changes)
    rest = found.reach - found.serving
    shares: NDArray[np.float64] = np.where(rest[:, 0] > 0, late(rest) / np.maximum(rest[:, 0], 1), 1.0)
    return shares


def curve(lab: Lab, name: str, **changes: Any) -> list[dict[str, object]]:
    """The share attained over time, as rows of a figure."""
    found = village(lab, **changes)
    last = found.reach.shape[1] - 1
    return [
        line_rows(float(step), name, found.reach[:, step] / VILLAGE, share=True)
        for step in range(0, last + 1, max(1, last // 50))
    ]


def fades(lab: Lab) -> Finding:
    """Half of those who attained, or more, are left with upkeep; fewer without."""
    upkeep = lab.get("upkeep")

    def parts(**changes: Any) -> tuple[Part, ...]:
        return (
            less_than("share kept without upkeep", mean_share(kept(lab, **changes, upkeep=0.0)), HALF),
            at_least("share kept with upkeep", mean_share(kept(lab, **changes, upkeep=upkeep)), HALF),
        )

    by_lapse = lab.sweep(
        "lapse",
        lab.get("lapse"),
        lambda value: parts(lapse=value),
        lab.points(0.002, 4.0, log=True),
        label="the rate of lapsing",
        log=True,
    )
    by_join = lab.sweep(
        "join",
        lab.get("join"),
        lambda value: parts(join=value),
        lab.points(0.00001, 0.05, log=True),
        label="the rate at which people draw each other",
        log=True,
    )
    here = parts()
    alone = lab.get("home")
    rows = curve(lab, "with upkeep") + curve(lab, "without upkeep", upkeep=0.0)
    rows += curve(lab, "with upkeep, each at home alone", join=alone) + curve(
        lab, "without upkeep, each at home alone", upkeep=0.0, join=alone
    )
    return Finding(
        parts=here,
        headline=mean_of(kept(lab) - kept(lab, upkeep=0.0)),
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
    run=fades,
    assumes={"steps": 1000, "home": 0.00001},
    world=QUIET,
)


def least_upkeep(lab: Lab) -> Finding:
    """Dies without upkeep, survives with much; the boundary between, and the phase diagram."""
    much = lab.get("much")

    def survives(upkeep: float, **changes: Any) -> Part:
        return at_least("share kept", mean_share(kept(lab, **changes, upkeep=upkeep)), HALF)

    def parts(**changes: Any) -> tuple[Part, ...]:
        return (
            less_than("share kept with no upkeep", mean_share(kept(lab, **changes, upkeep=0.0)), HALF),
            at_least(f"share kept with an upkeep of {much:g}", mean_share(kept(lab, **changes, upkeep=much)), HALF),
        )

    strength = lab.get("disturbance_strength")
    by_strength = lab.sweep(
        "disturbance_strength",
        strength,
        lambda value: parts(disturbance_strength=value),
        lab.points(10.0, 10_000.0, log=True),
        label="the strength of disturbances",
        log=True,
    )
    hard = lab.get("hard_strength")
    by_upkeep = lab.sweep(
        "upkeep",
        lab.get("upkeep"),
        lambda value: (survives(value, disturbance_strength=hard),),
        [0.0, *lab.points(0.25, much, log=True)],
        label=f"the upkeep under disturbances of strength {hard:g}",
    )
    cells = []
    for value in lab.sides(10.0, 10_000.0, log=True):
        for upkeep in [0.0, *lab.sides(0.5, much, log=True)]:
            lab.tick(f"strength {value:g}, upkeep {upkeep:g}")
            part = survives(upkeep, disturbance_strength=value)
            cells.append({"x": value, "y": upkeep, "value": part.interval.estimate, "answer": part.answer})
    rows = [
        row
        for name, changes in (("as lived", {}), (f"disturbances {hard:g} times", {"disturbance_strength": hard}))
        for row in curve(lab, f"no upkeep, {name}", upkeep=0.0, **changes)
    ]
    edges = [edge for edge in by_upkeep.boundaries() if edge.above]
    if edges:
        headline = Interval(edges[0].middle, edges[0].low, edges[0].high, MANY * lab.replicates)
        measure = f"least upkeep that keeps half, under disturbances of strength {hard:g}, and the gap it lies in"
    else:
        headline, measure = mean_share(kept(lab, upkeep=0.0)), "share kept with no upkeep, under the disturbances as lived"
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
    world=QUIET,
)


def ranked(lab: Lab) -> Finding:
    """Who rank it first against who do not; and what a few who do bring about among the others."""

    def parts(**changes: Any) -> tuple[Part, ...]:
        first, nobody = kept(lab, **changes, devoted=1.0), kept(lab, **changes, devoted=0.0)
        few = lab.get("few")
        beside = others(lab, **changes, devoted=few) - others(lab, **changes, devoted=0.0)
        return (
            more_than("kept where all rank it first, less where nobody does", mean_of(first - nobody), 0.0),
            at_least("share kept where all rank it first", mean_share(first), HALF),
            more_than(
                "kept of those who do not get to it, beside a few who rank it first, less without them", mean_of(beside), 0.0
            ),
        )

    by_lapse = lab.sweep(
        "lapse",
        lab.get("lapse"),
        lambda value: parts(lapse=value),
        lab.points(0.002, 4.0, log=True),
        label="the rate of lapsing",
        log=True,
    )
    by_attention = lab.sweep(
        "attention",
        lab.get("attention"),
        lambda value: parts(attention=int(value)),
        [0.0, 1.0, 2.0, 4.0, 5.0],
        label="the number of demands that a person can serve",
        whole=True,
    )
    hard = lab.get("hard_lapse")
    rows = [
        line_rows(share, name, found(lab, devoted=share, lapse=hard), share=True)
        for name, found in (("all of the village", kept), ("those who do not get to it", others))
        for share in (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.95)
    ]
    here = parts()
    return Finding(
        parts=here,
        headline=here[0].interval,
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
    run=ranked,
    assumes={"steps": 1000, "few": 0.1, "hard_lapse": 0.1},
    world={**QUIET, "demands": LIVED["demands"], "attention": LIVED["attention"]},
)
