"""What the plan gains if a contact does less than is assumed: all of it, half, nothing; and the least at which it still wins."""

from __future__ import annotations

from collections.abc import Callable
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
PARTS = 16
"""The least share is found to one part of so many."""
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
    wins beyond doubt (95 %); none where it never does.
    """
    nothing = ensembles["nothing"].people_kept[:, design.endpoint].astype(float)

    def row(share: float) -> dict[str, object]:
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
        return {"worth": share, **means, "low": interval[0], "high": interval[1], "wins": interval[0] > 0, "least": False}

    rows = [row(share) for share in SHARES]
    if rows[0]["wins"]:
        whole = ensembles["plan"].people_kept[:, design.endpoint].astype(float) - nothing
        rows.append(_least(row, rows[0], _guess(whole)) | {"least": True})
    return pl.DataFrame(rows, schema=SCHEMA)


def _guess(gain: NDArray[np.float64]) -> int:
    """About the least number of sixteenths at which the plan wins: with the share the mean gain falls, and its spread by the root, as for
    events that become rarer."""
    mean, low = float(gain.mean()), paired_interval(gain)[0]
    return int(np.clip(np.ceil(PARTS * ((mean - low) / mean) ** 2), 1, PARTS))


def _least(row: Callable[[float], dict[str, object]], whole: dict[str, object], guess: int) -> dict[str, object]:
    """The row of the least number of sixteenths that wins: down from the guess while it wins, or up until it does."""
    best, part = whole, guess
    if part < PARTS:
        found = row(part / PARTS)
        while not found["wins"] and part + 1 < PARTS:
            part += 1
            found = row(part / PARTS)
        if not found["wins"]:
            return whole
        best = found
    if part == guess:
        while part > 1 and (found := row((part - 1) / PARTS))["wins"]:
            best, part = found, part - 1
    return best
