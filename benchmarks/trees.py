"""Two checkouts of Tenfold beside each other: `python benchmarks/trees.py OTHER_CHECKOUT [CASE …]`.

For each case and round a process of each checkout in turn runs it once to warm up, then three times; its time is the least of the three.
Printed are the medians of five rounds, of wall and of processor time, and the ratio this ÷ other. Cases use public names that both have.
The first run of `tenfold demo` begins with an empty kernel cache. Run it alone, on an idle machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import machine
import tenfold as tf

HERE, ROUNDS = Path(__file__).resolve().parents[1], 5
Call = Callable[[], object]


def graph(n: int) -> tf.Graph:
    return tf.generators.erdos_renyi(n, 10.0, seed=1)


def triangles(n: int) -> tf.Groups:
    rng = np.random.default_rng(1)
    found = np.unique(np.sort(rng.integers(0, n, (2 * n, 3)), axis=1), axis=0)
    found = found[(found[:, 0] < found[:, 1]) & (found[:, 1] < found[:, 2])]
    return tf.Groups.from_pairs(found.ravel(), np.repeat(np.arange(len(found)), 3), n)


def run(model: tf.Model, n: int, replicates: int = 1, clock: str = "steps", *, groups: bool = False) -> Call:
    """A simulation from a share of .001 in the second state."""
    network, start = graph(n), {model.states[1]: 0.001}
    more = {"groups": triangles(n)} if groups else {}
    return lambda: tf.simulate(model, network, steps=50, start=start, replicates=replicates, seed=1, clock=clock, **more)


def seeds(n: int, **options: object) -> Call:
    network = graph(n).with_chance_by_degree()
    return lambda: tf.choose_seeds(network, 50, model=tf.models.weighted_cascade(), seed=1, **options)


RATED = tf.models.sir(rate=0.05, recovery_rate=0.1)
CASES: dict[str, Callable[[], Call]] = {
    "SIR, 600,000": lambda: run(tf.models.sir(), 600_000),
    "SIR, 10,000, 100 replicates": lambda: run(tf.models.sir(), 10_000, 100),
    "cascade, 100,000, 200 replicates": lambda: run(tf.models.independent_cascade(chance=0.1), 100_000, 200),
    "threshold, 600,000": lambda: run(tf.models.threshold(fraction=0.12), 600_000),
    "simplicial, 100,000": lambda: run(tf.models.simplicial(), 100_000, groups=True),
    "continuous SIR, 600,000": lambda: run(RATED, 600_000, 1, "continuous"),
    "continuous SIR, 10,000, 20 replicates": lambda: run(RATED, 10_000, 20, "continuous"),
    "continuous Bass, 10,000, 20 replicates": lambda: run(
        tf.models.bass(rate=0.003, imitation_rate=0.3), 10_000, 20, "continuous"
    ),
    "continuous simplicial, 10,000, 4 replicates": lambda: run(
        tf.models.simplicial(rate=0.02, group_rate=0.1, recovery_rate=0.2), 10_000, 4, "continuous", groups=True
    ),
    "choose_seeds, 100,000": lambda: seeds(100_000),
    "choose_seeds to .9, 10,000": lambda: seeds(10_000, quality=0.9),
    "run_world, 3,000,000": lambda: lambda: tf.run_world(tf.World(people=3_000_000), steps=50, seed=1),
    "run_wave, 3,000,000": lambda: lambda: tf.run_wave(3_000_000, seed=1),
}
COMMAND = "from tenfold.app.cli import main; main()"
DEMO = "first tenfold demo"


def work(name: str) -> None:
    """One case in this process; prints its wall and its processor seconds."""
    call, found = CASES[name](), []
    call()
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    print(min(found)[0], min(cpu for _, cpu in found))


def once(tree: Path, name: str, caches: Path) -> tuple[float, float]:
    """Wall and processor seconds of a case in the Python of a checkout."""
    python = tree / ".venv" / "bin" / "python"
    environment = os.environ | {
        "PYTHONPATH": f"{tree / 'src'}:{HERE / 'benchmarks'}",
        "TENFOLD_CACHE": str(caches / tree.name),
        "PYTHONPYCACHEPREFIX": str(caches / f"{tree.name}-pyc"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as after `pip install`
    if name != DEMO:
        arguments = [python, __file__, "--work", name]
        text = subprocess.run(arguments, env=environment, check=True, capture_output=True, text=True).stdout
        wall, cpu = map(float, text.split())
        return wall, cpu
    with tempfile.TemporaryDirectory() as folder:
        environment["TENFOLD_CACHE"] = f"{folder}/cache"
        before, began = os.times(), time.perf_counter()
        arguments = [python, "-c", COMMAND, "demo", "--no-open", "--folder", f"{folder}/demo"]
        subprocess.run(arguments, env=environment, check=True, capture_output=True)
        after = os.times()
        return time.perf_counter() - began, after.children_user - before.children_user


def main(other: Path, names: list[str]) -> None:
    print(machine.name())
    print("\n| case | this, s | other, s | ratio | ratio of processor time |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            found: dict[Path, list[tuple[float, float]]] = {HERE: [], other: []}
            for tree in found:
                once(tree, name, Path(folder))
            for number in range(ROUNDS):
                for tree in (HERE, other) if number % 2 else (other, HERE):
                    found[tree].append(once(tree, name, Path(folder)))
            mine, theirs = ([statistics.median(one[k] for one in found[tree]) for k in (0, 1)] for tree in (HERE, other))
            ratios = mine[0] / theirs[0], mine[1] / theirs[1]
            print(f"| {name} | {mine[0]:.3f} | {theirs[0]:.3f} | {ratios[0]:.2f} | {ratios[1]:.2f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--work":
        work(sys.argv[2])
    else:
        main(Path(sys.argv[1]).resolve(), sys.argv[2:] or [*CASES, DEMO])
