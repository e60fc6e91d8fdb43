"""Schema matching: from headers to canonical columns, and from these to the kind of table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tenfold.errors import DataError, SpecError
from tenfold.people.printable import printable
from tenfold.people.readers.column_content import COULD_BE, content_of, is_plausible
from tenfold.people.readers.statuses import status_meaning
from tenfold.people.readers.vocabulary import (
    column_words,
    guessed_words,
    header_tokens,
    normalise_header,
    other_headings,
    unit_words,
)
from tenfold.people.roster import PEOPLE_SCHEMA

__all__ = [
    "COLUMNS",
    "GUESS",
    "KNOWN",
    "OWN",
    "TableMatch",
    "explicit_columns",
    "match_columns",
    "match_table",
    "printable_headers",
    "refuse_headers",
]

COLUMNS: dict[str, tuple[str, ...]] = {
    "contacts": ("time", "a", "b", "kind", "minutes", "group", "source", "clock"),
    "attendance": (
        *("event", "start", "person", "minutes", "status"),
        *("clock", "name", "first_name", "last_name", "email", "join", "leave", "absent"),
    ),
    "people": (*PEOPLE_SCHEMA, "first_name", "last_name", "phone"),
}
"""The columns of each kind of table: the canonical ones, and those of which canonical ones are made."""

OWN, KNOWN, GUESS = 3, 2, 1
"""How a header was matched: by the column's own name or `--map`, by a known word, or by a word within it."""

_NAMING = ("person", "name", "first_name", "last_name", "email")
_LOOKS_LIKE_DATA = re.compile(r"[-+]?[0-9][0-9.,:/\- T]*Z?|[^@\s]+@[^@\s]+\.[^@\s]+")  # a number, a date, an e-mail address
_QUESTION_WORDS = 4  # a header of so many words is a question of a form
_NEVER_GUESSED = frozenset(
    [
        "a",
        "b",
        "t",
        "i",
        "j",
        "to",
        "at",
        "by",
        "no",
        "in",
        "out",
        "de",
        "an",
        "da",
        "do",
        "du",
        "om",
        "um",
        "with",
        "from",
        "how",
        "first",
        "last",
    ]
)


@dataclass(frozen=True)
class TableMatch:
    """How the headers of a table are understood as one kind: the header of each column, how it was matched, and whether they suffice."""

    kind: str
    found: dict[str, str] = field(default_factory=dict)
    level: dict[str, int] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether the columns that this kind needs are there."""
        has = self.found.keys()
        if self.kind == "contacts":
            return {"time", "a", "b"} <= has
        if self.kind == "people":
            return bool(has & {"id", "name", "first_name", "last_name", "email"})
        dated, named = bool(has & {"start", "join"}), bool(has & set(_NAMING))
        return dated and named and bool(has & {"event", "status", "absent", "leave", "minutes"})

    @property
    def rank(self) -> tuple[bool, int]:
        """Kinds are compared by it: whether all that is required stands under its own name, then how much was found."""
        required = {"contacts": ("time", "a", "b"), "attendance": ("event", "start", "person"), "people": ("id", "name")}[
            self.kind
        ]
        own = all(self.level.get(column) == OWN for column in required)
        return own, sum(self.level.values())


def match_table(
    headers: Sequence[str],
    given: Mapping[str, str],
    what: str | None,
    cells: Mapping[str, Sequence[str | None]],
) -> TableMatch | None:
    """The best complete match of the headers, if there is one; `cells` are the first ones below each header."""
    kinds = (what,) if what is not None else tuple(COLUMNS)
    complete = [one for one in (_match_kind(headers, given, kind, cells) for kind in kinds) if one.complete]
    if what is not None and not complete:
        complete = [one for one in (_match_kind(headers, given, what, cells),) if _complete_but_for_event(one)]
    gathered = next((one for one in complete if one.kind == "attendance" and one.level.get("event", GUESS) > GUESS), None)
    if gathered is not None:  # a list of people names no gatherings
        complete = [one for one in complete if one.kind != "people"]
    best = max(complete, key=lambda one: one.rank) if complete else None
    if (
        what is None
        and best is not None
        and best.kind == "people"
        and set(best.found) <= {"name", "first_name", "last_name", "email"}
    ):
        dated = _match_kind(headers, given, "attendance", cells)
        if (
            _complete_but_for_event(dated) and dated.level.get("start", GUESS) > GUESS
        ):  # names and days, and nothing of a list of people
            return dated
    return best


def match_columns(headers: Sequence[str], kind: str, given: Mapping[str, str] | None = None) -> TableMatch:
    """What headers mean in a table of one kind, whether or not it is complete."""
    return _match_kind([one for one in headers if one], given or {}, kind, {})


def _complete_but_for_event(match: TableMatch) -> bool:
    """Whether a table that is said to be attendance has people and times; the event is then named by the file."""
    return match.kind == "attendance" and bool(match.found.keys() & {"start", "join"}) and bool(match.found.keys() & set(_NAMING))


def _match_kind(
    headers: Sequence[str], given: Mapping[str, str], kind: str, cells: Mapping[str, Sequence[str | None]]
) -> TableMatch:
    """Match by the mapping, then by a column's own name, then by the first known word that is there, then by words within headers."""
    found = {column: header for column, header in given.items() if column in COLUMNS[kind]}
    level = dict.fromkeys(found, OWN)
    free: dict[str, str] = {}
    for header in headers:
        if header not in given.values():
            free.setdefault(normalise_header(header), header)
    words = {"first_name": ()} | column_words(kind)
    for column in COLUMNS[kind]:
        if column not in found and normalise_header(column) in free:
            if column in ("time", "start") and content_of(cells.get(free[normalise_header(column)], ())) == "clocks":
                continue
            found[column], level[column] = free.pop(normalise_header(column)), OWN
    for column in COLUMNS[kind]:
        for word in words.get(column, ()):
            if column not in found and word in free and not _is_header_of_other(column, free[word], cells):
                found[column], level[column] = free.pop(word), KNOWN
    if kind == "contacts" and "b" not in found and normalise_header(found.get("a", "")) == "a":
        other = next((free[word] for word in words["a"] if word in free), None)
        if other is not None:  # De, A: the letter is a word for b
            found["b"], level["b"], found["a"], level["a"] = found["a"], KNOWN, free.pop(normalise_header(other)), KNOWN
    if kind == "attendance" and "event" not in found:
        for word in guessed_words()["event"]:
            if "event" not in found and word in free:
                found["event"], level["event"] = free.pop(word), GUESS
    if kind == "attendance" and "status" not in found:
        away = [header for header in free.values() if len(header) > 2 and status_meaning(header) == (False, False)]
        if len(away) == 1 and content_of(cells.get(away[0], ())) in ("words of attendance", "yes and no", "numbers"):
            found["absent"], level["absent"] = away[0], GUESS
    for header in list(free.values()):
        guess = _guess(header, kind, found, words)
        if guess is not None and is_plausible(guess, cells.get(header, ())):
            found[guess], level[guess] = header, GUESS
    if "last_name" in found and "first_name" not in found and normalise_header(found.get("name", "")) in words["first_name"]:
        found["first_name"], level["first_name"] = found.pop("name"), level.pop("name")  # a word for both, such as Nombre
    order = {column: found[column] for column in COLUMNS[kind] if column in found}
    return TableMatch(kind, order, {column: level[column] for column in order})


def _is_header_of_other(column: str, header: str, cells: Mapping[str, Sequence[str | None]]) -> bool:
    """Whether a known word of several meanings stands over cells of another one: `time` over clocks is no date."""
    content = content_of(cells.get(header, ()))
    if column in ("time", "start"):
        return content == "clocks"
    if column == "clock":
        return content not in ("clocks", "numbers", "")
    if column in ("name", "first_name", "last_name"):
        return content in ("times", "e-mail addresses", "clocks", "numbers")
    return column == "b" and content in ("times", "clocks")


def _guess(header: str, kind: str, found: Mapping[str, str], words: Mapping[str, Sequence[str]]) -> str | None:
    """The column that a header means by its last words, or a question of a form by any; None where there is none."""
    tokens = header_tokens(header)
    if not 2 <= len(tokens) <= 40:
        return None
    question = len(tokens) >= _QUESTION_WORDS or header.rstrip().endswith("?")
    if question and kind != "people":
        return None
    parts = [tokens[start:] for start in range(1, len(tokens))]
    if question:
        parts = [tokens[k : k + size] for size in range(len(tokens) - 1, 0, -1) for k in range(len(tokens) - size + 1)]
    elif tokens[-1] in ("id", "name", "no", "number") or tokens[-1] in unit_words():
        parts.insert(0, tokens[:-1])
    for part in parts:
        word = "".join(part)
        rest = list(tokens)
        for one in part:
            rest.remove(one)
        if word in _NEVER_GUESSED or other_headings() & set(rest) or (question and len(part) == 1 and len(word) < 4):
            continue
        for column in COLUMNS[kind]:
            if column not in found and word in words.get(column, ()):
                return column
    return None


def explicit_columns(headers: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The header of each canonical column that the mapping names, and those of its headers that are missing, by column."""
    by_normal_form = {normalise_header(header): header for header in headers}
    given: dict[str, str] = {}
    absent: dict[str, str] = {}
    for header, column in mapping.items():
        if not any(column in columns for columns in COLUMNS.values()):
            allowed = ", ".join(sorted({name for columns in COLUMNS.values() for name in columns}))
            raise SpecError(
                f'--map "{printable(header)}={printable(column)}" names no column of Tenfold; expected one of {allowed}.'
            )
        at = header if header in headers else by_normal_form.get(normalise_header(header))
        if at is None:
            absent[column] = header
        elif column in given or at in given.values():
            raise SpecError(
                f"--map names '{printable(header)}' or '{column}' twice; expected one header for a column. Remove one of them."
            )
        else:
            given[column] = at
    return given, absent


def refuse_headers(
    headers: Sequence[str],
    given: Mapping[str, str],
    what: str | None,
    cells: Mapping[str, Sequence[str | None]],
    where: str,
) -> DataError:
    """The error for a table of which no kind is complete: what is missing, and what each unknown column could be."""
    kinds = (what,) if what is not None else tuple(COLUMNS)
    matches = [_match_kind(headers, given, kind, cells) for kind in kinds]
    if any(_LOOKS_LIKE_DATA.fullmatch(header) for header in headers):
        return DataError(
            f"{where}: its first row ({printable_headers(headers)}) looks like data, not like a header; "
            "expected names of columns, such as time,a,b or id,name. Add a row with them at the top."
        )
    best = max(matches, key=lambda one: (len(one.found), one.rank))
    if what is None and not best.found:
        return DataError(
            f"{where}: none of its columns is known: {_possibilities(headers, cells)}; expected names of columns, such as time,a,b or "
            f'id,name. Say what they are, such as --map "{printable(headers[0], 20)}=time".'
        )
    needs = {"contacts": ("time", "a", "b"), "attendance": ("event", "start", "person"), "people": ("name",)}[best.kind]
    missing = next((column for column in needs if column not in best.found), needs[0])
    unknown = [header for header in headers if header not in best.found.values()]
    hint = f"; not known: {_possibilities(unknown, cells)}" if unknown and any(cells.get(one) for one in unknown) else ""
    return DataError(
        f"{where}: {best.kind} need the column '{missing}', which is missing; the headers are {printable_headers(headers)}{hint}. "
        f'Say which one it is: --map "HEADER={missing}".'
    )


def _possibilities(headers: Sequence[str], cells: Mapping[str, Sequence[str | None]]) -> str:
    """What each of the headers could be, by its cells."""
    said = []
    for header in headers[:4]:
        content = content_of(cells.get(header, ()))
        said.append(f"'{printable(header, 30)}' " + (f"holds {content} ({COULD_BE[content]})" if content else "is empty"))
    return ", ".join(said) + (f" and {len(headers) - 4} more" if len(headers) > 4 else "")


def printable_headers(headers: Sequence[str]) -> str:
    """Headers for a message."""
    listed = ", ".join(f"'{printable(header, 40)}'" for header in headers[:8])
    return listed + (f" and {len(headers) - 8} more" if len(headers) > 8 else "")
