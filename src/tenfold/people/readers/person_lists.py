"""Cells that name several people, and spellings of one person within a file."""

from __future__ import annotations

import re

import polars as pl

from tenfold.people.names import clean_labels, name_key, name_keys
from tenfold.people.printable import printable

__all__ = ["SEPARATORS", "list_people", "one_spelling"]

SEPARATORS = r"[|;\n,/،、]"
"""What may part several people in a cell."""

_SURE = r"\s*[|;\n]\s*"
_NAME = re.compile(r"[^\W0-9_][\w.'’-]*(?: [\w.'’-]+)*")


def list_people(column: pl.Series, others: pl.Series | None = None) -> tuple[pl.Series, list[str]]:
    """The people in each cell, once each, and what was guessed about commas and slashes.

    ``|``, ``;`` and line breaks always part. A comma or a slash parts where one of the parts is named alone in a cell of `column` or
    `others`, or where all parts have several words; a comma between two others is that of ``Nguyen, Linh``.
    """
    text = column.cast(pl.String)
    alone = {
        name_key(one)
        for series in (text, others)
        if series is not None
        for one in series.unique().drop_nulls()
        if not re.search(r"[|;,/\n]", one)
    }
    found: dict[str, list[str]] = {}
    guesses: dict[str, str] = {}
    for cell in text.unique().drop_nulls().to_list():
        people: list[str] = []
        for part in re.split(_SURE, cell):
            pieces = [one.strip() for one in re.split(r"[,/،、]", part) if one.strip()]
            if len(pieces) > 1 and _is_list(pieces, alone):
                guesses.setdefault("list", f"'{printable(part)}' names {len(pieces)} people")
                people += pieces
            elif len(pieces) == 2 and "," in part and all(_NAME.fullmatch(one) for one in pieces):
                people.append(f"{pieces[1]} {pieces[0]}")
                guesses.setdefault("name", f"'{printable(part)}' is one person, {printable(people[-1])}")
            elif part.strip():
                people.append(part.strip())
        cleaned = clean_labels(pl.Series(people, dtype=pl.String)).drop_nulls().to_list()
        found[cell] = list(dict.fromkeys(cleaned))
    return text.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.List(pl.String)).alias(
        column.name
    ), list(guesses.values())


def _is_list(pieces: list[str], alone: set[str]) -> bool:
    """Whether parts between commas are people, and not the two parts of one name."""
    return any(name_key(one) in alone for one in pieces) or len(pieces) > 2 or all(" " in one for one in pieces)


def one_spelling(*columns: pl.Series) -> list[pl.Series]:
    """The columns with one spelling for each label: names that differ only in capitals, blanks or invisible characters are one person.

    Labels with digits, and single letters, are ids and stay as they are.
    """
    labels = pl.concat([column.rename("x") for column in columns]).unique(maintain_order=True).drop_nulls()
    distinct = labels.filter(labels.str.contains(r"\pL.*\pL") & ~labels.str.contains(r"[0-9]")).to_list()
    first: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for label in distinct:
        keys = name_keys(label)
        known = next((first[key] for key in keys if key in first), None)
        for key in keys:
            first.setdefault(key, known or label)
        if known is not None and known != label:
            renamed[label] = known
    return [column.replace(renamed) if renamed else column for column in columns]
