"""The contacts of a week: both matchings equal their twins and keep the capacities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.kernels.plan.week import Candidates, Capacities, Gains, greedy_matching, lazy_greedy_matching


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_greedy_equals_its_twin_and_keeps_the_capacities(seed):
    rng = np.random.default_rng(seed)
    n, k = 10, 60
    initiator, step = rng.integers(0, n, k).astype(np.int32), rng.integers(1, n, k)
    recipient = ((initiator + step) % n).astype(np.int32)
    pair = (np.minimum(initiator, recipient) * n + np.maximum(initiator, recipient)).astype(np.int64)
    made, received = rng.integers(0, 4, n).astype(np.int32), rng.integers(0, 4, n).astype(np.int32)
    order = rng.permutation(k)
    candidates = Candidates(initiator, recipient, pair, n * n)
    rows = greedy_matching(order, candidates, Capacities(made, received, k))
    taken = np.zeros(k, bool)
    taken[rows] = True
    assert taken.tolist() == oracle.greedy_matching(order, initiator, recipient, pair, made, received)
    assert rows.tolist() == [one for one in order if taken[one]]
    assert (np.bincount(initiator[taken], minlength=n) <= made).all()
    assert (np.bincount(recipient[taken], minlength=n) <= received).all()
    assert len(set(pair[taken])) == taken.sum()
    for total in (0, 3):
        assert greedy_matching(order, candidates, Capacities(made, received, total)).tolist() == rows[:total].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_the_week_is_filled_with_what_gains_most_beside_the_others(seed):
    rng, n, m = np.random.default_rng(seed), 8, 40
    initiator = rng.integers(0, n, m).astype(np.int32)
    recipient = ((initiator + rng.integers(1, n, m)) % n).astype(np.int32)
    pair = np.minimum(initiator, recipient).astype(np.int64) * n + np.maximum(initiator, recipient)
    gains = Gains(rng.random(m), rng.random(m) / 5, rng.random(n), 0.2)
    made, received = rng.integers(0, 4, n).astype(np.int32), rng.integers(1, 4, n).astype(np.int32)
    due = np.flatnonzero(rng.random(m) < 0.8)
    candidates = Candidates(initiator, recipient, pair, n * n)
    for total in (0, 3, m):
        capacities = Capacities(made, received, total)
        found = lazy_greedy_matching(due, candidates, gains, capacities)
        assert found.tolist() == oracle.lazy_greedy_matching(due, candidates, gains, capacities)
