"""The reliability figure: of those given a chance, how many came."""

from __future__ import annotations

import altair as alt
import polars as pl

from tenfold.report.figures import accessible_svg, chart
from tenfold.report.plan.colours import PLAN_COLOUR

__all__ = ["reliability_figure"]

TITLE = "Chances given, and how many came"


def reliability_figure(reliability: pl.DataFrame) -> str:
    """Share that came by the chance that was given, with bands of 90 %, beside the line on which every forecast comes true.

    `reliability`: as in `Backtest.reliability`; a larger point stands for more cases.
    """
    values = (pl.col("expected", "came", "low", "high") * 100).round(1)
    frame = reliability.select(values, "cases")
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100])
    across = alt.X("expected:Q", title="chance given, in %", scale=alt.Scale(domain=[0, 100]), axis=axis)
    base = chart(frame).encode(x=across)
    upright = alt.Y("low:Q", title="came, in %", scale=alt.Scale(domain=[0, 100]), axis=axis)
    rule = base.mark_rule(strokeWidth=2, color=PLAN_COLOUR, opacity=0.6).encode(y=upright, y2="high:Q")
    size = alt.Size("cases:Q", legend=None, scale=alt.Scale(range=[30, 220]))
    point = base.mark_point(filled=True, color=PLAN_COLOUR, opacity=1).encode(y="came:Q", size=size)
    ideal = chart(pl.DataFrame({"expected": [0.0, 100.0], "came": [0.0, 100.0]})).mark_line(strokeDash=[4, 3], color="#444")
    ideal = ideal.encode(x="expected:Q", y="came:Q")
    words = "; ".join(
        f"{row['came']:.0f} % came of {row['cases']} given {row['expected']:.0f} %" for row in frame.iter_rows(named=True)
    )
    picture = alt.layer(ideal, rule, point).properties(width=300, height=260)
    return accessible_svg(picture, "reliability", TITLE, f"{words}.")
