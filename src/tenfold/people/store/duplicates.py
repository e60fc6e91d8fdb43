"""Duplicate detection: pairs of entries on the list that may be one person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
MOST_COMPARED = 20_000  # people who are all compared with each other
NEIGHBOURS = 8
"""With more people each name is compared with so many next to it in two orders: by its words, and by its words read backwards.
Hernández, Stolfo 1995, doi:10.1145/568271.223807."""


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
        pairs = _all_pairs(labels) if len(labels) <= MOST_COMPARED else _neighbouring_pairs(labels)
        found = {(i, j): (score, "almost the same name") for i, j, score in pairs}
    by_email: dict[str, int] = {}
    for i, email in enumerate(people["email"]):
        if email:
            first = by_email.setdefault(normalise(email), i)
            if first != i:
                found[first, i] = (100.0, "the same email")
    table = [{"a": ids[i], "b": ids[j], "score": score, "why": why} for (i, j), (score, why) in found.items()]
    schema = {"a": pl.String, "b": pl.String, "score": pl.Float64, "why": pl.String}
    return pl.DataFrame(table, schema=schema).sort("score", "a", "b", descending=[True, False, False])


def _all_pairs(labels: list[str]) -> Iterator[tuple[int, int, float]]:
    """Similar pairs among all."""
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
                yield start + row, column, float(score[row, column])


def _neighbouring_pairs(labels: list[str]) -> Iterator[tuple[int, int, float]]:
    """Similar pairs among those that stand near each other in one of two orders."""
    keys = [" ".join(sorted(label.split())) for label in labels]
    for order in (
        sorted(range(len(keys)), key=keys.__getitem__),
        sorted(range(len(keys)), key=[key[::-1] for key in keys].__getitem__),
    ):
        words = [labels[i] for i in order]
        for step in range(1, NEIGHBOURS + 1):
            score = process.cpdist(
                words[:-step],
                words[step:],
                scorer=fuzz.token_sort_ratio,
                score_cutoff=LEAST_SIMILARITY,
                dtype=np.uint8,
                workers=-1,
            )
            for k in np.flatnonzero(score).tolist():
                yield min(order[k], order[k + step]), max(order[k], order[k + step]), float(score[k])
