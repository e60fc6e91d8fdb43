"""What the plan keeps, against its baselines: bond strength inside circles, and people kept at 12 weeks, on the demo and on SFHH."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

import machine
import tenfold as tf
from plan import ENDS, community

SHARED = Path(os.environ.get("TENFOLD_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
REPLICATES = 400


def show(name: str, plan: tf.Plan) -> None:
    """The comparison as a table."""
    with pl.Config(tbl_rows=20, tbl_cols=20, tbl_width_chars=150, float_precision=2, tbl_hide_column_data_types=True):
        print(f"{name}: {plan.circles.height} people in {plan.circle_table.height} circles, wins: {plan.wins}")
        print(plan.comparison.select("baseline", "measure", "plan", "other", "difference", "low", "high", "contacts_a_week"))


def main() -> None:
    """The demo with seed 0, and the conference if its data is there."""
    print(f"{machine.name()}; {REPLICATES} simulations, 95 % intervals of the mean difference on the same luck")
    people, contacts = community(600, None)
    show("demo", tf.make_plan(people, contacts, at=ENDS, replicates=REPLICATES))
    trace = SHARED / "contacts" / "sfhh_conference.tij.dat.gz"
    if not trace.exists():
        print(f"SFHH: not at {trace}; set TENFOLD_SHARED")
        return
    met = tf.read_contacts(trace)
    show("SFHH", tf.make_plan(tf.People.from_ids(met.people()), met, replicates=REPLICATES))


if __name__ == "__main__":
    main()
