"""The steps of a whole world: the counts of each step, the groups above the villages, and many steps in a row."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.world.attainment import commit_transitions, compute_transitions
from tenfold.kernels.world.crisis import Crisis, spread_crisis, summarise_crisis
from tenfold.kernels.world.population import ATTAINED, DEGREES, ISOLATED, MENTORS, SERVING, UNITED, Parameters, Population

__all__ = ["Record", "count_step", "run_steps"]

ALL, ALL_SERVING, ALL_ISOLATED, DISTURBED, FIRST = 0, 1, 2, 3, 4
"""Columns of the counts of a step: people who have attained, those of them whose upkeep happens, and who have no local group; disturbed
villages. From FIRST on: united groups of each level, people of each degree, people by part of the whole."""


class Record(NamedTuple):
    """What is recorded of each step, and first times; L levels.

    `counts` (rows, FIRST + L + (L + 1) + 10). `crisis` (rows, AREAS + 1): mean severity by area, and the highest. `village_times`,
    `crisis_times` (villages,): the first step at which a village was united, and at which its severity was a tenth; −1 for never.
    """

    counts: NDArray[np.int64]
    crisis: NDArray[np.float64]
    village_times: NDArray[np.int32]
    crisis_times: NDArray[np.int32]


@jit
def count_step(parameters: Parameters, population: Population, crisis: Crisis, record: Record, step: int, row: int) -> bool:
    """Count a step into a row of the record, and which groups above the villages are united. Returns whether the run has come to its end.

    It has when everyone has attained, or with lapsing every village is united, and there is no crisis or it is over.
    """
    counts, levels, villages = record.counts[row], parameters.levels, len(population.village_united)
    counts[:] = 0
    united, degrees = counts[FIRST : FIRST + levels], counts[FIRST + levels : FIRST + 2 * levels + 1]
    places = counts[FIRST + 2 * levels + 1 :]
    if levels > 3:
        population.united_parts[population.level_start[3] :] = 0
        for village in range(villages):
            population.united_parts[population.level_start[3] + village // 10] += population.village_united[village]
    below = villages
    for level in range(4, levels + 1):
        groups = -(-below // 10)
        for group in range(groups):
            parts = population.united_parts[population.level_start[level - 1] + group]
            whole = parts >= parameters.quorum[min(10, below - group * 10)]
            united[level - 1] += whole
            if level < levels and whole:
                population.united_parts[population.level_start[level] + group // 10] += 1
        below = groups
    population.mentor_groups[:] = 0
    wide_mentors = parameters.has_mentors and parameters.mentor_level > 2
    for village in range(villages):
        own = population.village_counts[village]
        attained = own[ATTAINED]
        counts[ALL] += attained
        counts[ALL_SERVING] += own[SERVING]
        counts[ALL_ISOLATED] += own[ISOLATED]
        if population.disturbed_until[village] >= step:
            counts[DISTURBED] += 1
        united[0] += own[UNITED]
        if levels > 1:
            united[1] += own[UNITED + 1]
        if levels > 2:
            united[2] += population.village_united[village]
        for degree in range(3):
            degrees[min(degree, levels)] += own[DEGREES + degree]
        if own[DEGREES + 3]:
            wide = _degree(levels, village, villages, population.united_parts, population.level_start, parameters.quorum)
            degrees[wide] += own[DEGREES + 3]
        if wide_mentors:
            group = village // parameters.powers_of_ten[parameters.mentor_level - 3]
            population.mentor_groups[group, 0] += own[MENTORS]
            population.mentor_groups[group, 1] += min(1000, parameters.people - village * 1000) - attained
        if levels > 3:
            places[village // parameters.powers_of_ten[levels - 4]] += attained
        population.outside_hazard[village] = 0.0
        for level in range(levels - 1, 1, -1):
            parts = population.united_parts[population.level_start[level] + village // parameters.powers_of_ten[level - 2]]
            population.outside_hazard[village] += parameters.join_rates[level] * parts
        if population.village_united[village] and record.village_times[village] < 0:
            record.village_times[village] = step
        if crisis.on and record.crisis_times[village] < 0 and population.severity[village] >= 0.1:
            record.crisis_times[village] = step
    if levels < 4:
        for person in range(parameters.people):
            places[person // 10 ** (levels - 1)] += (population.attained[person // 10] >> np.uint16(person % 10)) & 1
    worst = summarise_crisis(crisis, record.crisis[row])
    reached = counts[ALL] == parameters.people
    if parameters.lapse_rate > 0:
        reached = True
        for village in range(villages):
            reached = reached and population.village_united[village] != 0
    return bool(reached and (not crisis.on or worst < crisis.over))


@jit
def _degree(
    levels: int,
    village: int,
    villages: int,
    united_parts: NDArray[np.uint8],
    level_start: NDArray[np.int64],
    quorum: NDArray[np.uint8],
) -> int:
    """The degree of the people of a village whose circle, hundred and village are united. Passing all arrays on would be slow."""
    degree, group, below = min(3, levels), village, villages
    for level in range(4, levels + 1):
        group //= 10
        if united_parts[level_start[level - 1] + group] < quorum[min(10, below - group * 10)]:
            break
        degree, below = level, -(-below // 10)
    return degree


@jit
def run_steps(
    parameters: Parameters, population: Population, crisis: Crisis, record: Record, step: int, last: int, stop: int
) -> tuple[int, bool]:
    """Steps `step` to `last` in one thread, into the rows of the record from 0 on; with `stop`, up to the step at which the run ends.

    Returns the last step that was taken, and whether the run has come to its end there.
    """
    villages, row, done = len(population.village_united), 0, False
    while step <= last:
        compute_transitions(parameters, population, step, 0, villages)
        if crisis.on:
            spread_crisis(parameters, population, crisis)
        commit_transitions(parameters, population, 0, villages, False)
        done = count_step(parameters, population, crisis, record, step, row)
        if done and stop:
            return step, True
        step, row = step + 1, row + 1
    return last, done
