"""Missing: who came to gatherings regularly, and does not come any more."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_day

__all__ = ["MAX_ROWS", "content"]

MAX_ROWS = 60
"""People whom the page names; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    table = report.missing
    rows = [row | {"day": format_day(row["since"])} for row in table.head(MAX_ROWS).iter_rows(named=True)]
    return {"people": rows, "shown": MAX_ROWS, "total": table.height}
