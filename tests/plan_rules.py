"""The rules of docs/plan.md, checked on the tables of a finished plan by code that knows nothing of how it was made."""

from __future__ import annotations

from collections import Counter

import polars as pl

from tenfold.people.roster import People
from tenfold.plan.limits import WEEKDAYS, Load
from tenfold.plan.plan import Plan

__all__ = ["broken_rules"]


def broken_rules(people: People, plan: Plan, load: Load | None = None) -> list[str]:
    """Rules that the plan breaks and does not name in `unmet`, in words; limits of the load may never be broken."""
    load = load or Load()
    roster = {row["id"]: row for row in people.table.iter_rows(named=True)}
    return [*_circles(roster, plan), *_carers(roster, plan), *_week(roster, plan, load)]


def _circles(roster: dict[str, dict], plan: Plan) -> list[str]:
    found = []
    members: dict[int, list[str]] = {}
    for circle, person in plan.circles.select("circle", "person").iter_rows():
        members.setdefault(circle, []).append(person)
    placed = plan.circles["person"].to_list()
    if sorted(placed + plan.excluded["person"].to_list()) != sorted(roster):
        found.append("not everybody is in exactly one circle")
    names = dict(plan.circle_table.select("circle", "name").iter_rows())
    if len(set(names.values())) < len(names) or len(set(plan.circles["address"])) < len(placed):
        found.append("two circles have one name, or two people one address")
    said = set(plan.unmet.select("rule", "who").iter_rows())
    size = plan.settings["circle_size"]
    low, high = max(2, size - 2), size + 2
    never = set(plan.left_out["person"])
    links = Counter(plan.bridges["circle"].to_list() + plan.bridges["to_circle"].to_list())
    for circle, those in members.items():
        who = f"circle {circle}"
        spoken = [{one.strip().casefold() for one in (roster[p]["language"] or "").split("|") if one.strip()} for p in those]
        spoken = [one for one in spoken if one]
        checks = {
            f"{low} to {high} people": low <= len(those) <= high,
            "no more than two never included in a circle": len(never & set(those)) <= 2,
            "one language": not spoken or bool(set.intersection(*spoken)),
            "2 bridges": links[circle] >= 2,
        }
        found += [f"{rule}: {who}" for rule, holds in checks.items() if not holds and (rule, who) not in said]
    return found


def _carers(roster: dict[str, dict], plan: Plan) -> list[str]:
    found = []
    said = set(plan.unmet.select("rule", "who").iter_rows())
    circle_of = dict(plan.circles.select("person", "circle").iter_rows())
    carer = dict(plan.carers.iter_rows())
    for row in plan.circle_table.iter_rows(named=True):
        for role in ("mentor", "backup"):
            rules = {
                (f"a {role} {words}", f"circle {row['circle']}")
                for words in ("for each circle", "from the circle", "who can mentor")
            }
            if (row[role] is None or circle_of[row[role]] != row["circle"]) and not rules & said:
                found.append(f"no {role} of its own: circle {row['circle']}")
    carrying = {*plan.circle_table["mentor"], *plan.circle_table["backup"], *carer.values()} - {None}
    cannot = {one for one, row in roster.items() if row["can_mentor"] is False or row["capacity"] == 0}
    found += [f"{person} said no, and carries" for person in sorted(carrying & cannot)]
    for person, count in Counter(one for one in carer.values() if one is not None).items():
        capacity = roster[person]["capacity"]
        if count > (plan.settings["capacity"] if capacity is None else capacity):
            found.append(f"{person} looks after {count} people")
    alone = {circle for circle, count in Counter(circle_of.values()).items() if count == 1}
    for person, who in carer.items():
        circle = circle_of[person]
        if who is None and circle not in alone and ("a carer for everybody, within capacity", f"circle {circle}") not in said:
            found.append(f"{person} has no carer")
    return found


def _week(roster: dict[str, dict], plan: Plan, load: Load) -> list[str]:
    found = []
    week, n = plan.this_week, plan.circles.height
    if week.height > load.in_all(n):
        found.append(f"{week.height} contacts in all")
    in_care = {*plan.circle_table["mentor"], *plan.circle_table["backup"], *plan.carers["carer"]}
    for who, count in Counter(week["who"]).items():
        capacity = roster[who]["capacity"]
        capacity = plan.settings["capacity"] if capacity is None else capacity
        if count > min(capacity, load.contacts_per_carer if who in in_care else load.of_member()):
            found.append(f"{who} makes {count} contacts")
        if load.carers and who not in load.carers:
            found.append(f"{who} was not named, and makes a contact")
    if max(Counter(week["whom"]).values(), default=0) > load.contacts_received:
        found.append("somebody is contacted by more people than may")
    if len({frozenset(pair) for pair in week.select("who", "whom").iter_rows()}) < week.height:
        found.append("a pair is in contact twice")
    if any(WEEKDAYS[due.weekday()] in load.quiet_days for due in week["due"]) or not set(week["kind"]) <= set(load.kinds):
        found.append("a quiet day, or a kind that is not possible")
    first = set(week["whom"])
    said = any(rule.startswith("a first contact this week") for rule in plan.unmet["rule"])
    if set(plan.left_out["person"]) - first and not said:
        found.append("a first contact waits unsaid")
    if max(Counter(week.filter(pl.col("kind") == "visit")["who"]).values(), default=0) > 2 and len(load.kinds) > 1:
        found.append("three visits by one person")
    return found
