"""Stage 2, carers: a mentor and a backup for each circle, and who looks after whom, within what each can carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.plan.circles import Circles
from tenfold.plan.limits import Limits
from tenfold.plan.situation import Situation

__all__ = ["Carers", "by_need", "choose_carers"]

Ints = NDArray[np.int64]
NEED = {"kept": 0, "due": 1, "fading": 2, "never included": 3, "lost": 4}
"""Who needs a carer most, by standing; others come last. Carers are chosen in the opposite order."""


@dataclass(frozen=True)
class Carers:
    """Carers of n people in their circles; people are rows, −1 is nobody.

    Attributes
    ----------
    mentor, backup
        (circles) The two carers of each circle.
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


def choose_carers(situation: Situation, circles: Circles, limits: Limits) -> Carers:
    """The best two of each circle: who can mentor, is in touch, has the higher degree and the stronger bonds inside.

    The mentor looks after two thirds of the circle, the backup after the rest and the mentor, each within capacity. Where nobody on the
    roster is marked as able to mentor, everybody counts as able.
    """
    people, n = situation.people, situation.n
    marked = people["can_mentor"].fill_null(False).to_numpy()
    able = marked if marked.any() else np.ones(n, np.bool_)
    capacity = people["capacity"].fill_null(limits.capacity).clip(0, None).to_numpy().astype(np.int64)
    need = np.array([_need(one) for one in situation.standing])
    degree = people["degree"].fill_null(0).to_numpy()
    best = np.lexsort((np.arange(n), -_strength_inside(situation, circles), -degree, need, ~(able & (capacity > 0))))
    mentor, backup = np.full(circles.count, -1, np.int64), np.full(circles.count, -1, np.int64)
    for i in best:
        circle = circles.membership[i]
        if mentor[circle] < 0:
            mentor[circle] = i
        elif backup[circle] < 0:
            backup[circle] = i
    carer = np.full(n, -1, np.int64)
    for circle in range(circles.count):
        first, second = int(mentor[circle]), int(backup[circle])
        others = by_need(situation, [int(i) for i in circles.members(circle) if i not in (first, second)])
        _share(carer, others, first, second, capacity)  # those who need it most go to the mentor
    return Carers(mentor, backup, carer, capacity, able)


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


def _share(carer: Ints, others: list[int], mentor: int, backup: int, capacity: Ints) -> None:
    """Share out the members of one circle between its mentor and its backup (−1: none), into `carer`."""
    for_mentor = ([backup] if backup >= 0 else []) + others
    most = min(int(capacity[mentor]), -(-2 * (len(others) + 1) // 3))
    carer[for_mentor[:most]] = mentor
    if backup < 0:
        return
    for_backup = [mentor, *for_mentor[most:]]
    carer[for_backup[: int(capacity[backup])]] = backup
    left = [i for i in for_backup[int(capacity[backup]) :] if i != mentor]
    carer[left[: int(capacity[mentor]) - most]] = mentor
