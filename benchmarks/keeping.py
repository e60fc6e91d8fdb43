"""Who gets this week's calls: the Whittle index against the order by purpose, most-overdue-first and round-robin, at equal calls
on the same luck."""

from __future__ import annotations

import numpy as np
import polars as pl

import machine
import tenfold as tf
from plan import ENDS, community
from quality import SHARED
from tenfold.bonds.strength import measure_bonds
from tenfold.forecast.simulate import simulate_weeks
from tenfold.plan.bridges import choose_bridges
from tenfold.plan.candidates import find_candidates
from tenfold.plan.carers import choose_carers
from tenfold.plan.circles import assign_circles
from tenfold.plan.cohort import build_cohort
from tenfold.plan.limits import Limits, Load
from tenfold.plan.situation import build_situation
from tenfold.plan.week import ORDERS, choose_contacts

WEEKS, REPLICATES, SEED = 12, 1000, 0
SHARES = (0.1, 0.25, 0.5, 1.0)


def kept(people: tf.People, contacts: tf.Contacts, at: object) -> pl.DataFrame:
    """People and bonds kept after 12 weeks by each order, at shares of the calls that circles, carers and bridges ask for in a week."""
    situation = build_situation(people, contacts, measure_bonds(contacts, at=at))
    circles = assign_circles(situation, Limits(), seed=SEED)
    carers = choose_carers(situation, circles, Limits())
    bridges = choose_bridges(situation, circles, carers)
    candidates = find_candidates(situation, circles, carers, bridges)
    cohort, pair = build_cohort(situation, candidates.pairs), candidates.pairs.of_contact

    def schedule(order: str, limit: int | None) -> list[np.ndarray]:
        limits = Limits(load=Load(contacts_in_all=limit, contacts_received=3))
        return choose_contacts(situation, candidates, carers, limits, weeks=WEEKS, order=order)

    free = {order: schedule(order, None) for order in ORDERS}
    full = min(len(week) for weeks in free.values() for week in weeks)
    rows = []
    for share in (*SHARES, None):
        limit = None if share is None else max(1, round(share * full))
        runs = {}
        for order in ORDERS:
            weeks = free[order] if limit is None else schedule(order, limit)
            assert limit is None or {len(week) for week in weeks} == {limit}, order
            rows_of = [np.stack([candidates.initiator[w], candidates.recipient[w], pair[w]], axis=1) for w in weeks]
            found = simulate_weeks(cohort, rows_of, situation.assumptions, replicates=REPLICATES, seed=SEED, endpoint=WEEKS)
            runs[order] = np.mean([len(week) for week in weeks]), found
        for order, (calls, found) in runs.items():
            gain = (runs["index"][1].people_kept[:, WEEKS] - found.people_kept[:, WEEKS]).astype(float)
            half = 1.96 * gain.std(ddof=1) / np.sqrt(REPLICATES)
            rows.append(
                {
                    "calls a week": round(float(calls), 1),
                    "order": order,
                    "people kept": found.people_kept[:, WEEKS].mean(),
                    "index keeps more": gain.mean(),
                    "low": gain.mean() - half,
                    "high": gain.mean() + half,
                    "bonds kept": found.bonds_kept[:, WEEKS].mean(),
                }
            )
    return pl.DataFrame(rows)


def main() -> None:
    """The demo with seed 0, and the conference if its data is there."""
    print(f"{machine.name()}; {WEEKS} weeks, {REPLICATES} simulations, 95 % intervals of the mean difference on the same luck")
    print("orders: " + "; ".join(f"{name}: {words}" for name, words in ORDERS.items()))
    cases = {"demo": (*community(600, None), ENDS)}
    trace = SHARED / "contacts" / "sfhh_conference.tij.dat.gz"
    if trace.exists():
        met = tf.read_contacts(trace)
        cases["SFHH"] = (tf.People.from_ids(met.people()), met, None)
    else:
        print(f"SFHH: not at {trace}; set TENFOLD_SHARED")
    with pl.Config(tbl_rows=40, tbl_cols=20, tbl_width_chars=150, float_precision=2, tbl_hide_column_data_types=True):
        for name, (people, contacts, at) in cases.items():
            print(f"{name}: the last four rows are without a limit on all calls together, as in the plan")
            print(kept(people, contacts, at))


if __name__ == "__main__":
    main()
