"""How people stand: how many have each standing, and who."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from tenfold.bonds.standing import DEFINITIONS
from tenfold.report.plan.figures.standing import standing_figure
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["MAX_ROWS", "content"]

MAX_ROWS = 200
"""People of each standing that the page shows; the files have all."""


def content(report: PlanReport) -> dict[str, Any]:
    """The data of the section."""
    standing = report.standing
    counts = dict(standing.group_by("standing").len().iter_rows())
    return {
        "figure": Markup(standing_figure(report)),
        "total": standing.height,
        "standings": [(name, counts.get(name, 0), definition) for name, definition in DEFINITIONS.items()],
        "lists": [
            (name, standing.filter(pl.col("standing") == name).head(MAX_ROWS).to_dicts(), counts[name])
            for name in ("lost", "fading", "due", "kept")
            if counts.get(name)
        ],
        "shown": MAX_ROWS,
    }
