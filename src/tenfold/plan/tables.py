"""Stage 6, tables: the plan as frames, with ids of people, addresses and words in place of rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.simulate import Ensemble
from tenfold.people.availability import time_zone
from tenfold.plan.bridges import Bridges
from tenfold.plan.candidates import CARER, FIRST, PURPOSES, UPKEEP, Candidates
from tenfold.plan.carers import Carers
from tenfold.plan.circles import Circles
from tenfold.plan.limits import WEEKDAYS, Load
from tenfold.plan.naming import Naming, main_language, most_frequent
from tenfold.plan.previous import Previous
from tenfold.plan.rings import Rings
from tenfold.plan.situation import Situation
from tenfold.plan.statements import factor_of

__all__ = [
    "bridge_table",
    "carer_table",
    "circle_table",
    "forecast_table",
    "left_out_table",
    "member_table",
    "mentor_table",
    "risk_table",
    "week_table",
]

Ints = NDArray[np.int64]
DAYS = WEEKDAYS
MOST_VISITS = 2  # of one person in a week; more are calls
WEEK_TABLE = {
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


def member_table(
    situation: Situation, circles: Circles, rings: Rings, carers: Carers, naming: Naming, previous: Previous
) -> pl.DataFrame:
    """`circle`, `address`, `name` (of the circle), `person`, `role`: one row a person; in each circle the mentor first, then the backup.

    Whoever stays in a circle keeps the seat, the last number of the address; others take the lowest that are free.
    """
    ids, rows = situation.people["id"].to_list(), []
    for circle in range(circles.count):
        mentor, backup = int(carers.mentor[circle]), int(carers.backup[circle])
        members = sorted(circles.members(circle).tolist(), key=lambda i: (i != mentor, i != backup, i))
        seats = _seats([ids[i] for i in members], circle + 1, previous)
        for i in members:
            role = "mentor" if i == mentor else "backup" if i == backup else "member"
            address = f"{rings.address[circle]}.{seats[ids[i]]}"
            rows.append((circle + 1, address, naming.names[circle], ids[i], role))
    text = pl.String
    schema = {"circle": pl.Int64, "address": text, "name": text, "person": text, "role": text}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _seats(members: list[str], circle: int, previous: Previous) -> dict[str, int]:
    """The seat of each member of a circle, from 1."""
    seats: dict[str, int] = {}
    for one in members:
        seat = previous.seat_of.get(one)
        if previous.circle_of.get(one) == circle and seat is not None and seat not in seats.values():
            seats[one] = seat
    free = (seat for seat in count(1) if seat not in seats.values())
    for one in members:
        if one not in seats:
            seats[one] = next(free)
    return seats


def carer_table(situation: Situation, carers: Carers) -> pl.DataFrame:
    """`person`, and their `carer`, null where nobody has room."""
    ids = situation.people["id"].to_list()
    return pl.DataFrame({"person": ids, "carer": pl.Series([_id(ids, int(one)) for one in carers.carer], dtype=pl.String)})


def circle_table(
    situation: Situation,
    circles: Circles,
    rings: Rings,
    carers: Carers,
    bridges: Bridges,
    naming: Naming,
    meetings: Mapping[int, str],
) -> pl.DataFrame:
    """One row a circle: name, address, size, language, place, best hour to meet, carers, share of bond strength inside, bridges, and its
    line: `parent` (0: none) and `generation`.

    `meetings`: when circles meet, as the organiser decided, by number.
    """
    ids = situation.people["id"].to_list()
    kept = _strength_kept(situation, circles)
    places = situation.people["place"].to_list()
    links = np.bincount(circles.membership[bridges.ends].ravel(), minlength=circles.count)
    rows = []
    for circle in range(circles.count):
        mentor, backup = int(carers.mentor[circle]), int(carers.backup[circle])
        members = circles.members(circle)
        hours = situation.hours[members]
        best = int(hours.sum(axis=0).argmax())
        rows.append(
            {
                "circle": circle + 1,
                "name": naming.names[circle],
                "address": rings.address[circle],
                "size": len(members),
                "language": main_language(situation, members),
                "place": most_frequent([places[i] for i in members]),
                "meeting": meetings.get(circle + 1) or ("" if hours.all() else _local_hour(situation, members, best)),
                "free": int(hours[:, best].sum()),
                "mentor": _id(ids, mentor),
                "backup": _id(ids, backup),
                "strength_kept": float(kept[circle]),
                "bridges": int(links[circle]),
                "parent": naming.parent[circle],
                "generation": naming.generation[circle],
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"mentor": pl.String, "backup": pl.String})


def _local_hour(situation: Situation, members: Ints, hour: int) -> str:
    """An hour of the week in UTC as the weekday and the clock in the zone of most members."""
    zone = time_zone(most_frequent([situation.people["timezone"][int(i)] for i in members]) or "UTC")
    days = (hour // 24 - situation.at.weekday()) % 7
    moment = situation.at.replace(hour=hour % 24, minute=0, second=0, microsecond=0) + timedelta(days=days)
    local = moment.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local:%H:%M} {zone}"


def mentor_table(situation: Situation, circles: Circles, carers: Carers) -> pl.DataFrame:
    """`circle`, `mentor`, `backup`, how many each looks after, and their capacity."""
    ids, rows = situation.people["id"].to_list(), []
    for circle in range(circles.count):
        carer = carers.carer[circles.members(circle)]
        row: dict[str, object] = {"circle": circle + 1}
        for role, prefix, i in (("mentor", "", carers.mentor[circle]), ("backup", "backup_", carers.backup[circle])):
            row[role] = _id(ids, int(i))
            row[f"{prefix}looks_after"] = int((carer == i).sum()) if i >= 0 else 0
            row[f"{prefix}capacity"] = int(carers.capacity[i]) if i >= 0 else 0
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"mentor": pl.String, "backup": pl.String})


def week_table(
    situation: Situation, circles: Circles, carers: Carers, candidates: Candidates, rows: Ints, *, load: Load
) -> pl.DataFrame:
    """Who contacts whom in a week, how and why; by circle, its mentor and backup first, and the most urgent first.

    `rows` are those of `candidates` that are chosen, best first. What one person does is spread over the days of the week that are not
    quiet, on those on which they have free hours if they said so, first contacts not before others.
    """
    people = situation.people
    ids, places, why = (people[name].to_list() for name in ("id", "place", "reason"))
    today = situation.at.date()
    total = np.bincount(candidates.initiator[rows], minlength=situation.n)
    before: dict[int, int] = {}  # contacts of each initiator so far
    visits: dict[int, int] = {}
    mentors, backups = set(carers.mentor.tolist()), set(carers.backup.tolist())
    found = []
    for rank, row in enumerate(rows.tolist()):
        i, j, purpose = int(candidates.initiator[row]), int(candidates.recipient[row]), int(candidates.purpose[row])
        turn = before.get(i, 0)
        before[i] = turn + 1
        is_near = places[i] is not None and places[i] == places[j]
        is_quiet = situation.standing[j] in ("attending", "never included", "fading", "lost")
        wanted = "visit" if is_near and is_quiet and purpose <= CARER else "message" if purpose == UPKEEP else "call"
        kind = _possible_kind(wanted if visits.get(i, 0) < MOST_VISITS else "call", load)
        visits[i] = visits.get(i, 0) + (kind == "visit")
        days = _due_days(situation, i, load)
        found.append(
            {
                "who": ids[i],
                "whom": ids[j],
                "kind": kind,
                "reason": _reason(situation, candidates, row, why[j]),
                "purpose": PURPOSES[purpose],
                "due": today + timedelta(days=_due_day(days, turn, int(total[i]), i)),
                "circle": int(circles.membership[i]) + 1,
                "duty": 0 if i in mentors else 1 if i in backups else 2,
                "rank": rank,
            }
        )
    return pl.DataFrame(found, schema=WEEK_TABLE).sort("circle", "duty", "who", "rank").drop("duty", "rank")


def _possible_kind(wanted: str, load: Load) -> str:
    """The kind of contact that is wanted, or the nearest that is possible."""
    order = {"visit": ("visit", "call", "message"), "call": ("call", "message", "visit"), "message": ("message", "call", "visit")}
    return next(kind for kind in order[wanted] if kind in load.kinds)


def _due_day(days: list[int], turn: int, total: int, i: int) -> int:
    """The day of one of somebody's contacts: the most urgent first, spread over the week; who has one alone takes turns with others."""
    return days[i % len(days)] if total == 1 else days[turn * len(days) // total]


def _due_days(situation: Situation, i: int, load: Load) -> list[int]:
    """Days from today, 1 to 7, on which somebody may do something: not the quiet ones, and their free ones where they have any."""
    weekdays = {days: (situation.at.weekday() + days) % 7 for days in range(1, 8)}
    allowed = [days for days, weekday in weekdays.items() if WEEKDAYS[weekday] not in load.quiet_days]
    free = [days for days in allowed if situation.hours[i, 24 * weekdays[days] : 24 * weekdays[days] + 24].any()]
    return free or allowed


def left_out_table(situation: Situation, circles: Circles, first: Ints) -> pl.DataFrame:
    """The never included, why, and who makes the first contact (`first`, as in `first_contacts`)."""
    ids, why = situation.people["id"].to_list(), situation.people["reason"].to_list()
    rows = [
        {"person": ids[i], "why": why[i], "first_contact": _id(ids, int(first[i])), "circle": int(circles.membership[i]) + 1}
        for i in np.flatnonzero(situation.never_included)
    ]
    return pl.DataFrame(rows, schema={"person": pl.String, "why": pl.String, "first_contact": pl.String, "circle": pl.Int64})


def bridge_table(situation: Situation, circles: Circles, bridges: Bridges) -> pl.DataFrame:
    """`circle`, `to_circle`, `a`, `b`, and whether the bond `exists`."""
    ids, (a, b) = situation.people["id"], bridges.ends.T
    return pl.DataFrame(
        {
            "circle": circles.membership[a] + 1,
            "to_circle": circles.membership[b] + 1,
            "a": ids.gather(a),
            "b": ids.gather(b),
            "exists": np.arange(len(bridges.ends)) < bridges.existing,
        }
    )


def forecast_table(situation: Situation, ensembles: dict[str, Ensemble]) -> pl.DataFrame:
    """`scenario`, `week` (0 to 52), `measure` (people, bonds), `mean`, `low`, `high`.

    The bands of 90 % hold the luck of the simulation and the doubt about the chances together. They stay between nothing and all people,
    or all bonds of week 0.
    """
    parts = []
    for name, ensemble in ensembles.items():
        for measure, counts, chances in (
            ("people", ensemble.people_kept, situation.future.chances),
            ("bonds", ensemble.bonds_kept, situation.future.bonds),
        ):
            weeks = np.arange(counts.shape[1])
            mean, (low, high) = counts.mean(axis=0), np.quantile(counts, [0.05, 0.95], axis=0)
            width = factor_of(chances)[: len(weeks)]
            low = mean - np.hypot(mean - low, mean * (1 - 1 / width))
            high = mean + np.hypot(high - mean, mean * (width - 1))
            high = np.minimum(high, situation.n if measure == "people" else counts[:, 0].max())
            parts.append(
                pl.DataFrame({"week": weeks, "mean": mean, "low": np.maximum(low, 0.0), "high": high}).select(
                    pl.lit(name).alias("scenario"), "week", pl.lit(measure).alias("measure"), "mean", "low", "high"
                )
            )
    return pl.concat(parts)


def risk_table(situation: Situation, ensembles: dict[str, Ensemble]) -> pl.DataFrame:
    """`person`, and the chance to be in touch at the endpoint `without` and `with_plan`."""
    return pl.DataFrame(
        {
            "person": situation.people["id"],
            "without": ensembles["nothing"].kept_share,
            "with_plan": ensembles["plan"].kept_share,
        }
    )


def _id(ids: list[str], row: int) -> str | None:
    """The id of a person by row, null for −1."""
    return ids[row] if row >= 0 else None


def _strength_kept(situation: Situation, circles: Circles) -> NDArray[np.float64]:
    """Share of the bond strength of the members of each circle that lies inside it, 0 where they have no bonds, (circles)."""
    ties, membership = situation.ties, circles.membership
    total, inside = np.zeros(circles.count), np.zeros(circles.count)
    same = membership[ties.a] == membership[ties.b]
    for end in (ties.a, ties.b):
        np.add.at(total, membership[end], ties.strength)
        np.add.at(inside, membership[end[same]], ties.strength[same])
    return np.divide(inside, total, out=np.zeros(circles.count), where=total > 0)


def _reason(situation: Situation, candidates: Candidates, row: int, why: str) -> str:
    """Why a contact is made, in words; `why`: how its recipient stands."""
    purpose, pair, table = int(candidates.purpose[row]), int(candidates.pairs.of_contact[row]), situation.ties.table
    if purpose == FIRST:
        return f"first contact: {why}"
    if pair < table.height:
        return _rhythm(table["silence"][pair], table["usual_gap"][pair])
    return f"new in your care: {why}" if purpose == CARER else "a new bridge between two circles"


def _rhythm(silence: float, gap: float | None) -> str:
    """How long a pair has been silent, beside their usual gap, in words."""
    days = f"{silence:.0f} day{'' if round(silence) == 1 else 's'}"
    if gap is None:
        return f"{days} silent, in touch on one day only so far"
    return f"in touch {days} ago, usual gap {gap:.0f}" if silence < gap else f"{days} silent, usual gap {gap:.0f}"
