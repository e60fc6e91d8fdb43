"""The spread engine against its peers, in one run: one row a case, medians, and the bar that it has to meet.

uv run --extra peers python benchmarks/spread.py [--quick]     # --quick leaves out what a peer takes more than ten seconds for
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

import machine
import peers
import tenfold as tf
from tenfold.kernels.jit import jit

STEPS, CHANCE, RECOVERY = 50, 0.05, 0.1
NEXT_NET = 3.93  # seconds for SIR with rates on 600,000 people; it is in no package registry
QUICK = "--quick" in sys.argv


@dataclass(frozen=True)
class Row:
    """One case: Tenfold's time, the other's (or a limit), and the ratio that is asked for; without a bar it is only told."""

    case: str
    mine: str
    other: str
    ratio: float
    bar: float | None = None

    def __str__(self) -> str:
        asked = "- | -" if self.bar is None else f"{self.bar:.4g} | {'yes' if self.ratio <= self.bar else 'NO'}"
        return f"| {self.case} | {self.mine} | {self.other} | {self.ratio:.4g} | {asked} |"


def median(call: Callable[[], object], repeats: int = 5) -> float:
    """Seconds of a warm call."""
    call()
    return statistics.median(machine.seconds(call) for _ in range(repeats))


def theirs(run: peers.Run, repeats: int = 1) -> float:
    """Median seconds that a peer spends in its own stepping."""
    return statistics.median(run(seed)["seconds"] for seed in range(repeats))


def beside(call: Callable[[], object], run: peers.Run, repeats: int) -> tuple[float, float]:
    """Median seconds of a warm call and of a peer's stepping, measured in turn."""
    call()
    pairs = [(machine.seconds(call), run(seed)["seconds"]) for seed in range(repeats)]
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)


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


def sir(graph: tf.Graph, replicates: int = 1, **options: Any) -> tf.Result:
    """The same with Tenfold."""
    model = tf.models.sir(chance=CHANCE, recovery=RECOVERY)
    return tf.simulate(model, graph, **({"steps": STEPS, "start": {"I": 0.001}, "replicates": replicates, "seed": 1} | options))


@jit
def gather(state: np.ndarray, other: np.ndarray) -> int:
    """The limit of memory: the state of everybody at the far end of every arc."""
    found = 0
    for arc in range(other.size):
        found += state[other[arc]]
    return found


def sir_rows(large: tf.Graph, small: tf.Graph) -> list[Row]:
    """Synchronous SIR: against SciPy, NDlib, and random reads of memory."""
    matrix = sparse.csr_array((np.ones(large.arcs, np.float32), large.other, large.start), shape=(large.n, large.n))
    scipy, mine = machine.alternate(lambda: scipy_sir(matrix, 1), lambda: sir(large), 7)
    rows = [Row("SIR, 600,000 people, against SciPy", f"{mine:.3f} s", f"{scipy:.3f} s", mine / scipy, 1 / 4)]
    if not QUICK:
        ndlib = theirs(peers.ndlib_sir(large, CHANCE, RECOVERY, 0.001))
        rows.append(Row("the same, against NDlib", f"{mine:.3f} s", f"{ndlib:.1f} s", mine / ndlib, 1 / 200))
    each = median(lambda: sir(small, 1000), 3) / 1000
    ndlib = theirs(peers.ndlib_sir(small, CHANCE, RECOVERY, 0.001), 5)
    rows.append(
        Row("SIR, 10,000 people, 1,000 replicates, a run", f"{each * 1e3:.2f} ms", f"{ndlib:.3f} s", each / ndlib, 1 / 250)
    )
    visits = sir(large).counts[0, :-1, 1].sum() * large.arcs / large.n
    state = np.zeros(large.n, np.uint8)
    limit = large.arcs / median(lambda: gather(state, large.other))
    rate = visits / mine
    rows.append(
        Row("arcs visited a second, against reads at random", f"{rate / 1e6:.0f} M", f"{limit / 1e6:.0f} M", limit / rate)
    )
    return rows


def clock_rows(large: tf.Graph, small: tf.Graph) -> list[Row]:
    """SIR with rates."""
    model = tf.models.sir(rate=CHANCE, recovery_rate=RECOVERY)
    rows = []
    for graph, name, bar in ((small, "10,000", None), (large, "600,000", 1 / 40)):
        mine = median(lambda graph=graph: tf.simulate(model, graph, steps=50, start={"I": 0.001}, seed=1, clock="continuous"))
        if graph is large:
            words = "the same, against NEXT-Net (measured elsewhere on such a machine)"
            rows.append(Row(words, f"{mine:.3f} s", f"{NEXT_NET:.2f} s", mine / NEXT_NET, 1 / 4))
        if graph is small or not QUICK:
            other = theirs(peers.eon_fast_sir(graph, CHANCE, RECOVERY, 0.001), 3 if graph is small else 1)
            rows.append(Row(f"continuous SIR, {name} people, against EoN", f"{mine:.3f} s", f"{other:.2f} s", mine / other, bar))
    return rows


def arcs_at_random(n: int, arcs: int) -> tf.Graph:
    """A directed graph with so many arcs, each pair of people equally likely."""
    rng = np.random.default_rng(1)
    return tf.Graph.from_edges(rng.integers(0, n, arcs), rng.integers(0, n, arcs), n, directed=True).simple()


def cascade_rows(large: tf.Graph, middle: tf.Graph) -> list[Row]:
    """Cascades and thresholds, against CyNetDiff."""
    weighted = middle.with_chance_by_degree()
    rows = []
    for name, graph, model, chance in (
        ("p = .1", middle, tf.models.independent_cascade(chance=0.1), 0.1),
        ("weighted", weighted, tf.models.weighted_cascade(), weighted.weight),
    ):
        run = peers.cynetdiff_cascade(graph, chance)
        mine, other = beside(
            lambda m=model, g=graph: tf.simulate(m, g, steps=150, start={"I": 50}, replicates=1000, seed=1), run, 9
        )
        rows.append(Row(f"1,000 cascades, 100,000 people, {name}", f"{mine:.3f} s", f"{other:.3f} s", mine / other, 1 / 3))
    watts = tf.models.threshold(fraction=0.12)
    run = peers.cynetdiff_threshold(large, 0.12, 0.001)
    mine, other = beside(lambda: tf.simulate(watts, large, steps=60, start={"A": 0.001}, seed=1), run, 9)
    rows.append(Row("Watts threshold .12, 600,000 people", f"{mine:.3f} s", f"{other:.3f} s", mine / other, 1 / 8))
    return rows


def group_rows() -> list[Row]:
    """Simplicial SIS, against hypergraphx."""
    rows, model = [], tf.models.simplicial(chance=0.02, group_chance=0.1, recovery=0.2)
    for n in (10_000, 600_000):
        rng = np.random.default_rng(1)
        triangles = np.unique(np.sort(rng.integers(0, n, (2 * n, 3)), axis=1), axis=0)
        triangles = triangles[(triangles[:, 0] < triangles[:, 1]) & (triangles[:, 1] < triangles[:, 2])]
        graph = tf.generators.erdos_renyi(n, 10.0, seed=1)
        groups = tf.Groups.from_pairs(triangles.ravel(), np.repeat(np.arange(len(triangles)), 3), n)
        mine = median(lambda g=graph, h=groups: tf.simulate(model, g, groups=h, steps=50, start={"I": 0.1}, seed=1), 9)
        if n > 10_000:
            rows.append(Row("simplicial SIS, 600,000 people (seconds)", f"{mine:.2f} s", "-", mine, 10))
            continue
        if QUICK:
            continue
        source = np.repeat(np.arange(n), graph.degree())
        edges = np.stack([source, graph.other], axis=1)[source < graph.other]
        other = theirs(peers.hypergraphx_contagion(n, edges, triangles, 0.02, 0.1, 0.2, 0.1), 3)
        rows.append(Row("simplicial SIS, 10,000 people, 50 steps", f"{mine:.4f} s", f"{other:.2f} s", mine / other, 1 / 300))
    return rows


def general_row(large: tf.Graph) -> Row:
    """Five states and eight rules, per change of state, against SIR."""
    model = tf.Model(
        ("S", "E", "I", "R", "V"),
        (
            tf.Contact("S", "E", via="I", chance=CHANCE),
            tf.Contact("V", "E", via="I", chance=CHANCE / 5),
            tf.Spontaneous("S", "V", chance=0.001),
            tf.Spontaneous("E", "I", chance=0.3),
            tf.Spontaneous("I", "R", chance=RECOVERY),
            tf.Spontaneous("R", "S", chance=0.01),
            tf.Spontaneous("V", "S", chance=0.005),
            tf.Mixing("S", "E", via="I", chance=0.01),
        ),
    )
    changes = {}
    for name, call in (
        ("sir", lambda **keep: sir(large, **keep)),
        ("general", lambda **keep: tf.simulate(model, large, steps=STEPS, start={"I": 0.001}, seed=1, **keep)),
    ):
        counts = call().counts[0]
        moved = counts[-1, 1] + 2 * counts[-1, 2] - counts[0, 1] if name == "sir" else moved_in(model, large)
        changes[name] = median(call) / float(moved)
    mine, other = changes["general"] * 1e9, changes["sir"] * 1e9
    return Row("five states, eight rules, ns a change, against SIR", f"{mine:.0f} ns", f"{other:.0f} ns", mine / other, 2.5)


def moved_in(model: tf.Model, graph: tf.Graph) -> int:
    """How many changes of state a run of 50 steps has, from the states after each step."""
    runs = [
        tf.simulate(model, graph, steps=step, start={"I": 0.001}, seed=1, keep=["final"]).final[0] for step in range(1, STEPS + 1)
    ]
    return int(sum((one != two).sum() for one, two in pairwise(runs)))


GROWTH = """
import sys, time; sys.path.insert(0, "benchmarks")
import machine, tenfold as tf
n = int(float(sys.argv[1]))
graph = tf.generators.erdos_renyi(n, 10.0, seed=1)
run = lambda: tf.simulate(tf.models.sir(chance=0.05, recovery=0.1), graph, steps=50, start={"I": 0.001}, seed=1)
counts = run().counts[0]
visits = counts[:-1, 1].sum() * 10
print(sorted(machine.seconds(run) for _ in range(3))[1] / visits * 1e9, machine.peak_gb())
"""


def grown(n: float) -> tuple[float, float]:
    """ns a visit of an arc, and the peak of memory in GB, in a process of its own."""
    out = subprocess.run([sys.executable, "-c", GROWTH, str(n)], capture_output=True, text=True, check=True).stdout.split()
    return float(out[0]), float(out[1])


def growth_rows() -> list[Row]:
    """What a visit costs as the graph grows, and what a quiet step costs."""
    few, many = grown(1e4), grown(1e7)
    rows = [
        Row("growth: ns a visit, 10⁷ against 10⁴ people", f"{many[0]:.2f} ns", f"{few[0]:.2f} ns", many[0] / few[0], 3),
        Row("memory, 10⁷ people and 10⁸ arcs, GB", f"{many[1]:.2f}", "-", many[1], 4),
    ]
    ring = tf.generators.watts_strogatz(10_000_000, 4, 0.0)
    start, quiet = {"I": list(range(10))}, tf.models.sir(chance=0.001, recovery=0.0)
    short = median(lambda: tf.simulate(quiet, ring, steps=10, start=start, seed=1), 3)
    long = median(lambda: tf.simulate(quiet, ring, steps=20_010, start=start, seed=1), 3)
    step = (long - short) / 20_000 * 1e6
    return [*rows, Row("quiet: µs a step, 10 infectious of 10⁷", f"{step:.2f} µs", "-", step, 100)]


FIRST = """
import time; began = time.perf_counter()
import tenfold as tf, sys; imported = time.perf_counter() - began
assert "numba" not in sys.modules
graph = tf.Graph.from_edges([0, 1, 2], [1, 2, 3]); began = time.perf_counter()
tf.simulate(tf.models.sir(), graph, steps=5, start={"I": 1}, seed=1)
print(imported, time.perf_counter() - began)
"""


def start_rows() -> list[Row]:
    """Import, and the first run with a cold and a warm cache of compiled code."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | {
            "TENFOLD_CACHE": folder
        }

        def first() -> tuple[float, float]:
            ran = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True, env=environment)
            imported, simulated = map(float, ran.stdout.split())
            return imported, simulated

        cold, warm = first(), [first() for _ in range(5)]
    imported, cached = (statistics.median(one[k] for one in warm) for k in (0, 1))
    return [
        Row("import tenfold, s", f"{imported:.3f}", "-", imported, 0.3),
        Row("first simulate, cold, s", f"{cold[1]:.1f}", "-", cold[1], 10),
        Row("first simulate, cached, s", f"{cached:.2f}", "-", cached, 0.5),
    ]


def main() -> None:
    """Print the table."""
    print(machine.name(), *(f"{name} {version}" for name, version in peers.versions().items()), sep=", ", flush=True)
    print("\n| case | Tenfold | other | ratio | bar | met |\n|---|---|---|---|---|---|", flush=True)
    large, small = (tf.generators.erdos_renyi(n, 10.0, seed=1) for n in (600_000, 10_000))
    began = time.perf_counter()
    for rows in (
        lambda: sir_rows(large, small),
        lambda: clock_rows(large, small),
        lambda: cascade_rows(large, arcs_at_random(100_000, 1_000_000)),
        group_rows,
        lambda: [general_row(large)],
        growth_rows,
        start_rows,
    ):
        for row in rows():
            print(row, flush=True)
    print(f"\n{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main()
