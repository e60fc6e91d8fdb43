"""C4: what the factor of ten does to the pace of the wave, and where a wave with less stalls."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import SpecError
from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.lab import Lab
from tenfold.world.claims.verdict import Interval, Part, at_least, between, less_than, mean_of, share_of
from tenfold.world.result import WorldResult
from tenfold.world.run import MAX_STEPS as LIMIT
from tenfold.world.theory import critical_lapse

__all__ = ["C4", "growth"]

SAME, HALF = 0.1, 0.5
"""About the same: each degree takes at most a tenth longer or shorter than the one before."""
STALLED = 10
LESS, MORE, HARD = 8.0, 12.0, 0.05
HUNDRED, BEFORE = np.arange(100), 2
"""The wave is under way: a hundred is united. A circle alone has nobody who draws back those who lapse; C2 asks how it begins."""
SWEPT, DRAWN = 100_000, 10_000
"""The most people in sweeps, and in the diagram of stalls: what stalls there does so at the front, whatever there is beyond."""


def growth(each: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much longer each degree takes than the one before, as the log₂ of their ratio: the slope over the degrees, by replicate."""
    later = np.log2(np.maximum(each, 0.5))
    place = np.arange(later.shape[1]) - (later.shape[1] - 1) / 2
    slope: NDArray[np.float64] = later @ place / (place @ place)
    return slope


def wave(lab: Lab, factor: float, *, most: int = SWEPT, **changes: Any) -> WorldResult:
    """From one united hundred until every village is united, nobody has attained any more, or the last step that a world runs."""
    return lab.run(steps=None, start=HUNDRED, factor=factor, people=min(lab.size.tall, most), **changes)


def later(found: WorldResult) -> NDArray[np.float64]:
    """Steps of each degree after the hundred, (runs in which the whole was united, degrees)."""
    times = found.degree_times[found.degree_times[:, -1] >= 0]
    each: NDArray[np.float64] = np.diff(times, axis=1).astype(np.float64)[:, BEFORE - 1 :]
    return each


def pace(found: WorldResult) -> Interval:
    """`growth` over the runs in which the whole was united; nothing is known of it where fewer than two are, or the world has one degree
    after the hundred."""
    each = later(found)
    return mean_of(growth(each)) if min(each.shape) > 1 else Interval(math.nan, -math.inf, math.inf, len(each))


def same(found: WorldResult, words: str = "log₂ of how much longer each degree takes than the one before") -> Part:
    """Whether each degree takes about as long as the one before."""
    return between(words, pace(found), float(np.log2(1 - SAME)), float(np.log2(1 + SAME)))


def horizon(usual: WorldResult) -> float:
    """So many times the steps that the usual wave takes; all steps if it does not come to the whole."""
    last = usual.degree_times[:, -1]
    return min(STALLED * float(last[last >= 0].mean()), LIMIT) if (last >= 0).any() else LIMIT


def arrived(found: WorldResult, steps: float) -> Interval:
    """Share of runs in which the whole is united within so many steps."""
    last = found.degree_times[:, -1]
    return share_of((last >= 0) & (last <= steps))


def steady(lab: Lab) -> Finding:
    """Whether the wave keeps its pace with a factor of ten, gains with more, and stalls with less."""
    factor, less, more, lapse, hard = (lab.get(name) for name in ("factor", "less", "more", "lapse", "hard_lapse"))
    within = f"share of runs in which the whole is united within {STALLED} times the steps of factor {factor:g}"

    def stalled(lesser: float, **others: Any) -> Part:
        low, usual = (wave(lab, value, most=lab.size.people, **others) for value in (lesser, factor))
        return less_than(f"{within}, factor {lesser:g}", arrived(low, horizon(usual)), HALF)

    def parts(lesser: float, most: int = SWEPT, **others: Any) -> tuple[Part, ...]:
        usual = wave(lab, factor, most=most, **others)
        words = "log₂ of how much longer each degree takes than the one before, factor"
        return (
            at_least(f"share of runs in which the whole is united, factor {factor:g}", arrived(usual, LIMIT), HALF),
            same(usual, f"{words} {factor:g}"),
            less_than(f"{words} {more:g}", pace(wave(lab, more, most=most, **others)), 0.0),
            stalled(lesser, **others),
        )

    here = parts(less, most=lab.size.tall)
    by_less = lab.sweep("less", less, parts, [1.0, 2.0, 4.0], label="the lesser factor")
    by_lapse = lab.sweep(
        "lapse",
        lapse,
        lambda value: parts(less, lapse=value),
        [0.0, 0.03, 0.06, 0.08, 0.1],
        label="the rate of lapsing",
    )
    where = f"the factor with which the wave stalls where people lapse at {hard:g}"
    by_hard = lab.sweep("less", less, lambda value: (stalled(value, lapse=hard),), [2.0, 4.0, 6.0], label=where)
    by_factor = lab.sweep(
        "factor",
        factor,
        lambda value: (same(wave(lab, value)),),
        [5.0, 7.0, 9.0, 11.0, 13.0, 15.0, 20.0],
        label="the factor with which each degree takes about as long as the one before",
    )
    rows = []
    for value in (less, factor, more):
        each = later(wave(lab, value, most=lab.size.tall))
        if len(each) > 1:
            rows += [line_rows(k + BEFORE + 1.0, f"factor {value:g}", each[:, k]) for k in range(each.shape[1])]
    return Finding(
        parts=here,
        headline=here[1].interval,
        measure=f"log₂ of how much longer each degree takes than the one before, with a factor of {factor:g}",
        sweeps=(by_less, by_lapse),
        probes=(by_hard, by_factor),
        panels=(
            Panel("lines", "Steps that each later degree takes", pl.DataFrame(rows), "degree", "steps", whole=True),
            stalls(lab, within),
            thresholds(lab),
            sweep_panel(by_factor, "The change of pace, by the factor", "factor of power per degree", "log₂ of the change"),
        ),
        remarks=remarks(lab, lapse, (less, factor)),
    )


def stalls(lab: Lab, words: str) -> Panel:
    """The phase diagram of the factor and lapsing: does the wave come to the whole?"""
    cells = []
    for lapse in lab.sides(0.0, 0.1):
        limit = horizon(wave(lab, lab.get("factor"), most=DRAWN, lapse=lapse))
        for value in lab.sides(2.0, 12.0):
            lab.tick(f"factor {value:g}, lapse {lapse:g}")
            part = at_least(words, arrived(wave(lab, value, most=DRAWN, lapse=lapse), limit), HALF)
            cells.append({"x": value, "y": lapse, "value": part.interval.estimate, "answer": part.answer})
    return Panel(
        "map",
        "Factor and lapsing: where the wave stalls",
        pl.DataFrame(cells),
        "factor of power per degree",
        "rate of lapsing, per step",
        f"the whole is united in half of the runs or more, within {STALLED} times the steps (number: share of runs)",
    )


def thresholds(lab: Lab) -> Panel:
    """The phase diagram of the factor and the threshold: does the wave keep its pace?"""
    cells = []
    for value in lab.sides(6.0, 14.0):
        for theta in lab.sides(0.5, 0.9):
            lab.tick(f"factor {value:g}, threshold {theta:g}")
            part = same(wave(lab, value, most=lab.size.people, threshold=theta))
            cells.append({"x": value, "y": theta, "value": part.interval.estimate, "answer": part.answer})
    return Panel(
        "map",
        "Factor and threshold: where it keeps its pace",
        pl.DataFrame(cells),
        "factor of power per degree",
        "threshold θ, share of parts",
        "each degree takes the same time, to a tenth (number: log₂ of the change)",
    )


def remarks(lab: Lab, lapse: float, factors: tuple[float, float]) -> tuple[str, ...]:
    """How much slower the wave gets with less, and where theory says that it stalls."""
    found = []
    less = pace(wave(lab, factors[0]))
    if math.isfinite(less.estimate):
        change = 2.0**less.estimate - 1
        found.append(
            f"With a factor of {factors[0]:g} and lapsing at {lapse:g} each degree takes {abs(change):.0%}"
            f" {'longer' if change > 0 else 'less'} than the one before."
        )
    world = wave(lab, factors[1]).world
    try:
        bears = [critical_lapse(world.with_changes(factor=value)) for value in factors]
    except SpecError:  # more is assumed than that theory covers
        return tuple(found)
    found.append(
        f"By the mean field of docs/world.md a united hundred keeps itself where people lapse at less than {bears[0]:.3f} with a"
        f" factor of {factors[0]:g}, and {bears[1]:.3f} with {factors[1]:g}."
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
        f"With ten the whole is united, and each degree takes as long as the one before to within {SAME:.0%}; with twelve less"
        f" long; with eight the whole is not united in {STALLED} times the steps."
    ),
    design=(
        "The world with the rule of joining, from one united hundred; at the defaults nobody lapses. Steps of each degree from"
        " the third on. Sweeps: the lesser factor, and lapsing, the same in all arms. Beside the verdict: the factor that"
        f" stalls where people lapse at {HARD:g}, and the factor that keeps the pace. Phase diagrams: factor and lapsing, factor"
        " and threshold."
    ),
    rests_on=(
        "That a united group's power is spread over the people of its parent, ten times as many at each degree. For a stall, that"
        " something works against joining: where nobody lapses, one who joins far away stays and draws others, so a wave with"
        " less power is slower but comes to everyone. With lapsing, what is united has to hold itself, and a lesser factor does"
        " that only up to a lower rate."
    ),
    run=steady,
    assumes={"less": LESS, "more": MORE, "hard_lapse": HARD},
    world={},
)
