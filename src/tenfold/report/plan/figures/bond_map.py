"""The map of bonds: people in their circles, circles side by side, and living bonds as lines."""

from __future__ import annotations

from math import ceil, sqrt

import altair as alt
import numpy as np
import polars as pl

from tenfold.report.figures import accessible_svg, chart
from tenfold.report.plan.colours import PLAN_COLOUR, STANDING_COLOURS, STANDING_SHAPES
from tenfold.report.plan.living_bonds import circle_links, living_bonds
from tenfold.report.plan.plan_report import PlanReport
from tenfold.report.words import format_count

__all__ = ["MAX_PEOPLE_SHOWN", "bond_map_figure"]

MAX_PEOPLE_SHOWN = 1500
"""With more people than this each circle is drawn as one point."""

MAX_LINES_INSIDE, MAX_LINES_BETWEEN = 1500, 120
WIDTH = 760  # pixels
RING_RADIUS = 0.3  # of the ring of people in a circle; the distance between circles is 1
DISC_RADIUS = 0.41
PALE = "#f3d9bd"


def bond_map_figure(report: PlanReport) -> str:
    """The strongest living bonds inside circles and between them; in large communities, circles as points and the links between them."""
    circles, table = report.plan.circles, report.plan.circle_table
    across = max(1, ceil(sqrt(1.15 * table.height)))
    down = ceil(table.height / across)
    cell = WIDTH / across
    large = circles.height > MAX_PEOPLE_SHOWN
    order = table["address"].str.split(".").list.eval(pl.element().cast(pl.Int64)).to_list()
    place = np.empty((table.height, 2))
    for seat, number in enumerate(sorted(range(table.height), key=lambda one: order[one])):
        row, column = divmod(seat, across)
        place[number] = (
            across - 1 - column if row % 2 else column,
            row,
        )  # alternate directions, so that neighbours in a ring stay side by side
    centre = table.select("circle", "address", people="size", x=pl.Series(place[:, 0]), y=pl.Series(place[:, 1]))
    most = 2 * MAX_LINES_BETWEEN if large else MAX_LINES_BETWEEN
    people = _person_positions(report, centre, RING_RADIUS)
    ends = _bond_endpoints(report, people)
    between = _link_endpoints(report, centre, most) if large else ends.filter(pl.col("one") != pl.col("two"))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.55, across - 0.45], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[down - 0.4, -0.55], nice=False))
    layers = [_bond_lines(between, most, "#7a6a94", (0.15, 0.6), (0.5, 2.2), x, y)]
    if not large:  # discs hide the lines behind them, so that each circle can be read
        layers.append(_circle_discs(centre, cell, x, y))
        layers.append(
            _bond_lines(ends.filter(pl.col("one") == pl.col("two")), MAX_LINES_INSIDE, "#33505e", (0.25, 0.8), (0.5, 2.2), x, y)
        )
    if large:
        layers.append(_circle_points(centre.join(_kept_shares(report), on="circle", how="left"), cell, x, y))
    else:
        layers.append(_person_points(people, cell, x, y))
    if cell >= 24:
        words = chart(_rounded(centre.with_columns(y=pl.col("y") + 0.5))).mark_text(fontSize=min(12, cell / 3.4), color="#333")
        layers.append(words.encode(x=x, y=y, text="address:N"))
    description = (
        f"{format_count(circles.height)} people in {format_count(table.height)} circles, and the {min(between.height, most)} "
        "strongest living bonds between circles as lines."
    )
    picture = alt.layer(*layers).properties(width=WIDTH, height=cell * down)
    return accessible_svg(picture, "map", "The map of bonds", description)


def _link_endpoints(report: PlanReport, centre: pl.DataFrame, most: int) -> pl.DataFrame:
    """The strongest pairs of circles, with the positions of both."""
    pairs = circle_links(report, most).join(centre.select("x", "y", one="circle"), on="one")
    return pairs.join(centre.select(two="circle", x2="x", y2="y"), on="two")


def _person_positions(report: PlanReport, centre: pl.DataFrame, radius: float) -> pl.DataFrame:
    """The position of each person: on a ring around the centre of their circle."""
    seat = report.plan.circles.select("person", "circle", k=pl.int_range(pl.len()).over("circle"), size=pl.len().over("circle"))
    seat = seat.join(centre.select("circle", "x", "y"), on="circle", maintain_order="left")
    angle = 2 * np.pi * pl.col("k") / pl.col("size") - np.pi / 2
    seat = seat.with_columns(x=pl.col("x") + radius * angle.cos(), y=pl.col("y") + radius * angle.sin())
    return seat.join(report.standing.select("person", "standing"), on="person", how="left", maintain_order="left")


def _bond_endpoints(report: PlanReport, people: pl.DataFrame) -> pl.DataFrame:
    """Living bonds with the positions of both their people."""
    living = living_bonds(report).join(people.select("x", "y", a="person", one="circle"), on="a")
    return living.join(people.select(b="person", x2="x", y2="y", two="circle"), on="b")


def _bond_lines(
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
    marks = chart(_rounded(ends)).mark_rule(color=colour)
    lines: alt.Chart = marks.encode(x=x, y=y, x2="x2:Q", y2="y2:Q", opacity=dark, strokeWidth=thick)
    return lines


def _circle_discs(centre: pl.DataFrame, cell: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """A pale disc under each circle; Vega's sizes are areas of the square around a mark."""
    size = np.pi * (DISC_RADIUS * cell) ** 2
    discs = chart(_rounded(centre.select("x", "y"))).mark_point(
        shape="circle", size=size, fill="#f1f5f6", stroke="#c9d1d5", opacity=1
    )
    placed: alt.Chart = discs.encode(x=x, y=y)
    return placed


def _kept_shares(report: PlanReport) -> pl.DataFrame:
    """The share of people in each circle who are kept."""
    people = report.plan.circles.join(report.standing.select("person", "standing"), on="person", how="left")
    return people.group_by("circle").agg(kept=(pl.col("standing") == "kept").mean())


def _circle_points(centre: pl.DataFrame, cell: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """A point for each circle, darker where more of its people are kept."""
    size = alt.Size("people:Q", scale=alt.Scale(zero=True, range=[0, cell * cell * 0.25]), legend=None)
    shades = alt.Scale(domain=[0, 1], range=[PALE, PLAN_COLOUR])
    colour = alt.Color(
        "kept:Q", scale=shades, title="share of people who are kept", legend=alt.Legend(format="%", titleLimit=400)
    )
    marks = chart(_rounded(centre)).mark_point(filled=True, opacity=1, shape="circle", stroke="#333", strokeWidth=0.5)
    points: alt.Chart = marks.encode(x=x, y=y, size=size, color=colour)
    return points


def _person_points(people: pl.DataFrame, cell: float, x: alt.X, y: alt.Y) -> alt.Chart:
    """A point for each person, with the colour and shape of their standing."""
    known = list(STANDING_SHAPES)
    colour = alt.Color("standing:N", scale=alt.Scale(domain=known, range=[STANDING_COLOURS[one] for one in known]), title=None)
    shape = alt.Shape("standing:N", scale=alt.Scale(domain=known, range=list(STANDING_SHAPES.values())), title=None)
    marks = chart(_rounded(people.select("x", "y", "standing"))).mark_point(filled=True, opacity=1, size=min(90.0, cell**2 / 90))
    shown: alt.Chart = marks.encode(x=x, y=y, color=colour, shape=shape)
    return shown


def _rounded(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col(pl.Float64).round(3))
