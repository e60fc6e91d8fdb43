"""The crisis: its severity in each area of life."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from tenfold.report.world.figures.colours import severity_colour, share_colour
from tenfold.report.world.figures.crisis import crisis_figure
from tenfold.report.world.tables import crisis_table
from tenfold.world.result import WorldResult

__all__ = ["content"]


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    return {
        "figure": Markup(crisis_figure(run, int(run.ends[0]))) if run.world.crisis_on else "",
        "severity_swatches": [(severity_colour(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
        "attained_swatches": [(share_colour(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0)],
        "rows": crisis_table(run).to_dicts(),
    }
