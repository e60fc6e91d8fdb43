"""Who stands where: the share of people at each degree."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tenfold.report.world.figures.colours import degree_colour
from tenfold.report.world.figures.degrees import degrees_figure
from tenfold.report.world.figures.step_range import last_shown_step
from tenfold.world.result import WorldResult

__all__ = ["content"]


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    levels = run.world.levels
    return {
        "figure": Markup(degrees_figure(run, last_shown_step(run))),
        "swatches": [(degree_colour(degree, levels), f"degree {degree}") for degree in range(levels + 1)],
    }
