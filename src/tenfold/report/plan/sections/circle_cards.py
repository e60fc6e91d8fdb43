"""Circles: a card for each, with its members and its bridges to other circles."""

from __future__ import annotations

from typing import Any

from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_CARDS", "circle_cards", "content"]

MAX_CARDS = 120
"""Cards that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    return {"circles": circle_cards(report, MAX_CARDS), "shown": MAX_CARDS, "total": report.plan.circle_table.height}


def circle_cards(report: PlanReport, most: int) -> list[dict[str, Any]]:
    """The data of the first `most` cards."""
    plan = report.plan
    called = dict(plan.circle_table.select("circle", "name").iter_rows())
    loads = {row["circle"]: row for row in plan.mentors.iter_rows(named=True)}
    members = {number: rows.to_dicts() for (number,), rows in plan.circles.group_by("circle", maintain_order=True)}
    bridges: dict[int, list[dict[str, Any]]] = {}
    for row in plan.bridges.iter_rows(named=True):
        for here, there, a, b in (("circle", "to_circle", "a", "b"), ("to_circle", "circle", "b", "a")):
            link = {"to": called.get(row[there], ""), "ours": row[a], "theirs": row[b], "exists": row["exists"]}
            bridges.setdefault(row[here], []).append(link)
    return [
        row
        | {
            "members": members.get(row["circle"], []),
            "links": bridges.get(row["circle"], []),
            "load": loads.get(row["circle"]),
            "came_from": called.get(row["parent"], "a circle that is no more"),
            "kept": f"{100 * row['strength_kept']:.0f} %",
        }
        for row in plan.circle_table.head(most).iter_rows(named=True)
    ]
