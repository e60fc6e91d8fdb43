"""The words of people's files, in thirteen languages: read from the data files beside this module."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

__all__ = [
    "answer_words",
    "column_words",
    "fold",
    "fold_words",
    "guessed_words",
    "header_tokens",
    "normalise_header",
    "other_headings",
    "status_words",
    "total_words",
    "unit_words",
]

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "ru", "uk", "he", "ar", "vi")
"""English first: where a word has several meanings, the first language that has it decides."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def fold(text: str) -> str:
    """Text as words are compared: case-folded, without accents, in compatible forms of its letters."""
    letters = unicodedata.normalize("NFKD", text[:200]).casefold()
    return "".join(one for one in letters if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")


def header_tokens(header: str) -> list[str]:
    """The words of a header: `playerFirst_name` has three."""
    return [token for token in re.split(r"[\W_]+", fold(_CAMEL.sub(" ", header))) if token]


def normalise_header(header: str) -> str:
    """The form in which headers are compared: case-folded letters and digits, without accents."""
    return re.sub(r"[\W_]", "", fold(header))


@cache
def _vocabulary() -> tuple[dict[str, dict[str, list[str]]], ...]:
    """The data file of each language, in the order of `LANGUAGES`."""
    folder = files(__package__) / "words"
    return tuple(tomllib.loads((folder / f"{one}.toml").read_text("utf-8")) for one in LANGUAGES)


def _merged(section: str, key: str) -> tuple[str, ...]:
    """All words under one key, of all languages."""
    return tuple(word for language in _vocabulary() for word in language.get(section, {}).get(key, ()))


@cache
def column_words(kind: str) -> dict[str, tuple[str, ...]]:
    """The words for each column of a kind of table, as headers are compared, the best first."""
    columns = dict.fromkeys(column for language in _vocabulary() for column in language.get(kind, {}))
    return {column: tuple(dict.fromkeys(map(normalise_header, (column, *_merged(kind, column))))) for column in columns}


@cache
def guessed_words() -> dict[str, tuple[str, ...]]:
    """Words that a column may stand under, and often does not, by column."""
    return {"event": tuple(map(normalise_header, _merged("guesses", "event")))}


@cache
def other_headings() -> frozenset[str]:
    """Words that make a header mean something else: an emergency contact is not the person."""
    return frozenset(map(normalise_header, _merged("headings", "other")))


@cache
def status_words() -> dict[str, bool]:
    """Words of attendance, as `fold_words` gives them: True where the person was there."""
    found: dict[str, bool] = {}
    for language in _vocabulary():
        for key, there in (("there", True), ("away", False)):
            for word in language["status"][key]:
                found.setdefault(fold_words(word), there)
    return found


@cache
def answer_words() -> dict[str, bool]:
    """Yes and no."""
    found: dict[str, bool] = {}
    for language in _vocabulary():
        for key, answer in (("yes", True), ("no", False)):
            for word in language["answers"][key]:
                found.setdefault(word.casefold(), answer)
    return found


@cache
def total_words() -> frozenset[str]:
    """Words at the beginning of a row that sums up the rows above it."""
    return frozenset(map(normalise_header, _merged("rows", "total")))


@cache
def unit_words() -> dict[str, float]:
    """Units of time in minutes, by word."""
    length = {"hours": 60.0, "minutes": 1.0, "seconds": 1 / 60}
    return {fold(word): length[key] for key in length for word in _merged("units", key)}


def fold_words(text: str) -> str:
    """Text as words of status are compared: folded, words with single blanks; signs alone stay as they are."""
    words = " ".join(re.split(r"[\W_]+", fold(text))).strip()
    return words or " ".join(text.split())
