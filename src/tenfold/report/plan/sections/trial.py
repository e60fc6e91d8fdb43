"""Tested before use: the plan against simpler plans."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from tenfold.report.plan.figures.trial import trial_figure
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count, pluralise

__all__ = ["comparison_rows", "content", "curve_rows", "curve_sentence", "effect_sentences"]


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    comparison = report.plan.comparison
    cost = max(comparison["contacts_a_week"].drop_nulls().to_list(), default=0.0)
    return {
        "figure": Markup(trial_figure(report)) if comparison.height else "",
        "rows": comparison_rows(comparison),
        "effects": effect_sentences(report),
        "curve": curve_rows(report.plan.curve),
        "curve_sentence": curve_sentence(report.plan.curve),
        "cost": format_count(cost),
        "cost_each": f"{cost / max(report.plan.circles.height, 1):.1f}",
    }


def curve_rows(curve: pl.DataFrame) -> list[dict[str, str]]:
    """People in touch by contacts a week, as rows of the table."""
    return [
        {
            "contacts": format_count(row["contacts"]),
            "people": f"{row['people']:,.1f}",
            "band": f"{row['low']:,.0f} to {row['high']:,.0f}",
            "words": " and ".join(words for words, so in (("this plan", row["plan"]), ("the knee", row["knee"])) if so),
        }
        for row in curve.iter_rows(named=True)
    ]


def curve_sentence(curve: pl.DataFrame) -> str:
    """Where more contacts bring little, in words."""
    knee, own = curve.filter("knee").to_dicts(), curve.filter("plan").to_dicts()
    if not knee or not own:
        return "More contacts keep no more people here, as far as the simulation can tell."
    last, sentence = curve.row(-1, named=True), ""
    if last["contacts"] > knee[0]["contacts"]:
        each = (last["people"] - knee[0]["people"]) / (last["contacts"] - knee[0]["contacts"])
        sentence = f" Beyond it ten more contacts a week keep {max(10 * each, 0):.1f} more people."
    at = format_count(knee[0]["contacts"])
    return f"The knee of the curve is at about {at} contacts a week.{sentence} The number is yours to choose."


def effect_sentences(report: PlanReport) -> list[str]:
    """What the plan gains if a contact does less than is assumed, and what the own past says of contacts, in words."""
    table = report.plan.effects
    if not table.height:
        return []
    gains = {row["worth"]: row["difference"] for row in table.filter(~pl.col("least")).iter_rows(named=True)}
    weeks = pluralise(report.plan.settings["weeks"], "week")
    found = [
        f"If a contact does what is assumed, {gains[1.0]:,.1f} more people are in touch in {weeks} than if nobody did anything;"
        f" if it does half of it, {gains[0.5]:,.1f} more; if it does nothing, none more."
    ]
    least = table.filter("least")["worth"].to_list()
    if least:
        found.append(
            f"The plan is better than nothing, beyond doubt, only if a contact does at least {least[0]:.0%} of what is assumed."
        )
    learned = [report.plan.answers, report.plan.planned_bonds]
    return found + [words for table in learned for words in table["words"].to_list()]


def comparison_rows(table: pl.DataFrame) -> list[dict[str, str]]:
    """The rows of the table in words: shares in per cent, people and bonds as numbers."""
    found = []
    for row in table.iter_rows(named=True):
        share = "strength" in row["measure"]
        scale, unit = (100, " %") if share else (1, "")
        plan, other, difference, low, high = (scale * row[name] for name in ("plan", "other", "difference", "low", "high"))
        found.append(
            {
                "baseline": row["baseline"],
                "measure": row["measure"],
                "plan": f"{plan:,.1f}{unit}",
                "other": f"{other:,.1f}{unit}",
                "difference": f"{difference:+,.1f}{' points' if share else ''}",
                "interval": f"{low:,.1f} to {high:,.1f}",
                "words": "plan better" if low > 0 else "plan worse" if high < 0 else "no clear difference",
                "mark": "▲" if low > 0 else "▼" if high < 0 else "≈",
            }
        )
    return found
