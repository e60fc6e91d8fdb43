"""Check of the finished plan: rules that could not be met, for whom, and what would make it so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.plan.bridges import BRIDGES, Bridges
from tenfold.plan.carers import Carers, by_need
from tenfold.plan.circles import Circles
from tenfold.plan.limits import Limits
from tenfold.plan.locks import Locks
from tenfold.plan.situation import Situation

__all__ = ["check_rules"]

Ints = NDArray[np.int64]
Unmet = tuple[str, str, str, str]
"""The rule, who it is about, what is so instead, and a remedy."""

NAMED, UNCARED_NAMED = 4, 3
MOST_NEVER_INCLUDED = 2
PRIVATELY_APART = "two whom you keep apart"  # the plan is shared, and names neither; tenfold decide list does
NEVER_RULE = "no more than two never included in a circle"
"""Members of a circle who are named where they do not meet a rule; people who are named where they have no carer."""


def check_rules(
    situation: Situation,
    circles: Circles,
    carers: Carers,
    bridges: Bridges,
    *,
    limits: Limits,
    locks: Locks,
    contacted: Ints | None = None,
) -> pl.DataFrame:
    """`rule`, `who`, `what`, `remedy`: one row for each rule that is not met.

    `contacted`: who receives a contact in the first week, if that is known.
    """
    found = [
        *_circles(situation, circles, limits),
        *_bridges(circles, bridges),
        *_locks(situation, circles, locks),
        *_carers(situation, circles, carers),
        *(_first_contacts(situation, contacted) if contacted is not None else ()),
    ]
    schema = {"rule": pl.String, "who": pl.String, "what": pl.String, "remedy": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def _circles(situation: Situation, circles: Circles, limits: Limits) -> Iterator[Unmet]:
    """Size, one language that all speak, an hour at which all are free."""
    names = situation.people["name"].to_list()
    low, high = limits.smallest_circle, limits.largest_circle
    for circle in range(circles.count):
        members, who = circles.members(circle), f"circle {circle + 1}"
        if not low <= len(members) <= high:
            yield f"{low} to {high} people", who, f"{len(members)} people", "add people, or choose another --circle-size"
        languages, hours = situation.languages[members], situation.hours[members]
        if languages.shape[1] and not languages.all(axis=0).any():
            main = int(languages.sum(axis=0).argmax())
            others = [names[i] for i in members[~languages[:, main]]]
            verb = "do" if len(others) > 1 else "does"
            what = f"{', '.join(others[:NAMED])} {verb} not speak {situation.language_names[main]}"
            yield "one language", who, what, "find somebody who speaks both, or correct the languages on the list"
        waiting = members[situation.never_included[members]]
        if len(waiting) > MOST_NEVER_INCLUDED:
            what = f"{len(waiting)} people: {', '.join(names[i] for i in waiting[:NAMED])}"
            yield NEVER_RULE, who, what, "smaller circles, so that there are more of them, or people with bonds to include them"
        if len(members) and not hours.all(axis=0).any():
            best = int(hours.sum(axis=0).argmax())
            busy = [names[i] for i in members[~hours[:, best]]]
            what = f"{', '.join(busy[:NAMED])} {'are' if len(busy) > 1 else 'is'} not free at the best hour"
            yield "an hour when all are free", who, what, "ask for other hours, or meet at two times in turn"


def _bridges(circles: Circles, bridges: Bridges) -> Iterator[Unmet]:
    """Enough bridges from each circle."""
    links = np.bincount(circles.membership[bridges.ends].ravel(), minlength=circles.count)
    for circle in np.flatnonzero(links < BRIDGES).tolist():
        yield f"{BRIDGES} bridges", f"circle {circle + 1}", f"{links[circle]} bridges", "there are too few circles for more"


def _locks(situation: Situation, circles: Circles, locks: Locks) -> Iterator[Unmet]:
    """Pairs that the organiser wants together or apart; the other locks always hold."""
    names = situation.people["name"].to_list()
    row = {one: i for i, one in enumerate(situation.people["id"])}
    remedy = "free another lock of theirs, or use --fresh"
    for rule, pairs, together in (("keep together", locks.together, True), ("keep apart", locks.apart, False)):
        for a, b in pairs:
            if a in row and b in row and (circles.membership[row[a]] == circles.membership[row[b]]) != together:
                who = f"{names[row[a]]}, {names[row[b]]}" if together else PRIVATELY_APART
                yield rule, who, "in different circles" if together else "in one circle", remedy


def _first_contacts(situation: Situation, contacted: Ints) -> Iterator[Unmet]:
    """A first contact in the first week for each who was never included."""
    names = situation.people["name"].to_list()
    waiting = np.setdiff1d(np.flatnonzero(situation.never_included), contacted)
    if len(waiting):
        what = f"{len(waiting)} people wait longer: {', '.join(names[i] for i in waiting[:NAMED])}"
        remedy = "allow more contacts (--contacts, --contacts-per-carer), or name more carers"
        yield "a first contact this week for everybody never included", "the never included", what, remedy


def _carers(situation: Situation, circles: Circles, carers: Carers) -> Iterator[Unmet]:
    """A mentor and a backup who can mentor, and a carer for everybody."""
    names = situation.people["name"].to_list()
    for circle in range(circles.count):
        mentor, backup, who = int(carers.mentor[circle]), int(carers.backup[circle]), f"circle {circle + 1}"
        size = len(circles.members(circle))
        if mentor < 0:
            remedy = "ask somebody of the circle and set can_mentor to yes, name them with --carers, or move a mentor here"
            yield "a mentor for each circle", who, "nobody here said yes, and no mentor of another circle has room", remedy
        elif circles.membership[mentor] != circle:
            what = f"nobody here said yes, so {names[mentor]} of circle {circles.membership[mentor] + 1} carries it too"
            yield "a mentor from the circle", who, what, "ask somebody of the circle and set can_mentor to yes"
        if backup < 0:
            what = "one person alone has no backup" if size == 1 else "nobody else here said yes"
            yield "a backup for each circle", who, what, "add people" if size == 1 else "ask somebody, and set can_mentor to yes"
        for role, i in (("mentor", mentor), ("backup", backup)):
            if i >= 0 and not carers.able[i]:
                what = f"nobody else here said yes, so {names[i]}, who was not asked, is named {role}"
                remedy = f"ask {names[i]} and set can_mentor to yes, or move a mentor here with a decision"
                yield f"a {role} who can mentor", who, what, remedy
        members = circles.members(circle)
        others = by_need(situation, [i for i in members.tolist() if i not in (mentor, backup)])
        here = [i for i in (backup, mentor) if i >= 0 and circles.membership[i] == circle]
        uncared = [i for i in (*here[:1], *others, *here[1:]) if carers.carer[i] < 0]
        if uncared and len(members) > 1:
            what = f"{len(uncared)} people have no carer within capacity: {', '.join(names[i] for i in uncared[:UNCARED_NAMED])}"
            raised = f"raise the capacity of {names[mentor]}" if mentor >= 0 else "find a mentor"
            remedy = f"{raised}, or allow smaller circles"
            yield "a carer for everybody, within capacity", who, what, remedy
