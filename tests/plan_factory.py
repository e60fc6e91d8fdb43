"""A made-up plan of 40 people in 4 circles, without the planner: to try what a real plan seldom holds."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from tenfold.forecast.trials import reliability_table
from tenfold.people.roster import People
from tenfold.plan.plan import Plan
from tenfold.plan.previous import CHANGES
from tenfold.report.plan.plan_report import PlanReport

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
NAMES = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example")',
    "مريم عبد الله",
    "יעל כהן",
    "Ana Lúcia & sons",
    "-2+3",
    "Line\nbreak, comma; semicolon",
    "x" * 300,
    "☃ Snow",
    "' onmouseover='alert(1)",
]
STANDINGS = ("kept", "kept", "kept", "due", "fading", "lost", "never included")


def make_report(n: int = 40, size: int = 10, *, empty: bool = False, **changes: Any) -> PlanReport:
    """A report with `n` people in circles of `size`; with `empty`, all tables that may be empty are; `changes` are fields of the plan."""
    rng = random.Random(n)
    ids = [f"p{k:05d}" for k in range(n)]
    names = [NAMES[k] if k < len(NAMES) else f"Person {k}" for k in range(n)]
    people = People.from_table(pl.DataFrame({"id": ids, "name": names}))
    circle = [k // size + 1 for k in range(n)]
    count = circle[-1]
    address = {c: f"{(c - 1) // 10 + 1}.{(c - 1) % 10 + 1}" for c in range(1, count + 1)}
    called = {c: NAMES[c] if c < len(NAMES) else f"Circle {c}" for c in address}
    first = {c: (c - 1) * size for c in range(1, count + 1)}
    standing = ["kept" if empty else STANDINGS[k % len(STANDINGS)] for k in range(n)]
    never = [k for k in range(n) if standing[k] == "never included"]
    frames: dict[str, pl.DataFrame] = {
        "circles": pl.DataFrame(
            {
                "circle": circle,
                "address": [f"{address[c]}.{k % size + 1}" for k, c in enumerate(circle)],
                "name": [called[c] for c in circle],
                "person": ids,
                "role": [("mentor", "backup")[k % size] if k % size < 2 else "member" for k in range(n)],
            }
        ),
        "circle_table": pl.DataFrame(
            {
                "circle": list(address),
                "name": list(called.values()),
                "address": list(address.values()),
                "size": [circle.count(c) for c in address] if n < 1000 else [size] * count,
                "language": [None if c == 2 else "Português" for c in address],
                "place": [None if c == 3 else "القاهرة" for c in address],
                "meeting": ["" if c == 1 or empty else "Tue 18:00 UTC" for c in address],
                "free": [size - 1] * count,
                "mentor": [ids[first[c]] for c in address],
                "backup": [ids[first[c] + 1] for c in address],
                "strength_kept": [0.25] * count,
                "bridges": [0 if empty else 2] * count,
                "parent": [0 if c < 3 else 1 for c in address],
                "generation": [1 if c < 3 else 2 for c in address],
            },
            schema_overrides={"language": pl.String, "place": pl.String},
        ),
        "mentors": pl.DataFrame(
            {
                "circle": list(address),
                "mentor": [ids[first[c]] for c in address],
                "looks_after": [6] * count,
                "capacity": [8] * count,
                "backup": [ids[first[c] + 1] for c in address],
                "backup_looks_after": [2] * count,
                "backup_capacity": [8] * count,
            }
        ),
        "this_week": _week(ids, circle, first, size),
        "left_out": pl.DataFrame(
            {
                "person": [ids[k] for k in never],
                "why": ["no contact with anybody on record"] * len(never),
                "first_contact": [ids[first[circle[k]]] for k in never],
                "circle": [circle[k] for k in never],
            },
            schema={"person": pl.String, "why": pl.String, "first_contact": pl.String, "circle": pl.Int64},
        ),
        "bridges": pl.DataFrame(
            {
                "circle": list(range(1, count)),
                "to_circle": list(range(2, count + 1)),
                "a": [ids[first[c] + 3] for c in range(1, count)],
                "b": [ids[first[c + 1] + 4] for c in range(1, count)],
                "exists": [c % 2 == 0 for c in range(1, count)],
            },
            schema_overrides={"a": pl.String, "b": pl.String},
        ),
        "forecast": _forecast(n),
        "comparison": _comparison(),
        "unmet": pl.DataFrame(
            {"rule": ["one language"], "who": ["circle 2"], "what": ["<b>Ana</b> does not speak it"], "remedy": ["find somebody"]}
        ),
        "excluded": pl.DataFrame({"person": ["away"], "why": ["paused until 2026-05-01"]}),
        "changes": pl.DataFrame(schema=CHANGES),
        "carers": pl.DataFrame({"person": ids, "carer": [ids[first[c]] for c in circle]}),
        "curve": pl.DataFrame(
            {
                "contacts": [0.0, 8.0, 16.0, 40.0],
                "people": [20.0, 26.0, 28.0, 29.0],
                "low": [18.0, 24.0, 26.0, 27.0],
                "high": [22.0, 28.0, 30.0, 31.0],
                "plan": [False, False, True, False],
                "knee": [False, True, False, False],
            }
        ),
        "hazards": pl.DataFrame(
            {
                "name": ["bonds that nobody tends", "a contact"],
                "value": ["50% left after 12 weeks", "× 0.7"],
                "source": ["own past: 812 bonds, 90 ended", "prior: Mate et al. 2022"],
            }
        ),
        "risks": pl.DataFrame({"person": ids, "without": [0.5] * n, "with_plan": [0.75] * n}),
        "statements": pl.DataFrame(
            {
                "date": [datetime(2026, 5, 25, 9, 30, tzinfo=UTC)],
                "weeks": [12],
                "window": [4],
                "people": [n],
                "mean": [20.4],
                "low": [15.0],
                "high": [26.0],
                "words": [
                    "20 people (15 to 26) will have been in contact, or at a gathering, within the 4 weeks that end on 2026-05-25"
                ],
                "why": ["logistic"],
                "drift": ["<b>nobody</b> was active for 9 days"],
                "trust": ["Tried once on your own past, there came 4% more than forecast."],
            }
        ),
        "reliability": reliability_table([((60, 3.0, 4), *[(0, 0.0, 0)] * 7, (40, 34.0, 33), (0, 0.0, 0))]),
        "answers": pl.DataFrame({"words": ["Of answered first contacts more <b>lasted</b>; this is an association."]}),
        "planned_bonds": pl.DataFrame({"words": ["Of planned <b>bonds</b> more lasted; this is an association."]}),
        "effects": pl.DataFrame(
            {
                "worth": [1.0, 0.5, 0.0, 0.25],
                "plan": [30.0, 26.0, 20.0, 22.5],
                "nothing": [20.0] * 4,
                "difference": [10.0, 6.0, 0.0, 2.5],
                "low": [8.0, 4.0, 0.0, 0.5],
                "high": [12.0, 8.0, 0.0, 4.5],
                "wins": [True, True, False, True],
                "least": [False, False, False, True],
            }
        ),
    }
    if empty:
        for name in ("this_week", "left_out", "bridges", "unmet", "excluded", "hazards", "comparison"):
            frames[name] = frames[name].clear()
    settings = {"seed": 7, "weeks": 12, "capacity": 8, "circle_size": size, "replicates": 20, "half_life_days": 30.0, "number": 5}
    plan = Plan(**(frames | {"settings": settings, "wins": True, "warning": ""} | changes))
    twice = pl.DataFrame({"a": [ids[4]], "b": [ids[5]], "score": [96.5], "why": ["almost the same name"]})
    return PlanReport(
        "Spring <retreat>",
        AT,
        plan,
        people,
        _bonds(ids, rng).clear() if empty else _bonds(ids, rng),
        _standing(ids, standing),
        {"people": n, "rows skipped": "12 of 400"},
        twice.clear() if empty else twice,
        {"seed": "7", "tenfold": "0.1.0", "input people.csv": "SHA-256 0123456789abcdef"},
    )


def _week(ids: list[str], circle: list[int], first: dict[int, int], size: int) -> pl.DataFrame:
    """The mentor contacts half of the circle, and one member sends one message."""
    rows = []
    for c, start in first.items():
        turns = range(1, size // 2 + 1)
        rows += [(ids[start], ids[start + turn], "call", "21 days silent, usual gap 6", "carer", c, turn) for turn in turns]
        rows.append((ids[start + 2], ids[start + 3], "message", "9 days silent, usual gap 3", "upkeep", c, 1))
    columns = ("who", "whom", "kind", "reason", "purpose", "circle", "turn")
    frame = pl.DataFrame(rows, schema=list(columns), orient="row")
    due = [date(2026, 3, 2) + timedelta(days=turn) for turn in frame["turn"]]
    return frame.with_columns(due=pl.Series(due)).select("who", "whom", "kind", "reason", "purpose", "due", "circle")


def _forecast(n: int) -> pl.DataFrame:
    rows = []
    for scenario, loss in (("nothing", 0.02), ("plan", 0.004), ("random pairing", 0.01), ("round-robin", 0.009)):
        for measure, start in (("people", 0.8 * n), ("bonds", 3.0 * n)):
            for week in range(53):
                mean = start * (1 - loss) ** week
                rows.append((scenario, week, measure, mean, 0.95 * mean, 1.05 * mean))
    return pl.DataFrame(rows, schema=["scenario", "week", "measure", "mean", "low", "high"], orient="row")


def _comparison() -> pl.DataFrame:
    rows = []
    for baseline, low in (("nothing", 5.0), ("random pairing", 1.5), ("round-robin", -1.0)):
        rows.append((baseline, "people kept at 12 weeks", 30.0, 28.0 - low, low + 2, low, low + 4, 25.0, low > 0))
        rows.append((baseline, "bond strength inside circles", 0.6, 0.1, 0.5, 0.4, 0.6, 25.0, True))
    columns = ["baseline", "measure", "plan", "other", "difference", "low", "high", "contacts_a_week", "wins"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _bonds(ids: list[str], rng: random.Random) -> pl.DataFrame:
    """About two bonds a person, half of them with a neighbour on the list."""
    rows = {}
    for k in range(2 * len(ids)):
        a = rng.randrange(len(ids))
        b = min(a + 1 + rng.randrange(4), len(ids) - 1) if k % 2 else rng.randrange(len(ids))
        if a != b:
            ratio = rng.uniform(0.2, 10)
            standing = "kept" if ratio <= 2 else "due" if ratio <= 4 else "fading" if ratio <= 8 else "lost"
            rows[ids[min(a, b)], ids[max(a, b)]] = (rng.uniform(0.1, 9), 3, AT, AT, 5.0, 5 * ratio, ratio, standing)
    columns = ["a", "b", "strength", "contacts", "first", "last", "usual_gap", "silence", "ratio", "standing"]
    table = pl.DataFrame([(*pair, *row) for pair, row in rows.items()], schema=columns, orient="row")
    return table.sort("strength", descending=True)


def _standing(ids: list[str], standing: list[str]) -> pl.DataFrame:
    frame = pl.DataFrame({"person": ids, "standing": standing})
    gone = pl.DataFrame({"person": ["away"], "standing": ["paused"]})
    return pl.concat([frame, gone]).with_columns(
        reason=pl.lit("21 days silent, usual gap 6"),
        bonds=pl.lit(3, pl.Int64),
        last=pl.lit(AT),
        silence=pl.lit(21.0),
        usual_gap=pl.lit(6.0),
        ratio=pl.lit(3.5),
    )
