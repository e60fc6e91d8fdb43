"""The calls, messages and visits of the demo, after the convention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tenfold.people.demo.bond_lifetimes import BondLifetimes
from tenfold.people.demo.population import DAYS_AFTER, Population
from tenfold.people.demo.time_zones import utc_offsets

__all__ = ["KINDS", "ContactEvents", "draw_contact_events"]

KINDS = ("call", "message", "meet")
AWAKE = (7, 22)  # local hours in which people call and write


@dataclass(frozen=True)
class ContactEvents:
    """Calls, messages and visits: `a`, `b` and, for a call of three, `c` (rows of the population, −1: none).

    `day` after the convention, `kind` (position in KINDS), `minutes` (NaN: none).
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    c: NDArray[np.int64]
    day: NDArray[np.float64]
    kind: NDArray[np.int64]
    minutes: NDArray[np.float64]


def draw_contact_events(
    population: Population, bonds: BondLifetimes, midnight: datetime, rng: np.random.Generator
) -> ContactEvents:
    """Draw the contacts over each bond during its lifetime, at hours at which both people are awake.

    `midnight` (UTC) is the end of the convention.
    """
    n, most = len(bonds.a), int(DAYS_AFTER / 3 * 2.2)
    even = 2.5  # shape of the gaps: 1 would be pure chance, more is more regular
    gaps = rng.gamma(even, (bonds.gap / even)[:, None], (n, most))
    gaps[bonds.born > 0, 0] = 0  # what begins later begins with a contact
    day = bonds.born[:, None] + np.cumsum(gaps, axis=1)
    row, column = np.nonzero(day < bonds.ends[:, None])
    day = np.floor(day[row, column])
    a, b = bonds.a[row], bonds.b[row]
    turned = rng.random(len(row)) < (population.activity[b] / (population.activity[a] + population.activity[b]))
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    weights = _contact_weights(midnight)
    day += (
        _draw_hour(weights[population.zone[a], day.astype(np.int64)] * weights[population.zone[b], day.astype(np.int64)], rng)
        / 24
    )
    near = population.place[a] == population.place[b]
    calls = rng.random(n)[row] < 0.7  # some pairs call, others write
    mark = rng.random(len(row))
    kind = np.where(near & (mark < 0.2), 2, np.where(mark < np.where(calls, 0.6, 0.15), 0, 1))
    minutes = np.where(
        kind == 0, rng.lognormal(2.4, 0.8, len(row)), np.where(kind == 2, rng.lognormal(3.8, 0.6, len(row)), np.nan)
    )
    minutes = np.clip(np.round(minutes), 1, 240)
    c = _third_participants(population, bonds, a, b, rng.random(len(row)) < 0.03, rng)
    c[kind != 0] = -1
    answers = np.where(kind == 1, rng.geometric(0.55, len(row)) - 1, 0)  # a message is often answered, and so on
    again = np.repeat(np.arange(len(row)), answers)
    turn = np.arange(len(again)) - np.repeat(np.cumsum(answers) - answers, answers)
    later = day[again] + (turn + rng.random(len(again))) * 4 / 1440
    talks = ContactEvents(
        np.concatenate([a, np.where(turn % 2 == 0, b[again], a[again])]),
        np.concatenate([b, np.where(turn % 2 == 0, a[again], b[again])]),
        np.concatenate([c, np.full(len(again), -1)]),
        np.concatenate([day, later]),
        np.concatenate([kind, kind[again]]),
        np.concatenate([minutes, minutes[again]]),
    )
    stops = np.minimum(population.stops[talks.a], population.stops[talks.b])
    stops = np.minimum(stops, np.where(talks.c >= 0, population.stops[talks.c], np.inf))
    kept = (talks.day < stops) & (talks.day < DAYS_AFTER)
    return ContactEvents(talks.a[kept], talks.b[kept], talks.c[kept], talks.day[kept], talks.kind[kept], talks.minutes[kept])


def _third_participants(
    population: Population,
    bonds: BondLifetimes,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    asked: NDArray[np.bool_],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw who joins a call of `a` and `b`: a person with a bond to `b` in the zone of either, or nobody (−1)."""
    third = np.full(len(a), -1)
    start, end = np.concatenate([bonds.a, bonds.b]), np.concatenate([bonds.b, bonds.a])
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    rows = np.flatnonzero(asked)
    low, high = np.searchsorted(start, b[rows]), np.searchsorted(start, b[rows], side="right")
    third[rows] = end[low + (rng.random(len(rows)) * (high - low)).astype(np.int64)]
    fits = (
        (third != a)
        & (third >= 0)
        & ((population.zone[third] == population.zone[a]) | (population.zone[third] == population.zone[b]))
    )
    chosen: NDArray[np.int64] = np.where(fits, third, -1)
    return chosen


def _contact_weights(midnight: datetime) -> NDArray[np.float64]:
    """Weight of each hour for contacts, (zones, days, 24 hours UTC): 0 at night, highest in the evening."""
    local = (np.arange(24) + utc_offsets(midnight)[:, :, None]) % 24
    awake = (local >= AWAKE[0]) & (local < AWAKE[1])
    weights: NDArray[np.float64] = np.where(awake, np.where(local >= 18, 4.0, 1.0), 0.0)
    return weights


def _draw_hour(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw a time of day in hours by the weights of the 24 hours, in whole minutes, at most 49 past the hour."""
    reached = np.cumsum(weights, axis=1)
    mark = rng.random(len(reached)) * reached[:, -1]
    hour = (reached <= mark[:, None]).sum(axis=1)
    started: NDArray[np.float64] = hour + np.floor(rng.random(len(hour)) * 50) / 60
    return started
