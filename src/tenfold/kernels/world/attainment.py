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
    uniform_integer,
)

__all__ = [
    "AT_APART",
    "AT_MENTOR",
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

JOIN, LAPSE, STRIKE, RANK, DEVOTED, APART, MENTOR, HOST = 101, 102, 103, 104, 105, 106, 107, 108
CIRCLES = 100  # of a village
HERE, SERVING, ISOLATED, MENTORS, UNITED, DEGREE, TALLIES = 0, 1, 2, 3, 4, 6, 10
"""Columns of a village's tallies: who has attained, who of them serves, has no local group, mentors; united circles and hundreds; and how
many have the degree 0, 1, 2, or 3 and more."""
ONES = np.array([bin(mask).count("1") for mask in range(1024)], np.uint8)
_FULL, _MASK = 2.0**32, 0xFFFFFFFF
_ONE, _LOW = np.uint64(1), np.uint64(0xFFFFFFFF)
AT_APART, AT_MENTOR = np.uint64(10), np.uint64(20)


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
    attends: int  # 1 if not everybody serves
    mentored: int  # 1 if there are mentors
    seed: int
    replicate: int


class Lives(NamedTuple):
    """Who is how. Masks a circle: `now`, `fresh` (what it becomes), and in `traits` those who serve, from bit `AT_APART` on those who
    have no local group, from bit `AT_MENTOR` on mentors (empty where
    everybody serves or nobody is). `parts[l]` lies at `place[l]`: united parts of level l in each group of level l + 1."""

    now: NDArray[np.uint16]
    fresh: NDArray[np.uint16]
    traits: NDArray[np.uint32]
    parts: NDArray[np.uint8]
    place: NDArray[np.int64]
    tally: NDArray[np.int32]  # (villages, TALLIES)
    changed: NDArray[np.uint8]
    until: NDArray[np.int32]  # the last step of the disturbance, by village
    united: NDArray[np.uint8]  # by village
    near: NDArray[np.float64]  # hazard from the parts of the levels from 2 on, by village
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
def _host(people: int, seed: int, replicate: int, person: int) -> tuple[int, int]:
    """The village and the circle elsewhere that somebody without a local group is joined to."""
    who, part = np.uint64(person) & _LOW, np.uint64(person) >> np.uint64(32)
    words = philox(np.uint64(HOST), np.uint64(0), who, part, np.uint64(seed) & _LOW, np.uint64(replicate) & _LOW)
    village = int(np.int64((words[0] * np.uint64(-(-people // 1000))) >> np.uint64(32)))
    seats = np.uint64(_size(-(-people // 10), village, CIRCLES))
    return village, village * CIRCLES + int(np.int64((words[1] * seats) >> np.uint64(32)))


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
            lives.traits[circle] |= bernoulli_bits(chance, full, APART, 0, who, part, law.seed, law.replicate) << AT_APART
        elif kind == 2 and even < 0:
            lives.traits[circle] |= bernoulli_bits(chance, full, MENTOR, 0, who, part, law.seed, law.replicate) << AT_MENTOR
        elif kind == 2:
            found = 0
            for k in range(size):
                person = circle * 10 + k
                found |= ((person + 1) * even // 1_000_000 - person * even // 1_000_000) << k
            lives.traits[circle] |= np.uint64(found) << AT_MENTOR
        else:
            devoted = bernoulli_bits(chance, full, DEVOTED, 0, who, part, law.seed, law.replicate)
            found = 0
            for k in range(size):
                person = circle * 10 + k
                rank = uniform_integer(demands + 1, law.seed, law.replicate, RANK, 0, person & _MASK, person >> 32)
                if (devoted >> np.uint64(k)) & _ONE:
                    rank = 0
                found |= int(rank < attention) << k
            lives.traits[circle] |= np.uint64(found)


@jit
def act(law: Law, lives: Lives, step: int, low: int, high: int) -> None:
    """What becomes of the people of the villages from `low` to `high` in a step."""
    room, helped = draw_buffer(), np.zeros(CIRCLES)
    for village in range(low, high):
        lives.changed[village] = 0
        if law.strike:
            if draw(law.seed, law.replicate, STRIKE, step, village & _MASK, 0) < law.strike:
                lives.until[village] = step + law.strike_steps - 1
        here = lives.tally[village, HERE]
        first, last = village * CIRCLES, min((village + 1) * CIRCLES, law.counts[1])
        if here < _size(law.people, village, 1000):
            _join(law, lives, step, village, helped)
        if here and law.lapse > 0:
            _lapse(law, lives, step, village, room)
        for circle in range(first, last):
            if lives.fresh[circle] != lives.now[circle]:
                lives.changed[village] = 1
                break


@jit
def _join(law: Law, lives: Lives, step: int, village: int, helped: NDArray[np.float64]) -> None:
    """Who joins in a village: nobody, where nothing draws them. Few calls in here hand on all arrays, which is what they cost."""
    near, helpers, left = lives.near[village], typed_zero(), typed_zero()
    if law.mentored and law.mentor_level > 2:
        group = village // law.tens[law.mentor_level - 3]
        helpers, left = lives.helpers[group, 0], lives.helpers[group, 1]
    opened = 1.0 + law.opens * lives.severity[village]
    begin, end = village * CIRCLES, min((village + 1) * CIRCLES, law.counts[1])
    if lives.tally[village, HERE] == 0 and near == 0 and helpers == 0:
        if law.isolated and law.virtual:
            _join_apart(law, lives, step, begin, end, opened, helped)
        return
    known, chance = -1.0, np.uint64(0)  # the last hazard, and its chance
    for first in range(begin, end, 10):
        last, pull = min(first + 10, end), near
        if law.levels > 1:
            pull += law.rates[1] * lives.parts[lives.place[1] + first // 10]
        if law.mentored and law.mentor_level == 2:
            helpers, left = typed_zero(), typed_zero()
            for circle in range(first, last):
                helpers += ONES[lives.now[circle] & (lives.traits[circle] >> AT_MENTOR)]
                left += _size(law.people, circle, 10) - ONES[lives.now[circle]]
        for circle in range(first, last):
            mask = np.uint64(lives.now[circle])
            wanted = np.uint64((1 << _size(law.people, circle, 10)) - 1) & ~mask
            if wanted == 0:
                continue
            hazard = pull + law.rates[0] * ONES[mask]
            if law.mentored:
                own = ONES[mask & (lives.traits[circle] >> AT_MENTOR)]
                hazard = pull + law.rates[0] * (ONES[mask] - law.mentor_absence * own)
                if left > 0:
                    helped[circle - begin] = law.mentor_rate * min(1.0, law.mentor_capacity * (helpers - own) / left)
                    hazard += helped[circle - begin]
            hazard *= opened
            if law.isolated:
                wanted &= ~np.uint64(lives.traits[circle] >> AT_APART)
            if wanted and hazard > 0:
                if hazard != known:
                    known, chance = hazard, _chance(hazard)
                found = bernoulli_bits(chance, wanted, JOIN, step, circle & _MASK, circle >> 32, law.seed, law.replicate)
                lives.fresh[circle] = mask | found
    if law.isolated:
        _join_apart(law, lives, step, begin, end, opened, helped)


@jit
def _join_apart(law: Law, lives: Lives, step: int, begin: int, end: int, opened: float, helped: NDArray[np.float64]) -> None:
    """Who joins of those of a village who have no local group."""
    for circle in range(begin, end):
        those = (lives.traits[circle] >> AT_APART) & ~np.uint64(lives.now[circle]) & np.uint64(1023)
        if those == 0:
            continue
        who, part, found = circle & _MASK, circle >> 32, np.uint64(0)
        if not law.virtual:
            hazard = 0.0
            for level in range(law.levels - 1, law.isolated_below - 1, -1):
                hazard += law.rates[level] * lives.parts[lives.place[level] + circle // law.tens[level]]
            if law.mentor_level > law.isolated_below and law.mentored:
                hazard += helped[circle - begin]
            if hazard > 0:
                found = bernoulli_bits(_chance(hazard * opened), those, JOIN, step, who, part, law.seed, law.replicate)
        else:
            for k in range(10):
                bit = _ONE << np.uint64(k)
                if those & bit:
                    village, host = _host(law.people, law.seed, law.replicate, circle * 10 + k)
                    if lives.tally[village, HERE] == 0 and lives.near[village] == 0:
                        continue  # nothing draws anybody there
                    hazard = lives.near[village]
                    if law.levels > 1:
                        hazard += law.rates[1] * lives.parts[lives.place[1] + host // 10]
                    hazard += law.rates[0] * ONES[lives.now[host]]
                    if hazard > 0:
                        found |= bernoulli_bits(_chance(hazard * opened), bit, JOIN, step, who, part, law.seed, law.replicate)
        lives.fresh[circle] |= np.uint16(found)


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
    most = law.lapse * (shaken + law.disturbs * severity)
    bernoulli_bits_batch(_chance(most), room, last - first, LAPSE, step, law.seed, law.replicate)
    far = _around(law, lives, 3, first)
    for circle in range(first, last):
        fired = np.uint64(room[FIRED, circle - first])
        if fired == 0:
            continue
        who, part, gone = circle & _MASK, circle >> 32, np.uint64(0)
        if law.isolated:
            apart = fired & (lives.traits[circle] >> AT_APART)
            if apart:
                gone = _lapse_apart(law, lives, step, circle, apart, shaken, severity)
                fired &= ~apart
        united = ONES[lives.now[circle]] >= law.need[_size(law.people, circle, 10)]
        around = far + int(united)
        if law.levels > 1:
            hundred = circle // 10
            around += int(lives.parts[lives.place[1] + hundred] >= law.need[_size(law.counts[1], hundred, 10)])
        base, stay = law.lapse * (shaken + (0.0 if united else law.disturbs * severity)), 1.0 + law.support * around
        served = np.uint64(lives.traits[circle]) & fired if law.attends else fired
        if served:
            gone |= bernoulli_bits(_chance(base / (stay + law.upkeep)), served, LAPSE, step, who, part, law.seed, law.replicate)
        if fired & ~served:
            gone |= bernoulli_bits(_chance(base / stay), fired & ~served, LAPSE, step, who, part, law.seed, law.replicate)
        lives.fresh[circle] &= np.uint16(~gone & np.uint64(1023))


@jit
def _lapse_apart(law: Law, lives: Lives, step: int, circle: int, those: np.uint64, shaken: float, severity: float) -> np.uint64:
    """Who lapses of those of a circle who have no local group: the circle that they are joined to supports them, or wider groups."""
    gone = np.uint64(0)
    for k in range(10):
        bit = _ONE << np.uint64(k)
        if those & bit:
            home, low = circle, 1
            if law.virtual:
                _, home = _host(law.people, law.seed, law.replicate, circle * 10 + k)
            else:
                low = law.isolated_below
            united = ONES[lives.now[home]] >= law.need[_size(law.people, home, 10)]
            base = law.lapse * (shaken + (0.0 if united else law.disturbs * severity))
            stay = 1.0 + law.support * (_around(law, lives, low, home) + int(united and low == 1))
            if not law.attends or np.uint64(lives.traits[circle]) & bit:
                stay += law.upkeep
            gone |= bernoulli_bits(_chance(base / stay), bit, LAPSE, step, circle & _MASK, circle >> 32, law.seed, law.replicate)
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
        tally[SERVING] += ONES[mask & lives.traits[circle]] if law.attends else ones
        if law.isolated:
            tally[ISOLATED] += ONES[mask & (lives.traits[circle] >> AT_APART)]
        if law.mentored:
            tally[MENTORS] += ONES[mask & (lives.traits[circle] >> AT_MENTOR)]
        circles += int(ones >= law.need[_size(law.people, circle, 10)])
    return circles
