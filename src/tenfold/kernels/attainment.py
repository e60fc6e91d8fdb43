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
from tenfold.kernels.rng import FIRED, PART, WANTED, WHO, batch, below, draw, lanes, lanes_many

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
    tens: NDArray[np.int64]  # 1, 10, 100, …
    counts: NDArray[np.int64]  # groups of each level
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
def _is_united(law: Law, lives: Lives, level: int, group: int) -> bool:
    """Whether a group of a level from 2 on is united."""
    return bool(lives.parts[lives.place[level - 1] + group] >= law.need[_size(law.counts[level - 1], group, 10)])


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
        total += law.rates[level] * lives.parts[lives.place[level] + circle // law.tens[level]]
    return total


@jit
def _host_village(law: Law, person: int) -> int:
    """The village of the circle elsewhere that somebody without a local group is joined to."""
    return below(law.counts[3], law.seed, law.replicate, HOST, 0, person & _MASK, person >> 32)


@jit
def _host(law: Law, person: int, village: int) -> int:
    """That circle."""
    circles = _size(law.counts[1], village, CIRCLES)
    return village * CIRCLES + below(circles, law.seed, law.replicate, SEAT, 0, person & _MASK, person >> 32)


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
    room = batch()
    for village in range(low, high):
        lives.changed[village] = 0
        if law.strike:
            if draw(law.seed, law.replicate, STRIKE, step, village & _MASK, 0) < law.strike:
                lives.until[village] = step + law.strike_steps - 1
        here = lives.tally[village, HERE]
        first, last = village * CIRCLES, min((village + 1) * CIRCLES, law.counts[1])
        if here < _size(law.people, village, 1000):
            _join(law, lives, step, village, here)
        if here and law.lapse > 0:
            _lapse(law, lives, step, village, room)
        for circle in range(first, last):
            if lives.fresh[circle] != lives.now[circle]:
                lives.changed[village] = 1
                break


@jit
def _far(law: Law, lives: Lives, village: int) -> float:
    """Hazard in a village from the parts of the levels from 3 on."""
    total = 0.0
    for level in range(law.levels - 1, 2, -1):
        total += law.rates[level] * lives.parts[lives.place[level] + village // law.tens[level - 2]]
    return total


@jit
def _join(law: Law, lives: Lives, step: int, village: int, here: int) -> None:
    """Who joins in a village: nobody, where nothing draws them."""
    near, helpers, left = _far(law, lives, village), 0, 0
    if len(lives.mentor) and law.mentor_level > 2:
        group = village // law.tens[law.mentor_level - 3]
        helpers, left = lives.helpers[group, 0], lives.helpers[group, 1]
    if here == 0 and near == 0 and helpers == 0 and not (law.isolated and law.virtual):
        return
    if law.levels > 2:
        near += law.rates[2] * lives.parts[lives.place[2] + village]
    opened = 1.0 + law.opens * lives.severity[village]
    last = min((village + 1) * CIRCLES, law.counts[1])
    for first in range(village * CIRCLES, last, 10):
        _hundred(law, lives, step, first, min(first + 10, last), near, helpers, left, opened)


@jit
def _hundred(
    law: Law, lives: Lives, step: int, first: int, last: int, near: float, helpers: int, left: int, opened: float
) -> None:
    """Who joins in the circles of a hundred."""
    pull = near
    if law.levels > 1:
        pull += law.rates[1] * lives.parts[lives.place[1] + first // 10]
    if len(lives.mentor) and law.mentor_level == 2:
        helpers, left = 0, 0
        for circle in range(first, last):
            helpers += ONES[lives.now[circle] & lives.mentor[circle]]
            left += _size(law.people, circle, 10) - ONES[lives.now[circle]]
    known, chance = -1.0, np.uint64(0)  # the last hazard, and its chance
    for circle in range(first, last):
        mask = np.uint64(lives.now[circle])
        wanted = np.uint64((1 << _size(law.people, circle, 10)) - 1) & ~mask
        if wanted == 0:
            continue
        apart = np.uint64(lives.apart[circle]) if law.isolated else np.uint64(0)
        own = ONES[mask & np.uint64(lives.mentor[circle])] if len(lives.mentor) else np.uint8(0)
        helped, found = 0.0, mask
        if len(lives.mentor) and left > 0:
            helped = law.mentor_rate * min(1.0, law.mentor_capacity * (helpers - own) / left)
        hazard = (pull + law.rates[0] * (ONES[mask] - law.mentor_absence * own) + helped) * opened
        if wanted & ~apart and hazard > 0:
            if hazard != known:
                known, chance = hazard, _chance(hazard)
            found |= lanes(chance, wanted & ~apart, JOIN, step, circle & _MASK, circle >> 32, law.seed, law.replicate)
        if wanted & apart:
            found |= _join_apart(law, lives, step, circle, wanted & apart, opened, helped)
        lives.fresh[circle] = found


@jit
def _join_apart(law: Law, lives: Lives, step: int, circle: int, those: np.uint64, opened: float, helped: float) -> np.uint64:
    """Who joins of those of a circle who have no local group."""
    who, part, found = circle & _MASK, circle >> 32, np.uint64(0)
    if not law.virtual:
        hazard = _pull(law, lives, law.isolated_below, circle)
        if law.mentor_level > law.isolated_below:
            hazard += helped
        if hazard == 0:
            return found
        return lanes(_chance(hazard * opened), those, JOIN, step, who, part, law.seed, law.replicate)
    for k in range(10):
        bit = _ONE << np.uint64(k)
        if those & bit:
            person = circle * 10 + k
            village = _host_village(law, person)
            if lives.tally[village, HERE] == 0 and _far(law, lives, village) == 0:
                continue  # nothing draws anybody there
            host = _host(law, person, village)
            hazard = _pull(law, lives, 1, host) + law.rates[0] * ONES[lives.now[host]]
            if hazard > 0:
                found |= lanes(_chance(hazard * opened), bit, JOIN, step, who, part, law.seed, law.replicate)
    return found


@jit
def _lapse(law: Law, lives: Lives, step: int, village: int, room: NDArray[np.uint32]) -> None:
    """Who lapses in a village. All are asked with the highest chance that anybody has there, and those who would lapse with their own: a
    person's draw is the same each time, so only they can."""
    severity = lives.severity[village]
    shaken = 1.0 + (law.strike_strength if lives.until[village] >= step else 0.0)
    first, last = village * CIRCLES, min((village + 1) * CIRCLES, law.counts[1])
    for circle in range(first, last):
        k = circle - first
        room[WHO, k], room[PART, k], room[WANTED, k] = circle & _MASK, circle >> 32, lives.now[circle]
    lanes_many(_chance(law.lapse * (shaken + law.disturbs * severity)), room, last - first, LAPSE, step, law.seed, law.replicate)
    for circle in range(first, last):
        fired = np.uint64(room[FIRED, circle - first])
        if fired:
            apart = np.uint64(lives.apart[circle]) & fired if law.isolated else np.uint64(0)
            gone = np.uint64(0)
            if fired & ~apart:
                gone |= _gone(law, lives, step, circle, fired & ~apart, circle, 1, shaken, severity)
            if apart and not law.virtual:
                gone |= _gone(law, lives, step, circle, apart, circle, law.isolated_below, shaken, severity)
            elif apart:
                for k in range(10):
                    bit = _ONE << np.uint64(k)
                    if apart & bit:
                        person = circle * 10 + k
                        host = _host(law, person, _host_village(law, person))
                        gone |= _gone(law, lives, step, circle, bit, host, 1, shaken, severity)
            lives.fresh[circle] &= np.uint16(~gone & np.uint64(1023))


@jit
def _gone(
    law: Law, lives: Lives, step: int, circle: int, those: np.uint64, home: int, low: int, shaken: float, severity: float
) -> np.uint64:
    """Who lapses of `those` of a circle, whom the groups around `home` of the levels from `low` on support."""
    united = ONES[lives.now[home]] >= law.need[_size(law.people, home, 10)]
    base = law.lapse * (shaken + (0.0 if united else law.disturbs * severity))
    stay = 1.0 + law.support * (_around(law, lives, low, home) + int(united and low == 1))
    who, part, gone = circle & _MASK, circle >> 32, np.uint64(0)
    served = np.uint64(lives.served[circle]) & those if len(lives.served) else those
    if served:
        gone |= lanes(_chance(base / (stay + law.upkeep)), served, LAPSE, step, who, part, law.seed, law.replicate)
    if those & ~served:
        gone |= lanes(_chance(base / stay), those & ~served, LAPSE, step, who, part, law.seed, law.replicate)
    return gone


@jit
def settle(law: Law, lives: Lives, low: int, high: int, everywhere: bool) -> None:
    """Take over what the villages from `low` to `high` have become, and count; only those that changed, or everywhere."""
    for village in range(low, high):
        if not (everywhere or lives.changed[village]):
            continue
        tally = lives.tally[village]
        tally[:] = 0
        last = min((village + 1) * CIRCLES, law.counts[1])
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
