"""Distributions of final size, peak and duration against NDlib and EoN on the same graph: two-sample Kolmogorov–Smirnov tests.

Twelve comparisons; each may reject at 10⁻⁴, all of them together at about 10⁻³. The peers come with the extra `peers`.
"""

import os
from importlib import import_module

import numpy as np
import pytest
from scipy.stats import ks_2samp

import peers
from tenfold.networks.generators import erdos_renyi
from tenfold.networks.graph import Graph
from tenfold.spread.library import independent_cascade, sir, threshold
from tenfold.spread.simulate import simulate

N, RUNS, STEPS, START = 250, 300, 60, 8


@pytest.fixture(scope="module")
def graph() -> Graph:
    return erdos_renyi(N, 5.0, seed=11)


def needs(peer: str) -> None:
    """Skip without a peer; in CI it has to be there."""
    if os.environ.get("CI"):
        import_module(peer)
    pytest.importorskip(peer, reason="the extra 'peers' is not installed")


def measured(counts: np.ndarray) -> dict[str, np.ndarray]:
    """Final size, peak and duration of each run; counts (runs, steps + 1, states) with S first and the infectious second."""
    return {
        "final size": N - counts[:, -1, 0],
        "peak": counts[:, :, 1].max(axis=1),
        "duration": (counts[:, :, 1] > 0).sum(axis=1),
    }


def agree(mine: np.ndarray, run: peers.Run) -> None:
    theirs = np.array([run(seed)["counts"] for seed in range(RUNS)])
    found, expected = measured(mine), measured(theirs)
    for name, values in found.items():
        assert ks_2samp(values, expected[name]).pvalue > 1e-4, (name, values.mean(), expected[name].mean())
        assert values.std() > 0


def test_sir_in_steps_as_ndlib(graph):
    needs("ndlib")
    mine = simulate(sir(chance=0.08, recovery=0.2), graph, steps=STEPS, start={"I": START}, replicates=RUNS, seed=1).counts
    agree(mine, peers.ndlib_sir(graph, 0.08, 0.2, START, STEPS))


def test_cascades_as_eon_in_waves(graph):
    needs("EoN")
    mine = simulate(independent_cascade(chance=0.3), graph, steps=STEPS, start={"I": START}, replicates=RUNS, seed=1).counts
    agree(mine, peers.eon_discrete_sir(graph, 0.3, START, STEPS))


def test_cascades_as_ndlib(graph):
    needs("ndlib")
    mine = simulate(independent_cascade(chance=0.3), graph, steps=STEPS, start={"I": START}, replicates=RUNS, seed=2).counts
    agree(mine, peers.ndlib_cascade(graph, 0.3, START, STEPS))


def test_sir_with_rates_as_eon(graph):
    needs("EoN")
    model = sir(rate=0.12, recovery_rate=0.3)
    mine = simulate(model, graph, steps=STEPS, start={"I": START}, replicates=RUNS, seed=1, clock="continuous").counts
    agree(mine, peers.eon_fast_sir(graph, 0.12, 0.3, START, float(STEPS)))


def test_thresholds_are_those_of_ndlib_step_by_step(graph):
    needs("ndlib")
    for fraction in (0.15, 0.25, 0.34):
        ids = np.random.default_rng(5).choice(N, 20, replace=False)
        mine = simulate(threshold(fraction=fraction), graph, steps=20, start={"A": ids}, seed=1).counts[0]
        assert (mine == peers.ndlib_threshold(graph, fraction, ids, 20)(0)["counts"]).all()
