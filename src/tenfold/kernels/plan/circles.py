"""Circles by seeded local search: a greedy start, then swaps and moves under threshold accepting.

Dueck, Scheuer 1990, doi:10.1016/0021-9991(90)90201-B. Scores are whole numbers and the threshold falls linearly to zero, so the result
is the same on every machine. A proposal costs a look at two circles, whatever the number of people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import uniform_integer

__all__ = ["Crowd", "Weights", "build_circles"]

_PICK, _FRIEND, _OTHER, _KIND, _MOVE = 11, 12, 13, 14, 15
MOST = 64  # members of the largest circle that is allowed


class Crowd(NamedTuple):
    """People 0..n−1 and what matters for their circles."""

    start: NDArray[np.int64]  # (n + 1) ties of i are rows start[i]..start[i + 1] − 1
    other: NDArray[np.int32]  # the other end
    worth: NDArray[np.int64]  # what it is worth to have both in one circle; negative to keep them apart
    languages: NDArray[np.uint8]  # (n, languages) 1: speaks it; all 1 where unknown
    hours: NDArray[np.uint8]  # (n, hours of the week) 1: free; all 1 where unknown
    place: NDArray[np.int32]  # (n) −1: unknown
    kind: NDArray[np.int32]  # (n) what nobody should be alone in, −1: unknown
    degree: NDArray[np.int32]  # (n) −1: unknown
    guide: NDArray[np.uint8]  # (n) 1: can mentor
    stranger: NDArray[np.uint8]  # (n) 1: has no bond with anybody yet
    pinned: NDArray[np.int32]  # (n) circle that the person must be in, −1: any
    barred: NDArray[np.uint8]  # (n) 1: some circle is forbidden to the person
    bars: NDArray[np.int64]  # person · circles + circle of all that is forbidden, sorted
    before: NDArray[np.int32]  # (n) circle in the last plan, −1: none


class Weights(NamedTuple):
    """What each rule is worth, in thousandths of a full bond."""

    language: int  # lost for each member who does not speak the circle's main language
    hours: int  # lost for each member who is not free at the circle's best hour
    place: int  # won for each pair from one place (negative: lost)
    alone: int  # lost for each member who is alone in their kind
    degree: int  # won for each degree that is present
    guide: int  # won for the second who can mentor; the first one wins four times as much
    strangers: int  # lost for each who has no bond beyond the second in a circle: somebody has to be there to include them
    size: int  # lost for the square of what the size is off `ideal`
    ideal: int


@jit
def _rules(members: NDArray[np.int32], size: int, crowd: Crowd, weights: Weights, count: NDArray[np.int32]) -> int:
    """What one circle is worth by all rules but its bonds; `count` is room to count in."""
    score = 0
    for table, weight in ((crowd.languages, weights.language), (crowd.hours, weights.hours)):
        columns = table.shape[1]
        count[:columns] = 0
        for seat in range(size):
            for column in range(columns):
                count[column] += table[members[seat], column]
        best = 0
        for column in range(columns):
            best = max(best, count[column])
        if columns:
            score -= weight * (size - best)
    guides = strangers = 0
    for seat in range(size):
        mine = members[seat]
        guides += crowd.guide[mine]
        strangers += crowd.stranger[mine]
        alike = same_place = 0
        first_of_degree = crowd.degree[mine] >= 0
        for seat_2 in range(size):
            other = members[seat_2]
            if seat_2 == seat:
                continue
            alike += crowd.kind[other] == crowd.kind[mine]
            if seat_2 < seat:
                same_place += crowd.place[other] >= 0 and crowd.place[other] == crowd.place[mine]
                first_of_degree = first_of_degree and crowd.degree[other] != crowd.degree[mine]
        score += weights.place * same_place
        if size > 1 and crowd.kind[mine] >= 0 and alike == 0:
            score -= weights.alone
        if first_of_degree:
            score += weights.degree
    score += weights.guide * (4 * min(guides, 1) + min(max(guides - 1, 0), 1))
    score -= weights.strangers * max(strangers - 2, 0)
    return score - weights.size * (size - weights.ideal) ** 2


@jit
def _ties(
    i: int,
    circle: int,
    circle_of: NDArray[np.int32],
    start: NDArray[np.int64],
    other: NDArray[np.int32],
    worth: NDArray[np.int64],
) -> int:
    """What the ties of i with one circle are worth."""
    total = 0
    for row in range(start[i], start[i + 1]):
        if circle_of[other[row]] == circle:
            total += worth[row]
    return total


@jit
def _may(
    i: int, circle: int, circles: int, pinned: NDArray[np.int32], barred: NDArray[np.uint8], bars: NDArray[np.int64]
) -> bool:
    """Whether a lock lets i sit in the circle."""
    if pinned[i] >= 0:
        return bool(pinned[i] == circle)
    if not barred[i]:
        return True
    wanted, low, high = i * circles + circle, 0, bars.size
    while low < high:
        middle = (low + high) >> 1
        if bars[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return bool(low == bars.size or bars[low] != wanted)


@jit
def _seat_greedily(
    order: NDArray[np.int32],
    circle_of: NDArray[np.int32],
    members: NDArray[np.int32],
    sizes: NDArray[np.int64],
    target: NDArray[np.int64],
    crowd: Crowd,
) -> None:
    """Seat everybody who has no seat: circle by circle, next whoever is tied most to those already there, else the next in `order`."""
    n, circles = circle_of.size, sizes.size
    start, other_end, worth = crowd.start, crowd.other, crowd.worth
    pinned, barred, bars = crowd.pinned, crowd.barred, crowd.bars
    pull = np.zeros(n, np.int64)
    near = np.empty(n, np.int32)
    next_up = 0
    for circle in range(circles):
        near_count = 0
        seat = 0
        while sizes[circle] < target[circle]:
            while seat < sizes[circle]:  # those who just sat down pull their friends
                mine = members[circle, seat]
                for row in range(start[mine], start[mine + 1]):
                    other = other_end[row]
                    if circle_of[other] < 0:
                        if pull[other] == 0:
                            near[near_count] = other
                            near_count += 1
                        pull[other] += worth[row]
                seat += 1
            chosen = -1
            for k in range(near_count):
                other = near[k]
                better = chosen < 0 or pull[other] > pull[chosen] or (pull[other] == pull[chosen] and other < chosen)
                if better and circle_of[other] < 0 and pull[other] > 0 and _may(other, circle, circles, pinned, barred, bars):
                    chosen = other
            if chosen < 0:
                while next_up < n and circle_of[order[next_up]] >= 0:
                    next_up += 1
                k = next_up
                while k < n and (circle_of[order[k]] >= 0 or not _may(order[k], circle, circles, pinned, barred, bars)):
                    k += 1
                if k == n:
                    break
                chosen = order[k]
            circle_of[chosen] = circle
            members[circle, sizes[circle]] = chosen
            sizes[circle] += 1
        for k in range(near_count):
            pull[near[k]] = 0


@jit
def build_circles(
    crowd: Crowd,
    weights: Weights,
    order: NDArray[np.int32],
    target: NDArray[np.int64],
    low: int,
    high: int,
    changes: int,
    proposals: int,
    heat: int,
    seed: int,
) -> tuple[NDArray[np.int32], int]:
    """Circle of each person (−1: none allows them) and the score.

    `order` (n) is the order in which strangers are seated, `target` (circles) the size of each circle at the start, `low` and `high` the
    sizes allowed; at most `changes` people may sit elsewhere than `crowd.before` says, and nobody does for nothing; `heat` is the
    first threshold.
    """
    n, circles = order.size, target.size
    start, other_end, worth = crowd.start, crowd.other, crowd.worth
    pinned, barred, bars, before = crowd.pinned, crowd.barred, crowd.bars, crowd.before
    circle_of = np.empty(n, np.int32)
    for i in range(n):
        circle_of[i] = -1
    members = np.zeros((circles, MOST), np.int32)
    sizes = np.zeros(circles, np.int64)
    for by_lock in (True, False):
        for i in range(n):
            circle = pinned[i] if by_lock else before[i]
            if circle_of[i] < 0 and circle >= 0 and sizes[circle] < high and _may(i, circle, circles, pinned, barred, bars):
                circle_of[i] = circle
                members[circle, sizes[circle]] = i
                sizes[circle] += 1
    _seat_greedily(order, circle_of, members, sizes, target, crowd)
    for i in range(n):  # who is barred from the circles that had room
        best = -1
        for circle in range(circles):
            smaller = best < 0 or sizes[circle] < sizes[best]
            if smaller and circle_of[i] < 0 and sizes[circle] < high and _may(i, circle, circles, pinned, barred, bars):
                best = circle
        if best >= 0:
            circle_of[i] = best
            members[best, sizes[best]] = i
            sizes[best] += 1
    value = np.zeros(circles, np.int64)
    count = np.empty(max(crowd.languages.shape[1], crowd.hours.shape[1]), np.int32)
    score = 0
    for circle in range(circles):
        value[circle] = _rules(members[circle], sizes[circle], crowd, weights, count)
        score += int(value[circle])
    changed = 0
    for i in range(n):
        changed += before[i] >= 0 and circle_of[i] != before[i]
        if circle_of[i] >= 0:
            for row in range(start[i], start[i + 1]):
                if circle_of[other_end[row]] == circle_of[i] and other_end[row] > i:
                    score += int(worth[row])
    trial_1, trial_2 = np.empty(MOST, np.int32), np.empty(MOST, np.int32)
    for step in range(proposals):
        i = uniform_integer(n, seed, 0, _PICK, step, 0, 0)
        ties = start[i + 1] - start[i]
        j = uniform_integer(n, seed, 0, _OTHER, step, 0, 0)
        if ties > 0 and uniform_integer(10, seed, 0, _KIND, step, 0, 0) < 8:
            j = int(other_end[start[i] + uniform_integer(ties, seed, 0, _FRIEND, step, 0, 0)])
            if circle_of[j] >= 0 and circle_of[j] != circle_of[i]:  # somebody in the friend's circle gives way
                j = int(members[circle_of[j], uniform_integer(sizes[circle_of[j]], seed, 0, _OTHER, step, 1, 0)])
        one, two = circle_of[i], circle_of[j]
        if one < 0 or two < 0 or one == two or not _may(i, two, circles, pinned, barred, bars):
            continue
        moves = sizes[one] > low and sizes[two] < high and uniform_integer(4, seed, 0, _MOVE, step, 0, 0) == 0
        if not moves and not _may(j, one, circles, pinned, barred, bars):
            continue
        now = int(before[i] >= 0 and two != before[i]) - np.int64(before[i] >= 0 and one != before[i])
        if not moves:
            now += int(before[j] >= 0 and one != before[j]) - np.int64(before[j] >= 0 and two != before[j])
        if now > 0 and changed + now > changes:
            continue
        gain = _ties(i, two, circle_of, start, other_end, worth) - _ties(i, one, circle_of, start, other_end, worth)
        if not moves:
            gain += _ties(j, one, circle_of, start, other_end, worth) - _ties(j, two, circle_of, start, other_end, worth)
            for row in range(start[i], start[i + 1]):
                if other_end[row] == j:  # a swap keeps these two apart, as before
                    gain -= 2 * worth[row]
        seat_i = seat_j = -1
        size_1 = size_2 = 0
        for seat in range(sizes[one]):
            if members[one, seat] == i:
                seat_i = seat
            else:
                trial_1[size_1] = members[one, seat]
                size_1 += 1
        for seat in range(sizes[two]):
            if members[two, seat] == j and not moves:
                seat_j = seat
            else:
                trial_2[size_2] = members[two, seat]
                size_2 += 1
        trial_2[size_2] = i
        size_2 += 1
        if not moves:
            trial_1[size_1] = j
            size_1 += 1
        value_1, value_2 = _rules(trial_1, size_1, crowd, weights, count), _rules(trial_2, size_2, crowd, weights, count)
        gain += int(value_1 + value_2 - value[one] - value[two])
        if gain < -(heat * (proposals - 1 - step)) // proposals or (now > 0 and gain <= 0):
            continue
        score += gain
        changed += int(now)
        value[one], value[two] = value_1, value_2
        sizes[one], sizes[two] = size_1, size_2
        circle_of[i] = two
        if moves:
            members[one, seat_i] = members[one, size_1]
            members[two, size_2 - 1] = i
        else:
            circle_of[j] = one
            members[one, seat_i], members[two, seat_j] = j, i
    return circle_of, score
