"""Simulate the coming weeks of a community under several schedules on the same luck."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.hazards import Hazards

__all__ = ["Ensemble", "Start", "Week", "simulate_weeks"]


@dataclass(frozen=True)
class Start:
    """A community at week 0: n people and m pairs that have or may get a bond.

    `active` (n) not lost; `person_age` (n) weeks; `a`, `b` (m) people; `alive` (m) a living bond; `bond_age` (m) weeks; `known` (m) had a
    bond once; `hindered` (m) share no language, so that a bond forms at a fifth of the chance.
    """

    active: NDArray[np.bool_]
    person_age: NDArray[np.int64]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    alive: NDArray[np.bool_]
    bond_age: NDArray[np.int64]
    known: NDArray[np.bool_]
    hindered: NDArray[np.bool_]


Week = NDArray[np.int64]
"""The contacts of one week, shape (contacts, 3): who, whom, and the pair between them."""


@dataclass(frozen=True)
class Ensemble:
    """`people`, `held` and `bonds`, shape (replicates, weeks + 1): people in touch, bonds of week 0 still alive, all living bonds.

    `kept` (n): share of the replicates in which each person is in touch at the marked week.
    """

    people: NDArray[np.int64]
    held: NDArray[np.int64]
    bonds: NDArray[np.int64]
    kept: NDArray[np.float64]


def simulate_weeks(
    start: Start,
    schedule: list[Week],
    hazards: Hazards,
    *,
    replicates: int,
    seed: int,
    mark: int,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """Run `replicates` of len(schedule) weeks; the result depends on the seed only, not on the executor.

    Parameters
    ----------
    start, schedule, hazards
        The community, the contacts of each week, and what is known about leaving.
    replicates
        Runs with different luck; run r of any schedule with the same seed has the same luck.
    mark
        The week at which `kept` is counted.
    executor
        Runs the replicates; by default one thread a processor.
    progress
        Called with the number of replicates done.
    """
    counts = np.zeros((replicates, len(schedule) + 1, 3), np.int64)
    cuts = np.unique(np.linspace(0, replicates, min(replicates, 16) + 1).astype(int))
    blocks = [(start, schedule, hazards, seed, int(low), int(high), mark) for low, high in pairwise(cuts)]
    kept = np.zeros(start.active.size, np.int64)
    pool = executor or ThreadPoolExecutor(os.cpu_count())
    try:
        for block, (part, kept_part) in zip(blocks, pool.map(run_block, blocks), strict=True):
            counts[block[4] : block[5]] = part
            kept += kept_part
            if progress is not None:
                progress(block[5])
    finally:
        if executor is None:
            pool.shutdown()
    return Ensemble(counts[..., 0], counts[..., 1], counts[..., 2], kept / replicates)


def run_block(
    block: tuple[Start, list[Week], Hazards, int, int, int, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Replicates low..high − 1: their counts and how often each person was kept."""
    from tenfold.kernels.forecast.simulate import UNIT, Schedule, Society, retention

    start, schedule, hazards, seed, low, high, mark = block
    whole = 2.0**32
    form = np.where(start.known, hazards.renew, hazards.form) * np.where(start.hindered, 0.2, 1.0)
    society = Society(
        active=start.active.astype(np.uint8),
        person_age=start.person_age.astype(np.int32),
        a=start.a.astype(np.int32),
        b=start.b.astype(np.int32),
        alive=start.alive.astype(np.uint8),
        bond_age=start.bond_age.astype(np.int32),
        form=(form * whole).astype(np.uint64),
        bond_hazard=np.rint(hazards.bond * UNIT).astype(np.int64),
        person_hazard=np.rint(hazards.person * UNIT).astype(np.int64),
        company=np.rint(np.array(hazards.company) * 1024).astype(np.int64),
        protection=round(hazards.protection * 1024),
        adherence=round(hazards.adherence * whole),
        back=round(hazards.back * whole),
    )
    rows = np.concatenate([np.zeros((0, 3), np.int64), *schedule])
    planned = Schedule(
        start=np.cumsum([0, *(len(week) for week in schedule)]),
        who=rows[:, 0].astype(np.int32),
        whom=rows[:, 1].astype(np.int32),
        bond=rows[:, 2].astype(np.int32),
    )
    counts = np.zeros((high - low, len(schedule) + 1, 3), np.int64)
    kept = np.zeros(start.active.size, np.int64)
    for replicate in range(low, high):
        retention(society, planned, seed, replicate, mark, counts[replicate - low], kept)
    return counts, kept
