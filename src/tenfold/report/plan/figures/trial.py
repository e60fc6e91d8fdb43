"""The figure of the trial: the plan against simpler plans."""

from __future__ import annotations

import altair as alt
import polars as pl

from tenfold.report.figures import accessible_svg, chart
from tenfold.report.plan.colours import PLAN_COLOUR
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["trial_figure"]


def trial_figure(report: PlanReport) -> str:
    """The difference in people kept between the plan and each simpler plan, with its 95 % interval."""
    measure = f"people kept at {report.plan.settings['weeks']} weeks"
    frame = report.plan.comparison.filter(pl.col("measure") == measure)
    texts = pl.Series([f"{one:+,.1f}" for one in frame["difference"]], dtype=pl.String)
    values = frame.select("baseline", pl.col("difference", "low", "high").round(2), text=texts)
    base = chart(values).encode(y=alt.Y("baseline:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)))
    rule = base.mark_rule(strokeWidth=3, color=PLAN_COLOUR)
    rule = rule.encode(x=alt.X("low:Q", title="more people kept by the plan than by …"), x2="high:Q")
    point = base.mark_point(filled=True, size=90, color=PLAN_COLOUR, opacity=1).encode(x="difference:Q")
    text = base.mark_text(dy=-13, fontSize=12, color="#222").encode(x="difference:Q", text="text:N")
    zero = chart(pl.DataFrame({"x": [0.0]})).mark_rule(strokeDash=[4, 3], color="#444").encode(x="x:Q")
    words = "; ".join(f"{row['text']} against {row['baseline']}" for row in values.iter_rows(named=True))
    title = "People kept: the plan against simpler plans"
    picture = alt.layer(zero, rule, point, text).properties(width=460, height=44 * max(values.height, 1))
    return accessible_svg(picture, "comparison", title, words + ".")
