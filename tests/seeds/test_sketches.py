"""Reverse-reachable sets: the same as the plain twin's on the same draws, and unbiased against all ways in which arcs can be live."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as tf
from oracle_seeds import draw_set, exact_cascade, exact_threshold
from tenfold.kernels.seeds.reverse_reachable import draw_sets
from tenfold.seeds import inward as rows
from tenfold.seeds.inward import inward

NOBODY, ANYBODY = np.zeros(0, np.uint8), np.zeros(0, np.int32)


@st.composite
def graphs(draw, most_edges=40):
    n = draw(st.integers(1, 12))
    edges = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=most_edges))
    weight = draw(st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.7, 1.0]), min_size=len(edges), max_size=len(edges)))
    one, two = [a for a, _ in edges], [b for _, b in edges]
    return tf.Graph.from_edges(one, two, n, weight=weight, directed=draw(st.booleans()))


def asks(graph, kind, options):
    """Arcs into each, by the way in which they are drawn."""
    if kind == "by degree":
        return inward(tf.models.weighted_cascade(), graph.with_chance_by_degree(), **options)
    if kind == "weights":
        return inward(tf.models.weighted_cascade(), graph, **options)
    if kind == "one chance":
        return inward(tf.models.independent_cascade(chance=0.4), graph, **options)
    if kind == "threshold":
        return inward(tf.models.linear_threshold(), graph, **options)
    return inward(tf.models.linear_threshold(weighted=True), graph.simple().with_chance_by_degree(), **options)


@settings(max_examples=60)
@given(
    graphs(), st.sampled_from(["by degree", "weights", "one chance", "threshold", "weighted threshold"]), st.integers(0, 2**32 - 1),
    st.sampled_from([{}, {"steps": 2}, {"capacity": 2}]),
)  # fmt: skip
def test_sets_are_those_of_the_twin(graph, kind, seed, options):
    ask = asks(graph, kind, options)
    people, begin, _ = draw_sets(ask, ANYBODY, 0, 40, 0, 40, 61, seed, NOBODY)
    for number in range(40):
        assert people[begin[number] : begin[number + 1]].tolist() == draw_set(ask, 40, 61, number, seed)


def test_large_rows_are_drawn_in_parts_and_long_sets_go_on():
    graph = tf.Graph.from_edges(np.repeat(np.arange(30), 30), np.tile(np.arange(30), 30), 30, directed=True)
    ask = inward(tf.models.independent_cascade(chance=0.3), graph)
    assert ask.size.max() < graph.in_degree().max()
    people, begin, _ = draw_sets(ask, ANYBODY, 0, 300, 0, 300, 61, 5, NOBODY)
    assert np.diff(begin).max() == 30
    for number in range(300):
        assert people[begin[number] : begin[number + 1]].tolist() == draw_set(ask, 300, 61, number, 5)


def test_too_many_kinds_of_rows_are_thinned(monkeypatch):
    graph = tf.Graph.from_edges([0, 1, 2, 3], [4, 4, 5, 6], 7, weight=[0.31, 0.31, 0.77, 0.013], directed=True)
    model, plain = tf.models.weighted_cascade(), inward(tf.models.weighted_cascade(), graph)
    assert not plain.keep.size
    monkeypatch.setattr(rows, "MANY", 1)
    thinned = inward(model, graph)
    assert thinned.keep.size
    shares = []
    for ask in (plain, thinned):
        people, begin, _ = draw_sets(ask, np.full(40_000, 5, np.int32), 0, 0, 0, 40_000, 61, 1, NOBODY)
        shares.append((np.diff(begin) == 2).mean())
        assert set(people) == {2, 5}
    assert shares == pytest.approx([0.77, 0.77], abs=5 * (0.77 * 0.23 / 40_000) ** 0.5)


def test_a_set_ends_at_whom_it_wants():
    graph = tf.generators.erdos_renyi(200, 4.0, seed=1).with_chance_by_degree()
    ask = inward(tf.models.weighted_cascade(), graph)
    wanted = np.zeros(200, np.uint8)
    wanted[[3, 77, 150]] = 2
    people, begin, _ = draw_sets(ask, ANYBODY, 0, 3000, 0, 3000, 61, 1, NOBODY)
    held = [bool(wanted[people[begin[k] : begin[k + 1]]].any()) for k in range(3000)]
    assert 0 < sum(held) < 3000
    assert draw_sets(ask, ANYBODY, 0, 3000, 0, 3000, 61, 1, wanted)[2] == sum(held)
    assert draw_sets(ask, ANYBODY, 0, 3000, 1000, 2500, 61, 1, wanted)[2] == sum(held[1000:2500])


def small(seed, arcs, directed=True, top=0.9):
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 6, (arcs, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    weight = rng.uniform(0.1, top, len(ends))
    return tf.Graph.from_edges(ends[:, 0], ends[:, 1], 6, weight=weight, directed=directed)


def listed(graph, weight=None):
    source = np.repeat(np.arange(graph.n), graph.degree())
    weight = graph.weight if weight is None else weight
    return list(zip(source.tolist(), graph.other.tolist(), weight.tolist(), strict=True))


def hits(ask, seeds, draws):
    """Share of sets that are hit from each root, and the sum over the roots."""
    wanted = np.zeros(6, np.uint8)
    wanted[seeds] = 2
    roots = np.tile(np.arange(6, dtype=np.int32), draws)
    return draw_sets(ask, roots, 0, 0, 0, len(roots), 61, 11, wanted)[2] / draws


DRAWS = 60_000
FAR = 4.5 * (6 * 0.25 / DRAWS) ** 0.5  # a sum of six shares, each with a variance of at most a quarter


@pytest.mark.parametrize("seed", range(4))
def test_sum_over_roots_is_the_exact_reach_of_a_cascade(seed):
    graph = small(seed, 12)
    for options in ({}, {"steps": 1}, {"steps": 2}):
        exact = exact_cascade(6, listed(graph), [0, 3], options.get("steps"))
        assert hits(inward(tf.models.weighted_cascade(), graph, **options), [0, 3], DRAWS) == pytest.approx(exact, abs=FAR)


@pytest.mark.parametrize("seed", range(3))
def test_and_of_one_chance_on_a_graph_that_is_not_directed(seed):
    graph = small(seed, 6, directed=False)
    exact = exact_cascade(6, listed(graph, np.full(graph.arcs, 0.35)), [1])
    assert hits(inward(tf.models.independent_cascade(chance=0.35), graph), [1], DRAWS) == pytest.approx(exact, abs=FAR)


@pytest.mark.parametrize("seed", range(3))
def test_and_of_weights_on_a_graph_that_is_not_directed(seed):
    graph = small(seed, 6, directed=False).with_chance_by_degree()
    exact = exact_cascade(6, listed(graph), [1, 2])
    assert hits(inward(tf.models.weighted_cascade(), graph), [1, 2], DRAWS) == pytest.approx(exact, abs=FAR)


@pytest.mark.parametrize("seed", range(3))
def test_and_of_linear_thresholds(seed):
    graph = small(seed, 14).simple()
    parts = graph.in_degree()[graph.other]
    for model, weight in (
        (tf.models.linear_threshold(), 1 / parts),
        (tf.models.linear_threshold(weighted=True), graph.weight / parts),
    ):
        given_graph = tf.Graph(graph.start, graph.other, weight, True)
        exact = exact_threshold(6, listed(given_graph), [0, 3])
        assert hits(inward(model, given_graph), [0, 3], DRAWS) == pytest.approx(exact, abs=FAR)


def test_capacity_is_a_few_of_those_whom_each_can_reach():
    """A star whose centre approaches 2 of 5: chance 2/5 each; and two ways to one person, of which the centre takes one."""
    star = tf.Graph.from_edges([0] * 5, [1, 2, 3, 4, 5], 6, directed=True)
    ask = inward(tf.models.independent_cascade(chance=1.0), star, capacity=2)
    assert hits(ask, [0], DRAWS) == pytest.approx(1 + 5 * 2 / 5, abs=FAR)
    diamond = tf.Graph.from_edges([0, 0, 1, 2], [1, 2, 3, 3], 6, directed=True)
    ask = inward(tf.models.independent_cascade(chance=1.0), diamond, capacity=1)
    assert hits(ask, [0], DRAWS) == pytest.approx(1 + 1 + 1, abs=FAR)  # always one of 1 and 2, and so always 3
