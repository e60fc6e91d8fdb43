"""Reverse-reachable sets: the same as the plain twin's on the same draws, and unbiased against all ways in which arcs can be live."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as tf
from oracle_seeds import draw_rr_set, exact_cascade, exact_threshold
from tenfold.kernels.seeds.reverse_reachable import Roots, draw_rr_sets
from tenfold.seeds import triggering
from tenfold.seeds.diffusion import Diffusion
from tenfold.seeds.reverse_reachable import SELECTION, RRCollection, reverse_model, threads
from tenfold.seeds.triggering import triggering_model

NO_TARGETS, ANYBODY = np.zeros(0, np.uint8), np.zeros(0, np.int32)


def sets_of(model, count, seed):
    """The first sets, drawn from all people equally often, as lists."""
    sets, _ = draw_rr_sets(model, Roots(ANYBODY, 0, count), 0, count, 61, seed, NO_TARGETS)
    return [sets.members[sets.begin[k] : sets.begin[k + 1]].tolist() for k in range(count)]


def from_roots(model, roots, seed, targets=NO_TARGETS):
    """A set from each of these roots, and how many hold a target."""
    return draw_rr_sets(model, Roots(roots, 0, 0), 0, len(roots), 61, seed, targets)


@st.composite
def graphs(draw, most_edges=40):
    n = draw(st.integers(1, 12))
    edges = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=most_edges))
    weight = draw(st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.7, 1.0]), min_size=len(edges), max_size=len(edges)))
    one, two = [a for a, _ in edges], [b for _, b in edges]
    return tf.Graph.from_edges(one, two, n, weight=weight, directed=draw(st.booleans()))


def model_of(graph, kind, options):
    """The arcs into each person, by the way in which they are drawn."""
    if kind == "by degree":
        graph, model = graph.with_chance_by_degree(), tf.models.weighted_cascade()
    elif kind == "weights":
        model = tf.models.weighted_cascade()
    elif kind == "one chance":
        model = tf.models.independent_cascade(chance=0.4)
    elif kind == "threshold":
        model = tf.models.linear_threshold()
    else:
        graph, model = graph.simple().with_chance_by_degree(), tf.models.linear_threshold(weighted=True)
    return triggering_model(Diffusion(graph, model, **options))


KINDS = ["by degree", "weights", "one chance", "threshold", "weighted threshold"]


@settings(max_examples=60)
@given(graphs(), st.sampled_from(KINDS), st.integers(0, 2**32 - 1), st.sampled_from([{}, {"steps": 2}, {"capacity": 2}]))
def test_sets_are_those_of_the_twin(graph, kind, seed, options):
    model = model_of(graph, kind, options)
    for number, members in enumerate(sets_of(model, 40, seed)):
        assert members == draw_rr_set(model, 40, 61, number, seed)


def test_large_rows_are_drawn_in_parts_and_long_sets_go_on():
    graph = tf.Graph.from_edges(np.repeat(np.arange(30), 30), np.tile(np.arange(30), 30), 30, directed=True)
    model = triggering_model(Diffusion(graph, tf.models.independent_cascade(chance=0.3)))
    assert model.counts.batch.max() < graph.in_degree().max()
    found = sets_of(model, 300, 5)
    assert max(len(members) for members in found) == 30
    for number, members in enumerate(found):
        assert members == draw_rr_set(model, 300, 61, number, 5)


def test_too_many_kinds_of_rows_are_thinned(monkeypatch):
    graph = tf.Graph.from_edges([0, 1, 2, 3], [4, 4, 5, 6], 7, weight=[0.31, 0.31, 0.77, 0.013], directed=True)
    diffusion = Diffusion(graph, tf.models.weighted_cascade())
    plain = triggering_model(diffusion)
    assert not plain.acceptance.size
    monkeypatch.setattr(triggering, "MOST_TABLES", 1)
    thinned = triggering_model(diffusion)
    assert thinned.acceptance.size
    shares = []
    for model in (plain, thinned):
        sets, _ = from_roots(model, np.full(40_000, 5, np.int32), 1)
        shares.append((np.diff(sets.begin) == 2).mean())
        assert set(sets.members) == {2, 5}
    assert shares == pytest.approx([0.77, 0.77], abs=5 * (0.77 * 0.23 / 40_000) ** 0.5)


def test_a_set_ends_at_a_target():
    graph = tf.generators.erdos_renyi(200, 4.0, seed=1).with_chance_by_degree()
    model, roots = triggering_model(Diffusion(graph, tf.models.weighted_cascade())), Roots(ANYBODY, 0, 3000)
    targets = np.zeros(200, np.uint8)
    targets[[3, 77, 150]] = 2
    held = [bool(targets[members].any()) for members in sets_of(model, 3000, 1)]
    assert 0 < sum(held) < 3000
    assert draw_rr_sets(model, roots, 0, 3000, 61, 1, targets)[1] == sum(held)
    assert draw_rr_sets(model, roots, 1000, 2500, 61, 1, targets)[1] == sum(held[1000:2500])


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


def hits(graph, model, seeds, **options):
    """Share of sets that hold a seed from each root, and the sum over the roots."""
    targets = np.zeros(6, np.uint8)
    targets[seeds] = 2
    roots = np.tile(np.arange(6, dtype=np.int32), DRAWS)
    return from_roots(triggering_model(Diffusion(graph, model, **options)), roots, 11, targets)[1] / DRAWS


DRAWS = 60_000
FAR = 4.5 * (6 * 0.25 / DRAWS) ** 0.5  # a sum of six shares, each with a variance of at most a quarter


@pytest.mark.parametrize("seed", range(4))
def test_sum_over_roots_is_the_exact_reach_of_a_cascade(seed):
    graph = small(seed, 12)
    for options in ({}, {"steps": 1}, {"steps": 2}):
        exact = exact_cascade(6, listed(graph), [0, 3], options.get("steps"))
        assert hits(graph, tf.models.weighted_cascade(), [0, 3], **options) == pytest.approx(exact, abs=FAR)


@pytest.mark.parametrize("seed", range(3))
def test_and_of_one_chance_on_a_graph_that_is_not_directed(seed):
    graph = small(seed, 6, directed=False)
    exact = exact_cascade(6, listed(graph, np.full(graph.arcs, 0.35)), [1])
    assert hits(graph, tf.models.independent_cascade(chance=0.35), [1]) == pytest.approx(exact, abs=FAR)


@pytest.mark.parametrize("seed", range(3))
def test_and_of_weights_on_a_graph_that_is_not_directed(seed):
    graph = small(seed, 6, directed=False).with_chance_by_degree()
    exact = exact_cascade(6, listed(graph), [1, 2])
    assert hits(graph, tf.models.weighted_cascade(), [1, 2]) == pytest.approx(exact, abs=FAR)


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
        assert hits(given_graph, model, [0, 3]) == pytest.approx(exact, abs=FAR)


def test_capacity_is_a_few_of_those_whom_each_can_reach():
    """A star whose centre approaches 2 of 5: chance 2/5 each; and two ways to one person, of which the centre takes one."""
    star = tf.Graph.from_edges([0] * 5, [1, 2, 3, 4, 5], 6, directed=True)
    always = tf.models.independent_cascade(chance=1.0)
    assert hits(star, always, [0], capacity=2) == pytest.approx(1 + 5 * 2 / 5, abs=FAR)
    diamond = tf.Graph.from_edges([0, 0, 1, 2], [1, 2, 3, 3], 6, directed=True)
    assert hits(diamond, always, [0], capacity=1) == pytest.approx(1 + 1 + 1, abs=FAR)  # always one of 1 and 2, and so always 3


def test_the_sets_do_not_depend_on_which_sizes_were_looked_at():
    """What is judged must not decide on what the next choice is made."""
    model = reverse_model(
        Diffusion(tf.generators.erdos_renyi(300, 4.0, seed=1).with_chance_by_degree(), tf.models.weighted_cascade())
    )
    with threads(None) as executor:
        one, two = (RRCollection(model, executor, stream=SELECTION, seed=3) for _ in range(2))
        one.grow(100, 700, 2000)
        two.grow(100)
        two.grow(700, 2000)
    assert one.members.tolist() == two.members.tolist()
    assert one.sizes == two.sizes == [0, 100, 700, 2000]
    roots = np.array([one.members[one.begin[k]] for k in range(700, 2000)])
    assert np.bincount(roots, minlength=300).min() >= 3  # 1,300 sets from 300 people, each equally often
    assert np.bincount(roots, minlength=300).max() <= 6
