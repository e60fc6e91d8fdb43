"""Forgetting: a person leaves every table of the community file, and keyed marks keep imports from bringing them back.

A mark is an HMAC-SHA-256 of what names the person, under a key of this file: the file no longer says who it was, and still knows them
when somebody names them again. Whoever has the file can try names against the marks, as with any such list.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tenfold.people.names import name_key
from tenfold.people.store.identity import person_key
from tenfold.people.store.plan_tables import decode_table, encode_table
from tenfold.people.store.values import TABLES

__all__ = ["GONE", "MIGRATION", "Labels", "Marks", "forget_person", "labels_of", "lift_marks", "rows_about"]

MIGRATION = """
    CREATE TABLE forgotten (mark BLOB NOT NULL, person INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (mark, person)) WITHOUT ROWID;
    CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE output_folder (folder BLOB PRIMARY KEY) WITHOUT ROWID;
"""
GONE = "(forgotten)"
"""What stands in a text in the place of a name."""
SHORTEST = 3  # letters of a label that is looked for within texts
ENDS = ("person", "who", "whom", "a", "b")
"""Columns of a plan's tables that say whom a row is about: it goes with the person. In other columns the cell becomes empty."""
REFERENCES = {"contact": ("a", "b"), "attendance": ("person",), "decision": ("person", "other"), "task": ("who", "whom")}
Db = sqlite3.Connection


@dataclass(frozen=True)
class Labels:
    """What names a person: `id`, and `names`, everything else; `phrases`: those of them that within a text mean nobody else.

    `former`: ids that were merged into theirs; they are among the names.
    """

    id: str
    former: tuple[str, ...]
    names: tuple[str, ...]
    emails: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds the phrases in a text, whatever their capitals; None if there are none."""
        parts = [re.escape(one) for one in sorted(self.phrases, key=len, reverse=True)]
        bracketed = [re.escape(f"({self.id})")] if self.id not in self.phrases else []
        words = [rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"] if parts else []
        return re.compile("|".join([*words, *bracketed]), re.IGNORECASE) if parts or bracketed else None


def labels_of(db: Db, person: str) -> Labels:
    """What names the person with that id, here and in what was merged into them."""
    key = person_key(db, person)
    name, aliases, email = db.execute("SELECT name, aliases, email FROM person WHERE key = ?", (key,)).fetchone()
    merged = [row[0] for row in db.execute("SELECT dropped FROM merged WHERE kept = ?", (person,))]
    names = [one for one in dict.fromkeys([name, *(aliases or "").split("|"), *merged]) if one and one != person]
    turned = [form for one in names for form in _turned(one)]
    emails = tuple(one for one in dict.fromkeys([email, *(one for one in names if "@" in one)]) if one)
    others = "\n".join(
        str(one) for row in db.execute("SELECT id, name, aliases, email FROM person WHERE key <> ?", (key,)) for one in row if one
    )
    phrases = tuple(one for one in dict.fromkeys([person, *names, *turned, *emails]) if _is_telling(one, others))
    return Labels(person, tuple(merged), tuple(names), emails, phrases)


def _turned(name: str) -> tuple[str, ...]:
    """A name of several words with its last word first."""
    first, _, last = name.rpartition(" ")
    return (f"{last}, {first}", f"{last} {first}") if first else ()


def _is_telling(label: str, others: str) -> bool:
    """Whether a label is long enough to be looked for in texts, and part of nobody else's."""
    if len(label) < SHORTEST or not any(one.isalpha() for one in label):
        return False
    return not re.search(rf"(?<!\w){re.escape(label)}(?!\w)", others, re.IGNORECASE)


def rows_about(db: Db, person: str) -> dict[str, int]:
    """How many rows refer to a person, by table."""
    key = person_key(db, person)
    return {
        table: int(
            db.execute(f"SELECT count(*) FROM {table} WHERE {' OR '.join(f'{one} = ?1' for one in columns)}", (key,)).fetchone()[
                0
            ]
        )
        for table, columns in REFERENCES.items()
    }


def forget_person(db: Db, person: str) -> dict[str, int]:
    """Remove a person from all tables, and mark what named them; returns how many rows went or were changed, by table.

    Contacts, gatherings at which nobody else was, decisions and tasks go, and so do the records of the history that hold any of it: a
    command is then undone but for that. Plans lose the person and keep the rest.
    """
    labels, key = labels_of(db, person), person_key(db, person)
    _mark(db, labels)
    counts = {"change": _forget_history(db, {key}, {person, *labels.names})}
    gatherings = [row[0] for row in db.execute("SELECT gathering FROM attendance WHERE person = ?", (key,)).fetchall()]
    for table, columns in REFERENCES.items():
        where = " OR ".join(f"{column} = ?1" for column in columns)
        counts[table] = db.execute(f"DELETE FROM {table} WHERE {where}", (key,)).rowcount
    alone = "DELETE FROM gathering WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM attendance WHERE gathering = ?1)"
    counts["gathering"] = sum(db.execute(alone, (one,)).rowcount for one in gatherings)
    db.execute("DELETE FROM merged WHERE kept = ?1 OR dropped = ?1", (person,))
    counts["person"] = db.execute("DELETE FROM person WHERE key = ?", (key,)).rowcount
    counts["plan"] = _forget_plans(db, labels)
    counts["text"] = _scrub(db, labels)
    return {table: count for table, count in counts.items() if count}


def _forget_history(db: Db, keys: set[int], ids: set[str]) -> int:
    """Remove the records of the history that hold rows of the person, or of those who were merged into them."""

    def place(table: str, column: str) -> str:
        columns = [str(row[1]) for row in db.execute(f'PRAGMA table_info("{table}")')]
        return f"$[{columns.index(column)}]"

    def delete(table: str, columns: Iterable[str], values: set[Any]) -> int:
        marks = ", ".join("?" * len(values))
        either = " OR ".join(
            f"json_extract({side}, '{place(table, one)}') IN ({marks})" for one in columns for side in ("before", "after")
        )
        given = [*values] * (2 * len(tuple(columns)))
        return db.execute(f"DELETE FROM change WHERE name = '{table}' AND ({either})", given).rowcount

    some = [*ids][:20]  # so that no statement has too many values
    marks = ", ".join("?" * len(some))
    where = f"name = 'person' AND json_extract(coalesce(after, before), '{place('person', 'id')}') IN ({marks})"
    former = f"SELECT DISTINCT json_extract(coalesce(after, before), '{place('person', 'key')}') FROM change WHERE {where}"
    removed = 0
    for one in sorted({*keys, *(row[0] for row in db.execute(former, some).fetchall())}):
        removed += delete("person", ("key",), {one})
        removed += sum(delete(table, columns, {one}) for table, columns in REFERENCES.items())
    for text in ids:
        removed += delete("merged", ("dropped", "kept"), {text})
    return removed


def _forget_plans(db: Db, labels: Labels) -> int:
    """Take the person out of the tables and settings of all plans; returns how many tables were changed."""
    changed, names, pattern = 0, {labels.id, *labels.names}, labels.pattern
    for number, name, data in db.execute("SELECT plan, name, data FROM plan_table").fetchall():
        table = decode_table(data)
        rows = [row for row in table.iter_rows(named=True) if not _is_about(row, labels.id)]
        cleaned = [{column: _cleaned(value, column, names, pattern) for column, value in row.items()} for row in rows]
        if cleaned != list(table.iter_rows(named=True)):
            fresh = table.clear() if not cleaned else type(table)(cleaned, schema=table.schema, orient="row")
            db.execute("UPDATE plan_table SET data = ? WHERE plan = ? AND name = ?", (encode_table(fresh), number, name))
            changed += 1
    for number, settings in db.execute("SELECT number, settings FROM plan").fetchall():
        text = json.dumps(_without(json.loads(settings), names, pattern))
        if text != settings:
            db.execute("UPDATE plan SET settings = ? WHERE number = ?", (text, number))
    return changed


def _is_about(row: dict[str, Any], person: str) -> bool:
    return any(row.get(end) == person for end in ENDS) or person in str(row.get("key") or "").split("\n")


def _cleaned(value: object, column: str, names: set[str], pattern: re.Pattern[str] | None) -> object:
    if not isinstance(value, str):
        return value
    if value in names and column != "name":
        return None
    return pattern.sub(GONE, value) if pattern else value


def _without(value: Any, names: set[str], pattern: re.Pattern[str] | None) -> Any:
    """Settings without the person."""
    if isinstance(value, dict):
        return {key: _without(one, names, pattern) for key, one in value.items() if key not in names}
    if isinstance(value, list):
        return [_without(one, names, pattern) for one in value if not (isinstance(one, str) and one in names)]
    return _cleaned(value, "", names, pattern)


def _scrub(db: Db, labels: Labels) -> int:
    """Put `GONE` in the place of the person in all texts that are left, such as the name of a file or of a gathering."""
    if (pattern := labels.pattern) is None:
        return 0
    changed = 0
    for table, column in _texts():
        for (text,) in db.execute(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL').fetchall():
            if isinstance(text, str) and pattern.search(text):
                sql = f'UPDATE OR IGNORE "{table}" SET "{column}" = ? WHERE "{column}" = ?'
                changed += db.execute(sql, (pattern.sub(GONE, text), text)).rowcount
    return changed


def _texts() -> Iterator[tuple[str, str]]:
    """Columns of free text; what names other people is not among them."""
    for table, rules in TABLES.items():
        if table in ("person", "merged", "plan", "plan_table", "forgotten", "secret"):
            continue
        for name, column in rules.columns.items():
            if column.kind in ("text", "label"):
                yield table, name


class Marks:
    """Who was forgotten, as imports ask."""

    def __init__(self, db: Db) -> None:
        found = db.execute("SELECT value FROM secret WHERE name = 'forgotten'").fetchone()
        self._secret: bytes | None = None if found is None else bytes(found[0])
        self._people: dict[tuple[str, bytes], set[int]] = {}
        self._kinds: dict[int, set[str]] = {}
        for mark, person, kind in db.execute("SELECT mark, person, kind FROM forgotten").fetchall():
            self._people.setdefault((str(kind), bytes(mark)), set()).add(int(person))
            self._kinds.setdefault(int(person), set()).add(str(kind))

    def __bool__(self) -> bool:
        return bool(self._people)

    def cover(self, one: str | None, name: str | None, email: str | None) -> bool:
        """Whether a row is about somebody who was forgotten; `one`: an id of its own, None where it has none.

        An e-mail address or an id decides; a name does where the two have no address, or no id, by which they would differ.
        """
        if not self._people:
            return False
        if self._find("email", email) or self._find("id", one) or self._find("made id", one):
            return True
        for person in self._find("name", name):
            kinds = self._kinds[person]
            if not (email and "email" in kinds) and not (one and "id" in kinds):
                return True
        return False

    def cover_label(self, label: str, name: str | None, email: str | None) -> bool:
        """The same for a label, which may be an id, a name or an address."""
        if any(self._find(kind, label) for kind in ("id", "made id", "email")):
            return True
        return any(self.cover(None, text, email) for text in (label, name))

    def _find(self, kind: str, text: str | None) -> set[int]:
        if not text or self._secret is None:
            return set()
        return self._people.get((kind, _digest(self._secret, kind, text)), set())


def lift_marks(db: Db, text: str) -> int:
    """Let imports bring somebody back whom `text` names: id, name or address; returns how many people that are."""
    marks = Marks(db)
    people = set().union(*(marks._find(kind, text) for kind in ("id", "made id", "name", "email")))
    db.executemany("DELETE FROM forgotten WHERE person = ?", [(one,) for one in sorted(people)])
    return len(people)


def _mark(db: Db, labels: Labels) -> None:
    """Keep marks of what names a person."""
    fresh = secrets.token_bytes(32)
    db.execute("INSERT OR IGNORE INTO secret (name, value) VALUES ('forgotten', ?)", (fresh,))
    secret = bytes(db.execute("SELECT value FROM secret WHERE name = 'forgotten'").fetchone()[0])
    number = db.execute("SELECT coalesce(max(person), 0) + 1 FROM forgotten").fetchone()[0]
    given = {name_key(one) for one in labels.names if one not in labels.former}
    marks = [("name", one) for one in labels.names] + [("email", one) for one in labels.emails]
    for one in (labels.id, *labels.former):
        is_made = (
            name_key(one) in given or not given
        )  # of a name, where the file had no ids: no id by which two people would differ
        marks += [("name", one), ("made id", one)] if is_made else [("id", one)]
    rows = {(_digest(secret, kind, text), number, kind) for kind, text in marks}
    db.executemany("INSERT OR IGNORE INTO forgotten (mark, person, kind) VALUES (?, ?, ?)", sorted(rows))


def _digest(secret: bytes, kind: str, text: str) -> bytes:
    form = name_key(text) if kind in ("name", "email") else text
    return hmac.new(secret, f"{kind}\n{form}".encode(), hashlib.sha256).digest()[:16]
