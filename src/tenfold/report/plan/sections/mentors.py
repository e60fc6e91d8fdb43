"""Mentors: who should be one for the reach of the practice, and what each group gains."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.plan.mentors.result import MentorPlacement
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count, pluralise

__all__ = ["MAX_MENTORS", "content"]

MAX_MENTORS, MAX_GROUPS, MAX_NOT_REACHED, MAX_NAMED = 24, 60, 40, 12
"""Rows that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section: `outreach`, None if no mentors were chosen."""
    return {"outreach": None if report.outreach is None else _outreach(report.outreach)}


def _outreach(found: MentorPlacement) -> dict[str, Any]:
    """The mentors, the groups and the people who are not reached."""
    mentees: dict[str, list[str]] = {}
    for row in found.care.iter_rows(named=True):
        mentees.setdefault(row["mentor"], []).append(row["person"])
    mentors = [
        row
        | {"mentees": mentees.get(row["mentor"], [])[:MAX_NAMED], "more": max(len(mentees.get(row["mentor"], [])) - MAX_NAMED, 0)}
        for row in found.mentors.head(MAX_MENTORS).iter_rows(named=True)
    ]
    groups = [
        {
            "group": row["group"],
            "people": format_count(row["people"]),
            "mentors": row["mentors"],
            "with_mentors": f"{row['with_mentors']:.1f}",
            "share": f"{100 * row['with_mentors'] / row['people']:.0f} %",
            "at_random": f"{row['at_random']:.1f}",
        }
        for row in found.groups.head(MAX_GROUPS).iter_rows(named=True)
    ]
    reasons = [
        {
            "why": row["why"],
            "count": pluralise(row["people"], "person", "people"),
            "first": row["first"],
            "more": row["people"] - len(row["first"]),
        }
        for row in found.left.group_by("why", maintain_order=True)
        .agg(people=pl.len(), first=pl.col("person").head(MAX_NOT_REACHED // 4))
        .sort("people", "why", descending=[True, False])
        .iter_rows(named=True)
    ]
    return {
        "sentence": found.sentence(),
        "sure": "" if found.all_chosen else f"What is sure: {found.guarantee}.",
        "by": str(found.settings["by"]),
        "chance": f"{100 * float(str(found.settings['chance'])):g} %",
        "mentors": mentors,
        "mentors_total": found.mentors.height,
        "mentors_shown": MAX_MENTORS,
        "groups": groups,
        "groups_total": found.groups.height,
        "groups_shown": MAX_GROUPS,
        "left": reasons,
        "choice": not found.all_chosen,
    }
