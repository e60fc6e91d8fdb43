"""Journals and other files of strangers beside a community file; and changes to it as another program makes them."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

__all__ = ["change", "journals_of_others", "random_side_files"]


def change(path: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """Run statements on the file as another program would; those that fail are left out."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            try:
                db.execute(statement, values if "?" in statement else ())
            except sqlite3.Error:
                continue


KILLED = """
import os, random, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(f"PRAGMA journal_mode = {sys.argv[2]}")
db.execute("PRAGMA cache_size = 5")
for turn in range(int(sys.argv[3])):
    db.execute("UPDATE person SET role = ? WHERE key % 2 = 0", (str(turn),))
db.execute("BEGIN")
db.execute("UPDATE contact SET minutes = 7")
db.execute("UPDATE person SET role = 'killed'")
os._exit(0)
"""


def journals_of_others(path: Path, draw: random.Random) -> None:
    """The journal or log that a killed program left beside another community file."""
    other = path.with_name("other.db")
    other.write_bytes(path.read_bytes())
    change(other, "DELETE FROM contact WHERE a % 3 = 0", "UPDATE person SET name = 'other'")
    mode = draw.choice(("WAL", "DELETE", "PERSIST"))
    subprocess.run([sys.executable, "-c", KILLED, str(other), mode, str(draw.randrange(1, 9))], check=True)
    for end in ("-wal", "-shm", "-journal"):
        side = other.with_name(other.name + end)
        if side.exists():
            data = bytearray(side.read_bytes())
            if draw.random() < 0.3 and data:
                data[draw.randrange(len(data))] ^= 255
            path.with_name(path.name + end).write_bytes(data)
            side.unlink()
    if draw.random() < 0.3:
        change(path, "SELECT 1")
    other.unlink()


def random_side_files(path: Path, draw: random.Random) -> None:
    for end in draw.sample(("-wal", "-shm", "-journal", "-holder"), 2):
        begin = {"-journal": bytes.fromhex("d9d505f920a163d7"), "-wal": bytes.fromhex("377f0682")}.get(end, b"")
        path.with_name(path.name + end).write_bytes(begin + draw.randbytes(draw.choice((0, 20, 600, 9000))))
