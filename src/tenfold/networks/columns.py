"""Which column of a table is which, by its name: ends of an edge, weight, time, type, person, group; see column_names.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

from tenfold.errors import DataError
from tenfold.notebook import one_line

__all__ = ["column_named", "find_column", "find_ends", "is_known", "listed", "plain_name", "words_for"]


@cache
def _names() -> dict[str, Any]:
    """The names of columns, by what they are for."""
    return tomllib.loads(files("tenfold.networks").joinpath("column_names.toml").read_text(encoding="utf-8"))


def plain_name(name: str | None) -> str:
    """A name without case, blanks, signs and what is in brackets: "From Node Id" is fromnodeid, ":START_ID(Person)" is startid.

    Examples
    --------
    >>> [plain_name(one) for one in ("From Node Id", ":START_ID(Person)", " Weight ", "Unnamed: 0")]
    ['fromnodeid', 'startid', 'weight', 'unnamed0']
    """
    text = unicodedata.normalize("NFKC", name or "").casefold()
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text) or text
    return "".join(one for one in text if one.isalnum())


def words_for(part: str, which: str) -> frozenset[str]:
    """The words of a part of column_names.toml, such as the types that mean directed."""
    return frozenset(_names()[part][which])


def is_known(name: str | None, *roles: str) -> bool:
    """Whether a name is one for any of these roles, such as weight or time; an empty name is none."""
    plain = plain_name(name)
    return bool(plain) and any(plain in _names()[role] for role in roles)


def find_column(names: list[str], role: str, taken: set[int]) -> int | None:
    """The column of a role, the likelier names first, among those that are not taken yet."""
    plain = [plain_name(name) for name in names]
    for known in _names()[role]:
        at = [k for k, name in enumerate(plain) if name == known and known and k not in taken]
        if at:
            return at[0]
    return None


def find_ends(names: list[str], where: str) -> tuple[int, int] | None:
    """Which two columns hold the ends, where their names are known.

    Raises
    ------
    DataError
        Two pairs of columns could be the ends.
    """
    plain = [plain_name(name) for name in names]
    pairs = {(plain.index(a), plain.index(b)) for a, b in _names()["ends"] if a in plain and b in plain}
    if not pairs:
        firsts, seconds = ({pair[k] for pair in _names()["ends"]} for k in (0, 1))
        from_, to = (
            [k for k, name in enumerate(plain) if name in one and name not in two]
            for one, two in ((firsts, seconds), (seconds, firsts))
        )
        if len(from_) == len(to) == 1:
            pairs = {(from_[0], to[0])}
    if len(pairs) > 1 or any(plain.count(plain[k]) > 1 for pair in pairs for k in pair):
        raise DataError(
            f"{where}: several columns could be the two ends ({listed(names)}). Say which: a='…', b='…', or leave the others out."
        )
    return next(iter(pairs), None)


def column_named(names: list[str], wanted: str, what: str, where: str) -> int:
    """The column that a caller names.

    Raises
    ------
    DataError
        There is none of that name, or several.
    """
    for same in (lambda name: name == wanted, lambda name: plain_name(name) == plain_name(wanted)):
        at = [k for k, name in enumerate(names) if same(name.strip())]
        if len(at) == 1:
            return at[0]
        if at:
            raise DataError(f"{where}: {what} is '{wanted}', and {len(at)} columns are called so. Rename them.")
    raise DataError(f"{where}: {what} is '{one_line(wanted)}', and the columns are {listed(names)}. Name one of them.")


def listed(names: list[str]) -> str:
    """Names of columns for a message, in a line."""
    shown = ", ".join(f"'{one_line(name, 30)}'" if name else "(no name)" for name in names[:8])
    return shown + (f" and {len(names) - 8} more" if len(names) > 8 else "") if names else "none"
