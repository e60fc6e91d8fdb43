"""Adherence: the share of planned contacts that take place in their week, fitted to what became of earlier plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaincinv

from tenfold.people.contacts import Contacts

__all__ = ["ASSUMED", "TASKS", "Adherence", "measure_adherence"]

ASSUMED, WEIGHT = 0.8, 10.0
"""The share that is assumed, and how many planned contacts it counts for."""
FEW = 30
"""Planned contacts from which on the share is called fitted."""
TASKS: dict[str, pl.DataType | type[pl.DataType]] = {
    "who": pl.String,
    "whom": pl.String,
    "opened": pl.Datetime("us", "UTC"),
    "closed": pl.Datetime("us", "UTC"),
    "state": pl.String,
}
"""Columns of a table of tasks. States: open, done, not reached, later, dropped; withdrawn: a later plan asked for it no longer."""
GRACE = 86_400_000_000  # microseconds: what is due on the seventh day may be recorded on the eighth
WEEK = 7 * GRACE
NEVER = 2**62


class Adherence(NamedTuple):
    """Share of planned contacts that take place in their week, with its 95 % interval `low` to `high`; of how many that were `planned`
    since the day `since` (None: of none) how many were `done`."""

    share: float
    low: float
    high: float
    planned: int
    done: int
    since: date | None

    def words(self) -> str:
        """Where the share comes from, in words."""
        if self.since is None:
            return "assumed"
        counted = (
            f"{self.done} of {self.planned} contacts planned since {self.since.day} {self.since:%B %Y} took place in their week"
        )
        interval = f"95 % interval {self.low:.0%} to {self.high:.0%}"
        return f"assumed, moved a little by {counted} ({interval})" if self.planned < FEW else f"own past: {counted} ({interval})"


def measure_adherence(tasks: pl.DataFrame | None, contacts: Contacts, at: datetime) -> Adherence:
    """Fit the share to `tasks` (`TASKS`) up to the moment `at`, as far as something is on record: a contact, or what became of a task.

    A contact that is carried over is planned anew each week. A week counts when it is over, or when the task was closed in it; a day of
    grace is given. What the next weekly plan withdrew was missed; what one of the same week withdrew was not planned. The prior is a Beta
    distribution of mean .8 that counts for ten contacts. Carers differ: the contacts count for fewer by the dispersion between carers
    (Pearson's statistic; McCullagh & Nelder 1989, section 4.5).
    """
    prior = (WEIGHT * ASSUMED, WEIGHT * (1 - ASSUMED))
    tasks = None if tasks is None else tasks.filter(pl.col("opened") <= at)
    if tasks is None or tasks.is_empty():
        return _posterior(*prior, 0, 0, None)
    end = _last_record(tasks, contacts, at)
    opened, closed = tasks["opened"].dt.epoch("us").to_numpy(), tasks["closed"].dt.epoch("us").fill_null(NEVER).to_numpy()
    state = tasks["state"].to_numpy()
    seen = np.minimum(closed, end) - opened
    missed = np.maximum((seen - GRACE - 1) // WEEK, 0)
    by_plan = (state == "withdrawn") & (closed <= end)  # plans are a week apart, more or less
    missed[by_plan] = (seen[by_plan] + WEEK // 2) // WEEK
    missed[state == "later"] = np.minimum(missed[state == "later"], 1)
    success = ((state == "done") & (closed <= end)).astype(np.int64)
    planned = missed + success + ((state == "dropped") & (closed <= end))
    counts = np.flatnonzero(planned)
    if not counts.size:
        return _posterior(*prior, 0, 0, None)
    n, hits = int(planned.sum()), int(success.sum())
    carers = np.unique(tasks["who"].to_numpy(), return_inverse=True)[1].ravel()
    of_carer, hits_of = (np.bincount(carers, weights=one).astype(np.float64) for one in (planned, success))
    worth = n / _dispersion(of_carer[of_carer > 0], hits_of[of_carer > 0])
    since = tasks["opened"].gather(counts).dt.date().min()
    assert isinstance(since, date)
    share = hits / n
    return _posterior(prior[0] + worth * share, prior[1] + worth * (1 - share), n, hits, since)


def _last_record(tasks: pl.DataFrame, contacts: Contacts, at: datetime) -> int:
    """When a contact, a gathering or a task that somebody closed was last on record up to `at`; microseconds since 1970."""
    past = contacts.until(at)
    by_people = tasks.filter(pl.col("state").is_in(["done", "dropped"]), pl.col("closed") <= at)
    moments = (past.table["time"], past.gatherings["time"], by_people["closed"])
    return max((int(one.dt.epoch("us").to_numpy().max()) for one in moments if len(one)), default=-NEVER)


def _posterior(a: float, b: float, planned: int, done: int, since: date | None) -> Adherence:
    """Mean and 95 % interval of a Beta distribution."""
    low, high = betaincinv(a, b, [0.025, 0.975])
    return Adherence(a / (a + b), float(low), float(high), planned, done, since)


def _dispersion(planned: NDArray[np.float64], done: NDArray[np.float64]) -> float:
    """By how much carers differ beyond chance: Pearson's statistic over its degrees of freedom, at least 1."""
    share = float(done.sum() / planned.sum())
    if len(planned) < 2 or not 0 < share < 1:
        return 1.0
    pearson = ((done - planned * share) ** 2 / (planned * share * (1 - share))).sum()
    return max(1.0, float(pearson) / (len(planned) - 1))
