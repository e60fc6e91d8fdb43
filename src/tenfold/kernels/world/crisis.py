"""The crisis by village and area of life, and the steps of the whole world."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.world.attainment import DEGREE, HERE, ISOLATED, MENTORS, SERVING, UNITED, Law, Lives, act, settle

__all__ = ["AREAS", "FIRST", "Crisis", "Record", "advance", "finish", "spread"]

AREAS = 6
REACH, SERVES, LONE, STRUCK, FIRST = 0, 1, 2, 3, 4
"""Columns of the counts; from FIRST on: united groups of each level, people of each degree, people by part of the whole."""


class Crisis(NamedTuple):
    """Severity by village and area, and its means over the groups of the levels from 4 on, one level after the other."""

    on: int
    spread: float
    ease: float
    areas: float
    source: float
    over: float  # severity below which it has ended
    severity: NDArray[np.float64]  # (villages, AREAS)
    means: NDArray[np.float64]  # (groups, AREAS)
    shares: NDArray[np.float64]  # of the spread, by level from 3 on


class Record(NamedTuple):
    """What is kept of each step, and first times."""

    counts: NDArray[np.int64]  # (rows, FIRST + levels + levels + 1 + 10)
    crisis: NDArray[np.float64]  # (rows, AREAS + 1)
    village_times: NDArray[np.int32]
    crisis_times: NDArray[np.int32]


@jit
def spread(law: Law, lives: Lives, crisis: Crisis) -> None:
    """A step of the crisis: it spreads to a village from itself and the groups around it, and eases as far as people have attained."""
    villages = len(crisis.severity)
    levels, low = len(crisis.shares), 0
    for level in range(1, levels):  # groups of 10^level villages
        width = 10**level
        groups = -(-villages // width)
        crisis.means[low : low + groups] = 0.0
        for village in range(villages):
            for area in range(AREAS):
                crisis.means[low + village // width, area] += crisis.severity[village, area]
        for group in range(groups):
            for area in range(AREAS):
                crisis.means[low + group, area] /= min(width, villages - group * width)
        low += groups
    pressure = np.empty(AREAS)
    for village in range(villages):
        size = min(1000, law.people - village * 1000)
        there = lives.tally[village, HERE] / size
        kept = math.exp(-crisis.ease * there)
        own, whole = crisis.severity[village], 0.0
        for area in range(AREAS):
            pressure[area], low = crisis.shares[0] * own[area], 0
            for level in range(1, levels):
                pressure[area] += crisis.shares[level] * crisis.means[low + village // 10**level, area]
                low += -(-villages // 10**level)
            whole += pressure[area]
        whole /= AREAS
        mean = 0.0
        for area in range(AREAS):
            push = crisis.spread * ((1.0 - crisis.areas) * pressure[area] + crisis.areas * whole) + crisis.source * (1.0 - there)
            own[area] = own[area] * kept + (1.0 - own[area]) * (1.0 - math.exp(-push))
            mean += own[area]
        lives.severity[village] = mean / AREAS


@jit
def finish(law: Law, lives: Lives, crisis: Crisis, record: Record, step: int, row: int) -> bool:
    """Count what the villages have become, and unite the groups above them; whether all is reached and the crisis over."""
    counts, levels, villages = record.counts[row], law.levels, len(lives.united)
    counts[:] = 0
    united, degrees = counts[FIRST : FIRST + levels], counts[FIRST + levels : FIRST + 2 * levels + 1]
    places = counts[FIRST + 2 * levels + 1 :]
    if levels > 3:
        lives.parts[lives.place[3] :] = 0
        for village in range(villages):
            lives.parts[lives.place[3] + village // 10] += lives.united[village]
    below = villages
    for level in range(4, levels + 1):
        groups = -(-below // 10)
        for group in range(groups):
            whole = lives.parts[lives.place[level - 1] + group] >= law.need[min(10, below - group * 10)]
            united[level - 1] += whole
            if level < levels and whole:
                lives.parts[lives.place[level] + group // 10] += 1
        below = groups
    lives.helpers[:] = 0
    helpers = law.mentored and law.mentor_level > 2
    for village in range(villages):
        tally = lives.tally[village]
        here = tally[HERE]
        counts[REACH] += here
        counts[SERVES] += tally[SERVING]
        counts[LONE] += tally[ISOLATED]
        if lives.until[village] >= step:
            counts[STRUCK] += 1
        united[0] += tally[UNITED]
        if levels > 1:
            united[1] += tally[UNITED + 1]
        if levels > 2:
            united[2] += lives.united[village]
        for degree in range(3):
            degrees[min(degree, levels)] += tally[DEGREE + degree]
        if tally[DEGREE + 3]:
            degrees[_degree(law, lives, village)] += tally[DEGREE + 3]
        if helpers:
            group = village // law.tens[law.mentor_level - 3]
            lives.helpers[group, 0] += tally[MENTORS]
            lives.helpers[group, 1] += min(1000, law.people - village * 1000) - here
        if levels > 3:
            places[village // law.tens[levels - 4]] += here
        lives.near[village] = 0.0
        for level in range(levels - 1, 1, -1):
            lives.near[village] += law.rates[level] * lives.parts[lives.place[level] + village // law.tens[level - 2]]
        if lives.united[village] and record.village_times[village] < 0:
            record.village_times[village] = step
        if crisis.on and record.crisis_times[village] < 0 and lives.severity[village] >= 0.1:
            record.crisis_times[village] = step
    if levels < 4:
        for person in range(law.people):
            places[person // 10 ** (levels - 1)] += (lives.now[person // 10] >> np.uint16(person % 10)) & 1
    worst = _crisis(crisis, record.crisis[row])
    whole = counts[REACH] == law.people
    if law.lapse > 0:
        whole = True
        for village in range(villages):
            whole = whole and lives.united[village] != 0
    return bool(whole and (not crisis.on or worst < crisis.over))


@jit
def _degree(law: Law, lives: Lives, village: int) -> int:
    """Degree of those of a village whose circle, hundred and village are united."""
    degree, group = min(3, law.levels), village
    below = len(lives.united)
    for level in range(4, law.levels + 1):
        group //= 10
        if lives.parts[lives.place[level - 1] + group] < law.need[min(10, below - group * 10)]:
            break
        degree, below = level, -(-below // 10)
    return degree


@jit
def _crisis(crisis: Crisis, row: NDArray[np.float64]) -> float:
    """Mean severity of each area, and the worst of all."""
    row[:] = 0.0
    if not crisis.on:
        return 0.0
    worst = 0.0
    for village in range(len(crisis.severity)):
        for area in range(AREAS):
            row[area] += crisis.severity[village, area]
            worst = max(worst, crisis.severity[village, area])
    for area in range(AREAS):
        row[area] /= len(crisis.severity)
    row[AREAS] = worst
    return worst


@jit
def advance(law: Law, lives: Lives, crisis: Crisis, record: Record, step: int, until: int, stop: int) -> tuple[int, bool]:
    """Steps from `step` to `until` into the rows from 0 on, or up to the one at which all is reached if `stop`; the last one, and whether
    it was."""
    villages, row, done = len(lives.united), 0, False
    while step <= until:
        act(law, lives, step, 0, villages)
        if crisis.on:
            spread(law, lives, crisis)
        settle(law, lives, 0, villages, False)
        done = finish(law, lives, crisis, record, step, row)
        if done and stop:
            return step, True
        step, row = step + 1, row + 1
    return until, done
