"""Certificates against the exact reach of all choices, and bounds of a share at their rate."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as tf
from oracle_seeds import exact_cascade, exact_threshold
from tenfold.seeds.certificate import lower_share, upper_share

WC = tf.models.weighted_cascade()


@st.composite
def worlds(draw):
    """Up to eight arcs among five people, with their chances."""
    ends = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda e: e[0] != e[1]), min_size=1, max_size=8))
    chance = draw(st.lists(st.sampled_from([0.1, 0.5, 0.9, 1.0]), min_size=len(ends), max_size=len(ends)))
    return [(a, b, p) for (a, b), p in zip(ends, chance, strict=True)]


def graph_of(arcs, n=5):
    return tf.Graph.from_edges([a for a, _, _ in arcs], [b for _, b, _ in arcs], n, weight=[p for _, _, p in arcs], directed=True)


@settings(max_examples=80)
@given(worlds(), st.integers(1, 3), st.sampled_from([None, 0.05]), st.integers(0, 2**32 - 1))
def test_the_certificate_never_lies_beyond_its_delta(arcs, k, quality, seed):
    """With delta = 1e-9 it must hold in every example: the seeds reach `low`, and nobody's best more than `high`."""
    graph = graph_of(arcs)
    found = tf.choose_seeds(graph, k, model=WC, delta=1e-9, quality=quality, seed=seed)
    exact = {nodes: exact_cascade(5, arcs, nodes) for nodes in combinations(range(5), k)}
    own = exact[tuple(sorted(found.nodes.tolist()))]
    assert found.low <= own + 1e-9
    assert max(exact.values()) <= found.high + 1e-9
    assert found.certified
    assert own >= (1 - 1 / np.e - 0.1) * max(exact.values())
    assert len(found.nodes) == k
    assert found.gains.sum() == pytest.approx(found.reach)


@settings(max_examples=20)
@given(worlds(), st.integers(0, 2**32 - 1))
def test_and_for_linear_thresholds(arcs, seed):
    graph = graph_of(arcs)
    share = 1 / graph.in_degree()[graph.other]
    source = np.repeat(np.arange(5), graph.degree())
    listed = list(zip(source.tolist(), graph.other.tolist(), share.tolist(), strict=True))
    found = tf.choose_seeds(graph, 2, model=tf.models.linear_threshold(), delta=1e-9, seed=seed)
    best = max(exact_threshold(5, listed, nodes) for nodes in combinations(range(5), 2))
    assert found.low <= exact_threshold(5, listed, found.nodes.tolist()) + 1e-9
    assert best <= found.high + 1e-9


def test_the_certificate_holds_at_its_rate():
    """With delta = .2 and the fewest sets, over 200 seeds: either bound may fail in at most a fifth, but for five standard errors."""
    rng = np.random.default_rng(3)
    arcs = [(int(a), int(b), 0.3) for a, b in rng.integers(0, 6, (11, 2)) if a != b]
    graph = graph_of(arcs, 6)
    exact = {nodes: exact_cascade(6, arcs, nodes) for nodes in combinations(range(6), 2)}
    wrong = 0
    for seed in range(200):
        found = tf.choose_seeds(graph, 2, model=WC, delta=0.2, quality=None, seed=seed)
        wrong += found.low > exact[tuple(sorted(found.nodes.tolist()))] or max(exact.values()) > found.high
    assert wrong / 200 <= 0.2 + 5 * (0.2 * 0.8 / 200) ** 0.5


@pytest.mark.parametrize("chance", [0.02, 0.3, 0.95])
def test_bounds_hold_at_their_rate(chance):
    hits = np.random.default_rng(1).binomial(300, chance, 20_000)
    low, high = [np.array([bound(int(k), 300, 0.05) for k in range(301)]) for bound in (lower_share, upper_share)]
    assert (low[hits] > chance).mean() <= 0.05
    assert (high[hits] < chance).mean() <= 0.05
    assert (np.diff(low) > 0).all()
    assert (np.diff(high[:-1]) > 0).all()
