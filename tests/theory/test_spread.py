"""The engine against closed forms: z-scores over replicates, with a bound for the family of tests."""

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.networks.generators import erdos_renyi, regular
from tenfold.spread.library import independent_cascade, sir, sis, threshold
from tenfold.spread.simulate import simulate
from tenfold.spread.theory import cascade_window, final_size, regular_giant


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


def test_arguments():
    for call in (
        lambda: final_size(-1),
        lambda: final_size(float("nan")),
        lambda: cascade_window(0.0),
        lambda: cascade_window(0.9),
    ):
        with pytest.raises(SpecError):
            call()
