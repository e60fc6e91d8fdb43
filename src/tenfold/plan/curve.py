"""The curve of the load: how many people stay in touch with more or fewer contacts a week, and where more brings little."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from tenfold.plan.candidates import Candidates
from tenfold.plan.carers import Carers
from tenfold.plan.limits import Limits
from tenfold.plan.situation import Situation
from tenfold.plan.trial import Design, run_scenarios
from tenfold.plan.week import choose_contacts

__all__ = ["knee_of", "load_curve"]

SHARES = (0.0, 0.1, 0.2, 0.4, 0.7, 1.0)
"""Totals that are tried, in contacts a week for each person."""
REPLICATES = 60
UNLIMITED = 3  # planned contacts that a person receives in a week at most, where the total is not the limit
SCHEMA = {
    "contacts": pl.Float64,
    "people": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "plan": pl.Boolean,
    "knee": pl.Boolean,
}


def load_curve(situation: Situation, candidates: Candidates, carers: Carers, limits: Limits, design: Design) -> pl.DataFrame:
    """`contacts` a week on average, and how many `people` are in touch at the endpoint; `low`, `high`: nine of ten simulations.

    The same carers and circles, on the same luck; only the total of a week differs. `plan` is the total of the plan; the `knee` is where
    the curve is farthest above the line between its ends (Satopää et al. 2011, doi:10.1109/ICDCSW.2011.20): beyond it a contact brings less
    than on average.
    """
    n, own = situation.n, limits.load.in_all(situation.n)
    totals = sorted({*(round(share * n) for share in SHARES), own})
    trial = replace(design, replicates=min(design.replicates, REPLICATES))
    received = max(limits.load.contacts_received, UNLIMITED)
    scenarios, contacts = {}, []
    for total in totals:
        load = replace(
            limits.load, contacts_in_all=total, contacts_received=limits.load.contacts_received if total <= own else received
        )
        weeks = choose_contacts(situation, candidates, carers, replace(limits, load=load), weeks=design.endpoint)
        scenarios[str(total)] = [(candidates.initiator[rows], candidates.recipient[rows]) for rows in weeks]
        contacts.append(float(np.mean([len(rows) for rows in weeks])))
    kept = [found.people_kept[:, design.endpoint] for found in run_scenarios(situation, scenarios, trial).values()]
    people = [float(one.mean()) for one in kept]
    knee = knee_of(np.array(contacts), np.array(people))
    rows = [
        (contacts[k], people[k], float(np.quantile(one, 0.05)), float(np.quantile(one, 0.95)), totals[k] == own, k == knee)
        for k, one in enumerate(kept)
    ]
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return table.filter(pl.col("plan") | pl.col("knee") | ~pl.col("contacts").is_duplicated())


def knee_of(x: np.ndarray[tuple[int], np.dtype[np.float64]], y: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
    """The point of a rising curve that is farthest above the line between its ends; −1 where none is above it.

    Examples
    --------
    >>> knee_of(np.array([0.0, 1.0, 2.0, 4.0]), np.array([0.0, 8.0, 9.0, 10.0]))
    1
    """
    if len(x) < 3 or x[-1] <= x[0] or y[-1] <= y[0]:
        return -1
    above = (y - y[0]) / (y[-1] - y[0]) - (x - x[0]) / (x[-1] - x[0])
    best = int(above.argmax())
    return best if above[best] > 0 else -1
