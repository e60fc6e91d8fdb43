"""The convention: three days of face-to-face contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.people.demo.population import Population

__all__ = ["DAYS", "Meetings", "draw_meetings", "sample_within_groups", "two_step_walks", "unique_pairs"]

DAYS = 3
# name, from and to (local hour), weight within a language and across languages
SESSIONS: tuple[tuple[str, float, float, float, float], ...] = (
    ("arrival", 8.5, 9.25, 2, 2),
    ("plenary", 9.25, 10.75, 0.6, 0.3),
    ("break", 10.75, 11.25, 3, 3),
    ("workshop 1", 11.25, 12.75, 2, 0.3),
    ("lunch", 12.75, 14.25, 4, 4),
    ("workshop 2", 14.25, 15.75, 2, 0.3),
    ("break", 15.75, 16.25, 3, 3),
    ("workshop 3", 16.25, 17.75, 2, 0.3),
    ("dinner", 18.5, 20.0, 3, 3),
    ("evening", 20.0, 22.5, 4, 3),
)
ROOM = "shared room"


@dataclass(frozen=True)
class Meetings:
    """Face-to-face contacts: `a`, `b` (rows of the population), `hour` (local, since midnight of the first day), `minutes`, `group`."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    hour: NDArray[np.float64]
    minutes: NDArray[np.float64]
    group: NDArray[np.str_]


def draw_meetings(population: Population, rng: np.random.Generator) -> Meetings:
    """Draw the meetings: by activity, more of them within a place and within a language, and with friends of friends; then the nights."""
    here = np.flatnonzero(population.present)
    first, second = _draw_acquaintances(population, here, rng)
    same_place = population.place[first] == population.place[second]
    same_language = population.language[first] == population.language[second]
    times = np.minimum(rng.zipf(2.3, len(first)), 40) + same_place * rng.integers(0, 3, len(first))
    rows = np.repeat(np.arange(len(first)), times)
    slot = _draw_sessions(same_language[rows], rng)
    start = np.array([one[1] for one in SESSIONS])[slot]
    length = np.array([one[2] - one[1] for one in SESSIONS])[slot]
    day = rng.integers(DAYS, size=len(rows))
    minutes = _draw_minutes(len(rows), rng)
    hour = day * 24 + start + rng.random(len(rows)) * np.maximum(length - minutes / 60, 0.05)
    labels = np.array([[f"day {one + 1} {session[0]}" for session in SESSIONS] for one in range(DAYS)])
    turned = rng.random(len(rows)) < 0.5
    a, b = np.where(turned, second[rows], first[rows]), np.where(turned, first[rows], second[rows])
    nights = _draw_night_talks(population, here, rng)
    return Meetings(
        np.concatenate([a, nights.a]),
        np.concatenate([b, nights.b]),
        np.concatenate([hour, nights.hour]),
        np.concatenate([minutes, nights.minutes]),
        np.concatenate([labels[day, slot], nights.group]),
    )


def sample_within_groups(
    groups: NDArray[np.int64], weight: NDArray[np.float64], wanted: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Sample a member of each group in `wanted`, by weight; returns rows of `groups`. No wanted group may be empty."""
    order = np.argsort(groups, kind="stable")
    reached = np.concatenate([[0.0], np.cumsum(weight[order])])
    sorted_groups = groups[order]
    low, high = np.searchsorted(sorted_groups, wanted), np.searchsorted(sorted_groups, wanted, side="right")
    mark = reached[low] + rng.random(len(wanted)) * (reached[high] - reached[low])
    found: NDArray[np.int64] = order[np.clip(np.searchsorted(reached, mark, side="right") - 1, low, high - 1)]
    return found


def two_step_walks(
    first: NDArray[np.int64], second: NDArray[np.int64], count: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """`count` random walks of two steps along the pairs: first, middle and last person; the last may be the first."""
    source, target = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.argsort(source, kind="stable")
    source, target = source[order], target[order]
    step = rng.integers(len(source), size=count)
    middle = target[step]
    low, high = np.searchsorted(source, middle), np.searchsorted(source, middle, side="right")
    return source[step], middle, target[low + (rng.random(count) * (high - low)).astype(np.int64)]


def unique_pairs(first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each pair once, the smaller number first, without pairs of one person."""
    apart = first != second
    low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
    key = np.unique(low << 32 | high)
    return key >> 32, key & (2**32 - 1)


def _draw_acquaintances(
    population: Population, here: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw the pairs that talk at the convention."""
    weight = population.activity[here]
    count = len(here) * 7
    one = rng.choice(len(here), count, p=weight / weight.sum())
    kind = rng.random(count)
    anybody = np.zeros(len(here), np.int64)
    other = sample_within_groups(anybody, weight, anybody[one], rng)
    for groups, chosen in ((population.language[here], (kind > 0.4) & (kind < 0.7)), (population.place[here], kind < 0.4)):
        other[chosen] = sample_within_groups(groups, weight, groups[one[chosen]], rng)
    first, second = unique_pairs(one, other)
    start, _, end = two_step_walks(first, second, len(first) * 2 // 5, rng)
    first, second = unique_pairs(np.concatenate([first, start]), np.concatenate([second, end]))
    return here[first], here[second]


def _draw_sessions(same_language: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the session of each meeting; a workshop is held in one language."""
    weights = np.array([[one[4] for one in SESSIONS], [one[3] for one in SESSIONS]]).cumsum(axis=1)
    mark = rng.random(len(same_language)) * weights[same_language.astype(np.int64), -1]
    within = [np.searchsorted(row, mark, side="right") for row in weights]
    slots: NDArray[np.int64] = np.where(same_language, within[1], within[0])
    return slots


def _draw_minutes(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw lengths in minutes: a power law in steps of 20 seconds, cut off at 180 steps."""
    shape, cut = 0.95, 180.0
    steps = (1 - rng.random(count) * (1 - cut**-shape)) ** (-1 / shape)
    minutes: NDArray[np.float64] = np.round(np.floor(steps) / 3, 2)
    return minutes


def _draw_night_talks(population: Population, here: NDArray[np.int64], rng: np.random.Generator) -> Meetings:
    """Draw the talks in shared rooms of two to four, mostly from one place; each pair talks late or early on both nights."""
    sleepers = here[np.lexsort((rng.random(len(here)), population.place[here], population.language[here]))]
    sizes = rng.integers(2, 5, len(here))
    room = np.repeat(np.arange(len(here)), sizes)[: len(here)]
    if len(here) > 1 and room[-1] != room[-2]:
        room[-1] = room[-2]  # nobody has a room alone
    beds = [(np.flatnonzero(room[gap:] == room[:-gap]), gap) for gap in range(1, 5)]  # five share where nobody is left alone
    left = np.concatenate([bed for bed, _ in beds])
    right = np.concatenate([bed + gap for bed, gap in beds])
    a, b = np.tile(sleepers[left], 2), np.tile(sleepers[right], 2)
    night = np.repeat(np.arange(2), len(left))
    late = rng.random(len(a)) < 0.7
    minutes: NDArray[np.float64] = rng.lognormal(1.2, 0.8, len(a)).clip(max=60).round(2)
    clock = np.where(late, rng.uniform(23, 25, len(a)), rng.uniform(30, 31.5, len(a)))
    hour = night.astype(np.float64) * 24 + clock.astype(np.float64)
    return Meetings(a, b, hour, minutes, np.full(len(a), ROOM))
