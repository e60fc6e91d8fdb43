"""Stage 4, the weeks: which contacts are made in each week.

Of the candidates that are due, those with the highest gain are chosen first: their Whittle index under the belief state, beside the
contacts chosen before. A carer's contacts fall due weekly for 8 weeks, fortnightly to week 26, then every four weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenfold.bonds.rhythm import LOST
from tenfold.forecast.assumptions import Assumptions
from tenfold.forecast.simulate import Cohort
from tenfold.plan.belief import Belief
from tenfold.plan.candidates import BRIDGE, CARER, FIRST, NEVER, Candidates
from tenfold.plan.carers import Carers
from tenfold.plan.cohort import build_cohort
from tenfold.plan.limits import Limits
from tenfold.plan.promises import Promises
from tenfold.plan.situation import Situation

if TYPE_CHECKING:
    from tenfold.kernels.plan import week as kernel

__all__ = ["ORDERS", "cadence", "capacities", "choose_contacts", "schedule_contacts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ORDERS = {
    "index": "what a contact keeps, in weeks in touch (Whittle index), beside those chosen before",
    "purpose": "carers first, then bonds that are due, then bridges; in each by silence and strength",
    "overdue": "the longest silence against the usual gap first",
    "turns": "round-robin: the one that had the fewest turns first",
}
FIRST_GAIN = 1e9  # of a first contact, above all others
PROMISED_GAIN = 1e8  # of a contact that was planned before and not made


def cadence(week: int) -> int:
    """Weeks between two contacts of a carer, by week of the plan."""
    return 1 if week < 8 else 2 if week < 26 else 4


def choose_contacts(
    situation: Situation,
    candidates: Candidates,
    carers: Carers,
    limits: Limits,
    *,
    weeks: int,
    order: str = "index",
    promises: Promises | None = None,
) -> list[Ints]:
    """The contacts of each week, as rows of `candidates`, best first; nobody makes or receives more than the limits allow.

    Parameters
    ----------
    situation, candidates, carers, limits
        The stages before, and the contacts that each can make and receive.
    weeks
        Number of weeks.
    order
        One of `ORDERS`: the order in which contacts that are due are taken.
    promises
        Contacts that are still to be made, and who is left in peace in the first week.
    """
    cohort = build_cohort(situation, candidates.pairs)
    allowed = capacities(carers, limits)
    return schedule_contacts(
        candidates,
        cohort,
        situation.assumptions,
        allowed,
        weeks=weeks,
        order=order,
        promises=promises or Promises.none(candidates),
    )


def capacities(carers: Carers, limits: Limits) -> kernel.Capacities:
    """Contacts of a week that each person can make and receive, and that all can make."""
    from tenfold.kernels.plan.week import Capacities

    n, load = carers.carer.size, limits.load
    carries = np.zeros(n, np.bool_)
    for role in (carers.mentor, carers.backup, carers.carer):
        carries[role[role >= 0]] = True
    made = np.where(carries, load.contacts_per_carer, load.of_member())
    made = np.minimum(made, np.where(carries, carers.capacity, np.minimum(carers.capacity, load.of_member())))
    received = np.full(n, load.contacts_received, np.int32)
    return Capacities(made.astype(np.int32), received, load.in_all(n))


def schedule_contacts(
    candidates: Candidates,
    cohort: Cohort,
    assumptions: Assumptions,
    limits: kernel.Capacities,
    *,
    weeks: int,
    order: str = "index",
    promises: Promises | None = None,
) -> list[Ints]:
    """`choose_contacts` for a cohort with the pairs of the candidates, within capacities."""
    promises = promises or Promises.none(candidates)
    rhythm = _Rhythm(candidates)
    rule: _ByGain | _ByKey
    rule = (
        _ByGain(candidates, limits, Belief(cohort, assumptions), promises.open)
        if order == "index"
        else _ByKey(candidates, limits, rhythm, order)
    )
    chosen: list[Ints] = []
    for week in range(weeks):
        due = rhythm.due(week)
        rows = rule.choose(due if week else promises.first_week(due))
        rhythm.advance(rows)
        chosen.append(rows)
    return chosen


class _Rhythm:
    """Silence of each pair, and the candidates that are due for it."""

    def __init__(self, candidates: Candidates) -> None:
        self.pair, self.gap = candidates.pairs.of_contact, candidates.gap
        self.silence = np.full(len(candidates.pairs), NEVER)  # weeks
        np.minimum.at(self.silence, self.pair, candidates.silence)
        never = self.silence[self.pair] >= NEVER
        # a carer's contact falls due within the week; not so with somebody who is in touch by the pair's own rhythm
        self.tolerance = np.where((candidates.purpose <= CARER) & (never | (self.gap == 0)), 1.0, 0.0)
        self.cadences = np.where(candidates.purpose == BRIDGE, 2, 1)
        self.wait = candidates.gap  # weeks between two contacts of each candidate

    def due(self, week: int) -> Ints:
        """Rows of the candidates that are due in a week."""
        self.wait = np.maximum(self.gap, cadence(week) * self.cadences)
        return np.flatnonzero(self.silence[self.pair] + self.tolerance >= self.wait - 1e-9)

    def overdue(self, rows: Ints) -> Floats:
        """Silence of candidates as a share of the wait."""
        found: Floats = self.silence[self.pair[rows]] / self.wait[rows]
        return found

    def advance(self, rows: Ints) -> None:
        """Let a week with contacts go by."""
        self.silence += 1
        self.silence[self.pair[rows]] = 0.5  # some time in the week


class _ByGain:
    """Chooses by Whittle index under the belief state, which moves on by a week with each choice."""

    def __init__(self, candidates: Candidates, limits: kernel.Capacities, belief: Belief, promised: NDArray[np.bool_]) -> None:
        self.contacts, self.limits, self.belief = _compiled(candidates), limits, belief
        self.first = FIRST_GAIN * (candidates.purpose == FIRST)
        self.promised = PROMISED_GAIN * promised

    def choose(self, due: Ints) -> Ints:
        """Rows of the contacts of the week, among those that are due."""
        from tenfold.kernels.plan.week import Gains, lazy_greedy_matching

        pair = self.contacts.pair
        success, bond, person = self.belief.gains(pair)
        bond += self.first + self.promised
        gains = Gains(success, bond, person, repeated=1 - self.belief.assumptions.adherence)
        rows = lazy_greedy_matching(due, self.contacts, gains, self.limits)
        self.belief.advance(pair[rows])
        self.promised[rows] = 0.0
        return rows


class _ByKey:
    """Chooses in another of `ORDERS`."""

    def __init__(self, candidates: Candidates, limits: kernel.Capacities, rhythm: _Rhythm, order: str) -> None:
        self.candidates, self.contacts, self.limits = candidates, _compiled(candidates), limits
        self.rhythm, self.order = rhythm, order
        self.turns = np.zeros(len(candidates), np.int64)

    def choose(self, due: Ints) -> Ints:
        """Rows of the contacts of the week, among those that are due."""
        from tenfold.kernels.plan.week import greedy_matching

        overdue = self.rhythm.overdue(due)
        urgency = np.minimum(overdue, LOST) * np.sqrt(self.candidates.strength[due])
        keys = {
            "purpose": (due, -urgency, self.candidates.purpose[due]),
            "overdue": (due, -overdue),
            "turns": (due, self.turns[due]),
        }
        rows = greedy_matching(due[np.lexsort(keys[self.order])], self.contacts, self.limits)
        self.turns[rows] += 1
        return rows


def _compiled(candidates: Candidates) -> kernel.Candidates:
    """The candidates as the kernel takes them."""
    from tenfold.kernels.plan.week import Candidates as Compiled

    initiator, recipient = candidates.initiator.astype(np.int32), candidates.recipient.astype(np.int32)
    return Compiled(initiator, recipient, candidates.pairs.of_contact, len(candidates.pairs))
