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


def simulate_cohort(cohort, effects, schedule, seed: int, replicate: int, *, weeks: int, unit: int) -> list[tuple[int, int, int]]:
    """People in touch, bonds of week 0 in contact and bonds in contact, for each week; people and bonds in sets, sums in dictionaries."""
    n, m = cohort.person.shape[1], len(cohort.a)
    ends = [(int(cohort.a[k]), int(cohort.b[k])) for k in range(m)]
    rows = {int(k): row for row, k in enumerate(cohort.pair)}
    limit = {("bond", k): exponential(unit, seed, replicate, 1, 0, *ends[k]) for k in rows}
    limit |= {("person", i): exponential(unit, seed, replicate, 2, 0, i, 0) for i in range(n)}
    curve = {("bond", k): [int(one) for one in cohort.bond[:, row]] for k, row in rows.items()}
    curve |= {("person", i): [int(one) for one in cohort.person[:, i]] for i in range(n)}
    total = {key: values[0] for key, values in curve.items()}
    again: dict[tuple[str, int], list[int]] = {}  # who came back: cumulated hazard, threshold, weeks since
    ratios = [int(one) for one in effects.degree_ratios]
    original = {k for k in rows if total["bond", k] < limit["bond", k]}
    found = []

    def there(kind: str, one: int) -> bool:
        return (kind, one) in again or total.get((kind, one), 1 << 60) < limit.get((kind, one), 0)

    for week in range(weeks + 1):
        here = {i for i in range(n) if there("person", i)}
        without = {i for i in range(n) if curve["person", i][week] < limit["person", i]}
        together = [k for k in range(m) if there("bond", k) and set(ends[k]) <= here]
        degree = Counter(end for k in together for end in ends[k])
        fewer = [k for k in rows if curve["bond", k][week] < limit["bond", k] and set(ends[k]) <= without]
        degree_without = Counter(end for k in fewer for end in ends[k])
        held = sum(1 for k in together if k in original and total["bond", k] < limit["bond", k])
        found.append((len(here), held, len(together)))
        if week == weeks:
            return found
        tended, contacted = set(), set()
        for row in range(schedule.start[week], schedule.start[week + 1]):
            i, j, k = int(schedule.initiator[row]), int(schedule.recipient[row]), int(schedule.pair[row])
            if i not in here or draw(seed, replicate, 3, week, i, j) >= effects.adherence:
                continue
            alive = there("bond", k)
            if not alive and draw(seed, replicate, 4, week, *ends[k]) >= int(cohort.formation[k]):
                continue
            if j not in here:
                if draw(seed, replicate, 5, week, j, 0) >= effects.reactivation:
                    continue
                here.add(j)
                again["person", j] = [0, exponential(unit, seed, replicate, 2, week + 1, j, 0), 0]
            if not alive:
                again["bond", k] = [0, exponential(unit, seed, replicate, 1, week + 1, *ends[k]), 0]
            tended.add(k)
            contacted |= {i, j}
        for k in rows:
            step = curve["bond", k][week + 1] - curve["bond", k][week]
            if step < 0 or k not in tended:
                total["bond", k] += step
        for i in range(n):
            step = curve["person", i][week + 1] - curve["person", i][week]
            if step > 0:
                more, less = (ratios[min(one[i], len(ratios) - 1)] for one in (degree, degree_without))
                step = step * more // less
                step = step * effects.contact_ratio // 1024 if i in contacted else step
            total["person", i] += step
        for (kind, one), state in list(again.items()):
            after = effects.bond_after if kind == "bond" else effects.person_after
            if kind == "bond":
                step = 0 if one in tended else int(after[state[2]])
            else:
                step = int(after[state[2]]) * ratios[min(degree[one], len(ratios) - 1)] // 1024
                step = step * effects.contact_ratio // 1024 if one in contacted else step
            state[0] += step
            state[2] += 1
            if state[0] >= state[1]:
                del again[kind, one]
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
