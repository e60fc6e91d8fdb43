"""Nominations, and seeds where ties are missing."""

import numpy as np
import pytest

import tenfold as tf
from tenfold.seeds.nomination import nominate
from tenfold.seeds.robustness import add_random_ties, missing_ties


def test_nominations_are_different_people_and_only_those_allowed():
    graph = tf.generators.barabasi_albert(500, 2, seed=1)
    free = np.arange(500) % 2 == 0
    for strategy in ("random", "friend of random", "local leaders", "top degree"):
        found = nominate(graph, 40, strategy=strategy, allowed=free, seed=3)
        assert len(set(found.tolist())) == 40
        assert free[found].all()
        assert (nominate(graph, 40, strategy=strategy, allowed=free, seed=3) == found).all()
        assert len(nominate(graph, 300, strategy=strategy, allowed=free)) == 250
    degree = graph.degree()
    top = nominate(graph, 40, strategy="top degree")
    assert degree[top].min() >= np.sort(degree)[-40]
    leaders = nominate(graph, 5, strategy="local leaders")
    assert all(degree[i] >= degree[graph.other[graph.start[i] : graph.start[i + 1]]].max() for i in leaders)
    with pytest.raises(tf.SpecError, match="strategy is 'fame'; expected one of top degree"):
        nominate(graph, 5, strategy="fame")


def test_friends_have_as_many_ties_as_theory_says():
    """The mean degree of a random friend of a random person is the mean over people of their friends' mean degree."""
    graph = tf.generators.barabasi_albert(2000, 3, seed=2)
    degree = graph.degree()
    means = np.add.reduceat(degree[graph.other], graph.start[:-1]) / degree
    drawn = np.concatenate([degree[nominate(graph, 1, strategy="friend of random", seed=seed)] for seed in range(1500)])
    assert drawn.mean() == pytest.approx(means.mean(), abs=4.5 * drawn.std() / 1500**0.5)
    assert means.mean() > 1.5 * degree.mean()


def test_added_ties_are_the_share_asked_for_and_keep_weights_by_degree():
    graph = tf.generators.erdos_renyi(3000, 6.0, seed=1)
    more = add_random_ties(graph, 0.25, seed=4)
    assert more.arcs == pytest.approx(graph.arcs / 0.75, rel=0.01)
    same = add_random_ties(graph.with_chance_by_degree(), 0.25, seed=4)
    assert np.array_equal(same.weight, more.with_chance_by_degree().weight)
    assert add_random_ties(graph, 0.0).other.tolist() == graph.other.tolist()


def test_seeds_stand_some_missing_ties():
    graph = tf.generators.barabasi_albert(1000, 2, seed=1).with_chance_by_degree()
    model = tf.models.weighted_cascade()
    seeds = tf.choose_seeds(graph, 10, model=model).nodes
    table = missing_ties(graph, seeds, model=model, shares=[0.0, 0.3], networks=2)
    assert table["kept"][0] == pytest.approx(1.0, abs=0.05)
    assert 0.7 < table["kept"][1] < 1.05
    assert (table["random"] < table["reach"]).all()
    with pytest.raises(tf.SpecError, match="shares: one is"):
        missing_ties(graph, seeds, model=model, shares=[1.0])
