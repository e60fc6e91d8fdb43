"""Figures: from an Altair chart to an accessible SVG for a page."""

from __future__ import annotations

import re
from html import escape

import altair as alt
import polars as pl
import vl_convert

__all__ = ["accessible_svg", "chart"]

_FONT = "system-ui, sans-serif"


def chart(rows: pl.DataFrame) -> alt.Chart:
    """A chart of rows."""
    return alt.Chart(rows)


def accessible_svg(picture: alt.LayerChart | alt.FacetChart, key: str, title: str, description: str) -> str:
    """The chart as SVG with a title and a description for screen readers; its ids begin with `key`, so that they are unique on a page."""
    axis = {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": "#e3e3e3",
        "domainColor": "#777",
        "tickColor": "#777",
        "titleFontWeight": "normal",
        "labelColor": "#333",
        "titleColor": "#333",
        "titlePadding": 8,
    }
    picture = picture.configure(font=_FONT, background="transparent").configure_view(stroke=None).configure_axis(**axis)
    picture = picture.configure_legend(labelFontSize=12, labelColor="#222", orient="bottom", symbolStrokeWidth=2, symbolSize=80)
    specification = picture.to_dict()
    specification["padding"] = {"left": 12, "right": 20, "top": 14, "bottom": 5}  # fonts of other machines may be wider
    specification["config"]["aria"] = False
    drawn: str = vl_convert.vegalite_to_svg(specification)
    drawn = re.sub(r'id="([^"]+)"', rf'id="{key}-\1"', drawn)
    drawn = re.sub(r"url\(#([^)]+)\)", rf"url(#{key}-\1)", drawn)
    size = re.search(r'width="([0-9.]+)"', drawn)
    width = f'style="max-width: {float(size[1]) / 15:.1f}rem"' if size else ""
    head = f'<svg role="img" aria-labelledby="{key}-title {key}-words" class="figure" {width} preserveAspectRatio="xMidYMid meet"'
    drawn = re.sub(r"<svg ([^>]*?)class=\"marks\" width=\"[^\"]*\" height=\"[^\"]*\"", rf"{head} \1", drawn, count=1)
    inside = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-words">{escape(description)}</desc>'
    return drawn.replace(">", ">" + inside, 1)
