"""Identity resolution of a file: from the labels that it uses, with names and e-mail addresses, to people on the list."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tenfold.errors import DataError
from tenfold.people.names import compatible_names, name_key, name_keys
from tenfold.people.printable import printable
from tenfold.people.store.forget import Marks

__all__ = ["Mention", "PeopleIndex", "Resolved", "resolve_mentions"]

_LOST = re.compile(r"(?<=\w)[?\ufffd]+|[?\ufffd]+(?=\w)")
_TAG = re.compile(r" \([^()]*\)$")
"""What a reader adds to a name that several people of one file share."""


@dataclass(frozen=True)
class Mention:
    """Somebody whom a file names: the label that its rows use, and the name and e-mail address that it gives."""

    label: str
    name: str | None = None
    email: str | None = None


@dataclass
class Resolved:
    """Who the labels of a file are: the key of the person (None: nobody can tell, or who was forgotten), the labels that became new people,
    what to ask, and the labels of those who were forgotten."""

    keys: dict[str, int | None] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)


class PeopleIndex:
    """The people on the list by all that names them."""

    def __init__(self, people: Iterable[tuple[int, str, str | None, str | None, str | None]], merged: Mapping[str, str]) -> None:
        """`people`: key, id, name, aliases and email of each; `merged`: the id that is kept for each that was merged into another."""
        self.id_by_key: dict[int, str] = {}
        self.name_by_key: dict[int, str | None] = {}
        self._key_by_id: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = {}
        self._by_email: dict[str, set[int]] = {}
        self._merged = dict(merged)
        for key, one, name, aliases, email in people:
            self.add(key, one, name, aliases, email)

    def add(self, key: int, one: str, name: str | None, aliases: str | None, email: str | None) -> None:
        """Enter a person."""
        self.id_by_key[key], self.name_by_key[key], self._key_by_id[one] = one, name, key
        for text in (name, *(aliases or "").split("|")):
            for form in name_keys(text) if text else ():
                self._by_name.setdefault(form, set()).add(key)
        if email:
            self._by_email.setdefault(name_key(email), set()).add(key)

    def by_id(self, one: str) -> int | None:
        """The person of that id, or of one that was merged."""
        return self._key_by_id.get(one) or self._key_by_id.get(self._merged.get(one, ""))

    def by_name(self, text: str) -> set[int]:
        """Everybody of that name, alias or e-mail address."""
        forms = name_keys(text)
        named = set().union(*(self._by_name.get(form, set()) for form in forms))
        return named or set().union(*(self._by_email.get(form, set()) for form in forms))

    def by_email(self, mention: Mention) -> set[int]:
        """Everybody with the e-mail address of a mention whose name can be that of the mention: a family may share an address."""
        if not mention.email:
            return set()
        found = self._by_email.get(name_key(mention.email), set())
        return {key for key in found if self._may_be(key, mention.name)}

    def _may_be(self, key: int, name: str | None) -> bool:
        known = self.name_by_key[key]
        if not name or not known or "@" in known or (known == self.id_by_key[key] and "@" in known):
            return True
        return compatible_names(known, name)

    def by_lost_letters(self, text: str) -> set[int]:
        """Everybody whose name a text can be that lost letters to question marks, as files in old encodings do."""
        form = name_key(text)
        if not _LOST.search(form) or len(form) > 100:
            return set()
        pattern = re.compile("".join("." if one in "?\ufffd" else re.escape(one) for one in form))
        return set().union(*(keys for name, keys in self._by_name.items() if len(name) == len(form) and pattern.fullmatch(name)))


def resolve_mentions(
    db: sqlite3.Connection, index: PeopleIndex, mentions: Iterable[Mention], *, file_name: str, strict: bool
) -> Resolved:
    """Find or add the person of each mention.

    A label is an id, or a name or e-mail address. A name that several people have, here or on the list, is a question: it gets no key.
    Who is unknown becomes a new person, or an error where `strict` is set.
    """
    mentions = list(mentions)
    resolved = Resolved()
    homonyms = _homonyms(mentions)
    before, marks = set(index.id_by_key), Marks(db)
    for mention in mentions:
        key = index.by_id(mention.label)
        name = mention.name or _TAG.sub("", mention.label)
        if key is None and marks.cover_label(mention.label, mention.name, mention.email):
            resolved.keys[mention.label] = None
            resolved.forgotten.add(mention.label)
            continue
        if key is None:
            found = index.by_email(mention) or index.by_name(name) or index.by_lost_letters(name)
            if name_key(name) in homonyms:
                found = index.by_email(mention) or (index.by_name(name) & before)
                sure = bool(index.by_email(mention))
            else:
                sure = len(found) == 1
            if found and not (sure and len(found) == 1):
                resolved.keys[mention.label] = None
                question = _question(index, mention, found, file_name)
                resolved.questions += [question] if question not in resolved.questions else []
                continue
            key = next(iter(found), None)
            if key is not None and not index.by_email(mention) and not index.by_name(name):
                resolved.guesses.append(f"'{printable(name)}' is taken for {index.name_by_key[key] or index.id_by_key[key]}")
        if key is None:
            if strict:
                raise DataError(
                    f"{file_name}: '{printable(mention.label)}' is not on the list of people; expected an id, or a name that one person "
                    "has. Add them to the list, or leave out --strict."
                )
            key = _insert(db, index, mention, name)
            resolved.new.append(mention.label)
        elif mention.email or mention.name:
            _complete(db, index, key, mention)
        resolved.keys[mention.label] = key
    return resolved


def _homonyms(mentions: list[Mention]) -> set[str]:
    """Names that several labels of one file have."""
    seen: dict[str, set[str]] = {}
    for mention in mentions:
        seen.setdefault(name_key(mention.name or mention.label), set()).add(mention.label)
    return {name for name, labels in seen.items() if len(labels) > 1}


def _question(index: PeopleIndex, mention: Mention, found: set[int], file_name: str) -> str:
    """Who somebody may be, and how to say it."""
    ids = sorted(index.id_by_key[key] for key in found)
    who = printable(mention.name or mention.label)
    if len(ids) > 1:
        listed = ", ".join(printable(one, 40) for one in ids[:4])
        return f"{file_name}: '{who}' may be any of {len(ids)} people ({listed}). Write the id of the one who is meant, or merge them"
    return (
        f"{file_name}: several people are called '{who}', and the list has one ({printable(ids[0], 40)}). Give that one the e-mail address "
        "or id that the file has"
    )


def _insert(db: sqlite3.Connection, index: PeopleIndex, mention: Mention, name: str) -> int:
    """Add a person."""
    row = (mention.label, mention.name or name, mention.email)
    key = int(db.execute("INSERT INTO person (id, name, email) VALUES (?, ?, ?)", row).lastrowid or 0)
    index.add(key, row[0], row[1], None, row[2])
    return key


def _complete(db: sqlite3.Connection, index: PeopleIndex, key: int, mention: Mention) -> None:
    """Add what a mention says of somebody who is known: an e-mail address where there is none, another name as an alias."""
    db.execute("UPDATE person SET email = ?1 WHERE key = ?2 AND email IS NULL AND ?1 IS NOT NULL", (mention.email, key))
    if mention.name and key not in index.by_name(mention.name):
        known = db.execute("SELECT aliases FROM person WHERE key = ?", (key,)).fetchone()[0]
        aliases = "|".join(dict.fromkeys([*(known or "").split("|"), mention.name])).strip("|")
        db.execute("UPDATE person SET aliases = ? WHERE key = ?", (aliases, key))
        index.add(key, index.id_by_key[key], index.name_by_key[key], mention.name, mention.email)
