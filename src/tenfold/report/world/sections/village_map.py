"""To the last village: a map of when each was united, and the parts of the whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from tenfold.report.world.figures.colours import shade_edges, step_colour
from tenfold.report.world.figures.village_map import village_map_figure, village_times
from tenfold.report.world.tables import places_table
from tenfold.world.result import WorldResult

__all__ = ["content"]


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    villages = run.world.villages
    return {
        "figure": Markup(village_map_figure(run)) if villages > 1 else "",
        "swatches": _swatches(run),
        "never": int((run.village_times[0] < 0).sum()),
        "villages": villages,
        "places": places_table(run).to_dicts(),
        "last_village": run.last_village.row(0, named=True),
    }


def _swatches(run: WorldResult) -> list[tuple[str, str]]:
    """The shades of the map and the steps that they mean."""
    times, _ = village_times(run)
    came = times[times >= 0]
    edges = shade_edges(came)
    firsts = [float(np.floor(came.min())), *(edge + 1 for edge in edges[:-1])] if len(came) else []
    return [
        (step_colour(edge, edges), f"step {edge:.0f}" if first >= edge else f"step {first:.0f} to {edge:.0f}")
        for first, edge in zip(firsts, edges, strict=True)
    ]
