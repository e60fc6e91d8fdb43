"""The figures of the claims: lines with bands, bars, and phase diagrams."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import Any

import altair as alt
import polars as pl

from tenfold.report.drawing import chart, svg
from tenfold.world.claims.claim import Panel

__all__ = ["panel_figure"]

COLOURS = ["#00557a", "#b03a00", "#00664b", "#8c1d63", "#5b5b5b", "#8a5a00"]
DASHES = [[1, 0], [6, 4], [2, 2], [8, 3, 2, 3], [1, 3], [10, 4]]
ANSWERS = {"yes": "holds", "open": "undecided", "no": "does not hold"}
MARKS = {"yes": "●", "open": "?", "no": "✕"}
SHADES = {"yes": "#bfe3d6", "open": "#ece7d5", "no": "#f3cdbd"}
WIDTH, HEIGHT, MOST_BARS = 520, 240, 20


def panel_figure(panel: Panel, key: str) -> str:
    """The panel as SVG with words for those who do not see it."""
    picture = {"lines": _lines, "bars": _bars, "map": _map}[panel.kind](panel)
    return svg(picture, key, panel.title, _words(panel))


def _scale(panel: Panel, axis: str) -> alt.Scale:
    return alt.Scale(type="log", nice=False) if axis in panel.log else alt.Scale(zero=axis == "y", nice=axis == "y")


def _lines(panel: Panel) -> alt.LayerChart | alt.FacetChart:
    """Each series with its band, points where it was tried, and the value that the claim speaks of."""
    series = panel.frame["series"].unique(maintain_order=True).to_list()
    several = len(series) > 1
    legend = (
        alt.Legend(title=None, orient="bottom", columns=1, labelLimit=480, symbolType="stroke", symbolOpacity=1, symbolSize=500)
        if several
        else None
    )
    colour = alt.Color("series:N", sort=series, scale=alt.Scale(domain=series, range=COLOURS[: len(series)]), legend=legend)
    dash = alt.StrokeDash("series:N", sort=series, scale=alt.Scale(domain=series, range=DASHES[: len(series)]), legend=legend)
    axis = alt.Axis(values=_ticks(panel.frame["x"]), format="~g") if "x" in panel.log else alt.Axis()
    x = alt.X("x:Q", title=panel.x, scale=_scale(panel, "x"), axis=axis)
    base = chart(panel.frame).encode(x=x, color=colour)
    y = alt.Y("y:Q", title=panel.y, scale=_scale(panel, "y"))
    layers: list[Any] = []
    if "low" in panel.frame.columns:
        layers.append(
            base.mark_area(opacity=0.18, clip=True).encode(y=alt.Y("low:Q", title=panel.y, scale=_scale(panel, "y")), y2="high:Q")
        )
        if panel.frame.height <= MOST_BARS * len(series):
            layers.append(base.mark_rule(strokeWidth=1, clip=True).encode(y="low:Q", y2="high:Q"))
    layers.append(base.mark_line(strokeWidth=2.2, clip=True).encode(y=y, strokeDash=dash))
    if panel.frame.height <= MOST_BARS * len(series):
        layers.append(base.mark_point(filled=True, size=36, opacity=1, clip=True).encode(y=y))
    if panel.rule is not None:
        layers.append(chart(pl.DataFrame({"y": [panel.rule]})).mark_rule(strokeDash=[4, 3], color="#444").encode(y="y:Q"))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _ticks(values: pl.Series) -> list[float]:
    """The ends of a logarithmic axis's decades, and threes."""
    low, high = (float(one) for one in (values.min(), values.max()) if isinstance(one, float))
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [tick for power in powers for tick in (10.0**power, 3 * 10.0**power) if low <= tick <= high]


def _bars(panel: Panel) -> alt.LayerChart | alt.FacetChart:
    """A bar for each value of x."""
    base = chart(panel.frame).encode(x=alt.X("x:O", title=panel.x, axis=alt.Axis(labelAngle=0)), y=alt.Y("y:Q", title=panel.y))
    layers: list[Any] = [base.mark_bar(color=COLOURS[0], width=alt.RelativeBandSize(0.7))]
    if "low" in panel.frame.columns:
        layers.append(base.mark_rule(strokeWidth=2, color="#222").encode(y="low:Q", y2="high:Q"))
    if panel.rule is not None:
        layers.append(chart(pl.DataFrame({"y": [panel.rule]})).mark_rule(strokeDash=[4, 3], color="#444").encode(y="y:Q"))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)


def _map(panel: Panel) -> alt.LayerChart | alt.FacetChart:
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
        legend=alt.Legend(title=panel.value or None, orient="bottom", titleLimit=500, symbolType="square"),
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


def _words(panel: Panel) -> str:
    """What the figure shows, in a sentence or two."""
    frame = panel.frame
    if panel.kind == "map":
        counts = dict(frame.group_by("answer").len().iter_rows())
        told = ", ".join(f"{counts.get(key, 0)} cells: {words}" for key, words in ANSWERS.items())
        return f"{panel.y} against {panel.x}. {told}."
    ends = []
    for name in frame["series"].unique(maintain_order=True).to_list():
        part = frame.filter(pl.col("series") == name)
        first, last = part.row(0, named=True), part.row(-1, named=True)
        ends.append(f"{name}: {_short(first['y'])} at {_short(first['x'])}, {_short(last['y'])} at {_short(last['x'])}")
    return " ".join(wrap("; ".join(ends) + ".", 10_000))
