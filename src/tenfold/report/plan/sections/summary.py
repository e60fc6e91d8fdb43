"""In short: a warning, the main numbers and a summary in words."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count, pluralise

__all__ = ["content"]

NOT_WINNING = "In simulation this plan does not win against simpler plans. Use it with care."


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    plan, weeks = report.plan, report.plan.settings["weeks"]
    people = plan.forecast.filter(pl.col("measure") == "people")
    now, without, with_plan = _mean(people, "nothing", 0), _mean(people, "nothing", weeks), _mean(people, "plan", weeks)
    return {
        "warning": plan.warning or ("" if plan.wins else NOT_WINNING),
        "placed": plan.circles.height,
        "circle_count": plan.circle_table.height,
        "in_touch_now": format_count(now),
        "contact_count": plan.this_week.height,
        "never_included_count": plan.left_out.height,
        "first_contact_count": plan.this_week.filter(pl.col("purpose") == "first contact")["whom"].n_unique(),
        "in_touch_without_plan": format_count(without),
        "in_touch_with_plan": format_count(with_plan),
        "weeks": weeks,
        "sentence": _sentence(report, now, without, with_plan),
    }


def _mean(people: pl.DataFrame, scenario: str, week: int) -> float:
    """The forecast mean of a scenario at a week."""
    return float(people.filter((pl.col("scenario") == scenario) & (pl.col("week") == week))["mean"][0])


def _sentence(report: PlanReport, now: float, without: float, with_plan: float) -> str:
    """The forecast, who needs a contact, and whether the plan wins, in a few sentences."""
    counts = dict(report.standing.group_by("standing").len().iter_rows())
    weeks = report.plan.settings["weeks"]
    fading_or_due = counts.get("due", 0) + counts.get("fading", 0)
    parts = [
        f"{format_count(now)} people are in touch today. In {pluralise(weeks, 'week')} {format_count(without)} would be "
        "if nobody did anything; "
        f"with this plan, {format_count(with_plan)}, if a contact does what is assumed below.",
        f"{pluralise(fading_or_due, 'person is', 'people are')} due for a contact or fading, and "
        f"{pluralise(counts.get('lost', 0), 'is', 'are')} most likely lost.",
    ]
    if report.plan.wins:
        parts.append(
            "In simulation this plan keeps more people than doing nothing, and than simpler plans with as many contacts."
        )
    rules = report.plan.unmet.height
    if rules:
        listed = "it is listed with what would help" if rules == 1 else "each is listed with what would help"
        parts.append(f"{pluralise(rules, 'rule')} could not be met; {listed}.")
    return " ".join(parts)
