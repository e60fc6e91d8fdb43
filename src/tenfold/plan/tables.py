"""The plan in tables: from rows of arrays to people, addresses and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.bonds.strength import Bonds
from tenfold.plan.circles import Placement, Ties
from tenfold.plan.contacts import CARER, FIRST, PURPOSES, UPKEEP, Candidates
from tenfold.plan.inclusion import BRIDGES
from tenfold.plan.mentors import Mentors
from tenfold.plan.rules import Locks, Rules

__all__ = ["Draft", "circle_tables", "contact_table", "left_out_table", "mentor_table", "unmet_table"]

Ints = NDArray[np.int64]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNMET = {"rule": pl.String, "who": pl.String, "what": pl.String, "remedy": pl.String}


@dataclass(frozen=True)
class Draft:
    """Who is to be placed: `people` (roster, standing and `first_seen`), their `standing`, their `ties`; who is `excluded`; all `bonds`."""

    people: pl.DataFrame
    standing: list[str]
    ties: Ties
    excluded: pl.DataFrame
    bonds: Bonds


def circle_tables(
    draft: Draft, placement: Placement, rings: list[Ints], mentors: Mentors, bridges: Ints
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Who is in which circle, and one row a circle."""
    circle, count = placement.circle, placement.count
    ids = draft.people["id"].to_list()
    addresses = _addresses(count, rings)
    ties = draft.ties
    total, inside = np.zeros(count), np.zeros(count)
    for ends in (ties.a, ties.b):
        np.add.at(total, circle[ends], ties.strength())
        same = circle[ties.a] == circle[ties.b]
        np.add.at(inside, circle[ends[same]], ties.strength()[same])
    people, table = [], []
    links = np.bincount(circle[bridges].ravel(), minlength=count)
    for number in range(count):
        first, second = int(mentors.mentor[number]), int(mentors.backup[number])
        rows = [int(i) for i in np.flatnonzero(circle == number)]
        rows.sort(key=lambda i: (i != first, i != second, i))
        for seat, i in enumerate(rows, start=1):
            role = "mentor" if i == first else "backup" if i == second else "member"
            people.append({"circle": number + 1, "address": f"{addresses[number]}.{seat}", "person": ids[i], "role": role})
        free = placement.hours[rows].sum(axis=0)
        best = int(free.argmax())
        known = not placement.hours[rows].all()
        table.append(
            {
                "circle": number + 1,
                "address": addresses[number],
                "size": len(rows),
                "language": _most(placement, rows),
                "place": draft.people[rows]["place"].drop_nulls().mode().sort().first() if rows else None,
                "meeting": f"{DAYS[best // 24]} {best % 24:02d}:00 UTC" if known else "",
                "free": int(free[best]),
                "mentor": ids[first] if first >= 0 else None,
                "backup": ids[second] if second >= 0 else None,
                "strength_kept": float(inside[number] / total[number]) if total[number] > 0 else 0.0,
                "bridges": int(links[number]),
            }
        )
    schema = {"circle": pl.Int64, "address": pl.String, "person": pl.String, "role": pl.String}
    return pl.DataFrame(people, schema=schema), pl.DataFrame(table, infer_schema_length=None)


def mentor_table(draft: Draft, circle: Ints, mentors: Mentors) -> pl.DataFrame:
    """`circle`, `mentor`, `backup`, how many each looks after, and their capacity."""
    ids = draft.people["id"].to_list()
    rows = []
    for number, (first, second) in enumerate(zip(mentors.mentor, mentors.backup, strict=True)):
        carers = mentors.carer[circle == number]
        rows.append(
            {
                "circle": number + 1,
                "mentor": ids[first] if first >= 0 else None,
                "looks_after": int((carers == first).sum()) if first >= 0 else 0,
                "capacity": int(mentors.carries[first]) if first >= 0 else 0,
                "backup": ids[second] if second >= 0 else None,
                "backup_looks_after": int((carers == second).sum()) if second >= 0 else 0,
                "backup_capacity": int(mentors.carries[second]) if second >= 0 else 0,
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"mentor": pl.String, "backup": pl.String})


def contact_table(draft: Draft, circle: Ints, mentors: Mentors, candidates: Candidates, rows: Ints) -> pl.DataFrame:
    """Who contacts whom this week, how and why; by circle, its mentor and backup first, and the most urgent first."""
    people, ties = draft.people, draft.ties
    places = people["place"].to_list()
    ids = people["id"].to_list()
    silence, gap = ties.table["silence"].to_list(), ties.table["usual_gap"].to_list()
    alone = people["reason"].to_list()
    day = draft.bonds.at.date()
    turn: dict[int, int] = {}
    loads = np.bincount(candidates.who[rows], minlength=people.height)
    found = []
    for rank, row in enumerate(rows):
        who, whom, pair = int(candidates.who[row]), int(candidates.whom[row]), int(candidates.pair[row])
        purpose = int(candidates.purpose[row])
        turn[who] = turn.get(who, -1) + 1
        days = 1 + 6 * turn[who] // max(int(loads[who]) - 1, 1)  # the most urgent first, the others spread over the week
        if purpose == FIRST:
            reason = f"first contact: {alone[whom]}"
        elif pair < len(silence):
            reason = _rhythm(silence[pair], gap[pair])
        elif purpose == CARER:
            reason = f"new in your care: {alone[whom]}"
        else:
            reason = "a new bridge between two circles"
        near = places[who] is not None and places[who] == places[whom]
        quiet = draft.standing[whom] in ("never included", "fading", "lost")
        kind = "visit" if near and quiet and purpose <= CARER else "message" if purpose == UPKEEP else "call"
        found.append(
            {
                "who": ids[who],
                "whom": ids[whom],
                "kind": kind,
                "reason": reason,
                "purpose": PURPOSES[purpose],
                "due": day + timedelta(days=min(days, 2) if purpose == FIRST else days),
                "circle": int(circle[who]) + 1,
                "duty": 0 if who in mentors.mentor else 1 if who in mentors.backup else 2,
                "rank": rank,
            }
        )
    schema = {
        "who": pl.String,
        "whom": pl.String,
        "kind": pl.String,
        "reason": pl.String,
        "purpose": pl.String,
        "due": pl.Date,
        "circle": pl.Int64,
        "duty": pl.Int64,
        "rank": pl.Int64,
    }
    return pl.DataFrame(found, schema=schema).sort("circle", "duty", "who", "rank").drop("duty", "rank")


def left_out_table(draft: Draft, circle: Ints, never: NDArray[np.bool_], first: Ints) -> pl.DataFrame:
    """The never included, why, and who makes the first contact."""
    ids, why = draft.people["id"].to_list(), draft.people["reason"].to_list()
    rows = [
        {"person": ids[i], "why": why[i], "first_contact": ids[first[i]] if first[i] >= 0 else None, "circle": int(circle[i]) + 1}
        for i in np.flatnonzero(never)
    ]
    return pl.DataFrame(rows, schema={"person": pl.String, "why": pl.String, "first_contact": pl.String, "circle": pl.Int64})


def unmet_table(draft: Draft, placement: Placement, rules: Rules, locks: Locks, mentors: Mentors, bridges: Ints) -> pl.DataFrame:
    """Rules that could not be met, for whom, and what would make it so."""
    found: list[dict[str, str]] = []

    def unmet(rule: str, who: str, what: str, remedy: str) -> None:
        found.append({"rule": rule, "who": who, "what": what, "remedy": remedy})

    circle, count = placement.circle, placement.count
    names = draft.people["name"].to_list()
    row = {one: i for i, one in enumerate(draft.people["id"])}
    sizes = np.bincount(circle, minlength=count)
    for number in range(count):
        rows, who = np.flatnonzero(circle == number), f"circle {number + 1}"
        if not rules.low <= sizes[number] <= rules.high:
            remedy = "add people, or choose another --circle-size"
            unmet(f"{rules.low} to {rules.high} people", who, f"{sizes[number]} people", remedy)
        spoken = placement.languages[rows]
        if spoken.shape[1] and not spoken.all(axis=0).any():
            main = int(spoken.sum(axis=0).argmax())
            others = [names[i] for i in rows[~spoken[:, main]]]
            what = f"{', '.join(others[:4])} {'do' if len(others) > 1 else 'does'} not speak {placement.language_names[main]}"
            unmet("one language", who, what, "find somebody who speaks both, or correct the languages on the list")
        if len(rows) and not placement.hours[rows].all(axis=0).any():
            best = int(placement.hours[rows].sum(axis=0).argmax())
            busy = [names[i] for i in rows[~placement.hours[rows, best]]]
            what = f"{', '.join(busy[:4])} {'are' if len(busy) > 1 else 'is'} not free at the best hour"
            unmet("an hour when all are free", who, what, "ask for other hours, or meet at two times in turn")
    links = np.bincount(circle[bridges].ravel(), minlength=count)
    for number in np.flatnonzero(links < BRIDGES).tolist():
        unmet(f"{BRIDGES} bridges", f"circle {number + 1}", f"{links[number]} bridges", "there are too few circles for more")
    for a, b in locks.together:
        if a in row and b in row and circle[row[a]] != circle[row[b]]:
            unmet(
                "keep together",
                f"{names[row[a]]}, {names[row[b]]}",
                "in different circles",
                "free another lock of theirs, or use --fresh",
            )
    for a, b in locks.apart:
        if a in row and b in row and circle[row[a]] == circle[row[b]]:
            unmet(
                "keep apart", f"{names[row[a]]}, {names[row[b]]}", "in one circle", "free another lock of theirs, or use --fresh"
            )
    return pl.DataFrame([*found, *mentors.unmet], schema=UNMET)


def _rhythm(silence: float, gap: float | None) -> str:
    """How long a pair has been silent, beside their usual gap, in words."""
    days = f"{silence:.0f} day{'' if round(silence) == 1 else 's'}"
    if gap is None:
        return f"{days} silent, in touch on one day only so far"
    return f"in touch {days} ago, usual gap {gap:.0f}" if silence < gap else f"{days} silent, usual gap {gap:.0f}"


def _addresses(count: int, rings: list[Ints]) -> list[str]:
    """The address of each circle: its number in its ring, the ring's in the next, and so on from the top."""
    paths = [""] * count
    members = np.arange(count)
    current: list[list[int]] = [[number] for number in range(count)]
    for level in rings:
        groups: list[list[int]] = [[] for _ in range(int(level.max()) + 1)]
        seats = [0] * len(groups)
        for member in members:
            group = int(level[member])
            seats[group] += 1
            for number in current[member]:
                paths[number] = f"{seats[group]}.{paths[number]}".rstrip(".")
            groups[group] += current[member]
        current, members = groups, np.arange(len(groups))
    for top, numbers in enumerate(current, start=1):
        for number in numbers:
            paths[number] = f"{top}.{paths[number]}".rstrip(".")
    return paths


def _most(placement: Placement, rows: list[int]) -> str | None:
    """The language that most members speak."""
    if not placement.language_names or not rows:
        return None
    return placement.language_names[int(placement.languages[rows].sum(axis=0).argmax())]
