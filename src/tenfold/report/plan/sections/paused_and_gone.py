"""Paused and gone: people who are in no circle, and why."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_ROWS", "content"]

MAX_ROWS = 200
"""Rows that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    excluded = report.plan.excluded
    return {"people": excluded.head(MAX_ROWS).to_dicts(), "shown": MAX_ROWS, "total": excluded.height}
