"""Kill this process at one step of its work: before or after it makes, replaces or removes a file, or begins or ends a transaction."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from typing import Any

WATCHED = ("replace", "mkdir", "unlink", "rmdir", "fsync")
STATEMENTS = ("BEGIN", "COMMIT", "ROLLBACK", "INSERT", "DELETE", "UPDATE")


def arm(at: int, report: Callable[[int, str], None] = lambda *_: None) -> Callable[[], int]:
    """From here on the process kills itself at step `at`; returns a function that says how many steps there were.

    Steps are counted in the working folder and below. `report` is called with each step and what it is.
    """
    home, count = os.getcwd(), 0

    def step(what: str) -> None:
        nonlocal count
        count += 1
        report(count, what)
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(name: str) -> None:
        original = getattr(os, name)

        def call(*args: Any, **options: Any) -> Any:
            path = os.fspath(args[0]) if not isinstance(args[0], int) else ""
            if os.path.isabs(path) and not str(path).startswith(home):
                return original(*args, **options)
            step(f"before {name} {path}")
            result = original(*args, **options)
            step(f"after {name} {path}")
            return result

        setattr(os, name, call)

    class Connection(sqlite3.Connection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            kind = statement.split()[0]
            if kind in STATEMENTS:
                step(f"before {statement[:40]}")
            result = super().execute(statement, *values)
            if kind in STATEMENTS:
                step(f"after {statement[:40]}")
            return result

    for name in WATCHED:
        watch(name)
    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **options: connect(*args, **{"factory": Connection, **options})
    return lambda: count
