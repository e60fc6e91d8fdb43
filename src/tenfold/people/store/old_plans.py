"""Plans of files up to version 2, whose tables are Arrow files: they are written anew as `plan_tables` has them.

Arrow buffers say for themselves how large they are, and a reader that believes them ends its process. So they are read in a process of
their own.
"""

from __future__ import annotations

import base64
import io
import os
import sqlite3
import subprocess
import sys

from tenfold.errors import StoreError
from tenfold.people.store.plan_tables import encode_table
from tenfold.people.store.plans import KEPT, shorten_plan

__all__ = ["convert_tables", "recode_plans"]

MOST_TABLES, MOST_BYTES = 1000, 1 << 30
SECONDS, MEMORY = 60, 8 << 30
_READER = "from tenfold.people.store.old_plans import read_tables; read_tables()"


def recode_plans(db: sqlite3.Connection) -> None:
    """The migration: the newest plan whole, the older ones short."""
    newest = db.execute("SELECT max(number) FROM plan").fetchone()[0]
    if newest is None:
        return
    places = ", ".join("?" * len(KEPT))
    db.execute(f"DELETE FROM plan_table WHERE plan <> ? AND name NOT IN ({places})", (newest, *KEPT))
    rows = db.execute("SELECT plan, name, data FROM plan_table ORDER BY plan, name LIMIT ?", (MOST_TABLES + 1,)).fetchall()
    made = convert_tables([row[2] for row in rows])
    for (number, name, _), data in zip(rows, made, strict=True):
        if data is None:
            raise StoreError(
                f"plan {number} of the older file: its table {str(name)[:40]!r} cannot be read; nothing was changed. "
                "tenfold check --repair writes what is whole into a new file."
            )
        db.execute("UPDATE plan_table SET data = ? WHERE plan = ? AND name = ?", (data, number, name))
    for (number,) in db.execute("SELECT number FROM plan WHERE number <> ?", (newest,)).fetchall():
        shorten_plan(db, number)


def convert_tables(tables: list[object]) -> list[bytes | None]:
    """Arrow files as `encode_table` has them; None for what cannot be read."""
    sizes = [len(one) for one in tables if isinstance(one, bytes)]
    if len(tables) > MOST_TABLES or sum(sizes) > MOST_BYTES:
        return [None] * len(tables)
    found: list[bytes | None] = []
    while len(found) < len(tables):
        found += _convert(tables[len(found) :])
        if len(found) < len(tables):  # the process ended over this one
            found.append(None)
    return found


def read_tables() -> None:
    """The work of the other process: a table a line, base64, from stdin; to stdout what it became, or an empty line."""
    import polars as pl

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe = sys.stdout.buffer
    for line in sys.stdin:
        try:
            made = encode_table(pl.read_ipc(io.BytesIO(base64.b64decode(line)), use_pyarrow=False))
        except Exception:
            made = b""
        pipe.write(base64.b64encode(made) + b"\n")
        pipe.flush()


def _convert(tables: list[object]) -> list[bytes | None]:
    """Those that one process could convert before it ended."""
    lines = [base64.b64encode(one if isinstance(one, bytes) else b"") + b"\n" for one in tables]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "POLARS_MAX_THREADS": "1",
        "RUST_BACKTRACE": "0",
    }
    try:
        ran = subprocess.run(
            [sys.executable, "-c", _READER],
            input=b"".join(lines),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=SECONDS,
            check=False,
        )
        out = ran.stdout
    except subprocess.TimeoutExpired as late:
        out = late.stdout or b""
    except OSError as error:
        raise StoreError(
            f"plans of an older version cannot be read: no other process can be started ({error.strerror})."
        ) from None
    made = [base64.b64decode(line) for line in out.split(b"\n")[:-1]]
    return [one or None for one in made][: len(tables)]
