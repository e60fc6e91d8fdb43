"""Simulate the coming weeks of a community, under any number of schedules on the same random numbers."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.forecast.assumptions import Assumptions
from tenfold.worker_threads import worker_threads

__all__ = ["Cohort", "Ensemble", "Week", "hazard_after", "hazard_of", "simulate_weeks"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WITHOUT_LANGUAGE = 0.2
"""Chance that a bond forms between two who share no language, as a share of the chance of others; an assumption."""
LEAST = 1e-6
"""The least chance that is told from none."""
PRIOR_HAZARD = 0.06
"""Weekly hazard of who comes back where nobody is in touch today: half are left after twelve weeks; an assumption."""


@dataclass(frozen=True)
class Cohort:
    """A community at week 0: n people, and m pairs that have a bond or may form one.

    Attributes
    ----------
    person
        (n, weeks + 1) Chance of each person to be in touch in each week, without a plan.
    a, b
        (m) The two people of each pair.
    pair
        (r) The pairs that may be in contact without a plan.
    bond
        (r, weeks + 1) Chance of each of these to be in contact in each week, without a plan.
    known
        (m) Whether the pair ever had a bond.
    no_shared_language
        (m) Whether the two share no language.
    person_after, bond_after
        (weeks + 1) Weekly hazard of a person who came back, and of a bond that was formed or renewed, by the weeks since then.
    """

    person: Floats
    a: Ints
    b: Ints
    pair: Ints
    bond: Floats
    known: NDArray[np.bool_]
    no_shared_language: NDArray[np.bool_]
    person_after: Floats
    bond_after: Floats

    @property
    def bond_given_both(self) -> Floats:
        """(r, weeks + 1) Chance of each bond where both people are in touch; of the two, neither knows of the other."""
        both = self.person[self.a[self.pair]] * self.person[self.b[self.pair]]
        found: Floats = np.clip(self.bond / np.maximum(both, LEAST), 0.0, 1.0)
        return found

    def formation(self, assumptions: Assumptions) -> Floats:
        """Chance that a contact makes a living bond of each pair that has none, (m)."""
        chance: Floats = np.where(self.known, assumptions.renewal, assumptions.formation)
        return chance * np.where(self.no_shared_language, WITHOUT_LANGUAGE, 1.0)


def hazard_of(weekly: Floats) -> Floats:
    """−ln of chances; those below `LEAST` count as that."""
    found: Floats = -np.log(np.clip(weekly, LEAST, 1.0))
    return found


def hazard_after(weekly: Floats) -> Floats:
    """Weekly hazard, by weeks, of those of some cases that are there at week 0, (weeks + 1); 0 where they become more. (k, weeks +
    1) chances."""
    if not weekly.size or not (weekly[:, 0] > 0.5).any():
        return np.full(weekly.shape[1], PRIOR_HAZARD)
    mean = hazard_of(weekly[weekly[:, 0] > 0.5].mean(axis=0))
    step = np.maximum(np.diff(mean), 0.0)
    return np.append(step, step[-1])


if TYPE_CHECKING:
    from tenfold.kernels.forecast import simulate as kernel

    Compiled = tuple[kernel.Cohort, kernel.Effects, kernel.Schedule]

Week = Ints
"""The contacts of one week, shape (contacts, 3): initiator, recipient, and the pair of the two."""


@dataclass(frozen=True)
class Ensemble:
    """What became of a cohort in each replicate.

    Attributes
    ----------
    people_kept
        (replicates, weeks + 1) People in touch.
    bonds_kept
        (replicates, weeks + 1) Bonds of week 0 that are in contact.
    living_bonds
        (replicates, weeks + 1) All bonds in contact.
    kept_share
        (n) Share of the replicates in which each person is in touch at the endpoint.
    """

    people_kept: Ints
    bonds_kept: Ints
    living_bonds: Ints
    kept_share: Floats


def simulate_weeks(
    cohort: Cohort,
    schedule: list[Week],
    assumptions: Assumptions,
    *,
    replicates: int,
    seed: int,
    endpoint: int,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """Simulate len(schedule) weeks `replicates` times.

    Parameters
    ----------
    cohort, schedule, assumptions
        The community with its chances, the contacts of each week, and what contacts are taken to do.
    replicates
        Runs on different random numbers. Run r of any schedule has the same random numbers under the same seed.
    seed
        The result depends on the seed only, not on the executor.
    endpoint
        The week for `Ensemble.kept_share`.
    executor
        Runs the replicates; by default one thread for each processor.
    progress
        Called with the number of replicates done.
    """
    needed = 3 * 24 * replicates * (len(schedule) + 1)
    checks.memory(needed, f"{replicates} replicates of {len(schedule)} weeks", "Ask for fewer replicates")
    counts = np.zeros((replicates, len(schedule) + 1, 3), np.int64)
    kept = np.zeros(len(cohort.person), np.int64)
    cuts = np.unique(np.linspace(0, replicates, min(replicates, 16) + 1).astype(int)).tolist()
    blocks = list(pairwise(cuts))
    with nullcontext(executor) if executor is not None else worker_threads(os.cpu_count() or 1) as pool:
        found = pool.map(partial(run_block, _compiled(cohort, schedule, assumptions), seed, endpoint), blocks)
        for (low, high), (block_counts, block_kept) in zip(blocks, found, strict=True):
            counts[low:high] = block_counts
            kept += block_kept
            if progress is not None:
                progress(high)
    return Ensemble(counts[..., 0], counts[..., 1], counts[..., 2], kept / replicates)


def run_block(compiled: Compiled, seed: int, endpoint: int, block: tuple[int, int]) -> tuple[Ints, Ints]:
    """Simulate replicates block[0] to block[1] − 1: their counts (replicates, weeks + 1, 3), and how often each person is in touch (n)."""
    from tenfold.kernels.forecast.simulate import run_replicate

    cohort, effects, schedule = compiled
    low, high = block
    counts = np.zeros((high - low, cohort.person.shape[0], 3), np.int64)
    kept = np.zeros(cohort.person.shape[1], np.int64)
    for replicate in range(low, high):
        run_replicate(cohort, effects, schedule, seed, replicate, endpoint, counts[replicate - low], kept)
    return counts, kept


def _compiled(cohort: Cohort, schedule: list[Week], assumptions: Assumptions) -> Compiled:
    """What the kernel takes."""
    from tenfold.kernels.forecast import simulate as kernel

    chance, ratio, weeks = 2.0**32, 1024, len(schedule) + 1
    rows = np.concatenate([np.zeros((0, 3), np.int64), *schedule])
    return (
        kernel.Cohort(
            person=_in_units(hazard_of(cohort.person[:, :weeks].T), kernel.UNIT).astype(np.int32),
            a=cohort.a.astype(np.int32),
            b=cohort.b.astype(np.int32),
            pair=cohort.pair.astype(np.int32),
            bond=_in_units(hazard_of(cohort.bond_given_both[:, :weeks].T), kernel.UNIT).astype(np.int32),
            formation=(cohort.formation(assumptions) * chance).astype(np.uint64),
        ),
        kernel.Effects(
            person_after=_in_units(cohort.person_after, kernel.UNIT),
            bond_after=_in_units(cohort.bond_after, kernel.UNIT),
            degree_ratios=_in_units(np.array(assumptions.degree_ratios), ratio),
            contact_ratio=round(assumptions.contact_ratio * ratio),
            adherence=round(assumptions.adherence * chance),
            reactivation=round(assumptions.reactivation * chance),
        ),
        kernel.Schedule(
            start=np.cumsum([0, *(len(week) for week in schedule)]),
            initiator=rows[:, 0].astype(np.int32),
            recipient=rows[:, 1].astype(np.int32),
            pair=rows[:, 2].astype(np.int32),
        ),
    )


def _in_units(values: Floats, unit: int) -> Ints:
    """Whole numbers of a unit, in rows for the kernel."""
    return np.ascontiguousarray(np.rint(values * unit), dtype=np.int64)
