"""The bonds of the demo: when each begins and ends, and how often its two people are in contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.people.demo.convention import Meetings, two_step_walks
from tenfold.people.demo.population import DAYS_AFTER, Population

__all__ = ["MONTH", "SCALE", "SHAPE", "BondLifetimes", "draw_bonds"]

MONTH = 365.25 / 12
SCALE, SHAPE = 0.375, 0.535
"""Survival of a bond: -ln S = SCALE t^SHAPE with t in months; 70, 50 and 26 per cent are left after 1, 3 and 12 months."""


@dataclass(frozen=True)
class BondLifetimes:
    """Bonds: `a`, `b` (rows of the population), `born` and `ends` (days after the convention), `gap` (usual days between contacts)."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    born: NDArray[np.float64]
    ends: NDArray[np.float64]
    gap: NDArray[np.float64]


def draw_bonds(population: Population, meetings: Meetings, rng: np.random.Generator) -> BondLifetimes:
    """Draw bonds: from the convention (likelier the longer two people talked), near home, and with friends of friends."""
    n = len(population)
    key, row = np.unique(np.minimum(meetings.a, meetings.b) << 32 | np.maximum(meetings.a, meetings.b), return_inverse=True)
    talked = np.bincount(row, meetings.minutes)
    chosen = key[rng.random(len(key)) < -np.expm1(-((talked / 7) ** 1.5))]
    first, second = chosen >> 32, chosen & (2**32 - 1)
    born = [np.zeros(len(first))]
    parts = [(first, second)]
    # near home: everybody who stays, in a ring by language and place, so that the neighbours mostly share both
    stay = np.flatnonzero(~population.never & ~np.isfinite(population.stops))
    stay = stay[np.lexsort((rng.random(len(stay)), population.place[stay], population.language[stay]))]
    at_home = ~population.present[stay]
    for apart, share in ((1, 0.15), (2, 0.15), (3, 0.1)):
        here = at_home | (rng.random(len(stay)) < share)
        parts.append((stay[here], np.roll(stay, -apart)[here]))
        born.append(rng.uniform(1, 40, int(here.sum())))
    if len(first):
        start, _, end = two_step_walks(first, second, len(first) // 12, rng)
        two = start != end
        parts.append((start[two], end[two]))
        born.append(rng.uniform(5, 60, int(two.sum())))
    a, b = np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts])
    begins = np.concatenate(born)
    pairs = np.minimum(a, b) * n + np.maximum(a, b)
    _, once = np.unique(pairs, return_index=True)  # a pair from the convention stays one
    once = once[a[once] != b[once]]
    a, b, begins = a[once], b[once], begins[once]
    lifetimes = _draw_lifetimes(a, b, n, rng)
    gap = np.clip(rng.lognormal(np.log(7), 0.55, len(a)), 3, 20)
    return BondLifetimes(a, b, begins, np.minimum(begins + lifetimes, DAYS_AFTER), gap)


def _draw_lifetimes(a: NDArray[np.int64], b: NDArray[np.int64], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the lifetime of each bond in days: quantiles of the survival function, correlated between the bonds of one person."""
    readiness = rng.normal(size=n)
    rank = np.argsort(np.argsort(readiness[a] + readiness[b] + 1.4 * rng.normal(size=len(a))))
    left = (rank + 0.5) / max(len(a), 1)
    lives: NDArray[np.float64] = (-np.log1p(-left) / SCALE) ** (1 / SHAPE) * MONTH
    return lives
