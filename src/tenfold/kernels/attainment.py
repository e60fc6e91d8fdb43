"""Nested tens in compiled code: how people attain and lapse, circle by circle, and which groups are united.

A circle is a mask of ten bits, a village 100 circles. `act` reads the state of the step before and writes what becomes of each circle;
`settle` takes it over and counts; both work on spans of villages, so threads share them and the result is the same for any number.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import below, draw, lanes

__all__ = [
    "CIRCLES",
    "DEGREE",
    "HERE",
    "ISOLATED",
    "MENTORS",
    "ONES",
    "SERVING",
    "TALLIES",
    "UNITED",
    "Law",
    "Lives",
    "act",
    "mark",
    "settle",
]

JOIN, LAPSE, STRIKE, RANK, DEVOTED, APART, MENTOR, HOST, SEAT = 101, 102, 103, 104, 105, 106, 107, 108, 109
CIRCLES = 100  # of a village
HERE, SERVING, ISOLATED, MENTORS, UNITED, DEGREE, TALLIES = 0, 1, 2, 3, 4, 6, 10
"""Columns of a village's tallies: who has attained, who of them serves, has no local group, mentors; united circles and hundreds; and how
many have the degree 0, 1, 2, or 3 and more."""
ONES = np.array([bin(mask).count("1") for mask in range(1024)], np.uint8)
_FULL, _MASK = 2.0**32, 0xFFFFFFFF
_ONE = np.uint64(1)


class Law(NamedTuple):
    """The parameters, as the kernels want them. `rates[l]` = η·P(l)/10^(l+1); `need[k]`: united parts that unite a group of k parts."""

    people: int
    levels: int
    rates: NDArray[np.float64]
    need: NDArray[np.uint8]
    lapse: float
    upkeep: float
    support: float
    strike: np.uint64  # chance in 2⁻³²
    strike_strength: float
    strike_steps: int
    mentor_rate: float  # η · strength
    mentor_capacity: float
    mentor_absence: float
    mentor_level: int
    disturbs: float
    opens: float
    isolated: int  # 1 if there are any
    isolated_below: int
    virtual: int
    seed: int
    replicate: int


class Lives(NamedTuple):
    """Who is how. Masks a circle: `now`, `fresh` (what it becomes), `served`, `apart`, `mentor` (empty where
    everybody serves or nobody is). `parts[l]` lies at `place[l]`: united parts of level l in each group of level l + 1."""

    now: NDArray[np.uint16]
    fresh: NDArray[np.uint16]
    served: NDArray[np.uint16]
    apart: NDArray[np.uint16]
    mentor: NDArray[np.uint16]
    parts: NDArray[np.uint8]
    place: NDArray[np.int64]
    tally: NDArray[np.int32]  # (villages, TALLIES)
    changed: NDArray[np.uint8]
    until: NDArray[np.int32]  # the last step of the disturbance, by village
    united: NDArray[np.uint8]  # by village
    severity: NDArray[np.float64]  # mean over the areas, by village
    helpers: NDArray[
        np.int64
    ]  # mentors and people not yet there, by group of the mentors' level where that is 3 or more, (groups, 2)


@jit
def _chance(hazard: float) -> np.uint64:
    """Of a step, in 2⁻³²."""
    return np.uint64((1.0 - math.exp(-hazard)) * _FULL)


@jit
def _size(people: int, group: int, width: int) -> int:
    """People or parts in a group: `width`, or what is left for the last."""
    return min(width, people - group * width)


@jit
def _count(people: int, level: int) -> int:
    """Groups of a level."""
    return -(-people // 10**level)


@jit
def _is_united(law: Law, lives: Lives, level: int, group: int) -> bool:
    """Whether a group of a level from 2 on is united."""
    return bool(lives.parts[lives.place[level - 1] + group] >= law.need[_size(_count(law.people, level - 1), group, 10)])


@jit
def _around(law: Law, lives: Lives, low: int, circle: int) -> int:
    """United groups around a circle, of the levels from `low` on, its own left out."""
    found, group = 0, circle
    for level in range(2, law.levels + 1):
        group //= 10
        if level >= low and _is_united(law, lives, level, group):
            found += 1
    return found


@jit
def _pull(law: Law, lives: Lives, low: int, circle: int) -> float:
    """Hazard from the parts of the levels from `low` ≥ 1 on, summed from the top down, so that sums agree bit by bit."""
    total = 0.0
    for level in range(law.levels - 1, low - 1, -1):
        total += law.rates[level] * lives.parts[lives.place[level] + circle // 10**level]
    return total


@jit
def _host(law: Law, person: int) -> int:
    """The circle elsewhere that somebody without a local group is joined to."""
    who, part = person & _MASK, person >> 32
    village = below(-(-law.people // 1000), law.seed, law.replicate, HOST, 0, who, part)
    circles = _size(_count(law.people, 1), village, CIRCLES)
    return village * CIRCLES + below(circles, law.seed, law.replicate, SEAT, 0, who, part)


@jit
def mark(
    law: Law, lives: Lives, kind: int, chance: np.uint64, demands: int, attention: int, even: int, low: int, high: int
) -> None:
    """Draw who serves (kind 0), has no local group (1), is a mentor (2), in the circles from `low` to `high`.

    `even`: the share of mentors in millionths, or −1 to draw them."""
    for circle in range(low, high):
        size = _size(law.people, circle, 10)
        full = np.uint64((1 << size) - 1)
        who, part = circle & _MASK, circle >> 32
        if kind == 1:
            lives.apart[circle] = lanes(chance, full, APART, 0, who, part, law.seed, law.replicate)
        elif kind == 2 and even < 0:
            lives.mentor[circle] = lanes(chance, full, MENTOR, 0, who, part, law.seed, law.replicate)
        elif kind == 2:
            found = 0
            for k in range(size):
                person = circle * 10 + k
                found |= ((person + 1) * even // 1_000_000 - person * even // 1_000_000) << k
            lives.mentor[circle] = found
        else:
            devoted = lanes(chance, full, DEVOTED, 0, who, part, law.seed, law.replicate)
            found = 0
            for k in range(size):
                person = circle * 10 + k
                rank = below(demands + 1, law.seed, law.replicate, RANK, 0, person & _MASK, person >> 32)
                if (devoted >> np.uint64(k)) & _ONE:
                    rank = 0
                found |= int(rank < attention) << k
            lives.served[circle] = found


@jit
def act(law: Law, lives: Lives, step: int, low: int, high: int) -> None:
    """What becomes of the people of the villages from `low` to `high` in a step."""
    for village in range(low, high):
        lives.changed[village] = 0
        if law.strike:
            if draw(law.seed, law.replicate, STRIKE, step, village & _MASK, 0) < law.strike:
                lives.until[village] = step + law.strike_steps - 1
        _village(law, lives, step, village)


@jit
def _village(law: Law, lives: Lives, step: int, village: int) -> None:
    """One village: nothing, where nothing can happen."""
    here = lives.tally[village, HERE]
    size = _size(law.people, village, 1000)
    far = 0.0  # hazard from the levels from 3 on
    for level in range(law.levels - 1, 2, -1):
        far += law.rates[level] * lives.parts[lives.place[level] + village // 10 ** (level - 2)]
    helpers, left = 0, 0
    if len(lives.mentor) and law.mentor_level > 2:
        group = village // 10 ** (law.mentor_level - 3)
        helpers, left = lives.helpers[group, 0], lives.helpers[group, 1]
    if here == 0 and far == 0 and helpers == 0 and not (law.isolated and law.virtual):
        return
    if here == size and law.lapse == 0:
        return
    near = far  # and from level 2 on
    if law.levels > 2:
        near += law.rates[2] * lives.parts[lives.place[2] + village]
    opened = 1.0 + law.opens * lives.severity[village]
    shaken = 1.0 + (law.strike_strength if lives.until[village] >= step else 0.0)
    last = min((village + 1) * CIRCLES, _count(law.people, 1))
    for first in range(village * CIRCLES, last, 10):
        _hundred(law, lives, step, first, min(first + 10, last), near, helpers, left, opened, shaken, lives.severity[village])
    for circle in range(village * CIRCLES, last):
        if lives.fresh[circle] != lives.now[circle]:
            lives.changed[village] = 1
            return


@jit
def _hundred(
    law: Law, lives: Lives, step: int, first: int, last: int, near: float, helpers: int, left: int, opened: float, shaken: float,
    severity: float,
) -> None:  # fmt: skip
    """The circles of a hundred."""
    pull = near
    if law.levels > 1:
        pull += law.rates[1] * lives.parts[lives.place[1] + first // 10]
    if len(lives.mentor) and law.mentor_level == 2:
        helpers, left = 0, 0
        for circle in range(first, last):
            helpers += ONES[lives.now[circle] & lives.mentor[circle]]
            left += _size(law.people, circle, 10) - ONES[lives.now[circle]]
    around = _around(law, lives, 2, first) if law.lapse > 0 and law.support > 0 else 0
    known, chance = -1.0, np.uint64(0)  # the last hazard, and its chance
    for circle in range(first, last):
        mask = np.uint64(lives.now[circle])
        size = _size(law.people, circle, 10)
        full = np.uint64((1 << size) - 1)
        apart = np.uint64(lives.apart[circle]) if law.isolated else np.uint64(0)
        wanted, found, united = full & ~mask, mask, ONES[mask] >= law.need[size]
        who, part = circle & _MASK, circle >> 32
        if wanted:
            own = ONES[mask & np.uint64(lives.mentor[circle])] if len(lives.mentor) else np.uint8(0)
            helped = 0.0
            if len(lives.mentor) and left > 0:
                helped = law.mentor_rate * min(1.0, law.mentor_capacity * (helpers - own) / left)
            hazard = (pull + law.rates[0] * (ONES[mask] - law.mentor_absence * own) + helped) * opened
            if wanted & ~apart and hazard > 0:
                if hazard != known:
                    known, chance = hazard, _chance(hazard)
                found |= lanes(chance, wanted & ~apart, JOIN, step, who, part, law.seed, law.replicate)
            if wanted & apart:
                found |= _apart_join(law, lives, step, circle, wanted & apart, opened, helped)
        if mask and law.lapse > 0:
            base = law.lapse * (shaken + (0.0 if united else law.disturbs * severity))
            stay = 1.0 + law.support * (around + int(united))
            found &= ~_lapse(law, lives, step, circle, mask & ~apart, base, stay)
            if mask & apart:
                found &= ~_apart_lapse(law, lives, step, circle, mask & apart, shaken, severity, united)
        lives.fresh[circle] = found


@jit
def _lapse(law: Law, lives: Lives, step: int, circle: int, those: np.uint64, base: float, stay: float) -> np.uint64:
    """Who of `those` of a circle lapses: less often with upkeep, for whom it happens."""
    who, part = circle & _MASK, circle >> 32
    served = np.uint64(lives.served[circle]) if len(lives.served) else those
    gone = np.uint64(0)
    if those & served:
        gone |= lanes(_chance(base / (stay + law.upkeep)), those & served, LAPSE, step, who, part, law.seed, law.replicate)
    if those & ~served:
        gone |= lanes(_chance(base / stay), those & ~served, LAPSE, step, who, part, law.seed, law.replicate)
    return gone


@jit
def _apart_join(law: Law, lives: Lives, step: int, circle: int, those: np.uint64, opened: float, helped: float) -> np.uint64:
    """Who joins of those of a circle who have no local group."""
    who, part = circle & _MASK, circle >> 32
    if not law.virtual:
        hazard = _pull(law, lives, law.isolated_below, circle)
        if law.mentor_level > law.isolated_below:
            hazard += helped
        if hazard == 0:
            return np.uint64(0)
        return lanes(_chance(hazard * opened), those, JOIN, step, who, part, law.seed, law.replicate)
    found = np.uint64(0)
    for k in range(10):
        if those & (_ONE << np.uint64(k)):
            host = _host(law, circle * 10 + k)
            hazard = _pull(law, lives, 1, host) + law.rates[0] * ONES[lives.now[host]]
            if hazard > 0:
                found |= lanes(_chance(hazard * opened), _ONE << np.uint64(k), JOIN, step, who, part, law.seed, law.replicate)
    return found


@jit
def _apart_lapse(
    law: Law, lives: Lives, step: int, circle: int, those: np.uint64, shaken: float, severity: float, united: bool
) -> np.uint64:
    """Who lapses of those of a circle who have no local group: their own circle does not support them, the one they are joined to does."""
    if not law.virtual:
        base = law.lapse * (shaken + (0.0 if united else law.disturbs * severity))
        around = _around(law, lives, law.isolated_below, circle)
        if law.isolated_below == 1 and united:
            around += 1
        return _lapse(law, lives, step, circle, those, base, 1.0 + law.support * around)
    gone = np.uint64(0)
    for k in range(10):
        if those & (_ONE << np.uint64(k)):
            host = _host(law, circle * 10 + k)
            close = ONES[lives.now[host]] >= law.need[_size(law.people, host, 10)]
            base = law.lapse * (shaken + (0.0 if close else law.disturbs * severity))
            around = _around(law, lives, 2, host) + int(close)
            gone |= _lapse(law, lives, step, circle, _ONE << np.uint64(k), base, 1.0 + law.support * around)
    return gone


@jit
def settle(law: Law, lives: Lives, low: int, high: int, everywhere: bool) -> None:
    """Take over what the villages from `low` to `high` have become, and count; only those that changed, or everywhere."""
    for village in range(low, high):
        if not (everywhere or lives.changed[village]):
            continue
        tally = lives.tally[village]
        tally[:] = 0
        last = min((village + 1) * CIRCLES, _count(law.people, 1))
        hundreds = 0
        for first in range(village * CIRCLES, last, 10):
            end = min(first + 10, last)
            circles = _circles(law, lives, tally, first, end)
            tally[UNITED] += circles
            lives.parts[lives.place[1] + first // 10] = circles
            hundreds += int(circles >= law.need[end - first])
        tally[UNITED + 1] = hundreds
        parts = -(-(last - village * CIRCLES) // 10)
        lives.parts[lives.place[2] + village] = hundreds
        lives.united[village] = hundreds >= law.need[parts]
        for first in range(village * CIRCLES, last, 10):
            end = min(first + 10, last)
            warm = lives.parts[lives.place[1] + first // 10] >= law.need[end - first]
            for circle in range(first, end):
                ones = ONES[lives.now[circle]]
                united = ones >= law.need[_size(law.people, circle, 10)]
                degree = 0 if not united else 1 if not warm else 2 if not lives.united[village] else 3
                tally[DEGREE + degree] += ones


@jit
def _circles(law: Law, lives: Lives, tally: NDArray[np.int32], first: int, end: int) -> int:
    """The circles of a hundred taken over and counted; how many are united."""
    circles = 0
    for circle in range(first, end):
        mask = lives.fresh[circle]
        lives.now[circle] = mask
        ones = ONES[mask]
        tally[HERE] += ones
        tally[SERVING] += ONES[mask & lives.served[circle]] if len(lives.served) else ones
        if law.isolated:
            tally[ISOLATED] += ONES[mask & lives.apart[circle]]
        if len(lives.mentor):
            tally[MENTORS] += ONES[mask & lives.mentor[circle]]
        circles += int(ones >= law.need[_size(law.people, circle, 10)])
    return circles
