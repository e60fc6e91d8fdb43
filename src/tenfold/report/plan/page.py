"""The page of a plan: one self-contained HTML file that requests nothing from other computers."""

from __future__ import annotations

from markupsafe import Markup

from tenfold.report.plan.colours import STANDING_COLOURS, STANDING_MARKS
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.plan.sections import (
    bond_map,
    bonds,
    circle_cards,
    data_quality,
    forecast,
    mentors,
    missing,
    never_included,
    paused_and_gone,
    provenance,
    rules_not_met,
    standing,
    summary,
    trial,
    weekly_list,
)
from tenfold.report.rendering import Section, render, stylesheet
from tenfold.report.words import format_long_day
from tenfold.version import __version__

__all__ = ["SECTIONS", "plan_page", "render_section"]

SECTIONS: tuple[Section[PlanReport], ...] = (
    Section("summary", "In short", "plan/summary", summary.content),
    Section("missing", "Missing", "plan/missing", missing.content),
    Section("week", "This week", "plan/weekly_list", weekly_list.content),
    Section("left-out", "Never included", "plan/never_included", never_included.content),
    Section("circles", "Circles", "plan/circle_cards", circle_cards.content),
    Section("mentors", "Mentors", "plan/mentors", mentors.content),
    Section("forecast", "Forecast", "plan/forecast", forecast.content),
    Section("trial", "Tested before use", "plan/trial", trial.content),
    Section("map", "Map of bonds", "plan/bond_map", bond_map.content),
    Section("bonds", "Bonds", "plan/bonds", bonds.content),
    Section("people", "How people stand", "plan/standing", standing.content),
    Section("unmet", "Rules not met", "plan/rules_not_met", rules_not_met.content),
    Section("away", "Paused and gone", "plan/paused_and_gone", paused_and_gone.content),
    Section("quality", "Quality of the data", "plan/data_quality", data_quality.content),
    Section("how", "How it was computed", "plan/provenance", provenance.content),
)
"""The sections in the order of the page."""


def plan_page(report: PlanReport) -> str:
    """The page as HTML; all text from the data is escaped."""
    return render(
        "plan/page",
        {
            "style": stylesheet(),
            "title": report.title,
            "day": format_long_day(report.at.date()),
            "number": report.plan.settings.get("number"),
            "navigation": [(section.anchor, section.title) for section in SECTIONS],
            "sections": [render_section(report, section) for section in SECTIONS],
            "version": __version__,
        },
    )


def render_section(report: PlanReport, section: Section[PlanReport]) -> Markup:
    """One section as HTML."""
    shared = {"names": report.names, "standing_colours": STANDING_COLOURS, "standing_marks": STANDING_MARKS}
    return render(section.template, shared | section.content(report))
