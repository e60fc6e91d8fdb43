"""Attendance in words: which words of a column of status mean that somebody was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tenfold.people.printable import printable
from tenfold.people.readers.vocabulary import fold_words, status_words

__all__ = ["StatusWord", "read_statuses", "status_meaning"]

MARKS = frozenset("vhkcoud")
"""Single letters that are a tick where they stand alone in a register, and a word where they stand beside others."""


@dataclass(frozen=True)
class StatusWord:
    """A word of a column of status: how many rows have it, whether they count as there (None: not known), and whether that is a guess."""

    word: str
    rows: int
    there: bool | None
    guess: bool = False


def status_meaning(word: str) -> tuple[bool | None, bool]:
    """Whether a word means that somebody was there, None where it is not known; and whether that is a guess from its first words."""
    known = status_words()
    text = fold_words(word)
    if text in known:
        return known[text], False
    parts = text.split()
    for end in range(len(parts) - 1, 0, -1):
        if " ".join(parts[:end]) in known and len(" ".join(parts[:end])) > 1:
            return known[" ".join(parts[:end])], True
    number = text.replace(",", ".")
    if number.replace(".", "", 1).isascii() and number.replace(".", "", 1).isdigit():
        return float(number) > 0, False
    return None, False


def read_statuses(
    column: pl.Series, given: Mapping[str, bool], *, ticks: bool, register: bool = False
) -> tuple[pl.Series, list[StatusWord]]:
    """Whether each row was there (null: not known), and the words of the column.

    Parameters
    ----------
    column
        Text; null where the cell is empty.
    given
        Words of which the person who imports says what they mean, as `fold_words` gives them.
    ticks
        Whether an empty cell means that somebody was not there, where no word of the column says so.
    register
        Whether the cells are those of a register, in which a lone letter is a tick.
    """
    counts = column.value_counts(sort=True, name="rows")
    words = [(word, int(rows)) for word, rows in counts.iter_rows()]
    found: list[StatusWord] = []
    for word, rows in words:
        if word is None:
            continue
        text = fold_words(word)
        there, guess = (given[text], False) if text in given else status_meaning(word)
        if (
            register
            and text in MARKS
            and text not in given
            and len({fold_words(one) for one, _ in words if one is not None}) == 1
        ):
            there, guess = True, True
        found.append(StatusWord(printable(word, 40), rows, there, guess))
    meaning = {word: one.there for (word, _), one in zip(((w, r) for w, r in words if w is not None), found, strict=True)}
    empty = next((rows for word, rows in words if word is None), 0)
    blank = not ((ticks and bool(found) and all(one.there is not False for one in found)) or register)
    if empty:
        found.append(StatusWord("", empty, blank, ticks))
    known = column.replace_strict(list(meaning), list(meaning.values()), default=None, return_dtype=pl.Boolean)
    return pl.select(pl.when(column.is_null()).then(pl.lit(blank)).otherwise(known)).to_series(), found
