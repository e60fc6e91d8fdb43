"""The continuous clock against its twin on the same draws, against the exact law on small networks, and against theory."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from oracle_clock import ClockTwin
from tenfold.errors import SpecError
from tenfold.networks.generators import erdos_renyi
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.spread.library import si, sir
from tenfold.spread.model import Model
from tenfold.spread.rules import Contact, Group, Imitation, Mixing, Move, Spontaneous, Threshold
from tenfold.spread.simulate import simulate

STATES, N = ("A", "B", "C"), 8
RATES = st.sampled_from([0.0, 0.2, 1.0, 5.0])
SPANS = st.sampled_from([{}, {}, {"since": 2}, {"until": 2}, {"since": 2, "until": 3}])


PLAIN = (Spontaneous, Contact, Mixing)


def with_company(rules, span=99):
    """Rules beside whom others sleep, where they are not of the plain kinds: so that kernels are compiled for two cases, not for eight."""
    sleepers = (
        Threshold("A", "B", via="B", fraction=0.5, rate=1.0, since=span, layer="ties"),
        Group("A", "B", via="B", rate=1.0, since=span),
        Imitation("A", "B", via="B", rate=1.0, since=span, layer="ties"),
    )
    return tuple(rules) if all(isinstance(rule, PLAIN) for rule in rules) else (*rules, *sleepers)


@st.composite
def rules(draw):
    source, target = draw(st.permutations(STATES).map(lambda states: states[:2]))
    span, via, rate = draw(SPANS), draw(st.sampled_from(STATES)), draw(RATES)
    kind = draw(st.sampled_from(["spontaneous", "contact", "weight", "threshold", "group", "mixing", "look", "move"]))
    layer = draw(st.sampled_from(["ties", "small"]))
    if kind == "spontaneous":
        return Spontaneous(source, target, rate=rate, **span)
    if kind == "mixing":
        return Mixing(source, target, via=via, rate=rate, **span)
    if kind in ("contact", "weight"):
        return Contact(source, target, via=via, rate="weight" if kind == "weight" else rate, layer=layer, **span)
    if kind == "group":
        return Group(source, target, via=via, least=draw(st.integers(1, 3)), rate=rate, **span)
    if kind == "look":
        return Imitation(source, target, via=via, sample=draw(st.integers(1, 2)), rate=rate, layer=layer, **span)
    if kind == "move":
        people = tuple(draw(st.sets(st.integers(0, N - 1), max_size=4)))
        return Move(source, target, at=draw(st.integers(1, 3)), **draw(st.sampled_from([{"share": 0.4}, {"people": people}])))
    return Threshold(
        source, target, via=via, fraction=draw(st.sampled_from([0.18, 0.5, "random"])), rate=rate, layer=layer, **span
    )


@st.composite
def networks(draw):
    ends, plain, built = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), {}, {}
    for name in ("ties", "small"):
        edges, directed = draw(st.lists(ends, max_size=20)), draw(st.booleans())
        values = [draw(RATES) for _ in edges]
        plain[name] = ("graph", edges, directed, values)
        built[name] = Graph.from_edges([a for a, _ in edges], [b for _, b in edges], N, weight=values, directed=directed)
    lists = draw(st.lists(st.sets(st.integers(0, N - 1), min_size=1, max_size=5), min_size=1, max_size=4))
    plain["circles"], built["circles"] = ("groups", lists), Groups.from_lists([sorted(one) for one in lists], N)
    return plain, built


@settings(max_examples=200)
@given(given_rules=st.lists(rules(), min_size=1, max_size=5), both=networks(), seed=st.integers(0, 2**32 - 1), data=st.data())
def test_every_rule_equals_its_twin(given_rules, both, seed, data):
    model, (plain, built) = Model(STATES, with_company(given_rules)), both
    state = [data.draw(st.sampled_from(STATES)) for _ in range(N)]
    start = {name: [i for i in range(N) if state[i] == name] for name in STATES}
    result = simulate(model, built, steps=4, start=start, replicates=2, seed=seed, keep=["final"], clock="continuous")
    for replicate in range(2):
        history = ClockTwin(model, plain, N, seed, replicate).run(state, 4)
        assert result.counts[replicate].tolist() == [[row.count(name) for name in STATES] for row in history]
        assert [STATES[k] for k in result.final[replicate]] == history[-1]


def law(moves, states: int, n: int, start: tuple[int, ...], time: float) -> np.ndarray:
    """The exact chance of each configuration at a time; `moves(configuration)` gives (person, new state, rate)."""
    size = states**n
    rates = np.zeros((size, size))
    for code in range(size):
        now = tuple(code // states**i % states for i in range(n))
        for i, target, rate in moves(now):
            rates[code, code + (target - now[i]) * states**i] += rate
    np.fill_diagonal(rates, rates.diagonal() - rates.sum(axis=1))
    return expm(rates * time)[sum(state * states**i for i, state in enumerate(start))]


EDGES = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]
NEIGHBOURS = [[b for a, b in EDGES if a == i] + [a for a, b in EDGES if b == i] for i in range(4)]


def contagion(now):
    for i, own in enumerate(now):
        if own == 0:
            yield i, 1, 0.8 * sum(now[j] == 1 for j in NEIGHBOURS[i])
        else:
            yield i, 0, 0.7


def enough(now):
    for i, own in enumerate(now):
        if own == 0 and 2 * sum(now[j] == 1 for j in NEIGHBOURS[i]) >= len(NEIGHBOURS[i]):
            yield i, 1, 1.5
        if own == 1:
            yield i, 0, 0.6


def circles(now):
    for i, own in enumerate(now):
        if own == 0:
            yield i, 1, 0.9 * sum(sum(now[j] == 1 for j in group) >= 2 for group in ((0, 1, 2), (1, 2, 3)) if i in group)
        else:
            yield i, 0, 0.5


def opinions(now):
    for i, own in enumerate(now):
        yield i, 1 - own, 1.2 * sum(now[j] != own for j in NEIGHBOURS[i]) / len(NEIGHBOURS[i])


def mixing(now):
    for i, own in enumerate(now):
        yield (i, 1, 1.1 * sum(now) / 4) if own == 0 else (i, 0, 0.4)


CASES = {
    "contact": (contagion, (Contact("A", "B", via="B", rate=0.8), Spontaneous("B", "A", rate=0.7))),
    "threshold": (enough, (Threshold("A", "B", via="B", fraction=0.5, rate=1.5), Spontaneous("B", "A", rate=0.6))),
    "group": (circles, (Group("A", "B", via="B", least=2, rate=0.9), Spontaneous("B", "A", rate=0.5))),
    "imitation": (opinions, (Imitation("A", "B", via="B", rate=1.2), Imitation("B", "A", via="A", rate=1.2))),
    "mixing": (mixing, (Mixing("A", "B", via="B", rate=1.1), Spontaneous("B", "A", rate=0.4))),
}


@pytest.mark.parametrize("name", CASES)
def test_the_law_is_exact(name):
    """All configurations of four people at time 2 over 40,000 replicates: chi-square below its quantile of 1 − 10⁻⁶."""
    moves, given_rules = CASES[name]
    graph = Graph.from_edges([a for a, _ in EDGES], [b for _, b in EDGES])
    groups = Groups.from_lists([[0, 1, 2], [1, 2, 3]], 4)
    model, replicates = Model(("A", "B"), with_company(given_rules)), 40_000
    result = simulate(
        model,
        {"ties": graph, "circles": groups},
        steps=2,
        start={"B": [0, 1]},
        replicates=replicates,
        seed=3,
        keep=["final"],
        clock="continuous",
    )
    expected = law(moves, 2, 4, (1, 1, 0, 0), 2.0) * replicates
    found = np.bincount(result.final.astype(int) @ 2 ** np.arange(4), minlength=16)
    wide = expected > 5
    chi_square = ((found - expected)[wide] ** 2 / expected[wide]).sum()
    assert found[~wide].sum() <= expected[~wide].sum() + 6 * np.sqrt(expected[~wide].sum() + 1)
    assert chi_square < 58.1  # 15 degrees of freedom, p = 10⁻⁶


@pytest.fixture(scope="module")
def graph() -> Graph:
    return erdos_renyi(2000, 6.0, seed=4)


def test_a_higher_rate_only_adds_infections_in_si(graph):
    low, high = (
        simulate(si(rate=rate), graph, steps=4, start={"I": 5}, replicates=5, seed=3, keep=["final"], clock="continuous").final
        for rate in (0.2, 0.3)
    )
    assert (high >= low).all()
    assert high.sum() > low.sum()


def test_threads_and_number_of_replicates_do_not_show(graph, monkeypatch):
    many = simulate(sir(rate=0.5, recovery_rate=0.4), graph, steps=8, start={"I": 5}, replicates=9, seed=3, clock="continuous")
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    few = simulate(sir(rate=0.5, recovery_rate=0.4), graph, steps=8, start={"I": 5}, replicates=4, seed=3, clock="continuous")
    assert (many.counts[:4] == few.counts).all()
    assert (many.counts.sum(axis=2) == graph.n).all()


def test_recovery_alone_is_exponential():
    """z-scores at eight times, family-wise bound 4."""
    n = 50_000
    result = simulate(sir(rate=0.0, recovery_rate=0.3), erdos_renyi(n, 1.0), steps=8, start={"I": n}, seed=1, clock="continuous")
    expected = np.exp(-0.3 * np.arange(1, 9))
    z = (result.counts[0, 1:, 1] / n - expected) / np.sqrt(expected * (1 - expected) / n)
    assert np.abs(z).max() < 4


def test_chances_and_rates_are_told_apart(graph):
    with pytest.raises(SpecError, match=r"rule 1: has the rate 2.0; expected a chance with clock='steps'"):
        simulate(sir(rate=2.0, recovery_rate=1.0), graph, steps=5, start={"I": 1})
    with pytest.raises(SpecError, match="rule 1: has a chance; expected a rate with clock='continuous'"):
        simulate(sir(), graph, steps=5, start={"I": 1}, clock="continuous")
    with pytest.raises(SpecError, match="steps is 67108864; expected a whole number from 1 to 67108863"):
        simulate(sir(rate=1.0, recovery_rate=1.0), graph, steps=2**26, start={"I": 1}, clock="continuous")
