"""Fuzz every reader with inputs that are mutated from valid ones: each has to be read, or to be refused in one clear line.

    python benchmarks/fuzz.py [--inputs 100000] [--seed 0] [--reader NAME] [--first 0] [--seconds S] [--show CASE]

An input passes if reading it ends within 2 seconds and 1 GB, by a result or by a `TenfoldError` whose message is one line of fewer than
600 printable characters. The inputs are read in a process of its own with that much memory to take (RLIMIT_AS); if it dies or hangs, the
input counts as failed and another process goes on. Case k of a seed is always the same; --show k reads it again and shows all.

Prints a table of readers: inputs, how many were read and refused, failures, the slowest, inputs a second; then each kind of failure with a
case of it. Exit code 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS, BYTES, HANGS = 2.0, 10**9, 30.0
AT_ONCE, REPORT = 20_000, 200  # inputs of one process, and of one report of it
FREE = 64_000_000  # bytes that a reader may believe are free, so that what asks for more is refused at once


@dataclass
class Tally:
    """What came of the inputs of one reader. `failures`: how many of each kind; `cases`: the first of each."""

    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    cases: dict[str, int] = field(default_factory=dict)

    def add(self, other: dict[str, Any]) -> None:
        self.read += other.get("read", 0)
        self.refused += other.get("refused", 0)
        self.seconds += other.get("seconds", 0)
        self.slowest = max(self.slowest, other.get("slowest", 0))
        self.failures.update(other["failures"])
        self.cases = other["cases"] | self.cases


def draw(case: int, seed: int, chosen: list[Any]) -> tuple[Any, bytes, str, random.Random]:
    """The reader, the input and the ending of its name of a case, and the generator for the rest."""
    rng = random.Random(f"{seed} {case}")
    reader = chosen[case % len(chosen)]
    return reader, reader.make(rng), rng.choice(reader.suffixes), rng


def failure_of(error: BaseException) -> str:
    """The kind of a fault: its type and where in Tenfold it was raised."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if f"{os.sep}tenfold{os.sep}" in one.filename]
    where = f"{Path(frames[-1].filename).stem}:{frames[-1].lineno}" if frames else "outside"
    return f"{type(error).__name__} at {where}"


def try_case(path: Path, reader: Any, rng: random.Random) -> tuple[str, str]:
    """Read a file: "read", "refused" or a kind of failure, and the message."""
    from fuzz_readers import is_clear
    from tenfold.errors import TenfoldError

    try:
        reader.read(path, rng)
    except TenfoldError as error:
        return is_clear(str(error)) or "refused", str(error)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # panics of compiled libraries are no Exception
        return failure_of(error), str(error)
    return "read", ""


def work(cases: Iterable[int], seed: int, chosen: list[Any]) -> Iterator[tuple[int, dict[str, Tally]]]:
    """Read cases; gives each before it begins, and what came of those before it."""
    import warnings

    warnings.simplefilter("ignore")
    tallies: dict[str, Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        for case in cases:
            yield case, tallies
            reader, data, suffix, rng = draw(case, seed, chosen)
            path = Path(folder, f"f{suffix}")
            path.write_bytes(data)
            tally = tallies[reader.name]
            began = time.process_time()
            came, _ = try_case(path, reader, rng)
            took = time.process_time() - began
            if came in ("read", "refused"):
                setattr(tally, came, getattr(tally, came) + 1)
                came = "more than 2 s" if took > SECONDS else ""
            if came:
                tally.failures[came] += 1
                tally.cases.setdefault(came, case)
            tally.seconds, tally.slowest = tally.seconds + took, max(tally.slowest, took)
            for left in os.listdir(folder):
                os.unlink(os.path.join(folder, left))
    yield -1, tallies


def choose(name: str | None) -> list[Any]:
    """The readers that are asked for."""
    from fuzz_readers import readers
    from tenfold import memory

    known = readers()
    memory.available_memory = lambda: FREE
    if name is not None and name not in known:
        sys.exit(f"--reader is {name!r}; expected one of {', '.join(known)}.")
    return [one for one in known.values() if name in (None, one.name)]


def worker(cases: list[int], seed: int, name: str | None, position: str) -> None:
    """A process that reads: it notes the case that begins in a file, and prints the tallies as JSON now and then."""
    chosen = choose(name)
    for _ in work(range(len(chosen)), seed, chosen):
        pass  # what is loaded and compiled once counts for none
    from fuzz_readers import warm

    warm()
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + BYTES, used + BYTES))
    noted = os.open(position, os.O_RDWR)
    for done, (case, tallies) in enumerate(work(cases, seed, chosen)):
        if case < 0 or (done and done % REPORT == 0):
            print(json.dumps([done, {reader: vars(tally) for reader, tally in tallies.items()}]), flush=True)
            tallies.clear()
        os.pwrite(noted, b"%12d" % case, 0)


def supervise(options: argparse.Namespace, names: list[str]) -> dict[str, Tally]:
    """Run workers one after the other; what kills or hangs one is a failure, and the cases after it go to the next."""
    total: dict[str, Tally] = {name: Tally() for name in names}
    began, skipped = time.monotonic(), set()
    case, last = options.first, options.first + options.inputs
    with tempfile.TemporaryDirectory() as folder:
        position = Path(folder, "position")
        while case < last and time.monotonic() - began < options.seconds:
            cases = [one for one in range(case, min(case + AT_ONCE, last)) if one not in skipped]
            position.write_bytes(b"%12d" % -1)
            job = {"cases": cases, "seed": options.seed, "name": options.reader, "position": str(position)}
            died, output = run_worker(job, position)
            reports = [json.loads(line) for line in output.splitlines() if line.endswith("]")]
            for _, tallies in reports:
                for name, tally in tallies.items():
                    total[name].add(tally)
            if died:
                at = int(position.read_bytes())
                if at < 0:
                    sys.exit(f"a worker could not begin: {died}")
                skipped.add(at)
                total[names[at % len(names)]].add({"failures": {died: 1}, "cases": {died: at}})
            done = reports[-1][0] if reports else 0
            case = cases[done] if done < len(cases) else cases[-1] + 1
            print(f"{case - options.first:>9,} inputs, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return total


def run_worker(job: dict[str, Any], position: Path) -> tuple[str, str]:
    """Run a worker to its end, or until a case hangs; returns how it failed, if it did, and what it printed."""
    single = dict.fromkeys(("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    given = position.with_name("job")
    given.write_text(json.dumps(job))
    process = subprocess.Popen(
        [sys.executable, __file__, "--worker", str(given)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | single | {"MALLOC_ARENA_MAX": "2"},
    )
    reached, since = -1, time.monotonic()
    while True:
        try:
            output = process.communicate(timeout=1)[0]
            return f"the process died ({process.returncode})" if process.returncode else "", output
        except subprocess.TimeoutExpired:
            now = int(position.read_bytes())
            reached, since = (now, time.monotonic()) if now != reached else (reached, since)
            if time.monotonic() - since > (HANGS if now >= 0 else 10 * HANGS):
                process.send_signal(signal.SIGKILL)
                return f"more than {HANGS:.0f} s", process.communicate()[0]


def show(case: int, options: argparse.Namespace) -> None:
    """Read one case in this process and print all about it."""
    chosen = choose(options.reader)
    reader, data, suffix, rng = draw(case, options.seed, chosen)
    print(f"{reader.name}{suffix}: {len(data):,} bytes\n{data[:1500]!r}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"f{suffix}")
        path.write_bytes(data)
        if options.keep:
            Path(options.keep).write_bytes(data)
        began = time.process_time()
        try:
            print(repr(reader.read(path, rng))[:1000])
        finally:
            print(f"{time.process_time() - began:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fuzz every reader.")
    parser.add_argument("--inputs", type=int, default=100_000, help="How many inputs.")
    parser.add_argument("--first", type=int, default=0, help="The first case.")
    parser.add_argument("--seed", type=int, default=0, help="The same seed, the same cases.")
    parser.add_argument("--reader", help="Only this one.")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="Begin nothing new after so many.")
    parser.add_argument("--show", type=int, metavar="CASE", help="Read one case here and show it.")
    parser.add_argument("--keep", metavar="FILE", help="With --show: keep the input in this file.")
    parser.add_argument("--worker", metavar="JOB", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return worker(**json.loads(Path(options.worker).read_text()))
    if options.show is not None:
        return show(options.show, options)
    began = time.monotonic()
    found = supervise(options, [one.name for one in choose(options.reader)])
    took = time.monotonic() - began
    print(f"{'reader':22} {'inputs':>9} {'read':>9} {'refused':>9} {'failed':>7} {'slowest':>8} {'a second':>9}")
    for name, tally in found.items():
        failed = sum(tally.failures.values())
        count = tally.read + tally.refused + failed
        rate = count / tally.seconds if tally.seconds else 0
        print(f"{name:22} {count:9,} {tally.read:9,} {tally.refused:9,} {failed:7,} {tally.slowest:6.2f} s {rate:9,.0f}")
    count = sum(one.read + one.refused + sum(one.failures.values()) for one in found.values())
    failed = sum(sum(one.failures.values()) for one in found.values())
    print(f"{count:,} inputs in {took:.0f} s ({count / took:.0f} a second), {failed:,} failed")
    for name, tally in found.items():
        for kind, times in tally.failures.most_common():
            print(f"  {name}: {kind}: {times:,}, such as --show {tally.cases[kind]}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
