"""The people of a plan and some pairs of them as a cohort, for the forecast."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.simulate import Cohort
from tenfold.plan.situation import Situation
from tenfold.plan.ties import Pairs, Ties

__all__ = ["CLOSE", "build_cohort"]

CLOSE = 15
"""Bonds that a person can hold close (layers of 5, 15, 50, 150: Dunbar): one beyond the 15 strongest of both is not counted as living."""


def build_cohort(situation: Situation, pairs: Pairs) -> Cohort:
    """The community at week 0; `pairs` are those of `number_pairs`, all ties first."""
    people, ties, languages = situation.people, situation.ties, situation.languages
    m, known = len(pairs), len(ties)
    at = pl.lit(situation.at)
    alive, bond_age = np.zeros(m, np.bool_), np.zeros(m, np.int64)
    alive[:known] = ties.living & _is_close(ties, situation.n)
    bond_age[:known] = ties.table.select((at - pl.col("first")).dt.total_days() // 7).to_series().to_numpy()
    person_age = people.select((at - pl.col("first_seen")).dt.total_days() // 7).to_series().fill_null(0).to_numpy()
    shared = (languages[pairs.a] & languages[pairs.b]).any(axis=1) if languages.shape[1] else np.ones(m, np.bool_)
    return Cohort(
        active=np.array([one != "lost" for one in situation.standing], np.bool_),
        person_age=person_age.astype(np.int64),
        a=pairs.a,
        b=pairs.b,
        alive=alive,
        bond_age=bond_age,
        known=np.arange(m) < known,
        no_shared_language=np.logical_not(shared),
    )


def _is_close(ties: Ties, n: int) -> NDArray[np.bool_]:
    """Whether each bond is among the strongest of one of its ends; `ties` come strongest first."""
    rows = np.arange(len(ties))
    end, row = np.concatenate([ties.a, ties.b]), np.concatenate([rows, rows])
    by_end = np.lexsort((row, end))
    rank = np.arange(len(end)) - np.searchsorted(end[by_end], np.arange(n))[end[by_end]]
    close = np.zeros(len(rows), np.bool_)
    close[row[by_end][rank < CLOSE]] = True
    return close
