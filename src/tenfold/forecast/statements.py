"""Statements that can be checked: how many people will have been in contact, or at a gathering, within a window that ends on a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from tenfold.forecast.direct import Forecast, forecast_bonds, forecast_people
from tenfold.forecast.features import Target
from tenfold.forecast.histories import DAY, Community

__all__ = ["WEEK", "Band", "Statement", "band_of", "band_of_total", "came", "in_window", "make_statement", "window_of"]

Floats = NDArray[np.float64]
WEEK = 7 * DAY
WINDOWS = (1, 2, 4, 8, 12, 26)
"""Weeks, of which the window is chosen."""


class Band(NamedTuple):
    """Nine in ten: `low` to `high` around `mean`."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Statement:
    """`band` of the `people` known at `at` will have been active in (end − window, end]; seconds since 1970, `window` in weeks."""

    at: int
    end: int
    window: int
    people: int
    band: Band
    why: str
    drift: tuple[str, ...]

    def words(self) -> str:
        """The statement as a sentence."""
        date = datetime.fromtimestamp(self.end, UTC).date().isoformat()
        weeks = "week that ends" if self.window == 1 else f"{self.window} weeks that end"
        return (
            f"{self.band.mean:.0f} people ({self.band.low:.0f} to {self.band.high:.0f}) of the {self.people} known today will have been"
            f" in contact, or at a gathering, within the {weeks} on {date}."
        )


def came(community: Community, at: int, end: int, window: int) -> int:
    """Of those known at `at`: how many were active in the `window` weeks up to `end`."""
    people = community.people
    known = np.flatnonzero(people.time[people.start[:-1]] <= at)
    return int(people.seen_within(end - window * WEEK, end, known).sum())


def window_of(community: Community, at: int) -> int:
    """Weeks: the shortest window that spans two of the usual pauses of the median person (of those seen on three occasions or more
    and within
    the last year), so that whoever keeps their own rhythm is seen in it."""
    people = community.people
    until = people.rows_until(at)
    last = people.time[np.maximum(until - 1, 0)]
    occasions = np.where(until > people.start[:-1], people.occasion[np.maximum(until - 1, 0)], 0)
    regular = (occasions >= 3) & (last > at - 365 * DAY) & (last <= at)
    if not regular.any():
        return 4
    pause = (last - people.time[people.start[:-1]])[regular] / (occasions[regular] - 1) / WEEK
    return next((window for window in WINDOWS if window >= 2 * float(np.median(pause))), WINDOWS[-1])


def band_of(found: Forecast, level: float = 0.9) -> Band:
    """The total of a forecast; see `band_of_total`."""
    return band_of_total(found.chance, found.doubt, len(found.trials), level)


def band_of_total(chance: Floats, doubt: float, trials: int, level: float = 0.9) -> Band:
    """How many of k cases will come, with luck and doubt.

    The luck of each case is known from its `chance`, (k). `doubt`, the standard deviation of the logarithm of the total, was measured on
    few `trials` and has their heavier tails (Student's t with 3 degrees and one more a trial).
    """
    mean = float(chance.sum())
    luck = float(ndtri((1 + level) / 2)) * float(np.sqrt((chance * (1 - chance)).sum())) / max(mean, 1e-9)
    width = float(np.hypot(luck, float(stdtrit(3 + trials, (1 + level) / 2)) * doubt))
    return Band(mean, float(np.floor(mean * np.exp(-width))), float(min(np.ceil(mean * np.exp(width)), len(chance))))


def in_window(
    community: Community, at: int, weeks: int, window: int, *, bonds: bool = False, who: Forecast | None = None
) -> Forecast:
    """Chances to be active in the `window` weeks that end `weeks` after `at`; what of the window is past already is a fact. `who`: with
    `bonds` the same of the people, where it is there already."""
    target = Target(weeks * WEEK, max(weeks - window, 0) * WEEK)
    histories = community.pairs if bonds else community.people
    found = forecast_bonds(community, at, target, who=who) if bonds else forecast_people(community, at, target)
    if weeks >= window:
        return found
    fact: NDArray[np.bool_] = histories.seen_within(at - (window - weeks) * WEEK, at, found.case)
    return replace(found, chance=np.where(fact, 1.0, found.chance))


def make_statement(community: Community, at: int, weeks: int, window: int | None = None) -> Statement:
    """What is said at `at` about the window that ends `weeks` later."""
    width = window_of(community, at) if window is None else window
    found = in_window(community, at, weeks, width)
    return Statement(at, at + weeks * WEEK, width, len(found.case), band_of(found), found.why, found.drift)
