"""Joining and lapsing in nested tens: who attains and who lapses in a step, circle by circle.

`compute_transitions` reads the state of the step before and writes the next masks; `commit_transitions` takes them over and counts.
Both work on spans of villages, which threads share; the result is the same for any number of threads. docs/world.md has the equations.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import (
    FIRED,
    PART,
    WANTED,
    WHO,
    bernoulli_bits,
    bernoulli_bits_batch,
    draw,
    draw_buffer,
    philox,
    typed_zero,
)
from tenfold.kernels.streams import DISTURBANCE, HOST, JOIN, LAPSE
from tenfold.kernels.world.population import (
    ATTAINED,
    CIRCLES,
    DEGREES,
    ISOLATED,
    ISOLATED_BIT,
    MENTOR_BIT,
    MENTORS,
    POPCOUNT,
    SERVING,
    UNITED,
    Parameters,
    Population,
    group_size,
    is_united,
)

__all__ = ["commit_transitions", "compute_transitions"]

_FULL, _MASK = 2.0**32, 0xFFFFFFFF
_ONE, _LOW, _TEN = np.uint64(1), np.uint64(0xFFFFFFFF), np.uint64(1023)


@jit
def _chance(hazard: float) -> np.uint64:
    """The chance of a step, 1 − e^(−hazard), in 2⁻³²."""
    return np.uint64((1.0 - math.exp(-hazard)) * _FULL)


@jit
def _united_around(parameters: Parameters, population: Population, low: int, circle: int) -> int:
    """United groups around a circle, of the levels from `low` on; the circle itself is left out."""
    found, group = 0, circle
    for level in range(2, parameters.levels + 1):
        group //= 10
        if level >= low and is_united(parameters, population, level, group):
            found += 1
    return found


@jit
def _virtual_circle(people: int, seed: int, replicate: int, person: int) -> tuple[int, int]:
    """The village and the circle elsewhere that a person without a local group is joined to."""
    who, part = np.uint64(person) & _LOW, np.uint64(person) >> np.uint64(32)
    words = philox(np.uint64(HOST), np.uint64(0), who, part, np.uint64(seed) & _LOW, np.uint64(replicate) & _LOW)
    village = int(np.int64((words[0] * np.uint64(-(-people // 1000))) >> np.uint64(32)))
    circles = np.uint64(group_size(-(-people // 10), village, CIRCLES))
    return village, village * CIRCLES + int(np.int64((words[1] * circles) >> np.uint64(32)))


@jit
def compute_transitions(parameters: Parameters, population: Population, step: int, low: int, high: int) -> None:
    """The next masks of villages low..high − 1, and which villages change."""
    buffer, mentor_hazard = draw_buffer(), np.zeros(CIRCLES)
    for village in range(low, high):
        population.changed[village] = 0
        if parameters.disturbance_chance:
            drawn = draw(parameters.seed, parameters.replicate, DISTURBANCE, step, village & _MASK, 0)
            if drawn < parameters.disturbance_chance:
                population.disturbed_until[village] = step + parameters.disturbance_steps - 1
        attained = population.village_counts[village, ATTAINED]
        first, last = village * CIRCLES, min((village + 1) * CIRCLES, parameters.group_counts[1])
        if attained < group_size(parameters.people, village, 1000):
            _join(parameters, population, step, village, mentor_hazard)
        if attained and parameters.lapse_rate > 0:
            _lapse(parameters, population, step, village, buffer)
        for circle in range(first, last):
            if population.attained_next[circle] != population.attained[circle]:
                population.changed[village] = 1
                break


@jit
def _join(parameters: Parameters, population: Population, step: int, village: int, mentor_hazard: NDArray[np.float64]) -> None:
    """Who joins in a village; nothing is drawn where the hazard is 0. Few calls in here pass all arrays on, as passing them is slow.

    `mentor_hazard` (CIRCLES,): a buffer for the hazard that mentors add in each circle.
    """
    outside, mentors, unattained = population.outside_hazard[village], typed_zero(), typed_zero()
    if parameters.has_mentors and parameters.mentor_level > 2:
        group = village // parameters.powers_of_ten[parameters.mentor_level - 3]
        mentors, unattained = population.mentor_groups[group, 0], population.mentor_groups[group, 1]
    openness = 1.0 + parameters.crisis_opens * population.severity[village]
    begin, end = village * CIRCLES, min((village + 1) * CIRCLES, parameters.group_counts[1])
    if population.village_counts[village, ATTAINED] == 0 and outside == 0 and mentors == 0:
        if parameters.has_isolated and parameters.virtual_circles:
            _join_isolated(parameters, population, step, begin, end, openness, mentor_hazard)
        return
    last_hazard, chance = -1.0, np.uint64(0)  # the chance is computed once for circles of the same hazard
    for first in range(begin, end, 10):
        last, pull = min(first + 10, end), outside
        if parameters.levels > 1:
            pull += parameters.join_rates[1] * population.united_parts[population.level_start[1] + first // 10]
        if parameters.has_mentors and parameters.mentor_level == 2:
            mentors, unattained = typed_zero(), typed_zero()
            for circle in range(first, last):
                mentors += POPCOUNT[population.attained[circle] & (population.traits[circle] >> MENTOR_BIT)]
                unattained += group_size(parameters.people, circle, 10) - POPCOUNT[population.attained[circle]]
        for circle in range(first, last):
            mask = np.uint64(population.attained[circle])
            wanted = np.uint64((1 << group_size(parameters.people, circle, 10)) - 1) & ~mask
            if wanted == 0:
                continue
            hazard = pull + parameters.join_rates[0] * POPCOUNT[mask]
            if parameters.has_mentors:
                own = POPCOUNT[mask & (population.traits[circle] >> MENTOR_BIT)]
                hazard = pull + parameters.join_rates[0] * (POPCOUNT[mask] - parameters.mentor_absence * own)
                if unattained > 0:
                    share = min(1.0, parameters.mentor_capacity * (mentors - own) / unattained)
                    mentor_hazard[circle - begin] = parameters.mentor_rate * share
                    hazard += mentor_hazard[circle - begin]
            hazard *= openness
            if parameters.has_isolated:
                wanted &= ~np.uint64(population.traits[circle] >> ISOLATED_BIT)
            if wanted and hazard > 0:
                if hazard != last_hazard:
                    last_hazard, chance = hazard, _chance(hazard)
                who, part = circle & _MASK, circle >> 32
                found = bernoulli_bits(chance, wanted, JOIN, step, who, part, parameters.seed, parameters.replicate)
                population.attained_next[circle] = mask | found
    if parameters.has_isolated:
        _join_isolated(parameters, population, step, begin, end, openness, mentor_hazard)


@jit
def _join_isolated(
    parameters: Parameters,
    population: Population,
    step: int,
    begin: int,
    end: int,
    openness: float,
    mentor_hazard: NDArray[np.float64],
) -> None:
    """Who joins of the people without a local group in circles begin..end − 1 of a village."""
    seed, replicate = parameters.seed, parameters.replicate
    for circle in range(begin, end):
        isolated = (population.traits[circle] >> ISOLATED_BIT) & ~np.uint64(population.attained[circle]) & _TEN
        if isolated == 0:
            continue
        who, part, found = circle & _MASK, circle >> 32, np.uint64(0)
        if not parameters.virtual_circles:
            hazard = 0.0
            for level in range(parameters.levels - 1, parameters.isolated_below - 1, -1):
                group = population.level_start[level] + circle // parameters.powers_of_ten[level]
                hazard += parameters.join_rates[level] * population.united_parts[group]
            if parameters.mentor_level > parameters.isolated_below and parameters.has_mentors:
                hazard += mentor_hazard[circle - begin]
            if hazard > 0:
                found = bernoulli_bits(_chance(hazard * openness), isolated, JOIN, step, who, part, seed, replicate)
        else:
            for k in range(10):
                bit = _ONE << np.uint64(k)
                if isolated & bit:
                    village, host = _virtual_circle(parameters.people, seed, replicate, circle * 10 + k)
                    if population.village_counts[village, ATTAINED] == 0 and population.outside_hazard[village] == 0:
                        continue  # nothing draws anybody there
                    hazard = population.outside_hazard[village]
                    if parameters.levels > 1:
                        hazard += parameters.join_rates[1] * population.united_parts[population.level_start[1] + host // 10]
                    hazard += parameters.join_rates[0] * POPCOUNT[population.attained[host]]
                    if hazard > 0:
                        found |= bernoulli_bits(_chance(hazard * openness), bit, JOIN, step, who, part, seed, replicate)
        population.attained_next[circle] |= np.uint16(found)


@jit
def _lapse(parameters: Parameters, population: Population, step: int, village: int, buffer: NDArray[np.uint32]) -> None:
    """Who lapses in a village, by thinning.

    All are drawn with the highest chance that anybody has there. Those who would lapse are drawn again with their own chance: a person's
    random number is the same each time, so nobody else can lapse.
    """
    severity = population.severity[village]
    disturbed = 1.0 + (parameters.disturbance_strength if population.disturbed_until[village] >= step else 0.0)
    first, last = village * CIRCLES, min((village + 1) * CIRCLES, parameters.group_counts[1])
    for circle in range(first, last):
        k = circle - first
        buffer[WHO, k], buffer[PART, k], buffer[WANTED, k] = circle & _MASK, circle >> 32, population.attained[circle]
    highest = parameters.lapse_rate * (disturbed + parameters.crisis_disturbs * severity)
    seed, replicate = parameters.seed, parameters.replicate
    bernoulli_bits_batch(_chance(highest), buffer, last - first, LAPSE, step, seed, replicate)
    wide = _united_around(parameters, population, 3, first)
    for circle in range(first, last):
        fired = np.uint64(buffer[FIRED, circle - first])
        if fired == 0:
            continue
        who, part, lapsed = circle & _MASK, circle >> 32, np.uint64(0)
        if parameters.has_isolated:
            isolated = fired & (population.traits[circle] >> ISOLATED_BIT)
            if isolated:
                lapsed = _lapse_isolated(parameters, population, step, circle, isolated, disturbed, severity)
                fired &= ~isolated
        united = POPCOUNT[population.attained[circle]] >= parameters.quorum[group_size(parameters.people, circle, 10)]
        around = wide + int(united)
        if parameters.levels > 1:
            hundred = circle // 10
            circles = group_size(parameters.group_counts[1], hundred, 10)
            around += int(population.united_parts[population.level_start[1] + hundred] >= parameters.quorum[circles])
        base = parameters.lapse_rate * (disturbed + (0.0 if united else parameters.crisis_disturbs * severity))
        protection = 1.0 + parameters.support * around
        serving = np.uint64(population.traits[circle]) & fired if parameters.has_demands else fired
        if serving:
            chance = _chance(base / (protection + parameters.upkeep))
            lapsed |= bernoulli_bits(chance, serving, LAPSE, step, who, part, seed, replicate)
        if fired & ~serving:
            lapsed |= bernoulli_bits(_chance(base / protection), fired & ~serving, LAPSE, step, who, part, seed, replicate)
        population.attained_next[circle] &= np.uint16(~lapsed & _TEN)


@jit
def _lapse_isolated(
    parameters: Parameters, population: Population, step: int, circle: int, isolated: np.uint64, disturbed: float, severity: float
) -> np.uint64:
    """Who lapses of the people without a local group in a circle: their virtual circle supports them, or the groups that they feel."""
    lapsed = np.uint64(0)
    for k in range(10):
        bit = _ONE << np.uint64(k)
        if isolated & bit:
            home, low = circle, 1
            if parameters.virtual_circles:
                _, home = _virtual_circle(parameters.people, parameters.seed, parameters.replicate, circle * 10 + k)
            else:
                low = parameters.isolated_below
            united = POPCOUNT[population.attained[home]] >= parameters.quorum[group_size(parameters.people, home, 10)]
            base = parameters.lapse_rate * (disturbed + (0.0 if united else parameters.crisis_disturbs * severity))
            protection = 1.0 + parameters.support * (_united_around(parameters, population, low, home) + int(united and low == 1))
            if not parameters.has_demands or np.uint64(population.traits[circle]) & bit:
                protection += parameters.upkeep
            who, part = circle & _MASK, circle >> 32
            lapsed |= bernoulli_bits(
                _chance(base / protection), bit, LAPSE, step, who, part, parameters.seed, parameters.replicate
            )
    return lapsed


@jit
def commit_transitions(parameters: Parameters, population: Population, low: int, high: int, everywhere: bool) -> None:
    """Take over the next masks of villages low..high − 1 and count; only of those that changed, or everywhere."""
    for village in range(low, high):
        if not (everywhere or population.changed[village]):
            continue
        counts = population.village_counts[village]
        counts[:] = 0
        last = min((village + 1) * CIRCLES, parameters.group_counts[1])
        hundreds = 0
        for first in range(village * CIRCLES, last, 10):
            end = min(first + 10, last)
            circles = _commit_hundred(parameters, population, counts, first, end)
            counts[UNITED] += circles
            population.united_parts[population.level_start[1] + first // 10] = circles
            hundreds += int(circles >= parameters.quorum[end - first])
        counts[UNITED + 1] = hundreds
        parts = -(-(last - village * CIRCLES) // 10)
        population.united_parts[population.level_start[2] + village] = hundreds
        population.village_united[village] = hundreds >= parameters.quorum[parts]
        for first in range(village * CIRCLES, last, 10):
            end = min(first + 10, last)
            united_hundred = population.united_parts[population.level_start[1] + first // 10] >= parameters.quorum[end - first]
            for circle in range(first, end):
                attained = POPCOUNT[population.attained[circle]]
                united = attained >= parameters.quorum[group_size(parameters.people, circle, 10)]
                degree = 0 if not united else 1 if not united_hundred else 2 if not population.village_united[village] else 3
                counts[DEGREES + degree] += attained


@jit
def _commit_hundred(parameters: Parameters, population: Population, counts: NDArray[np.int32], first: int, end: int) -> int:
    """Take over and count the circles of a hundred; returns how many are united."""
    circles = 0
    for circle in range(first, end):
        mask = population.attained_next[circle]
        population.attained[circle] = mask
        attained = POPCOUNT[mask]
        counts[ATTAINED] += attained
        counts[SERVING] += POPCOUNT[mask & population.traits[circle]] if parameters.has_demands else attained
        if parameters.has_isolated:
            counts[ISOLATED] += POPCOUNT[mask & (population.traits[circle] >> ISOLATED_BIT)]
        if parameters.has_mentors:
            counts[MENTORS] += POPCOUNT[mask & (population.traits[circle] >> MENTOR_BIT)]
        circles += int(attained >= parameters.quorum[group_size(parameters.people, circle, 10)])
    return circles
