"""What is otherwise than in the last plan, and why."""

from __future__ import annotations

import numpy as np
import polars as pl

from tenfold.plan.carers import ROLES, Carers
from tenfold.plan.circles import Circles
from tenfold.plan.locks import Locks
from tenfold.plan.naming import Naming
from tenfold.plan.previous import CHANGES, Previous
from tenfold.plan.situation import Situation

__all__ = ["change_table"]


def change_table(
    situation: Situation, circles: Circles, carers: Carers, naming: Naming, locks: Locks, previous: Previous
) -> pl.DataFrame:
    """`what` ("circle", "mentor", "backup" or "carer"), `person` (who has another circle or carer; null for roles), `before`, `now`, the
    number of the `circle`, and `why`.

    `before` and `now` are names of circles, or ids of people; null for none. Without a last plan there is nothing.
    """
    if not previous:
        return pl.DataFrame(schema=CHANGES)
    ids = situation.people["id"].to_list()
    away = dict(situation.excluded.select("person", "why").iter_rows())
    known = _Reasons(situation, circles, locks, away)
    rows: list[tuple[str, str | None, str | None, str | None, int, str]] = []
    for i, one in enumerate(ids):
        now, before = int(circles.membership[i]) + 1, previous.circle_of.get(one)
        if before != now:
            called = previous.names.get(before, f"circle {before}") if before is not None else None
            rows.append(("circle", one, called, naming.names[now - 1], now, known.of_move(i, before)))
    for role, holders in zip(ROLES, (carers.mentor, carers.backup), strict=True):
        for circle, who in enumerate(holders.tolist()):
            before_id = previous.role.get((circle + 1, role))
            now_id = ids[who] if who >= 0 else None
            if before_id != now_id and circle + 1 in set(previous.circle_of.values()):
                rows.append((role, None, before_id, now_id, circle + 1, known.of_role(role, circle, before_id)))
    for i, one in enumerate(ids):
        who = int(carers.carer[i])
        before_id, now_id = previous.carer.get(one), ids[who] if who >= 0 else None
        if one in previous.circle_of and before_id is not None and before_id != now_id:
            rows.append(("carer", one, before_id, now_id, int(circles.membership[i]) + 1, known.of_carer(i, before_id, previous)))
    return pl.DataFrame(rows, schema=CHANGES, orient="row")


class _Reasons:
    """Why somebody has another circle, role or carer than before, in words."""

    def __init__(self, situation: Situation, circles: Circles, locks: Locks, away: dict[str, str]) -> None:
        self.situation, self.circles, self.locks, self.away = situation, circles, locks, away
        self.row = {one: i for i, one in enumerate(situation.people["id"])}

    def of_move(self, i: int, before: int | None) -> str:
        """Of somebody in another circle."""
        situation, one = self.situation, self.situation.people["id"][i]
        if before is None:
            return "new"
        decided = one in self.locks.inside or any(one in pair for pair in (*self.locks.together, *self.locks.apart))
        if decided or (one, before) in self.locks.outside:
            return "as you decided"
        if before > self.circles.count:
            return "the circle was too small to go on"
        here, there = (self._strength(i, circle) for circle in (int(self.circles.membership[i]), before - 1))
        if here > there:
            return "stronger bonds here"
        languages = situation.languages
        members, others = (self.circles.members(circle) for circle in (int(self.circles.membership[i]), before - 1))
        if (languages[members] & languages[i]).any(axis=1).mean() > (languages[others] & languages[i]).any(axis=1).mean():
            return "a language that all speak"
        if situation.never_included[i]:
            return "no more than two who were never included in one circle"
        return "so that all circles have their size, carers and hours"

    def of_role(self, role: str, circle: int, before: str | None) -> str:
        """Of another mentor or backup."""
        if (self.locks.mentor if role == "mentor" else self.locks.backup).get(circle + 1) is not None:
            return "as you decided"
        if before is None:
            return "there was none"
        return self._left(before, circle) or "the role went to somebody who can"

    def of_carer(self, i: int, before: str, previous: Previous) -> str:
        """Of another carer."""
        if self.situation.people["id"][i] in self.locks.carer:
            return "as you decided"
        circle = int(self.circles.membership[i])
        if previous.circle_of.get(self.situation.people["id"][i]) != circle + 1:
            return "in another circle now"
        return self._left(before, circle) or "has another role, or as many as they can look after"

    def _left(self, person: str, circle: int) -> str:
        """Why somebody of a circle can carry it no longer; empty where they could."""
        if person in self.away:
            return f"{self.away[person]}"
        i = self.row.get(person)
        if i is None:
            return "no longer on the list"
        if self.situation.people["can_mentor"][i] is False:
            return "said no"
        if self.situation.people["capacity"][i] == 0:
            return "has no capacity"
        return "in another circle now" if self.circles.membership[i] != circle else ""

    def _strength(self, i: int, circle: int) -> float:
        """Strength of the bonds of somebody with a circle."""
        ties = self.situation.ties
        inside = self.circles.membership == circle
        mine = ((ties.a == i) & inside[ties.b]) | ((ties.b == i) & inside[ties.a])
        return float(np.sum(ties.strength[mine]))
