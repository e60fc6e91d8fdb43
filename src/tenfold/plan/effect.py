"""What the plan gains if a contact does less than is assumed: all of it, half, nothing; and the least at which it still wins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.simulate import Ensemble
from tenfold.plan.scenarios import Contacts
from tenfold.plan.situation import Situation
from tenfold.plan.trial import Design, paired_interval, run_scenarios

__all__ = ["effect_table"]

SHARES = (1.0, 0.5, 0.0)
BISECTIONS, MANY = 4, 3000
"""Steps to find the least share; up to so many people."""
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "worth": pl.Float64,
    "plan": pl.Float64,
    "nothing": pl.Float64,
    "difference": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "wins": pl.Boolean,
    "least": pl.Boolean,
}


def effect_table(
    situation: Situation, contacts: dict[str, list[Contacts]], ensembles: dict[str, Ensemble], design: Design
) -> pl.DataFrame:
    """People in touch at the endpoint with the plan and with nothing, if a contact is `worth` a share of what is assumed, on the same luck.

    One row for each of 1, ½ and 0 (which is nothing, exactly), and one, `least`, for the smallest share to a sixteenth at which the plan
    wins beyond doubt (95 %); none where it never does, or where there are more than 3,000 people.
    """
    nothing = ensembles["nothing"].people_kept[:, design.endpoint].astype(float)

    def row(share: float, *, least: bool = False) -> dict[str, object]:
        kept = nothing
        if share == 1:
            kept = ensembles["plan"].people_kept[:, design.endpoint].astype(float)
        elif share > 0:
            weaker = replace(situation, assumptions=situation.assumptions.worth(share))
            found = run_scenarios(weaker, {"plan": contacts["plan"][: design.endpoint]}, design)["plan"]
            kept = found.people_kept[:, design.endpoint].astype(float)
        gain: NDArray[np.float64] = kept - nothing
        interval = paired_interval(gain)
        means = {"plan": float(kept.mean()), "nothing": float(nothing.mean()), "difference": float(gain.mean())}
        return {"worth": share, **means, "low": interval[0], "high": interval[1], "wins": interval[0] > 0, "least": least}

    rows = [row(share) for share in SHARES]
    if rows[0]["wins"] and situation.n <= MANY:
        low, high, best = 0.0, 1.0, rows[0]
        for _ in range(BISECTIONS):
            share = (low + high) / 2
            middle = row(share, least=True)
            if middle["wins"]:
                high, best = share, middle
            else:
                low = share
        rows.append(best | {"least": True})
    return pl.DataFrame(rows, schema=SCHEMA)
