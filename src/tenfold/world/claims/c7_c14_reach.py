"""C7 and C14: mentors, and those who have no group where they live."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.address import height
from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment, first_step_reaching
from tenfold.world.claims.verdict import Part, at_least, less_than, mean_interval
from tenfold.world.world import LIVED

__all__ = ["C7", "C14"]

MENTORS = {name: LIVED[name] for name in ("mentors", "mentor_capacity", "mentor_strength")}
CIRCLE, MORE, FEWER = np.arange(10), 3, 0.4  # the first circle; factors of replicates
DEEP = 100_000  # people, so that there are groups of level 4


def steps_until_all(experiment: Experiment, **changes: Any) -> NDArray[np.float64]:
    """Steps until everyone has attained, from one circle, by replicate; the last step where that never happens."""
    return first_step_reaching(
        experiment.run(
            steps=int(experiment.parameter("steps")), start=CIRCLE, replicate_factor=experiment.limited_factor(MORE), **changes
        )
    )


def mentor_effect(experiment: Experiment) -> Finding:
    """More mentors against fewer, and all against a few who are well placed."""
    shares = (0.0, 0.1, 0.3, 1.0)

    def parts(**changes: Any) -> tuple[Part, ...]:
        times = [steps_until_all(experiment, **changes, mentors=share) for share in shares]
        found = [
            less_than(
                f"steps until all are reached, {more:.0%} mentors less {fewer:.0%}", mean_interval(times[k + 1] - times[k]), 0.0
            )
            for k, (fewer, more) in enumerate(pairwise(shares))
        ]
        few = steps_until_all(experiment, **changes, mentors=experiment.parameter("few"), mentor_choice="even")
        return (*found, less_than("all as mentors less a tenth who are spread evenly", mean_interval(times[-1] - few), 0.0))

    by_absence = experiment.sweep(
        "mentor_absence",
        experiment.parameter("mentor_absence"),
        lambda value: parts(mentor_absence=value),
        [0.0, 0.25, 0.5, 0.75, 1.0],
        label="the share of a mentor's weight that is missing at home",
    )
    by_strength = experiment.sweep(
        "mentor_strength",
        experiment.parameter("mentor_strength"),
        lambda value: parts(mentor_strength=value),
        [0.0, *experiment.sweep_values(0.01, 1.0, log=True)],
        label="a mentor's power over who is helped",
    )
    none = steps_until_all(experiment, mentors=0.0)
    cells = []
    for share in [0.01, *experiment.grid_values(0.1, 1.0)]:
        for capacity in experiment.grid_values(0.1, 10.0, log=True):
            experiment.progress(f"mentors {share:g}, capacity {capacity:g}")
            part = less_than("", mean_interval(steps_until_all(experiment, mentors=share, mentor_capacity=capacity) / none), 1.0)
            cells.append({"x": share, "y": capacity, "value": part.interval.estimate, "answer": part.answer})
    rows = [
        line_rows(share, name, steps_until_all(experiment, mentors=share, mentor_choice=choice))
        for choice, name in (("random", "chosen at random"), ("even", "spread evenly over the circles"))
        for share in (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
    ]
    return Finding(
        parts=parts(),
        headline=mean_interval(steps_until_all(experiment, mentors=1.0) / none),
        measure="steps until all are reached with all as mentors, over those with none",
        sweeps=(by_absence, by_strength),
        panels=(
            Panel("lines", "The more mentors", pl.DataFrame(rows), "share of people who mentor", "steps until all are reached"),
            Panel(
                "map",
                "Share of mentors and capacity",
                pl.DataFrame(cells),
                "share of mentors",
                "people that a mentor can help at once",
                "sooner than with none (number: steps over those with none)",
            ),
            sweep_panel(
                by_absence,
                "What mentoring costs at home",
                "share of a mentor's weight missing in their own circle",
                "difference in steps",
            ),
        ),
    )


C7 = Claim(
    name="C7",
    title="Mentors",
    says="“all of us will have to work in the role of mentors”",
    statement="The more of us mentor, the sooner all are reached; all as mentors do better than a few who are well chosen.",
    hypothesis=(
        "From none to a tenth, three tenths and all, more mentors reach everyone in fewer steps; and all do in fewer than a tenth"
        " who are spread evenly over the circles."
    ),
    design=(
        "The world with joining and mentors; nobody lapses; from one circle. Arms: shares of mentors, at random or spread evenly."
        " Sweeps: what mentoring costs at home, and a mentor's power. Phase diagram: share of mentors and capacity."
    ),
    rests_on=(
        "That a mentor's help outside costs their own circle nothing (mentor_absence 0 by default), and that people may be helped"
        " by several mentors."
    ),
    run=mentor_effect,
    assumes={"steps": 400, "few": 0.1},
    world=MENTORS,
)


def virtual_circle_effect(experiment: Experiment) -> Finding:
    """Reach with and without virtual circles for those who have no local group."""

    def reached(virtual: bool, **changes: Any) -> NDArray[np.float64]:
        found = experiment.run(
            steps=int(experiment.parameter("steps")),
            start=CIRCLE,
            people=min(experiment.size.deep_people, DEEP),
            replicate_factor=FEWER,
            virtual_circles=virtual,
            **changes,
        )
        shares: NDArray[np.float64] = found.reach.max(axis=1) / found.world.people
        return shares

    def parts(**changes: Any) -> tuple[Part, ...]:
        return (
            at_least("share reached with virtual circles", mean_interval(reached(True, **changes)), 1.0),
            less_than("share reached without", mean_interval(reached(False, **changes)), 1.0),
        )

    at_default = parts()
    by_share = experiment.sweep(
        "isolated",
        experiment.parameter("isolated"),
        lambda value: parts(isolated=value),
        [0.0, 0.2, 0.4],
        label="the share of people with no local group",
    )
    levels = height(min(experiment.size.deep_people, DEEP))
    by_level = experiment.sweep(
        "isolated_below",
        experiment.parameter("isolated_below"),
        lambda value: parts(isolated_below=int(value)),
        [float(level) for level in range(1, levels + 1)],
        label="the lowest level of groups that they feel anything of",
        whole=True,
    )
    rows = []
    for virtual, name in ((True, "with virtual circles"), (False, "without")):
        rows += [line_rows(share, name, reached(virtual, isolated=share), share=True) for share in (0.0, 0.05, 0.2, 0.4)]
    return Finding(
        parts=at_default,
        headline=mean_interval(reached(True) - reached(False)),
        measure="share of people reached with virtual circles, less that without",
        sweeps=(by_share, by_level),
        panels=(
            Panel(
                "lines",
                "Reach, by how many are isolated",
                pl.DataFrame(rows),
                "share of people with no local group",
                "share of people reached",
                rule=1.0,
            ),
            sweep_panel(
                by_level, "How isolated they are", "level below which they feel nothing", "share of people reached", whole=True
            ),
        ),
    )


C14 = Claim(
    name="C14",
    title="Nobody left over",
    says="a reader's comment: six years in a virtual group, no group where they live, afraid of not being included",
    statement="Joining the isolated to a circle takes reach to 100 per cent.",
    hypothesis="With virtual circles everyone is reached; without them not everyone is.",
    design=(
        "The world with joining and isolated people as lived; nobody lapses; from one circle. Arms: virtual circles and none."
        " Sweeps: how many are isolated, and from which level on they feel the united groups around them."
    ),
    rests_on=(
        "That a virtual circle is felt as a local one is. Whether the isolated are lost without it depends on whether they feel"
        " the large groups around them."
    ),
    run=virtual_circle_effect,
    assumes={"steps": 300},
    world={name: LIVED[name] for name in ("isolated", "isolated_below")},
)
