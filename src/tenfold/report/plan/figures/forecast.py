"""The forecast figure: people or bonds by week, with the plan and without one."""

from __future__ import annotations

import altair as alt
import polars as pl

from tenfold.report.figures import accessible_svg, chart
from tenfold.report.plan.colours import NO_PLAN_COLOUR, PLAN_COLOUR
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count

__all__ = ["forecast_figure"]

SCENARIOS = ("with the plan", "without a plan")


def forecast_figure(report: PlanReport, measure: str, title: str) -> str:
    """Means and 90 % bands by week; each line has its name beside it, so that it can be read without colours."""
    frame = report.plan.forecast.filter((pl.col("measure") == measure) & pl.col("scenario").is_in(["nothing", "plan"]))
    frame = frame.with_columns(scenario=pl.col("scenario").replace({"nothing": SCENARIOS[1], "plan": SCENARIOS[0]}))
    frame = frame.with_columns(pl.col("mean", "low", "high").round(2))
    colour = alt.Color("scenario:N", scale=alt.Scale(domain=SCENARIOS, range=[PLAN_COLOUR, NO_PLAN_COLOUR]), legend=None)
    dash = alt.StrokeDash("scenario:N", scale=alt.Scale(domain=SCENARIOS, range=[[1, 0], [6, 4]]), legend=None)
    weeks = alt.X("week:Q", title="weeks from now", axis=alt.Axis(values=[0, 4, 12, 26, 39, 52]), scale=alt.Scale(nice=False))
    base = chart(frame).encode(x=weeks, color=colour)
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=title.lower(), scale=alt.Scale(zero=True)), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(y="mean:Q", strokeDash=dash)
    mark = report.plan.settings["weeks"]
    points = chart(frame.filter(pl.col("week") == mark)).mark_point(filled=True, size=60, opacity=1)
    points = points.encode(x="week:Q", y="mean:Q", color=colour)
    names = [
        chart(row)
        .mark_text(align="left" if up else "right", dy=-10 if up else 13, fontSize=12)
        .encode(x="week:Q", y="at:Q", text="scenario:N", color=colour)
        for up, row in _line_labels(frame)
    ]
    words = ", ".join(
        f"{format_count(row['mean'])} {row['scenario']}" for row in frame.filter(pl.col("week") == mark).iter_rows(named=True)
    )
    picture = alt.layer(band, line, points, *names).properties(width=470, height=230)
    return accessible_svg(picture, f"forecast-{measure}", title, f"After {mark} weeks: {words}.")


def _line_labels(frame: pl.DataFrame) -> list[tuple[bool, pl.DataFrame]]:
    """The positions of the names at week 26: above the upper line and below the lower one, so that they never overlap."""
    least = 0.09 * float(pl.select(frame["high"].max()).item() or 1.0)
    lower, upper = frame.filter(pl.col("week") == 26).sort("mean").partition_by("scenario", maintain_order=True)
    return [(True, upper.with_columns(at="high")), (False, lower.with_columns(at=pl.col("low").clip(least)))]
