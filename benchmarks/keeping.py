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
from tenfold.forecast.hazards import fit_hazards
from tenfold.forecast.simulate import simulate_weeks
from tenfold.plan import plan as planning
from tenfold.plan.calls import Outlook, call_indices
from tenfold.plan.circles import place_people
from tenfold.plan.compare import start_of
from tenfold.plan.contacts import ORDERS, Pairs, find_candidates, weekly_contacts
from tenfold.plan.inclusion import choose_bridges
from tenfold.plan.mentors import choose_mentors
from tenfold.plan.rules import Locks, Rules

WEEKS, REPLICATES, SEED = 12, 1000, 0
SHARES = (0.1, 0.25, 0.5, 1.0)


def kept(people: tf.People, contacts: tf.Contacts, at: object) -> pl.DataFrame:
    """People and bonds kept after 12 weeks by each order, at shares of the calls that circles, carers and bridges ask for in a week."""
    bonds, rules = measure_bonds(contacts, at=at), Rules()
    draft = planning._draft(people, contacts, bonds)
    ties, n = draft.ties, draft.people.height
    placement = place_people(draft.people, ties, rules, Locks(), at=bonds.at, seed=SEED, before={}, changes=1.0)
    mentors = choose_mentors(draft.people, draft.standing, placement.circle, placement.count, ties, rules)
    never = np.array([one == "never included" for one in draft.standing])
    bridges, _ = choose_bridges(placement.circle, placement.count, ties, mentors, placement.languages)
    pairs = Pairs(ties, n)
    candidates = find_candidates(placement.circle, ties, mentors, never, bridges, pairs)
    start, hazards = start_of(draft.people, draft.standing, placement.languages, ties, bonds, pairs), fit_hazards(contacts, bonds)
    call_indices(hazards)

    def schedule(by: str, limit: int | None) -> list[np.ndarray]:
        return weekly_contacts(candidates, mentors, rules, WEEKS, len(pairs), outlook=Outlook(start, hazards), by=by, limit=limit)

    free = {by: schedule(by, None) for by in ORDERS}
    full = min(len(week) for weeks in free.values() for week in weeks)
    rows = []
    for share in (*SHARES, None):
        limit = None if share is None else max(1, round(share * full))
        runs = {}
        for by in ORDERS:
            weeks = free[by] if limit is None else schedule(by, limit)
            assert limit is None or {len(week) for week in weeks} == {limit}, by
            trips = [np.stack([candidates.who[w], candidates.whom[w], candidates.pair[w]], axis=1) for w in weeks]
            found = simulate_weeks(start, trips, hazards, replicates=REPLICATES, seed=SEED, mark=WEEKS)
            runs[by] = np.mean([len(week) for week in weeks]), found
        for by, (calls, found) in runs.items():
            gain = (runs["index"][1].people[:, WEEKS] - found.people[:, WEEKS]).astype(float)
            half = 1.96 * gain.std(ddof=1) / np.sqrt(REPLICATES)
            rows.append(
                {
                    "calls a week": round(float(calls), 1),
                    "order": by,
                    "people kept": found.people[:, WEEKS].mean(),
                    "index keeps more": gain.mean(),
                    "low": gain.mean() - half,
                    "high": gain.mean() + half,
                    "bonds kept": found.held[:, WEEKS].mean(),
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
