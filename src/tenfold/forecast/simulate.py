"""Simulate the coming weeks of a community, under any number of schedules on the same random numbers."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.hazards import Hazards

__all__ = ["Cohort", "Ensemble", "Week", "simulate_weeks"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WITHOUT_LANGUAGE = 0.2
"""Chance that a bond forms between two who share no language, as a share of the chance of others; an assumption."""


@dataclass(frozen=True)
class Cohort:
    """A community at week 0: n people, and m pairs that have a bond or may form one.

    Attributes
    ----------
    active
        (n) Whether the person is not lost.
    person_age
        (n) Weeks since the person was first seen.
    a, b
        (m) The two people of each pair.
    alive
        (m) Whether the pair has a living bond.
    bond_age
        (m) Weeks since the first contact of the pair.
    known
        (m) Whether the pair ever had a bond.
    no_shared_language
        (m) Whether the two share no language.
    """

    active: NDArray[np.bool_]
    person_age: Ints
    a: Ints
    b: Ints
    alive: NDArray[np.bool_]
    bond_age: Ints
    known: NDArray[np.bool_]
    no_shared_language: NDArray[np.bool_]

    def formation(self, hazards: Hazards) -> Floats:
        """Chance that a contact makes a living bond of each pair that has none, (m)."""
        chance: Floats = np.where(self.known, hazards.renewal, hazards.formation)
        return chance * np.where(self.no_shared_language, WITHOUT_LANGUAGE, 1.0)


Week = Ints
"""The contacts of one week, shape (contacts, 3): initiator, recipient, and the pair of the two."""


@dataclass(frozen=True)
class Ensemble:
    """What became of a cohort in each replicate.

    Attributes
    ----------
    people_kept
        (replicates, weeks + 1) People who have not left and have a living bond.
    bonds_kept
        (replicates, weeks + 1) Bonds of week 0 that are still alive.
    living_bonds
        (replicates, weeks + 1) All living bonds.
    kept_share
        (n) Share of the replicates in which each person is kept at the endpoint.
    """

    people_kept: Ints
    bonds_kept: Ints
    living_bonds: Ints
    kept_share: Floats


def simulate_weeks(
    cohort: Cohort,
    schedule: list[Week],
    hazards: Hazards,
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
    cohort, schedule, hazards
        The community, the contacts of each week, and the hazards of bonds and people.
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
    counts = np.zeros((replicates, len(schedule) + 1, 3), np.int64)
    kept = np.zeros(cohort.active.size, np.int64)
    cuts = np.unique(np.linspace(0, replicates, min(replicates, 16) + 1).astype(int)).tolist()
    blocks = list(pairwise(cuts))
    pool = executor or ThreadPoolExecutor(os.cpu_count())
    try:
        found = pool.map(partial(run_block, cohort, schedule, hazards, seed, endpoint), blocks)
        for (low, high), (block_counts, block_kept) in zip(blocks, found, strict=True):
            counts[low:high] = block_counts
            kept += block_kept
            if progress is not None:
                progress(high)
    finally:
        if executor is None:
            pool.shutdown()
    return Ensemble(counts[..., 0], counts[..., 1], counts[..., 2], kept / replicates)


def run_block(
    cohort: Cohort, schedule: list[Week], hazards: Hazards, seed: int, endpoint: int, block: tuple[int, int]
) -> tuple[Ints, Ints]:
    """Simulate replicates block[0] to block[1] − 1: their counts (replicates, weeks + 1, 3), and how often each person is kept (n)."""
    from tenfold.kernels.forecast import simulate as kernel

    chance, ratio = 2.0**32, 1024  # units of the kernel
    compiled_cohort = kernel.Cohort(
        active=cohort.active.astype(np.uint8),
        person_age=cohort.person_age.astype(np.int32),
        a=cohort.a.astype(np.int32),
        b=cohort.b.astype(np.int32),
        alive=cohort.alive.astype(np.uint8),
        bond_age=cohort.bond_age.astype(np.int32),
        formation=(cohort.formation(hazards) * chance).astype(np.uint64),
    )
    compiled_hazards = kernel.Hazards(
        bond=np.rint(hazards.bond * kernel.UNIT).astype(np.int64),
        person=np.rint(hazards.person * kernel.UNIT).astype(np.int64),
        degree_ratios=np.rint(np.array(hazards.degree_ratios) * ratio).astype(np.int64),
        contact_ratio=round(hazards.contact_ratio * ratio),
        adherence=round(hazards.adherence * chance),
        reactivation=round(hazards.reactivation * chance),
    )
    rows = np.concatenate([np.zeros((0, 3), np.int64), *schedule])
    compiled_schedule = kernel.Schedule(
        start=np.cumsum([0, *(len(week) for week in schedule)]),
        initiator=rows[:, 0].astype(np.int32),
        recipient=rows[:, 1].astype(np.int32),
        pair=rows[:, 2].astype(np.int32),
    )
    low, high = block
    counts = np.zeros((high - low, len(schedule) + 1, 3), np.int64)
    kept = np.zeros(cohort.active.size, np.int64)
    for replicate in range(low, high):
        row = counts[replicate - low]
        kernel.run_replicate(compiled_cohort, compiled_hazards, compiled_schedule, seed, replicate, endpoint, row, kept)
    return counts, kept
