"""Stage 6, tables: the plan as frames, with ids of people, addresses and words in place of rows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.simulate import Ensemble
from tenfold.plan.bridges import Bridges
from tenfold.plan.candidates import CARER, FIRST, PURPOSES, UPKEEP, Candidates
from tenfold.plan.carers import Carers
from tenfold.plan.circles import Circles
from tenfold.plan.rings import Rings
from tenfold.plan.situation import Situation
from tenfold.plan.statements import factor_of

__all__ = [
    "bridge_table",
    "circle_table",
    "forecast_table",
    "left_out_table",
    "member_table",
    "mentor_table",
    "risk_table",
    "week_table",
]

Ints = NDArray[np.int64]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
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


def member_table(situation: Situation, circles: Circles, rings: Rings, carers: Carers) -> pl.DataFrame:
    """`circle`, `address`, `person`, `role`: one row a person; in each circle the mentor first, then the backup."""
    ids, rows = situation.people["id"].to_list(), []
    for circle in range(circles.count):
        mentor, backup = int(carers.mentor[circle]), int(carers.backup[circle])
        members = sorted(circles.members(circle).tolist(), key=lambda i: (i != mentor, i != backup, i))
        for seat, i in enumerate(members, start=1):
            role = "mentor" if i == mentor else "backup" if i == backup else "member"
            rows.append({"circle": circle + 1, "address": f"{rings.address[circle]}.{seat}", "person": ids[i], "role": role})
    return pl.DataFrame(rows, schema={"circle": pl.Int64, "address": pl.String, "person": pl.String, "role": pl.String})


def circle_table(situation: Situation, circles: Circles, rings: Rings, carers: Carers, bridges: Bridges) -> pl.DataFrame:
    """One row a circle: address, size, language, place, best hour to meet, carers, share of bond strength inside, bridges."""
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
                "address": rings.address[circle],
                "size": len(members),
                "language": _main_language(situation, members),
                "place": _most_frequent([places[i] for i in members]),
                "meeting": "" if hours.all() else f"{DAYS[best // 24]} {best % 24:02d}:00 UTC",
                "free": int(hours[:, best].sum()),
                "mentor": _id(ids, mentor),
                "backup": _id(ids, backup),
                "strength_kept": float(kept[circle]),
                "bridges": int(links[circle]),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


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


def week_table(situation: Situation, circles: Circles, carers: Carers, candidates: Candidates, rows: Ints) -> pl.DataFrame:
    """Who contacts whom in a week, how and why; by circle, its mentor and backup first, and the most urgent first.

    `rows` are those of `candidates` that are chosen, best first.
    """
    people = situation.people
    ids, places, why = (people[name].to_list() for name in ("id", "place", "reason"))
    today = situation.at.date()
    load = np.bincount(candidates.initiator[rows], minlength=situation.n)
    before: dict[int, int] = {}  # contacts of each initiator so far
    mentors, backups = set(carers.mentor.tolist()), set(carers.backup.tolist())
    found = []
    for rank, row in enumerate(rows.tolist()):
        i, j, purpose = int(candidates.initiator[row]), int(candidates.recipient[row]), int(candidates.purpose[row])
        turn = before.get(i, 0)
        before[i] = turn + 1
        days = 1 + 6 * turn // max(int(load[i]) - 1, 1)  # the most urgent first, the others spread over the week
        is_near = places[i] is not None and places[i] == places[j]
        is_quiet = situation.standing[j] in ("never included", "fading", "lost")
        found.append(
            {
                "who": ids[i],
                "whom": ids[j],
                "kind": "visit" if is_near and is_quiet and purpose <= CARER else "message" if purpose == UPKEEP else "call",
                "reason": _reason(situation, candidates, row, why[j]),
                "purpose": PURPOSES[purpose],
                "due": today + timedelta(days=min(days, 2) if purpose == FIRST else days),
                "circle": int(circles.membership[i]) + 1,
                "duty": 0 if i in mentors else 1 if i in backups else 2,
                "rank": rank,
            }
        )
    return pl.DataFrame(found, schema=WEEK_TABLE).sort("circle", "duty", "who", "rank").drop("duty", "rank")


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


def _most_frequent(values: list[str | None]) -> str | None:
    """The value that stands most often, of several the first in their order; None where there are none."""
    counts = Counter(one for one in values if one is not None)
    return min(counts, key=lambda one: (-counts[one], one), default=None)


def _main_language(situation: Situation, members: Ints) -> str | None:
    """The language that most of some people speak."""
    if not situation.language_names or not len(members):
        return None
    return situation.language_names[int(situation.languages[members].sum(axis=0).argmax())]


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
