"""Never included: people with no bond on record, and who makes the first contact."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_ROWS", "content"]

MAX_ROWS = 200
"""Rows that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    plan = report.plan
    return {
        "people": plan.left_out.head(MAX_ROWS).to_dicts(),
        "shown": MAX_ROWS,
        "total": plan.left_out.height,
        "circle": dict(plan.circle_table.select("circle", "name").iter_rows()),
    }
