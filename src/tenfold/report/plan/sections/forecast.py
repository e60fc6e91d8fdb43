"""Forecast: the coming weeks with the plan and without one, and what this assumes."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from tenfold.forecast.trials import reliability_words
from tenfold.report.plan.figures.forecast import forecast_figure
from tenfold.report.plan.figures.reliability import reliability_figure
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count

__all__ = ["assumptions", "content", "forecast_rows", "statements"]

SHOWN_WEEKS = (4, 12, 26, 52)
SHOWN_CHECKED = 8
MEASURES = (("people", "People in touch"), ("bonds", "Bonds of today that hold"))


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    rows, sentence = assumptions(report)
    return {
        "replicates": report.plan.settings["replicates"],
        "measures": [
            {
                "title": title,
                "figure": Markup(forecast_figure(report, measure, title)),
                "rows": forecast_rows(report, measure),
            }
            for measure, title in MEASURES
        ],
        "statements": statements(report),
        "trust": trust(report),
        "checked": [
            row | {"said": f"{row['said']:%Y-%m-%d}"} for row in report.checked.tail(SHOWN_CHECKED).iter_rows(named=True)
        ],
        "checked_count": report.checked.height,
        "held_count": int(report.checked["held"].sum()) if report.checked.height else 0,
        "assumptions": rows,
        "assumptions_sentence": sentence,
    }


def statements(report: PlanReport) -> list[dict[str, str]]:
    """What can be checked when its date has passed, and how far to trust it, in words."""
    return [
        {"words": row["words"], "trust": row["trust"], "drift": row["drift"]}
        for row in report.plan.statements.iter_rows(named=True)
    ]


def trust(report: PlanReport) -> dict[str, Any]:
    """How chances of the past came true: a sentence and a figure; empty where the past could not be tried."""
    table = report.plan.reliability
    words = reliability_words(table)
    return {"words": words, "figure": Markup(reliability_figure(table))} if words else {}


def forecast_rows(report: PlanReport, measure: str) -> list[dict[str, Any]]:
    """Means and 90 % bands at the weeks that the table shows, by scenario."""
    part = report.plan.forecast.filter((pl.col("measure") == measure) & pl.col("week").is_in(SHOWN_WEEKS))
    rows: dict[int, dict[str, Any]] = {}
    for row in part.iter_rows(named=True):
        band = {"mean": format_count(row["mean"]), "band": f"{format_count(row['low'])} to {format_count(row['high'])}"}
        rows.setdefault(row["week"], {"week": row["week"]})[row["scenario"]] = band
    return [row for _, row in sorted(rows.items()) if {"nothing", "plan"} <= row.keys()]


def assumptions(report: PlanReport) -> tuple[list[dict[str, Any]], str]:
    """The parameters of the forecast, each with whether it was learned from the community's own past; and a sentence about them."""
    rows = [row | {"own": row["source"].startswith("own past")} for row in report.plan.hazards.iter_rows(named=True)]
    own = sum(row["own"] for row in rows)
    elsewhere = "come from studies of others or are assumed"
    if own == len(rows):
        return rows, "All of these numbers come from your own community's past."
    if not own:
        return rows, f"Your community's past is too short to learn from yet: all of these numbers {elsewhere}."
    return (
        rows,
        f"{own} of these {len(rows)} numbers {'comes' if own == 1 else 'come'} from your own community's past; the others {elsewhere}.",
    )
