"""Four weeks of plans, each made after the week before: what stays, and what the load is; `python benchmarks/weeks.py [--shared FOLDER]`.

Each week a share of the planned contacts is made (a third, two thirds, all), and the plan is made again. Printed are: who of those who
stayed in a circle is in one of the same name, how many roles changed beyond those of people who are away, and who kept their carer;
the default load, and the people kept with it against an unlimited one; and twelve carers with five contacts each.
The communities: the demo of 600 people, and 140 people of a congregation (made up; `weeks/` of the folder of cases).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

import machine
import tenfold as tf
from plan import ENDS, community
from tenfold.app.actions.import_files import read_files, store_files
from tenfold.people.store import open_store
from tenfold.plan.limits import Load

ROOT = Path(__file__).resolve().parents[1]
WEEKS, REPLICATES = 4, 60


def congregation(folder: Path) -> tuple[tf.People, tf.Contacts, datetime]:
    """The people, contacts and Sundays of the congregation, and the moment of the last one."""
    with tempfile.TemporaryDirectory() as place:
        files = [folder / "people.csv", *sorted(folder.glob("att*.csv")), folder / "calls.csv"]
        tables = read_files(files, {"now": datetime(2026, 11, 27, tzinfo=UTC)}, progress=lambda _: None)
        path = Path(place) / "community.db"
        store_files(path, tables, strict=False, progress=lambda _: None, on_note=print)
        with open_store(path, command="weeks", write=False) as store:
            people, contacts = store.people(), store.contacts()
    return people, contacts, max(contacts.table["time"].max(), contacts.gatherings["time"].max())


def made(plan: tf.Plan, at: datetime, share: float, week: int) -> pl.DataFrame:
    """The planned contacts that are made in a week, as contacts."""
    tasks = plan.this_week.select("who", "whom")
    chosen = np.random.default_rng(week).random(tasks.height) < share
    times = [at + timedelta(days=1 + k % 6) for k in range(int(chosen.sum()))]
    done = tasks.filter(pl.Series(chosen))
    return pl.DataFrame({"time": times, "a": done["who"], "b": done["whom"]}, schema_overrides={"time": pl.Datetime("us", "UTC")})


def live(people: tf.People, contacts: tf.Contacts, end: datetime, share: float) -> list[tf.Plan]:
    """Plans of four weeks, the last one at the end of the record."""
    begin = end - timedelta(weeks=WEEKS - 1)
    plans: list[tf.Plan] = []
    done = pl.DataFrame(schema={"time": pl.Datetime("us", "UTC"), "a": pl.String, "b": pl.String})
    for week in range(WEEKS):
        at = begin + timedelta(weeks=week)
        past = contacts.until(at)
        table = pl.concat([past.table.select("time", pl.col("a", "b").cast(pl.String)), done]).sort("time")
        known = tf.Contacts(table, past.gatherings)
        previous = plans[-1].tables() if plans else None
        open_tasks = None
        if plans:
            kept = set(done.select("a", "b").iter_rows())
            tasks = plans[-1].this_week.select("who", "whom")
            open_tasks = tasks.filter(pl.Series([row not in kept for row in tasks.iter_rows()], dtype=pl.Boolean))
        plans.append(tf.make_plan(people, known, at=at, previous=previous, open_tasks=open_tasks, replicates=REPLICATES))
        done = pl.concat([done, made(plans[-1], at, share, week)])
    return plans


def kept(plans: list[tf.Plan]) -> dict[str, str]:
    """What stayed from week to week."""
    same_name = stayed = roles = role_changes = carers = same_carer = firsts = same_first = moved = placed = 0
    for before, now in pairwise(plans):
        old, new = (dict(plan.circles.select("person", "circle").iter_rows()) for plan in (before, now))
        names = [dict(plan.circle_table.select("circle", "name").iter_rows()) for plan in (before, now)]
        stay = [one for one in old if new.get(one) == old[one]]
        stayed += len(stay)
        same_name += sum(names[0][old[one]] == names[1][new[one]] for one in stay)
        both = [one for one in old if one in new]
        placed += len(both)
        moved += sum(old[one] != new[one] for one in both)
        for role in ("mentor", "backup"):
            holders = [dict(plan.circle_table.select("circle", role).drop_nulls().iter_rows()) for plan in (before, now)]
            there = {circle: one for circle, one in holders[0].items() if one in new}
            roles += len(there)
            role_changes += sum(holders[1].get(circle) != one for circle, one in there.items())
        carer = [dict(plan.carers.drop_nulls().iter_rows()) for plan in (before, now)]
        pairs = [(one, who) for one, who in carer[0].items() if one in new and who in new]
        carers += len(pairs)
        same_carer += sum(carer[1].get(one) == who for one, who in pairs)
        first = [dict(plan.left_out.select("person", "first_contact").drop_nulls().iter_rows()) for plan in (before, now)]
        again = [one for one in first[0] if one in first[1]]
        firsts += len(again)
        same_first += sum(first[0][one] == first[1][one] for one in again)
    return {
        "same circle name, of those who stayed": f"{same_name / max(stayed, 1):.1%}",
        "moved a week": f"{moved / max(placed, 1):.1%}",
        "mentors and backups changed a week": f"{role_changes / max(roles, 1):.1%}",
        "same carer": f"{same_carer / max(carers, 1):.1%}",
        "same first caller": f"{same_first / max(firsts, 1):.1%}" if firsts else "none waited",
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    default = Path(os.environ.get("TENFOLD_SHARED", ROOT.parent / "shared"))
    parser.add_argument("--shared", type=Path, default=default, help="folder with cases/congregation/weeks")
    folder = parser.parse_args().shared / "cases" / "congregation" / "weeks"
    print(machine.name())
    people, contacts = community(600, None)
    communities = {"demo, 600": (people, contacts, ENDS)}
    if folder.is_dir():
        communities["congregation, 140"] = congregation(folder)
    else:
        print(f"no congregation at {folder}")
    print("\n| community | done | " + " | ".join(kept([])) + " | contacts a week |")
    print("|---|---|" + "---|" * (len(kept([])) + 1))
    for name, (people, contacts, end) in communities.items():
        for share in (1 / 3, 2 / 3, 1.0):
            plans = live(people, contacts, end.astimezone(UTC), share)
            week = " / ".join(str(plan.this_week.height) for plan in plans)
            print(f"| {name} | {share:.0%} | " + " | ".join(kept(plans).values()) + f" | {week} |", flush=True)
    print(
        "\n| community | load | contacts a week | for each person | in touch at 12 weeks | nine of ten |\n|---|---|---|---|---|---|"
    )
    for name, (people, contacts, end) in communities.items():
        for words, load in (("default", Load()), ("up to 8 a carer, 3 received, no total", Load(None, 8, 1, 3, 10**6))):
            plan = tf.make_plan(people, contacts, at=end, load=load)
            n, row = plan.circles.height, plan.forecast.filter(scenario="plan", week=12, measure="people").row(0, named=True)
            made_week = plan.this_week.height
            print(
                f"| {name} | {words} | {made_week} | {made_week / n:.2f} | {row['mean']:.1f} | {row['low']:.0f} to {row['high']:.0f} |",
                flush=True,
            )
    if folder.is_dir():
        people, contacts, end = communities["congregation, 140"]
        able = people.table.filter(pl.col("can_mentor").fill_null(True))["id"].to_list()[:12]
        plan = tf.make_plan(people, contacts, at=end, load=Load(tuple(able), 5))
        refused = set(people.table.filter(~pl.col("can_mentor"))["id"])
        roles = {*plan.circle_table["mentor"].drop_nulls(), *plan.circle_table["backup"].drop_nulls()}
        print(f"\n12 carers × 5: {plan.this_week.height} contacts; people who said no in a role: {len(roles & refused)}")
        print(plan.comparison.filter(pl.col("measure").str.contains("people")).select("baseline", "plan", "other", "low", "high"))


if __name__ == "__main__":
    main()
