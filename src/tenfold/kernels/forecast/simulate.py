"""The weekly simulation of a cohort, one replicate at a time.

Every bond and every person has one threshold, an exponential variate. They end when their cumulated hazard reaches it (inversion of the
survival function). A contact only lowers the hazard. So on the same random numbers no schedule can make anybody leave earlier.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import draw

__all__ = ["UNIT", "Cohort", "Hazards", "Schedule", "run_replicate"]

UNIT = 1 << 20
"""Hazards are whole numbers of this unit, so that their sums do not depend on their order."""

_BOND, _PERSON, _CONTACT, _FORMATION, _REACTIVATION = 1, 2, 3, 4, 5  # streams


class Cohort(NamedTuple):
    """People 0..n−1 and pairs 0..m−1 at week 0; a pair has a bond, or may form one by a contact."""

    active: NDArray[np.uint8]  # (n) 1: has not left
    person_age: NDArray[np.int32]  # (n) weeks since first seen
    a: NDArray[np.int32]  # (m)
    b: NDArray[np.int32]  # (m)
    alive: NDArray[np.uint8]  # (m) 1: a living bond; 0: a possible one
    bond_age: NDArray[np.int32]  # (m) weeks since first contact
    formation: NDArray[np.uint64]  # (m) chance that a contact makes a possible bond a living one, in 2⁻³²


class Hazards(NamedTuple):
    """Weekly hazards, and what contacts do."""

    bond: NDArray[np.int64]  # (ages) hazard of a bond by age in weeks, in UNIT; the last one holds for all later ages
    person: NDArray[np.int64]  # (ages) likewise of a person
    degree_ratios: NDArray[np.int64]  # (d + 1) hazard ratio of a person with 0..d and more living bonds, in 1/1024
    contact_ratio: int  # hazard ratio of a person in a week with a contact over a living bond, in 1/1024
    adherence: int  # chance that a planned contact takes place, in 2⁻³²
    reactivation: int  # chance that a person who left returns when contacted, in 2⁻³²


class Schedule(NamedTuple):
    """Planned contacts: those of week w are rows start[w]..start[w + 1] − 1."""

    start: NDArray[np.int64]  # (weeks + 1)
    initiator: NDArray[np.int32]
    recipient: NDArray[np.int32]
    pair: NDArray[np.int32]  # the pair of the two, in the cohort


@jit
def exponential(seed: int, replicate: int, stream: int, step: int, who: int, whom: int) -> int:
    """An exponential variate of mean 1, in UNIT."""
    return int(-math.log((float(draw(seed, replicate, stream, step, who, whom)) + 0.5) / 4294967296.0) * UNIT)


@jit
def run_replicate(
    cohort: Cohort,
    hazards: Hazards,
    schedule: Schedule,
    seed: int,
    replicate: int,
    endpoint: int,
    counts: NDArray[np.int64],
    kept: NDArray[np.int64],
) -> None:
    """Simulate one replicate.

    `counts` (weeks + 1, 3) receives for each week: people kept (not left, with a living bond), bonds of week 0 still alive, living bonds.
    `kept` (n) is increased by 1 for everybody kept at week `endpoint`.
    """
    n, m, weeks = cohort.active.size, cohort.a.size, counts.shape[0] - 1
    a, b = cohort.a, cohort.b
    active, alive, original = cohort.active.copy(), cohort.alive.copy(), cohort.alive.copy()
    bond_hazard, bond_age = np.zeros(m, np.int64), cohort.bond_age.copy()  # cumulated hazard
    person_hazard, degree = np.zeros(n, np.int64), np.zeros(n, np.int32)
    contacted, tended = np.zeros(n, np.uint8), np.zeros(m, np.uint8)  # people and bonds, this week
    bond_threshold, person_threshold = np.empty(m, np.int64), np.empty(n, np.int64)
    living, n_living = np.empty(m, np.int64), 0  # the living bonds, in any order: their sums are whole numbers
    for k in range(m):
        if alive[k]:
            bond_threshold[k] = exponential(seed, replicate, _BOND, 0, a[k], b[k])
            living[n_living] = k
            n_living += 1
    for i in range(n):
        person_threshold[i] = exponential(seed, replicate, _PERSON, 0, i, 0)
    last_bond_age, last_person_age = hazards.bond.size - 1, hazards.person.size - 1
    most_degree = hazards.degree_ratios.size - 1
    for week in range(weeks + 1):
        # count
        degree[:] = 0
        living_bonds = bonds_kept = people_kept = 0
        for row in range(n_living):
            k = living[row]
            if active[a[k]] and active[b[k]]:
                degree[a[k]] += 1
                degree[b[k]] += 1
                living_bonds += 1
                bonds_kept += original[k]
        for i in range(n):
            is_kept = active[i] and degree[i] > 0
            people_kept += is_kept
            if week == endpoint and is_kept:
                kept[i] += 1
        counts[week, 0], counts[week, 1], counts[week, 2] = people_kept, bonds_kept, living_bonds
        if week == weeks:
            break
        # contacts
        tended[:] = 0
        contacted[:] = 0
        for row in range(schedule.start[week], schedule.start[week + 1]):
            i, j, k = schedule.initiator[row], schedule.recipient[row], schedule.pair[row]
            if not active[i] or np.int64(draw(seed, replicate, _CONTACT, week, i, j)) >= hazards.adherence:
                continue
            # a contact takes effect over a bond only: one between strangers who form none changes nothing
            if not alive[k] and draw(seed, replicate, _FORMATION, week, a[k], b[k]) >= cohort.formation[k]:
                continue
            if not active[j]:
                if np.int64(draw(seed, replicate, _REACTIVATION, week, j, 0)) >= hazards.reactivation:
                    continue
                active[j] = 1
                person_hazard[j] = 0
                person_threshold[j] = exponential(seed, replicate, _PERSON, week + 1, j, 0)
            if not alive[k]:
                alive[k] = 1
                living[n_living] = k
                n_living += 1
                bond_hazard[k] = bond_age[k] = 0
                bond_threshold[k] = exponential(seed, replicate, _BOND, week + 1, a[k], b[k])
            tended[k] = contacted[i] = contacted[j] = 1
        # bonds end; backwards, as the last living one takes the row of one that ends
        row = n_living - 1
        while row >= 0:
            k = living[row]
            if not tended[k]:
                bond_hazard[k] += hazards.bond[min(bond_age[k], last_bond_age)]
                if bond_hazard[k] >= bond_threshold[k]:
                    alive[k] = original[k] = 0
                    n_living -= 1
                    living[row] = living[n_living]
            bond_age[k] += 1
            row -= 1
        # people leave
        for i in range(n):
            if active[i]:
                hazard = hazards.person[min(cohort.person_age[i] + week, last_person_age)]
                hazard = (hazard * hazards.degree_ratios[min(degree[i], most_degree)]) >> 10
                if contacted[i]:
                    hazard = (hazard * hazards.contact_ratio) >> 10
                person_hazard[i] += hazard
                if person_hazard[i] >= person_threshold[i]:
                    active[i] = 0
