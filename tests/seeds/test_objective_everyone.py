"""The objective "everyone": each group reached to the target by few seeds, and who cannot be reached."""

from itertools import combinations

import pytest

import tenfold as tf
from oracle_seeds import exact_shares

IC = tf.models.independent_cascade(chance=0.5)
ARCS = [(0, 1, 0.5), (1, 2, 0.5), (2, 0, 0.5), (3, 4, 0.5), (4, 5, 0.5), (2, 3, 0.5)]
GRAPH = tf.Graph.from_edges([a for a, _, _ in ARCS], [b for _, b, _ in ARCS], 6, directed=True)
GROUPS = {"one": [0, 1, 2], "two": [3, 4, 5]}


def test_everyone_takes_no_more_than_it_must():
    for target in (0.3, 0.55, 0.7):
        found = tf.choose_seeds(GRAPH, model=IC, objective="everyone", groups=GROUPS, target=target, seed=1)
        own = exact_shares(6, ARCS, found.nodes.tolist(), GROUPS)
        assert min(own.values()) >= target
        fewest = next(
            k
            for k in range(1, 7)
            if any(min(exact_shares(6, ARCS, nodes, GROUPS).values()) >= target + 0.05 for nodes in combinations(range(6), k))
        )
        assert len(found.nodes) <= fewest


def test_each_component_gets_a_seed_and_the_unreachable_are_named():
    graph = tf.Graph.from_edges([0, 0, 3, 5], [1, 2, 4, 6], 8)
    found = tf.choose_seeds(graph, model=IC, objective="everyone", target=0.4)
    assert found.groups["seeds"].to_list() == [1, 1, 1, 1]
    assert found.unreachable.height == 0
    few = tf.choose_seeds(graph, 2, model=IC, objective="worst_group", excluded=[7])
    assert few.worst == 0.0
    why = dict(few.unreachable.iter_rows())
    assert why["7"] == "excluded, and nobody leads to them"
    assert set(why.values()) == {"excluded, and nobody leads to them", "no seed is in their part of the network"}
    with pytest.raises(
        tf.PlanError, match=r"cannot be met in group '3': 1 of 1 people cannot be reached by anybody allowed \(7\)"
    ):
        tf.choose_seeds(graph, model=IC, objective="everyone", target=0.4, excluded=[7])
    with pytest.raises(tf.PlanError, match=r"target 0.4 is not met with 2 seeds"):
        tf.choose_seeds(graph, 2, model=IC, objective="everyone", target=0.4)


def test_a_target_that_not_even_all_can_meet():
    line = tf.Graph.from_edges([0, 1, 2], [1, 2, 3], directed=True)
    with pytest.raises(tf.PlanError, match=r"with all allowed people as seeds 0\.\d+ is reached"):
        tf.choose_seeds(line, model=IC, objective="everyone", target=0.9, excluded=[2, 3], groups=[0, 0, 0, 0])
