"""The spread engine against ten lines of SciPy, and how it grows; medians of alternating runs on all cores of this machine."""

from __future__ import annotations

import statistics

import numpy as np
from scipy import sparse

import machine
import tenfold as tf
from tenfold.networks.generators import erdos_renyi, watts_strogatz

STEPS, CHANCE, RECOVERY = 50, 0.05, 0.1


def scipy_sir(matrix: sparse.csr_array, seed: int) -> np.ndarray:
    """SIR as an expert would write it with a sparse matrix."""
    n, rng = matrix.shape[0], np.random.default_rng(seed)
    state = np.zeros(n, np.int8)
    state[rng.choice(n, n // 1000, replace=False)] = 1
    for _ in range(STEPS):
        infectious = state == 1
        pressure = matrix @ infectious.astype(np.float32)
        new = (state == 0) & (rng.random(n) < 1 - (1 - CHANCE) ** pressure)
        recovered = infectious & (rng.random(n) < RECOVERY)
        state[new], state[recovered] = 1, 2
    return np.bincount(state, minlength=3)


def sir(graph: tf.Graph, replicates: int = 1) -> tf.Result:
    """The same with Tenfold."""
    return tf.simulate(
        tf.models.sir(chance=CHANCE, recovery=RECOVERY), graph, steps=STEPS, start={"I": 0.001}, replicates=replicates, seed=1
    )


def timed(call: object, repeats: int = 5) -> float:
    assert callable(call)
    return statistics.median(machine.seconds(call) for _ in range(repeats))


def main() -> None:
    """Print each case in a line."""
    print(machine.name())
    graph = erdos_renyi(600_000, 10.0, seed=1)
    matrix = sparse.csr_array((np.ones(graph.arcs, np.float32), graph.other, graph.start), shape=(graph.n, graph.n))
    theirs, mine = machine.alternate(lambda: scipy_sir(matrix, 1), lambda: sir(graph), 5)
    print(
        f"SIR, 600,000 people, degree 10, 50 steps: SciPy {theirs:.3f} s, Tenfold {mine:.3f} s, ratio {mine / theirs:.2f} (bar: 0.25)"
    )
    small = erdos_renyi(10_000, 10.0, seed=1)
    print(
        f"SIR, 10,000 people, 1,000 replicates: {timed(lambda: sir(small, 1000), 3):.2f} ms a run (bar: 1.8, NDlib's 450 / 250)"
    )
    middle = erdos_renyi(100_000, 10.0, seed=1)
    cascade = tf.models.independent_cascade(chance=0.1)
    runs = timed(lambda: tf.simulate(cascade, middle, steps=80, start={"I": 50}, replicates=1000, seed=1), 3)
    print(
        f"1,000 independent cascades from 50 seeds, 100,000 people, p = .1: {runs:.2f} s (CyNetDiff: 0.43 s on a machine of this kind)"
    )
    watts = tf.models.threshold(fraction=0.12)
    threshold = timed(lambda: tf.simulate(watts, graph, steps=60, start={"A": 0.001}, seed=1), 3)
    print(f"Watts threshold .12, 600,000 people: {threshold:.2f} s (CyNetDiff: 1.38 s on a machine of this kind)")
    ring = watts_strogatz(2_000_000, 4, 0.0)
    quiet = tf.models.sir(chance=0.0, recovery=0.0)
    short = timed(lambda: tf.simulate(quiet, ring, steps=10, start={"I": list(range(10))}, seed=1))
    long = timed(lambda: tf.simulate(quiet, ring, steps=10_010, start={"I": list(range(10))}, seed=1))
    print(f"quiet network, 10 infectious among 2,000,000: {(long - short) / 10_000 * 1e6:.1f} microseconds a step")


if __name__ == "__main__":
    main()
