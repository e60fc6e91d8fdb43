"""Stage 2, carers: a mentor and a backup for each circle, and who looks after whom, within what each can carry.

Whoever had a role in the last plan keeps it while they can, and whoever looked after somebody goes on. Who said no has no role.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import PlanError
from tenfold.plan.circles import Circles
from tenfold.plan.limits import Limits
from tenfold.plan.locks import Locks
from tenfold.plan.previous import Previous
from tenfold.plan.situation import Situation

__all__ = ["ROLES", "Carers", "by_need", "choose_carers"]

Ints = NDArray[np.int64]
NEED = {"kept": 0, "due": 1, "fading": 2, "attending": 3, "never included": 4, "lost": 5}
"""Who needs a carer most, by standing; others come last. Carers are chosen in the opposite order."""
ROLES = ("mentor", "backup")
YES, UNKNOWN, NO = 0, 1, 2


@dataclass(frozen=True)
class Carers:
    """Carers of n people in their circles; people are rows, −1 is nobody.

    Attributes
    ----------
    mentor, backup
        (circles) The two carers of each circle. Where a circle has nobody who can be its mentor, it is somebody of another circle.
    carer
        (n) Who looks after each person.
    capacity
        (n) How many people each person can look after.
    able
        (n) Who can be a carer.
    """

    mentor: Ints
    backup: Ints
    carer: Ints
    capacity: Ints
    able: NDArray[np.bool_]


def choose_carers(
    situation: Situation, circles: Circles, limits: Limits, *, locks: Locks | None = None, previous: Previous | None = None
) -> Carers:
    """A mentor and a backup for each circle, and a carer for each person.

    In a circle the best two of those who can: who had the role, is in touch, has the higher degree and the stronger bonds inside. The
    mentor looks after two thirds of the circle, the backup after the rest and the mentor, each within capacity. Nobody who said no is
    among them. Where the list of carers, or of who said yes, leaves a circle without anybody, others who did not say no are named if the
    organiser gave no list of carers; else the mentor of another circle who has room and the strongest bonds here.

    Raises
    ------
    PlanError
        A carer who is named, or who is locked to a role, is not among the people, or said no.
    """
    locks, previous = locks or Locks(), previous or Previous()
    answer = _answers(situation, limits)
    capacity = situation.people["capacity"].fill_null(limits.capacity).clip(0, None).to_numpy().astype(np.int64)
    roles = _Roles(situation, circles, answer, capacity, is_listed=limits.load.carers is not None)
    roles.take_locked(locks)
    roles.keep(previous)
    roles.fill()
    roles.lend()
    carer = _share_out(situation, circles, roles, locks, previous)
    return Carers(roles.holder["mentor"], roles.holder["backup"], carer, capacity, (answer == YES) & (capacity > 0))


def _answers(situation: Situation, limits: Limits) -> Ints:
    """Who can be a carer, (n): YES, UNKNOWN, or NO."""
    said = situation.people["can_mentor"].cast(pl.Boolean)
    no = (~said).fill_null(False).to_numpy()
    yes = said.fill_null(False).to_numpy()
    if limits.load.carers is not None:
        ids = situation.people["id"].to_list()
        listed = set(limits.load.carers)
        if unknown := sorted(listed - set(ids)):
            raise PlanError(
                f"carers: '{unknown[0]}' is not among the people of the plan (not on the list, gone or paused); expected ids of people who "
                "are. Take them off the list of carers."
            )
        yes = np.array([one in listed for one in ids], np.bool_)
        if refused := np.flatnonzero(yes & no).tolist():
            raise PlanError(
                f"carers: {situation.people['name'][refused[0]]} said no (can_mentor); expected people who can. "
                "Take them off the list of carers, or correct can_mentor."
            )
        return np.where(yes, YES, NO)
    if not yes.any():
        return np.where(no, NO, YES)
    return np.where(no, NO, np.where(yes, YES, UNKNOWN))


class _Roles:
    """The roles that are taken so far: `holder` of each role, (circles), −1 for nobody."""

    def __init__(self, situation: Situation, circles: Circles, answer: Ints, capacity: Ints, *, is_listed: bool) -> None:
        self.situation, self.circles, self.answer, self.capacity = situation, circles, answer, capacity
        self.is_listed = is_listed  # whether nobody but those on a list may carry
        self.row = {one: i for i, one in enumerate(situation.people["id"])}
        self.holder = {role: np.full(circles.count, -1, np.int64) for role in ROLES}
        self.busy: set[int] = set()

    def _give(self, circle: int, role: str, who: int) -> None:
        self.holder[role][circle] = who
        self.busy.add(who)

    def take_locked(self, locks: Locks) -> None:
        """Roles that the organiser decided."""
        for role, given in (("mentor", locks.mentor), ("backup", locks.backup)):
            for number, person in given.items():
                if not 1 <= number <= self.circles.count:
                    raise PlanError(
                        f"{role} of circle {number}: there is no such circle. Name one from 1 to {self.circles.count}."
                    )
                who = self.row.get(person)
                if who is None or self.answer[who] == NO or self.capacity[who] == 0:
                    why = "is not among the people of the plan" if who is None else "cannot carry (can_mentor or capacity)"
                    raise PlanError(f"{role} of circle {number}: '{person}' {why}. Undo that decision, or decide for another.")
                self._give(number - 1, role, who)

    def keep(self, previous: Previous) -> None:
        """Whoever had a role in a circle and is still there and able goes on."""
        for (number, role), person in previous.role.items():
            who = self.row.get(person, -1)
            there = number <= self.circles.count and who >= 0 and self.circles.membership[who] == number - 1
            if there and self.holder[role][number - 1] < 0 and who not in self.busy and self._can(who):
                self._give(number - 1, role, who)

    def _can(self, who: int) -> bool:
        return bool(self.answer[who] != NO and self.capacity[who] > 0)

    def fill(self) -> None:
        """The best of each circle for the roles that nobody has; who said yes before others."""
        situation, membership = self.situation, self.circles.membership
        need = np.array([_need(one) for one in situation.standing])
        degree = situation.people["degree"].fill_null(0).to_numpy()
        strength = _strength_inside(situation, self.circles)
        for i in np.lexsort((np.arange(situation.n), -strength, -degree, need, self.answer)).tolist():
            circle = int(membership[i])
            open_roles = [role for role in ROLES if self.holder[role][circle] < 0]
            if open_roles and i not in self.busy and self._can(i):
                self._give(circle, open_roles[0], i)

    def lend(self) -> None:
        """A mentor from another circle where nobody can: one who can look after more, with the strongest bonds here."""
        left = self.capacity.copy()
        for circle in range(self.circles.count):
            members = len(self.circles.members(circle))
            for role, share in (("mentor", -(-2 * members // 3)), ("backup", members // 3)):
                if (who := int(self.holder[role][circle])) >= 0:
                    left[who] -= share
        able: Ints = np.flatnonzero((self.answer == YES) & (self.capacity > 0))
        for circle in np.flatnonzero(self.holder["mentor"] < 0).tolist():
            rows = self.circles.members(circle)
            free: Ints = able[left[able] > 0]
            if len(free):
                bonds, shared = _strength_to(self.situation, rows, free), _share_language(self.situation, rows, free)
                lent = int(free[np.lexsort((free, -left[free], -bonds, ~shared))[0]])
                self.holder["mentor"][circle] = lent
                left[lent] -= len(rows)


def by_need(situation: Situation, rows: list[int]) -> list[int]:
    """Rows of people, those first who need a carer most by their standing."""
    return sorted(rows, key=lambda i: (_need(situation.standing[i]), i), reverse=True)


def _need(standing: str) -> int:
    return NEED.get(standing, len(NEED))


def _strength_inside(situation: Situation, circles: Circles) -> NDArray[np.float64]:
    """Strength of the bonds of each person inside their circle, (n)."""
    ties, membership = situation.ties, circles.membership
    inside = np.zeros(situation.n)
    same = membership[ties.a] == membership[ties.b]
    np.add.at(inside, ties.a[same], ties.strength[same])
    np.add.at(inside, ties.b[same], ties.strength[same])
    return inside


def _strength_to(situation: Situation, members: Ints, others: Ints) -> NDArray[np.float64]:
    """Strength of the bonds of each of some people with the members of a circle, (others)."""
    ties, here = situation.ties, np.zeros(situation.n, np.bool_)
    here[members] = True
    total = np.zeros(situation.n)
    np.add.at(total, ties.b[here[ties.a]], ties.strength[here[ties.a]])
    np.add.at(total, ties.a[here[ties.b]], ties.strength[here[ties.b]])
    return total[others]


def _share_language(situation: Situation, members: Ints, others: Ints) -> NDArray[np.bool_]:
    """Whether each of some people speaks a language that all members of a circle speak, (others)."""
    common = situation.languages[members].all(axis=0)
    found: NDArray[np.bool_] = np.asarray((situation.languages[others] & common).any(axis=1))
    return found if common.any() else np.ones(len(others), np.bool_)


def _share_out(situation: Situation, circles: Circles, roles: _Roles, locks: Locks, previous: Previous) -> Ints:
    """Who looks after each person, (n): as decided, else as before, else by need, each carer within capacity."""
    ids = situation.people["id"].to_list()
    carer, left = np.full(situation.n, -1, np.int64), roles.capacity.copy()
    decided = {roles.row[whom]: roles.row.get(who, -1) for whom, who in locks.carer.items() if whom in roles.row}
    for whom, who in decided.items():
        if who < 0 or roles.answer[who] == NO or who == whom:
            raise PlanError(
                f"carer of {situation.people['name'][whom]}: '{locks.carer[ids[whom]]}' cannot be it (not among the people of the plan, or "
                "said no). Undo that decision, or decide for another."
            )
        if left[who] == 0:
            raise PlanError(
                f"carer of {situation.people['name'][whom]}: {situation.people['name'][who]} looks after {roles.capacity[who]} people by "
                "decision, which is their capacity. Raise it, or undo a decision."
            )
        carer[whom] = who
        left[who] -= 1
    for circle in range(circles.count):
        first, second = int(roles.holder["mentor"][circle]), int(roles.holder["backup"][circle])
        pair = [one for one in (first, second) if one >= 0]
        members = [int(i) for i in circles.members(circle) if carer[i] < 0]
        for i in members:
            before = roles.row.get(previous.carer.get(ids[i], ""), -1)
            if before in pair and before != i and left[before] > 0:
                carer[i] = before
                left[before] -= 1
        rest = by_need(situation, [i for i in members if carer[i] < 0 and i not in pair])
        _share(carer, left, rest, pair)
    return carer


def _share(carer: Ints, left: Ints, rest: list[int], pair: list[int]) -> None:
    """Share out the members of one circle who have no carer yet: the backup and two thirds, those in need first, to the mentor."""
    if not pair:
        return
    mentor, backup = pair[0], pair[-1]
    for_mentor = [i for i in (backup, *rest) if i != mentor and carer[i] < 0]
    most = min(int(left[mentor]), -(-2 * (len(rest) + 1) // 3))
    carer[for_mentor[:most]] = mentor
    left[mentor] -= len(for_mentor[:most])
    if backup == mentor:
        more = for_mentor[most : most + int(left[mentor])]
        carer[more] = mentor
        left[mentor] -= len(more)
        return
    for_backup = [i for i in (mentor, *for_mentor[most:]) if i != backup and carer[i] < 0]
    own = for_backup[: int(left[backup])]
    carer[own] = backup
    left[backup] -= len(own)
    again = [i for i in for_backup[len(own) :] if i != mentor][: int(left[mentor])]
    carer[again] = mentor
    left[mentor] -= len(again)
