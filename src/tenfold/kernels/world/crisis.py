"""The crisis: its severity by village and area of life, how it spreads and how it eases."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.world.population import ATTAINED, Parameters, Population

__all__ = ["AREAS", "Crisis", "spread_crisis", "summarise_crisis"]

AREAS = 6  # areas of life


class Crisis(NamedTuple):
    """The parameters and the state of a crisis; rates are per step.

    `on`: 1 if there is a crisis. `spread`, `ease`, `source`: rates at which it spreads, eases among the united, and arises anew.
    `areas`: the share of the spread that comes from the mean of all areas. `over`: the severity below which it has ended. `severity`
    (villages, AREAS). `means` (groups, AREAS): its means over the groups of the levels from 4 on, one level after another. `weights`
    (levels − 2,): the weight of each level from 3 on in the spread.
    """

    on: int
    spread: float
    ease: float
    areas: float
    source: float
    over: float
    severity: NDArray[np.float64]
    means: NDArray[np.float64]
    weights: NDArray[np.float64]


@jit
def spread_crisis(parameters: Parameters, population: Population, crisis: Crisis) -> None:
    """One step of the crisis in all villages: it spreads from the village itself and the groups around it, and eases with attainment."""
    villages = len(crisis.severity)
    levels, low = len(crisis.weights), 0
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
        size = min(1000, parameters.people - village * 1000)
        attained = population.village_counts[village, ATTAINED] / size
        kept = math.exp(-crisis.ease * attained)
        own, whole = crisis.severity[village], 0.0
        for area in range(AREAS):
            pressure[area], low = crisis.weights[0] * own[area], 0
            for level in range(1, levels):
                pressure[area] += crisis.weights[level] * crisis.means[low + village // 10**level, area]
                low += -(-villages // 10**level)
            whole += pressure[area]
        whole /= AREAS
        mean, arising = 0.0, crisis.source * (1.0 - attained)
        for area in range(AREAS):
            hazard = crisis.spread * ((1.0 - crisis.areas) * pressure[area] + crisis.areas * whole) + arising
            own[area] = own[area] * kept + (1.0 - own[area]) * (1.0 - math.exp(-hazard))
            mean += own[area]
        population.severity[village] = mean / AREAS


@jit
def summarise_crisis(crisis: Crisis, row: NDArray[np.float64]) -> float:
    """The mean severity of each area and the highest of all, into a row (AREAS + 1); returns the highest."""
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
