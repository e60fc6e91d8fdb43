"""Seeds: time at equal certificate and at the quality that is the default, reach by a common judge, and the villages, in one run.

uv run --with pynetim python benchmarks/seeds.py [--quick]   # --quick: not the scale-free graphs (a quarter of an hour)

The real data is read from the folder that TENFOLD_SHARED names, or ../shared.
"""

from __future__ import annotations

import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import machine
import tenfold as tf
from tenfold.seeds.nomination import nominate

QUICK = "--quick" in sys.argv
SHARED = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
K, RUNS = 50, 10_000
MODEL = tf.models.weighted_cascade()
AUTHORS = {"NetHEPT": (0.05, 0.64), "scale-free 100,000": (0.2, 3.7), "scale-free 1,000,000": (0.8, 16.0)}
"""Seconds of the authors' OPIM-C and IMM (C++) on a machine of this kind, on graphs of this kind; not measured here."""


def scale_free(n: int, mean_degree: float = 10.0, exponent: float = 2.5, seed: int = 1) -> tf.Graph:
    """A random graph whose degrees fall as a power: weighted cascades by top degree reach 22,900 of 100,000 people, as on the graphs
    on which the authors' programs were timed."""
    wanted = np.arange(1, n + 1) ** (-1 / (exponent - 1))
    wanted *= n * mean_degree / wanted.sum()
    degrees = np.floor(wanted + np.random.default_rng(seed).random(n)).astype(np.int64)
    degrees[-1] += degrees.sum() % 2
    return tf.generators.configuration(degrees, seed=seed).simple().with_chance_by_degree()


def judge(graph: tf.Graph, nodes: Any, model: tf.Model = MODEL, steps: int = 200) -> tuple[float, float]:
    """Mean reach of 10,000 forward runs, the same luck for all, and its standard error."""
    found = tf.simulate(model, graph, steps=steps, start={"I": [int(one) for one in nodes]}, replicates=RUNS, seed=2026)
    reached = graph.n - found.counts[:, -1, 0]
    return float(reached.mean()), float(reached.std() / RUNS**0.5)


class Spent(float):
    """Seconds; `cpu`: of all threads together, which a busy machine lengthens less."""

    cpu: float = 0.0


def clocked(call: Callable[[], Any]) -> tuple[Spent, Any]:
    """How long a call takes, and what it gives."""
    began, cpu = time.perf_counter(), time.process_time()
    found = call()
    spent = Spent(time.perf_counter() - began)
    spent.cpu = time.process_time() - cpu
    return spent, found


def timed(call: Callable[[int], Any], repeats: int) -> tuple[Spent, list[Any]]:
    """The median over seeds 1, 2, …, after a warm call, and what each gave."""
    call(0)
    runs = [clocked(lambda seed=seed: call(seed)) for seed in range(1, repeats + 1)]
    spent = Spent(statistics.median(one for one, _ in runs))
    spent.cpu = statistics.median(one.cpu for one, _ in runs)
    return spent, [found for _, found in runs]


def judged(graph: tf.Graph, found: list[Any]) -> tuple[tuple[float, float], str]:
    """The mean reach of several choices, with the judge's error, and words on how they differ."""
    each = {tuple(sorted(one.nodes.tolist())): one.nodes for one in found}
    reach = {key: judge(graph, nodes) for key, nodes in each.items()}
    values = [reach[tuple(sorted(one.nodes.tolist()))] for one in found]
    low, high = min(value for value, _ in values), max(value for value, _ in values)
    return (statistics.mean(value for value, _ in values), values[0][1]), f"{low:.1f} to {high:.1f} over {len(found)} seeds"


def peer(graph: tf.Graph, name: str) -> tuple[Spent, list[int]]:
    """pynetim: seconds of selection, without building its graph, and the seeds."""
    from pynetim import IMGraph, IMMAlgorithm, OPIMCAlgorithm

    source = np.repeat(np.arange(graph.n), graph.degree())
    theirs = IMGraph(list(zip(source.tolist(), graph.other.tolist(), strict=True)), graph.weight.tolist(), renumber=False)
    if name == "IMM":
        spent, found = clocked(lambda: IMMAlgorithm(theirs, "IC", epsilon=0.1, random_seed=1).run(K))
    else:
        spent, found = clocked(lambda: OPIMCAlgorithm(theirs, "IC", random_seed=1).run(K, 0.1, 1 / graph.n))
    return spent, list(found)


def row(case: str, who: str, seconds: Spent | None, reach: tuple[float, float], more: str = "") -> None:
    """Print one row."""
    spent = "– | –" if seconds is None else f"{seconds:.3f} | {seconds.cpu:.3f}"
    print(f"| {case} | {who} | {spent} | {reach[0]:.1f} ± {1.96 * reach[1]:.1f} | {more} |", flush=True)


def met(value: float, bar: float, *, least: bool = False) -> str:
    """A ratio and whether it meets its bar."""
    good = value >= bar if least else value <= bar
    return f"{value:.4g}, bar {bar:.4g}: {'met' if good else 'NOT met'}"


def case(name: str, graph: tf.Graph, repeats: int) -> None:
    """All who choose on one graph."""
    opim, imm = AUTHORS[name]
    began, sure = timed(lambda seed: tf.choose_seeds(graph, K, model=MODEL, quality=None, seed=seed), repeats)
    reach, over = judged(graph, sure)
    text = f"{over}; certified {min(one.low / one.high for one in sure):.3f} and more; "
    text += f"{met(began / opim, 1 / 3)} of OPIM-C's {opim} s (authors, not measured here)"
    row(name, "Tenfold, certificate only", began, reach, text)
    spent, good = timed(lambda seed: tf.choose_seeds(graph, K, model=MODEL, seed=seed), repeats)
    reach, over = judged(graph, good)
    sets, last = statistics.mean(one.sets for one in good), good[-1]
    text = (
        f"{over}; {sets:.0f} sets; the last says {last.reach:.1f} by {last.method}, as many as {last.random_equal} random people"
    )
    row(name, "Tenfold, default quality", spent, reach, f"{text}; {met(spent / imm, 1 / 5)} of IMM's {imm} s (authors)")
    for strategy in ("top degree", "local leaders", "friend of random", "random"):
        row(name, strategy, None, judge(graph, nominate(graph, K, strategy=strategy, seed=1)))
    other, nodes = peer(graph, "OPIM-C")
    row(
        name,
        "pynetim OPIM-C",
        other,
        judge(graph, nodes),
        f"Tenfold's certificate takes {began / other:.3g} of it ({began.cpu / other.cpu:.3g} by CPU)",
    )
    other, nodes = peer(graph, "IMM")
    theirs = judge(graph, nodes)
    text = f"time: {met(spent / other, 1 / 5)} ({spent.cpu / other.cpu:.3g} by CPU)"
    text += f"; reach: {met(reach[0] / theirs[0], 0.998, least=True)}"
    row(name, "pynetim IMM", other, theirs, text)
    if name == "NetHEPT":
        long = tf.choose_seeds(graph, K, model=MODEL, quality=0.001, seed=1)
        best = judge(graph, long.nodes)
        text = f"Tenfold's default against it: {met(reach[0] / best[0], 0.99, least=True)}"
        row(name, f"long greedy ({long.sets} sets)", None, best, text)


def lapse() -> None:
    """People who lapse and take up again: sets against forward runs, and whom they choose against whom a cascade or the degree would."""
    model, steps = tf.models.sis(chance=0.08, recovery=0.15), 25
    graph = tf.generators.watts_strogatz(300, 6, 0.1, seed=3)
    mean, error = judge(graph, [10, 90, 200], model, steps)
    backward = tf.estimate_reach(graph, [10, 90, 200], model=model, steps=steps, seed=1)
    print(f"\nLapse, 300 people, 3 seeds, {steps} steps: forward {mean:.1f} ± {1.96 * error:.1f} practise at the end, ", end="")
    print(f"sets {backward.reach:.1f} ({backward.low:.1f} to {backward.high:.1f})")
    graph, model, steps = tf.read_graph(SHARED / "graphs" / "nethept.txt").simple(), tf.models.sis(chance=0.05, recovery=0.03), 20
    spent, found = timed(lambda seed: tf.choose_seeds(graph, K, model=model, steps=steps, seed=seed), 3)
    seeds = found[-1]
    print(f"NetHEPT, chance .05, lapse .03, {steps} steps, {K} seeds: {spent:.2f} s, {seeds.sets} sets; {seeds.guarantee}\n")
    print("| chosen by | practise at the end (judge, 95 %) |\n|---|---|")
    once = tf.choose_seeds(graph, K, model=tf.models.independent_cascade(chance=0.05), seed=1)
    choices = {f"Tenfold with lapse ({seeds.method})": seeds.nodes, "Tenfold as a cascade": once.nodes}
    choices["top degree"] = nominate(graph, K, strategy="top degree", seed=1)
    for name, nodes in choices.items():
        mean, error = judge(graph, nodes, model, steps)
        print(f"| {name} | {mean:.1f} ± {1.96 * error:.1f} |", flush=True)


def villages() -> None:
    """The worst village of 22 with five seeds each: as many seeds for all methods, judged on the same draws."""
    with gzip.open(SHARED / "villages" / "households.csv.gz") as one, gzip.open(SHARED / "villages" / "ties.csv.gz") as two:
        homes, ties = pl.read_csv(one.read()), pl.read_csv(two.read())
    number = {(v, h): k for k, (v, h) in enumerate(zip(homes["village"], homes["household"], strict=True))}
    a = np.array([number[v, h] for v, h in zip(ties["village"], ties["a"], strict=True)])
    b = np.array([number[v, h] for v, h in zip(ties["village"], ties["b"], strict=True)])
    joined, village = homes["joined"].to_numpy() == 1, homes["village"].to_numpy()
    both = np.concatenate([a, b]), np.concatenate([b, a])
    graph = tf.Graph.from_edges(*both, homes.height, weight=np.where(joined[both[0]], 0.35, 0.05), directed=True).simple()
    names = np.unique(village)
    total = 5 * len(names)
    began = time.perf_counter()
    fair = tf.choose_seeds(graph, total, model=MODEL, objective="worst_group", groups=village, seed=1)
    spent = time.perf_counter() - began
    each, cover = [], []
    centrality = diffusion_centrality(graph)
    for value in (graph.degree(), centrality):
        best = [np.flatnonzero(village == v)[np.argsort(-value[village == v], kind="stable")[:5]] for v in names]
        each.append(np.concatenate(best))
    anywhere = tf.choose_seeds(graph, total, model=MODEL, seed=1).nodes
    for v in names:  # greedy cover within each village: the most that five seeds of its own can do
        out = np.flatnonzero(village != v)
        cover.append(tf.choose_seeds(graph, 5, model=MODEL, excluded=out, seed=1).nodes)
    choices = {
        "Tenfold, worst_group": fair.nodes,
        "degree, 5 in each": each[0],
        "diffusion centrality, 5 in each": each[1],
        "greedy cover, 110 anywhere": anywhere,
        "greedy cover, 5 in each": np.concatenate(cover),
    }
    print(f"\nVillages: {len(names)}, {homes.height} households, {total} seeds; {spent:.2f} s; {fair.guarantee}\n")
    print("| choice | share reached in the worst village | Tenfold is better by (95 %) |\n|---|---|---|")
    shares = {}
    for name, nodes in choices.items():
        final = tf.simulate(MODEL, graph, steps=100, start={"I": nodes.tolist()}, replicates=RUNS, seed=7, keep=("final",)).final
        reached = np.stack([(final[:, village == v] != 0).mean(axis=1) for v in names], axis=1)
        shares[name] = reached
        worst = reached[:, reached.mean(axis=0).argmin()]
        first = shares["Tenfold, worst_group"]
        gap = first[:, first.mean(axis=0).argmin()] - worst
        better = "" if name.startswith("Tenfold") else f"{gap.mean():.4f} ± {1.96 * gap.std() / RUNS**0.5:.4f}"
        print(f"| {name} | {worst.mean():.4f} (village {names[reached.mean(axis=0).argmin()]}) | {better} |", flush=True)


def diffusion_centrality(graph: tf.Graph, steps: int = 4) -> np.ndarray:
    """Σ (weights)^t 1 over t = 1..steps (Banerjee, Chandrasekhar, Duflo, Jackson 2013, doi:10.1126/science.1236498)."""
    from scipy import sparse

    matrix = sparse.csr_array((graph.weight, graph.other, graph.start), shape=(graph.n, graph.n))
    reach, total = np.ones(graph.n), np.zeros(graph.n)
    for _ in range(steps):
        reach = matrix @ reach
        total += reach
    return total


MEMORY = """
import sys, numpy as np, machine, tenfold as tf
graph = tf.Graph(*(np.load(f"{sys.argv[1]}/{name}.npy") for name in ("start", "other", "weight"))); before = machine.peak_gb()
tf.choose_seeds(graph, 50, model=tf.models.weighted_cascade(), seed=1); print(f"{machine.peak_gb():.2f} {before:.2f}")
"""


def memory(graph: tf.Graph) -> None:
    """The peak of a process that loads a graph and chooses on it."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("start", "other", "weight"):
            np.save(f"{place}/{name}.npy", getattr(graph, name))
        here = Path(__file__).parent
        peak = subprocess.run([sys.executable, "-c", MEMORY, place], capture_output=True, text=True, check=True, cwd=here)
    whole, before = peak.stdout.split()
    print(f"\nMemory at {graph.n:,}: {whole} GB in all, {before} GB of it the loaded graph ({met(float(whole), 2)})")


def main() -> None:
    """Print the tables."""
    print(machine.name(), flush=True)
    print("\n| graph | who | seconds | CPU seconds | reach (judge, 95 %) | |\n|---|---|---|---|---|---|", flush=True)
    case("NetHEPT", tf.read_graph(SHARED / "graphs" / "nethept.txt").simple().with_chance_by_degree(), 7)
    for n in () if QUICK else (100_000, 1_000_000):
        case(f"scale-free {n:,}", scale_free(n), 3)
    if not QUICK:
        memory(scale_free(1_000_000))
    lapse()
    villages()


if __name__ == "__main__":
    main()
