"""The future of a community as direct chances: of each person and each pair, at each of the coming 52 weeks.

All that is said about the future rests on these: the page, the weekly simulation, the trial of a plan, the Whittle index.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.direct import Forecast
from tenfold.forecast.histories import Histories, community_of
from tenfold.forecast.statements import WEEK, in_window, window_of
from tenfold.forecast.trials import Trial
from tenfold.people.contacts import Contacts

__all__ = ["KNOTS", "WEEKS", "Chances", "Future", "foresee"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WEEKS = 52
KNOTS = (0, 4, 12, 26, 52)
"""Weeks at which chances are fitted; between them they are linear."""


@dataclass(frozen=True)
class Chances:
    """Chances of k cases in each week, (k, 53); at each of `KNOTS` the `doubt` (standard deviation of the logarithm of a total
    beyond luck), the
    past `trials` that it rests on, the latest first, the `model`, `why`, and `drift` in words."""

    weekly: Floats
    doubt: Floats
    trials: tuple[tuple[Trial, ...], ...]
    model: tuple[str, ...]
    why: tuple[str, ...]
    drift: tuple[tuple[str, ...], ...]

    def doubt_by_week(self) -> Floats:
        """`doubt` of each week, linear between the knots, (53)."""
        found: Floats = np.interp(np.arange(WEEKS + 1), KNOTS, self.doubt)
        return found


@dataclass(frozen=True)
class Future:
    """What is to come, as of `at`.

    Attributes
    ----------
    at, window
        The moment; and the weeks that count at each week: in touch is who was in contact, or at a gathering, in the `window` weeks
        up to it.
    people
        (n) Ids, sorted.
    a, b
        (m) Rows in `people` of each known pair, a < b.
    chances
        Of each person to be in touch.
    bonds
        Of each pair to be in contact, or together at a gathering that is small enough to make a bond.
    """

    at: datetime
    window: int
    people: pl.Series
    a: Ints
    b: Ints
    chances: Chances
    bonds: Chances

    def of_people(self, ids: pl.Series) -> Floats:
        """Weekly chances of these people, (len(ids), 53); of those who were never seen 0."""
        row = _places(self.people.cast(pl.String), ids.cast(pl.String))
        return (
            np.where((row >= 0)[:, None], self.chances.weekly[row], 0.0) if len(self.people) else np.zeros((len(ids), WEEKS + 1))
        )

    def of_pairs(self, one: pl.Series, other: pl.Series) -> Floats:
        """Weekly chances of these pairs, (len(one), 53); of those never in contact 0."""
        if not len(self.a):
            return np.zeros((len(one), WEEKS + 1))
        ids = self.people.cast(pl.String)
        first, second = _places(ids, one.cast(pl.String)), _places(ids, other.cast(pl.String))
        n = len(ids)
        wanted = np.minimum(first, second) * n + np.maximum(first, second)
        known = self.a * n + self.b
        row = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        there = (known[row] == wanted) & (first >= 0) & (second >= 0)
        return np.where(there[:, None], self.bonds.weekly[row], 0.0)


def foresee(contacts: Contacts, at: datetime) -> Future:
    """Fit the chances of all weeks to what had happened up to `at`."""
    community = community_of(contacts, at, gatherings_make_pairs=True)
    moment = int(at.timestamp())
    window = window_of(community, moment)
    people = [in_window(community, moment, weeks, window) for weeks in KNOTS[1:]]
    pairs = [
        in_window(community, moment, weeks, window, bonds=True, who=who) for weeks, who in zip(KNOTS[1:], people, strict=True)
    ]
    since = moment - window * WEEK
    return Future(
        at,
        window,
        community.names,
        community.a.astype(np.int64),
        community.b.astype(np.int64),
        _between_knots(community.people, since, moment, people),
        _between_knots(community.pairs, since, moment, pairs),
    )


def _between_knots(histories: Histories, since: int, at: int, found: list[Forecast]) -> Chances:
    """Chances of all weeks from those `found` at the knots; those of week 0 are facts: who was active from `since` to `at`."""
    everybody = np.arange(len(histories), dtype=np.int64)
    now = histories.seen_within(since, at, everybody).astype(float)
    knots = np.column_stack([now, *(_of_all(one, len(histories)) for one in found)])
    week = np.arange(WEEKS + 1)
    place = np.clip(np.searchsorted(KNOTS, week, side="right") - 1, 0, len(KNOTS) - 2)
    begin, end = np.array(KNOTS)[place], np.array(KNOTS)[place + 1]
    part = (week - begin) / (end - begin)
    weekly = knots[:, place] * (1 - part) + knots[:, place + 1] * part
    return Chances(
        weekly,
        np.array([0.0, *(one.doubt for one in found)]),
        ((), *(one.trials for one in found)),
        ("fact", *(one.model for one in found)),
        ("", *(one.why for one in found)),
        ((), *(one.drift for one in found)),
    )


def _of_all(found: Forecast, n: int) -> Floats:
    chance = np.zeros(n)
    chance[found.case] = found.chance
    return chance


def _places(ids: pl.Series, wanted: pl.Series) -> Ints:
    """The row of each wanted id, −1 where there is none."""
    rows = pl.DataFrame({"id": ids, "row": np.arange(len(ids))})
    found = pl.DataFrame({"id": wanted}).join(rows, on="id", how="left", maintain_order="left")["row"]
    return found.fill_null(-1).to_numpy().astype(np.int64)
