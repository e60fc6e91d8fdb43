"""Estimates of the reach against forward simulations."""

import numpy as np
import pytest

import tenfold as tf

WC = tf.models.weighted_cascade()


@pytest.mark.parametrize(
    ("model", "weights"),
    [(WC, "degree"), (tf.models.independent_cascade(chance=0.08), None), (tf.models.linear_threshold(), None), (WC, "own")],
    ids=["weighted cascade", "one chance", "linear threshold", "own weights"],
)
def test_the_interval_covers_the_forward_judge(model, weights):
    """40 estimates at 90 %: as many hold the judge's mean as the binomial distribution allows, but for a chance of 1 in 10⁵."""
    graph = tf.generators.watts_strogatz(300, 6, 0.2, seed=2)
    if weights == "degree":
        graph = graph.with_chance_by_degree()
    elif weights == "own":
        luck = np.random.default_rng(5).uniform(0, 0.3, graph.arcs)
        graph = tf.Graph(graph.start, graph.other, luck, graph.directed)
    seeds = [3, 50, 120, 200]
    state = model.states[1]
    judge = tf.simulate(model, graph, steps=300, start={state: seeds}, replicates=10_000, seed=99)
    reached = 300 - judge.counts[:, -1, 0]
    found = [tf.estimate_reach(graph, seeds, model=model, confidence=0.9, draws=3000, seed=seed) for seed in range(40)]
    held = sum(one.low <= reached.mean() <= one.high for one in found)
    assert held >= 26  # binomial(40, .9): 25 or fewer have a chance of 5 in 10⁶; the judge's own error adds a little
    together = np.mean([one.reach for one in found])
    spread = (reached.std() ** 2 / 10_000 + 300**2 * 0.25 / (40 * 3000)) ** 0.5
    assert together == pytest.approx(reached.mean(), abs=4.5 * spread)


def test_seeds_that_are_missing_and_unknown_keywords_are_named():
    ring, model = tf.Graph.from_edges([0, 1, 2, 3], [1, 2, 3, 0]), tf.models.independent_cascade(chance=0.5)
    with pytest.raises(tf.SpecError, match="seeds: there is none"):
        tf.estimate_reach(ring, [], model=model)
    with pytest.raises(tf.SpecError, match=r"estimate_reach takes no 'step'; expected some of steps, .* Did you mean steps"):
        tf.estimate_reach(ring, [0], model=model, step=3)
