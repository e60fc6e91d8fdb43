"""The figure of a simulation of spreading."""

from __future__ import annotations

import altair as alt
import vl_convert

from tenfold.spread.result import Result

__all__ = ["counts_figure"]


def counts_figure(result: Result, title: str) -> str:
    """People in each state by step, with 90 % bands over the replicates, as SVG."""
    summary = result.summary()
    thin = max(1, summary["step"].n_unique() // 400)
    summary = summary.filter(summary["step"] % thin == 0)
    base = alt.Chart(summary).encode(
        x=alt.X("step:Q", title="step"),
        color=alt.Color("state:N", title=None, sort=list(result.states), scale=alt.Scale(scheme="dark2")),
    )
    dash = alt.StrokeDash("state:N", title=None, sort=list(result.states))
    band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title="people"), y2="high:Q")
    line = base.mark_line(strokeWidth=2).encode(y="mean:Q", strokeDash=dash)
    chart = (band + line).properties(width=640, height=360, title=title).configure(font="system-ui, sans-serif")
    specification = chart.to_dict()
    svg: str = vl_convert.vegalite_to_svg(specification)
    return svg
