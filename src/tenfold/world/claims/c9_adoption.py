"""C9: the speed of adoption, of later people against the first."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.world.claims.claim import Claim, Finding, Panel, line_rows, sweep_panel
from tenfold.world.claims.experiment import Experiment
from tenfold.world.claims.verdict import Part, less_than, mean_interval
from tenfold.world.result import WorldResult

__all__ = ["C9", "degree_steps_per_person", "steps_per_person"]

ARMS = ("with social reinforcement", "without")
PEOPLE, STEPS, TENTHS, REPLICATE_FACTOR = 10_000, 600, 10, 3


def steps_per_person(counts: NDArray[np.int64], low: float, high: float) -> NDArray[np.float64]:
    """Steps for each person who joins between two shares of all, by replicate.

    `counts` (replicates, steps + 1): people who have joined; all is their maximum. A share that is not reached counts as reached at the
    end.
    """
    people = counts.max()
    times = []
    for row in counts:
        at = [np.interp(share * people, row, np.arange(len(row)), right=len(row) - 1) for share in (low, high)]
        times.append((at[1] - at[0]) / ((high - low) * people))
    return np.array(times)


def adopters(experiment: Experiment, reinforced: bool, spontaneous: float) -> NDArray[np.int64]:
    """People who have joined, (replicates, steps + 1), from one circle on."""
    from tenfold.networks.generators import nested_tens
    from tenfold.networks.groups import Groups
    from tenfold.spread.arrays import Network
    from tenfold.spread.model import Model
    from tenfold.spread.rules import Contact, Group, Rule, Spontaneous
    from tenfold.spread.simulate import simulate

    people = min(experiment.size.people, PEOPLE)
    rules: list[Rule] = [Contact("not yet", "joined", via="joined", chance=experiment.parameter("contact"), layer="ties")]
    if reinforced:
        least, chance = int(experiment.parameter("least")), experiment.parameter("reinforcement")
        rules.append(Group("not yet", "joined", via="joined", least=least, chance=chance, layer="circles"))
    if spontaneous > 0:
        rules.append(Spontaneous("not yet", "joined", chance=spontaneous))
    model = Model(("not yet", "joined"), tuple(rules), "joining")
    networks: dict[str, Network] = {
        "ties": nested_tens(people, experiment.parameter("ties"), alpha=experiment.parameter("alpha"), seed=experiment.seed),
        "circles": Groups.circles(people),
    }
    found = simulate(
        model, networks, steps=STEPS, start={"joined": list(range(10))}, replicates=experiment.replicates, seed=experiment.seed
    )
    joined: NDArray[np.int64] = found.counts[:, :, 1]
    return joined


def degree_steps_per_person(run: WorldResult) -> NDArray[np.float64]:
    """Steps of each degree for each person who joins during it, (replicates, degrees).

    A degree that never came counts as reached at the end.
    """
    last = run.reach.shape[1] - 1
    times = np.where(run.degree_times < 0, last, run.degree_times)
    people = np.take_along_axis(run.reach, times, axis=1)
    joined = np.diff(people, axis=1, prepend=run.reach[:, :1])
    per_person: NDArray[np.float64] = np.diff(times, axis=1, prepend=0) / np.maximum(joined, 1)
    return per_person


def adoption_speed(experiment: Experiment) -> Finding:
    """Steps per person after the first tenth, over those of the first tenth; and on the ladder, degree by degree."""
    share, spontaneous = experiment.parameter("upto"), experiment.parameter("alone")
    base = {arm: adopters(experiment, arm == ARMS[0], spontaneous) for arm in ARMS}

    def ratio(counts: NDArray[np.int64], upto: float) -> NDArray[np.float64]:
        first = 10 / counts.max()
        return steps_per_person(counts, 0.1, upto) / steps_per_person(counts, first, 0.1)

    def later(counts: NDArray[np.int64], upto: float) -> Part:
        return less_than(
            "steps a head after the first tenth, over those of the first tenth", mean_interval(ratio(counts, upto)), 1.0
        )

    sooner = np.log2(steps_per_person(base[ARMS[0]], 0.1, 0.5) / steps_per_person(base[ARMS[1]], 0.1, 0.5))
    easier = less_than("log₂ of the steps a head with reinforcement, over those without", mean_interval(sooner), 0.0)

    def steps_on_ladder(factor: float) -> NDArray[np.float64]:
        return degree_steps_per_person(
            experiment.run(
                steps=None,
                people=min(experiment.size.people, PEOPLE),
                replicate_factor=experiment.limited_factor(REPLICATE_FACTOR),
                factor=factor,
            )
        )

    def ladder_part(factor: float) -> Part:
        per_person = steps_on_ladder(factor)
        words = "on the ladder: steps a head of the degree after the first that takes the most, over those of the first"
        return less_than(words, mean_interval(per_person[:, 1:].max(axis=1) / per_person[:, 0]), 1.0)

    factor = experiment.parameter("factor")
    at_default = (later(base[ARMS[0]], share), easier)
    by_factor = experiment.sweep(
        "factor",
        factor,
        lambda value: (*at_default, ladder_part(value)),
        [0.1, 1.0, 3.0, 20.0],
        label="the factor of power per degree",
    )
    per_person = steps_on_ladder(factor)
    ladder = [line_rows(degree + 1.0, "on the ladder", per_person[:, degree]) for degree in range(per_person.shape[1])]
    last = experiment.sweep(
        "upto",
        share,
        lambda value: (_last_to_join(base[ARMS[0]], value),),
        [0.2, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0],
        label="the share of all who have joined before",
    )
    by_spontaneous = experiment.sweep(
        "alone",
        spontaneous,
        lambda value: (later(adopters(experiment, True, value), share),),
        [0.0, 0.003, 0.03, 0.1, 0.3],
        label="the chance to join by oneself in a step",
    )
    rows = []
    for arm, counts in base.items():
        first = steps_per_person(counts, 10 / counts.max(), 0.1)
        for tenth in range(TENTHS):
            low, high = max(tenth / TENTHS, 10 / counts.max()), (tenth + 1) / TENTHS
            rows.append(line_rows(10.0 * (tenth + 1), arm, steps_per_person(counts, low, high) / first))
    found = mean_interval(ratio(base[ARMS[0]], share))
    return Finding(
        parts=(*at_default, ladder_part(factor)),
        headline=found,
        measure="steps a head after the first tenth, over those of the first tenth",
        sweeps=(last, by_spontaneous, by_factor),
        panels=(
            Panel(
                "lines",
                "How long each tenth of the people takes",
                pl.DataFrame(rows),
                "per cent of people joined",
                "steps a head, first tenth = 1",
                rule=1.0,
                log="y",
            ),
            Panel(
                "lines",
                "On the ladder, degree by degree",
                pl.DataFrame(ladder),
                "degree",
                "steps a head of those who join by it",
                log="y",
                whole=True,
            ),
            sweep_panel(
                by_spontaneous,
                "Where people join by themselves, later ones are slower",
                "chance to join by oneself in a step",
                "steps a head, later over first",
            ),
        ),
    )


def _last_to_join(counts: NDArray[np.int64], upto: float) -> Part:
    """The last five in a hundred who join before a share is reached, against the first tenth."""
    first = steps_per_person(counts, 10 / counts.max(), 0.1)
    return less_than(
        "steps a head just before that share, over those of the first tenth",
        mean_interval(steps_per_person(counts, upto - 0.05, upto) / first),
        1.0,
    )


C9 = Claim(
    name="C9",
    title="Large masses",
    says=(
        "ideas “are easier to spread in large masses, down the threads of the inner interconnection”; “much easier for the world"
        " to do than for us”"
    ),
    statement="Later people join faster per head than the first did.",
    hypothesis=(
        "From the first tenth of all people on, each who joins takes fewer steps than each of the first tenth did, and social"
        " reinforcement in circles makes it quicker still. On the ladder, too, each later degree takes fewer steps for each who"
        " joins than the first."
    ),
    design=(
        f"Twice. In the spread engine, {PEOPLE:,} people with ties that prefer the near, in circles of ten; who has joined brings"
        " others over ties, and a circle with two or more brings the rest (reinforcement); from one circle to everybody. In the"
        f" world, {PEOPLE:,} people and the rule of joining alone, from one person. Sweeps: up to which share of all it holds,"
        " people who join by themselves, without anybody, and the factor of the ladder."
    ),
    rests_on=(
        "That people join through others, so that joining feeds itself until few are left. Reinforcement is a second source of"
        " it, beside the ties. On the ladder a degree brings ten times as many as the one below, so it would have to take ten"
        " times as long to be slower a head."
    ),
    run=adoption_speed,
    assumes={"contact": 0.01, "ties": 10.0, "alpha": 1.0, "reinforcement": 0.05, "least": 2.0, "upto": 0.9, "alone": 0.0},
    world={},
)
