"""Lapse, taking up again and fading ties in reverse-reachable sets: as the twin draws them, and exact against the chances of all states."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as tf
from oracle_seeds import draw_dual_set, exact_contagion
from tenfold.kernels.seeds.dual_process import draw_dual_sets
from tenfold.kernels.seeds.reverse_reachable import Roots
from tenfold.seeds.diffusion import Diffusion
from tenfold.seeds.dual_process import dual_process
from tenfold.seeds.reverse_reachable import reason_to_simulate

NO_TARGETS, ANYBODY = np.zeros(0, np.uint8), np.zeros(0, np.int32)
DRAWS = 40_000


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 8))
    edges = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=12))
    weight = draw(st.lists(st.sampled_from([0.0, 0.05, 0.1, 0.3]), min_size=len(edges), max_size=len(edges)))
    return tf.Graph.from_edges([a for a, _ in edges], [b for _, b in edges], n, weight=weight, directed=draw(st.booleans()))


@settings(max_examples=60)
@given(
    graphs(),
    st.sampled_from([0.08, "weight"]),
    st.sampled_from([0.0, 0.02]),
    st.sampled_from([None, 0.3]),
    st.integers(1, 4),
    st.integers(0, 2**32 - 1),
)
def test_sets_are_those_of_the_twin(graph, chance, recovery, fading, steps, seed):
    model = tf.models.sis(chance=chance, recovery=recovery)
    dual = dual_process(Diffusion(graph, model, steps, fading=fading))
    sets, _ = draw_dual_sets(dual, Roots(ANYBODY, 0, 30), 0, 30, 61, seed, NO_TARGETS)
    for number in range(30):
        assert sets.members[sets.begin[number] : sets.begin[number + 1]].tolist() == draw_dual_set(dual, 30, 61, number, seed)


def test_targets_are_counted_without_keeping_sets():
    graph, roots = tf.generators.erdos_renyi(100, 3.0, seed=1), Roots(ANYBODY, 0, 2000)
    dual = dual_process(Diffusion(graph, tf.models.sis(chance=0.1, recovery=0.1), steps=5))
    sets, _ = draw_dual_sets(dual, roots, 0, 2000, 61, 1, NO_TARGETS)
    targets = np.zeros(100, np.uint8)
    targets[[3, 50]] = 2
    held = [bool(targets[sets.members[sets.begin[k] : sets.begin[k + 1]]].any()) for k in range(2000)]
    assert 0 < sum(held) < 2000
    assert (np.diff(sets.begin) == 0).any()
    assert draw_dual_sets(dual, roots, 500, 1500, 61, 1, targets)[1] == sum(held[500:1500])


CASES = [
    pytest.param([(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)], True, 4, 0.25, None, id="directed"),
    pytest.param([(0, 1), (1, 2), (2, 3), (1, 3)], False, 4, 0.3, None, id="both ways"),
    pytest.param([(0, 1), (1, 2), (2, 3), (3, 0)], False, 5, 0.0, None, id="without lapse"),
    pytest.param([(0, 1), (1, 2), (2, 3)], False, 3, 0.2, 0.4, id="fading, both arcs one tie"),
    pytest.param([(0, 1), (1, 0), (1, 2)], True, 3, 0.0, 0.35, id="fading, directed"),
]


@pytest.mark.parametrize(("edges", "directed", "steps", "lapse", "fading"), CASES)
def test_sum_over_roots_is_exact(edges, directed, steps, lapse, fading):
    weight = np.random.default_rng(7).uniform(0.05, 0.3, len(edges))
    graph = tf.Graph.from_edges([a for a, _ in edges], [b for _, b in edges], 4, weight=weight, directed=directed)
    rules = [tf.Contact("S", "I", via="I", chance="weight")]
    model = tf.Model(("S", "I"), (*rules, tf.Spontaneous("I", "S", chance=lapse)) if lapse else rules)
    assert not reason_to_simulate(Diffusion(graph, model))
    source = np.repeat(np.arange(4), graph.degree())
    arcs = list(zip(source.tolist(), graph.other.tolist(), graph.weight.tolist(), strict=True))
    exact = exact_contagion(4, arcs, [0], steps, lapse, fading or 0.0, mutual=not directed)
    targets = np.zeros(4, np.uint8)
    targets[0] = 2
    roots = np.tile(np.arange(4, dtype=np.int32), DRAWS)
    dual = dual_process(Diffusion(graph, model, steps, fading=fading))
    found = draw_dual_sets(dual, Roots(roots, 0, 0), 0, len(roots), 61, 11, targets)[1] / DRAWS
    assert found == pytest.approx(exact, abs=4.5 * (4 * 0.25 / DRAWS) ** 0.5)


def test_the_engine_simulates_what_the_sets_say():
    """Forward and backward on 300 people: each within its error."""
    graph = tf.generators.watts_strogatz(300, 6, 0.1, seed=3)
    model = tf.models.sis(chance=0.08, recovery=0.15)
    seeds = [10, 90, 200]
    forward = tf.simulate(model, graph, steps=25, start={"I": seeds}, replicates=4000, seed=1).counts[:, -1, 1]
    backward = tf.estimate_reach(graph, seeds, model=model, steps=25, draws=100_000, seed=1, confidence=0.9999)
    assert backward.method == "sketches"
    wide = 4 * forward.std() / len(forward) ** 0.5
    assert backward.low - wide < forward.mean() < backward.high + wide
    assert backward.high - backward.low < 0.1 * backward.reach


def test_the_choice_is_certified_and_near_the_best_pair():
    edges = [(0, 1), (0, 2), (3, 4), (4, 5), (1, 2)]
    graph = tf.Graph.from_edges([a for a, _ in edges], [b for _, b in edges], 6)
    model = tf.models.sis(chance=0.25, recovery=0.2)
    arcs = [(a, b, 0.25) for a, b in edges] + [(b, a, 0.25) for a, b in edges]
    worth = {(a, b): exact_contagion(6, arcs, [a, b], 3, 0.2) for a in range(6) for b in range(a)}
    found = tf.choose_seeds(graph, 2, model=model, steps=3, delta=1e-6, seed=1)
    mine, best = worth[max(found.nodes), min(found.nodes)], max(worth.values())
    assert found.certified
    assert found.low <= mine
    assert best <= found.high
    assert mine > 0.97 * best


def test_seeds_may_lapse_so_that_few_are_left():
    """With much lapse and no ties the reach is far below the number of seeds, and so say the bounds."""
    graph = tf.Graph.from_edges([], [], 50)
    found = tf.choose_seeds(graph, 10, model=tf.models.sis(chance=0.1, recovery=0.5), steps=3, delta=0.01, quality=0.05, seed=1)
    assert found.low <= 10 * 0.5**3 <= found.high
    alone = tf.estimate_reach(
        graph, [0, 1], model=tf.models.sis(chance=0.1, recovery=0.5), steps=3, groups=["a"] * 25 + ["b"] * 25
    )
    assert alone.low <= 0.25 <= alone.high
    assert alone.groups["share"].to_list() == pytest.approx([0.01, 0.0], abs=0.002)


def test_where_nobody_is_left_it_ends_and_says_so():
    graph = tf.Graph.from_edges([], [], 20)
    model = tf.models.sis(chance=0.1, recovery=0.95)
    found = tf.choose_seeds(graph, 2, model=model, steps=12, quality=0.3, seed=1)
    assert 0 <= found.low <= 2 * 0.05**12 <= found.high
    assert not found.certified
    assert found.notes[0].startswith("ended at")
    fair = tf.choose_seeds(graph, 2, model=model, steps=12, objective="worst_group", groups=["a", "b"] * 10, seed=1)
    assert fair.worst == 0


def test_everyone_with_lapse_names_the_group_that_cannot_be_met():
    graph = tf.generators.erdos_renyi(60, 4.0, seed=2)
    groups = ["a"] * 30 + ["b"] * 30
    model = tf.models.sis(chance=0.05, recovery=0.3)
    with pytest.raises(tf.PlanError, match=r"target 0.9 cannot be met in group 'a': with all allowed people as seeds"):
        tf.choose_seeds(graph, model=model, objective="everyone", groups=groups, target=0.9, steps=10, seed=1)
    found = tf.choose_seeds(
        graph, model=tf.models.si(chance=0.2), objective="everyone", groups=groups, target=0.6, steps=8, seed=1
    )
    assert found.certified
    assert 0 < len(found.nodes) < 20


def test_where_sets_end_gains_are_simulated_and_it_says_why():
    star = tf.Graph.from_edges([0] * 30, list(range(1, 31)), 31)
    model = tf.models.sis(chance=0.1, recovery=0.2)
    found = tf.choose_seeds(star, 1, model=model, steps=4, replicates=50, seed=1)
    assert "chance 0.2 to lapse in a step is more than the chance 0.0424 that nobody brings it to person 0" in found.notes[0]
    assert not found.certified
    assert tf.estimate_reach(star, [0], model=model, steps=4, draws=100, seed=1).method == "simulation"
    with pytest.raises(tf.SpecError, match=r"fading is given, and in the model sis .*; fading has no simulation, leave it out"):
        tf.choose_seeds(star, 1, model=model, steps=4, fading=0.1, seed=1)


def test_options_that_do_not_fit():
    graph = tf.Graph.from_edges([0, 1], [1, 2], 3)
    with pytest.raises(
        tf.SpecError, match="fading is given, and who takes up independent_cascade tries once; expected si or sis"
    ):
        tf.choose_seeds(graph, 1, model=tf.models.independent_cascade(chance=0.1), fading=0.1)
    with pytest.raises(tf.SpecError, match="capacity is given for the model si; expected a cascade or a linear threshold"):
        tf.choose_seeds(graph, 1, model=tf.models.si(chance=0.1), capacity=2)
    with pytest.raises(tf.SpecError, match=r"fading is 1.5; expected a number above 0 and below 1"):
        tf.choose_seeds(graph, 1, model=tf.models.si(chance=0.1), fading=1.5)
    with pytest.raises(tf.SpecError, match="goes by the weights of edges, and the graph has none"):
        tf.choose_seeds(graph, 1, model=tf.models.sis(chance="weight", recovery=0.1))


def test_the_same_on_any_number_of_threads():
    from concurrent.futures import ThreadPoolExecutor

    graph = tf.generators.watts_strogatz(400, 6, 0.1, seed=3)
    found = []
    for threads in (1, 3):
        with ThreadPoolExecutor(threads) as pool:
            seeds = tf.choose_seeds(
                graph,
                4,
                model=tf.models.sis(chance=0.05, recovery=0.1),
                steps=10,
                fading=0.05,
                quality=0.05,
                seed=5,
                executor=pool,
            )
        found.append((seeds.nodes.tolist(), seeds.reach, seeds.low, seeds.high, seeds.sets))
    assert found[0] == found[1]


def test_what_is_counted_is_on_record():
    graph = tf.Graph.from_edges([0, 1], [1, 2], 3)
    model = tf.models.sis(chance=0.1, recovery=0.1)
    found = tf.choose_seeds(graph, 1, model=model, quality=0.1, seed=1)
    assert found.provenance["steps"] == 50
    assert found.notes[-1] == "reach counts people in I after 50 steps"
    assert tf.estimate_reach(graph, [0], model=model, draws=100).provenance["steps"] == 50
    with pytest.raises(tf.SpecError, match="steps is 1000000"):
        tf.choose_seeds(graph, 1, model=model, steps=1_000_000)


def test_a_chance_to_lapse_that_is_a_trait_is_simulated():
    graph = tf.Graph.from_edges([0, 1], [1, 2], 3)
    model = tf.Model(("S", "I"), (tf.Contact("S", "I", via="I", chance=0.1), tf.Spontaneous("I", "S", chance="lapse")))
    assert "neither a cascade" in reason_to_simulate(Diffusion(graph, model))


def test_somebody_is_chosen_where_nobody_who_can_be_paid_is_left():
    graph = tf.Graph.from_edges([], [], 5)
    model = tf.models.sis(chance=0.1, recovery=0.999)
    found = tf.choose_seeds(graph, 2, model=model, steps=30, costs=[3, 1, 2, 3, 3], budget=2, quality=0.3, seed=1)
    assert found.nodes.tolist() == [1]
    assert found.random_equal is None
