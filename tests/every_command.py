"""A row for every command: how it is called in a small community, and what it writes. Tests that go over all commands go over `ROWS`."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import os
import re
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import pytest

from community import demo_files
from tenfold.app import cli

AT = ("--at", "2026-11-24")
HOSTILE = "Ana\x1b[2J\x1b]0;owned\x07\x9b31m\u202eBinh[bold red]Нуєн阮\x7f"
"""Moves a terminal, sets its title, turns its text round, is markup where tables are drawn, and has letters that a terminal may lack."""
LABEL = "Ana[bold red]Нуєн阮"
"""The same where control characters are refused: in ids."""

SPEC = 'steps = 3\nreplicates = 2\nseed = 1\n[model]\nlibrary = "sir"\n[graph]\ngenerator = "erdos_renyi"\nn = 50\nmean_degree = 4.0\n'
SPEC += "[start]\nI = 3\n"
VOLATILE = {
    "import": "at",
    "merged": "at",
    "pending_output": "at",
    "decision": "at",
    "batch": "at",
    "secret": "value",
    "forgotten": "mark",
}
"""Columns that hold the present moment, or what is drawn at random."""

OWN = (".tenfold-manifest.json", ".tenfold-part", ".db-journal")
"""Files that Tenfold keeps for itself: what it wrote in a folder, room for a checkpoint, and what SQLite clears before it writes again."""

WHO, WHOM = "{who}", "{whom}"
"""In arguments: the two of the first task that is open."""

HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What no command may send to a terminal; line feeds are its own."""


@dataclass(frozen=True)
class Row:
    """A command: its arguments, the folders of its files if it writes any, and whether it changes the community file.

    `works`: how many pieces of work it does one after the other, each done or not when it is killed. `once`: functions, by module, whose
    result is the same in every cell, and so is worked out once.
    """

    args: tuple[str, ...]
    folders: tuple[str, ...] = ()
    stores: bool = False
    works: int = 1
    once: tuple[tuple[str, str], ...] = ()


_PLANNING = (("tenfold.app.actions.make_plan", "make_plan"), ("tenfold.app.actions.make_plan", "plan_files"))

ROWS = {
    "demo": Row(("--people", "40", "--no-open"), ("tenfold-demo", "tenfold-demo/plan"), True, 4, _PLANNING),
    "import": Row(("people.csv", "more.csv"), stores=True),
    "status": Row(("--standing", "kept", *AT)),
    "bonds": Row(AT),
    "left-out": Row(AT),
    "circles": Row(()),
    "forecast": Row(()),
    "backtest": Row(()),
    "plan": Row(("--replicates", "2", *AT), ("tenfold-plan",), True, 1, _PLANNING),
    "week": Row(()),
    "done": Row((WHO, WHOM, *AT), stores=True),
    "decide": Row(("apart", "p01", "p03"), stores=True),
    "mentors": Row(("-k", "2", *AT)),
    "log": Row(("p01", "p03", *AT), stores=True),
    "pause": Row(("p01",), stores=True),
    "resume": Row(("p05",), stores=True),
    "merge": Row(("p01", "p02"), stores=True),
    "forget": Row(("p02", "--yes"), stores=True),
    "person-sheet": Row(("p02",)),
    "pseudonymise": Row(("shared", "--key", "key.txt"), ("shared",)),
    "history": Row(()),
    "undo": Row(("2",), stores=True),
    "check": Row(()),
    "backup": Row(("copy.db",), stores=True),
    "export": Row(("out", *AT), ("out",)),
    "simulate": Row(("spec.toml",), ("tenfold-simulation",)),
    "seeds": Row(("ties.csv", "-k", "2", "--out", "chosen/seeds.csv"), ("chosen",)),
    "models": Row(()),
    "world": Row(("--people", "1000", "--steps", "6", "--checkpoint", "w.npz"), ("tenfold-world",), works=3),
    "claims": Row(
        ("C3", "--people", "1000", "--replicates", "2"), ("tenfold-claims",), once=(("tenfold.world.claims.registry", "claims"),)
    ),
}
"""By the name of the command."""


def prepare(home: Path) -> None:
    """A community of people with hostile names and its plan, and the files that the commands of `ROWS` take."""
    people, contacts, attendance = demo_files(home, n=40)
    lines = people.read_text(encoding="utf-8").splitlines()
    names = [f'{one.split(",")[0]},"{HOSTILE} {k}",{one.split(",", 2)[2]}' for k, one in enumerate(lines[1:])]
    people.write_text("\n".join([lines[0], *names]) + "\n", encoding="utf-8")
    (home / "more.csv").write_text(
        f"time,a,b,kind\n2026-11-20,p01,p03,call\n2026-11-21,p01,{LABEL},{HOSTILE}\n", encoding="utf-8"
    )
    (home / "ties.csv").write_text("source,target\n" + "".join(f"{HOSTILE}{k},{HOSTILE}{k * 7 % 41}\n" for k in range(1, 41)))
    (home / "spec.toml").write_text(SPEC)
    (home / "key.txt").write_text("0a" * 32)
    for args in (
        ("import", people.name, contacts.name, attendance.name),
        ("pause", "p05"),
        ("plan", "--replicates", "2", *AT, "--out", "first-plan"),
    ):
        ran = run(home, args)
        assert ran.code == 0, ran.err
    shutil.rmtree(home / "first-plan")


@dataclass(frozen=True)
class Ran:
    """What came of a command: its exit code, and what it sent to stdout (where that was kept) and stderr."""

    code: int
    out: bytes
    err: bytes


def _with_task(home: Path, args: list[str]) -> list[str]:
    """Arguments with the ids of the two of the first open task in the place of `WHO` and `WHOM`."""
    if WHO not in args:
        return args
    with contextlib.closing(sqlite3.connect(f"file:{home / 'tenfold.db'}?mode=ro", uri=True)) as db:
        sql = "SELECT a.id, b.id FROM task JOIN person a ON a.key = who JOIN person b ON b.key = whom WHERE state = 'open' ORDER BY number"
        who, whom = db.execute(sql).fetchone()
    return [{WHO: who, WHOM: whom}.get(one, one) for one in args]


def run(home: Path, args: Iterable[object], stdout: TextIO | str | None = "utf-8") -> Ran:
    """Run `tenfold …` in `home`, in this process. `stdout`: the encoding of a terminal, or another output, or None where it is closed."""
    args = _with_task(home, [*map(str, args)])
    kept = isinstance(stdout, str)
    out, err = io.BytesIO(), io.BytesIO()
    streams = {
        "stdout": io.TextIOWrapper(out, stdout, write_through=True) if isinstance(stdout, str) else stdout,
        "stderr": io.TextIOWrapper(err, stdout if isinstance(stdout, str) else "utf-8", write_through=True),
    }
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.delenv("TENFOLD_DB", raising=False)
        patch.setattr(sys, "argv", ["tenfold", *args])
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Ran(code, out.getvalue() if kept else b"", err.getvalue())


class Remembered:
    """Functions that are worked out once for each row: what a command does with the result is what is tested."""

    def __init__(self) -> None:
        self.results: dict[tuple[str, str, str], Any] = {}

    def patch(self, patch: pytest.MonkeyPatch, command: str) -> None:
        """Put what is remembered, or will be, into the place of the functions of a row."""
        for module, name in ROWS[command].once:
            __import__(module)
            patch.setattr(sys.modules[module], name, self._once(command, module, name, getattr(sys.modules[module], name)))

    def _once(self, command: str, module: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            key = (command, module, name)
            if key not in self.results:
                found = function(*args, **options)
                self.results[key] = list(found) if hasattr(found, "__next__") else found
            return copy.deepcopy(self.results[key])  # a plan is given its number

        return call


@dataclass(frozen=True)
class State:
    """What a person has: `files`, digests by path, and `tables`, the rows of each community file by the name of the table."""

    files: dict[str, str]
    tables: dict[str, list[tuple[object, ...]]]


def state(home: Path) -> State:
    """What is in `home`. Tenfold's own hidden files do not count, but for what is left of a run that was stopped."""
    paths = [path for path in sorted(home.rglob("*")) if path.is_file()]
    names = {path: path.relative_to(home).as_posix() for path in paths}
    tables = {}
    for path in paths:
        if path.suffix == ".db":
            for table, rows in community_content(path).items():
                tables[f"{names[path]} {table}"] = rows
    kept = [path for path in paths if path.suffix != ".db" and not path.name.endswith(OWN)]
    return State({names[path]: hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}, tables)


def community_content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table of a community file, but for the present moment in them, and for where this copy of it has put files."""
    found = {}
    with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as db:
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            columns = [name for _, name, *_ in db.execute(f"PRAGMA table_info ({table})") if name != VOLATILE.get(table)]
            found[table] = db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
    found.pop("output_folder", None)
    found["forgotten"] = sorted(found.get("forgotten", []))  # they stand in the order of their marks
    found["change"] = [tuple(_without_now(value) for value in row) for row in found.get("change", [])]
    db.close()
    return found


def _without_now(value: object) -> object:
    """A value of the history, the moments of the last hour in it called now."""
    now = time.time() * 1e6
    if not isinstance(value, str):
        return value
    return re.sub(r"\d{16}", lambda found: "now" if abs(int(found[0]) - now) < 3.6e9 else found[0], value)


def broken_pipe() -> TextIO:
    """An output whose reader went away."""
    reader, writer = os.pipe()
    os.close(reader)
    return open(writer, "w", encoding="utf-8")


def full_disk() -> TextIO:
    """An output that takes nothing."""
    return open("/dev/full", "w", encoding="utf-8")
