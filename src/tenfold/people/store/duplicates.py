"""Duplicate detection: pairs of entries on the list that may be one person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from rapidfuzz import fuzz, process

from tenfold.people.names import compatible_names
from tenfold.people.store.identity import normalise

__all__ = ["likely_same", "probable_duplicates"]

LEAST_SIMILARITY = 88.0  # of 100
MOST_NEW, MOST_OLD = 200, 5000  # that are compared
PARTLY_SAME = 80.0  # score of Ana and Ana Lima
BLOCK_ROWS = 1000  # rows compared with all others at once: bounds the memory


def likely_same(people: pl.DataFrame, new: Sequence[str]) -> pl.DataFrame:
    """People on the list whom some new ones may be, best first: `a` (the new id), `b`, `score` (0 to 100), `why`."""
    names = {one: name or one for one, name in people.select("id", "name").iter_rows()}
    old = [one for one in names if one not in set(new)]
    fresh = [one for one in new if one in names][:MOST_NEW]
    schema = {"a": pl.String, "b": pl.String, "score": pl.Float64, "why": pl.String}
    if not old or not fresh:
        return pl.DataFrame(schema=schema)
    forms = [[normalise(names[one]) for one in group] for group in (fresh, old)]
    score = process.cdist(*forms, scorer=fuzz.token_sort_ratio, score_cutoff=LEAST_SIMILARITY, dtype=np.uint8, workers=-1)
    found = [
        {"a": fresh[row], "b": old[column], "score": float(score[row, column]), "why": "almost the same name"}
        for row, column in np.argwhere(score).tolist()
    ]
    found += [
        {"a": one, "b": other, "score": PARTLY_SAME, "why": "the one name is a part of the other"}
        for row, one in enumerate(fresh)
        for column, other in enumerate(old[:MOST_OLD])
        if not score[row, column] and len(names[one]) > 2 and compatible_names(names[one], names[other])
    ]
    return pl.DataFrame(found, schema=schema).sort("score", "a", "b", descending=[True, False, False])


def probable_duplicates(people: pl.DataFrame) -> pl.DataFrame:
    """Pairs with almost the same name, or the same email, best first: `a`, `b`, `score` (0 to 100), `why`."""
    ids = people["id"].to_list()
    labels = [normalise(name or one) for one, name in people.select("id", "name").iter_rows()]
    found: dict[tuple[int, int], tuple[float, str]] = {}
    if any(label != one.casefold() for label, one in zip(labels, ids, strict=True)):
        for start in range(0, len(labels), BLOCK_ROWS):
            score = process.cdist(
                labels[start : start + BLOCK_ROWS],
                labels,
                scorer=fuzz.token_sort_ratio,
                score_cutoff=LEAST_SIMILARITY,
                dtype=np.uint8,
                workers=-1,
            )
            for row, column in np.argwhere(score).tolist():
                if start + row < column:
                    found[start + row, column] = (float(score[row, column]), "almost the same name")
    by_email: dict[str, int] = {}
    for i, email in enumerate(people["email"]):
        if email:
            first = by_email.setdefault(normalise(email), i)
            if first != i:
                found[first, i] = (100.0, "the same email")
    table = [{"a": ids[i], "b": ids[j], "score": score, "why": why} for (i, j), (score, why) in found.items()]
    schema = {"a": pl.String, "b": pl.String, "score": pl.Float64, "why": pl.String}
    return pl.DataFrame(table, schema=schema).sort("score", "a", "b", descending=[True, False, False])
