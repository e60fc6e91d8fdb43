"""Seeds: certificates against exact enumeration, estimates against a forward judge, the same on any number of threads, and
what is wrong named."""

from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tenfold as tf
from oracle_seeds import exact_cascade, exact_threshold
from tenfold.seeds import reach
from tenfold.seeds.bounds import at_least, at_most
from tenfold.seeds.nominate import STRATEGIES, nominate

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
    low, high = [np.array([bound(int(k), 300, 0.05) for k in range(301)]) for bound in (at_least, at_most)]
    assert (low[hits] > chance).mean() <= 0.05
    assert (high[hits] < chance).mean() <= 0.05
    assert (np.diff(low) > 0).all()
    assert (np.diff(high[:-1]) > 0).all()


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


def test_the_same_on_any_number_of_threads():
    graph = tf.generators.barabasi_albert(3000, 3, seed=1).with_chance_by_degree()
    results = []
    for workers in (1, 2, 5):
        with ThreadPoolExecutor(workers) as pool:
            most = tf.choose_seeds(graph, 10, model=WC, seed=4, executor=pool)
            parts = tf.choose_seeds(
                graph, 10, model=WC, objective="worst_group", groups=np.arange(3000) % 3, quality=0.05, executor=pool
            )
            one = tf.estimate_reach(graph, [1, 2], model=WC, draws=5000, executor=pool)
        results.append(
            (most.nodes.tolist(), most.reach, most.low, most.high, most.sets, parts.nodes.tolist(), parts.worst, one.reach)
        )
    assert results[0] == results[1] == results[2]
    assert tf.choose_seeds(graph, 10, model=WC, seed=5).reach != results[0][1]


def test_better_than_nominations():
    """Twenty stars beside a clique that has all the highest degrees: one seed in the clique is enough."""
    clique = [(i, j) for i in range(40) for j in range(i)]
    stars = [(40 + 11 * s, 40 + 11 * s + leaf) for s in range(20) for leaf in range(1, 11)]
    ends = np.array(clique + stars)
    graph, model = tf.Graph.from_edges(ends[:, 0], ends[:, 1]), tf.models.independent_cascade(chance=0.2)
    found = tf.choose_seeds(graph, 10, model=model, seed=1)
    judged = {}
    for name, nodes in {"own": found.nodes, **{one: nominate(graph, 10, strategy=one) for one in STRATEGIES}}.items():
        run = tf.simulate(model, graph, steps=100, start={"I": nodes.tolist()}, replicates=2000, seed=8)
        judged[name] = graph.n - run.counts[:, -1, 0].mean()
    assert judged["own"] > 1.04 * max(judged[one] for one in STRATEGIES)
    assert found.low <= judged["own"] <= found.high
    assert found.compared["method"].to_list() == ["greedy", "top degree", "friend of random", "random"]
    assert found.compared["reach"].arg_max() == 0
    many = [nominate(graph, found.random_equal, strategy="random", seed=seed) for seed in range(40)]
    reached = [tf.estimate_reach(graph, nodes, model=model, draws=2000).reach for nodes in many]
    assert np.mean(reached) == pytest.approx(found.reach, rel=0.05)


def test_the_best_on_fresh_draws_is_returned():
    """With the fewest sets the greedy choice overfits, and the most connected may be better; then they are the choice."""
    graph = tf.generators.barabasi_albert(3000, 4, seed=1).with_chance_by_degree()
    methods = set()
    for seed in range(12):
        found = tf.choose_seeds(graph, 50, model=WC, quality=None, seed=seed)
        best = found.compared.sort("reach", descending=True)
        assert found.method == best["method"][0]
        assert found.reach == pytest.approx(best["reach"][0])
        methods.add(found.method)
    assert "top degree" in methods


def test_required_excluded_and_names():
    frame = pl.DataFrame({"a": ["ana", "ana", "ana", "eva"], "b": ["binh", "chi", "dan", "finn"]})
    graph = tf.Graph.from_table(frame, a="a", b="b")
    model = tf.models.independent_cascade(chance=0.5)
    found = tf.choose_seeds(graph, 2, model=model, required=["chi"], excluded=["ana"])
    assert found.labels.to_list()[0] == "chi"
    assert "ana" not in found.labels.to_list()
    assert found.table()["person"].to_list() == found.labels.to_list()
    alone = tf.choose_seeds(graph, 1, model=model)
    assert alone.labels.to_list() == ["ana"]
    assert alone.backup_labels.to_list() in (["binh"], ["chi"], ["dan"])


def test_costs_and_a_budget():
    graph = tf.Graph.from_edges([0, 0, 0, 0, 5, 5, 8], [1, 2, 3, 4, 6, 7, 9], 10, directed=True)
    model, price = tf.models.independent_cascade(chance=0.9), np.ones(10)
    price[0] = 5.0
    found = tf.choose_seeds(graph, model=model, costs=price, budget=2.0)
    assert sorted(found.nodes.tolist()) == [5, 8]
    assert found.low <= 2.8 + 1.9 <= found.high
    price = np.where(np.arange(10) == 0, 5.0, np.where(np.arange(10) == 8, 1.0, 10.0))
    assert tf.choose_seeds(graph, model=model, costs=price, budget=5.0).nodes.tolist() == [0]  # though 8 gives more for its price


def test_capacity_and_deadline_lower_the_reach():
    graph = tf.generators.barabasi_albert(600, 3, seed=1)
    model = tf.models.independent_cascade(chance=0.15)
    free = tf.choose_seeds(graph, 5, model=model, quality=0.05).reach
    assert tf.choose_seeds(graph, 5, model=model, quality=0.05, capacity=2).reach < 0.7 * free
    assert tf.choose_seeds(graph, 5, model=model, quality=0.05, steps=1).reach < 0.8 * free


def test_long_sets_do_not_fill_the_memory(monkeypatch):
    """Everybody reaches everybody: a few sets do, and what is sure is said."""
    graph = tf.generators.erdos_renyi(3000, 12.0, seed=1)
    model = tf.models.independent_cascade(chance=0.6)
    monkeypatch.setattr(reach, "ROOM", 3_000_000)
    found = tf.choose_seeds(graph, 3, model=model, quality=0.001)
    assert found.sets * 3000 < 3 * 3_000_000
    assert found.low <= found.reach <= found.high
    assert found.high / 3000 == pytest.approx(1.0, abs=0.01)


def test_kept_is_the_anchors():
    chain = tf.Graph.from_edges([0, 1, 2, 3, 4], [1, 2, 3, 4, 5])
    found = tf.choose_seeds(chain, 2, objective="kept", least=2)
    assert (sorted(found.nodes.tolist()), found.reach, found.certified) == ([0, 5], 6.0, True)


RING = tf.Graph.from_edges([0, 1, 2, 3], [1, 2, 3, 0])
IC = tf.models.independent_cascade(chance=0.5)


@pytest.mark.parametrize(
    ("k", "options", "kind", "words"),
    [
        (0, {}, tf.SpecError, "k is 0; expected a whole number from 1 to 4"),
        (5, {}, tf.SpecError, "k is 5; expected a whole number from 1 to 4"),
        (None, {}, tf.SpecError, "k is missing"),
        (1, {"model": None}, tf.SpecError, "model is missing"),
        (1, {"model": "ic"}, tf.SpecError, "model is 'ic'; expected a Model"),
        (1, {"epsilon": 0.0}, tf.SpecError, "epsilon is 0.0; expected a number above 0 and below 1"),
        (1, {"epsilon": 1}, tf.SpecError, "epsilon is 1; expected"),
        (1, {"delta": 1.5}, tf.SpecError, "delta is 1.5; expected a number above 0 and below 1"),
        (1, {"quality": 0}, tf.SpecError, "quality is 0; expected"),
        (1, {"objective": "fame"}, tf.SpecError, "objective is 'fame'; expected one of reach, everyone"),
        (1, {"excluded": [0, 1, 2, 3]}, tf.PlanError, "excluded names everybody"),
        (1, {"excluded": [9]}, tf.SpecError, "excluded: a person is 9; expected a whole number from 0 to 3"),
        (1, {"excluded": ["ana"]}, tf.SpecError, "excluded names 'ana', and the network has no names"),
        (1, {"required": [0], "excluded": [0]}, tf.PlanError, "person 0 is required and excluded"),
        (1, {"required": [0, 1]}, tf.PlanError, "required names 2 people, and k is 1"),
        (1, {"costs": [1, 1]}, tf.SpecError, "costs are given without a budget"),
        (1, {"budget": 1.0}, tf.SpecError, "budget is given without costs"),
        (1, {"costs": [1, 1, 1, 0], "budget": 1.0}, tf.SpecError, "costs: expected a positive number for each of 4 people"),
        (1, {"costs": [2, 2, 2, 2], "budget": 1.0}, tf.PlanError, "budget is 1; the cheapest person costs 2"),
        (1, {"capacity": 0}, tf.SpecError, "capacity is 0; expected a whole number from 1"),
        (1, {"steps": 0}, tf.SpecError, "steps is 0; expected a whole number of at least 1"),
        (1, {"groups": ["a"] * 4}, tf.SpecError, "groups are given for the objective 'reach'"),
        (
            1,
            {"objective": "worst_group", "groups": ["a"]},
            tf.SpecError,
            "groups: has 1 names; expected one for each of 4 people",
        ),
        (1, {"objective": "worst_group", "groups": {"a": [0], "b": []}}, tf.SpecError, "groups: nobody is in 'b'"),
        (1, {"objective": "worst_group", "groups": [None] * 4}, tf.SpecError, "groups: there is none"),
        (None, {"objective": "everyone", "target": 1.5}, tf.SpecError, "target is 1.5; expected a share from 0 to 1"),
        (1, {"objective": "kept"}, tf.SpecError, "least is missing"),
        (1, {"model": WC}, tf.SpecError, "goes by the weights of edges, and the graph has none"),
    ],
)
def test_what_is_wrong_is_named(k, options, kind, words):
    with pytest.raises(kind) as error:
        tf.choose_seeds(RING, k, **({"model": IC} | options))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_weights_have_to_be_chances():
    heavy = tf.Graph.from_edges([0, 1], [1, 2], weight=[1.5, 0.5])
    with pytest.raises(tf.DataError, match=r"a weight is 1.5; as the chance of a contact it is at most 1"):
        tf.choose_seeds(heavy, 1, model=WC)
    with pytest.raises(tf.DataError, match="add up to"):
        tf.choose_seeds(heavy, 1, model=tf.models.linear_threshold(weighted=True))
    with pytest.raises(tf.SpecError, match="seeds: there is none"):
        tf.estimate_reach(RING, [], model=IC)


def test_options_that_mean_nothing_for_anchors_are_refused():
    graph = tf.Graph.from_edges([0, 1], [1, 2], 3)
    for extra in ({"fading": 0.1}, {"steps": 3}, {"capacity": 2}, {"groups": ["a", "a", "b"]}):
        with pytest.raises(tf.SpecError, match="has no meaning for the objective 'kept'; leave it out"):
            tf.choose_seeds(graph, 1, objective="kept", least=1, **extra)


def test_the_sets_do_not_depend_on_which_sizes_were_looked_at():
    """What is judged must not decide on what the next choice is made."""
    from tenfold.seeds.inward import inward
    from tenfold.seeds.pool import SELECTION, Pool, threads

    ask = inward(tf.models.weighted_cascade(), tf.generators.erdos_renyi(300, 4.0, seed=1).with_chance_by_degree())
    with threads(None) as executor:
        one, two = (Pool(ask, executor, stream=SELECTION, seed=3) for _ in range(2))
        one.grow(100, 700, 2000)
        two.grow(100)
        two.grow(700, 2000)
    assert one.people.tolist() == two.people.tolist()
    assert one.ends == two.ends == [0, 100, 700, 2000]
    roots = np.array([one.people[one.begin[k]] for k in range(700, 2000)])
    assert np.bincount(roots, minlength=300).min() >= 3  # 1,300 sets from 300 people, each equally often
    assert np.bincount(roots, minlength=300).max() <= 6


def test_it_says_that_it_is_not_as_good_as_asked(monkeypatch):
    from tenfold.seeds import reach

    monkeypatch.setattr(reach, "ROOM", 4000)
    graph = tf.generators.erdos_renyi(30, 3.0, seed=1)
    found = tf.choose_seeds(
        graph, 3, model=tf.models.independent_cascade(chance=0.1), quality=1e-6, epsilon=0.6, delta=0.4, seed=1
    )
    assert found.certified
    assert found.notes[0].startswith("ended at")
