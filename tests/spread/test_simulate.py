"""The engine against its twin on the same draws, and what must hold for any number of threads, any executor, any batch."""

import json
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle_spread import Twin
from tenfold.errors import BackendError, SpecError
from tenfold.kernels.spread import synchronous
from tenfold.kernels.spread.initial_states import set_initial_states
from tenfold.networks.generators import erdos_renyi, watts_strogatz
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.temporal import Temporal
from tenfold.spread import run as module
from tenfold.spread.arrays import model_arrays, replicate_arrays
from tenfold.spread.initial_states import initial_states
from tenfold.spread.library import MODELS, si, sir
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Imitation, Mixing, Move, Spontaneous, Threshold
from tenfold.spread.simulate import simulate

STATES = ("A", "B", "C")
CHANCES = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
PAIRS = st.permutations(STATES).map(lambda states: states[:2])
SPANS = st.sampled_from([{}, {"since": 3}, {"until": 2}, {"since": 2, "until": 4}])
OWN = st.sampled_from([0.0, 0.1, 0.9, 1.0, "keen"])
N = 10


def with_company(rules):
    """Rules beside whom others sleep, where they are not of the plain kinds: so that kernels are compiled for two cases, not for eight."""
    sleepers = (
        Threshold("A", "B", via="B", fraction=0.5, since=99, layer="ties"),
        Group("A", "B", via="B", since=99),
        Imitation("A", "B", via="B", since=99, layer="ties"),
    )
    plain = all(isinstance(rule, (Spontaneous, Contact, Mixing)) and rule.to_dict().get("layer") != "meetings" for rule in rules)
    plain &= not any(rule.to_dict().get("chance") == "keen" for rule in rules)
    return tuple(rules) if plain else (*rules, *sleepers)


@st.composite
def rules(draw):
    (source, target), span, via = draw(PAIRS), draw(SPANS), draw(st.sampled_from(STATES))
    kind = draw(
        st.sampled_from(["spontaneous", "contact", "weight", "windows", "threshold", "sum", "group", "mixing", "look", "move"])
    )
    layer = draw(st.sampled_from(["ties", "small"]))
    if kind == "spontaneous":
        return Spontaneous(source, target, chance=draw(OWN), **span)
    if kind == "mixing":
        return Mixing(source, target, via=via, chance=draw(CHANCES), **span)
    if kind in ("contact", "weight"):
        return Contact(source, target, via=via, chance="weight" if kind == "weight" else draw(CHANCES), layer=layer, **span)
    if kind == "windows":
        return Contact(source, target, via=via, chance=draw(CHANCES), layer="meetings", **span)
    if kind == "group":
        return Group(source, target, via=via, least=draw(st.integers(1, 3)), chance=draw(CHANCES), **span)
    if kind == "look":
        return Imitation(source, target, via=via, sample=draw(st.integers(1, 2)), chance=draw(OWN), layer=layer, **span)
    if kind == "move":
        people = tuple(draw(st.sets(st.integers(0, N - 1), max_size=4)))
        whom = draw(st.sampled_from([{"share": 0.4}, {"count": 3}, {"people": people}]))
        return Move(source, target, at=draw(st.integers(1, 6)), **whom)
    if kind == "sum":
        fraction = draw(st.sampled_from([0.0, 0.02, 0.1, "random", "keen"]))
        return Threshold(source, target, via=via, fraction=fraction, weighted=True, layer="small", chance=draw(OWN), **span)
    fraction = draw(st.sampled_from([0.0, 0.18, 0.5, 1.0, "random", "keen", None]))
    amount = {"count": draw(st.integers(1, 3))} if fraction is None else {"fraction": fraction}
    return Threshold(source, target, via=via, strict=draw(st.booleans()), layer=layer, chance=draw(OWN), **amount, **span)


@st.composite
def networks(draw):
    """The same networks for the twin and for the engine."""
    ends, plain, built = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), {}, {}
    for name, weights in (("ties", CHANCES), ("small", st.sampled_from([0.0, 0.01, 0.03]))):
        edges, directed = draw(st.lists(ends, max_size=30)), draw(st.booleans())
        values = [draw(weights) for _ in edges]
        plain[name] = ("graph", edges, directed, values)
        a, b = [one for one, _ in edges], [other for _, other in edges]
        built[name] = Graph.from_edges(a, b, N, weight=values, directed=directed)
    lists = draw(st.lists(st.sets(st.integers(0, N - 1), min_size=1, max_size=6), min_size=1, max_size=5))
    plain["circles"], built["circles"] = ("groups", lists), Groups.from_lists([sorted(one) for one in lists], N)
    apart = ends.filter(lambda pair: pair[0] != pair[1])
    windows = draw(st.lists(st.lists(apart, min_size=1, max_size=6), min_size=1, max_size=5))
    directed = draw(st.booleans())
    plain["meetings"] = ("windows", windows, directed)
    contacts = [(10.0 * k + 0.1 * row, a, b) for k, window in enumerate(windows) for row, (a, b) in enumerate(window)]
    time, a, b = zip(*contacts, strict=True)
    built["meetings"] = Temporal.from_contacts(time, a, b, window=10.0, n=N, directed=directed)
    return plain, built


@settings(max_examples=300)
@given(given_rules=st.lists(rules(), min_size=1, max_size=5), both=networks(), seed=st.integers(0, 2**32 - 1), data=st.data())
def test_every_rule_equals_its_twin(given_rules, both, seed, data):
    model, (plain, built) = Model(STATES, with_company(given_rules)), both
    state = [data.draw(st.sampled_from(STATES)) for _ in range(N)]
    keen = [data.draw(st.sampled_from([0.0, 0.3, 0.7, 1.0])) for _ in range(N)]
    start = {name: [i for i in range(N) if state[i] == name] for name in STATES}
    result = simulate(
        model, built, steps=7, start=start, replicates=3, seed=seed, keep=["final", "first_time"], traits={"keen": keen}
    )
    for replicate in range(3):
        history = Twin(model, plain, N, seed, replicate, {"keen": keen}).run(state, 7)
        assert result.counts[replicate].tolist() == [[row.count(name) for name in STATES] for row in history]
        assert [STATES[k] for k in result.final[replicate]] == history[-1]
        for k, name in enumerate(STATES):
            for i in range(N):
                seen = [step for step, row in enumerate(history) if row[i] == name]
                assert result.first_time[replicate, k, i] == (seen[0] if seen else -1)


def test_long_rows_and_large_groups_equal_their_twin():
    """More than 32 arcs or members, so that a row takes several blocks of draws."""
    n, everybody = 80, list(range(80))
    edges = [(0, j) for j in range(1, n)] + [(1, j) for j in range(2, n)]
    weights = [(k % 10) / 9 for k in range(len(edges))]
    plain = {"ties": ("graph", edges, False, weights), "circles": ("groups", [everybody, everybody[10:50]])}
    graph = Graph.from_edges([a for a, _ in edges], [b for _, b in edges], n, weight=weights)
    built = {"ties": graph, "circles": Groups.from_lists([everybody, everybody[10:50]], n)}
    model = Model(
        STATES,
        (
            Contact("A", "B", via="B", chance=0.03),
            Group("B", "C", via="B", least=3, chance=0.1),
            Contact("C", "A", via="B", chance="weight"),
        ),
    )
    state = ["B" if i < 2 else "A" for i in range(n)]
    result = simulate(model, built, steps=9, start={"B": [0, 1]}, replicates=2, seed=5, keep=["final"])
    for replicate in range(2):
        history = Twin(model, plain, n, 5, replicate).run(state, 9)
        assert result.counts[replicate].tolist() == [[row.count(name) for name in STATES] for row in history]
        assert [STATES[k] for k in result.final[replicate]] == history[-1]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return erdos_renyi(3000, 8.0, seed=4)


@pytest.mark.parametrize("name", MODELS)
def test_one_run_shared_by_threads_equals_one_of_many(name, graph, monkeypatch):
    model = MODELS[name]()
    networks = {"graph": graph.with_chance_by_degree(), "groups": Groups.circles(graph.n)}
    start = {"swir": {"I": 0.02}, "competing": {"A": 0.02, "B": 0.02}, "kertesz": {"A": 0.02, "B": 0.1}}
    start = start.get(name, {model.states[1]: 0.3 if name == "attainment" else 0.02})
    many = simulate(model, networks, steps=25, start=start, replicates=4, seed=9, keep=["final"])
    monkeypatch.setattr(module, "LARGE", 1)
    for workers in (2, 5):
        monkeypatch.setattr(os, "cpu_count", lambda workers=workers: workers)
        alone = simulate(model, networks, steps=25, start=start, replicates=1, seed=9, keep=["final"])
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
        ({"steps": 0}, "steps is 0; expected a whole number from 1 to"),
        ({"replicates": 0}, "replicates is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"clock": "rates"}, "clock is 'rates'"),
        ({"keep": ["everything"]}, "keep names 'everything'"),
        ({"start": {"X": 1}}, "'X' is no state of the model sir; expected some of S, I, R"),
        ({"start": {"I": 1.5}}, "'I' is 1.5; expected a share"),
        ({"start": {"I": 4000}}, "'I' is 4000; expected a whole number from 0 to 3000"),
        ({"start": {"I": 0.6, "R": 0.6}}, "adds up to 3600 people; there are 3000"),
        ({"start": {"I": [3000]}}, "'I' names 3000; expected whole numbers from 0 to 2999"),
        ({"start": {"I": [1, 1]}}, "names somebody twice"),
        ({"start": {"I": [1], "R": [1]}}, "named twice"),
        ({"start": {"I": "some"}}, "'I' is 'some'"),
        ({"start": 5}, "start is a int"),
        ({"start": [{"I": 1}, {"I": 2}]}, "has 2 starts for 1 replicates"),
        ({"start": {"S": 5}}, "adds up to 5 people; there are 3000"),
        ({"graph": 0}, "graph, a number of people, is 0"),
        ({"graph": "sfhh"}, "graph is a str"),
        ({"graph": {}}, "have no people"),
        ({"graph": 3000}, "rule 1: a contact rule acts on a graph or network in time; given: none"),
        ({"clock": "continuous"}, "rule 1: has a chance; expected a rate"),
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


def test_weights_that_add_up_to_the_threshold_are_enough():
    graph = Graph.from_edges([0, 1, 2], [3, 3, 3], weight=[0.1, 0.1, 0.1], directed=True)
    for fraction, adopted in ((0.3, 4), (0.3001, 3)):
        model = Model(("S", "A"), (Threshold("S", "A", via="A", fraction=fraction, weighted=True),))
        assert simulate(model, graph, steps=1, start={"A": [0, 1, 2]}, seed=0).counts[0, 1, 1] == adopted


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


def test_xarray_holds_all_that_is_kept(graph):
    result = simulate(sir(), graph, steps=5, start={"I": 0.01}, replicates=3, seed=1, keep=["first_time", "final"])
    found = result.to_xarray()
    assert found["counts"].sel(state="I", step=5).to_numpy().tolist() == result.counts[:, 5, 1].tolist()
    assert (found["final"].to_numpy() == result.final).all()
    assert (found["first_time"].sel(state="R").to_numpy() == result.first_time[:, 2]).all()
    assert json.loads(found.attrs["provenance"])["seed"] == 1


def test_no_other_device(graph):
    with pytest.raises(BackendError, match="device is 'cuda'; this Tenfold runs on 'cpu' alone"):
        simulate(sir(), graph, steps=5, start={"I": 1}, device="cuda")


def test_a_quiet_network_costs_nearly_nothing():
    """Ten infectious people among 200,000: a step is tried on them alone."""
    graph = watts_strogatz(200_000, 4, 0.0)
    model = sir(chance=0.0, recovery=0.0)
    given = model_arrays(model, {"graph": graph}, graph.n, {}, "steps")
    people, networks = replicate_arrays(given, False)
    set_initial_states(given.rules, people, *networks[:3], initial_states(model, graph.n, {"I": list(range(10))}), 0, 0)
    assert [
        synchronous.row_count(given.rules.table, people.list_length, graph.n, networks.extensions, rule, 1) for rule in range(2)
    ] == [10, 10]


def test_a_start_for_each_replicate(graph):
    starts = [{"I": 5}, {"I": [1, 2]}, {"I": 0.1, "R": 7}]
    result = simulate(sir(), graph, steps=4, start=starts, replicates=3, seed=1)
    assert result.counts[:, 0].tolist() == [[2995, 5, 0], [2998, 2, 0], [2693, 300, 7]]
    alone = simulate(sir(), graph, steps=4, start={"I": [1, 2]}, replicates=2, seed=1)
    assert (alone.counts[1] == result.counts[1]).all()


def test_names_of_the_network_may_start():
    frame = pl.DataFrame({"a": ["ana", "binh"], "b": ["binh", "chi"]})
    graph = Graph.from_table(frame, a="a", b="b")
    assert simulate(si(chance=1.0), graph, steps=1, start={"I": ["chi"]}, seed=1).counts[0].tolist() == [[2, 1], [1, 2]]
    with pytest.raises(SpecError, match="names 'dina', who is not in the network"):
        simulate(si(), graph, steps=1, start={"I": ["dina"]})


def flipping(name: str) -> Model:
    """Everybody changes all the time, by chances or by rates."""
    return Model(("A", "B"), (Spontaneous("A", "B", **{name: 0.5}), Spontaneous("B", "A", **{name: 0.5})))


def interrupted(**options):
    """A run that would take minutes, with Ctrl-C in the middle."""
    timer = threading.Timer(0.5, lambda: signal.pthread_kill(threading.main_thread().ident, signal.SIGINT))
    timer.start()
    try:
        return simulate(start={"B": 100}, seed=1, **options)
    finally:
        timer.join()


def test_control_c_keeps_the_steps_of_a_single_run(graph):
    whole = simulate(flipping("chance"), graph, steps=50, start={"B": 100}, seed=1)
    result = interrupted(model=flipping("chance"), graph=graph, steps=5_000_000)
    assert result.provenance["interrupted"]
    assert 50 < result.provenance["steps"] < 5_000_000
    assert result.counts.shape[1] == result.provenance["steps"] + 1
    assert (result.counts[0, :51] == whole.counts[0]).all()
    assert (result.counts.sum(axis=2) == graph.n).all()


def test_control_c_with_nothing_done_is_passed_on(graph):
    with pytest.raises(KeyboardInterrupt):
        interrupted(model=flipping("rate"), graph=graph, steps=1_000_000, clock="continuous")


@pytest.mark.parametrize(("clock", "name"), [("steps", "chance"), ("continuous", "rate")])
def test_control_c_keeps_whole_replicates(graph, clock, name):
    def stop(done):
        raise KeyboardInterrupt

    options = {"steps": 30, "start": {"B": 100}, "replicates": 40, "seed": 1, "clock": clock}
    whole = simulate(flipping(name), graph, **options)
    result = simulate(flipping(name), graph, progress=stop, **options)
    kept = result.provenance["replicates_done"]
    assert 1 <= len(kept) < 40
    assert (result.counts == whole.counts[kept]).all()
