"""Go through a community file that may be damaged or hostile, row by row: what is whole, what can be mended, what is lost."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tenfold.errors import DataError
from tenfold.people.availability import free_hours, time_zone
from tenfold.people.store.damaged_table import scan
from tenfold.people.store.old_plans import convert_tables
from tenfold.people.store.plan_tables import decode_table
from tenfold.people.store.plans import read_heading
from tenfold.people.store.values import CONTROL_CHARACTERS, TABLES, Column

__all__ = ["ARROW_UP_TO", "Salvage"]

ARROW_UP_TO = 2
"""The last version of the file whose plans are Arrow files."""

AT_ONCE = 2000
_SOMETIME = datetime(2026, 1, 1, tzinfo=UTC)
Row = tuple[Any, ...]


class Salvage:
    """The rows of a file of this version, table by table.

    `whole`: rows by table that can be used, mended ones included. `mended`: values that were made fit or emptied, by table and column.
    `lost`: rows that cannot be used, by table and reason. `broken`: tables that could not be read to their end, and why.
    """

    def __init__(self, db: sqlite3.Connection, version: int) -> None:
        self._db, self._version = db, version
        self._keys: dict[str, set[object]] = {}
        self.whole: Counter[str] = Counter()
        self.mended: Counter[tuple[str, str]] = Counter()
        self.lost: Counter[tuple[str, str]] = Counter()
        self.broken: dict[str, str] = {}

    def rows(self, table: str) -> Iterator[list[Row]]:
        """The usable rows of a table, some at a time, mended where that can be done. Tables in the order of `TABLES`."""
        rules = TABLES[table].columns
        keep_keys = next((name for name in ("key", "number") if name in rules), None)
        if keep_keys is not None:
            self._keys[table] = set()
        chunk: list[Row] = []
        for row in self._scan(table):
            chunk.append(row)
            if len(chunk) == AT_ONCE:
                yield self._usable(table, chunk)
                chunk = []
        if chunk:
            yield self._usable(table, chunk)

    def _scan(self, table: str) -> Iterator[Row]:
        def broke(why: str) -> None:
            self.broken[table] = why

        rows = scan(self._db, table, broke)
        if table != "plan_table" or self._version > ARROW_UP_TO:
            yield from rows
            return
        found = list(rows)
        for (plan, name, _), data in zip(found, convert_tables([row[2] for row in found]), strict=True):
            yield plan, name, data

    def _usable(self, table: str, rows: list[Row]) -> list[Row]:
        """Those of the rows that can be used; the quick way where all can."""
        if not self._all_fit(table, rows):
            rows = [mended for row in rows if (mended := self._mend(table, row)) is not None]
        if table in self._keys:
            self._keys[table].update(row[0] for row in rows)
        self.whole[table] += len(rows)
        return rows

    def _all_fit(self, table: str, rows: list[Row]) -> bool:
        for (name, rule), values in zip(TABLES[table].columns.items(), zip(*rows, strict=True), strict=True):
            if rule.key_of is not None and not set(values) <= self._keys.get(rule.key_of, set()) | (
                {None} if rule.optional else set()
            ):
                return False
            try:
                rule.series(name, values)
            except ValueError:
                return False
        if table == "contact":
            return all(row[0] != row[1] for row in rows)
        return table not in ("person", "plan", "plan_table") or all(
            _odd_row(table, row) is None and not _odd_values(table, row) for row in rows
        )

    def _mend(self, table: str, row: Row) -> Row | None:
        """The row with values that its columns may hold; None if it is lost."""
        values = list(row)
        for at, (name, rule) in enumerate(TABLES[table].columns.items()):
            dangling = rule.key_of is not None and values[at] is not None and values[at] not in self._keys.get(rule.key_of, ())
            if not rule.fault(values[at]) and not dangling:
                continue
            values[at] = None if dangling else _fitting(rule, values[at])
            if rule.fault(values[at]):
                self.lost[table, f"{name} names what is not there" if dangling else f"{name} is wrong"] += 1
                return None
            self.mended[table, name] += 1
        names = list(TABLES[table].columns)
        for name in _odd_values(table, tuple(values)):
            values[names.index(name)] = None
            self.mended[table, name] += 1
        odd = _odd_row(table, tuple(values))
        if odd is not None:
            self.lost[table, odd] += 1
            return None
        return tuple(values)


def _fitting(rule: Column, value: object) -> object:
    """The value as its column can hold it, or None."""
    if rule.kind not in ("text", "label") or value is None or isinstance(value, bytes):
        return None
    text = CONTROL_CHARACTERS.sub(" ", str(value)).strip() if rule.kind == "label" else str(value).replace("\x00", " ")
    text = text.encode("utf-8", "replace")[: rule.longest].decode("utf-8", "ignore")
    return text or None


def _odd_values(table: str, row: Row) -> list[str]:
    """Columns whose values are of the right type and mean nothing."""
    if table != "person":
        return []
    names = list(TABLES["person"].columns)
    zone, hours = row[names.index("timezone")], row[names.index("availability")]
    found = []
    if zone is not None and not _means(_zone, zone):
        found.append("timezone")
    if hours is not None and not _means(_hours, hours):
        found.append("availability")
    return found


def _odd_row(table: str, row: Row) -> str | None:
    """Why a row cannot be used, though each of its values can."""
    try:
        if table == "contact" and row[0] == row[1]:
            return "somebody is in contact with oneself"
        if table == "plan":
            read_heading(row[1], row[2])
        if table == "plan_table":
            decode_table(row[2])
    except ValueError as error:
        return str(error)
    return None


def _means(check: Callable[[str], object], text: str) -> bool:
    try:
        check(text)
    except DataError:
        return False
    return True


@cache
def _zone(text: str) -> None:
    time_zone(text)


@cache
def _hours(text: str) -> None:
    free_hours(text, None, _SOMETIME)
