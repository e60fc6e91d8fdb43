"""C4: the effect of the factor of ten on the pace of the wave, and where a wave with a lesser factor stalls."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import SpecError
from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Interval, Part, at_least, between, less_than, mean_interval, proportion_interval
from tenfold.world.result import WorldResult
from tenfold.world.run import MAX_STEPS
from tenfold.world.theory import critical_lapse

__all__ = ["C4", "log_growth"]

TOLERANCE, HALF = 0.1, 0.5
"""About the same: each degree takes at most a tenth longer or shorter than the one before."""
STALL_FACTOR = 10  # a wave counts as stalled after so many times the steps of the usual one
LESSER, GREATER, HARD_LAPSE = 8.0, 12.0, 0.05
HUNDRED, START_DEGREE = np.arange(100), 2
"""The start: a united hundred, which has degree 2. In a circle alone nobody draws back those who lapse; C2 asks how a wave begins."""
SWEEP_PEOPLE, DIAGRAM_PEOPLE = 100_000, 10_000
"""The most people in sweeps, and in the diagram of stalls. A wave stalls at its front, whatever the size of the world beyond."""


def log_growth(each: NDArray[np.float64]) -> NDArray[np.float64]:
    """The growth of durations from one degree to the next: the slope of their log₂ over the degrees, by replicate."""
    later = np.log2(np.maximum(each, 0.5))
    place = np.arange(later.shape[1]) - (later.shape[1] - 1) / 2
    slope: NDArray[np.float64] = later @ place / (place @ place)
    return slope


def run_from_hundred(experiment: Experiment, factor: float, *, most: int = SWEEP_PEOPLE, **changes: Any) -> WorldResult:
    """A run from one united hundred until every village is united, nobody has attained any more, or the last step of a world."""
    return experiment.run(steps=None, start=HUNDRED, factor=factor, people=min(experiment.size.deep_people, most), **changes)


def later_durations(run: WorldResult) -> NDArray[np.float64]:
    """Steps of each degree after the hundred, (runs in which the whole was united, degrees)."""
    times = run.degree_times[run.degree_times[:, -1] >= 0]
    each: NDArray[np.float64] = np.diff(times, axis=1).astype(np.float64)[:, START_DEGREE - 1 :]
    return each


def pace(run: WorldResult) -> Interval:
    """`log_growth` over the runs in which the whole was united.

    Nothing is known of it where there are fewer than two, or the world has only one degree after the hundred.
    """
    each = later_durations(run)
    return mean_interval(log_growth(each)) if min(each.shape) > 1 else Interval(math.nan, -math.inf, math.inf, len(each))


def steady_part(run: WorldResult, words: str = "log₂ of how much longer each degree takes than the one before") -> Part:
    """Whether each degree takes about as long as the one before."""
    return between(words, pace(run), float(np.log2(1 - TOLERANCE)), float(np.log2(1 + TOLERANCE)))


def stall_limit(usual: WorldResult) -> float:
    """The steps after which a wave counts as stalled: ten times those of the usual wave; all steps if that never unites the whole."""
    last = usual.degree_times[:, -1]
    return min(STALL_FACTOR * float(last[last >= 0].mean()), MAX_STEPS) if (last >= 0).any() else MAX_STEPS


def share_united_within(run: WorldResult, steps: float) -> Interval:
    """Share of runs in which the whole is united within so many steps."""
    last = run.degree_times[:, -1]
    return proportion_interval((last >= 0) & (last <= steps))


def pace_by_factor(experiment: Experiment) -> Finding:
    """Whether the wave keeps its pace with a factor of ten, gains with more, and stalls with less."""
    factor, less, more, lapse, hard = (experiment.parameter(name) for name in ("factor", "less", "more", "lapse", "hard_lapse"))
    within = f"share of runs in which the whole is united within {STALL_FACTOR} times the steps of factor {factor:g}"

    def stalled(lesser: float, **others: Any) -> Part:
        low, usual = (run_from_hundred(experiment, value, most=experiment.size.people, **others) for value in (lesser, factor))
        return less_than(f"{within}, factor {lesser:g}", share_united_within(low, stall_limit(usual)), HALF)

    def parts(lesser: float, most: int = SWEEP_PEOPLE, **others: Any) -> tuple[Part, ...]:
        usual = run_from_hundred(experiment, factor, most=most, **others)
        words = "log₂ of how much longer each degree takes than the one before, factor"
        return (
            at_least(
                f"share of runs in which the whole is united, factor {factor:g}", share_united_within(usual, MAX_STEPS), HALF
            ),
            steady_part(usual, f"{words} {factor:g}"),
            less_than(f"{words} {more:g}", pace(run_from_hundred(experiment, more, most=most, **others)), 0.0),
            stalled(lesser, **others),
        )

    at_default = parts(less, most=experiment.size.deep_people)
    by_less = experiment.sweep("less", less, parts, [1.0, 2.0, 4.0], label="the lesser factor")
    by_lapse = experiment.sweep(
        "lapse",
        lapse,
        lambda value: parts(less, lapse=value),
        [0.0, 0.03, 0.06, 0.08, 0.1],
        label="the rate of lapsing",
    )
    where = f"the factor with which the wave stalls where people lapse at {hard:g}"
    by_hard = experiment.sweep("less", less, lambda value: (stalled(value, lapse=hard),), [2.0, 4.0, 6.0], label=where)
    by_factor = experiment.sweep(
        "factor",
        factor,
        lambda value: (steady_part(run_from_hundred(experiment, value)),),
        [5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 20.0],
        label="the factor with which each degree takes about as long as the one before",
    )
    rows = []
    for value in (less, factor, more):
        each = later_durations(run_from_hundred(experiment, value, most=experiment.size.deep_people))
        if len(each) > 1:
            rows += [line_rows(k + START_DEGREE + 1.0, f"factor {value:g}", each[:, k]) for k in range(each.shape[1])]
    return Finding(
        parts=at_default,
        headline=at_default[1].interval,
        measure=f"log₂ of how much longer each degree takes than the one before, with a factor of {factor:g}",
        sweeps=(by_less, by_lapse),
        probes=(by_hard, by_factor),
        panels=(
            Panel("lines", "Steps that each later degree takes", pl.DataFrame(rows), "degree", "steps", whole=True),
            stall_diagram(experiment, within),
            pace_diagram(experiment),
            sweep_panel(by_factor, "The change of pace, by the factor", "factor of power per degree", "log₂ of the change"),
        ),
        remarks=remarks(experiment, lapse, (less, factor)),
    )


def stall_diagram(experiment: Experiment, words: str) -> Panel:
    """The phase diagram of the factor and lapsing: does the wave come to the whole?"""
    cells = []
    for lapse in experiment.grid_values(0.0, 0.1):
        limit = stall_limit(run_from_hundred(experiment, experiment.parameter("factor"), most=DIAGRAM_PEOPLE, lapse=lapse))
        for value in experiment.grid_values(2.0, 12.0):
            experiment.progress(f"factor {value:g}, lapse {lapse:g}")
            part = at_least(
                words, share_united_within(run_from_hundred(experiment, value, most=DIAGRAM_PEOPLE, lapse=lapse), limit), HALF
            )
            cells.append({"x": value, "y": lapse, "value": part.interval.estimate, "answer": part.answer})
    return Panel(
        "map",
        "Factor and lapsing: where the wave stalls",
        pl.DataFrame(cells),
        "factor of power per degree",
        "rate of lapsing, per step",
        f"the whole is united in half of the runs or more, within {STALL_FACTOR} times the steps (number: share of runs)",
    )


def pace_diagram(experiment: Experiment) -> Panel:
    """The phase diagram of the factor and the threshold: does the wave keep its pace?"""
    cells = []
    for value in experiment.grid_values(6.0, 14.0):
        for theta in experiment.grid_values(0.5, 0.9):
            experiment.progress(f"factor {value:g}, threshold {theta:g}")
            part = steady_part(run_from_hundred(experiment, value, most=experiment.size.people, threshold=theta))
            cells.append({"x": value, "y": theta, "value": part.interval.estimate, "answer": part.answer})
    return Panel(
        "map",
        "Factor and threshold: where it keeps its pace",
        pl.DataFrame(cells),
        "factor of power per degree",
        "threshold θ, share of parts",
        "each degree takes the same time, to a tenth (number: log₂ of the change)",
    )


def remarks(experiment: Experiment, lapse: float, factors: tuple[float, float]) -> tuple[str, ...]:
    """How much slower the wave gets with less, and where theory says that it stalls."""
    found = []
    less = pace(run_from_hundred(experiment, factors[0]))
    if math.isfinite(less.estimate):
        change = 2.0**less.estimate - 1
        found.append(
            f"With a factor of {factors[0]:g} and lapsing at {lapse:g} each degree takes {abs(change):.0%}"
            f" {'longer' if change > 0 else 'less'} than the one before."
        )
    world = run_from_hundred(experiment, factors[1]).world
    try:
        critical = [critical_lapse(world.with_changes(factor=value)) for value in factors]
    except SpecError:  # more is assumed than that theory covers
        return tuple(found)
    found.append(
        f"By the mean field of docs/world.md a united hundred keeps itself where people lapse at less than {critical[0]:.3f} with a"
        f" factor of {factors[0]:g}, and {critical[1]:.3f} with {factors[1]:g}."
    )
    return tuple(found)


C4 = Claim(
    name="C4",
    title="The factor of ten",
    says=(
        "rising a degree makes the power sixty times stronger, the next six hundred, then 6,000: “every new degree includes the"
        " ten” and “adds a position”"
    ),
    statement=(
        "With a factor of ten per degree each degree takes about the same time; with less the wave stalls, with more it"
        " accelerates."
    ),
    hypothesis=(
        f"With ten the whole is united, and each degree takes as long as the one before to within {TOLERANCE:.0%}; with twelve less"
        f" long; with eight the whole is not united in {STALL_FACTOR} times the steps."
    ),
    design=(
        "The world with the rule of joining, from one united hundred; at the defaults nobody lapses. Steps of each degree from"
        " the third on. Sweeps: the lesser factor, and lapsing, the same in all arms. Beside the verdict: the factor that"
        f" stalls where people lapse at {HARD_LAPSE:g}, and the factor that keeps the pace. Phase diagrams: factor and lapsing, factor"
        " and threshold."
    ),
    rests_on=(
        "That a united group's power is spread over the people of its parent, ten times as many at each degree. For a stall, that"
        " something works against joining: where nobody lapses, one who joins far away stays and draws others, so a wave with"
        " less power is slower but comes to everyone. With lapsing, what is united has to hold itself, and a lesser factor does"
        " that only up to a lower rate."
    ),
    run=pace_by_factor,
    assumes={"less": LESSER, "more": GREATER, "hard_lapse": HARD_LAPSE},
    world={},
)
