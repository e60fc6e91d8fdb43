"""Figures as SVG, one function each; every figure stands beside its table."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from tenfold.report.drawing import COLOURS, NOTHING, PLAN, chart, svg
from tenfold.report.sources import Sources
from tenfold.report.words import count

__all__ = ["COLOURS", "comparison_chart", "forecast_chart", "standing_chart"]

BOTH = ("with the plan", "without a plan")


def forecast_chart(sources: Sources, measure: str, title: str) -> str:
    """Means and 90 % bands by week, without and with the plan; each line is named beside it, so that it needs no colours."""
    frame = sources.plan.forecast.filter((pl.col("measure") == measure) & pl.col("scenario").is_in(["nothing", "plan"]))
    frame = frame.with_columns(scenario=pl.col("scenario").replace({"nothing": BOTH[1], "plan": BOTH[0]}))
    frame = frame.with_columns(pl.col("mean", "low", "high").round(2))
    colour = alt.Color("scenario:N", scale=alt.Scale(domain=BOTH, range=[PLAN, NOTHING]), legend=None)
    dash = alt.StrokeDash("scenario:N", scale=alt.Scale(domain=BOTH, range=[[1, 0], [6, 4]]), legend=None)
    weeks = alt.X("week:Q", title="weeks from now", axis=alt.Axis(values=[0, 4, 12, 26, 39, 52]), scale=alt.Scale(nice=False))
    base = chart(frame).encode(x=weeks, color=colour)
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=title.lower(), scale=alt.Scale(zero=True)), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(y="mean:Q", strokeDash=dash)
    mark = sources.plan.settings["weeks"]
    points = chart(frame.filter(pl.col("week") == mark)).mark_point(filled=True, size=60, opacity=1)
    points = points.encode(x="week:Q", y="mean:Q", color=colour)
    names = [
        chart(row)
        .mark_text(align="left" if up else "right", dy=-10 if up else 13, fontSize=12)
        .encode(x="week:Q", y="at:Q", text="scenario:N", color=colour)
        for up, row in _beside(frame)
    ]
    words = ", ".join(
        f"{count(row['mean'])} {row['scenario']}" for row in frame.filter(pl.col("week") == mark).iter_rows(named=True)
    )
    picture = alt.layer(band, line, points, *names).properties(width=470, height=230)
    return svg(picture, f"forecast-{measure}", title, f"After {mark} weeks: {words}.")


def _beside(frame: pl.DataFrame) -> list[tuple[bool, pl.DataFrame]]:
    """Where the lines' names stand half-way: the upper one's above it and the lower one's below it, so that they never touch."""
    least = 0.09 * float(pl.select(frame["high"].max()).item() or 1.0)
    lower, upper = frame.filter(pl.col("week") == 26).sort("mean").partition_by("scenario", maintain_order=True)
    return [(True, upper.with_columns(at="high")), (False, lower.with_columns(at=pl.col("low").clip(least)))]


def comparison_chart(sources: Sources) -> str:
    """How many more people the plan keeps than each simpler plan, with 95 % intervals."""
    measure = f"people kept at {sources.plan.settings['weeks']} weeks"
    frame = sources.plan.comparison.filter(pl.col("measure") == measure)
    texts = pl.Series([f"{one:+,.1f}" for one in frame["difference"]], dtype=pl.String)
    values = frame.select("baseline", pl.col("difference", "low", "high").round(2), text=texts)
    base = chart(values).encode(y=alt.Y("baseline:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)))
    rule = base.mark_rule(strokeWidth=3, color=PLAN)
    rule = rule.encode(x=alt.X("low:Q", title="more people kept by the plan than by …"), x2="high:Q")
    point = base.mark_point(filled=True, size=90, color=PLAN, opacity=1).encode(x="difference:Q")
    text = base.mark_text(dy=-13, fontSize=12, color="#222").encode(x="difference:Q", text="text:N")
    zero = chart(pl.DataFrame({"x": [0.0]})).mark_rule(strokeDash=[4, 3], color="#444").encode(x="x:Q")
    words = "; ".join(f"{row['text']} against {row['baseline']}" for row in values.iter_rows(named=True))
    title = "People kept: the plan against simpler plans"
    picture = alt.layer(zero, rule, point, text).properties(width=460, height=44 * max(values.height, 1))
    return svg(picture, "comparison", title, words + ".")


def standing_chart(sources: Sources) -> str:
    """How many people stand how."""
    counts = dict(sources.standing.group_by("standing").len().iter_rows())
    values: list[dict[str, Any]] = [{"standing": name, "people": counts.get(name, 0)} for name in COLOURS]
    down = alt.Y("standing:N", sort=list(COLOURS), title=None)
    base = chart(pl.DataFrame(values)).encode(y=down, x=alt.X("people:Q", title="people", axis=alt.Axis(tickMinStep=1)))
    colour = alt.Color("standing:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    bars = base.mark_bar(height=18).encode(color=colour)
    texts = base.mark_text(align="left", dx=4, color="#222", fontSize=12).encode(text="people:Q")
    words = ", ".join(f"{row['people']} {row['standing']}" for row in values)
    return svg(alt.layer(bars, texts).properties(width=520, height=190), "standing", "How people stand", words + ".")
