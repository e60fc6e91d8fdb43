"""Give every command damaged and hostile community files, and look what it says.

    python benchmarks/hostile_files.py [--files 1000] [--seed 0] [--processes 20]

Each file is made by a seed from a small community: bits flipped, cut short, pages swapped or zeroed, the schema edited (triggers, views,
generated and extra columns, virtual tables, recursion), values of wrong types or absurd ones, b-trees that lead back to themselves,
plans that unpack to gigabytes, other application ids, journals of other files. Commands run on it in a child of this process that is
watched; a sample runs as `tenfold` does. For each command there has to be

- either its result (exit code 0), or one line of under 600 printable characters (exit code 1), and no traceback and no other end;
- an end within 5 seconds of processor time and 1 GB of memory;
- the file as it was, for a command that only reads.

Prints a line for each way of damage; exit code 1 where anything was otherwise.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import hashlib
import io
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hostile_ways import WAYS

MAIN = "from tenfold.app.cli import main; main()"
READ = (("status",), ("bonds",), ("circles",), ("forecast",), ("left-out",), ("check",), ("backup", "copy.db"), ("export", "out"))
WRITE = (("log", "p001", "p003"), ("pause", "p001"), ("merge", "p001", "p003"), ("import", "more.csv"), ("check", "--repair"))
SECONDS, MEGABYTES, LETTERS = 5.0, 1024, 600


@dataclass
class Ended:
    """How a command ended: exit code, what it wrote to stderr, seconds of processor time, peak memory in MB."""

    code: int
    errors: str
    seconds: float
    megabytes: float


@dataclass
class Tally:
    """What came of one way of damage."""

    files: int = 0
    runs: int = 0
    refused: int = 0
    slowest: float = 0.0
    largest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def prepare(folder: Path) -> Path:
    """A community of 60 people with a plan, made by the commands themselves, in a process of its own."""
    code = (
        "import sys; from pathlib import Path; from community import demo_files; import subprocess\n"
        f"run = lambda *args: subprocess.run([sys.executable, '-c', {MAIN!r}, '--quiet', *map(str, args)], check=True, stdout=-1)\n"
        "run('import', *demo_files(Path('in'), n=60))\n"
        "run('plan', '--at', '2026-11-24', '--replicates', '2')\n"
    )
    tests = str(Path(__file__).resolve().parents[1] / "tests")
    places = os.pathsep.join([tests, *filter(None, sys.path)])
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, env=environment() | {"PYTHONPATH": places})
    return folder / "tenfold.db"


def environment() -> dict[str, str]:
    """That of the commands."""
    return {key: value for key, value in os.environ.items() if key not in ("TENFOLD_DB", "TENFOLD_DEBUG")} | {
        "RUST_BACKTRACE": "0"
    }


def run_forked(args: tuple[str, ...], home: Path) -> Ended:
    """Run a command in a child of this process."""
    errors = home / "stderr"
    child = os.fork()
    if child == 0:
        _become_command(args, home, errors)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(60)
    _, status, used = os.wait4(child, 0)
    signal.alarm(0)
    text = errors.read_text(encoding="utf-8", errors="replace")
    return Ended(os.waitstatus_to_exitcode(status), text, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _become_command(args: tuple[str, ...], home: Path, errors: Path) -> None:
    """In the child: be the command, and end."""
    code = 70
    try:
        os.chdir(home)
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        target = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(target, 2)
        sys.argv = ["tenfold", "--quiet", *args]
        from tenfold.app.cli import main

        main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException as error:
        os.write(2, f"Traceback: {error!r}".encode())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def run_process(args: tuple[str, ...], home: Path) -> Ended:
    """Run a command as a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(
        [sys.executable, "-c", MAIN, "--quiet", *args], cwd=home, capture_output=True, timeout=120, env=environment(), check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ended(ran.returncode, ran.stderr.decode("utf-8", "replace"), used, 0.0)


def judge(ended: Ended, seconds: float) -> str:
    """What is wrong with the end of a command; empty if nothing is."""
    lines = [line for line in ended.errors.splitlines() if line.startswith("tenfold: ")]
    if ended.code not in (0, 1):
        return f"exit code {ended.code}: {ended.errors[-300:]}"
    if "Traceback" in ended.errors or "panicked" in ended.errors or "a fault of Tenfold" in ended.errors:
        return ended.errors[-300:]
    if ended.code == 1 and (len(lines) != 1 or len(lines[0]) >= LETTERS or not lines[0].isprintable()):
        return f"{len(lines)} lines: {ended.errors[:700]}"
    if ended.seconds > seconds or ended.megabytes > MEGABYTES:
        return f"{ended.seconds:.1f} s, {ended.megabytes:.0f} MB"
    return ""


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def try_file(way: str, seed: int, template: Path, home: Path, process: bool) -> tuple[list[str], list[Ended]]:
    """Make the file, and run two commands on it, one that reads and one that writes."""
    draw = random.Random(f"{way} {seed}")
    home.mkdir()
    db = home / "tenfold.db"
    shutil.copyfile(template, db)
    (home / "more.csv").write_text("time,a,b\n2026-11-01,p001,p003\n2026-11-02,p001,p004\n")
    WAYS[way](db, draw)
    wrong, ends = [], []
    for commands in (READ, WRITE):
        args = draw.choice(commands)
        before, journal = digest(db), (home / "tenfold.db-journal").exists()
        ended = (run_process if process else run_forked)(args, home)
        ends.append(ended)
        fault = judge(ended, SECONDS * (2 if process else 1))
        if not fault and commands is READ and digest(db) != before and not journal:
            fault = "the file was changed"
        if fault:
            wrong.append(f"{way} {seed}, tenfold {' '.join(args)}: {fault}")
    shutil.rmtree(home)
    return wrong, ends


def run_all(files: int, seed: int, processes: int, template: Path | None = None) -> dict[str, Tally]:
    """Make the files, of the one in `template`, and run the commands; a tally for each way of damage."""
    import polars
    import rich.console
    import rich.table

    import tenfold.app.commands.status
    import tenfold.people.store
    import tenfold.report.folder

    del polars, rich, tenfold
    found: dict[str, Tally] = collections.defaultdict(Tally)
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "first").mkdir()
        template = template or prepare(Path(place) / "first")
        ways = list(WAYS)
        for number in range(files):
            way = ways[number % len(ways)]
            process = number * processes // files != (number + 1) * processes // files
            wrong, ends = try_file(way, seed + number // len(ways), template, Path(place) / "home", process)
            tally = found[way]
            tally.files += 1
            tally.runs += len(ends)
            tally.refused += sum(one.code == 1 for one in ends)
            tally.slowest = max(tally.slowest, *(one.seconds for one in ends))
            tally.largest = max(tally.largest, *(one.megabytes for one in ends))
            tally.wrong += wrong
            for line in wrong:
                print(f"  {line}", flush=True)
    return found


def table(found: dict[str, Tally]) -> str:
    """A line for each way of damage, and the totals."""
    out = io.StringIO()
    print(f"{'way':<28} files   runs  one line  went through  slowest s  peak MB  wrong", file=out)
    total = Tally()
    for way, one in found.items():
        total.files, total.runs, total.refused = total.files + one.files, total.runs + one.runs, total.refused + one.refused
        total.slowest, total.largest = max(total.slowest, one.slowest), max(total.largest, one.largest)
        total.wrong += one.wrong
        print(_row(way, one), file=out)
    print(_row("all", total), file=out)
    return out.getvalue()


def _row(way: str, one: Tally) -> str:
    through = one.runs - one.refused - len(one.wrong)
    counts = f"{way:<28} {one.files:>5}  {one.runs:>5}  {one.refused:>8}  {through:>12}"
    return f"{counts}  {one.slowest:>9.2f}  {one.largest:>7.0f}  {len(one.wrong):>5}"


def main() -> int:
    """Run, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=20, help="How many of the files are given to processes of their own.")
    parser.add_argument(
        "--template", type=Path, help="The community file that is damaged, in copies. [default: a small one with a plan]"
    )
    asked = parser.parse_args()
    found = run_all(asked.files, asked.seed, asked.processes, asked.template)
    print(table(found), end="")
    return 1 if any(one.wrong for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
