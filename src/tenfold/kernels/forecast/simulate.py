"""Weeks in the life of bonds and people, one replicate at a time.

Every bond and every person has one threshold, an exponential variate: what has to add up of hazard before it ends. Protection only slows
the sum down. So on the same luck nothing that a plan does can make anybody leave earlier, whatever the plan.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import draw

__all__ = ["UNIT", "Schedule", "Society", "retention"]

UNIT = 1 << 20
"""Hazards are whole numbers of this unit, so that their sums do not depend on their order."""

_BOND, _PERSON, _CONTACT, _FORM, _RETURN = 1, 2, 3, 4, 5


class Society(NamedTuple):
    """People 0..n−1 and bonds 0..m−1 at week 0."""

    active: NDArray[np.uint8]  # (n) 1: has not left
    person_age: NDArray[np.int32]  # (n) weeks since first seen
    a: NDArray[np.int32]  # (m)
    b: NDArray[np.int32]  # (m)
    alive: NDArray[np.uint8]  # (m) 1: a living bond; 0: a possible one
    bond_age: NDArray[np.int32]  # (m) weeks since first contact
    form: NDArray[np.uint64]  # (m) chance that a contact makes a living bond of a possible one, in 2⁻³²
    bond_hazard: NDArray[np.int64]  # (ages) a week at each age, in UNIT; the last one holds for ever
    person_hazard: NDArray[np.int64]  # (ages) likewise
    company: NDArray[np.int64]  # (d + 1) multiplier of a person's hazard by living bonds 0..d and more, in 1/1024
    protection: int  # multiplier of the hazard of a person contacted over a living bond this week, in 1/1024
    adherence: int  # chance that a planned contact takes place, in 2⁻³²
    back: int  # chance that somebody who left comes back when contacted, in 2⁻³²


class Schedule(NamedTuple):
    """Planned contacts: those of week w are rows start[w]..start[w + 1] − 1."""

    start: NDArray[np.int64]  # (weeks + 1)
    who: NDArray[np.int32]
    whom: NDArray[np.int32]
    bond: NDArray[np.int32]  # the bond between them


@jit
def threshold(seed: int, replicate: int, stream: int, step: int, who: int, whom: int) -> int:
    """An exponential variate of mean 1, in UNIT."""
    return int(-math.log((float(draw(seed, replicate, stream, step, who, whom)) + 0.5) / 4294967296.0) * UNIT)


@jit
def retention(
    society: Society, schedule: Schedule, seed: int, replicate: int, mark: int, counts: NDArray[np.int64], kept: NDArray[np.int64]
) -> None:
    """Run one replicate.

    `counts` (weeks + 1, 3) receives, a week: people kept (not left, with a living bond), bonds of week 0 still alive, living bonds.
    `kept` (n) is increased by 1 for everybody kept at week `mark`.
    """
    n, m, weeks = society.active.size, society.a.size, counts.shape[0] - 1
    active, alive = society.active.copy(), society.alive.copy()
    original = society.alive.copy()
    bond_sum, bond_age = np.zeros(m, np.int64), society.bond_age.copy()
    person_sum, degree, contacted = np.zeros(n, np.int64), np.zeros(n, np.int32), np.zeros(n, np.uint8)
    touched = np.zeros(m, np.uint8)
    bond_end, person_end = np.empty(m, np.int64), np.empty(n, np.int64)
    living_now, living = np.empty(m, np.int64), 0  # the living bonds, in any order: their sums are whole numbers
    for k in range(m):
        if alive[k]:
            bond_end[k] = threshold(seed, replicate, _BOND, 0, society.a[k], society.b[k])
            living_now[living] = k
            living += 1
    for i in range(n):
        person_end[i] = threshold(seed, replicate, _PERSON, 0, i, 0)
    oldest_bond, oldest_person, most = society.bond_hazard.size - 1, society.person_hazard.size - 1, society.company.size - 1
    for week in range(weeks + 1):
        degree[:] = 0
        bonds = held = people = 0
        for row in range(living):
            k = living_now[row]
            if active[society.a[k]] and active[society.b[k]]:
                degree[society.a[k]] += 1
                degree[society.b[k]] += 1
                bonds += 1
                held += original[k]
        for i in range(n):
            here = active[i] and degree[i] > 0
            people += here
            if week == mark and here:
                kept[i] += 1
        counts[week, 0], counts[week, 1], counts[week, 2] = people, held, bonds
        if week == weeks:
            break
        touched[:] = 0
        contacted[:] = 0
        for row in range(schedule.start[week], schedule.start[week + 1]):
            who, whom, k = schedule.who[row], schedule.whom[row], schedule.bond[row]
            if not active[who] or np.int64(draw(seed, replicate, _CONTACT, week, who, whom)) >= society.adherence:
                continue
            # a contact works through a bond only: that of a stranger which makes none leaves nothing behind
            if not alive[k] and draw(seed, replicate, _FORM, week, society.a[k], society.b[k]) >= society.form[k]:
                continue
            if not active[whom]:
                if np.int64(draw(seed, replicate, _RETURN, week, whom, 0)) >= society.back:
                    continue
                active[whom] = 1
                person_sum[whom] = 0
                person_end[whom] = threshold(seed, replicate, _PERSON, week + 1, whom, 0)
            if not alive[k]:
                alive[k] = 1
                living_now[living] = k
                living += 1
                bond_sum[k] = bond_age[k] = 0
                bond_end[k] = threshold(seed, replicate, _BOND, week + 1, society.a[k], society.b[k])
            touched[k] = contacted[who] = contacted[whom] = 1
        row = living - 1
        while row >= 0:
            k = living_now[row]
            if not touched[k]:
                bond_sum[k] += society.bond_hazard[min(bond_age[k], oldest_bond)]
                if bond_sum[k] >= bond_end[k]:
                    alive[k] = original[k] = 0
                    living -= 1
                    living_now[row] = living_now[living]
            bond_age[k] += 1
            row -= 1
        for i in range(n):
            if active[i]:
                hazard = society.person_hazard[min(society.person_age[i] + week, oldest_person)]
                hazard = (hazard * society.company[min(degree[i], most)]) >> 10
                if contacted[i]:
                    hazard = (hazard * society.protection) >> 10
                person_sum[i] += hazard
                if person_sum[i] >= person_end[i]:
                    active[i] = 0
