"""This week: the weekly list of contacts, by circle and by carer."""

from __future__ import annotations

from typing import Any

import polars as pl

from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_day, pluralise

__all__ = ["MAX_CONTACTS", "contacts_by_circle", "content"]

MAX_CONTACTS = 2500
"""Contacts that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    circles, shown = contacts_by_circle(report, MAX_CONTACTS)
    return {"circles": circles, "shown": shown, "total": report.plan.this_week.height}


def contacts_by_circle(report: PlanReport, most: int) -> tuple[list[dict[str, Any]], int]:
    """The contacts by circle, at most about `most` in all, and the number of contacts that are shown.

    In a circle, a person who makes several contacts has a block; those who make one are listed together, so that the card stays short.
    """
    shown, cards = 0, []
    table = {row["circle"]: row for row in report.plan.circle_table.iter_rows(named=True)}
    roles = dict(report.plan.circles.filter(pl.col("role") != "member").select("person", "role").iter_rows())
    for (number,), rows in report.plan.this_week.group_by("circle", maintain_order=True):
        if shown and shown + rows.height > most:
            break
        shown += rows.height
        carers: dict[str, list[dict[str, Any]]] = {}
        for row in rows.iter_rows(named=True):
            carers.setdefault(row["who"], []).append(row | {"day": format_day(row["due"])})
        blocks = [
            {"who": who, "role": roles.get(who, ""), "count": pluralise(len(tasks), "contact"), "tasks": tasks}
            for who, tasks in carers.items()
            if len(tasks) > 1 or who in roles
        ]
        single = [tasks[0] for who, tasks in carers.items() if len(tasks) == 1 and who not in roles]
        cards.append(table[number] | {"count": pluralise(rows.height, "contact"), "blocks": blocks, "single": single})
    return cards, shown
