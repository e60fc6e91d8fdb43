"""The map of bonds: people in their circles, circles side by side, and the bonds that hold."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from tenfold.report.drawing import COLOURS, PLAN, SHAPES, chart, svg
from tenfold.report.sources import Sources
from tenfold.report.words import count

__all__ = ["MOST_POINTS", "bond_map", "strongest_links"]

MOST_POINTS = 1500
"""With more people than this each circle is one point."""

MOST_INSIDE, MOST_BETWEEN = 1500, 120
WIDTH = 760
REACH = 0.3  # of the way from one circle to the next: where a circle's people stand
OUTLINE = 0.41
PALE = "#f3d9bd"


def bond_map(sources: Sources) -> str:
    """The strongest living bonds inside circles and between them; for large communities circles alone, and bonds between them."""
    circles, table = sources.plan.circles, sources.plan.circle_table
    across = max(1, ceil(sqrt(1.15 * table.height)))
    down = ceil(table.height / across)
    cell = WIDTH / across
    large = circles.height > MOST_POINTS
    order = table["address"].str.split(".").list.eval(pl.element().cast(pl.Int64)).to_list()
    place = np.empty((table.height, 2))
    for seat, number in enumerate(sorted(range(table.height), key=lambda one: order[one])):
        row, column = divmod(seat, across)
        place[number] = (across - 1 - column if row % 2 else column, row)  # to and fro: neighbours in a ring stay so
    centre = table.select("circle", "address", people="size", x=pl.Series(place[:, 0]), y=pl.Series(place[:, 1]))
    most = 2 * MOST_BETWEEN if large else MOST_BETWEEN
    people = _seats(sources, centre, REACH)
    ends = _ends(sources, people)
    between = _between(sources, centre, most) if large else ends.filter(pl.col("one") != pl.col("two"))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.55, across - 0.45], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[down - 0.4, -0.55], nice=False))
    layers = [_lines(between, most, "#7a6a94", (0.15, 0.6), (0.5, 2.2), x, y)]
    if not large:  # discs hide what runs behind them, so that each circle can be read
        layers.append(_outlines(centre, cell, x, y))
        layers.append(_lines(ends.filter(pl.col("one") == pl.col("two")), MOST_INSIDE, "#33505e", (0.25, 0.8), (0.5, 2.2), x, y))
    if large:
        layers.append(_points(centre.join(_shares(sources), on="circle", how="left"), cell, x, y))
    else:
        layers.append(_people(people, cell, x, y))
    if cell >= 24:
        words = chart(_rows(centre.with_columns(y=pl.col("y") + 0.5))).mark_text(fontSize=min(12, cell / 3.4), color="#333")
        layers.append(words.encode(x=x, y=y, text="address:N"))
    told = (
        f"{count(circles.height)} people in {count(table.height)} circles, and the {min(between.height, most)} "
        "strongest living bonds between circles as lines."
    )
    picture = alt.layer(*layers).properties(width=WIDTH, height=cell * down)
    return svg(picture, "map", "The map of bonds", told)


def strongest_links(sources: Sources, most: int) -> list[dict[str, Any]]:
    """Pairs of circles by the strength of the living bonds between them."""
    pairs, address = _pairs(sources, most), sources.plan.circle_table.select("circle", "address")
    for end in ("one", "two"):
        pairs = pairs.join(
            address.rename({"circle": end, "address": f"{end}_address"}), on=end, how="left", maintain_order="left"
        )
    return pairs.to_dicts()


def _pairs(sources: Sources, most: int) -> pl.DataFrame:
    people = sources.plan.circles.select("person", "circle")
    ends = _living(sources).join(people.rename({"person": "a", "circle": "one"}), on="a")
    ends = ends.join(people.rename({"person": "b", "circle": "two"}), on="b").filter(pl.col("one") != pl.col("two"))
    pairs = ends.select("strength", one=pl.min_horizontal("one", "two"), two=pl.max_horizontal("one", "two"))
    pairs = pairs.group_by("one", "two").agg(bonds=pl.len(), strength=pl.col("strength").sum())
    return pairs.sort("strength", "one", "two", descending=[True, False, False]).head(most)


def _between(sources: Sources, centre: pl.DataFrame, most: int) -> pl.DataFrame:
    """The strongest pairs of circles, with the places of both."""
    pairs = _pairs(sources, most).join(centre.select("x", "y", one="circle"), on="one")
    return pairs.join(centre.select(two="circle", x2="x", y2="y"), on="two")


def _living(sources: Sources) -> pl.DataFrame:
    return sources.bonds.filter(pl.col("standing") != "lost").select(pl.col("a", "b").cast(pl.String), "strength")


def _seats(sources: Sources, centre: pl.DataFrame, reach: float) -> pl.DataFrame:
    """The place of each person: on a ring around the middle of their circle."""
    seat = sources.plan.circles.select("person", "circle", k=pl.int_range(pl.len()).over("circle"), size=pl.len().over("circle"))
    seat = seat.join(centre.select("circle", "x", "y"), on="circle", maintain_order="left")
    angle = 2 * np.pi * pl.col("k") / pl.col("size") - np.pi / 2
    seat = seat.with_columns(x=pl.col("x") + reach * angle.cos(), y=pl.col("y") + reach * angle.sin())
    return seat.join(sources.standing.select("person", "standing"), on="person", how="left", maintain_order="left")


def _ends(sources: Sources, people: pl.DataFrame) -> pl.DataFrame:
    """Living bonds with the places of both their people."""
    living = _living(sources).join(people.select("x", "y", a="person", one="circle"), on="a")
    return living.join(people.select(b="person", x2="x", y2="y", two="circle"), on="b")


def _lines(
    ends: pl.DataFrame, most: int, colour: str, opacity: tuple[float, float], width: tuple[float, float], x: alt.X, y: alt.Y
) -> alt.Chart:
    """The strongest bonds, thicker and darker where stronger."""
    ends = ends.sort("strength", "x", "y", "x2", "y2", descending=[True, False, False, False, False]).head(most)
    share = (pl.col("strength") / pl.col("strength").max()).sqrt()
    ends = ends.select(
        "x",
        "y",
        "x2",
        "y2",
        dark=opacity[0] + (opacity[1] - opacity[0]) * share,
        thick=width[0] + (width[1] - width[0]) * share,
    )
    dark, thick = alt.Opacity("dark:Q", scale=None), alt.StrokeWidth("thick:Q", scale=None)
    marks = chart(_rows(ends)).mark_rule(color=colour)
    lines: alt.Chart = marks.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", opacity=dark, strokeWidth=thick)
    return lines


def _outlines(centre: pl.DataFrame, cell: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """A pale disc under each circle; Vega's sizes are areas of the square around a mark."""
    size = np.pi * (OUTLINE * cell) ** 2
    discs = chart(_rows(centre.select("x", "y"))).mark_point(
        shape="circle", size=size, fill="#f1f5f6", stroke="#c9d1d5", opacity=1
    )
    placed: alt.Chart = discs.encode(x=x, y=y)
    return placed


def _shares(sources: Sources) -> pl.DataFrame:
    """The share of each circle's people who are kept."""
    people = sources.plan.circles.join(sources.standing.select("person", "standing"), on="person", how="left")
    return people.group_by("circle").agg(kept=(pl.col("standing") == "kept").mean())


def _points(centre: pl.DataFrame, cell: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """Each circle as a point, darker where more of its people are kept."""
    size = alt.Size("people:Q", scale=alt.Scale(zero=True, range=[0, cell * cell * 0.25]), legend=None)
    shades = alt.Scale(domain=[0, 1], range=[PALE, PLAN])
    colour = alt.Color(
        "kept:Q", scale=shades, title="share of people who are kept", legend=alt.Legend(format="%", titleLimit=400)
    )
    marks = chart(_rows(centre)).mark_point(filled=True, opacity=1, shape="circle", stroke="#333", strokeWidth=0.5)
    points: alt.Chart = marks.encode(x=x, y=y, size=size, color=colour)
    return points


def _people(people: pl.DataFrame, cell: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """Each person by colour and by shape."""
    known = list(SHAPES)
    colour = alt.Color("standing:N", scale=alt.Scale(domain=known, range=[COLOURS[one] for one in known]), title=None)
    shape = alt.Shape("standing:N", scale=alt.Scale(domain=known, range=list(SHAPES.values())), title=None)
    marks = chart(_rows(people.select("x", "y", "standing"))).mark_point(filled=True, opacity=1, size=min(90.0, cell**2 / 90))
    shown: alt.Chart = marks.encode(x=x, y=y, color=colour, shape=shape)
    return shown


def _rows(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Float64).round(3))
