"""Rhythm: how long a bond or a person has been silent, in units of their own usual gap.

Silence beyond about 8 times the usual gap means that a tie has most likely gone: Navarro et al. 2017, doi:10.1140/epjds/s13688-017-0127-3.
If contacts came at random, silence of 2, 4 and 8 usual gaps would be seen in 14, 2 and .03 per cent of the moments of a living bond.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

import polars as pl

__all__ = ["DUE", "FADING", "LOST", "PRIOR_GAP", "add_rhythm", "standing_of_ratio"]

DUE, FADING, LOST = 2.0, 4.0, 8.0
"""A bond is due above 2 usual gaps of silence, fading above 4, lost above 8."""

PRIOR_GAP = 7.0
"""Days: the usual gap that is assumed where nobody has been seen on three days."""


def add_rhythm(table: pl.DataFrame, at: datetime) -> tuple[pl.DataFrame, float]:
    """Add `usual_gap`, `silence` (days), `ratio` and `standing` to a frame with `first`, `last` and `days` (with contact).

    Contacts of one UTC day are one occasion, so that an hour of talk does not look like a rhythm of seconds. The second value is
    the typical gap (days): the median of those seen on three days or more, or else `PRIOR_GAP`.
    """
    span = (pl.col("last") - pl.col("first")).dt.total_microseconds() / 86_400_000_000
    gap = pl.when(pl.col("days") > 1).then((span / (pl.col("days") - 1)).clip(lower_bound=1.0))
    table = table.with_columns(
        usual_gap=gap,
        silence=(pl.lit(at) - pl.col("last")).dt.total_microseconds() / 86_400_000_000,
    )
    median = table.filter(pl.col("days") > 2)["usual_gap"].median()
    typical = PRIOR_GAP if median is None else cast(float, median)
    table = table.with_columns(ratio=pl.col("silence") / pl.col("usual_gap").fill_null(typical))
    return table.with_columns(standing=standing_of_ratio()), typical


def standing_of_ratio() -> pl.Expr:
    """Kept, due, fading or lost, from the column `ratio`."""
    ratio = pl.col("ratio")
    return (
        pl.when(ratio <= DUE)
        .then(pl.lit("kept"))
        .when(ratio <= FADING)
        .then(pl.lit("due"))
        .when(ratio <= LOST)
        .then(pl.lit("fading"))
        .otherwise(pl.lit("lost"))
    )
