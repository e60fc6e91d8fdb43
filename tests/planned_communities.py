"""Made-up communities that were planned for, in which it is known what a planned contact does to a bond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.adherence import TASKS
from tenfold.people.contacts import Contacts

__all__ = ["PlannedCommunity", "planned_community"]

START = datetime(2025, 1, 6, 12, tzinfo=UTC)
FIRST, LAST, END = 20, 44, 56
"""Plans are made from the first of these weeks up to the second; what happened is on record up to the third."""
PEOPLE, BONDS = 120, 7
PROTECTED, PROTECTION, REVIVAL = 12, 0.7, 0.6
"""With its whole effect a contact takes away this share of the hazard of a bond for so many weeks, and revives an ended bond so often."""
ADHERENCE = 0.6
AFTER, UNTIL, PAUSE = 4, 12, 8  # weeks: when a bond is looked at, and between two tasks of it


class PlannedCommunity(NamedTuple):
    """What is on record, and the truth: by how much more often the planned bonds were alive 4 to 12 weeks later than if they had not been
    planned for in that week, all else and all luck being the same."""

    contacts: Contacts
    tasks: pl.DataFrame
    truth: float


class _Run(NamedTuple):
    """(pairs, days) whether in contact, and of these on which days a task was closed; (pairs, weeks) planned; the tasks."""

    met: NDArray[np.bool_]
    closing: NDArray[np.bool_]
    planned: NDArray[np.bool_]
    tasks: list[tuple[int, int, int | None, str]]


def planned_community(seed: int, effect: float) -> PlannedCommunity:
    """A community in which a planned contact has a share `effect` (0 to 1) of its whole effect.

    People leave for good at times of their own, bonds end at rates that depend on both; plans choose bonds that are silent for long for
    their rhythm, the more so the stronger they were.
    """
    luck = _Luck(np.random.default_rng(seed))
    run = luck.run(effect)
    gains: list[NDArray[np.float64]] = []
    for week in range(FIRST, LAST):
        if week + UNTIL <= END:
            chosen = run.planned[:, week]
            without = luck.run(effect, without=week)
            gains.append(_alive(run, week, chosen).astype(float) - _alive(without, week, chosen))
    pair, day = np.nonzero(run.met)
    a, b = (np.char.add("p", luck.ends[:, end].astype(str)) for end in (0, 1))
    times = [START + timedelta(days=int(one)) for one in day]
    contacts = Contacts.from_table(pl.DataFrame({"t": times, "a": a[pair], "b": b[pair]}), time="t", a="a", b="b")
    rows = [
        (a[k], b[k], START + timedelta(days=opened, hours=-3), None if closed is None else START + timedelta(days=closed), state)
        for k, opened, closed, state in run.tasks
    ]
    return PlannedCommunity(contacts, pl.DataFrame(rows, schema=TASKS, orient="row"), float(np.concatenate(gains).mean()))


def _alive(run: _Run, week: int, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether bonds were in contact later, without the days on which a task was closed."""
    days = slice(7 * (week + AFTER) + 1, 7 * (week + UNTIL) + 1)
    found: NDArray[np.bool_] = (run.met & ~run.closing)[chosen, days].any(axis=1)
    return found


class _Luck:
    """All random numbers of a community, drawn once, so that it can be run again with one thing changed."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.ends = np.unique(np.sort(rng.integers(0, PEOPLE, (PEOPLE * BONDS // 2, 2)), axis=1), axis=0)
        self.ends = self.ends[self.ends[:, 0] < self.ends[:, 1]]
        n = len(self.ends)
        frailty = rng.gamma(3, 1 / 3, PEOPLE)
        self.rate = np.exp(rng.uniform(np.log(1 / 20), np.log(1 / 4), n))  # contacts a day
        self.hazard = 1 - np.exp(-0.03 * frailty[self.ends].mean(axis=1))  # a week
        leaves = rng.exponential(200, PEOPLE)
        self.gone = leaves[self.ends].min(axis=1)
        self.meets = rng.random((n, 7 * END)) < self.rate[:, None]
        self.ends_in, self.chosen_in, self.happens, self.revives = rng.random((4, n, END))
        self.day = rng.integers(1, 7, (n, END))

    def run(self, effect: float, without: int = -1) -> _Run:
        """What happens; `without`: a week in which nobody plans anything."""
        n = len(self.ends)
        met, closing, planned = np.zeros((n, 7 * END), np.bool_), np.zeros((n, 7 * END), np.bool_), np.zeros((n, END), np.bool_)
        alive, safe_until = np.ones(n, np.bool_), np.full(n, -1)
        first, last, occasions = np.full(n, -1), np.full(n, -1), np.zeros(n, np.int64)
        free_from = np.zeros(n, np.int64)  # the week from which on a task may be opened
        tasks: list[tuple[int, int, int | None, str]] = []
        for week in range(END):
            here = self.gone > week
            alive &= here & (self.ends_in[:, week] >= self.hazard * (1 - effect * PROTECTION * (safe_until >= week)))
            today = 7 * week
            days = slice(today, today + 7)
            met[:, days] = self.meets[:, days] & alive[:, None]
            if FIRST <= week < LAST and week != without:
                gap = np.maximum((last - first) / np.maximum(occasions - 1, 1), 1)
                silence = (today - last) / gap
                chance = np.clip(0.05 * (silence - 0.5), 0, 0.15) * np.where(self.rate > 0.1, 1.0, 0.6)
                chosen = (occasions >= 3) & (self.chosen_in[:, week] < chance) & (free_from <= week)
                planned[chosen, week] = True
                free_from[chosen] = week + PAUSE + 1
                made = chosen & here & (self.happens[:, week] < ADHERENCE)
                met[made, today + self.day[made, week]] = True
                safe_until[made] = week + PROTECTED
                alive |= made & (self.revives[:, week] < REVIVAL * effect)
                for k in np.flatnonzero(chosen).tolist():
                    inside = np.flatnonzero(met[k, days])
                    closed = today + int(inside[0]) if len(inside) else None
                    if closed is not None:
                        closing[k, closed] = True
                    tasks.append((k, today, today + 7 if closed is None else closed, "withdrawn" if closed is None else "done"))
            for offset in range(7):
                now = met[:, today + offset]
                first = np.where(now & (first < 0), today + offset, first)
                last = np.where(now, today + offset, last)
                occasions += now
        return _Run(met, closing, planned, tasks)
