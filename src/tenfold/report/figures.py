"""Figures as SVG, one function each; every figure stands beside its table."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import altair as alt
import numpy as np
import polars as pl
import vl_convert

from tenfold.report.sources import Sources

__all__ = ["COLOURS", "bond_map", "comparison_chart", "forecast_chart", "standing_chart"]

COLOURS = {
    "kept": "#00664b",
    "due": "#8a5a00",
    "fading": "#b03a00",
    "lost": "#5b5b5b",
    "paused": "#3d4ea3",
    "never included": "#8c1d63",
    "gone": "#6b6b6b",
}
"""Dark enough on white for text (4.5 to 1 and more), told apart without red and green."""

SHAPES = {"kept": "circle", "due": "diamond", "fading": "triangle-up", "lost": "cross", "never included": "square"}
PLAN, NOTHING = "#00557a", "#8a4b00"
MOST_POINTS, MOST_LINES = 1500, 1200
_FONT = "system-ui, sans-serif"


def forecast_chart(sources: Sources, measure: str, title: str) -> str:
    """Means and 90 % bands by week, without and with the plan."""
    frame = sources.plan.forecast.filter((pl.col("measure") == measure) & pl.col("scenario").is_in(["nothing", "plan"]))
    frame = frame.with_columns(scenario=pl.col("scenario").replace({"nothing": "without a plan", "plan": "with the plan"}))
    both = ["with the plan", "without a plan"]
    colour = alt.Color("scenario:N", scale=alt.Scale(domain=both, range=[PLAN, NOTHING]), title=None)
    dash = alt.StrokeDash("scenario:N", scale=alt.Scale(domain=both, range=[[1, 0], [6, 4]]), title=None)
    weeks = alt.X("week:Q", title="weeks from now", axis=alt.Axis(values=[0, 4, 12, 26, 39, 52]))
    base = _chart(frame.to_dicts()).encode(x=weeks, color=colour)
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=title, scale=alt.Scale(zero=True)), y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(y="mean:Q", strokeDash=dash)
    ends = frame.filter(pl.col("week") == 12)
    points = _chart(ends.to_dicts())
    points = points.mark_point(filled=True, size=60).encode(x="week:Q", y="mean:Q", color=colour)
    words = ", ".join(f"{row['mean']:.0f} {row['scenario']}" for row in ends.iter_rows(named=True))
    return _svg(
        (band + line + points).properties(width=520, height=250), f"forecast-{measure}", title, f"After 12 weeks: {words}."
    )


def comparison_chart(sources: Sources) -> str:
    """How many more people the plan keeps than each simpler plan, with 95 % intervals."""
    measure = f"people kept at {sources.plan.settings['weeks']} weeks"
    frame = sources.plan.comparison.filter(pl.col("measure") == measure)
    values = frame.select("baseline", "difference", "low", "high").to_dicts()
    base = _chart(values).encode(y=alt.Y("baseline:N", title=None, sort=None))
    rule = base.mark_rule(strokeWidth=3, color=PLAN).encode(x=alt.X("low:Q", title="more people kept by the plan"), x2="high:Q")
    point = base.mark_point(filled=True, size=90, color=PLAN).encode(x="difference:Q")
    zero = _chart([{"x": 0}]).mark_rule(strokeDash=[4, 3], color="#444").encode(x="x:Q")
    words = "; ".join(f"{row['difference']:.1f} more than with {row['baseline']}" for row in values)
    title = "People kept: the plan against simpler plans"
    return _svg((zero + rule + point).properties(width=460, height=110), "comparison", title, words + ".")


def standing_chart(sources: Sources) -> str:
    """How many people stand how."""
    counts = dict(sources.standing.group_by("standing").len().iter_rows())
    values = [{"standing": name, "people": counts.get(name, 0)} for name in COLOURS]
    down = alt.Y("standing:N", sort=list(COLOURS), title=None)
    base = _chart(values).encode(y=down, x=alt.X("people:Q", title="people"))
    colour = alt.Color("standing:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    chart = base.mark_bar().encode(color=colour) + base.mark_text(align="left", dx=4, color="#222").encode(text="people:Q")
    words = ", ".join(f"{row['people']} {row['standing']}" for row in values)
    return _svg(chart.properties(width=420, height=190), "standing", "How people stand", words + ".")


def bond_map(sources: Sources) -> str:
    """People in their circles, circles in their rings, and the bonds that hold; for large communities circles alone."""
    circles = sources.plan.circles
    count = sources.plan.circle_table.height
    centre = _centres(sources.plan.circle_table["address"].to_list())
    seat = circles.select("person", "circle", k=pl.int_range(pl.len()).over("circle"), size=pl.len().over("circle"))
    angle = 2 * np.pi * (seat["k"] / seat["size"]).to_numpy()
    at = centre[seat["circle"].to_numpy() - 1]
    large = circles.height > MOST_POINTS
    reach = 0.0 if large else 0.34
    place = seat.with_columns(x=pl.Series(at[:, 0] + reach * np.cos(angle)), y=pl.Series(at[:, 1] + reach * np.sin(angle)))
    place = place.join(sources.standing.select("person", "standing"), on="person", how="left")
    alive = sources.bonds.filter(pl.col("standing") != "lost").select(pl.col("a", "b").cast(pl.String), "strength")
    ends = alive.join(place.select(a="person", x="x", y="y", one="circle"), on="a").join(
        place.select(b="person", x2="x", y2="y", two="circle"), on="b"
    )
    if large:
        ends = ends.filter(pl.col("one") != pl.col("two")).group_by("x", "y", "x2", "y2").agg(pl.col("strength").sum())
        place = place.group_by("circle").agg(pl.col("x", "y").first(), people=pl.len())
    ends = ends.sort("strength", "x", "y", "x2", "y2", descending=[True, False, False, False, False]).head(MOST_LINES)
    ends = ends.with_columns(width=(pl.col("strength") / pl.col("strength").max()).sqrt())
    lines = (
        _chart(_rounded(ends.select("x", "y", "x2", "y2", "width")))
        .mark_rule(color="#56707d")
        .encode(
            x=_across(),
            y=_down(),
            x2="x2:Q",
            y2="y2:Q",
            opacity=alt.Opacity("width:Q", scale=alt.Scale(domain=[0, 1], range=[0.1, 0.7]), legend=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=alt.Scale(domain=[0, 1], range=[0.3, 2]), legend=None),
        )
    )
    if large:
        points = _chart(_rounded(place.select("x", "y", "people")))
        size = alt.Size("people:Q", scale=alt.Scale(range=[5, 60]), legend=None)
        marks = points.mark_point(filled=True, opacity=1, color=PLAN).encode(x=_across(), y=_down(), size=size)
    else:
        points = _chart(_rounded(place.select("x", "y", "standing")))
        known = list(SHAPES)
        colour = alt.Color("standing:N", scale=alt.Scale(domain=known, range=[COLOURS[one] for one in known]), title=None)
        shape = alt.Shape("standing:N", scale=alt.Scale(domain=known, range=list(SHAPES.values())), title=None)
        marks = points.mark_point(filled=True, opacity=1, size=26).encode(x=_across(), y=_down(), color=colour, shape=shape)
    between = "between circles " if large else ""
    words = f"{circles.height} people in {count} circles; the {ends.height} strongest living bonds {between}as lines."
    return _svg((lines + marks).properties(width=760, height=680), "map", "The map of bonds", words)


def _chart(rows: list[dict[str, Any]]) -> alt.Chart:
    """A chart of rows."""
    return alt.Chart(pl.DataFrame(rows, infer_schema_length=None))


def _across() -> alt.X:
    return alt.X("x:Q", axis=None, scale=alt.Scale(zero=False, nice=False))


def _down() -> alt.Y:
    return alt.Y("y:Q", axis=None, scale=alt.Scale(zero=False, nice=False))


def _centres(addresses: list[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A place for each circle: rings on a sunflower spiral, and the circles of a ring on a smaller one."""
    rings: dict[str, list[int]] = {}
    for number, address in enumerate(addresses):
        rings.setdefault(address.rpartition(".")[0], []).append(number)
    most = max(len(members) for members in rings.values())
    spread = 1.1 * np.sqrt(most) + 0.5
    places = np.zeros((len(addresses), 2))
    for ring, members in enumerate(rings.values()):
        middle = 1.7 * spread * _sunflower(ring) if len(rings) > 1 else np.zeros(2)
        for k, number in enumerate(members):
            places[number] = middle + 1.1 * _sunflower(k)
    return places


def _sunflower(k: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    angle = k * np.pi * (3 - np.sqrt(5))
    place: np.ndarray[Any, np.dtype[np.float64]] = np.sqrt(k) * np.array([np.cos(angle), np.sin(angle)])
    return place


def _rounded(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return frame.with_columns(pl.col(pl.Float64).round(3)).to_dicts()


def _svg(chart: alt.LayerChart, key: str, title: str, words: str) -> str:
    """The chart as SVG with its title and description for those who do not see it; ids are made unique on the page."""
    axis = {"labelFontSize": 12, "titleFontSize": 12, "gridColor": "#e3e3e3", "domainColor": "#777", "titleFontWeight": "normal"}
    chart = chart.configure(font=_FONT, background="transparent").configure_view(stroke=None).configure_axis(**axis)
    chart = chart.configure_legend(labelFontSize=12, orient="bottom", symbolStrokeWidth=2)
    specification = chart.to_dict()
    specification["config"]["aria"] = False
    svg: str = vl_convert.vegalite_to_svg(specification)
    svg = re.sub(r'id="([^"]+)"', rf'id="{key}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", svg)
    head = f'<svg role="img" aria-labelledby="{key}-title {key}-words" class="figure" preserveAspectRatio="xMidYMid meet"'
    svg = re.sub(r"<svg ([^>]*?)class=\"marks\" width=\"[^\"]*\" height=\"[^\"]*\"", rf"{head} \1", svg, count=1)
    inside = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-words">{escape(words)}</desc>'
    return svg.replace(">", ">" + inside, 1)
