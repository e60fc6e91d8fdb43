"""Kill this process at one step of its work: before or after it makes, replaces or removes a file, or begins or ends a transaction."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

WATCHED = ("replace", "mkdir", "unlink", "rmdir", "fsync")
STATEMENTS = ("BEGIN", "COMMIT", "ROLLBACK", "INSERT", "DELETE", "UPDATE")
_ARMED = ExitStack()  # until the process ends
_ORIGINALS = {name: getattr(os, name) for name in WATCHED}


@contextmanager
def watched(step: Callable[[str], None]) -> Iterator[None]:
    """Meanwhile `step` is called with each step that this process takes in its working folder and below, and what it is."""
    home, connect = os.getcwd(), sqlite3.connect

    def watch(name: str) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            path = os.fspath(args[0]) if not isinstance(args[0], int) else ""
            if os.path.isabs(path) and not str(path).startswith(home):
                return _ORIGINALS[name](*args, **options)
            step(f"before {name} {path}")
            result = _ORIGINALS[name](*args, **options)
            step(f"after {name} {path}")
            return result

        return call

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
        setattr(os, name, watch(name))
    sqlite3.connect = lambda *args, **options: connect(*args, **{"factory": Connection, **options})
    try:
        yield
    finally:
        sqlite3.connect = connect
        for name, original in _ORIGINALS.items():
            setattr(os, name, original)


@contextmanager
def unwatched() -> Iterator[None]:
    """Meanwhile steps are taken and not watched."""
    watching = {name: getattr(os, name) for name in WATCHED}
    for name, original in _ORIGINALS.items():
        setattr(os, name, original)
    try:
        yield
    finally:
        for name, watch in watching.items():
            setattr(os, name, watch)


def arm(at: int, report: Callable[[int, str], None] = lambda *_: None) -> Callable[[], int]:
    """From here on the process kills itself at step `at`; returns a function that says how many steps there were.

    `report` is called with each step and what it is.
    """
    count = 0

    def step(what: str) -> None:
        nonlocal count
        count += 1
        report(count, what)
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    _ARMED.enter_context(watched(step))
    return lambda: count
