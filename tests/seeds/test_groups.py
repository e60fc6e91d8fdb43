"""No group left out, any model by simulation, and who cannot be reached."""

from itertools import combinations

import numpy as np
import pytest

import tenfold as tf
from oracle_seeds import exact_cascade

IC = tf.models.independent_cascade(chance=0.5)


def exact_shares(n, arcs, nodes, groups):
    """The expected share reached of each group: reach with and without each of its people is not needed, only that of each person."""
    found = {}
    for group, people in groups.items():
        total = 0.0
        for one in people:  # a person beyond them who is reached by them alone, surely, adds their chance
            total += exact_cascade(n + 1, [*arcs, (one, n, 1.0)], nodes) - exact_cascade(n, arcs, nodes)
        found[group] = total / len(people)
    return found


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


def test_any_other_model_is_simulated_and_says_so():
    """Two stars and a pair: whoever forgets may be reached again. Adopters at the end count."""
    graph = tf.Graph.from_edges([0, 0, 0, 0, 5, 5, 8], [1, 2, 3, 4, 6, 7, 9], 10)
    model = tf.models.sis(chance=0.4, recovery=0.2)
    found = tf.choose_seeds(graph, 2, model=model, steps=6, replicates=300, seed=1)
    assert sorted(found.nodes.tolist()) == [0, 5]
    assert not found.certified
    assert "no guarantee" in found.notes[0]
    assert found.notes[1].endswith("reach counts people in I after 6 steps")
    judge = tf.simulate(model, graph, steps=6, start={"I": [0, 5]}, replicates=20_000, seed=77).counts[:, -1, 1]
    assert found.reach == pytest.approx(judge.mean(), abs=4.5 * judge.std() / 300**0.5)
    estimate = tf.estimate_reach(graph, [0, 5], model=model, steps=6, draws=2000, confidence=0.9999)
    assert estimate.method == "simulation"
    assert estimate.low <= judge.mean() <= estimate.high
    groups = ["a"] * 5 + ["b"] * 5
    fair = tf.choose_seeds(graph, 2, model=model, objective="worst_group", groups=groups, steps=6, replicates=100)
    assert fair.groups["seeds"].to_list() == [1, 1]
    with pytest.raises(
        tf.SpecError,
        match=r"capacity is given, and in the model sis .* gains are simulated; capacity has no simulation, leave it out",
    ):
        tf.choose_seeds(graph, 2, model=model, capacity=3)
    with pytest.raises(tf.SpecError, match="nobody passes anything on"):
        tf.choose_seeds(graph, 2, model=tf.Model(("S", "A"), (tf.Spontaneous("S", "A", chance=0.1),)))
