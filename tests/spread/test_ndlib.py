"""NDlib's models as `docs/ndlib.md` writes them: the table is whole, and the models marked as the same agree in distribution.

About a hundred comparisons of two samples (Kolmogorov–Smirnov); each may reject at 10⁻⁵, all of them together at about 10⁻³.
"""

import inspect
import os
import random
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp

import peers
from tenfold.errors import SpecError
from tenfold.networks.generators import erdos_renyi, stochastic_block
from tenfold.networks.graph import Graph
from tenfold.spread.library import (
    MODELS,
    forest_fire,
    general_threshold,
    independent_cascade,
    profile_threshold,
    sair,
    seir,
    seis,
    sird,
    sveir,
)
from tenfold.spread.model import Model
from tenfold.spread.simulate import simulate

N, RUNS, STEPS = 200, 150, 20
DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "ndlib.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in DOCUMENT.splitlines() if line.startswith("| `")]


@pytest.fixture(scope="module")
def ndlib():
    """NDlib's models; in CI they have to be there."""
    if os.environ.get("CI"):
        import_module("ndlib.models.epidemics")
    return pytest.importorskip("ndlib.models.epidemics", reason="the extra 'peers' is not installed")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return erdos_renyi(N, 5.0, seed=11)


@pytest.fixture(scope="module")
def written() -> dict:
    """What the code in the document defines."""
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", DOCUMENT, flags=re.S):
        exec(compile(block, "docs/ndlib.md", "exec"), names)
    return names


def configured(make, graph, *, nodes=None, edges=None, **parameters):
    """One of NDlib's models on a graph, ready to run; nodes by name of a parameter, edges (a, b) as NetworkX has them."""
    from ndlib.models.ModelConfig import Configuration

    made, config = peers.to_networkx(graph), Configuration()
    for name, value in parameters.items():
        config.add_model_parameter(name.rstrip("_"), value)
    for name, values in (nodes or {}).items():
        for node in made:
            config.add_node_configuration(name, node, values[node])
    for name, value in (edges or {}).items():
        for edge in made.edges:
            config.add_edge_configuration(name, edge, value)
    config.add_model_initial_configuration("Infected", [0])
    model = make(made)
    model.set_initial_status(config)
    return model


def theirs(model, states, start, *, runs=RUNS, steps=STEPS) -> np.ndarray:
    """Counts (runs, steps + 1, states) in the order of the names given; start by name: a number drawn anew in each run, or ids."""
    found = np.zeros((runs, steps + 1, len(states)), np.int64)
    for run in range(runs):
        rng = np.random.default_rng(run)
        np.random.seed(run)  # NDlib draws from NumPy's global generator, once from Python's
        random.seed(run)
        free = rng.permutation(len(model.graph.nodes)).tolist()
        model.reset(infected_nodes=[])
        for name, who in start.items():
            for node in [free.pop() for _ in range(who)] if isinstance(who, int) else who:
                model.status[node] = model.available_statuses[name]
        for step in range(steps + 1):
            told = model.iteration(node_status=False)
            count = told["node_count"] if isinstance(told, dict) else model.status_delta(model.status)[1]
            found[run, step] = [count[model.available_statuses[name]] for name in states]
    return found


def agree(mine: np.ndarray, other: np.ndarray, acting: int) -> None:
    """The same distributions: each state in the middle and at the end, and of those who act the most at once and the sum over time."""
    assert mine.shape == other.shape
    middle = mine.shape[1] // 2
    measures = {f"state {k} at {at}": (lambda c, k=k, at=at: c[:, at, k]) for k in range(mine.shape[2]) for at in (middle, -1)}
    measures |= {"peak": lambda c: c[:, :, acting].max(axis=1), "sum": lambda c: c[:, :, acting].sum(axis=1)}
    for name, measure in measures.items():
        found, expected = measure(mine), measure(other)
        assert ks_2samp(found, expected, method="asymp").pvalue > 1e-5, (name, found.mean(), expected.mean())
    assert mine[:, -1, 0].std() > 0


def runs_of(model: Model, graph: Graph, start, **also) -> np.ndarray:
    return simulate(model, graph, steps=STEPS, start=start, replicates=RUNS, seed=1, **also).counts


def test_the_table_has_each_model_of_ndlib(ndlib):
    listed = [row[0].strip("`") for row in ROWS]
    assert listed
    assert sorted(listed) == sorted(ndlib.__all__)


def test_the_table_names_models_and_parameters_that_there_are(written):
    called = [call for row in ROWS for cell in row[1:] for call in re.findall(r"`(\w+)\(([^`]*)\)`", cell)]
    assert len(called) >= len(ROWS) - 4
    for name, given in called:
        make = MODELS.get(name) or written[name]
        allowed = inspect.signature(make).parameters
        assert set(re.findall(r"(\w+)=", given)) <= set(allowed), name
    assert set(re.findall(r"examples/(\w+)\.toml", DOCUMENT)) == {"utldr"}


def test_seir_and_seis(ndlib, graph):
    model = configured(ndlib.SEIRModel, graph, beta=0.15, alpha=0.3, gamma=0.2)
    mine = runs_of(seir(chance=0.15, onset=0.3, recovery=0.2), graph, {"I": 8})
    agree(mine, theirs(model, ["Susceptible", "Exposed", "Infected", "Removed"], {"Infected": 8}), acting=2)
    model = configured(ndlib.SEISModel, graph, beta=0.15, alpha=0.3, lambda_=0.2)
    mine = runs_of(seis(chance=0.15, onset=0.3, recovery=0.2), graph, {"I": 8})
    agree(mine, theirs(model, ["Susceptible", "Exposed", "Infected"], {"Infected": 8}), acting=2)


def test_sird(ndlib, graph):
    model = configured(ndlib.SIRDModel, graph, beta=0.1, gamma=0.2, mu=0.2)
    mine = runs_of(sird(chance=0.1, recovery=0.2, death=0.2), graph, {"I": 8})
    agree(mine, theirs(model, ["Susceptible", "Infected", "Removed", "Deaths"], {"Infected": 8}), acting=1)


def test_sveir_of_people_who_are_vaccinated_already(ndlib, graph):
    model = configured(ndlib.SVEIRModel, graph, beta=0.2, theta=0.0, sigma=0.4, delta=0.3, gamma=0.2)
    mine = runs_of(sveir(chance=0.2, vaccination=0.0, leakage=0.4, onset=0.3, recovery=0.2), graph, {"I": 8, "V": 80})
    names = ["Susceptible", "Vaccinated", "Exposed", "Infected", "Removed"]
    agree(mine, theirs(model, names, {"Infected": 8, "Vaccinated": 80}), acting=3)


def test_sair_with_the_silent_drawn_before(ndlib, graph, written):
    model = configured(ndlib.SAIRModel, graph, beta=0.3, beta_a=0.1, p=0.6, gamma_i=0.3, gamma_a=0.2)
    starts = []
    for run in range(RUNS):
        rng = np.random.default_rng(1000 + run)
        first, others = np.split(rng.permutation(N), [8])
        starts.append({"I": first, "T": others[rng.random(len(others)) >= 0.6]})
    mine = runs_of(written["sair_in_two"](0.3, 0.1, 0.3, 0.2), graph, starts)
    mine = np.stack([mine[:, :, 0] + mine[:, :, 1], *mine[:, :, 2:].transpose(2, 0, 1)], axis=2)
    agree(mine, theirs(model, ["Susceptible", "Asymptomatic", "Infected", "Removed"], {"Infected": 8}), acting=2)


def test_sair_infects_as_many_and_shows_a_few_more(graph):
    star = Graph.from_edges(range(1, 5), [0] * 4)
    chance, share, runs = 0.3, 0.6, 20_000
    model = sair(chance=chance, silent_chance=chance, symptoms=share)
    end = simulate(model, star, steps=1, start={"I": [1, 2], "A": [3, 4]}, replicates=runs, seed=1, keep=["final"]).final[:, 0]
    for found, expected in (
        ((end > 0).mean(), 1 - (1 - chance) ** 4),
        ((end == 2).mean(), 1 - (1 - chance * share) ** 4),  # more than the share of those infected
    ):
        assert abs(found - expected) < 5 * np.sqrt(expected * (1 - expected) / runs)


def test_profile_threshold(ndlib, graph):
    rng = np.random.default_rng(3)
    caution, refusal = rng.choice([0.0, 0.2, 0.3, 0.5], N), rng.uniform(0.2, 0.9, N)
    model = configured(ndlib.ProfileThresholdModel, graph, nodes={"threshold": caution, "profile": refusal})
    mine = runs_of(
        profile_threshold(fraction="caution", chance="openness"),
        graph,
        {"A": 10},
        traits={"caution": caution, "openness": 1 - refusal},
    )
    agree(mine[:, :, :2], theirs(model, ["Susceptible", "Infected"], {"Infected": 10}), acting=1)


def test_general_threshold_person_by_person(ndlib, graph):
    caution = np.random.default_rng(4).choice([0.125, 0.25, 0.375], N)
    model = configured(ndlib.GeneralThresholdModel, graph, nodes={"threshold": caution}, edges={"weight": 0.125})
    most = graph.in_degree().max() * 0.125
    assert most > 1  # so they have to be scaled; by a power of two it is exact
    scale = 2.0 ** -np.ceil(np.log2(most))
    weighted = Graph(graph.start, graph.other, np.full(graph.arcs, 0.125 * scale), graph.directed)
    ids = np.arange(0, N, 20)
    mine = simulate(
        general_threshold(fraction="own"), weighted, steps=STEPS, start={"A": ids}, traits={"own": caution * scale}, seed=1
    )
    other = theirs(model, ["Susceptible", "Infected"], {"Infected": ids.tolist()}, runs=1)
    assert (mine.counts == other).all()
    assert len(ids) < other[0, -1, 1] < N


def test_generalised_threshold_adopts_from_outside_only(ndlib, graph, written):
    model = configured(ndlib.GeneralisedThresholdModel, graph, nodes={"threshold": np.full(N, 0.1)}, mu=2, tau=5)
    other = theirs(model, ["Susceptible", "Infected"], {"Infected": 20}, runs=3)
    assert (runs_of(written["outside"](2, 5, STEPS), graph, {"A": 20}) == other[:1]).all()
    assert other[0, -1, 1] > 50


def test_forest_fire(ndlib, graph):
    model = configured(ndlib.ForestFireModel, graph, f=0.01, p=0.2)
    mine = runs_of(forest_fire(ignition=0.01, growth=0.2), graph, {"burning": 3})
    agree(mine, theirs(model, ["Susceptible", "Infected", "Removed"], {"Infected": 3}), acting=1)


def test_the_two_called_continuous(ndlib, graph, written):
    model = configured(ndlib.SEIRctModel, graph, beta=0.3, alpha=0.1, gamma=0.03)
    mine = runs_of(written["seir_ct"](0.3, 0.1, 0.03, STEPS), graph, {"I": 8})
    mine = np.stack([mine[:, :, 0], mine[:, :, 1:-2].sum(axis=2), mine[:, :, -2], mine[:, :, -1]], axis=2)
    agree(mine, theirs(model, ["Susceptible", "Exposed", "Infected", "Removed"], {"Infected": 8}), acting=2)
    model = configured(ndlib.SEISctModel, graph, beta=0.3, alpha=0.05, lambda_=0.02)
    mine = runs_of(written["seis_ct"](0.3, 0.05, 0.02, STEPS), graph, {"I": 8})
    agree(mine, theirs(model, ["Susceptible", "Exposed", "Infected"], {"Infected": 8}), acting=2)


@pytest.mark.parametrize("name", ["ICEModel", "ICPModel", "ICEPModel"])
def test_cascades_in_communities(ndlib, name):
    blocks = [50, 50, 50, 50]
    graph = stochastic_block(blocks, np.full((4, 4), 1.0) + np.eye(4) * 12, seed=2).simple()
    community = np.repeat(np.arange(4), blocks)
    weighted = Graph(graph.start, graph.other, np.full(graph.arcs, 0.2), graph.directed)
    also = {"ICEModel": {}, "ICPModel": {"permeability": 0.4, "embedded": False}, "ICEPModel": {"permeability": 0.4}}[name]
    known = {} if name == "ICEModel" else {"permeability": 0.4, "edges": {"threshold": 0.2}}
    model = configured(getattr(ndlib, name), graph, nodes={"com": community}, **known)
    mine = runs_of(independent_cascade(chance="weight"), weighted.with_chance_by_community(community, **also), {"I": 20})
    agree(mine, theirs(model, ["Susceptible", "Infected", "Removed"], {"Infected": 20}), acting=1)


@pytest.mark.parametrize(
    ("make", "given", "words"),
    [
        (sird, {"recovery": 0.7, "death": 0.4}, "sird: recovery is 0.7 and death 0.4; expected at most 1 together"),
        (sird, {"death": -0.1}, "sird: death is -0.1; expected a share"),
        (sair, {"symptoms": 2.0}, "sair: symptoms is 2.0; expected a share"),
        (sair, {"silent_chance": 1.5}, "sair: chance is 1.5; expected a share"),
        (sveir, {"leakage": float("nan")}, "sveir: leakage is nan; expected a share"),
        (MODELS["generalised_threshold"], {"delay": 0}, "generalised_threshold: delay is 0; expected a whole number from 1"),
    ],
)
def test_what_is_out_of_range_is_named(make, given, words):
    with pytest.raises(SpecError, match=re.escape(words)):
        make(**given)


def test_rates_of_the_new_models():
    found = [
        [rule.rate for rule in model.rules]
        for model in (
            sird(rate=0.2, recovery_rate=0.1, death_rate=2.0),
            sair(rate=0.2, silent_rate=0.1, symptoms=0.75, recovery_rate=0.3, silent_recovery_rate=0.4),
            sveir(rate=0.3, vaccination_rate=0.02, leakage=0.5, onset_rate=0.4, recovery_rate=0.1),
        )
    ]
    assert found[0] == [0.2, 0.1, 2.0]
    assert found[1] == pytest.approx([0.15, 0.075, 0.05, 0.025, 0.3, 0.4])
    assert found[2] == [0.3, 0.02, 0.15, 0.4, 0.1]
