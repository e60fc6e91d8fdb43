"""The figures of a claim: lines with bands, bars, and phase diagrams."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import Any

import altair as alt
import polars as pl

from tenfold.report.figures import accessible_svg, chart
from tenfold.world.claims.claim import Panel

__all__ = ["ANSWERS", "panel_figure"]

COLOURS = ["#00557a", "#b03a00", "#00664b", "#8c1d63", "#5b5b5b", "#8a5a00", "#3d4ea3", "#222222"]
DASHES = [[1, 0], [6, 4], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4], [4, 2, 1, 2], [12, 3, 3, 3]]
ANSWERS = {"yes": "holds", "open": "undecided", "no": "does not hold"}
MARKS = {"yes": "●", "open": "?", "no": "✕"}
SHADES = {"yes": "#bfe3d6", "open": "#ece7d5", "no": "#f3cdbd"}
WIDTH, HEIGHT = 440, 230
MAX_POINTS = 20  # of a series that are drawn with their intervals
LINE_LENGTH = 66  # characters of a legend


def panel_figure(panel: Panel, key: str) -> str:
    """The panel as SVG, with a description for screen readers."""
    picture = {"lines": _lines, "bars": _bars, "map": _phase_diagram}[panel.kind](panel)
    return accessible_svg(picture, key, panel.title, _describe(panel))


def _scale(panel: Panel, axis: str) -> alt.Scale:
    return alt.Scale(type="log", nice=False) if axis in panel.log else alt.Scale(zero=axis == "y", nice=axis == "y")


def _lines(panel: Panel) -> alt.LayerChart | alt.FacetChart:
    """Each series with its band, a point at each value that was tried, and the values that the claim names."""
    frame = _drawable(panel)
    series = frame["series"].unique(maintain_order=True).to_list()
    legend = (
        alt.Legend(
            title=None,
            orient="bottom",
            columns=1,
            labelLimit=0,
            labelExpr="split(datum.label, '\\n')",
            symbolType="stroke",
            symbolOpacity=1,
            symbolSize=500,
        )
        if len(series) > 1
        else None
    )
    colour = alt.Color("series:N", sort=series, scale=alt.Scale(domain=series, range=COLOURS[: len(series)]), legend=legend)
    dash = alt.StrokeDash("series:N", sort=series, scale=alt.Scale(domain=series, range=DASHES[: len(series)]), legend=legend)
    x = alt.X("x:Q", title=panel.x, scale=_scale(panel, "x"), axis=_axis(panel, "x"))
    base = chart(frame).encode(x=x, color=colour)
    y = alt.Y("y:Q", title=panel.y, scale=_scale(panel, "y"), axis=_axis(panel, "y"))
    clip = "y" in panel.log  # a band may reach to 0, which no logarithm has
    layers: list[Any] = []
    if "low" in frame.columns:
        low = alt.Y("low:Q", title=panel.y, scale=_scale(panel, "y"), axis=_axis(panel, "y"))
        layers.append(base.mark_area(opacity=0.18, clip=clip).encode(y=low, y2="high:Q"))
        if frame.height <= MAX_POINTS * len(series):
            layers.append(base.mark_rule(strokeWidth=1, clip=clip).encode(y=low, y2="high:Q"))
    layers.append(base.mark_line(strokeWidth=2.2, clip=clip).encode(y=y, strokeDash=dash))
    if frame.height <= MAX_POINTS * len(series):
        layers.append(base.mark_point(filled=True, size=36, opacity=1, clip=clip).encode(y=y))
    layers += _reference_lines(panel)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _drawable(panel: Panel) -> pl.DataFrame:
    """The rows that can be drawn: finite, and positive on a logarithmic axis, where bands are cut below the lowest; long names wrapped."""
    frame = panel.frame.with_columns(pl.col("series").map_elements(lambda name: "\n".join(wrap(name, LINE_LENGTH)), pl.String))
    frame = frame.filter(pl.col("y").is_finite())
    if "y" in panel.log and frame.height:
        frame = frame.filter(pl.col("y") > 0)
        if "low" in frame.columns:
            frame = frame.with_columns(low=pl.max_horizontal("low", pl.lit(frame["y"].min()) / 2))
    return frame


def _reference_lines(panel: Panel) -> list[alt.Chart]:
    """A dashed line at each value that the claim names."""
    values = panel.rule if isinstance(panel.rule, tuple) else () if panel.rule is None else (panel.rule,)
    if not values:
        return []
    return [chart(pl.DataFrame({"y": values})).mark_rule(strokeDash=[4, 3], color="#444").encode(y="y:Q")]


def _axis(panel: Panel, axis: str) -> alt.Axis:
    """An axis with so few ticks that labels do not overlap; whole numbers where something is counted."""
    if axis in panel.log:
        return alt.Axis(values=_ticks(panel.frame[axis]), format="~g")
    if axis == "x" and panel.whole:
        return alt.Axis(values=[float(tick) for tick in sorted(set(panel.frame["x"].round().to_list()))], format="d")
    return alt.Axis(tickCount=8 if axis == "x" else 6, labelOverlap=True)


def _ticks(values: pl.Series) -> list[float]:
    """The decades of a logarithmic axis; where they are few, threes as well."""
    known = values.filter(values.is_finite() & (values > 0)).to_list()
    if not known:
        return []
    low, high = min(known), max(known)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    between = (1.0, 3.0) if high / low < 3000 else (1.0,)
    return [tick for power in powers for part in between if low <= (tick := part * 10.0**power) <= high]


def _bars(panel: Panel) -> alt.LayerChart | alt.FacetChart:
    """A bar for each value of x."""
    base = chart(panel.frame).encode(x=alt.X("x:O", title=panel.x, axis=alt.Axis(labelAngle=0)), y=alt.Y("y:Q", title=panel.y))
    layers: list[Any] = [base.mark_bar(color=COLOURS[0], width=alt.RelativeBandSize(0.7))]
    if "low" in panel.frame.columns:
        layers.append(base.mark_rule(strokeWidth=2, color="#222").encode(y="low:Q", y2="high:Q"))
    layers += _reference_lines(panel)
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _phase_diagram(panel: Panel) -> alt.LayerChart | alt.FacetChart:
    """A phase diagram: the answer of each cell by shade and mark, and its number."""
    frame = panel.frame.with_columns(
        answer=pl.col("answer").replace(ANSWERS),
        text=pl.concat_str(
            pl.col("answer").replace(MARKS), pl.lit(" "), pl.col("value").round_sig_figs(2).map_elements(_short, pl.String)
        ),
    )
    side = max(frame["x"].n_unique(), 1)
    high = max(frame["y"].n_unique(), 1)
    shade = alt.Color(
        "answer:N",
        scale=alt.Scale(domain=list(ANSWERS.values()), range=list(SHADES.values())),
        legend=alt.Legend(
            title=wrap(panel.value, LINE_LENGTH) or None,
            titleLimit=0,
            titleFontWeight="normal",
            orient="bottom",
            symbolType="square",
            symbolSize=180,
            symbolStrokeColor="#777",
            symbolStrokeWidth=1,
        ),
    )
    base = chart(frame).encode(
        x=alt.X("x:O", title=panel.x, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("y:O", title=panel.y, sort="descending"),
    )
    cells = base.mark_rect(stroke="white").encode(color=shade)
    texts = base.mark_text(fontSize=11, color="#222").encode(text="text:N")
    return alt.layer(cells, texts).properties(width=max(WIDTH, 58 * side), height=max(160, 34 * high))


def _short(number: float) -> str:
    """A number in few characters."""
    if not math.isfinite(number):
        return "–"
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _describe(panel: Panel) -> str:
    """What the figure shows, in a sentence or two."""
    frame = panel.frame
    if panel.kind == "map":
        counts = dict(frame.group_by("answer").len().iter_rows())
        counted = ", ".join(f"{counts.get(key, 0)} cells: {words}" for key, words in ANSWERS.items())
        return f"{panel.y} against {panel.x}. {counted}."
    ends = []
    for name in frame["series"].unique(maintain_order=True).to_list():
        part = frame.filter(pl.col("series") == name)
        first, last = part.row(0, named=True), part.row(-1, named=True)
        ends.append(f"{name}: {_short(first['y'])} at {_short(first['x'])}, {_short(last['y'])} at {_short(last['x'])}")
    return " ".join(wrap("; ".join(ends) + ".", 10_000))
