"""How long the world takes: the command with 600,000 people, and the cost a person from 10⁵ to 10⁸ people.

uv run python benchmarks/world.py               # up to 10⁷ people
uv run python benchmarks/world.py --most 8      # up to 10⁸
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime

import machine
from tenfold import World, WorldResult, run_world

BAR, REPEATS = 3.0, 5
PROGRAM = "from tenfold.app.cli import main; main()"


def command() -> tuple[list[float], float, float]:
    """Seconds of `tenfold world` as a process of its own, page and Parquet included, after a first one that fills the caches; the
    processor time and the memory of the last."""
    took, used, memory = [], 0.0, 0.0
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(REPEATS + 1):
            began = time.perf_counter()
            program = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, "world", "--json"], cwd=folder, env=environment, stdout=subprocess.DEVNULL
            )
            _, status, usage = os.wait4(program.pid, 0)
            took.append(time.perf_counter() - began)
            program.returncode = os.waitstatus_to_exitcode(status)
            if program.returncode:
                raise SystemExit(program.returncode)
            used, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6
    return took[1:], used, memory


def cost(world: World) -> tuple[float, float, WorldResult]:
    """Wall and processor seconds of a run, and the run."""
    began, used = time.perf_counter(), time.process_time()
    run = run_world(world, start="circle", seed=0)
    return time.perf_counter() - began, time.process_time() - used, run


def main(most: int) -> None:
    """Print the machine and the figures, as Markdown."""
    print(
        f"{machine.name()}; {datetime.now(UTC):%B %Y}; others at work on the machine: load {os.getloadavg()[1]:.1f} of the last minutes.\n"
    )
    took, used, memory = command()
    print("## `tenfold world`, 600,000 people, warm\n")
    print(f"{statistics.median(took):.2f} s (median of {REPEATS}, {min(took):.2f} to {max(took):.2f}; bar: {BAR:g} s), ", end="")
    print(f"{used:.2f} s of processor time, {memory:.2f} GB at most.\n")
    run_world(World.lived(100_000), steps=2)
    print("## The cost of `run_world` a person\n")
    print("| people | rules | steps | s | s of processor | ns a person | ns a person and step | GB at most so far |")
    print("|---|---|---|---|---|---|---|---|")
    for power in range(5, most + 1):
        for name, world in (("joining alone", World(10**power)), ("as in `tenfold world`", World.lived(10**power))):
            wall, busy, run = cost(world)
            steps, each = int(run.ends[0]), busy / 10**power * 1e9
            cells = [
                f"10^{power}",
                name,
                steps,
                f"{wall:.2f}",
                f"{busy:.2f}",
                f"{each:.0f}",
                f"{each / steps:.2f}",
                f"{machine.peak_gb():.2f}",
            ]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[sys.argv.index("--most") + 1]) if "--most" in sys.argv else 7)
