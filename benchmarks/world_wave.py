"""One wave through a world of nested tens: time, memory and cost per tie, beside random reads of the same footprint in the same run.

uv run python benchmarks/world_wave.py [--people 8.2e9] [--chance 1] [--alpha 1] [--threads 2] [--only] [--keep]

--only leaves out the smaller worlds. The run of the people asked for is kept in world_wave.json, beside this file, if it is larger
than the one that is there, or with --keep.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

import machine
from tenfold.kernels import rng
from tenfold.kernels.jit import jit
from tenfold.kernels.world.ties import hash64
from tenfold.world.wave import run_wave

RECORD = Path(__file__).with_suffix(".json")
READS = 50_000_000  # of a thread


@jit
def read(state: np.ndarray, reads: int, key: np.uint64) -> int:
    """Read words at random places, each independent of the others."""
    found, size = 0, np.uint64(state.size)
    for i in range(reads):
        found += state[np.int64(((hash64(key, i) >> np.uint64(32)) * size) >> np.uint64(32))]
    return found


def random_reads(words: int, threads: int) -> float:
    """Nanoseconds a read, all threads together."""
    state = np.ones(words, np.uint32)
    read(state[:10], 10, np.uint64(0))
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(lambda k: read(state, READS, np.uint64(k)), range(threads)))
        return (time.perf_counter() - began) / (READS * threads) * 1e9


def measure(people: int, options: argparse.Namespace, *, progress: bool) -> dict[str, Any]:
    """One run, between two measures of random reads."""
    words = -(-people // 10)
    reads, load = [random_reads(words, options.threads)], [os.getloadavg()[0]]
    began, busy = time.perf_counter(), time.process_time()

    def report(step: int, reached: int) -> None:
        if progress:
            print(f"step {step}: {reached / people:.6f} reached, {time.perf_counter() - began:.0f} s", flush=True)

    wave = run_wave(people, alpha=options.alpha, chance=options.chance, threads=options.threads, progress=report)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    load.append(os.getloadavg()[0])
    reads.append(random_reads(words, options.threads))
    return {
        "people": people,
        "ties": wave.ties.ties,
        "alpha": wave.ties.alpha,
        "chance": wave.chance,
        "seed": wave.ties.seed,
        "threads": options.threads,
        "steps": wave.steps,
        "reached": wave.reached,
        "tried": wave.tried,
        "counts": wave.counts.tolist(),
        "digest": wave.digest,
        "seconds": round(seconds, 3),
        "processor_seconds": round(busy, 3),
        "peak_gb": round(machine.peak_gb(), 3),
        "ns_per_tie": round(seconds / wave.tried * 1e9, 3),
        "processor_ns_per_tie": round(busy / wave.tried * 1e9, 3),
        "ns_per_random_read": [round(one, 3) for one in reads],
        "ratio": round(seconds / wave.tried * 1e9 / (sum(reads) / 2), 3),
        "load": [round(one, 2) for one in load],
        "machine": machine.name(),
        "when": time.strftime("%Y-%m-%d"),
        "kernels": KERNELS,
    }


def kernels_hash() -> str:
    """Which kernels they were: a hash of their sources."""
    found, kernels = hashlib.sha256(), Path(rng.__file__).parent
    for name in ("rng", "world/ties", "world/ties_batch", "world/wave"):
        found.update((kernels / f"{name}.py").read_bytes())
    return found.hexdigest()[:16]


KERNELS = kernels_hash()  # as they are loaded


def row(own: dict[str, Any]) -> str:
    """A line of the table."""
    reads = sum(own["ns_per_random_read"]) / 2
    return (
        f"| {own['people']:,} | {own['steps']} | {own['reached'] / own['people']:.4%} | {own['seconds']:.2f} | {own['peak_gb']:.2f} | "
        f"{own['ns_per_tie']:.2f} | {own['processor_ns_per_tie']:.2f} | {reads:.2f} | {own['ratio']:.2f} | {max(own['load']):.1f} |"
    )


def main() -> None:
    """Print the table, and keep the record."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=float, default=8.2e9)
    parser.add_argument("--alpha", type=float, default=1.0)
    parser.add_argument("--chance", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", action="store_true")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    run_wave(200_000, threads=options.threads)  # compiles the kernels
    print(machine.name(), "\n")
    print("| people | steps | reached | s | peak GB | ns a tie | of a processor | ns a random read | ratio | load |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    smaller = [] if options.only else [10**power for power in (6, 7, 8, 9) if 10**power < options.people]
    found = []
    for people in [*smaller, int(options.people)]:
        last = people == int(options.people)
        runs = [measure(people, options, progress=last) for _ in range(5 if people <= 10**7 else 1)]
        found.append(sorted(runs, key=lambda own: own["seconds"])[len(runs) // 2])
        print(row(found[-1]), flush=True)
    if len(found) > 1:
        costs = {own["people"]: own["seconds"] / own["people"] for own in found}
        top = max(power for power in costs if power <= 10**9)
        print(f"\nper person, {top:,} against 1,000,000: {costs[top] / costs[10**6]:.2f} (at most 2.5)")
    own = found[-1]
    if options.keep or not RECORD.exists() or json.loads(RECORD.read_text())["people"] < own["people"]:
        smaller_runs = [
            {key: one[key] for key in ("people", "seconds", "processor_seconds", "ns_per_tie", "digest")} for one in found[:-1]
        ]
        RECORD.write_text(json.dumps(own | {"smaller": smaller_runs}, indent=1) + "\n")


if __name__ == "__main__":
    main()
