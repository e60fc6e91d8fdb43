"""Seeds of any other model, by simulated gains."""

import pytest

import tenfold as tf


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
