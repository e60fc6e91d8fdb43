"""People by what they are called: finding one, and finding those who stand twice."""

from __future__ import annotations

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from tenfold.errors import DataError

__all__ = ["find", "fold", "probable_duplicates"]

ALIKE = 88.0  # of 100
AT_ONCE = 1000  # rows compared with all others at once: bounds the memory


def fold(text: str) -> str:
    """A name as it is compared: small letters, single blanks."""
    return " ".join(text.casefold().split())


def find(people: pl.DataFrame, text: str) -> str:
    """The id of the one person whose id, name, alias or email is `text`."""
    if text in people["id"]:
        return text
    wanted = fold(text)
    called: dict[str, set[str]] = {}
    for one, name, aliases, email in people.select("id", "name", "aliases", "email").iter_rows():
        for label in (one, name, email, *(aliases or "").split("|")):
            if label:
                called.setdefault(fold(label), set()).add(one)
    found = sorted(called.get(wanted, ()))
    if len(found) == 1:
        return found[0]
    if found:
        raise DataError(f"'{text[:60]}' is the name of {len(found)} people; expected one. Use an id: {', '.join(found[:5])}.")
    near = [name for name, _, _ in process.extract(wanted, list(called), scorer=fuzz.WRatio, limit=3, score_cutoff=70)]
    hint = " Did you mean " + ", ".join(f"'{one}'" for one in near) + "?" if near else " See tenfold status."
    raise DataError(f"'{text[:60]}' is not on the list; expected an id, a name, an alias or an email.{hint}")


def probable_duplicates(people: pl.DataFrame) -> pl.DataFrame:
    """Pairs with almost the same name, or the same email, best first: `a`, `b`, `score` (0 to 100), `why`."""
    ids = people["id"].to_list()
    labels = [fold(name or one) for one, name in people.select("id", "name").iter_rows()]
    found: dict[tuple[int, int], tuple[float, str]] = {}
    if any(label != one.casefold() for label, one in zip(labels, ids, strict=True)):
        for start in range(0, len(labels), AT_ONCE):
            score = process.cdist(
                labels[start : start + AT_ONCE],
                labels,
                scorer=fuzz.token_sort_ratio,
                score_cutoff=ALIKE,
                dtype=np.uint8,
                workers=-1,
            )
            for row, column in np.argwhere(score).tolist():
                if start + row < column:
                    found[start + row, column] = (float(score[row, column]), "almost the same name")
    by_email: dict[str, int] = {}
    for i, email in enumerate(people["email"]):
        if email:
            first = by_email.setdefault(fold(email), i)
            if first != i:
                found[first, i] = (100.0, "the same email")
    table = [{"a": ids[i], "b": ids[j], "score": score, "why": why} for (i, j), (score, why) in found.items()]
    schema = {"a": pl.String, "b": pl.String, "score": pl.Float64, "why": pl.String}
    return pl.DataFrame(table, schema=schema).sort("score", "a", "b", descending=[True, False, False])
