"""Attendance as a signal of its own: who comes by which rhythm, and who came regularly and is missing."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from tenfold.bonds.rhythm import DUE, add_rhythm
from tenfold.people.contacts import Contacts

__all__ = ["REGULAR", "measure_attendance", "missing_people"]

REGULAR = 4
"""Days of attendance from which on somebody comes regularly."""
LONGEST = 182
"""Days of absence up to which somebody is missing; after that they have stopped coming."""
HELD = 2
"""Gatherings that were held meanwhile, at least: who was at the last one that there was is not missing."""


def measure_attendance(contacts: Contacts, at: datetime) -> pl.DataFrame:
    """How everybody comes to gatherings of any size, up to the moment `at`.

    Returns
    -------
    frame
        One row a person who was at any, by `person`: `days` on which they came, `first`, `last` (UTC), `usual_gap`, `silence` (days),
        `ratio` (silence ÷ usual gap), `held` (days since `last` on which gatherings were held of the kinds that they came to, by the name
        before " @ "), and `missing`: whether they came regularly and have been away for more than twice their usual gap.
    """
    past = contacts.until(at).gatherings.with_columns(person=pl.col("person").cast(pl.String))
    seen = past.group_by("person").agg(
        days=pl.col("time").dt.date().n_unique(), first=pl.col("time").min(), last=pl.col("time").max()
    )
    rhythm, _ = add_rhythm(seen, at)
    kinds = past.with_columns(series=pl.col("gathering").cast(pl.String).str.split(" @ ").list.first())
    theirs = kinds.select("person", "series").unique()
    dates = kinds.select("series", day=pl.col("time").dt.date()).unique()
    last = seen.select("person", last_day=pl.col("last").dt.date())
    held = theirs.join(dates, on="series").join(last, on="person").filter(pl.col("day") > pl.col("last_day"))
    held = held.group_by("person").agg(held=pl.col("day").n_unique())
    table = rhythm.drop("standing").join(held, on="person", how="left").with_columns(pl.col("held").fill_null(0))
    missing = (pl.col("days") >= REGULAR) & (pl.col("ratio") > DUE) & (pl.col("silence") <= LONGEST) & (pl.col("held") >= HELD)
    return table.with_columns(missing=missing.fill_null(False)).sort("person")


def missing_people(contacts: Contacts, standing: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Who came regularly and is missing, the most regular first: `person`, `came` (words), `since` (the day of the last time), `held`.

    `standing`: of `measure_standing`; who is gone or paused is left out.
    """
    away = standing.filter(pl.col("standing").is_in(["gone", "paused"]))["person"]
    table = measure_attendance(contacts, at).filter(pl.col("missing") & ~pl.col("person").is_in(away.implode()))
    gap = pl.col("usual_gap")
    came = (
        pl.when(gap <= 9)
        .then(pl.lit("came every week"))
        .when(gap <= 18)
        .then(pl.lit("came every other week"))
        .when(gap <= 40)
        .then(pl.lit("came every month"))
        .otherwise(pl.lit("came now and then"))
    )
    table = table.sort("usual_gap", "days", "person", descending=[False, True, False])
    return table.select("person", came.alias("came"), since=pl.col("last").dt.date(), held=pl.col("held"))
