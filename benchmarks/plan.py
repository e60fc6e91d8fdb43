"""Plans for 600, 1,000 and 10,000 people (a million contacts): seconds of `make_plan` and of all outputs, warm, and how they grow."""

from __future__ import annotations

import math
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

import machine
import tenfold as tf
from tenfold.bonds.standing import measure_standing
from tenfold.people.demo import make_demo
from tenfold.report.plan.files import write_plan_files
from tenfold.report.plan.plan_report import PlanReport

ENDS = datetime(2026, 11, 24, tzinfo=UTC)


def community(n: int, contacts: int | None) -> tuple[tf.People, tf.Contacts]:
    """The demo's community of n people; with `contacts`, its calls are repeated on other days until there are as many."""
    demo = make_demo(seed=0, n_people=n, ends=ENDS)
    table = demo.contacts.select("time", "a", pl.col("b").str.split("|").list.first()).filter(pl.col("a") != pl.col("b"))
    known = table["a"].is_in(demo.people["id"].implode()) & table["b"].is_in(demo.people["id"].implode())
    table = table.filter(known)
    if contacts is not None and table.height < contacts:
        rng = np.random.default_rng(0)
        again = table[rng.integers(0, table.height, contacts - table.height)]
        days = pl.Series(rng.integers(0, 80, again.height))
        later = (pl.col("time") + pl.duration(days=days)).clip(upper_bound=ENDS)
        table = pl.concat([table, again.with_columns(time=later)])
    listed = demo.people["id"].implode()
    there = demo.attendance.with_columns(pl.col("person").str.strip_chars()).filter(
        pl.col("person").is_in(listed), status="present"
    )
    met = tf.Contacts.from_gatherings(there, time="start", person="person", gathering="event")
    contacts_of = tf.Contacts.from_table(table, time="time", a="a", b="b")
    return tf.People.from_table(demo.people), tf.Contacts(contacts_of.table, met.gatherings)


def once(people: tf.People, contacts: tf.Contacts) -> tuple[float, float]:
    """Seconds of the plan, and of the plan with its outputs."""
    found: list[tf.Plan] = []
    planning = machine.seconds(lambda: found.append(tf.make_plan(people, contacts, at=ENDS)))
    bonds = tf.measure_bonds(contacts, at=ENDS)
    standing = measure_standing(people, contacts, bonds)
    empty = pl.DataFrame(schema={"a": pl.String, "b": pl.String, "score": pl.Float64, "why": pl.String})
    sources = PlanReport("benchmark", ENDS, found[0], people, bonds.table, standing, {}, empty)
    with tempfile.TemporaryDirectory() as folder:
        writing = machine.seconds(lambda: write_plan_files(Path(folder), sources))
    return planning, planning + writing


def main() -> None:
    """Warm up on a small one, then measure each size."""
    print(machine.name())
    once(*community(100, None))
    found = {}
    for n, contacts, repeats in ((600, None, 5), (1000, None, 5), (10_000, 1_000_000, 3)):
        people, met = community(n, contacts)
        runs = [once(people, met) for _ in range(repeats)]
        found[n] = [statistics.median(values) for values in zip(*runs, strict=True)]
        print(f"{n} people, {len(met)} contacts: plan {found[n][0]:.2f} s, with outputs {found[n][1]:.2f} s")
    growth = math.log(found[10_000][1] / found[1000][1]) / math.log(10)
    print(f"growth from 1,000 to 10,000 people, with outputs: n^{growth:.2f} (bar: 1.3)")
    print("bars: 600 people 6 s, 10,000 people 90 s")


if __name__ == "__main__":
    main()
