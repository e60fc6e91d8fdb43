"""Partition of people into circles by seeded local search: a greedy start, then swaps and moves under threshold accepting.

Dueck, Scheuer 1990, doi:10.1016/0021-9991(90)90201-B. Scores are whole numbers and the threshold falls linearly to zero, so the result
is the same on every machine. The cost of a proposal is that of scoring two circles, whatever the number of people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.jit import jit
from tenfold.kernels.rng import uniform_integer
from tenfold.kernels.streams import MOVE, NEIGHBOUR, PARTNER, PARTNER_KIND, PERSON

__all__ = ["Attributes", "Constraints", "Search", "Ties", "Weights", "search_circles"]

LARGEST = 64  # members of the largest circle that is allowed


class Attributes(NamedTuple):
    """Attributes of people 0..n−1 that count for their circles; −1 is unknown."""

    languages: NDArray[np.uint8]  # (n, languages) 1: speaks it; all 1 where unknown
    hours: NDArray[np.uint8]  # (n, hours of the week) 1: free; all 1 where unknown
    place: NDArray[np.int32]  # (n)
    first_language: NDArray[np.int32]  # (n)
    degree: NDArray[np.int32]  # (n) degree of the person in the community, as on the roster
    can_mentor: NDArray[np.uint8]  # (n)
    never_included: NDArray[np.uint8]  # (n) 1: has no bond with anybody yet


class Ties(NamedTuple):
    """Weighted ties in compressed sparse rows: those of i are rows start[i]..start[i + 1] − 1."""

    start: NDArray[np.int64]  # (n + 1)
    neighbour: NDArray[np.int32]
    weight: NDArray[np.int64]  # won if both are in one circle; negative to keep them apart


class Constraints(NamedTuple):
    """Circles that are fixed or forbidden, and those of the last plan."""

    fixed: NDArray[np.int32]  # (n) the circle that the person must be in, −1: any
    restricted: NDArray[np.uint8]  # (n) 1: some circle is forbidden to the person
    forbidden: NDArray[np.int64]  # person · circles + circle of all that is forbidden, sorted
    previous: NDArray[np.int32]  # (n) circle in the last plan, −1: none
    max_moved: int  # people who may be in another circle than `previous`, at most


class Weights(NamedTuple):
    """Weight of each rule, in thousandths of the weight of a full bond."""

    language: int  # lost for each member who does not speak the circle's main language
    hours: int  # lost for each member who is not free at the circle's best hour
    place: int  # won for each pair of one place (negative: lost)
    sole_speaker: int  # lost for each member whose first language nobody else in the circle has
    degree: int  # won for each degree that is present
    can_mentor: int  # won for the second member who can mentor; four times as much for the first
    never_included: int  # lost for each never included member after the second: the others have to include them
    size: int  # lost for the square of the difference between the size and `ideal_size`
    ideal_size: int


class Search(NamedTuple):
    """How the search starts, and how long it goes on."""

    order: NDArray[np.int32]  # (n) the order in which people without ties are placed
    target: NDArray[np.int64]  # (circles) size of each circle in the greedy start
    smallest: int  # sizes allowed
    largest: int
    proposals: int
    threshold: int  # largest loss of score that is accepted at first
    seed: int


class State(NamedTuple):
    """A partition: the circle of each person (−1: none yet), and the members of each circle in the first `size` columns."""

    circle_of: NDArray[np.int32]  # (n)
    members: NDArray[np.int32]  # (circles, LARGEST)
    size: NDArray[np.int64]  # (circles)


@jit
def attribute_score(
    members: NDArray[np.int32], size: int, attributes: Attributes, weights: Weights, count: NDArray[np.int32]
) -> int:
    """Score of one circle by all rules but its ties; `count` is scratch space, as long as the longest row of a table."""
    score = 0
    for table, weight in ((attributes.languages, weights.language), (attributes.hours, weights.hours)):
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
    mentors = never_included = 0
    for seat in range(size):
        i = members[seat]
        mentors += attributes.can_mentor[i]
        never_included += attributes.never_included[i]
        same_language = same_place = 0
        first_of_degree = attributes.degree[i] >= 0
        for other_seat in range(size):
            j = members[other_seat]
            if other_seat == seat:
                continue
            same_language += attributes.first_language[j] == attributes.first_language[i]
            if other_seat < seat:
                same_place += attributes.place[j] >= 0 and attributes.place[j] == attributes.place[i]
                first_of_degree = first_of_degree and attributes.degree[j] != attributes.degree[i]
        score += weights.place * same_place
        if size > 1 and attributes.first_language[i] >= 0 and same_language == 0:
            score -= weights.sole_speaker
        if first_of_degree:
            score += weights.degree
    score += weights.can_mentor * (4 * min(mentors, 1) + min(max(mentors - 1, 0), 1))
    score -= weights.never_included * max(never_included - 2, 0)
    return score - weights.size * (size - weights.ideal_size) ** 2


@jit
def tie_weight(i: int, circle: int, circle_of: NDArray[np.int32], ties: Ties) -> int:
    """Sum of the weights of the ties of i with one circle."""
    total = 0
    for row in range(ties.start[i], ties.start[i + 1]):
        if circle_of[ties.neighbour[row]] == circle:
            total += ties.weight[row]
    return total


@jit
def is_allowed(i: int, circle: int, circles: int, constraints: Constraints) -> bool:
    """Whether person i may be in the circle; binary search in `forbidden`."""
    if constraints.fixed[i] >= 0:
        return bool(constraints.fixed[i] == circle)
    if not constraints.restricted[i]:
        return True
    forbidden = constraints.forbidden
    wanted, low, high = i * circles + circle, 0, forbidden.size
    while low < high:
        middle = (low + high) >> 1
        if forbidden[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return bool(low == forbidden.size or forbidden[low] != wanted)


@jit
def place(i: int, circle: int, state: State) -> None:
    """Add a person who has no circle yet to a circle."""
    state.circle_of[i] = circle
    state.members[circle, state.size[circle]] = i
    state.size[circle] += 1


@jit
def place_constrained(state: State, constraints: Constraints, largest: int) -> None:
    """Place those whose circle is fixed, then those who had one in the last plan."""
    for by_lock in (True, False):
        for i in range(state.circle_of.size):
            circle = constraints.fixed[i] if by_lock else constraints.previous[i]
            if state.circle_of[i] < 0 and circle >= 0 and state.size[circle] < largest:
                if is_allowed(i, circle, state.size.size, constraints):
                    place(i, circle, state)


@jit
def place_greedily(state: State, ties: Ties, constraints: Constraints, search: Search) -> None:
    """Fill one circle after the other: next whoever has the most tie weight with its members, else the next in `search.order`."""
    n, circles = state.circle_of.size, state.size.size
    circle_of, members, size, order = state.circle_of, state.members, state.size, search.order
    attachment = np.zeros(n, np.int64)  # tie weight with the members of this circle
    frontier = np.empty(n, np.int32)
    upcoming = 0
    for circle in range(circles):
        n_frontier = 0
        seat = 0
        while size[circle] < search.target[circle]:
            while seat < size[circle]:
                i = members[circle, seat]
                for row in range(ties.start[i], ties.start[i + 1]):
                    j = ties.neighbour[row]
                    if circle_of[j] < 0:
                        if attachment[j] == 0:
                            frontier[n_frontier] = j
                            n_frontier += 1
                        attachment[j] += ties.weight[row]
                seat += 1
            chosen = -1
            for k in range(n_frontier):
                j = frontier[k]
                better = chosen < 0 or attachment[j] > attachment[chosen] or (attachment[j] == attachment[chosen] and j < chosen)
                if better and circle_of[j] < 0 and attachment[j] > 0 and is_allowed(j, circle, circles, constraints):
                    chosen = j
            if chosen < 0:
                while upcoming < n and circle_of[order[upcoming]] >= 0:
                    upcoming += 1
                k = upcoming
                while k < n and (circle_of[order[k]] >= 0 or not is_allowed(order[k], circle, circles, constraints)):
                    k += 1
                if k == n:
                    break
                chosen = order[k]
            place(chosen, circle, state)
        for k in range(n_frontier):
            attachment[frontier[k]] = 0


@jit
def place_rest(state: State, constraints: Constraints, largest: int) -> None:
    """Place those to whom the circles with space were forbidden: each into the smallest circle that is allowed."""
    circles = state.size.size
    for i in range(state.circle_of.size):
        if state.circle_of[i] >= 0:
            continue
        best = -1
        for circle in range(circles):
            smaller = best < 0 or state.size[circle] < state.size[best]
            if smaller and state.size[circle] < largest and is_allowed(i, circle, circles, constraints):
                best = circle
        if best >= 0:
            place(i, best, state)


@jit
def search_circles(
    attributes: Attributes, ties: Ties, constraints: Constraints, weights: Weights, search: Search
) -> tuple[NDArray[np.int32], int]:
    """The circle of each person (n) (−1: the constraints allow none), and the score of the partition.

    A proposal swaps two people, or moves one. It is accepted if it loses no more than the threshold of its step. A person leaves the
    circle of the last plan only if that raises the score, and while no more than `max_moved` have done so.
    """
    n, circles = search.order.size, search.target.size
    start, neighbour, previous = ties.start, ties.neighbour, constraints.previous
    proposals, seed = search.proposals, search.seed
    circle_of = np.empty(n, np.int32)
    for i in range(n):
        circle_of[i] = -1
    members, size = np.zeros((circles, LARGEST), np.int32), np.zeros(circles, np.int64)
    state = State(circle_of, members, size)
    place_constrained(state, constraints, search.largest)
    place_greedily(state, ties, constraints, search)
    place_rest(state, constraints, search.largest)
    value = np.zeros(circles, np.int64)  # attribute score of each circle
    count = np.empty(max(attributes.languages.shape[1], attributes.hours.shape[1]), np.int32)
    score = 0
    for circle in range(circles):
        value[circle] = attribute_score(members[circle], size[circle], attributes, weights, count)
        score += int(value[circle])
    moved = 0
    for i in range(n):
        moved += previous[i] >= 0 and circle_of[i] != previous[i]
        if circle_of[i] >= 0:
            for row in range(start[i], start[i + 1]):
                if circle_of[neighbour[row]] == circle_of[i] and neighbour[row] > i:
                    score += int(ties.weight[row])
    trial_1, trial_2 = np.empty(LARGEST, np.int32), np.empty(LARGEST, np.int32)
    for step in range(proposals):
        i = uniform_integer(n, seed, 0, PERSON, step, 0, 0)
        degree = start[i + 1] - start[i]
        j = uniform_integer(n, seed, 0, PARTNER, step, 0, 0)
        if degree > 0 and uniform_integer(10, seed, 0, PARTNER_KIND, step, 0, 0) < 8:
            j = int(neighbour[start[i] + uniform_integer(degree, seed, 0, NEIGHBOUR, step, 0, 0)])
            if circle_of[j] >= 0 and circle_of[j] != circle_of[i]:  # i goes to the neighbour's circle, for one of its members
                j = int(members[circle_of[j], uniform_integer(size[circle_of[j]], seed, 0, PARTNER, step, 1, 0)])
        one, two = circle_of[i], circle_of[j]
        if one < 0 or two < 0 or one == two or not is_allowed(i, two, circles, constraints):
            continue
        is_move = (
            size[one] > search.smallest and size[two] < search.largest and uniform_integer(4, seed, 0, MOVE, step, 0, 0) == 0
        )
        if not is_move and not is_allowed(j, one, circles, constraints):
            continue
        more_moved = int(previous[i] >= 0 and two != previous[i]) - np.int64(previous[i] >= 0 and one != previous[i])
        if not is_move:
            more_moved += int(previous[j] >= 0 and one != previous[j]) - np.int64(previous[j] >= 0 and two != previous[j])
        if more_moved > 0 and moved + more_moved > constraints.max_moved:
            continue
        gain = tie_weight(i, two, circle_of, ties) - tie_weight(i, one, circle_of, ties)
        if not is_move:
            gain += tie_weight(j, one, circle_of, ties) - tie_weight(j, two, circle_of, ties)
            for row in range(start[i], start[i + 1]):
                if neighbour[row] == j:  # a swap keeps these two apart, as before
                    gain -= 2 * ties.weight[row]
        seat_i = seat_j = -1
        size_1 = size_2 = 0
        for seat in range(size[one]):
            if members[one, seat] == i:
                seat_i = seat
            else:
                trial_1[size_1] = members[one, seat]
                size_1 += 1
        for seat in range(size[two]):
            if members[two, seat] == j and not is_move:
                seat_j = seat
            else:
                trial_2[size_2] = members[two, seat]
                size_2 += 1
        trial_2[size_2] = i
        size_2 += 1
        if not is_move:
            trial_1[size_1] = j
            size_1 += 1
        value_1 = attribute_score(trial_1, size_1, attributes, weights, count)
        value_2 = attribute_score(trial_2, size_2, attributes, weights, count)
        gain += int(value_1 + value_2 - value[one] - value[two])
        if gain < -(search.threshold * (proposals - 1 - step)) // proposals or (more_moved > 0 and gain <= 0):
            continue
        score += gain
        moved += int(more_moved)
        value[one], value[two] = value_1, value_2
        size[one], size[two] = size_1, size_2
        circle_of[i] = two
        if is_move:
            members[one, seat_i] = members[one, size_1]
            members[two, size_2 - 1] = i
        else:
            circle_of[j] = one
            members[one, seat_i], members[two, seat_j] = j, i
    return circle_of, score
