"""What a connection to a community file may do, whoever made the file: limits, and an end to absurd work.

The work of reading is counted in steps of SQLite's virtual machine and may grow with the file, not beyond it: a small file that has been
built so that reading it never ends is given up early, and a large honest one is read to its end.
"""

from __future__ import annotations

import sqlite3
from typing import Any

__all__ = ["LONGEST_VALUE", "MOST_ROWS_PER_BYTE", "count_work", "harden"]

DEFENSIVE = "SQLITE_DBCONFIG_DEFENSIVE"  # only newer versions of Python have the name

LONGEST_VALUE = 256 << 20
"""Bytes of one value or row; tables of people and contacts have narrower limits of their own."""

MOST_ROWS_PER_BYTE = 1 / 8
"""No table of ours has rows that take fewer than eight bytes."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 10,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 20,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_STEPS_AT_ONCE = 50_000
_STEPS, _STEPS_PER_BYTE = 5_000_000, 30


def harden(connection: sqlite3.Connection, size: int) -> None:
    """Take a connection that has read nothing yet: nothing in the file runs by itself, and work ends; `size`: bytes of the file."""
    for limit, most in _LIMITS.items():
        connection.setlimit(limit, most)
    count_work(connection, size)
    defensive = getattr(sqlite3, DEFENSIVE, None)  # from Python 3.12 on
    if defensive is not None:
        newer: Any = connection
        newer.setconfig(defensive, True)
    for setting in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "mmap_size = 0",
        "temp_store = MEMORY",
        "cache_size = -16000",
    ):
        connection.execute(f"PRAGMA {setting}")


def count_work(connection: sqlite3.Connection, size: int) -> None:
    """Interrupt the connection when it has done more work than reading a file of `size` bytes takes."""
    left = (_STEPS + _STEPS_PER_BYTE * size) // _STEPS_AT_ONCE

    def count() -> int:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(count, _STEPS_AT_ONCE)
