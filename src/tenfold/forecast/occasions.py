"""Chances by occasions: for communities that come together at times of their own, with pauses between (weekly meetings, the days of a
conference). Nights, weekends and weeks without a meeting are no time at all on this clock.

Who attends how many of the coming occasions: BG/BB (Fader, Hardie, Shang 2010), shrunk to the community's own rate where people are
few; and
who stayed to the end, and was in contact more at the occasions that they attended, ranks higher.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from tenfold.forecast.features import Target
from tenfold.forecast.histories import APART, DAY, Histories
from tenfold.forecast.models.bgbb import BgBb, fit_bgbb
from tenfold.forecast.models.logistic import newton
from tenfold.forecast.trials import TRIALS, Trial

__all__ = ["ByOccasions", "forecast_by_occasions"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_OCCASIONS, LONGEST, LEAST_SHARE = 150, 16 * 3600, 0.3
"""Occasions; seconds that the median one lasts; share of those known who attend one: what makes a rhythm of occasions."""
PRIOR = (3.4, 0.6, 0.5, 49.5)
"""BG/BB before anything is known: 85 % of the occasions attended, one in a hundred stopping at each; an assumption."""
ONCE_DENSE, ONCE = 0.8, 0.5
"""Chance to come to the next occasion after one only: where people were in contact many times at it, and else; an assumption."""
DENSE = 5
SPAN = 600
PULL = 10.0
"""Cases that the prior of BG/BB is worth."""
STAYED, CONTACT, FIRM = 0.5, 0.2, 30.0
"""What one standard deviation of having stayed to the end, and of contact at an occasion, adds to the log odds before it is learned;
and the
cases that this is worth."""


@dataclass(frozen=True)
class Attendance:
    """n people at k occasions: `events` (n, k), rows of each at each; `lag` (n, k), seconds from the last of these to the end of the
    occasion."""

    events: Floats
    lag: Floats

    @classmethod
    def of(cls, histories: Histories, begin: Ints, length: Ints) -> Attendance:
        n, k = len(histories), len(begin)
        case = np.repeat(np.arange(n), np.diff(histories.start))
        place = np.searchsorted(begin, histories.time, "right") - 1
        events = np.bincount(case * k + place, minlength=n * k).reshape(n, k).astype(float)
        last = np.zeros((n, k), np.int64)
        np.maximum.at(last, (case, place), histories.time - begin[place])
        return cls(events, np.maximum(length + SPAN - last, 0).astype(float))

    def marks(self, until: int) -> Floats:
        """Of everybody seen at the first `until` occasions: having stayed at the last one attended, and contact at each;
        standardised, (s, 2)."""
        here = self.events[:, :until] > 0
        seen = here.any(axis=1)
        last = until - 1 - here[:, ::-1].argmax(axis=1)
        stayed = -np.log(self.lag[np.arange(len(here)), last] + SPAN)[seen]
        contact = np.log1p(self.events[seen, :until].sum(axis=1) / here[seen].sum(axis=1))
        found: Floats = np.column_stack([_standardised(stayed), _standardised(contact)])
        return found


@dataclass(frozen=True)
class ByOccasions:
    """Chances of all, (n), and `why`; `trials`: the same forecast after earlier occasions, the latest first."""

    chance: Floats
    why: str
    trials: tuple[Trial, ...] = ()


def forecast_by_occasions(histories: Histories, target: Target) -> ByOccasions | None:
    """Chances by occasions; None where there is no rhythm of occasions, or none falls into the target."""
    begin, length = _occasions(histories)
    k = len(begin)
    if not k or k > MOST_OCCASIONS or len(histories) * k > 5_000_000 or float(np.median(length)) > LONGEST or target.lead:
        return None
    attendance = Attendance.of(histories, begin, length)
    events = attendance.events
    first = (events > 0).argmax(axis=1)
    since = k - first
    attended = (events > 0).sum(axis=1)
    dense = float(np.median(events[events > 0])) >= DENSE
    if k > 1 and float((attended - 1).sum() / max((since - 1).sum(), 1)) < LEAST_SHARE:
        return None
    coming = _coming(begin, histories.last, target, dense)
    if coming < 1 or coming > max(k, 2):
        return None
    slopes = np.array([STAYED, CONTACT])
    if k == 1:
        share = ONCE_DENSE if dense else ONCE
        why = f"one occasion so far: {share:.0%} are taken to come to the next; who stayed longer and was in contact more ranks higher"
        return ByOccasions(expit(logit(share) + attendance.marks(k) @ slopes), why)
    why = f"BG/BB by occasions: {k} so far, {float(attended.sum() / since.sum()):.0%} attended; {coming} expected in the horizon"
    past = [until for until in range(k - coming, 1, -max(1, coming // 2)) if until >= 2][:TRIALS]
    trials = tuple(_tried(attendance, until, coming, int(begin[until - 1])) for until in past)
    return ByOccasions(_chances(attendance, coming), why, trials)


def _chances(attendance: Attendance, coming: int) -> Floats:
    """Of everybody, to attend one or more of the `coming` occasions after those on record; (n)."""
    k = attendance.events.shape[1]
    model = fit_bgbb(*_history(attendance.events, k), pull=PULL, centre=PRIOR)
    level, slopes = _learn(model, attendance, coming)
    return np.asarray(expit(level + _odds(model, attendance.events, k, coming) + attendance.marks(k) @ slopes))


def _tried(attendance: Attendance, until: int, coming: int, moment: int) -> Trial:
    """The forecast after the first `until` occasions, from these alone."""
    here = (attendance.events[:, :until] > 0).any(axis=1)
    chance = _chances(Attendance(attendance.events[here, :until], attendance.lag[here, :until]), coming)
    came = np.asarray((attendance.events[here, until : until + coming] > 0).any(axis=1))
    return Trial.of(moment, chance, came)


def _occasions(histories: Histories) -> tuple[Ints, Ints]:
    """Begin and length (seconds) of each spell of activity of anybody; pauses between them are longer than `APART`."""
    busy = histories.busy(histories.last)
    if not len(busy):
        return busy, busy
    fresh = np.concatenate([[True], np.diff(busy) > APART])
    begin = busy[fresh]
    end = busy[np.concatenate([np.flatnonzero(fresh)[1:] - 1, [len(busy) - 1]])]
    return begin, end - begin


def _coming(begin: Ints, last: int, target: Target, dense: bool) -> int:
    """Occasions that fall into the target, by the median time between two; after one only: one a day, or one in all."""
    if len(begin) == 1:
        return max(target.horizon // DAY, 1) if dense and target.horizon >= DAY // 2 else 1
    gap = float(np.median(np.diff(begin)))
    return int((last + target.horizon - begin[-1]) / gap + 0.15)


def _history(events: Floats, until: int) -> tuple[Floats, Floats, Floats]:
    """Of everybody seen at the first `until` occasions: attended after the first, the last of these, and how many there were."""
    here = events[:, :until] > 0
    here = here[here.any(axis=1)]
    first, last = here.argmax(axis=1), until - 1 - here[:, ::-1].argmax(axis=1)
    return (here.sum(axis=1) - 1).astype(float), (last - first).astype(float), (until - 1.0 - first).astype(float)


def _odds(model: BgBb, events: Floats, until: int, coming: int) -> Floats:
    """Log odds of attending one or more of the `coming` occasions, of everybody seen at the first `until`."""
    found: Floats = logit(np.clip(model.returns(*_history(events, until), coming), 1e-4, 1 - 1e-4))
    return found


def _standardised(values: Floats) -> Floats:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-6 else np.zeros(len(values))


def _learn(model: BgBb, attendance: Attendance, coming: int) -> tuple[float, Floats]:
    """Level and slopes of `Attendance.marks`, added to the log odds of the model: from what came after earlier occasions."""
    events = attendance.events
    k = events.shape[1]
    odds, marks, came = [], [], []
    for until in range(max(1, k - coming - 6), k - coming + 1):
        seen = (events[:, :until] > 0).any(axis=1)
        odds.append(_odds(model, events, until, coming))
        marks.append(attendance.marks(until))
        came.append((events[seen, until : until + coming] > 0).any(axis=1))
    prior = np.array([0.0, 1.0, STAYED, CONTACT])
    if not odds:
        return 0.0, prior[2:]
    design = np.column_stack([np.ones(sum(map(len, odds))), np.concatenate(odds), np.concatenate(marks)])
    penalty = np.array([FIRM, 1e7, FIRM, FIRM])
    found = newton(design, np.concatenate(came), np.ones(len(design)), penalty, centre=prior)
    return float(found[0]), np.maximum(found[2:], 0.0)
