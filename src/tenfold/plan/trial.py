"""Stage 5, the trial: the plan against its baselines in simulation, with as many contacts a week and on the same random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.simulate import Ensemble, simulate_weeks
from tenfold.plan.candidates import Candidates
from tenfold.plan.circles import Circles
from tenfold.plan.cohort import build_cohort
from tenfold.plan.scenarios import BASELINES, Contacts, baseline_shares, schedules, share_inside
from tenfold.plan.situation import Situation
from tenfold.plan.ties import number_pairs

__all__ = ["Design", "Trial", "compare", "paired_interval", "run_scenarios", "run_trial"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
COMPARISON = {
    "baseline": pl.String,
    "measure": pl.String,
    "plan": pl.Float64,
    "other": pl.Float64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "contacts_a_week": pl.Float64,
    "wins": pl.Boolean,
}


@dataclass(frozen=True)
class Design:
    """Design of a trial: `endpoint`, the week at which scenarios are compared; `replicates` of each scenario; `seed`."""

    endpoint: int
    replicates: int
    seed: int


@dataclass(frozen=True)
class Trial:
    """Results of a trial.

    `ensembles`: by scenario, "plan" and `BASELINES`. `comparison`: the plan against each baseline, with 95 % intervals of the difference.
    `wins`: whether the plan keeps more people than each of them, beyond doubt (95 %). `warning`: words for when it does not, else empty.
    """

    ensembles: dict[str, Ensemble]
    comparison: pl.DataFrame
    wins: bool
    warning: str


def run_trial(
    situation: Situation,
    circles: Circles,
    candidates: Candidates,
    weeks: list[Ints],
    design: Design,
    *,
    progress: Callable[[str], None] | None = None,
) -> Trial:
    """Simulate the plan and its baselines, and compare them.

    Parameters
    ----------
    situation, circles, candidates, weeks
        The stages before; `weeks` are the rows of `candidates` that are chosen in each week.
    design
        The endpoint, the number of replicates, and the seed.
    progress
        Called with a few words before each scenario.
    """
    contacts = schedules(situation.n, candidates, weeks, design.seed)
    ensembles = run_scenarios(situation, contacts, design, progress=progress)
    mean_contacts = float(np.mean([len(rows) for rows in weeks[: design.endpoint]]))
    comparison = compare(situation, circles, ensembles, design, mean_contacts)
    people = comparison.filter(pl.col("measure") == f"people kept at {design.endpoint} weeks")
    wins = bool(people["wins"].all())
    return Trial(ensembles, comparison, wins, "" if wins else _warning(people, design.endpoint))


def run_scenarios(
    situation: Situation,
    contacts: dict[str, list[Contacts]],
    design: Design,
    *,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Ensemble]:
    """Simulate the contacts of each scenario."""
    found = {}
    for name, weeks in contacts.items():
        if progress is not None:
            progress(f"simulating: {name}")
        initiator, recipient = (np.concatenate([week[end] for week in weeks]) for end in (0, 1))
        pairs = number_pairs(situation.ties, situation.n, initiator, recipient)
        rows = np.stack([initiator, recipient, pairs.of_contact], axis=1)
        schedule = np.split(rows, np.cumsum([len(week[0]) for week in weeks])[:-1])
        found[name] = simulate_weeks(
            build_cohort(situation, pairs),
            schedule,
            situation.assumptions,
            replicates=design.replicates,
            seed=design.seed,
            endpoint=design.endpoint,
        )
    return found


def compare(
    situation: Situation, circles: Circles, ensembles: dict[str, Ensemble], design: Design, contacts_a_week: float
) -> pl.DataFrame:
    """The plan against each baseline at the endpoint: people and bonds kept, and bond strength inside circles."""
    plan, week = ensembles["plan"], design.endpoint
    inside = share_inside(circles.membership, situation.ties)
    rows = []
    for name in BASELINES:
        other, cost = ensembles[name], 0.0 if name == "nothing" else contacts_a_week
        for what, kept, other_kept in (
            ("people", plan.people_kept, other.people_kept),
            ("bonds", plan.bonds_kept, other.bonds_kept),
        ):
            mine, theirs = kept[:, week].astype(float), other_kept[:, week].astype(float)
            rows.append(
                _row(name, f"{what} kept at {week} weeks", mine, theirs, paired_interval(mine - theirs))
                | {"contacts_a_week": cost}
            )
        if name != "nothing":
            shares = baseline_shares(name, circles, situation.ties, design.seed)
            gain = inside - shares
            interval = (
                paired_interval(gain) if len(gain) > 1 else (float(gain[0]), float(gain[0]))
            )  # dealing out has no chance in it
            rows.append(
                _row(name, "bond strength inside circles", np.array([inside]), shares, interval) | {"contacts_a_week": 0.0}
            )
    return pl.DataFrame(rows, schema=COMPARISON)


def _row(baseline: str, measure: str, plan: Floats, other: Floats, interval: tuple[float, float]) -> dict[str, object]:
    """One row of the comparison: means, their difference and its interval."""
    means = float(plan.mean()), float(other.mean())
    low, high = interval
    return {
        "baseline": baseline,
        "measure": measure,
        "plan": means[0],
        "other": means[1],
        "difference": means[0] - means[1],
        "low": low,
        "high": high,
        "wins": low > 0,
    }


def paired_interval(gain: Floats) -> tuple[float, float]:
    """95 % interval of the mean difference, paired by replicate."""
    if len(gain) < 2:
        return -np.inf, np.inf
    half = 1.96 * float(gain.std(ddof=1)) / np.sqrt(len(gain))
    return float(gain.mean() - half), float(gain.mean() + half)


def _warning(people: pl.DataFrame, endpoint: int) -> str:
    """Baselines that the plan does not beat, in words; `people`: the rows of the comparison about people kept."""
    parts = [
        f"{row['baseline']} ({row['plan']:.1f} against {row['other']:.1f} people, difference {row['low']:.1f} to {row['high']:.1f})"
        for row in people.filter(~pl.col("wins")).iter_rows(named=True)
    ]
    return f"In simulation this plan does not keep more people at {endpoint} weeks than " + " and ".join(parts) + "."
