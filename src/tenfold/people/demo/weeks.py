"""The weeks after: bonds that end sooner or later, each with its own rhythm, and gatherings near home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tenfold.people.demo.convention import Meetings, two_steps
from tenfold.people.demo.names import LANGUAGES, PLACES, ZONES
from tenfold.people.demo.roster import DAYS_AFTER, Cast

__all__ = ["KINDS", "Bonded", "Evenings", "Talks", "form_bonds", "gather", "keep_in_touch"]

KINDS = ("call", "message", "meet")
MONTH = 365.25 / 12
SCALE, SHAPE = 0.375, 0.535  # −ln S = .375 t^.535, t in months: 70, 50 and 26 per cent are left after 1, 3 and 12 months
AWAKE = (7, 22)  # local hours in which people call and write


@dataclass(frozen=True)
class Bonded:
    """Bonds: `a`, `b` (rows of the cast), `born` and `ends` (days after the convention), `gap` (days, usual)."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    born: NDArray[np.float64]
    ends: NDArray[np.float64]
    gap: NDArray[np.float64]


@dataclass(frozen=True)
class Talks:
    """Calls, messages and visits: `a`, `b` and, in a call of three, `c` (rows of the cast, −1: none).

    `day` after the convention, `kind` (position in KINDS), `minutes` (NaN: none).
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    c: NDArray[np.int64]
    day: NDArray[np.float64]
    kind: NDArray[np.int64]
    minutes: NDArray[np.float64]


@dataclass(frozen=True)
class Evenings:
    """Gatherings, one entry a person and gathering: `event` and its `day`, `person` (row of the cast), `minutes`, `there` (else absent)."""

    event: NDArray[np.str_]
    day: NDArray[np.float64]
    person: NDArray[np.int64]
    minutes: NDArray[np.float64]
    there: NDArray[np.bool_]


def form_bonds(cast: Cast, meetings: Meetings, rng: np.random.Generator) -> Bonded:
    """Bonds from the convention (the longer two talked, the likelier), some near home, and some with friends of friends."""
    n = len(cast)
    key, row = np.unique(np.minimum(meetings.a, meetings.b) << 32 | np.maximum(meetings.a, meetings.b), return_inverse=True)
    talked = np.bincount(row, meetings.minutes)
    chosen = key[rng.random(len(key)) < -np.expm1(-((talked / 7) ** 1.5))]
    first, second = chosen >> 32, chosen & (2**32 - 1)
    born = [np.zeros(len(first))]
    parts = [(first, second)]
    # near home: everybody who stays, in a ring by language and place, so that the neighbours mostly share both
    stay = np.flatnonzero(~cast.never & ~np.isfinite(cast.stops))
    stay = stay[np.lexsort((rng.random(len(stay)), cast.place[stay], cast.language[stay]))]
    at_home = ~cast.present[stay]
    for apart, share in ((1, 0.15), (2, 0.15), (3, 0.1)):
        here = at_home | (rng.random(len(stay)) < share)
        parts.append((stay[here], np.roll(stay, -apart)[here]))
        born.append(rng.uniform(1, 40, int(here.sum())))
    if len(first):
        start, _, end = two_steps(first, second, len(first) // 12, rng)
        two = start != end
        parts.append((start[two], end[two]))
        born.append(rng.uniform(5, 60, int(two.sum())))
    a, b = np.concatenate([one for one, _ in parts]), np.concatenate([other for _, other in parts])
    begins = np.concatenate(born)
    pairs = np.minimum(a, b) * n + np.maximum(a, b)
    _, once = np.unique(pairs, return_index=True)  # a pair from the convention stays one
    once = once[a[once] != b[once]]
    a, b, begins = a[once], b[once], begins[once]
    life = _lives(a, b, n, rng)
    gap = np.clip(rng.lognormal(np.log(7), 0.55, len(a)), 3, 20)
    return Bonded(a, b, begins, np.minimum(begins + life, DAYS_AFTER), gap)


def keep_in_touch(cast: Cast, bonded: Bonded, midnight: datetime, rng: np.random.Generator) -> Talks:
    """Contacts over each bond while it lives, at hours at which both are awake; `midnight` (UTC) ends the convention."""
    n, most = len(bonded.a), int(DAYS_AFTER / 3 * 2.2)
    even = 2.5  # shape of the gaps: 1 would be pure chance, more is more regular
    gaps = rng.gamma(even, (bonded.gap / even)[:, None], (n, most))
    gaps[bonded.born > 0, 0] = 0  # what begins later begins with a contact
    day = bonded.born[:, None] + np.cumsum(gaps, axis=1)
    row, column = np.nonzero(day < bonded.ends[:, None])
    day = np.floor(day[row, column])
    a, b = bonded.a[row], bonded.b[row]
    turned = rng.random(len(row)) < (cast.activity[b] / (cast.activity[a] + cast.activity[b]))
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    weights = _hours(midnight)
    day += _hour(weights[cast.zone[a], day.astype(np.int64)] * weights[cast.zone[b], day.astype(np.int64)], rng) / 24
    near = cast.place[a] == cast.place[b]
    calls = rng.random(n)[row] < 0.7  # some pairs call, others write
    mark = rng.random(len(row))
    kind = np.where(near & (mark < 0.2), 2, np.where(mark < np.where(calls, 0.6, 0.15), 0, 1))
    minutes = np.where(
        kind == 0, rng.lognormal(2.4, 0.8, len(row)), np.where(kind == 2, rng.lognormal(3.8, 0.6, len(row)), np.nan)
    )
    minutes = np.clip(np.round(minutes), 1, 240)
    c = _thirds(cast, bonded, a, b, rng.random(len(row)) < 0.03, rng)
    c[kind != 0] = -1
    answers = np.where(kind == 1, rng.geometric(0.55, len(row)) - 1, 0)  # a message is often answered, and so on
    again = np.repeat(np.arange(len(row)), answers)
    turn = np.arange(len(again)) - np.repeat(np.cumsum(answers) - answers, answers)
    later = day[again] + (turn + rng.random(len(again))) * 4 / 1440
    talks = Talks(
        np.concatenate([a, np.where(turn % 2 == 0, b[again], a[again])]),
        np.concatenate([b, np.where(turn % 2 == 0, a[again], b[again])]),
        np.concatenate([c, np.full(len(again), -1)]),
        np.concatenate([day, later]),
        np.concatenate([kind, kind[again]]),
        np.concatenate([minutes, minutes[again]]),
    )
    stops = np.minimum(cast.stops[talks.a], cast.stops[talks.b])
    stops = np.minimum(stops, np.where(talks.c >= 0, cast.stops[talks.c], np.inf))
    kept = (talks.day < stops) & (talks.day < DAYS_AFTER)
    return Talks(talks.a[kept], talks.b[kept], talks.c[kept], talks.day[kept], talks.kind[kept], talks.minutes[kept])


def gather(cast: Cast, midnight: datetime, rng: np.random.Generator) -> Evenings:
    """Groups of up to 25 near home, weekly or monthly, that shrink with the weeks; and a monthly evening online in each language."""
    comes = rng.beta(2, 2, len(cast))
    # days until a person stays away
    lasts = np.minimum((-np.log(rng.random(len(cast))) / SCALE) ** (1 / SHAPE) * MONTH, cast.stops)
    offsets = _offsets(midnight)
    found: list[tuple[str, float, NDArray[np.int64], NDArray[np.bool_], float]] = []
    for place, (name, _, zone) in enumerate(PLACES):
        members = np.flatnonzero((cast.place == place) & ~cast.never)
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
        group = np.flatnonzero((cast.language == language) & ~cast.never)
        asked = rng.random((3, len(group))) < 0.7
        found += [(f"Online evening in {name}", day + 17 / 24, group, asked[k], 60.0) for k, day in enumerate((12, 40, 68))]
    events: list[str] = []
    days, people, minutes, there = [], [], [], []
    for label, when, group, chosen, length in found:
        group = group[chosen & (cast.stops[group] > when)]
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
        return Evenings(np.zeros(0, np.str_), none, none.astype(np.int64), none, none.astype(np.bool_))
    return Evenings(
        np.array(events), np.concatenate(days), np.concatenate(people), np.concatenate(minutes), np.concatenate(there)
    )


def _lives(a: NDArray[np.int64], b: NDArray[np.int64], n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Days that each bond lives: exactly spread as SCALE and SHAPE say, and alike for the bonds of one person."""
    readiness = rng.normal(size=n)
    rank = np.argsort(np.argsort(readiness[a] + readiness[b] + 1.4 * rng.normal(size=len(a))))
    left = (rank + 0.5) / max(len(a), 1)
    lives: NDArray[np.float64] = (-np.log1p(-left) / SCALE) ** (1 / SHAPE) * MONTH
    return lives


def _thirds(
    cast: Cast, bonded: Bonded, a: NDArray[np.int64], b: NDArray[np.int64], asked: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Who joins a call of `a` and `b`: somebody bonded with `b` who is awake with them, or nobody (−1)."""
    third = np.full(len(a), -1)
    start, end = np.concatenate([bonded.a, bonded.b]), np.concatenate([bonded.b, bonded.a])
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    rows = np.flatnonzero(asked)
    low, high = np.searchsorted(start, b[rows]), np.searchsorted(start, b[rows], side="right")
    third[rows] = end[low + (rng.random(len(rows)) * (high - low)).astype(np.int64)]
    fits = (third != a) & (third >= 0) & ((cast.zone[third] == cast.zone[a]) | (cast.zone[third] == cast.zone[b]))
    chosen: NDArray[np.int64] = np.where(fits, third, -1)
    return chosen


def _offsets(midnight: datetime) -> NDArray[np.int64]:
    """Hours that each zone is ahead of UTC on each day."""
    days = [midnight + timedelta(days=day, hours=12) for day in range(DAYS_AFTER + 1)]
    shifts = [[day.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0) for day in days] for zone in ZONES]
    return np.array([[shift // timedelta(hours=1) for shift in row] for row in shifts])


def _hours(midnight: datetime) -> NDArray[np.float64]:
    """How readily people of a zone get in contact: (zones, days, 24 hours UTC); 0 in the night, most in the evening."""
    local = (np.arange(24) + _offsets(midnight)[:, :, None]) % 24
    awake = (local >= AWAKE[0]) & (local < AWAKE[1])
    weights: NDArray[np.float64] = np.where(awake, np.where(local >= 18, 4.0, 1.0), 0.0)
    return weights


def _hour(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """An hour of the day by weight, with its minutes, seconds left out; some time is left before the hour ends."""
    reached = np.cumsum(weights, axis=1)
    mark = rng.random(len(reached)) * reached[:, -1]
    hour = (reached <= mark[:, None]).sum(axis=1)
    started: NDArray[np.float64] = hour + np.floor(rng.random(len(hour)) * 50) / 60
    return started
