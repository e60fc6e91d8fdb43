"""Kill every command that writes, at random moments and at each step of its commit, and look whether anything is lost or mixed.

    python benchmarks/kills.py [--kills 40] [--seed 0] [--only log,plan,…]

Each kill is one SIGKILL to a process of `tenfold`, in a copy of a small community and of what the commands wrote before. Every other kill
comes at a moment drawn from 0 to the time that the command takes; those between come before or after it makes, replaces or removes a file,
or begins or ends a transaction, at steps spread over all of them. Then the community file is opened by a command that writes, and

- the community file is whole, and holds all that the command changes or nothing of it;
- every output folder holds the files of one run: those before, or those of the command, as the community file says;
- a file of the user's in each folder is as it was;
- the same command goes through, without --force, and nothing of the killed run is left beside its files;
- a world that was killed goes on from its checkpoint and ends as one that was not.

Prints a line for each command and one with the totals; exit code 1 where anything was lost or mixed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
MAIN = "from tenfold.app.cli import main; main()"
ARMED = (  # kills itself at a step, or says how many there are
    "import atexit, kill_switch, pathlib; count = kill_switch.arm({at}); "
    "atexit.register(lambda: pathlib.Path('steps').write_text(str(count()))); "
)
CHECKPOINTS = (  # written at every step
    "from tenfold.world import checkpoint, run; checkpoint.INTERVAL = -1.0; run.CHUNK = 2; " + MAIN
)
AT = ("--at", "2026-11-24")
SPEC = 'steps = 20\nreplicates = 20\nseed = 1\n[model]\nlibrary = "sir"\n[graph]\ngenerator = "erdos_renyi"\nn = 200\nmean_degree = 6.0\n'
SPEC += "[start]\nI = 3\n"


@dataclass(frozen=True)
class Writer:
    """A command that writes. `folder`: where it writes files, if anywhere; `table`: of the community file, that it changes, if any."""

    name: str
    args: tuple[str, ...]
    folder: str = ""
    table: str = ""
    code: str = MAIN


WRITERS = (
    Writer("import", ("import", "people.csv", "more.csv"), table="import"),
    Writer("log", ("log", "p01", "p03"), table="contact"),
    Writer("pause", ("pause", "p01"), table="person"),
    Writer("resume", ("resume", "p20"), table="person"),
    Writer("merge", ("merge", "p01", "p02"), table="merged"),
    Writer("done", ("done", "{who}", "{whom}", "--not-reached"), table="task"),
    Writer("decide", ("decide", "apart", "p01", "p03"), table="decision"),
    Writer("forget", ("forget", "p07", "--yes"), table="person"),
    Writer("undo", ("undo", "2"), table="person"),
    Writer("backup", ("backup", "kept.db", "--force")),
    Writer("plan", ("plan", *AT, "--replicates", "2"), "tenfold-plan", "plan"),
    Writer("export", ("export", "out", *AT), "out"),
    Writer("pseudonymise", ("pseudonymise", "shared", "--key", "key.txt"), "shared"),
    Writer("simulate", ("simulate", "spec.toml"), "tenfold-simulation"),
    Writer("claims", ("claims", "C4"), "tenfold-claims"),
    Writer("demo", ("demo", "--people", "60", "--no-open"), "tenfold-demo/plan"),
    Writer("seeds", ("seeds", "ties.csv", "-k", "3", "--out", "chosen/seeds.csv"), "chosen"),
    Writer("world", ("world", "--people", "3000", "--steps", "60", "--checkpoint", "w.npz"), "tenfold-world", code=CHECKPOINTS),
)


@dataclass(frozen=True)
class Kill:
    """When a command is killed: `after` seconds, or `at` a step of its commit."""

    after: float | None = None
    at: int | None = None


def run(writer: Writer, home: Path, kill: Kill = Kill()) -> tuple[int, str, float]:
    """Run a command in `home`; returns its exit code, what it printed to stderr, and its seconds."""
    began = time.monotonic()
    code = writer.code if kill.at is None else ARMED.format(at=kill.at) + writer.code
    args = [pair_of_a_task(home).get(one, one) for one in writer.args] if "{who}" in writer.args else writer.args
    process = subprocess.Popen(
        [sys.executable, "-c", code, *args],
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "TENFOLD_DB"}
        | {"PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, sys.path)])},
    )
    if kill.after is not None:
        time.sleep(max(kill.after, 0))
        process.send_signal(signal.SIGKILL)
    _, errors = process.communicate()
    return process.returncode, errors, time.monotonic() - began


def pair_of_a_task(home: Path) -> dict[str, str]:
    """Who is to contact whom by the first task."""
    with closing(sqlite3.connect(home / "tenfold.db")) as db:
        sql = "SELECT a.id, b.id FROM task JOIN person a ON a.key = who JOIN person b ON b.key = whom ORDER BY number LIMIT 1"
        return dict(zip(("{who}", "{whom}"), db.execute(sql).fetchone(), strict=True))


def community(home: Path, table: str) -> str:
    """A digest of a table of the community file, which has to be whole."""
    with sqlite3.connect(home / "tenfold.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("SELECT count(*) FROM pending_output").fetchone() == (0,)
        return hashlib.sha256(repr(db.execute(f"SELECT * FROM {table}").fetchall()).encode()).hexdigest()


def files(folder: Path) -> dict[str, str]:
    """Digests of the files of a folder that a person sees."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.relative_to(folder).parts[0].startswith(".tenfold-")
    }


def is_of_its_manifest(folder: Path) -> bool:
    """Whether the files of a folder are those of its manifest, and no placement has begun in it."""
    found = json.loads((folder / ".tenfold-manifest.json").read_text())
    there = files(folder)
    return found["placing"] is None and all(there.get(name) == digest for name, digest in found["files"].items())


def prepare(home: Path, writers: Sequence[Writer]) -> None:
    """A community, and the inputs and earlier outputs of all commands, with a file of the user's in each folder."""
    sys.path.insert(0, str(TESTS))
    from community import demo_files

    home.mkdir()
    demo_files(home, n=60)
    (home / "more.csv").write_text("time,a,b\n" + "".join(f"2026-11-{day:02},p01,p03\n" for day in range(1, 20)))
    (home / "ties.csv").write_text("source,target\n" + "".join(f"{k},{k * 7 % 101}\n" for k in range(1, 101)))
    (home / "spec.toml").write_text(SPEC)
    (home / "key.txt").write_text("0a" * 32)
    code, errors, _ = run(Writer("first", ("import", "people.csv", "contacts.csv", "attendance.csv")), home)
    assert code == 0, errors
    code, errors, _ = run(Writer("second", ("pause", "p02")), home)  # what is undone
    assert code == 0, errors
    for writer in writers:
        if writer.folder:
            code, errors, _ = run(writer, home)
            assert code == 0, (writer.name, errors)
            (home / writer.folder / "circle-1.ics").write_text("mine")


def kill_once(writer: Writer, home: Path, kill: Kill) -> tuple[str, str]:
    """Kill a command, and look; returns what came of it ("before", "after" or "went through"), and what is wrong."""
    folder = home / writer.folder
    old_files = files(folder) if writer.folder else {}
    old_table = community(home, writer.table) if writer.table else ""
    code, errors, _ = run(writer, home, kill)
    (home / "steps").unlink(missing_ok=True)
    if code not in (0, -signal.SIGKILL):
        return "failed", errors
    reopened, errors, _ = run(Writer("resume", ("resume", "p10")), home)
    if reopened:
        return "lost", f"the community file cannot be used: {errors}"
    for db in sorted((home / "tenfold-demo").glob("*.db")):  # each demo has one of its own, empty if the kill came early
        run(Writer("resume", ("--db", str(db), "resume", "p10")), home)
    if (kept := home / "kept.db").exists():
        with closing(sqlite3.connect(kept)) as db:
            if (
                db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
                or not db.execute("SELECT count(*) FROM person").fetchone()[0]
            ):
                return "lost", "the backup is not whole"
    changed = bool(writer.table) and community(home, writer.table) != old_table
    if writer.table and writer.folder and changed != (files(folder) != old_files):
        return "mixed", f"{writer.table} {'is' if changed else 'is not'} changed, and the files do not agree"
    again, errors, _ = run(writer, home)
    if again and not (writer.name in ("merge", "decide", "undo") and changed):
        return "lost", f"the same command does not go through: {errors}"
    if writer.folder:
        if (folder / "circle-1.ics").read_text() != "mine":
            return "lost", "a file of the user's"
        if not is_of_its_manifest(folder):
            return "mixed", "files are not those of the manifest"
        left = [one.name for one in folder.iterdir() if one.name.startswith(".tenfold-") and one.name != ".tenfold-manifest.json"]
        if left:
            return "mixed", f"{left[0]} is left"
        if writer.name == "world" and files(folder)["steps.parquet"] != old_files["steps.parquet"]:
            return "mixed", "the world that went on from its checkpoint ends otherwise"
    if left_over := [one.name for one in home.iterdir() if one.name.endswith(".tenfold-part")]:
        return "mixed", f"{left_over[0]} is left"
    return "went through" if code == 0 else "after" if changed else "before", ""


def main(given: Sequence[str] | None = None) -> int:
    """Kill, and print; exit code 1 where anything was lost or mixed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=44)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="The commands to kill, in place of all of them.")
    asked = parser.parse_args(given)
    draw, wrong, total = random.Random(asked.seed), 0, 0
    writers = [one for one in WRITERS if asked.only is None or one.name in asked.only.split(",")]
    with tempfile.TemporaryDirectory() as place:
        first = Path(place) / "first"
        prepare(
            first, [one for one in WRITERS if one in writers or (one.name == "plan" and any(w.name == "done" for w in writers))]
        )
        print(f"{'command':<10} kills  before  after  went through  lost or mixed", flush=True)
        for number, writer in enumerate(writers):
            kills = asked.kills // len(writers) + (number < asked.kills % len(writers))
            counts: dict[str, int] = {}
            shutil.copytree(first, whole := Path(place) / "whole", symlinks=True)
            taken = run(writer, whole)[2]
            shutil.rmtree(whole)
            shutil.copytree(first, whole, symlinks=True)
            run(writer, whole, Kill(at=0))
            steps = int((whole / "steps").read_text())
            shutil.rmtree(whole)
            for k in range(kills):
                kill = Kill(after=draw.uniform(0, taken)) if k % 2 else Kill(at=1 + k * steps // kills)
                home = Path(place) / "home"
                shutil.copytree(first, home, symlinks=True)
                what, why = kill_once(writer, home, kill)
                counts[what] = counts.get(what, 0) + 1
                if why:
                    wrong += 1
                    print(f"  {writer.name}, {kill}: {what}: {why}", flush=True)
                shutil.rmtree(home)
            total += kills
            bad = kills - sum(counts.get(one, 0) for one in ("before", "after", "went through"))
            row = [counts.get(one, 0) for one in ("before", "after", "went through")]
            print(f"{writer.name:<10} {kills:>5}  {row[0]:>6}  {row[1]:>5}  {row[2]:>12}  {bad:>13}", flush=True)
    print(f"{total} kills: {wrong} lost or mixed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
