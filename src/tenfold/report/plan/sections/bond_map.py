"""Map of bonds: circles and people, and the strongest links between circles."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tenfold.report.plan.figures.bond_map import MAX_PEOPLE_SHOWN, bond_map_figure
from tenfold.report.plan.living_bonds import strongest_links
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_LINKS", "content"]

MAX_LINKS = 12


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    return {
        "legend": _legend(report),
        "figure": Markup(bond_map_figure(report)),
        "links": strongest_links(report, MAX_LINKS),
        "half_life": f"{report.plan.settings['half_life_days']:g} days",
    }


def _legend(report: PlanReport) -> str:
    """What the points and lines of the map mean."""
    if report.plan.circles.height > MAX_PEOPLE_SHOWN:
        return (
            "Each point is a circle, larger with more people and darker where more of them are kept. "
            "Lines are the strongest living bonds between circles. "
            "Circles of one ring lie together."
        )
    return (
        "Each disc is a circle with its address, each mark in it a person, by standing. Lines are the strongest living bonds: "
        "dark inside a circle, violet between circles. Circles of one ring lie together."
    )
