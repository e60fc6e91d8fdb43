"""Identity resolution: from an id, name, alias or email to the person on the list."""

from __future__ import annotations

import sqlite3

import polars as pl
from rapidfuzz import fuzz, process

from tenfold.errors import DataError
from tenfold.people.names import name_key

__all__ = ["find_person", "normalise", "person_key"]


def normalise(text: str) -> str:
    """The form in which names are compared."""
    return name_key(text)


def find_person(people: pl.DataFrame, text: str) -> str:
    """The id of the one person whose id, name, alias or email is `text`."""
    if text in people["id"]:
        return text
    wanted = normalise(text)
    ids_by_label: dict[str, set[str]] = {}
    for one, name, aliases, email in people.select("id", "name", "aliases", "email").iter_rows():
        for label in (one, name, email, *(aliases or "").split("|")):
            if label:
                ids_by_label.setdefault(normalise(label), set()).add(one)
    found = sorted(ids_by_label.get(wanted, ()))
    if len(found) == 1:
        return found[0]
    if found:
        raise DataError(f"'{text[:60]}' is the name of {len(found)} people; expected one. Use an id: {', '.join(found[:5])}.")
    near = [name for name, _, _ in process.extract(wanted, list(ids_by_label), scorer=fuzz.WRatio, limit=3, score_cutoff=70)]
    hint = " Did you mean " + ", ".join(f"'{one}'" for one in near) + "?" if near else " See tenfold status."
    raise DataError(f"'{text[:60]}' is not on the list; expected an id, a name, an alias or an email.{hint}")


def person_key(db: sqlite3.Connection, person: str) -> int:
    """The primary key of the person with that id."""
    row = db.execute("SELECT key FROM person WHERE id = ?", (person,)).fetchone()
    if row is None:
        raise DataError(f"'{person}' is not on the list; expected the id of a person. See tenfold status.")
    return int(row[0])
