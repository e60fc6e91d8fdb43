"""The greedy choice on sets: that of a plain twin, its bound, and how much of its worth is luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.kernels.seeds.maximum_coverage import CoverageIndex, GreedyCover, SelectionLimits, greedy_coverage
from tenfold.seeds.maximum_coverage import PARTS, CandidateIndex, optimism
from tenfold.seeds.problem import SeedLimits

NO_PRICE, NOBODY = np.zeros(0), np.zeros(0, np.int32)


@st.composite
def families(draw):
    """Candidates, each in some of the sets."""
    sets, people = draw(st.integers(1, 12)), draw(st.integers(1, 7))
    rows = [draw(st.sets(st.integers(0, sets - 1))) for _ in range(people)]
    return sets, [sorted(row) for row in rows]


def index_of(sets, rows, parts):
    """Where the sets of each candidate lie, part by part."""
    held = [[[number for number in row if number % parts == p] for row in rows] for p in range(parts)]
    sizes = [len(row) for part in held for row in part]
    ends = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    start = np.stack([ends[p * len(rows) : (p + 1) * len(rows) + 1] for p in range(parts)])
    return CoverageIndex(start, np.array([number for part in held for row in part for number in row], np.int32), sets)


def plain_greedy(rows, first, most, price=None, budget=0.0):
    """Who is chosen and what each adds: always the largest gain (for the price) that can be paid, of equal ones the lower number."""
    covered, chosen, won, spent = set(), [], [], 0.0
    while len(chosen) < most:
        gains = [len(set(row) - covered) for row in rows]
        if len(chosen) < len(first):
            best = first[len(chosen)]
        else:
            free = [c for c in range(len(rows)) if c not in chosen and (price is None or spent + price[c] <= budget)]
            if not free:
                break
            best = max(free, key=lambda c: (gains[c] / (1 if price is None else price[c]), -c))
        chosen.append(best)
        won.append(gains[best])
        covered |= set(rows[best])
        spent += 0 if price is None else price[best]
    return chosen, won, [len(set(row) - covered) for row in rows]


def choose(index, limits, outside=0):
    candidates = index.start.shape[1] - 1
    cover = GreedyCover(np.zeros(limits.k, np.int32), np.zeros(limits.k, np.int64), np.zeros(candidates, np.int64))
    count, bound = greedy_coverage(index, limits, outside, cover)
    return cover.chosen[:count].tolist(), cover.gains[:count].tolist(), bound, cover.residual.tolist()


@settings(max_examples=150)
@given(families(), st.integers(1, 3), st.data())
def test_the_choice_is_that_of_plain_greedy(family, parts, data):
    sets, rows = family
    most = data.draw(st.integers(1, len(rows)))
    first = data.draw(st.permutations(range(len(rows))).map(lambda order: order[: data.draw(st.integers(0, most))]))
    limits = SelectionLimits(np.array(first, np.int32), NO_PRICE, 0.0, most)
    chosen, gains, bound, _ = choose(index_of(sets, rows, parts), limits)
    assert (chosen, gains) == plain_greedy(rows, first, most)[:2]
    best = max(_covered(rows, [*first, *more]) for more in _choices(len(rows), first, most))
    assert best <= bound <= sets


def _covered(rows, people):
    return len(set().union(*(rows[c] for c in people)))


def _choices(size, first, most):
    from itertools import combinations

    return combinations([c for c in range(size) if c not in first], most - len(first))


@settings(max_examples=100)
@given(families(), st.data())
def test_with_prices_it_goes_by_gain_for_the_price_and_keeps_what_is_left(family, data):
    sets, rows = family
    price = np.array(data.draw(st.lists(st.sampled_from([0.5, 1.0, 2.0, 4.0]), min_size=len(rows), max_size=len(rows))))
    budget = data.draw(st.sampled_from([1.0, 3.0, 6.5]))
    chosen, gains, _, residual = choose(index_of(sets, rows, 2), SelectionLimits(NOBODY, price, budget, len(rows)))
    assert (chosen, gains, residual) == plain_greedy(rows, [], len(rows), price, budget)


def test_people_beside_the_candidates_count_in_the_bound():
    index, limits = index_of(100, [[0, 1, 2, 3], [0, 1], [4]], 2), SelectionLimits(NOBODY, NO_PRICE, 0.0, 2)
    assert choose(index, limits)[2] == 5
    assert choose(index, limits, outside=3)[2] == 7  # somebody who is not listed may be in three others


def test_optimism_is_what_each_half_sees_in_its_own_choice():
    class Collection:
        def run_jobs(self, jobs):
            return [job() for job in jobs]

    limits = SeedLimits(1, np.zeros(0, np.int64), np.ones(3, bool), NO_PRICE, 0.0)
    rows = [[0, 2, 4, 1], [1, 3, 5, 0, 2], []]  # even sets choose the first, odd ones the second
    index = CandidateIndex(np.arange(3), np.arange(3, dtype=np.int32), index_of(8, rows, PARTS))
    assert optimism(Collection(), limits, index) == pytest.approx((3 + 3) / (2 + 1) - 1)
