"""The figure of standings: how many people have each."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from tenfold.report.figures import accessible_svg, chart
from tenfold.report.plan.colours import STANDING_COLOURS
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["standing_figure"]


def standing_figure(report: PlanReport) -> str:
    """The number of people with each standing, as bars."""
    counts = dict(report.standing.group_by("standing").len().iter_rows())
    values: list[dict[str, Any]] = [{"standing": name, "people": counts.get(name, 0)} for name in STANDING_COLOURS]
    down = alt.Y("standing:N", sort=list(STANDING_COLOURS), title=None)
    base = chart(pl.DataFrame(values)).encode(y=down, x=alt.X("people:Q", title="people", axis=alt.Axis(tickMinStep=1)))
    colour = alt.Color(
        "standing:N", scale=alt.Scale(domain=list(STANDING_COLOURS), range=list(STANDING_COLOURS.values())), legend=None
    )
    bars = base.mark_bar(height=18).encode(color=colour)
    texts = base.mark_text(align="left", dx=4, color="#222", fontSize=12).encode(text="people:Q")
    words = ", ".join(f"{row['people']} {row['standing']}" for row in values)
    return accessible_svg(alt.layer(bars, texts).properties(width=520, height=190), "standing", "How people stand", words + ".")
