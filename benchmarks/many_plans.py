"""A community's file after many weekly plans: by how much it grows, and whether every old plan can still be read.

    python benchmarks/many_plans.py [--plans 300] [--people 200]

Real plans are made by `make_plan` for the first weeks, and saved as `tenfold plan` saves them; the rest repeat these, moved on by weeks and
with their numbers drawn anew, so that nothing packs better than it would. Exit code 1 where the file grows by 5 MB or more, or a task or a
statement of an old plan is not as it was saved.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

import machine
from tenfold.people.demo import make_demo, write_demo
from tenfold.people.readers import read_file
from tenfold.people.store import Store, open_store
from tenfold.plan.plan import make_plan

MADE, MOST = 3, 5.0


def fill(store: Store, folder: Path, people: int) -> None:
    """Import the demo."""
    files = write_demo(folder, make_demo(seed=3, n_people=people, ends=datetime(2026, 11, 24, tzinfo=UTC)))
    for parsed in sorted((read_file(path) for path in files), key=lambda one: one.what != "people"):
        store.import_file(parsed, at=datetime.now(UTC))


def shifted(frame: pl.DataFrame, weeks: int, draw: np.random.Generator) -> pl.DataFrame:
    """A table of a plan, some weeks later: its dates moved, its rows in another order, its numbers others."""
    later = timedelta(weeks=weeks)
    columns = [
        pl.Series(one.name, one.to_numpy() * draw.uniform(0.5, 1.5, len(one))) if one.dtype == pl.Float64 else one
        for one in frame.sample(fraction=1, shuffle=True, seed=int(draw.integers(2**31))).iter_columns()
    ]
    return pl.DataFrame(columns).with_columns((pl.col(pl.Date) + later), (pl.col(pl.Datetime("us", "UTC")) + later))


def main() -> int:
    """Make the plans, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plans", type=int, default=300)
    parser.add_argument("--people", type=int, default=200)
    asked = parser.parse_args()
    draw = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as place:
        db = Path(place) / "tenfold.db"
        with open_store(db, command="benchmark", write=True, create=True) as store:
            fill(store, Path(place), asked.people)
            people, contacts = store.people(), store.contacts()
        last = contacts.last()
        moments = [last - timedelta(weeks=MADE - 1 - k) for k in range(MADE)]
        plans = [make_plan(people, contacts.until(at), at=at, replicates=4, seed=1) for at in moments]
        made = [(at, plan.tables(), plan.settings) for at, plan in zip(moments, plans, strict=True)]
        kept: dict[int, dict[str, pl.DataFrame]] = {}
        sizes = [db.stat().st_size]
        for k in range(asked.plans):
            at, tables, settings = made[k % MADE]
            tables = {name: shifted(frame, k, draw) for name, frame in tables.items()}
            with open_store(db, command="benchmark", write=True) as store:
                number = store.save_plan(tables, settings, at + timedelta(weeks=k))
            kept[number] = {name: tables[name] for name in ("this_week", "statements")}
            sizes.append(db.stat().st_size)
        with open_store(db, command="benchmark", write=False) as store:
            read = {number: store.plan(number) for number in store.plan_numbers()}
    same = [
        number
        for number, tables in kept.items()
        if (plan := read[number]) and all(plan.tables[name].equals(one) for name, one in tables.items())
    ]
    grown = (sizes[-1] - sizes[0]) / 1e6
    tasks = sum(tables["this_week"].height for tables in kept.values())
    print(machine.name())
    print(f"{'plans':>6} {'file, MB':>9} {'grown, MB':>10}")
    for k in sorted({0, 1, 10, 50, 100, 200, asked.plans}):
        if k <= asked.plans:
            print(f"{k:>6} {sizes[k] / 1e6:>9.2f} {(sizes[k] - sizes[0]) / 1e6:>10.2f}")
    print(
        f"{asked.plans} plans of {len(people)} people with {tasks:,} tasks: {len(same)} read back as they were saved; {grown:.2f} MB"
    )
    return 0 if grown < MOST and len(same) == asked.plans else 1


if __name__ == "__main__":
    sys.exit(main())
