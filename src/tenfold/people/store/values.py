"""What each column of the community file may hold. SQLite lets any column hold anything, so this is checked whenever values are read."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from tenfold.people.printable import printable
from tenfold.people.store.times import epoch_microseconds

__all__ = ["CONTROLS", "CONTROL_CHARACTERS", "TABLES", "Column", "Table", "label_fault"]

EARLIEST = epoch_microseconds(datetime(1900, 1, 1, tzinfo=UTC))
LATEST = epoch_microseconds(datetime(2200, 1, 1, tzinfo=UTC))
LONGEST_CELL = 10_000  # bytes, as in the readers of files
CONTROLS = r"[\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]"
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

_TYPES = {"whole": (int,), "number": (float, int), "text": (str,), "label": (str,), "day": (str,), "bytes": (bytes,)}
_FRAME_TYPES: dict[str, pl.DataType] = {
    "whole": pl.Int64(),
    "number": pl.Float64(),
    "text": pl.String(),
    "label": pl.String(),
    "day": pl.Date(),
    "bytes": pl.Binary(),
}


@dataclass(frozen=True)
class Column:
    """What a column may hold.

    `kind`: whole, number, text, label (a text without control characters that is not empty), day (a date in ISO 8601) or bytes. `optional`:
    whether it may be empty. `low` to `high`: of numbers. `longest`: bytes of a text. `key_of`: the table whose key it is, if it is one.
    """

    kind: str
    optional: bool = False
    low: float = -(2**63)
    high: float = 2**63 - 1
    longest: int = LONGEST_CELL
    key_of: str | None = None

    def words(self) -> str:
        """What is allowed, for messages."""
        if self.kind in ("whole", "number"):
            what = f"a {'whole ' if self.kind == 'whole' else ''}number"
            if (self.low, self.high) == (EARLIEST, LATEST):
                return "a time from 1900 to 2199, in microseconds since 1970"
            return what if self.low < -(2**62) else f"{what} from {self.low:,.0f} to {self.high:,.0f}"
        if self.kind == "day":
            return "a date such as 2026-03-01"
        what = {"text": "text", "label": "text without control characters", "bytes": "bytes"}[self.kind]
        return f"{what} of at most {self.longest:,} bytes"

    def series(self, name: str, values: Sequence[object]) -> pl.Series:
        """The values as a column; ValueError names one that is not allowed."""
        types = set(map(type, values))
        allowed = _TYPES[self.kind]
        if not types <= ({*allowed, type(None)} if self.optional else set(allowed)):
            raise ValueError(self._told(next(one for one in values if self.fault(one))))
        try:
            if self.kind == "day":
                return self._days(name, values)
            found = pl.Series(name, values, dtype=_FRAME_TYPES[self.kind])
        except UnicodeEncodeError:
            raise ValueError(f"holds text that is none; expected {self.words()}") from None
        if self.kind in ("whole", "number"):
            bad = not found.is_between(self.low, self.high).fill_null(True).all()
        elif self.kind == "bytes":
            bad = (found.bin.size() > self.longest).any()
        else:
            bad = (found.str.len_bytes() > self.longest).any() or bool(found.str.contains("\x00", literal=True).any())
            if self.kind == "label" and not bad:
                bad = bool(((found == "") | found.str.contains(CONTROLS)).any())
        if bad:
            raise ValueError(self._told(next(one for one in values if self.fault(one))))
        return found

    def fault(self, value: object) -> bool:
        """Whether the value is not allowed."""
        if value is None:
            return not self.optional
        if type(value) not in _TYPES[self.kind]:
            return True
        if isinstance(value, (int, float)):
            return not (math.isfinite(value) and self.low <= value <= self.high)
        if isinstance(value, bytes):
            return len(value) > self.longest
        text = str(value)
        if "\x00" in text or len(text.encode("utf-8", "surrogatepass")) > self.longest:
            return True
        if self.kind == "day":
            return not _is_day(text)
        return self.kind == "label" and label_fault(text)

    def _days(self, name: str, values: Sequence[object]) -> pl.Series:
        """Dates from text."""
        text = pl.Series(name, values, dtype=pl.String)
        found = text.str.to_date("%Y-%m-%d", strict=False)
        bad = (found.is_null() & text.is_not_null()) | (text.str.len_bytes() != 10)
        if bad.any():
            raise ValueError(self._told(text.filter(bad)[0]))
        return found

    def _told(self, value: object) -> str:
        """The value that is not allowed, and what is."""
        if value is None:
            return f"is empty; expected {self.words()}"
        shown = (
            f"'{printable(value, 40)}'"
            if isinstance(value, str)
            else f"{len(value)} bytes"
            if isinstance(value, bytes)
            else f"{value:.20g}"
        )
        what = "the text " if isinstance(value, str) else "" if isinstance(value, bytes) else "the number "
        return f"holds {what}{shown}; expected {self.words()}"


@dataclass(frozen=True)
class Table:
    """A table: its columns, those that make a row unlike all others, and the most bytes that a row of it takes."""

    columns: dict[str, Column]
    key: tuple[str, ...]
    longest_row: int


def label_fault(text: str) -> bool:
    """Whether the text cannot be an id or a name of a gathering: empty, or with control characters."""
    return not text or CONTROL_CHARACTERS.search(text) is not None


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and text.isascii() and date.fromisoformat(text) is not None
    except ValueError:
        return False


_KEY = Column("whole")
_TIME = Column("whole", low=EARLIEST, high=LATEST)
_COUNT = Column("whole", low=0)
_CELL = Column("text", optional=True)
_FLAG = Column("whole", optional=True, low=0, high=1)
_SMALL = Column("whole", optional=True, low=0, high=1_000_000)
_MINUTES = Column("number", optional=True, low=0, high=1_000_000)
_PERSON = Column("whole", key_of="person")
_SOMEBODY = Column("whole", optional=True, key_of="person")
_CIRCLE = Column("whole", optional=True, low=1, high=10**9)
_WHEN = Column("whole", optional=True, low=EARLIEST, high=LATEST)
_IMPORT = Column("whole", optional=True, key_of="import")

TABLES: dict[str, Table] = {
    "person": Table(
        {
            "key": _KEY,
            "id": Column("label"),
            "name": _CELL,
            "aliases": Column("text", optional=True, longest=200_000),
            **dict.fromkeys(("email", "language", "timezone", "place"), _CELL),
            "joined": Column("day", optional=True),
            "role": _CELL,
            "can_mentor": _FLAG,
            "capacity": _SMALL,
            "degree": _SMALL,
            "availability": _CELL,
            "paused_until": Column("day", optional=True),
            "consent": _FLAG,
        },
        ("id",),
        1 << 19,
    ),
    "import": Table(
        {
            "key": _KEY,
            **dict.fromkeys(("path", "sha256", "what", "format"), Column("text")),
            **dict.fromkeys(("read", "kept", "known"), _COUNT),
            "skipped": Column("text", longest=1_000_000),
            "at": _TIME,
        },
        ("key",),
        1 << 21,
    ),
    "contact": Table(
        {
            "a": _PERSON,
            "b": _PERSON,
            "time": _TIME,
            "kind": Column("text"),
            "nth": _COUNT,
            "minutes": _MINUTES,
            "circle": _CELL,
            "source": _CELL,
            "import": _IMPORT,
        },
        ("a", "b", "time", "kind", "nth"),
        1 << 15,
    ),
    "gathering": Table({"key": _KEY, "event": Column("label"), "time": _TIME}, ("event", "time"), 1 << 14),
    "attendance": Table(
        {
            "gathering": Column("whole", key_of="gathering"),
            "person": _PERSON,
            "minutes": _MINUTES,
            "import": _IMPORT,
            "status": _CELL,
        },
        ("gathering", "person"),
        1 << 14,
    ),
    "merged": Table({"dropped": Column("label"), "kept": Column("label"), "at": _TIME}, ("dropped",), 1 << 15),
    "plan": Table({"number": _KEY, "at": _TIME, "settings": Column("text", longest=1_000_000)}, ("number",), 1 << 21),
    "plan_table": Table(
        {"plan": Column("whole", key_of="plan"), "name": Column("label"), "data": Column("bytes", longest=128 << 20)},
        ("plan", "name"),
        129 << 20,
    ),
    "decision": Table(
        {
            "number": _KEY,
            "at": _TIME,
            "kind": Column("label"),
            "person": _SOMEBODY,
            "other": _SOMEBODY,
            "circle": _CIRCLE,
            "text": _CELL,
            "until": Column("day", optional=True),
            "undone": _WHEN,
        },
        ("number",),
        1 << 15,
    ),
    "task": Table(
        {
            "number": _KEY,
            "who": _PERSON,
            "whom": _PERSON,
            **dict.fromkeys(("kind", "purpose", "reason"), Column("text")),
            "due": Column("day"),
            "circle": _CIRCLE,
            "plan": Column("whole", optional=True),
            "opened": _TIME,
            "state": Column("label"),
            "closed": _WHEN,
            "note": _CELL,
        },
        ("number",),
        1 << 16,
    ),
    "batch": Table(
        {
            "number": _KEY,
            "at": _TIME,
            "command": Column("label"),
            "words": Column("text"),
            "undone": Column("whole", optional=True, low=1),
        },
        ("number",),
        1 << 15,
    ),
    "change": Table(
        {
            "batch": Column("whole", key_of="batch"),
            "nth": _COUNT,
            "name": Column("label"),
            **dict.fromkeys(("before", "after"), Column("text", optional=True, longest=1 << 19)),
        },
        ("batch", "nth"),
        1 << 21,
    ),
    "forgotten": Table(
        {"mark": Column("bytes", longest=64), "person": Column("whole", low=1), "kind": Column("label")},
        ("mark", "person"),
        1 << 10,
    ),
    "secret": Table({"name": Column("label"), "value": Column("bytes", longest=64)}, ("name",), 1 << 14),
    "output_folder": Table({"folder": Column("bytes")}, ("folder",), 1 << 14),
    "pending_output": Table(
        {"token": Column("label"), "folder": Column("bytes"), "command": Column("text"), "at": _TIME}, ("token",), 1 << 15
    ),
}
"""In an order in which every key stands before what refers to it."""
