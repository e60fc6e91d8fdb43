"""The weekly simulation of a cohort under a schedule of contacts, beside the same cohort without contacts, one replicate at a time.

Every person and every bond has one threshold, an exponential variate, and is there at week t if and only if −ln(chance at t) is
below it. So
without contacts the share of the replicates in which somebody is there is the chance that was given, at every week, whatever its shape. A
contact only lowers increments of −ln(chance). So on the same random numbers no schedule can lose anybody.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import draw
from tenfold.kernels.streams import BOND_HAZARD, FORMATION, PERSON_HAZARD, PLANNED_CONTACT, REACTIVATION

__all__ = ["UNIT", "Cohort", "Effects", "Schedule", "run_replicate"]

UNIT = 1 << 20
"""−ln of chances are whole numbers of this unit, so that their sums do not depend on their order."""


class Cohort(NamedTuple):
    """People 0..n−1, pairs 0..m−1, and bonds 0..r−1: the pairs that may be in contact without a plan."""

    person: NDArray[np.int32]  # (weeks + 1, n) −ln of the chance to be in touch without a plan, in UNIT
    a: NDArray[np.int32]  # (m)
    b: NDArray[np.int32]  # (m)
    pair: NDArray[np.int32]  # (r) the pair of each bond
    bond: NDArray[np.int32]  # (weeks + 1, r) −ln of the chance to be in contact where both people are in touch, in UNIT
    formation: NDArray[np.uint64]  # (m) chance that a contact makes a living bond where there is none, in 2⁻³²


class Effects(NamedTuple):
    """What contacts and bonds do."""

    person_after: NDArray[np.int64]  # (weeks + 1) weekly hazard of a person who came back, by weeks since then, in UNIT
    bond_after: NDArray[np.int64]  # (weeks + 1) likewise of a bond that was formed or renewed
    degree_ratios: NDArray[np.int64]  # (d + 1) hazard ratio of a person with 0..d and more living bonds, in 1/1024
    contact_ratio: int  # hazard ratio of a person in a week with a contact over a living bond, in 1/1024
    adherence: int  # chance that a planned contact takes place, in 2⁻³²
    reactivation: int  # chance that a person who is not in touch returns when contacted, in 2⁻³²


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
    effects: Effects,
    schedule: Schedule,
    seed: int,
    replicate: int,
    endpoint: int,
    counts: NDArray[np.int64],
    kept: NDArray[np.int64],
) -> None:
    """Simulate one replicate.

    `counts` (weeks + 1, 3) receives for each week: people in touch, bonds of week 0 in contact, all bonds in contact. `kept` (n) is
    increased
    by 1 for everybody in touch at week `endpoint`. An increment of a person's −ln(chance) is multiplied by the hazard ratio of their living
    bonds under the schedule, divided by that of their bonds without: of the same replicate and week.
    """
    person, bond, a, b, pair = cohort.person, cohort.bond, cohort.a, cohort.b, cohort.pair
    n, m, r, weeks = person.shape[1], a.size, pair.size, counts.shape[0] - 1
    person_threshold, bond_threshold = np.empty(n, np.int64), np.empty(r, np.int64)
    person_hazard, bond_hazard = np.empty(n, np.int64), np.empty(r, np.int64)  # cumulated, under the schedule
    here, here_without = np.zeros(n, np.uint8), np.zeros(n, np.uint8)  # in touch under the schedule, and without
    returned, returned_age = np.zeros(n, np.uint8), np.zeros(n, np.int32)
    returned_hazard, returned_threshold = np.zeros(n, np.int64), np.zeros(n, np.int64)
    renewed, renewed_age = np.zeros(m, np.uint8), np.zeros(m, np.int32)
    renewed_hazard, renewed_threshold = np.zeros(m, np.int64), np.zeros(m, np.int64)
    listed, renewals, n_renewals = np.zeros(m, np.uint8), np.empty(m, np.int64), 0  # pairs that ever were renewed
    row_of = np.full(m, -1, np.int64)
    tended, contacted = np.zeros(m, np.uint8), np.zeros(n, np.uint8)
    degree, degree_without = np.zeros(n, np.int32), np.zeros(n, np.int32)
    original = np.zeros(r, np.uint8)
    most_degree = effects.degree_ratios.size - 1
    for i in range(n):
        person_threshold[i] = exponential(seed, replicate, PERSON_HAZARD, 0, i, 0)
        person_hazard[i] = person[0, i]
    for row in range(r):
        k = pair[row]
        row_of[k] = row
        bond_threshold[row] = exponential(seed, replicate, BOND_HAZARD, 0, a[k], b[k])
        bond_hazard[row] = bond[0, row]
        original[row] = bond[0, row] < bond_threshold[row]
    for week in range(weeks + 1):
        # count
        people = bonds_kept = living_bonds = 0
        for i in range(n):
            here_without[i] = person[week, i] < person_threshold[i]
            here[i] = person_hazard[i] < person_threshold[i] or returned[i]
            people += here[i]
            degree[i] = degree_without[i] = 0
            if week == endpoint:
                kept[i] += here[i]
        for row in range(r):
            k = pair[row]
            if bond_hazard[row] < bond_threshold[row] or renewed[k]:
                i, j = a[k], b[k]
                if here[i] and here[j]:
                    degree[i] += 1
                    degree[j] += 1
                    living_bonds += 1
                    bonds_kept += original[row] and bond_hazard[row] < bond_threshold[row]
                if bond[week, row] < bond_threshold[row] and here_without[i] and here_without[j]:
                    degree_without[i] += 1
                    degree_without[j] += 1
        for place in range(n_renewals):
            k = renewals[place]
            if row_of[k] < 0 and renewed[k] and here[a[k]] and here[b[k]]:
                degree[a[k]] += 1
                degree[b[k]] += 1
                living_bonds += 1
        counts[week, 0], counts[week, 1], counts[week, 2] = people, bonds_kept, living_bonds
        if week == weeks:
            break
        # contacts
        tended[:] = 0
        contacted[:] = 0
        for planned in range(schedule.start[week], schedule.start[week + 1]):
            i, j, k = schedule.initiator[planned], schedule.recipient[planned], schedule.pair[planned]
            if not here[i] or np.int64(draw(seed, replicate, PLANNED_CONTACT, week, i, j)) >= effects.adherence:
                continue
            row = row_of[k]
            alive = renewed[k] == 1 or (row >= 0 and bond_hazard[row] < bond_threshold[row])
            # a contact takes effect over a bond only: one between strangers who form none changes nothing
            if not alive and draw(seed, replicate, FORMATION, week, a[k], b[k]) >= cohort.formation[k]:
                continue
            if not here[j]:
                if np.int64(draw(seed, replicate, REACTIVATION, week, j, 0)) >= effects.reactivation:
                    continue
                here[j] = returned[j] = 1
                returned_hazard[j] = returned_age[j] = 0
                returned_threshold[j] = exponential(seed, replicate, PERSON_HAZARD, week + 1, j, 0)
            if not alive:
                renewed[k] = 1
                renewed_hazard[k] = renewed_age[k] = 0
                renewed_threshold[k] = exponential(seed, replicate, BOND_HAZARD, week + 1, a[k], b[k])
                if not listed[k]:
                    listed[k] = 1
                    renewals[n_renewals] = k
                    n_renewals += 1
            tended[k] = contacted[i] = contacted[j] = 1
        # bonds
        for row in range(r):
            step = np.int64(bond[week + 1, row]) - bond[week, row]
            if step < 0 or not tended[pair[row]]:
                bond_hazard[row] += step
        for place in range(n_renewals):
            k = renewals[place]
            if renewed[k]:
                if not tended[k]:
                    renewed_hazard[k] += effects.bond_after[renewed_age[k]]
                    if renewed_hazard[k] >= renewed_threshold[k]:
                        renewed[k] = 0
                renewed_age[k] += 1
        # people
        for i in range(n):
            step = np.int64(person[week + 1, i]) - person[week, i]
            ratio = effects.degree_ratios[min(degree[i], most_degree)]
            if step > 0:
                without = effects.degree_ratios[min(degree_without[i], most_degree)]
                if ratio != without:
                    step = step * ratio // without
                if contacted[i]:
                    step = (step * effects.contact_ratio) >> 10
            person_hazard[i] += step
            if returned[i]:
                step = (effects.person_after[returned_age[i]] * ratio) >> 10
                if contacted[i]:
                    step = (step * effects.contact_ratio) >> 10
                returned_hazard[i] += step
                returned_age[i] += 1
                if returned_hazard[i] >= returned_threshold[i]:
                    returned[i] = 0
