"""The objective "worst_group" against all choices, and against the most people."""

from itertools import combinations

import numpy as np
import pytest

import tenfold as tf
from oracle_seeds import exact_shares

IC = tf.models.independent_cascade(chance=0.5)
ARCS = [(0, 1, 0.5), (1, 2, 0.5), (2, 0, 0.5), (3, 4, 0.5), (4, 5, 0.5), (2, 3, 0.5)]
GRAPH = tf.Graph.from_edges([a for a, _, _ in ARCS], [b for _, b, _ in ARCS], 6, directed=True)
GROUPS = {"one": [0, 1, 2], "two": [3, 4, 5]}


def test_worst_group_finds_the_best_of_all_choices():
    for k in (1, 2):
        best = max(min(exact_shares(6, ARCS, nodes, GROUPS).values()) for nodes in combinations(range(6), k))
        found = tf.choose_seeds(GRAPH, k, model=IC, objective="worst_group", groups=GROUPS, delta=1e-6, seed=3)
        own = exact_shares(6, ARCS, found.nodes.tolist(), GROUPS)
        assert min(own.values()) == pytest.approx(best, abs=0.01)
        assert found.worst_low <= min(own.values())
        assert best <= found.worst_high
        for row in found.groups.iter_rows(named=True):
            assert row["low"] <= own[row["group"]] <= row["high"]
            assert row["people"] == 3


def test_worst_group_beats_the_most_people():
    """A large part where seeds reach many, and a small one where they reach few."""
    large = tf.generators.erdos_renyi(400, 6.0, seed=1)
    source = np.repeat(np.arange(400), large.degree())
    once = source < large.other
    ring = np.arange(60)
    a = np.concatenate([source[once], 400 + ring])
    b = np.concatenate([large.other[once], 400 + (ring + 1) % 60])
    graph, groups = tf.Graph.from_edges(a, b, 460), ["large"] * 400 + ["small"] * 60
    model = tf.models.independent_cascade(chance=0.25)
    most = tf.choose_seeds(graph, 8, model=model, seed=1)
    fair = tf.choose_seeds(graph, 8, model=model, objective="worst_group", groups=groups, seed=1)
    shares = [tf.estimate_reach(graph, one.nodes, model=model, groups=groups, draws=20_000).groups for one in (most, fair)]
    assert shares[1]["low"].min() > 1.5 * shares[0]["high"].min()
    assert fair.reach < most.reach
    assert shares[1]["share"].min() == pytest.approx(fair.worst, abs=0.03)
