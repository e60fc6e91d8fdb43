"""The engine against its twin on the same draws, and what must hold for any number of threads, any executor, any batch."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from tenfold.errors import SpecError
from tenfold.networks.generators import erdos_renyi, watts_strogatz
from tenfold.networks.graph import Graph
from tenfold.spread import simulate as module
from tenfold.spread.library import MODELS, si, sir
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Spontaneous, Threshold
from tenfold.spread.simulate import simulate

STATES = ("A", "B", "C")
CHANCES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
PAIRS = st.permutations(STATES).map(lambda states: states[:2])
SPANS = st.sampled_from([{}, {"since": 3}, {"until": 2}, {"since": 2, "until": 4}])


@st.composite
def rules(draw):
    (source, target), span = draw(PAIRS), draw(SPANS)
    kind = draw(st.sampled_from(["spontaneous", "contact", "weight", "fraction", "count"]))
    via = draw(st.sampled_from(STATES))
    if kind == "spontaneous":
        return Spontaneous(source, target, chance=draw(CHANCES), **span)
    if kind in ("contact", "weight"):
        return Contact(source, target, via=via, chance="weight" if kind == "weight" else draw(CHANCES), **span)
    amount = (
        {"fraction": draw(st.sampled_from([0.0, 0.18, 0.5, 1.0]))} if kind == "fraction" else {"count": draw(st.integers(1, 3))}
    )
    return Threshold(source, target, via=via, **amount, **span)


@settings(max_examples=250, deadline=None)
@given(
    rules=st.lists(rules(), min_size=1, max_size=5),
    n=st.integers(2, 12),
    directed=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_every_rule_equals_its_twin(rules, n, directed, seed, data):
    model = Model(STATES, tuple(rules))
    ends = st.integers(0, n - 1)
    edges = data.draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=30))
    weights = [data.draw(CHANCES) for _ in edges]
    state = [data.draw(st.integers(0, 2)) for _ in range(n)]
    a, b = zip(*edges, strict=True)
    graph = Graph.from_edges(a, b, n, weight=weights, directed=directed)
    start = {name: [i for i in range(n) if state[i] == k] for k, name in enumerate(STATES)}
    result = simulate(model, graph, steps=7, start=start, replicates=3, seed=seed, keep=["final", "first_time"])
    for replicate in range(3):
        history = oracle.spread(model, edges, n, directed, state, 7, seed, replicate, weights)
        assert result.counts[replicate].tolist() == [[row.count(k) for k in range(3)] for row in history]
        assert result.final[replicate].tolist() == history[-1]
        for k in range(3):
            for i in range(n):
                seen = [step for step, row in enumerate(history) if row[i] == k]
                assert result.first_time[replicate, k, i] == (seen[0] if seen else -1)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return erdos_renyi(3000, 8.0, seed=4)


@pytest.mark.parametrize("name", MODELS)
def test_one_run_shared_by_threads_equals_one_of_many(name, graph, monkeypatch):
    model = MODELS[name]()
    weighted = Graph(graph.start, graph.other, np.full(graph.arcs, 0.05)) if name == "weighted_cascade" else graph
    start = {model.states[1]: 0.02} | ({model.states[2]: 0.02} if name == "competing" else {})
    many = simulate(model, weighted, steps=25, start=start, replicates=4, seed=9, keep=["final"])
    monkeypatch.setattr(module, "LARGE", 1)
    for workers in (2, 5):
        monkeypatch.setattr(module.os, "cpu_count", lambda workers=workers: workers)
        alone = simulate(model, weighted, steps=25, start=start, replicates=1, seed=9, keep=["final"])
        assert (alone.counts[0] == many.counts[0]).all()
        assert (alone.final[0] == many.final[0]).all()
    assert (many.counts.sum(axis=2) == graph.n).all()
    assert (many.counts[:, -1] != many.counts[:, 0]).any()


@pytest.mark.parametrize("pool", [lambda: ThreadPoolExecutor(1), lambda: ThreadPoolExecutor(5), lambda: ProcessPoolExecutor(2)])
def test_any_executor_gives_the_same(graph, pool):
    expected = simulate(sir(), graph, steps=20, start={"I": 10}, replicates=9, seed=2)
    with pool() as executor:
        found = simulate(sir(), graph, steps=20, start={"I": 10}, replicates=9, seed=2, executor=executor)
    assert (found.counts == expected.counts).all()
    more = simulate(sir(), graph, steps=20, start={"I": 10}, replicates=20, seed=2)
    assert (more.counts[:9] == expected.counts).all()
    assert (more.counts[9:] != expected.counts[0]).any()


def test_a_higher_chance_only_adds_infections_in_si(graph):
    low = simulate(si(chance=0.02), graph, steps=15, start={"I": 5}, replicates=5, seed=3, keep=["first_time"])
    high = simulate(si(chance=0.05), graph, steps=15, start={"I": 5}, replicates=5, seed=3, keep=["first_time"])
    reached = low.first_time[:, 1] >= 0
    assert (high.first_time[:, 1][reached] >= 0).all()
    assert (high.first_time[:, 1][reached] <= low.first_time[:, 1][reached]).all()
    assert (high.counts[:, -1, 1] > low.counts[:, -1, 1]).all()


def test_starts(graph):
    model = MODELS["competing"]()
    result = simulate(model, graph, steps=1, start={"A": 0.1, "B": [1, 2, 3]}, replicates=6, seed=1, keep=["first_time"])
    assert (result.counts[:, 0] == [2697, 300, 3]).all()
    assert (result.first_time[:, 2, 1:4] == 0).all()
    chosen = [set(np.flatnonzero(one == 0)) for one in result.first_time[:, 1]]
    assert len(chosen[0] & chosen[1]) < 100
    assert not any(one & {1, 2, 3} for one in chosen)
    everybody = simulate(si(), graph, steps=1, start={"I": 1.0}, seed=1)
    assert everybody.counts[0, 0].tolist() == [0, 3000]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "steps is 0; expected a whole number of at least 1"),
        ({"replicates": 0}, "replicates is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"clock": "rates"}, "clock is 'rates'"),
        ({"keep": ["everything"]}, "keep names 'everything'"),
        ({"start": {"X": 1}}, "'X' is no state of the model sir; expected some of S, I, R"),
        ({"start": {"I": 1.5}}, "'I' is 1.5; expected a share"),
        ({"start": {"I": 4000}}, "'I' is 4000; expected a whole number from 0 to 3000"),
        ({"start": {"I": 0.6, "R": 0.6}}, "adds up to 3600 people; there are 3000"),
        ({"start": {"I": [3000]}}, "ids of 'I' are out of range; expected whole numbers from 0 to 2999"),
        ({"start": {"I": [1, 1]}}, "named twice"),
        ({"start": {"I": [1], "R": [1]}}, "named twice"),
        ({"start": {"I": "some"}}, "'I' is 'some'"),
        ({"start": [1]}, "start is a list"),
    ],
)
def test_bad_arguments(graph, options, words):
    with pytest.raises(SpecError) as caught:
        simulate(**{"model": sir(), "graph": graph, "steps": 5, "start": {"I": 1}, "seed": 0} | options)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_weights_and_empty_graphs(graph):
    with pytest.raises(SpecError, match="the graph has none"):
        simulate(MODELS["weighted_cascade"](), graph, steps=5, start={"I": 1})
    heavy = Graph.from_edges([0], [1], weight=[2.0])
    with pytest.raises(SpecError, match="weight 2 is no chance"):
        simulate(MODELS["weighted_cascade"](), heavy, steps=5, start={"I": 1})
    with pytest.raises(SpecError, match="has nobody in it"):
        simulate(sir(), Graph.from_edges([], []), steps=5, start={})
    nobody = Graph.from_edges([], [], 5)
    assert simulate(si(), nobody, steps=3, start={"I": 2}, seed=0).counts[0, -1].tolist() == [3, 2]


def test_a_state_that_nobody_can_reach_is_told(graph):
    model = Model(("S", "I", "X"), (Contact("S", "I", via="I", chance=0.1),))
    with pytest.warns(UserWarning, match="nobody can ever be in 'X'"):
        simulate(model, graph, steps=2, start={"I": 1}, seed=0)


def test_provenance_replays_the_run(graph):
    first = simulate(sir(chance=0.07), graph, steps=10, start={"I": 0.01}, replicates=3)
    about = first.provenance
    again = simulate(
        Model.from_dict(about["model"]),
        graph,
        steps=about["steps"],
        start=about["start"],
        replicates=about["replicates"],
        seed=about["seed"],
    )
    assert (again.counts == first.counts).all()


def test_tables(graph):
    result = simulate(sir(), graph, steps=10, start={"I": 0.01}, replicates=7, seed=1)
    table, summary = result.table(), result.summary()
    assert table.columns == ["replicate", "step", "S", "I", "R"]
    assert table.height == 7 * 11
    assert table.row(11 + 4)[2:] == tuple(result.counts[1, 4])
    row = summary.filter(step=10, state="R").row(0, named=True)
    assert row["mean"] == pytest.approx(result.counts[:, 10, 2].mean())
    assert row["low"] <= row["median"] <= row["high"]


def test_a_quiet_network_costs_nearly_nothing():
    """Ten infectious people among 200,000: a step touches them alone, which the list of active people shows."""
    graph = watts_strogatz(200_000, 4, 0.0)
    model = sir(chance=0.0, recovery=0.0)
    rules, world = module._world(model, graph, False)
    module._reset(world)
    from tenfold.kernels import spread

    fixed, drawn = module._start(model, graph, {"I": list(range(10))})
    spread.prepare(rules, world, module._seated(fixed, drawn, 0, 0))
    assert [spread.way_of(rules, world, rule) for rule in range(2)] == [(10, spread.LISTED)] * 2
