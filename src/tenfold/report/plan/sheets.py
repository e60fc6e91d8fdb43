"""Sheets to hand out: a page for each carer and circle, with only their own people and no private words; and a table for mail merge."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import polars as pl

from tenfold.report.escaping import readable_file_name
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.rendering import render, stylesheet
from tenfold.report.words import format_day, format_long_day
from tenfold.version import __version__

__all__ = ["MOST", "mail_merge", "sheet_files"]

MOST = 3000
"""Sheets of a plan; a larger community prints from the tables."""
ASKED = {
    "first contact": "a first contact: say hello, and ask how they are",
    "carer": "in your care",
    "upkeep": "you have not been in touch for a while",
    "bridge": "a bridge to another circle",
}
"""What a contact is for, in words that a volunteer may read."""


def sheet_files(report: PlanReport) -> Iterator[tuple[str, bytes]]:
    """`sheets.html`, with a printed page for each carer and each circle; `sheets.zip`, with the same apart, to be sent."""
    carers, circles = _carers(report)[:MOST], _circles(report)[:MOST]
    yield "sheets.html", _page(report, "Sheets", [*carers, *circles])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in (*carers, *circles):
            name = f"{sheet['kind']}-{readable_file_name(sheet['title'])}-{sheet['key']}.html"
            member = zipfile.ZipInfo(
                name, (max(report.at.year, 1980), report.at.month, report.at.day, 0, 0, 0)
            )  # ZIP has no years before
            member.external_attr, member.compress_type = 0o600 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(member, _page(report, sheet["title"], [sheet]))
    yield "sheets.zip", packed.getvalue()


def mail_merge(report: PlanReport) -> pl.DataFrame:
    """A row a carer with contacts this week: `name`, `email`, `circle`, `contacts` (how many), and `people`, a line each with the day."""
    emails = dict(report.people.table.select("id", "email").iter_rows())
    rows = []
    for sheet in _carers(report):
        lines = "\n".join(f"{row['day']}: {row['kind']} {row['name']}, {row['asked']}" for row in sheet["tasks"])
        rows.append((sheet["title"], emails.get(sheet["person"]), sheet["circle"], len(sheet["tasks"]), lines))
    text = pl.String
    schema = {"name": text, "email": text, "circle": text, "contacts": pl.Int64, "people": text}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _page(report: PlanReport, title: str, sheets: list[dict[str, Any]]) -> bytes:
    """A document of some sheets."""
    data = {
        "style": stylesheet("plan"),
        "title": title,
        "community": report.title,
        "day": format_long_day(report.at.date()),
        "sheets": sheets,
        "version": __version__,
    }
    return render("plan/sheets", data).encode("utf-8", "replace")


def _carers(report: PlanReport) -> list[dict[str, Any]]:
    """Everybody who has contacts this week, by circle: whom, how, by when, and what for."""
    called = dict(report.plan.circle_table.select("circle", "name").iter_rows())
    circle_of = dict(report.plan.circles.select("person", "circle").iter_rows())
    found = []
    for number, ((who,), rows) in enumerate(
        report.plan.this_week.sort("due", maintain_order=True).group_by("who", maintain_order=True), 1
    ):
        tasks = [
            {
                "name": report.name(row["whom"]),
                "kind": row["kind"],
                "day": format_day(row["due"]),
                "asked": ASKED.get(row["purpose"], ""),
            }
            for row in rows.iter_rows(named=True)
        ]
        circle = called.get(circle_of.get(who, 0), "")
        found.append({"kind": "carer", "key": number, "person": who, "title": report.name(who), "circle": circle, "tasks": tasks})
    return sorted(found, key=lambda sheet: (sheet["circle"], sheet["title"]))


def _circles(report: PlanReport) -> list[dict[str, Any]]:
    """Every circle: when it meets, who carries it, and its members."""
    members = {
        number: rows["person"].to_list() for (number,), rows in report.plan.circles.group_by("circle", maintain_order=True)
    }
    return [
        {
            "kind": "circle",
            "key": row["circle"],
            "title": row["name"],
            "meeting": row["meeting"] or "",
            "mentor": report.name(row["mentor"]),
            "backup": report.name(row["backup"]),
            "members": [report.name(one) for one in members.get(row["circle"], [])],
        }
        for row in report.plan.circle_table.iter_rows(named=True)
    ]
