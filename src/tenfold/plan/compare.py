"""The plan on trial: against nothing, random pairing and round-robin, with as many contacts a week and on the same luck."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.bonds.strength import Bonds
from tenfold.forecast.hazards import Hazards
from tenfold.forecast.simulate import Ensemble, Start, Week, simulate_weeks
from tenfold.plan.circles import Ties
from tenfold.plan.contacts import Candidates, Pairs

__all__ = ["BASELINES", "CLOSE", "compare", "forecast_table", "run_scenarios", "start_of"]

Ints = NDArray[np.int64]
BASELINES = ("nothing", "random pairing", "round-robin")
CLOSE = 15
"""Bonds that a person can hold close (layers of 5, 15, 50, 150: Dunbar): one beyond the 15 strongest of both is not counted as held."""
_RANDOM, _CIRCLES = 21, 22


def run_scenarios(
    people: pl.DataFrame,
    standing: list[str],
    languages: NDArray[np.bool_],
    ties: Ties,
    bonds: Bonds,
    candidates: Candidates,
    chosen: list[Ints],
    hazards: Hazards,
    *,
    mark: int,
    replicates: int,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Ensemble]:
    """Simulate the plan and its baselines."""
    n = people.height
    callers = [candidates.who[rows] for rows in chosen]
    meetings = {
        "nothing": [(np.zeros(0, np.int64), np.zeros(0, np.int64)) for _ in chosen],
        "plan": [(candidates.who[rows], candidates.whom[rows]) for rows in chosen],
        "random pairing": [_random_pairs(n, len(rows), seed, week) for week, rows in enumerate(chosen)],
        "round-robin": _round_robin(n, callers),
    }
    found = {}
    for name, weeks in meetings.items():
        if progress is not None:
            progress(f"simulating: {name}")
        start, schedule = _start(people, standing, languages, ties, bonds, weeks)
        found[name] = simulate_weeks(start, schedule, hazards, replicates=replicates, seed=seed, mark=mark)
    return found


def compare(
    runs: dict[str, Ensemble], circle: Ints, count: int, ties: Ties, chosen: list[Ints], mark: int, seed: int
) -> tuple[pl.DataFrame, bool]:
    """The plan against each baseline, and whether it wins: keeps more people than every one of them, beyond doubt (95 %)."""
    rows: list[dict[str, object]] = []
    cost = float(np.mean([len(week) for week in chosen[:mark]])) if mark else 0.0
    plan = runs["plan"]
    inside = _inside(circle, ties)
    wins = True
    for name in BASELINES:
        other = runs[name]
        for measure, mine, theirs in (
            (f"people kept at {mark} weeks", plan.people, other.people),
            (f"bonds kept at {mark} weeks", plan.held, other.held),
        ):
            gain = (mine[:, mark] - theirs[:, mark]).astype(float)
            low, high = _interval(gain)
            rows.append(
                _row(
                    name,
                    measure,
                    mine[:, mark].mean(),
                    theirs[:, mark].mean(),
                    low,
                    high,
                    0.0 if name == "nothing" else cost,
                    low > 0,
                )
            )
            wins = wins and (low > 0 or "bonds" in measure)
        if name != "nothing":
            shares = _baseline_circles(name, len(circle), count, ties, seed)
            gains = inside - shares
            low, high = _interval(gains) if len(gains) > 1 else (float(gains[0]), float(gains[0]))
            rows.append(_row(name, "bond strength inside circles", inside, float(shares.mean()), low, high, 0.0, low > 0))
    schema = {
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
    return pl.DataFrame(rows, schema=schema), wins


def forecast_table(runs: dict[str, Ensemble]) -> pl.DataFrame:
    """`scenario`, `week`, `measure` (people, bonds), `mean`, `low`, `high`: bands that hold nine in ten replicates."""
    parts = []
    for name, run in runs.items():
        for measure, counts in (("people", run.people), ("bonds", run.held)):
            low, high = np.quantile(counts, [0.05, 0.95], axis=0)
            weeks = np.arange(counts.shape[1])
            parts.append(
                pl.DataFrame({"week": weeks, "mean": counts.mean(axis=0), "low": low, "high": high}).select(
                    pl.lit(name).alias("scenario"), "week", pl.lit(measure).alias("measure"), "mean", "low", "high"
                )
            )
    return pl.concat(parts)


def _row(
    baseline: str, measure: str, plan: float, other: float, low: float, high: float, contacts: float, wins: bool
) -> dict[str, object]:
    return {
        "baseline": baseline,
        "measure": measure,
        "plan": float(plan),
        "other": float(other),
        "difference": float(plan) - float(other),
        "low": low,
        "high": high,
        "contacts_a_week": contacts,
        "wins": bool(wins),
    }


def _interval(gain: NDArray[np.float64]) -> tuple[float, float]:
    """95 per cent interval of the mean difference, paired by luck."""
    if len(gain) < 2:
        return -np.inf, np.inf
    half = 1.96 * float(gain.std(ddof=1)) / np.sqrt(len(gain))
    return float(gain.mean() - half), float(gain.mean() + half)


def _start(
    people: pl.DataFrame,
    standing: list[str],
    languages: NDArray[np.bool_],
    ties: Ties,
    bonds: Bonds,
    weeks: list[tuple[Ints, Ints]],
) -> tuple[Start, list[Week]]:
    """The community at week 0 with every pair that a schedule brings together, and the schedule by pair."""
    pairs = Pairs(ties, people.height)
    numbers = [pairs.number(who, whom) for who, whom in weeks]
    start = start_of(people, standing, languages, ties, bonds, pairs)
    return start, [np.stack([who, whom, number], axis=1) for (who, whom), number in zip(weeks, numbers, strict=True)]


def start_of(
    people: pl.DataFrame, standing: list[str], languages: NDArray[np.bool_], ties: Ties, bonds: Bonds, pairs: Pairs
) -> Start:
    """The community at week 0, with all of `pairs`."""
    n = people.height
    a, b = pairs.ends()
    m, known = len(a), len(ties.a)
    alive = np.zeros(m, np.bool_)
    alive[:known] = (ties.table["standing"] != "lost").to_numpy() & _close(ties, n)
    age = np.zeros(m, np.int64)
    age[:known] = ties.table.select((pl.lit(bonds.at) - pl.col("first")).dt.total_days() // 7).to_series().to_numpy()
    since = people.select((pl.lit(bonds.at) - pl.col("first_seen")).dt.total_days() // 7).to_series().fill_null(0).to_numpy()
    hindered = np.logical_not((languages[a] & languages[b]).any(axis=1)) if languages.shape[1] else np.zeros(m, np.bool_)
    return Start(
        active=np.array([one != "lost" for one in standing], np.bool_),
        person_age=since.astype(np.int64),
        a=a,
        b=b,
        alive=alive,
        bond_age=age,
        known=np.arange(m) < known,
        hindered=np.asarray(hindered),
    )


def _close(ties: Ties, n: int) -> NDArray[np.bool_]:
    """Whether a bond is among the strongest of one of its ends; `ties` come strongest first."""
    rows = np.arange(len(ties.a))
    ends, row = np.concatenate([ties.a, ties.b]), np.concatenate([rows, rows])
    by_end = np.lexsort((row, ends))
    place = np.arange(len(ends)) - np.searchsorted(ends[by_end], np.arange(n))[ends[by_end]]
    close = np.zeros(len(rows), np.bool_)
    close[row[by_end][place < CLOSE]] = True
    return close


def _random_pairs(n: int, contacts: int, seed: int, week: int) -> tuple[Ints, Ints]:
    """As many contacts, between people at random."""
    rng = np.random.Generator(np.random.Philox(key=[seed, _RANDOM], counter=[week, 0, 0, 0]))
    who = rng.integers(0, n, contacts)
    return who, (who + rng.integers(1, max(n, 2), contacts)) % n


def _round_robin(n: int, callers: list[Ints]) -> list[tuple[Ints, Ints]]:
    """The same callers as the plan's, each time the next people on the list."""
    weeks, upcoming = [], 0
    for who in callers:
        whom = (upcoming + np.arange(len(who))) % n
        whom = np.where(whom == who, (whom + 1) % n, whom)
        upcoming += len(who)
        weeks.append((who, whom))
    return weeks


def _inside(circle: Ints, ties: Ties) -> float:
    """Share of the bond strength that lies inside circles."""
    strength = ties.strength()
    return float(strength[circle[ties.a] == circle[ties.b]].sum() / strength.sum()) if strength.sum() > 0 else 0.0


def _baseline_circles(name: str, n: int, count: int, ties: Ties, seed: int) -> NDArray[np.float64]:
    """Shares inside circles of the same size: dealt round the list, or drawn at random 100 times."""
    if name == "round-robin":
        return np.array([_inside(np.arange(n) % count, ties)])
    rng = np.random.Generator(np.random.Philox(key=[seed, _CIRCLES]))
    return np.array([_inside(rng.permutation(n) % count, ties) for _ in range(100)])
