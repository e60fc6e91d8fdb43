"""The section of the page about mentors and whom the practice reaches."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.report.sources import Sources
from tenfold.report.words import count, one_or_more

__all__ = ["MOST_MENTORS", "section"]

MOST_MENTORS, MOST_GROUPS, MOST_LEFT, MOST_NAMED = 24, 60, 40, 12
"""Rows that the page shows; the files have all."""


def section(sources: Sources) -> dict[str, Any] | None:
    """What the section shows, or None if no mentors were chosen."""
    found = sources.outreach
    if found is None:
        return None
    whom: dict[str, list[str]] = {}
    for row in found.care.iter_rows(named=True):
        whom.setdefault(row["mentor"], []).append(row["person"])
    mentors = [
        row | {"whom": whom.get(row["mentor"], [])[:MOST_NAMED], "more": max(len(whom.get(row["mentor"], [])) - MOST_NAMED, 0)}
        for row in found.mentors.head(MOST_MENTORS).iter_rows(named=True)
    ]
    groups = [
        {
            "group": row["group"],
            "people": count(row["people"]),
            "mentors": row["mentors"],
            "with_mentors": f"{row['with_mentors']:.1f}",
            "share": f"{100 * row['with_mentors'] / row['people']:.0f} %",
            "at_random": f"{row['at_random']:.1f}",
        }
        for row in found.groups.head(MOST_GROUPS).iter_rows(named=True)
    ]
    reasons = [
        {
            "why": row["why"],
            "count": one_or_more(row["people"], "person", "people"),
            "first": row["first"],
            "more": row["people"] - len(row["first"]),
        }
        for row in found.left.group_by("why", maintain_order=True)
        .agg(people=pl.len(), first=pl.col("person").head(MOST_LEFT // 4))
        .sort("people", "why", descending=[True, False])
        .iter_rows(named=True)
    ]
    return {
        "sentence": found.sentence(),
        "sure": "" if found.all_chosen else f"What is sure: {found.guarantee}.",
        "by": str(found.settings["by"]),
        "chance": f"{100 * float(str(found.settings['chance'])):g} %",
        "mentors": mentors,
        "mentors_count": found.mentors.height,
        "most_mentors": MOST_MENTORS,
        "groups": groups,
        "groups_count": found.groups.height,
        "most_groups": MOST_GROUPS,
        "left": reasons,
        "choice": not found.all_chosen,
    }
