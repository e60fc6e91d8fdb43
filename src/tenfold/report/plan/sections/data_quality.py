"""Quality of the data: what is missing, and who may be on the list twice."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_DUPLICATES", "content"]

MAX_DUPLICATES = 50
"""Pairs that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    return {
        "facts": list(report.quality.items()),
        "duplicates": report.duplicates.head(MAX_DUPLICATES).to_dicts(),
        "duplicates_total": report.duplicates.height,
    }
