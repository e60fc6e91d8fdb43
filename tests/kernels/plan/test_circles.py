"""The search for circles: its score is the one that the rules define, constraints hold, and groups that are there are found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.kernels.plan.circles import Attributes, Constraints, Search, Ties, Weights, search_circles

WEIGHTS = Weights(
    language=1500,
    hours=300,
    place=150,
    sole_speaker=800,
    degree=300,
    can_mentor=600,
    never_included=1200,
    size=400,
    ideal_size=10,
)
Problem = tuple[Attributes, Ties, Constraints]


def make(n: int, seed: int, *, ties: int = 4, groups: int = 0) -> Problem:
    """People with all attributes; with `groups`, ties only inside blocks of n / groups."""
    rng = np.random.default_rng(seed)
    pairs = {}
    for i in range(n):
        for _ in range(ties):
            j = int(rng.integers(0, n)) if not groups else int(i // (n // groups) * (n // groups) + rng.integers(0, n // groups))
            if i != j:
                pairs[min(i, j), max(i, j)] = int(rng.integers(1, 1000)) if not groups else 1000
    ends = np.array([(a, b, w) for (a, b), w in pairs.items()] + [(b, a, w) for (a, b), w in pairs.items()])
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    languages = np.zeros((n, 3), np.uint8)
    languages[np.arange(n), rng.integers(0, 3, n)] = 1
    languages[rng.random(n) < 0.2] = 1
    blank = groups > 0
    attributes = Attributes(
        languages=np.zeros((n, 0), np.uint8) if blank else languages,
        hours=np.zeros((n, 0), np.uint8) if blank else (rng.random((n, 24)) < 0.4).astype(np.uint8),
        place=np.full(n, -1, np.int32) if blank else rng.integers(-1, 5, n).astype(np.int32),
        first_language=np.full(n, -1, np.int32) if blank else rng.integers(-1, 4, n).astype(np.int32),
        degree=np.full(n, -1, np.int32) if blank else rng.integers(-1, 3, n).astype(np.int32),
        can_mentor=np.zeros(n, np.uint8) if blank else (rng.random(n) < 0.2).astype(np.uint8),
        never_included=np.zeros(n, np.uint8) if blank else (rng.random(n) < 0.2).astype(np.uint8),
    )
    rows = Ties(
        start=np.searchsorted(ends[:, 0], np.arange(n + 1)).astype(np.int64),
        neighbour=ends[:, 1].astype(np.int32),
        weight=ends[:, 2].astype(np.int64),
    )
    free = np.full(n, -1, np.int32)
    return attributes, rows, Constraints(free, np.zeros(n, np.uint8), np.zeros(0, np.int64), free, n)


def search(problem: Problem, circles: int, *, sizes: tuple[int, int] = (8, 12), proposals: int = 4000, seed: int = 1):
    attributes, ties, constraints = problem
    n = attributes.place.size
    target = np.full(circles, n // circles, np.int64)
    target[: n % circles] += 1
    start = Search(np.arange(n, dtype=np.int32), target, *sizes, proposals, threshold=500, seed=seed)
    return search_circles(attributes, ties, constraints, WEIGHTS, start)


@settings(max_examples=25, deadline=None)
@given(st.integers(24, 90), st.integers(0, 1000), st.integers(0, 1000))
def test_score_is_what_the_rules_define_and_everybody_has_a_circle(n, make_seed, seed):
    circles = round(n / 10)
    problem = make(n, make_seed)
    low, high = min(8, n // circles), max(12, -(-n // circles))
    circle_of, score = search(problem, circles, sizes=(low, high), seed=seed)
    sizes = np.bincount(circle_of, minlength=circles)
    assert circle_of.min() >= 0
    assert sizes.sum() == n
    assert sizes.min() >= low
    assert sizes.max() <= high
    assert score == oracle.circle_score(*problem[:2], WEIGHTS, circle_of.tolist())


def test_search_improves_on_the_greedy_start():
    problem = make(100, 3)
    assert search(problem, 10, proposals=20_000)[1] > search(problem, 10, proposals=0)[1]


def test_groups_that_are_there_are_found():
    problem = make(120, 5, ties=8, groups=12)
    circle_of, _ = search(problem, 12, proposals=50_000)
    for group in range(12):
        assert len(set(circle_of[group * 10 : group * 10 + 10])) == 1


def test_same_seed_same_circles_and_another_seed_others():
    problem = make(80, 9)
    first, again, other = search(problem, 8, seed=4)[0], search(problem, 8, seed=4)[0], search(problem, 8, seed=5)[0]
    assert (first == again).all()
    assert (first != other).any()


def test_locks_hold():
    attributes, ties, constraints = make(60, 2)
    fixed = constraints.fixed.copy()
    fixed[[3, 17, 42]] = [5, 5, 0]
    restricted = np.zeros(60, np.uint8)
    restricted[7] = 1
    forbidden = np.array([7 * 6 + k for k in (0, 1, 2, 4)], np.int64)
    problem = attributes, ties, constraints._replace(fixed=fixed, restricted=restricted, forbidden=forbidden)
    for seed in range(5):
        circle_of, _ = search(problem, 6, seed=seed, proposals=8000)
        assert circle_of[[3, 17, 42]].tolist() == [5, 5, 0]
        assert circle_of[7] in (3, 5)


@pytest.mark.parametrize("changes", [0, 3, 10])
def test_no_more_changes_than_allowed(changes):
    problem = make(100, 4)
    before = search(problem, 10, proposals=500)[0]
    attributes, ties, constraints = problem
    again, _ = search((attributes, ties, constraints._replace(previous=before, max_moved=changes)), 10, proposals=20_000, seed=8)
    assert (again != before).sum() <= changes
    assert changes == 0 or (again != before).any()
