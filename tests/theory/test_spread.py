"""The engine against closed forms: z-scores over replicates, with a bound for the family of tests."""

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.networks.generators import erdos_renyi, regular
from tenfold.networks.groups import Groups
from tenfold.spread.library import bass, independent_cascade, simplicial, sir, sis, threshold
from tenfold.spread.model import Model
from tenfold.spread.rules import Mixing, Spontaneous
from tenfold.spread.simulate import simulate
from tenfold.spread.theory import (
    bass_curve,
    bass_peak,
    cascade_window,
    final_size,
    mean_field,
    pair_approximation,
    regular_giant,
    simplicial_critical,
)


def giant(result, n: int) -> np.ndarray:
    """Shares ever reached in the replicates that took off."""
    reached = 1 - result.counts[:, -1, 0] / n
    return reached[reached > 0.1]


@pytest.mark.parametrize(("reproduction", "share"), [(1.5, 0.58281), (2.0, 0.79681), (3.0, 0.94048)])
def test_final_size_of_sir_on_random_graphs(reproduction, share):
    assert final_size(reproduction) == pytest.approx(share, abs=1e-5)
    n, degree = 20_000, 6.0
    graph = erdos_renyi(n, degree, seed=7)
    found = giant(
        simulate(independent_cascade(chance=reproduction / degree), graph, steps=80, start={"I": 20}, replicates=24, seed=1), n
    )
    assert len(found) == 24
    assert found.mean() == pytest.approx(share, abs=0.01)


def test_transmissibility_of_steps():
    """An infectious person tries each neighbour until recovery: T = p / (1 − (1 − p)(1 − r)), recovery tried after contact in each step."""
    n, degree, chance, recovery = 20_000, 5.0, 0.15, 0.3
    transmits = chance / (1 - (1 - chance) * (1 - recovery))
    graph = erdos_renyi(n, degree, seed=3)
    found = giant(simulate(sir(chance=chance, recovery=recovery), graph, steps=150, start={"I": 20}, replicates=16, seed=2), n)
    # trials before recovery share the recovery time, which lowers the spread a little: between the bound of independent arcs and 4 % below
    assert final_size(degree * transmits) - 0.04 < found.mean() < final_size(degree * transmits) + 0.01


@pytest.mark.parametrize(("degree", "transmits", "share"), [(3, 0.6, 0.70370), (4, 0.5, 0.85410)])
def test_percolation_on_regular_graphs(degree, transmits, share):
    assert regular_giant(degree, transmits) == pytest.approx(share, abs=1e-5)
    n = 20_000
    graph = regular(n, degree, seed=5)
    found = giant(simulate(independent_cascade(chance=transmits), graph, steps=120, start={"I": 5}, replicates=24, seed=4), n)
    assert found.mean() == pytest.approx(share, abs=0.01)


def test_below_the_critical_point_nothing_takes_off():
    assert regular_giant(3, 0.5) == 0
    assert final_size(1.0) == 0
    graph = regular(20_000, 3, seed=1)
    result = simulate(independent_cascade(chance=0.4), graph, steps=200, start={"I": 1}, replicates=40, seed=1)
    assert (1 - result.counts[:, -1, 0] / graph.n).max() < 0.02


@pytest.mark.parametrize(("fraction", "low", "high"), [(0.18, 1.021, 5.765), (0.25, 1.114, 3.863)])
def test_the_window_of_watts(fraction, low, high):
    assert cascade_window(fraction) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))
    reached = {}
    for degree in (low * 0.6, (low + high) / 2, high * 1.4):
        graph = erdos_renyi(10_000, degree, seed=2)
        result = simulate(threshold(fraction=fraction), graph, steps=80, start={"A": 1}, replicates=40, seed=3)
        reached[degree] = (result.counts[:, -1, 1] > 2000).mean()
    below, inside, above = reached.values()
    assert below == 0
    assert inside > 0.3
    assert above == 0


def test_spontaneous_rules_follow_the_binomial():
    """Recovery alone: z-scores at 12 steps, family-wise bound 4."""
    n, recovery = 50_000, 0.15
    graph = erdos_renyi(n, 1.0, seed=1)
    counts = simulate(sis(chance=0.0, recovery=recovery), graph, steps=12, start={"I": n}, replicates=4, seed=8).counts[:, :, 1]
    expected = (1 - recovery) ** np.arange(1, 13)
    z = (counts[:, 1:].mean(axis=0) / n - expected) / np.sqrt(expected * (1 - expected) / (4 * n))
    assert np.abs(z).max() < 4


def test_contacts_reach_each_neighbour_with_their_chance():
    """One step of SI from one end of each of 40,000 edges."""
    from tenfold.networks.graph import Graph
    from tenfold.spread.library import si

    n, chance = 40_000, 0.3
    graph = Graph.from_edges(np.arange(n) * 2, np.arange(n) * 2 + 1)
    result = simulate(si(chance=chance), graph, steps=1, start={"I": np.arange(n) * 2}, replicates=6, seed=1)
    z = (result.counts[:, 1, 1] - n - n * chance) / np.sqrt(n * chance * (1 - chance))
    assert np.abs(z).max() < 4


def test_bass():
    """Everybody meets everybody: the curve at whole times within five standard errors, and the peak of adoption."""
    n, p, q = 40_000, 0.03, 0.38
    assert bass_peak(p, q) == (pytest.approx(6.193, abs=1e-3), pytest.approx(0.4605, abs=1e-4))
    result = simulate(bass(rate=p, imitation_rate=q), n, steps=15, start={}, seed=3, replicates=8, clock="continuous")
    share = result.counts[:, :, 1] / n
    expected = bass_curve(p, q, np.arange(16))
    assert bass_curve(p, q, np.array([bass_peak(p, q)[0]]))[0] == pytest.approx(bass_peak(p, q)[1])
    error = share.std(axis=0, ddof=1)[1:] / np.sqrt(8)
    assert (np.abs(share.mean(axis=0) - expected)[1:] < 5 * error + 2 / n).all()
    assert abs(int(np.diff(share.mean(axis=0)).argmax()) + 0.5 - bass_peak(p, q)[0]) <= 1


@pytest.mark.parametrize(("group", "critical"), [(2.0, 0.82843), (2.5, 0.66228)])
def test_simplicial_contagion_is_bistable_below_one(group, critical):
    """On a random complex with many pairs and triangles each: between the critical point and 1 the start decides."""
    assert simplicial_critical(group) == pytest.approx(critical, abs=1e-5)
    assert simplicial_critical(0.8) == 1
    n, degree, triangles, recovery = 3000, 40.0, 20, 0.05
    rng = np.random.default_rng(1)
    chosen = np.array([rng.choice(n, 3, replace=False) for _ in range(n * triangles // 3)])
    groups = Groups.from_pairs(chosen.ravel(), np.repeat(np.arange(len(chosen)), 3), n)
    graph = erdos_renyi(n, degree, seed=2)

    def ends(scale: float, start: float) -> float:
        chance, group_chance = scale * recovery / degree, group * recovery / triangles
        model = simplicial(rate=chance, group_rate=group_chance, recovery_rate=recovery)
        result = simulate(model, graph, groups=groups, steps=400, start={"I": start}, replicates=4, seed=1, clock="continuous")
        return float(result.counts[:, -1, 1].mean() / n)

    between = (critical + 1) / 2 + 0.02
    assert ends(between, 0.6) > 0.3
    assert ends(between, 0.005) < 0.05
    assert ends(critical * 0.6, 0.6) < 0.05
    assert ends(1.3, 0.005) > 0.3


def test_mean_field_of_models_in_which_all_meet_all():
    """Steps and rates: shares at each time within five standard errors of the law of large numbers."""
    n = 50_000
    for model, clock in (
        (Model(("S", "I", "R"), (Mixing("S", "I", via="I", chance=0.5), Spontaneous("I", "R", chance=0.2))), "steps"),
        (Model(("S", "I", "R"), (Mixing("S", "I", via="I", rate=0.6), Spontaneous("I", "R", rate=0.2))), "continuous"),
    ):
        result = simulate(model, n, steps=30, start={"I": 0.02}, replicates=8, seed=4, clock=clock)
        share, expected = result.counts / n, mean_field(model, {"I": 0.02}, steps=30)
        error = share.std(axis=0, ddof=1) / np.sqrt(8)
        assert (np.abs(share.mean(axis=0) - expected) < 5 * error + 20 / n).all()
    assert mean_field(sir(), {"I": 0.1}, steps=3, degree=4).sum(axis=1) == pytest.approx(np.ones(4))


def test_pairs_are_exact_for_sir_on_regular_graphs():
    n, degree = 40_000, 5
    graph = regular(n, degree, seed=3)
    model = sir(rate=0.4, recovery_rate=0.5)
    share = simulate(model, graph, steps=12, start={"I": 0.01}, replicates=8, seed=5, clock="continuous").counts / n
    pairs = pair_approximation(0.4, 0.5, degree=degree, infectious=0.01, steps=12)
    error = share.std(axis=0, ddof=1) / np.sqrt(8)
    assert (np.abs(share.mean(axis=0) - pairs) < 5 * error + 0.003).all()
    field = mean_field(model, {"I": 0.01}, steps=12, degree=degree)
    assert np.abs(field - share.mean(axis=0)).max() > 0.02  # neighbours are not as everybody is
    sis_share = pair_approximation(0.4, 0.5, degree=degree, infectious=0.01, steps=40, again=True)[-1, 1]
    ended = simulate(sis(rate=0.4, recovery_rate=0.5), graph, steps=40, start={"I": 0.01}, seed=5, clock="continuous").counts[
        0, -1, 1
    ]
    assert sis_share == pytest.approx(ended / n, abs=0.02)


def test_arguments():
    with pytest.raises(SpecError, match="rule 1 is a threshold"):
        mean_field(threshold(), {}, steps=2)
    with pytest.raises(SpecError, match="'X' is no state"):
        mean_field(sir(), {"X": 0.1}, steps=2)
    for call in (
        lambda: final_size(-1),
        lambda: final_size(float("nan")),
        lambda: cascade_window(0.0),
        lambda: cascade_window(0.9),
        lambda: bass_peak(0.0, 0.4),
        lambda: simplicial_critical(-1.0),
        lambda: pair_approximation(float("nan"), 1.0, degree=3, infectious=0.1, steps=2),
    ):
        with pytest.raises(SpecError):
            call()
