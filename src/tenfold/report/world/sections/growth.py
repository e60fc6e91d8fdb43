"""Degree by degree: when the first group of each degree was united."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tenfold.report.world.figures.growth import growth_figure
from tenfold.report.world.figures.step_range import last_shown_step
from tenfold.report.world.tables import degrees_table
from tenfold.world.result import WorldResult

__all__ = ["content"]


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    return {"figure": Markup(growth_figure(run, last_shown_step(run))), "degrees": degrees_table(run).to_dicts()}
