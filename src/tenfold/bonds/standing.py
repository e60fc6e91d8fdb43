"""How each person stands, with the reason in words."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from tenfold.bonds.rhythm import LOST, add_rhythm
from tenfold.bonds.strength import Bonds
from tenfold.people.contacts import Contacts
from tenfold.people.roster import GONE_ROLES, People

__all__ = ["DEFINITIONS", "UNBONDED", "measure_standing"]

DEFINITIONS = {
    "kept": "In touch with somebody at their own usual rhythm: silent for no more than 2 of their usual gaps.",
    "due": "It is time for a contact: silent for 2 to 4 of their usual gaps.",
    "fading": "Slipping away: silent for 4 to 8 of their usual gaps.",
    "lost": "Most likely gone: silent for more than 8 of their usual gaps.",
    "paused": "Asked for a pause that has not ended; nobody contacts them and they are not counted as lost.",
    "attending": "Comes to gatherings, and has no bond with anybody yet.",
    "never included": "On the list, and no bond with anybody is on record.",
    "gone": "Left, or does not want to be contacted; no plan includes them.",
}


COMES = 3
"""Days at gatherings from which on somebody without a bond is attending."""
UNBONDED = ("never included", "attending")
"""Standings of people who have no bond with anybody: a plan gives each of them a first contact."""


def measure_standing(people: People, contacts: Contacts, bonds: Bonds) -> pl.DataFrame:
    """Each person's standing at the moment of `bonds`.

    A person's usual gap is the mean time between the days on which they were in contact with anybody or at a gathering; who was
    seen on one day only is held to the typical gap of all.

    Parameters
    ----------
    people, contacts
        The roster, and contacts and gatherings; what came after the moment is left out.
    bonds
        `measure_bonds` of the contacts.

    Returns
    -------
    frame
        One row a person of `people`, in their order: `person`, `standing` (a key of `DEFINITIONS`), `reason` (words), `bonds` (how many
        are not lost), `last` (UTC), `silence`, `usual_gap` (days), `ratio`.
    """
    at = bonds.at
    past = contacts.until(at)
    seen = pl.concat(
        [
            past.table.select("time", person=pl.col("a").cast(pl.String)),
            past.table.select("time", person=pl.col("b").cast(pl.String)),
            past.gatherings.select("time", person=pl.col("person").cast(pl.String)),
        ]
    )
    seen = seen.group_by("person").agg(
        first=pl.col("time").min(),
        last=pl.col("time").max(),
        days=pl.col("time").dt.date().n_unique(),
    )
    rhythm, _ = add_rhythm(seen, at)
    ends = bonds.table.select(pl.col("a", "b").cast(pl.String), alive=pl.col("standing") != "lost")
    counts = pl.concat([ends.select("alive", person="a"), ends.select("alive", person="b")])
    counts = counts.group_by("person").agg(bonds=pl.col("alive").sum().cast(pl.Int64), ever=pl.len())
    attended = past.gatherings.group_by(person=pl.col("person").cast(pl.String)).agg(attended=pl.len())
    table = people.table.select("id", "role", "consent", "paused_until").rename({"id": "person"})
    for other in (rhythm.select("person", "days", "last", "silence", "usual_gap", "ratio", "standing"), counts, attended):
        table = table.join(other, on="person", how="left", maintain_order="left")
    table = table.with_columns(pl.col("bonds", "ever", "attended").fill_null(0))
    table = table.with_columns(
        standing=pl.when(pl.col("role").str.to_lowercase().is_in(GONE_ROLES) | pl.col("consent").not_())
        .then(pl.lit("gone"))
        .when(pl.col("paused_until") > at.date())
        .then(pl.lit("paused"))
        .when((pl.col("ever") == 0) & (pl.col("days") >= COMES) & (pl.col("ratio") <= LOST))
        .then(pl.lit("attending"))
        .when(pl.col("ever") == 0)
        .then(pl.lit("never included"))
        .otherwise(pl.col("standing"))
    )
    reasons = [_reason(row, at) for row in table.iter_rows(named=True)]
    return table.select(
        "person", "standing", pl.Series("reason", reasons, pl.String), "bonds", "last", "silence", "usual_gap", "ratio"
    )


def _reason(row: dict[str, object], at: datetime) -> str:
    """Why the person stands as they do, in a few words."""
    standing, silence, gap, until = row["standing"], row["silence"], row["usual_gap"], row["paused_until"]
    if standing == "gone":
        return "does not want to be contacted" if row["consent"] is False else "left"
    if standing == "paused":
        ends = until if isinstance(until, date) and until.year < 9999 else None
        return f"paused until {ends.isoformat()}" if ends and ends > at.date() else "paused until they resume"
    if standing == "attending":
        return f"at gatherings on {row['days']} days, no bond with anybody yet"
    if standing == "never included":
        attended = row["attended"]
        if not attended:
            return "no contact with anybody on record"
        return f"at {attended} large gathering{'s' if attended != 1 else ''}, no bond with anybody on record"
    rhythm = f"usual gap {gap:.0f}" if isinstance(gap, float) else "seen on one day only"
    days = float(silence) if isinstance(silence, float) else 0.0
    return f"{days:.0f} day{'' if round(days) == 1 else 's'} silent, {rhythm}"
