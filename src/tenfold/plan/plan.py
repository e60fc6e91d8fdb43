"""Make a plan, and try it in simulation before anybody sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import checks
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import Bonds, measure_bonds
from tenfold.errors import PlanError, SpecError
from tenfold.forecast.hazards import fit_hazards
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.calls import Outlook
from tenfold.plan.circles import Ties, place_people, place_rings
from tenfold.plan.compare import compare, forecast_table, run_scenarios, start_of
from tenfold.plan.contacts import Pairs, find_candidates, weekly_contacts
from tenfold.plan.inclusion import choose_bridges, first_contacts
from tenfold.plan.mentors import choose_mentors
from tenfold.plan.rules import Locks, Rules
from tenfold.plan.tables import Draft, circle_tables, contact_table, left_out_table, mentor_table, unmet_table

__all__ = ["HORIZON", "Plan", "make_plan"]

Ints = NDArray[np.int64]
HORIZON = 52
"""Weeks that a forecast reaches."""

CHANGES = 0.1
"""Share of the people whom a re-plan moves at most."""


@dataclass(frozen=True)
class Plan:
    """A plan as Polars frames; people are named by id, circles are numbered from 1.

    `circles`: `circle`, `address` ("ring.circle.seat"), `person`, `role`. `circle_table`: one row a circle. `mentors`: `circle`,
    `mentor`,
    `backup` and whom they look after. `this_week`: `who`, `whom`, `kind`, `reason`, `purpose`, `due`, `circle`. `left_out`: the never
    included, each with a `first_contact`. `bridges`. `forecast`: `scenario`, `week` (0..52), `measure`, `mean`, `low`, `high`
    (90 % bands).
    `comparison`: the plan against each baseline, with 95 % intervals of the difference. `unmet`: rules not met, with a remedy.
    `excluded`:
    who is gone or paused. `changes`: who was moved since the last plan. `hazards`: what the forecast assumes, and why. `risks`: chance of
    each person to be in touch after `weeks`, without and with the plan.
    `settings`: what the plan was made with. `wins`: whether it beats every baseline; `warning`: words for when it does not.
    """

    circles: pl.DataFrame
    circle_table: pl.DataFrame
    mentors: pl.DataFrame
    this_week: pl.DataFrame
    left_out: pl.DataFrame
    bridges: pl.DataFrame
    forecast: pl.DataFrame
    comparison: pl.DataFrame
    unmet: pl.DataFrame
    excluded: pl.DataFrame
    changes: pl.DataFrame
    hazards: pl.DataFrame
    risks: pl.DataFrame
    settings: dict[str, Any]
    wins: bool
    warning: str

    def tables(self) -> dict[str, pl.DataFrame]:
        """All frames by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.type == "pl.DataFrame"}


def make_plan(
    people: People,
    contacts: Contacts,
    *,
    weeks: int = 12,
    capacity: int = 8,
    circle_size: int = 10,
    replicates: int | None = None,
    seed: int = 0,
    by: str = "both",
    at: object = None,
    half_life: object = "30d",
    locks: Locks | None = None,
    previous: pl.DataFrame | None = None,
    fresh: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Plan:
    """Make circles, choose mentors, say who contacts whom, and compare the plan with simpler ones.

    Parameters
    ----------
    people, contacts
        The roster and who was in contact with whom. Who is in the contacts and not on the roster is an error.
    weeks
        The week at which plans are compared, 1 to 52.
    capacity
        People that one carer looks after, where the roster does not say.
    circle_size
        People in a circle; two less to two more are allowed.
    replicates
        Simulations of each scenario; by default 200, and 40 from 3,000 people on.
    seed
        Same seed, same plan.
    by
        What circles are built by: ``"bond"``, ``"place"``, ``"both"``, or ``"mix"`` of places.
    at, half_life
        The moment of the plan and the half-life of a contact, as in `measure_bonds`.
    locks
        Placements that are fixed or forbidden.
    previous
        `circles` of the last plan: at most a tenth of those in it are moved, unless `fresh`.
    progress
        Called with a few words at each step.

    Returns
    -------
    Plan
        Whether or not it wins; see `Plan.wins`.

    Raises
    ------
    PlanError
        Nobody is to be placed, or somebody cannot be.
    SpecError
        An argument is out of range.

    Examples
    --------
    >>> roster = People.from_ids(str(i) for i in range(20))
    >>> frame = pl.DataFrame({"t": [0, 60, 120], "a": ["1", "2", "3"], "b": ["2", "3", "4"]})
    >>> plan = make_plan(roster, Contacts.from_table(frame, time="t", a="a", b="b"), replicates=4)
    >>> plan.circles["person"].n_unique()
    20
    """
    checks.whole(weeks, "weeks", low=1, high=HORIZON)
    checks.whole(seed, "seed", low=0, high=2**32 - 1)
    rules, locks = Rules(circle_size=circle_size, by=by, capacity=capacity), locks or Locks()
    tell = progress or (lambda _: None)
    tell("measuring bonds")
    bonds = measure_bonds(contacts, half_life, at)
    draft = _draft(people, contacts, bonds)
    n = draft.people.height
    runs = checks.whole(replicates, "replicates", low=1) if replicates is not None else 200 if n < 3000 else 40
    tell("building circles")
    before = {} if previous is None or fresh else dict(previous.select("person", "circle").iter_rows())
    ties = draft.ties
    placement = place_people(draft.people, ties, rules, locks, at=bonds.at, seed=seed, before=before, changes=CHANGES)
    circle, count = placement.circle, placement.count
    rings = place_rings(circle, count, ties, circle_size, seed)
    mentors = choose_mentors(draft.people, draft.standing, circle, count, ties, rules)
    never = np.array([one == "never included" for one in draft.standing])
    bridges, existing = choose_bridges(circle, count, ties, mentors, placement.languages)
    pairs = Pairs(ties, n)
    candidates = find_candidates(circle, ties, mentors, never, bridges, pairs)
    tell("fitting hazards")
    hazards = fit_hazards(contacts, bonds)
    outlook = Outlook(start_of(draft.people, draft.standing, placement.languages, ties, bonds, pairs), hazards)
    chosen = weekly_contacts(candidates, mentors, rules, HORIZON, len(pairs), outlook=outlook)
    ensembles = run_scenarios(
        draft.people,
        draft.standing,
        placement.languages,
        ties,
        bonds,
        candidates,
        chosen,
        hazards,
        mark=weeks,
        replicates=runs,
        seed=seed,
        progress=progress,
    )
    comparison, wins = compare(ensembles, circle, count, ties, chosen, weeks, seed)
    circles, circle_table = circle_tables(draft, placement, rings, mentors, bridges)
    moved = pl.DataFrame(
        [
            {"person": one, "before": before.get(one), "now": int(number) + 1}
            for one, number in zip(draft.people["id"], circle, strict=True)
            if before and before.get(one) != int(number) + 1
        ],
        schema={"person": pl.String, "before": pl.Int64, "now": pl.Int64},
    )
    ids = draft.people["id"]
    return Plan(
        circles=circles,
        circle_table=circle_table,
        mentors=mentor_table(draft, circle, mentors),
        this_week=contact_table(draft, circle, mentors, candidates, chosen[0]),
        left_out=left_out_table(draft, circle, never, first_contacts(never, mentors, circle)),
        bridges=pl.DataFrame(
            {
                "circle": circle[bridges[:, 0]] + 1,
                "to_circle": circle[bridges[:, 1]] + 1,
                "a": ids.gather(bridges[:, 0]),
                "b": ids.gather(bridges[:, 1]),
                "exists": np.arange(len(bridges)) < existing,
            }
        ),
        forecast=forecast_table(ensembles),
        comparison=comparison,
        unmet=unmet_table(draft, placement, rules, locks, mentors, bridges),
        excluded=draft.excluded,
        changes=moved,
        hazards=hazards.table(),
        risks=pl.DataFrame({"person": ids, "without": ensembles["nothing"].kept, "with_plan": ensembles["plan"].kept}),
        settings={
            "seed": seed,
            "weeks": weeks,
            "capacity": capacity,
            "circle_size": circle_size,
            "replicates": runs,
            "by": by,
            "half_life_days": bonds.half_life.total_seconds() / 86400,
            "at": bonds.at.isoformat(),
            "people": n,
            "circles": count,
        },
        wins=wins,
        warning="" if wins else _warning(comparison, weeks),
    )


def _draft(people: People, contacts: Contacts, bonds: Bonds) -> Draft:
    """Who is to be placed, with their standing and their bonds."""
    if not isinstance(people, People):
        raise SpecError(f"people is a {type(people).__name__}; expected People. Use read_people or People.from_table.")
    named = contacts.people().cast(pl.String)
    strangers = named.filter(~named.is_in(people.table["id"].implode()))
    if len(strangers):
        raise PlanError(
            f"contacts name {len(strangers)} people who are not on the list, first '{strangers[0]}'; add them to the people."
        )
    standing = measure_standing(people, contacts, bonds)
    seen = contacts.until(bonds.at)
    ends = [seen.table.select("time", person=pl.col(end).cast(pl.String)) for end in ("a", "b")]
    first = pl.concat([*ends, seen.gatherings.select("time", person=pl.col("person").cast(pl.String))])
    first = first.group_by("person").agg(first_seen=pl.col("time").min())
    table = people.table.join(standing, left_on="id", right_on="person", maintain_order="left")
    table = table.join(first, left_on="id", right_on="person", how="left", maintain_order="left")
    away = pl.col("standing").is_in(["gone", "paused"])
    placed = table.filter(~away)
    if not placed.height:
        raise PlanError(
            f"nobody is to be placed: of {table.height} people on the list all are gone or paused, or the list is empty. Import people."
        )
    excluded = table.filter(away).select(person="id", why="reason")
    return Draft(placed, placed["standing"].to_list(), Ties.among(placed["id"], bonds.table), excluded, bonds)


def _warning(comparison: pl.DataFrame, weeks: int) -> str:
    """Where the plan does not win, in words."""
    short = comparison.filter(~pl.col("wins") & (pl.col("measure") == f"people kept at {weeks} weeks"))
    parts = [
        f"{row['baseline']} ({row['plan']:.1f} against {row['other']:.1f} people, difference {row['low']:.1f} to {row['high']:.1f})"
        for row in short.iter_rows(named=True)
    ]
    return f"In simulation this plan does not keep more people at {weeks} weeks than " + " and ".join(parts) + "."
