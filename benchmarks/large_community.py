"""A community of 200,000 people and 5 million contacts: seconds and memory of import, status, bonds, left-out and plan.

    python benchmarks/large_community.py [--people 200000] [--contacts 5000000] [--seed 0] [--folder PLACE] [--only import,status,…]

The community is made up: groups of some tens, from a distribution with a heavy tail; each person has a few close bonds, within the group
and across, and contacts over them in the rhythm of a week; how active people are has a heavy tail as well. One in twenty is on the list and
was never in contact with anybody. Each command is a process of its own; printed are its seconds, those of the processors, the most memory
that it held, and the bars.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

import machine

ENDS = datetime(2026, 11, 24, tzinfo=UTC)
WEEKS = 40
MAIN = "from tenfold.app.cli import main; main()"
AT = ("--at", "2026-11-24")
COMMANDS: dict[str, tuple[tuple[str, ...], float]] = {
    "import": (("import", "people.csv", "contacts.csv"), 40),
    "status": (("status", *AT), 8),
    "bonds": (("bonds", *AT), 8),
    "left-out": (("left-out", *AT), 8),
    "plan": (("plan", *AT), 300),
}
"""The arguments, and the seconds that the command may take."""
MOST = 3.0  # GB of each


def make(folder: Path, people: int, contacts: int, seed: int) -> None:
    """Write people.csv and contacts.csv."""
    rng = np.random.default_rng(seed)
    size = np.clip(rng.pareto(1.6, people) * 12 + 8, 8, 600).astype(np.int64)
    group = np.repeat(np.arange(people), size)[:people]
    place = group // 12
    ids = np.array([f"m{k:06d}" for k in range(people)])
    syllables = np.array([one + other for one in "bdfghjklmnprstv" for other in "aeiou"])
    drawn = syllables[rng.integers(0, len(syllables), (5, people))]
    names = np.char.add(np.char.add(np.char.add(drawn[0], drawn[1]), " "), np.char.add(np.char.add(drawn[2], drawn[3]), drawn[4]))
    pl.DataFrame(
        {
            "id": ids,
            "name": names,
            "place": [f"place {k}" for k in place],
            "timezone": np.array(["Europe/Lisbon", "Asia/Ho_Chi_Minh", "America/Bogota", "Africa/Lagos"])[place % 4],
            "language": np.array(["pt", "vi", "es", "en"])[place % 4],
            "can_mentor": np.where(rng.random(people) < 0.1, "yes", "no"),
        }
    ).write_csv(folder / "people.csv")
    active = rng.lognormal(0, 1, people) * (rng.random(people) >= 0.05)
    ties = 4 * people
    a = rng.choice(people, ties, p=active / active.sum())
    near = np.clip(a + np.rint(rng.laplace(0, 8, ties)).astype(np.int64), 0, people - 1)
    b = np.where(rng.random(ties) < 0.85, near, rng.choice(people, ties, p=active / active.sum()))
    kept = (a != b) & (active[b] > 0)
    a, b = a[kept], b[kept]
    begins, ends = np.sort(rng.random((2, len(a))) * 1.4 - 0.2, axis=0).clip(0, 1) * WEEKS * 7
    share = rng.pareto(2.0, len(a)) + 0.2
    share *= ends - begins
    tie = rng.choice(len(a), contacts, p=share / share.sum())
    weekday = rng.integers(0, 7, len(a))[tie]
    day = begins[tie] + rng.random(contacts) * (ends - begins)[tie]
    day = np.where(rng.random(contacts) < 0.6, np.floor(day / 7) * 7 + weekday, np.floor(day)).clip(0, WEEKS * 7 - 1)
    seconds = (day * 86_400 + rng.normal(18, 3, contacts).clip(6, 23) * 3600).astype(np.int64)
    times = pl.Series(seconds).cast(pl.Int64) + int((ENDS - timedelta(weeks=WEEKS)).timestamp())
    turned = rng.random(contacts) < 0.5
    pl.DataFrame(
        {
            "time": pl.from_epoch(times, time_unit="s").dt.to_string("%Y-%m-%d %H:%M:%S"),
            "a": ids[np.where(turned, a[tie], b[tie])],
            "b": ids[np.where(turned, b[tie], a[tie])],
            "kind": np.array(["call", "message", "meet"])[rng.integers(0, 3, contacts)],
        }
    ).sort("time").write_csv(folder / "contacts.csv")


def measured(folder: Path, args: tuple[str, ...], limit: float) -> tuple[int, float, float, float, str]:
    """Exit code, seconds, seconds of processors, and most gigabytes of one command, and the end of what it said."""
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-c", MAIN, *args], cwd=folder, stdout=subprocess.DEVNULL, stderr=said)
        while (found := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            time.sleep(0.05)
            if time.perf_counter() - began > limit:
                process.kill()
        said.seek(0)
        words = said.read().decode()[-300:]
    _, status, used = found
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e9, words


def main() -> int:
    """Make, measure, print; exit code 1 where a command fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--contacts", type=int, default=5_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="Keep the community there, and use it again. [default: a scratch folder]")
    parser.add_argument("--only", default=",".join(COMMANDS))
    parser.add_argument("--limit", type=float, default=1800, help="Seconds after which a command is stopped.")
    asked = parser.parse_args()
    print(machine.name(), f"load {os.getloadavg()[0]:.1f}")
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "contacts.csv").exists():
            make(folder, asked.people, asked.contacts, asked.seed)
        print(f"{asked.people:,} people, {asked.contacts:,} contacts\ncommand   seconds    cpu    bar     GB    bar")
        for name in asked.only.split(","):
            args, bar = COMMANDS[name]
            if name == "import":
                for old in folder.glob("tenfold.db*"):
                    old.unlink()
            code, seconds, cpu, memory, words = measured(folder, args, asked.limit)
            print(
                f"{name:<9} {seconds:7.1f} {cpu:6.1f} {bar:6.0f} {memory:6.2f} {MOST:6.1f}",
                "" if code == 0 else f"code {code}: {words}",
                flush=True,
            )
            failed |= code != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
