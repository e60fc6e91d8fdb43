"""Identity resolution: from an id, name, alias or email to the person on the list."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import polars as pl
from rapidfuzz import fuzz, process

from tenfold.errors import DataError
from tenfold.people.store.validated import ValidatedReader

__all__ = ["find_person", "normalise", "person_key", "resolve_people"]


def normalise(text: str) -> str:
    """The form in which names are compared: case-folded, with single blanks."""
    return " ".join(text.casefold().split())


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


def resolve_people(
    reader: ValidatedReader, labels: Iterable[str], *, file_name: str, strict: bool
) -> tuple[dict[str, int], list[str]]:
    """The primary key of the person for each of the labels that a file uses, and the labels that became new people.

    A label is looked up as an id, as an id that was merged into another, and as a name, alias or email that only one person has. A label
    that is none of these becomes a new person, or an error where `strict` is set.
    """
    found = reader.read("person", "key", "id", "name", "aliases", "email").rows()
    key_by_id = {one: key for key, one, *_ in found}
    merged = dict(reader.read("merged", "dropped", "kept").rows())
    keys_by_label: dict[str, set[int]] = {}
    for key, _, name, aliases, email in found:
        for text in (name, email, *(aliases or "").split("|")):
            if text:
                keys_by_label.setdefault(normalise(text), set()).add(key)
    keys: dict[str, int] = {}
    new: list[str] = []
    for text in labels:
        known = key_by_id.get(text) or key_by_id.get(merged.get(text, ""))
        if known is None and len(keys_by_label.get(normalise(text), ())) == 1:
            known = next(iter(keys_by_label[normalise(text)]))
        if known is None:
            if strict:
                raise DataError(
                    f"{file_name}: '{text[:60]}' is not on the list of people; expected an id, or a name that one person has. "
                    "Add them to the list, or leave out --strict."
                )
            known = int(reader.db.execute("INSERT INTO person (id, name) VALUES (?, ?)", (text, text)).lastrowid or 0)
            new.append(text)
        keys[text] = known
    return keys, new
