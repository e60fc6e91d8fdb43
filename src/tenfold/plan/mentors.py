"""A mentor and a backup for each circle, within what each can carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.plan.circles import Ties
from tenfold.plan.rules import Rules

__all__ = ["Mentors", "choose_mentors"]

Ints = NDArray[np.int64]
RANK = {"kept": 0, "due": 1, "fading": 2, "never included": 3, "lost": 4}


@dataclass(frozen=True)
class Mentors:
    """Who mentors, and who looks after whom.

    `mentor`, `backup` (circles): rows of people, −1 for none. `carer` (n): who looks after each person, −1: nobody. `carries` (n): how
    many people each can look after. `unmet`: rules that could not be met (`rule`, `who`, `what`, `remedy`).
    """

    mentor: Ints
    backup: Ints
    carer: Ints
    carries: Ints
    unmet: list[dict[str, str]]


def choose_mentors(people: pl.DataFrame, standing: list[str], circle: Ints, count: int, ties: Ties, rules: Rules) -> Mentors:
    """The best two of each circle: who can mentor, is in touch, has the higher degree and the stronger bonds inside.

    The mentor looks after two thirds of the circle, the backup after the rest and the mentor, each within capacity. Where nobody on the
    list is marked as able to mentor, everybody counts as able.
    """
    n = people.height
    ids, names = people["id"].to_list(), people["name"].to_list()
    marked = people["can_mentor"].fill_null(False).to_numpy()
    able = marked if marked.any() else np.ones(n, np.bool_)
    carries = people["capacity"].fill_null(rules.capacity).clip(0, None).to_numpy().astype(np.int64)
    degree = people["degree"].fill_null(0).to_numpy()
    inside = np.zeros(n)
    same = circle[ties.a] == circle[ties.b]
    np.add.at(inside, ties.a[same], ties.strength()[same])
    np.add.at(inside, ties.b[same], ties.strength()[same])
    rank = np.array([RANK.get(one, 5) for one in standing])
    best = np.lexsort((np.arange(n), -inside, -degree, rank, ~(able & (carries > 0))))
    mentor, backup = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    for i in best:
        if mentor[circle[i]] < 0:
            mentor[circle[i]] = i
        elif backup[circle[i]] < 0:
            backup[circle[i]] = i
    unmet: list[dict[str, str]] = []
    carer = np.full(n, -1, np.int64)
    for number in range(count):
        first, second = int(mentor[number]), int(backup[number])
        for role, i in (("mentor", first), ("backup", second)):
            if i < 0:
                what = "one person alone has no backup"
                unmet.append(
                    {"rule": f"a {role} for each circle", "who": f"circle {number + 1}", "what": what, "remedy": "add people"}
                )
            elif not able[i]:
                what = f"nobody else here can mentor, so {names[i]} ({ids[i]}) is named {role}"
                remedy = f"ask {names[i]} and set can_mentor to yes, or move a mentor here with a lock"
                unmet.append({"rule": f"a {role} who can mentor", "who": f"circle {number + 1}", "what": what, "remedy": remedy})
        rest = [int(i) for i in np.flatnonzero(circle == number) if i not in (first, second)]
        rest.sort(key=lambda i: (rank[i], i), reverse=True)  # those who need it most go to the mentor
        mentor_takes = min(int(carries[first]), -(-2 * (len(rest) + 1) // 3))
        own = ([second] if second >= 0 else []) + rest
        carer[own[:mentor_takes]] = first
        if second >= 0:
            others = [first, *own[mentor_takes:]]
            room = max(int(carries[second]), 0)
            carer[others[:room]] = second
            left = others[room:]
            spare = int(carries[first]) - mentor_takes
            carer[[i for i in left if i != first][: max(spare, 0)]] = first
        uncared = [i for i in (*own, first) if carer[i] < 0]
        if uncared and len(own):
            who = ", ".join(names[i] for i in uncared[:3])
            remedy = f"raise the capacity of {names[first]}, or allow smaller circles"
            what = f"{len(uncared)} people have no carer within capacity: {who}"
            unmet.append(
                {"rule": "a carer for everybody, within capacity", "who": f"circle {number + 1}", "what": what, "remedy": remedy}
            )
    return Mentors(mentor, backup, carer, carries, unmet)
