"""The gatherings of the demo: evenings near home, and monthly evenings online in each language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tenfold.people.demo.bond_lifetimes import MONTH, SCALE, SHAPE
from tenfold.people.demo.names import LANGUAGES, PLACES
from tenfold.people.demo.population import DAYS_AFTER, Population
from tenfold.people.demo.time_zones import utc_offsets

__all__ = ["GatheringAttendance", "draw_gatherings"]


@dataclass(frozen=True)
class GatheringAttendance:
    """One entry a person and gathering: `event` and its `day`, `person` (row of the population), `minutes`, `there` (False: absent)."""

    event: NDArray[np.str_]
    day: NDArray[np.float64]
    person: NDArray[np.int64]
    minutes: NDArray[np.float64]
    there: NDArray[np.bool_]


def draw_gatherings(population: Population, midnight: datetime, rng: np.random.Generator) -> GatheringAttendance:
    """Draw who was at what: groups of up to 25 near home, weekly to monthly, that shrink; and a monthly evening online in each language."""
    comes = rng.beta(2, 2, len(population))
    # days until a person stays away
    lasts = np.minimum((-np.log(rng.random(len(population))) / SCALE) ** (1 / SHAPE) * MONTH, population.stops)
    offsets = utc_offsets(midnight)
    found: list[tuple[str, float, NDArray[np.int64], NDArray[np.bool_], float]] = []
    for place, (name, _, zone) in enumerate(PLACES):
        members = np.flatnonzero((population.place == place) & ~population.never)
        parts = max(1, -(-len(members) // 25))
        for part in range(parts):
            group = members[part::parts]
            every, weekday = (7, 14, 28)[int(rng.choice(3, p=[0.4, 0.2, 0.4]))], int(rng.integers(7))
            label = f"Evening in {name}" + (f", group {part + 1}" if parts > 1 else "")
            for day in range(weekday + 2, DAYS_AFTER, every):
                start = day + (19 - offsets[zone, day]) / 24
                if start < DAYS_AFTER - 0.1:
                    found.append((label, start, group, group >= 0, 90.0))
    for language, name in enumerate(LANGUAGES):
        group = np.flatnonzero((population.language == language) & ~population.never)
        asked = rng.random((3, len(group))) < 0.7
        found += [(f"Online evening in {name}", day + 17 / 24, group, asked[k], 60.0) for k, day in enumerate((12, 40, 68))]
    events: list[str] = []
    days, people, minutes, there = [], [], [], []
    for label, when, group, chosen, length in found:
        group = group[chosen & (population.stops[group] > when)]
        came = (rng.random(len(group)) < 0.35 + 0.6 * comes[group]) & (lasts[group] > when)
        noted = came | (rng.random(len(group)) < 0.3)  # not every list notes who was missing
        if came.sum() < 5:
            continue
        events += [f"{label} {midnight + timedelta(days=when):%Y-%m-%d}"] * int(noted.sum())
        days.append(np.full(int(noted.sum()), when))
        people.append(group[noted])
        there.append(came[noted])
        minutes.append(np.round(np.clip(length * (1 - rng.exponential(0.08, int(noted.sum()))), 10, length)))
    if not events:
        none = np.zeros(0)
        return GatheringAttendance(np.zeros(0, np.str_), none, none.astype(np.int64), none, none.astype(np.bool_))
    return GatheringAttendance(
        np.array(events), np.concatenate(days), np.concatenate(people), np.concatenate(minutes), np.concatenate(there)
    )
