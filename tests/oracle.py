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


def threshold(unit: int, *question: int) -> int:
    return int(-math.log((draw(*question) + 0.5) / 2**32) * unit)


def retention(society, schedule, seed: int, replicate: int, weeks: int, unit: int) -> list[tuple[int, int, int]]:
    """People kept, bonds of week 0 alive and living bonds, a week; bonds in sets, sums in dictionaries."""
    n, m = len(society.active), len(society.a)
    ends = [(int(society.a[k]), int(society.b[k])) for k in range(m)]
    active = {i for i in range(n) if society.active[i]}
    alive = {k for k in range(m) if society.alive[k]}
    original = set(alive)
    spent = Counter()
    limit = {("b", k): threshold(unit, seed, replicate, 1, 0, *ends[k]) for k in alive}
    limit |= {("p", i): threshold(unit, seed, replicate, 2, 0, i, 0) for i in range(n)}
    age = {k: int(society.bond_age[k]) for k in range(m)}
    found = []
    for week in range(weeks + 1):
        together = [k for k in alive if ends[k][0] in active and ends[k][1] in active]
        degree = Counter(end for k in together for end in ends[k])
        found.append((sum(1 for i in active if degree[i]), sum(1 for k in together if k in original), len(together)))
        if week == weeks:
            return found
        touched, contacted = set(), set()
        for row in range(schedule.start[week], schedule.start[week + 1]):
            who, whom, k = int(schedule.who[row]), int(schedule.whom[row]), int(schedule.bond[row])
            if who not in active or draw(seed, replicate, 3, week, who, whom) >= society.adherence:
                continue
            if k not in alive and draw(seed, replicate, 4, week, *ends[k]) >= int(society.form[k]):
                continue
            if whom not in active:
                if draw(seed, replicate, 5, week, whom, 0) >= society.back:
                    continue
                active.add(whom)
                spent["p", whom] = 0
                limit["p", whom] = threshold(unit, seed, replicate, 2, week + 1, whom, 0)
            if k not in alive:
                alive.add(k)
                spent["b", k] = age[k] = 0
                limit["b", k] = threshold(unit, seed, replicate, 1, week + 1, *ends[k])
            touched.add(k)
            contacted |= {who, whom}
        for k in sorted(alive):
            if k not in touched:
                spent["b", k] += int(society.bond_hazard[min(age[k], len(society.bond_hazard) - 1)])
                if spent["b", k] >= limit["b", k]:
                    alive.discard(k)
                    original.discard(k)
            age[k] += 1
        for i in sorted(active):
            hazard = int(society.person_hazard[min(int(society.person_age[i]) + week, len(society.person_hazard) - 1)])
            hazard = hazard * int(society.company[min(degree[i], len(society.company) - 1)]) // 1024
            if i in contacted:
                hazard = hazard * society.protection // 1024
            spent["p", i] += hazard
            if spent["p", i] >= limit["p", i]:
                active.discard(i)
    return found


def circle_score(crowd, weights, circle_of: list[int]) -> int:
    """What a partition into circles is worth, by each rule's own words."""
    score = 0
    for circle in set(circle_of):
        who = [i for i, one in enumerate(circle_of) if one == circle]
        for table, weight in ((crowd.languages, weights.language), (crowd.hours, weights.hours)):
            if table.shape[1]:
                score -= weight * (len(who) - max(sum(int(table[i, column]) for i in who) for column in range(table.shape[1])))
        places = Counter(int(crowd.place[i]) for i in who if crowd.place[i] >= 0)
        score += weights.place * sum(count * (count - 1) // 2 for count in places.values())
        kinds = Counter(int(crowd.kind[i]) for i in who)
        if len(who) > 1:
            score -= weights.alone * sum(1 for kind, count in kinds.items() if kind >= 0 and count == 1)
        score += weights.degree * len({int(crowd.degree[i]) for i in who if crowd.degree[i] >= 0})
        score += weights.guide * (0, 4, 5)[min(2, sum(int(crowd.guide[i]) for i in who))]
        score -= weights.strangers * max(0, sum(int(crowd.stranger[i]) for i in who) - 2)
        score -= weights.size * (len(who) - weights.ideal) ** 2
        for i, j in combinations(who, 2):
            rows = range(crowd.start[i], crowd.start[i + 1])
            score += sum(int(crowd.worth[row]) for row in rows if crowd.other[row] == j)
    return score


def choose_contacts(order, who, whom, pair, gives, takes) -> list[bool]:
    """Greedy b-matching."""
    left, room, done = dict(enumerate(gives)), dict(enumerate(takes)), set()
    taken = [False] * len(who)
    for k in order:
        if left[who[k]] > 0 and room[whom[k]] > 0 and pair[k] not in done:
            taken[k] = True
            done.add(pair[k])
            left[who[k]] -= 1
            room[whom[k]] -= 1
    return taken
