"""Rules not met: each rule that the plan could not meet, and what would help."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count

__all__ = ["MAX_ROWS", "content", "rules_not_met"]

MAX_ROWS = 200
"""Rows that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    return {"rules": rules_not_met(report, MAX_ROWS), "shown": MAX_ROWS, "total": report.plan.unmet.height}


def rules_not_met(report: PlanReport, most: int) -> list[dict[str, Any]]:
    """Rows by rule, at most `most` in all, the rarest rule first; circles by their names."""
    numbers = report.plan.circle_table.select("circle", "name")
    called = {f"circle {number}": name for number, name in numbers.iter_rows()}
    found, left = [], most
    groups = [(name, rows) for (name,), rows in report.plan.unmet.group_by("rule", maintain_order=True)]
    for name, rows in sorted(groups, key=lambda group: group[1].height):
        shown = [row | {"who": called.get(row["who"], row["who"])} for row in rows.head(left).iter_rows(named=True)]
        left -= len(shown)
        if shown:
            found.append({"rule": name, "count": format_count(rows.height), "rows": shown})
    return found
