"""Plain-Python twins of the kernels and measures: slow, obvious, and written from the definitions, not from the code they check."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations

MASK = 0xFFFFFFFF


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10 with Python's whole numbers."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return tuple(c)


def draw(seed: int, replicate: int, stream: int, step: int, who: int, whom: int) -> int:
    return philox((stream, step, who, whom), (seed & MASK, replicate))[0]


def tie_strength(rows: list[tuple[float, str, str]], half_life: float, at: float) -> dict[tuple[str, str], float]:
    """s = Σ 2^(−(at − t)/h) a pair, rows of (seconds, a, b)."""
    found: dict[tuple[str, str], float] = {}
    for time, a, b in rows:
        if time <= at:
            pair = (min(a, b), max(a, b))
            found[pair] = found.get(pair, 0.0) + 2.0 ** (-(at - time) / half_life)
    return found


def exponential(unit: int, *address: int) -> int:
    return int(-math.log((draw(*address) + 0.5) / 2**32) * unit)


def simulate_cohort(cohort, hazards, schedule, seed: int, replicate: int, *, weeks: int, unit: int) -> list[tuple[int, int, int]]:
    """People kept, bonds of week 0 alive and living bonds, for each week; bonds in sets, sums in dictionaries."""
    n, m = len(cohort.active), len(cohort.a)
    ends = [(int(cohort.a[k]), int(cohort.b[k])) for k in range(m)]
    active = {i for i in range(n) if cohort.active[i]}
    alive = {k for k in range(m) if cohort.alive[k]}
    original = set(alive)
    cumulated = Counter()
    threshold = {("bond", k): exponential(unit, seed, replicate, 1, 0, *ends[k]) for k in alive}
    threshold |= {("person", i): exponential(unit, seed, replicate, 2, 0, i, 0) for i in range(n)}
    age = {k: int(cohort.bond_age[k]) for k in range(m)}
    found = []
    for week in range(weeks + 1):
        together = [k for k in alive if ends[k][0] in active and ends[k][1] in active]
        degree = Counter(end for k in together for end in ends[k])
        found.append((sum(1 for i in active if degree[i]), sum(1 for k in together if k in original), len(together)))
        if week == weeks:
            return found
        tended, contacted = set(), set()
        for row in range(schedule.start[week], schedule.start[week + 1]):
            i, j, k = int(schedule.initiator[row]), int(schedule.recipient[row]), int(schedule.pair[row])
            if i not in active or draw(seed, replicate, 3, week, i, j) >= hazards.adherence:
                continue
            if k not in alive and draw(seed, replicate, 4, week, *ends[k]) >= int(cohort.formation[k]):
                continue
            if j not in active:
                if draw(seed, replicate, 5, week, j, 0) >= hazards.reactivation:
                    continue
                active.add(j)
                cumulated["person", j] = 0
                threshold["person", j] = exponential(unit, seed, replicate, 2, week + 1, j, 0)
            if k not in alive:
                alive.add(k)
                cumulated["bond", k] = age[k] = 0
                threshold["bond", k] = exponential(unit, seed, replicate, 1, week + 1, *ends[k])
            tended.add(k)
            contacted |= {i, j}
        for k in sorted(alive):
            if k not in tended:
                cumulated["bond", k] += int(hazards.bond[min(age[k], len(hazards.bond) - 1)])
                if cumulated["bond", k] >= threshold["bond", k]:
                    alive.discard(k)
                    original.discard(k)
            age[k] += 1
        for i in sorted(active):
            hazard = int(hazards.person[min(int(cohort.person_age[i]) + week, len(hazards.person) - 1)])
            hazard = hazard * int(hazards.degree_ratios[min(degree[i], len(hazards.degree_ratios) - 1)]) // 1024
            if i in contacted:
                hazard = hazard * hazards.contact_ratio // 1024
            cumulated["person", i] += hazard
            if cumulated["person", i] >= threshold["person", i]:
                active.discard(i)
    return found


def circle_score(attributes, ties, weights, circle_of: list[int]) -> int:
    """The score of a partition into circles, by each rule's own words."""
    score = 0
    for circle in set(circle_of):
        who = [i for i, one in enumerate(circle_of) if one == circle]
        for table, weight in ((attributes.languages, weights.language), (attributes.hours, weights.hours)):
            if table.shape[1]:
                score -= weight * (len(who) - max(sum(int(table[i, column]) for i in who) for column in range(table.shape[1])))
        places = Counter(int(attributes.place[i]) for i in who if attributes.place[i] >= 0)
        score += weights.place * sum(count * (count - 1) // 2 for count in places.values())
        languages = Counter(int(attributes.first_language[i]) for i in who)
        if len(who) > 1:
            score -= weights.sole_speaker * sum(1 for language, count in languages.items() if language >= 0 and count == 1)
        score += weights.degree * len({int(attributes.degree[i]) for i in who if attributes.degree[i] >= 0})
        score += weights.can_mentor * (0, 4, 5)[min(2, sum(int(attributes.can_mentor[i]) for i in who))]
        score -= weights.never_included * max(0, sum(int(attributes.never_included[i]) for i in who) - 2)
        score -= weights.size * (len(who) - weights.ideal_size) ** 2
        for i, j in combinations(who, 2):
            rows = range(ties.start[i], ties.start[i + 1])
            score += sum(int(ties.weight[row]) for row in rows if ties.neighbour[row] == j)
    return score


def greedy_matching(order, initiator, recipient, pair, made, received) -> list[bool]:
    """Greedy b-matching."""
    left, space, matched = dict(enumerate(made)), dict(enumerate(received)), set()
    chosen = [False] * len(initiator)
    for k in order:
        if left[initiator[k]] > 0 and space[recipient[k]] > 0 and pair[k] not in matched:
            chosen[k] = True
            matched.add(pair[k])
            left[initiator[k]] -= 1
            space[recipient[k]] -= 1
    return chosen


def lazy_greedy_matching(due, candidates, gains, capacities) -> list[int]:
    """The candidate that gains most beside those before, searched anew each time."""
    initiator, recipient, pair = candidates.initiator, candidates.recipient, candidates.pair
    made, received, person = capacities.made.copy(), capacities.received.copy(), gains.person.copy()
    left, chosen = list(due), []
    while left and len(chosen) < capacities.total:
        matched = {pair[j] for j in chosen}
        free = [k for k in left if made[initiator[k]] > 0 and received[recipient[k]] > 0 and pair[k] not in matched]
        if not free:
            break
        one = max(free, key=lambda k: (gains.bond[k] + gains.success[k] * (person[initiator[k]] + person[recipient[k]]), -k))
        chosen.append(one)
        left.remove(one)
        made[initiator[one]] -= 1
        received[recipient[one]] -= 1
        person[initiator[one]] *= gains.repeated
        person[recipient[one]] *= gains.repeated
    return chosen
