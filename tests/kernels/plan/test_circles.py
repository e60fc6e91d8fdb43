"""The search for circles: its score is the one that the rules define, locks hold, and it finds what is there to be found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.kernels.plan.circles import Crowd, Weights, build_circles
from tenfold.kernels.plan.contacts import choose_contacts

WEIGHTS = Weights(language=1500, hours=300, place=150, alone=800, degree=300, guide=600, strangers=1200, size=400, ideal=10)


def make(n: int, seed: int, *, ties: int = 4, groups: int = 0) -> Crowd:
    """A crowd with all attributes; with `groups`, ties only inside blocks of n / groups."""
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
    return Crowd(
        start=np.searchsorted(ends[:, 0], np.arange(n + 1)).astype(np.int64),
        other=ends[:, 1].astype(np.int32),
        worth=ends[:, 2].astype(np.int64),
        languages=np.zeros((n, 0), np.uint8) if blank else languages,
        hours=np.zeros((n, 0), np.uint8) if blank else (rng.random((n, 24)) < 0.4).astype(np.uint8),
        place=np.full(n, -1, np.int32) if blank else rng.integers(-1, 5, n).astype(np.int32),
        kind=np.full(n, -1, np.int32) if blank else rng.integers(-1, 4, n).astype(np.int32),
        degree=np.full(n, -1, np.int32) if blank else rng.integers(-1, 3, n).astype(np.int32),
        guide=np.zeros(n, np.uint8) if blank else (rng.random(n) < 0.2).astype(np.uint8),
        stranger=np.zeros(n, np.uint8) if blank else (rng.random(n) < 0.2).astype(np.uint8),
        pinned=np.full(n, -1, np.int32),
        barred=np.zeros(n, np.uint8),
        bars=np.zeros(0, np.int64),
        before=np.full(n, -1, np.int32),
    )


def build(
    crowd: Crowd, circles: int, *, low: int = 8, high: int = 12, changes: int | None = None, proposals: int = 4000, seed: int = 1
):
    n = crowd.place.size
    target = np.full(circles, n // circles, np.int64)
    target[: n % circles] += 1
    order = np.arange(n, dtype=np.int32)
    return build_circles(crowd, WEIGHTS, order, target, low, high, n if changes is None else changes, proposals, 500, seed)


@settings(max_examples=25, deadline=None)
@given(st.integers(24, 90), st.integers(0, 1000), st.integers(0, 1000))
def test_score_is_what_the_rules_define_and_everybody_has_a_circle(n, make_seed, seed):
    circles = round(n / 10)
    crowd = make(n, make_seed)
    low, high = min(8, n // circles), max(12, -(-n // circles))
    circle_of, score = build(crowd, circles, low=low, high=high, seed=seed)
    sizes = np.bincount(circle_of, minlength=circles)
    assert circle_of.min() >= 0
    assert sizes.sum() == n
    assert sizes.min() >= low
    assert sizes.max() <= high
    assert score == oracle.circle_score(crowd, WEIGHTS, circle_of.tolist())


def test_search_improves_on_the_greedy_start():
    crowd = make(100, 3)
    assert build(crowd, 10, proposals=20_000)[1] > build(crowd, 10, proposals=0)[1]


def test_groups_that_are_there_are_found():
    crowd = make(120, 5, ties=8, groups=12)
    circle_of, _ = build(crowd, 12, proposals=50_000)
    for group in range(12):
        assert len(set(circle_of[group * 10 : group * 10 + 10])) == 1


def test_same_seed_same_circles_and_another_seed_others():
    crowd = make(80, 9)
    first, again, other = build(crowd, 8, seed=4)[0], build(crowd, 8, seed=4)[0], build(crowd, 8, seed=5)[0]
    assert (first == again).all()
    assert (first != other).any()


def test_locks_hold():
    crowd = make(60, 2)
    pinned = crowd.pinned.copy()
    pinned[[3, 17, 42]] = [5, 5, 0]
    barred = np.zeros(60, np.uint8)
    barred[7] = 1
    crowd = crowd._replace(pinned=pinned, barred=barred, bars=np.array([7 * 6 + k for k in (0, 1, 2, 4)], np.int64))
    for seed in range(5):
        circle_of, _ = build(crowd, 6, seed=seed, proposals=8000)
        assert circle_of[[3, 17, 42]].tolist() == [5, 5, 0]
        assert circle_of[7] in (3, 5)


@pytest.mark.parametrize("changes", [0, 3, 10])
def test_no_more_changes_than_allowed(changes):
    crowd = make(100, 4)
    before = build(crowd, 10, proposals=500)[0]
    again, _ = build(crowd._replace(before=before), 10, changes=changes, proposals=20_000, seed=8)
    assert (again != before).sum() <= changes
    assert changes == 0 or (again != before).any()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_contacts_equal_their_twin_and_keep_the_limits(seed):
    rng = np.random.default_rng(seed)
    n, k = 10, 60
    who, step = rng.integers(0, n, k).astype(np.int32), rng.integers(1, n, k)
    whom = ((who + step) % n).astype(np.int32)
    pair = (np.minimum(who, whom) * n + np.maximum(who, whom)).astype(np.int64)
    gives, takes = rng.integers(0, 4, n).astype(np.int32), rng.integers(0, 4, n).astype(np.int32)
    order = rng.permutation(k)
    taken = choose_contacts(order, who, whom, pair, gives, takes, n * n)
    assert taken.tolist() == oracle.choose_contacts(order, who, whom, pair, gives, takes)
    assert (np.bincount(who[taken], minlength=n) <= gives).all()
    assert (np.bincount(whom[taken], minlength=n) <= takes).all()
    assert len(set(pair[taken])) == taken.sum()
