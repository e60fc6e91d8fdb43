"""Make a plan, stage by stage, and try it in simulation before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Unpack

import polars as pl

from tenfold.bonds.strength import measure_bonds
from tenfold.forecast.answers import associate_answers
from tenfold.forecast.planned_bonds import associate_planned
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan import tables
from tenfold.plan.bridges import choose_bridges
from tenfold.plan.candidates import find_candidates, first_contacts
from tenfold.plan.carers import choose_carers
from tenfold.plan.changes import change_table
from tenfold.plan.circles import assign_circles
from tenfold.plan.curve import load_curve
from tenfold.plan.effect import effect_table
from tenfold.plan.naming import name_circles
from tenfold.plan.promises import promised_contacts
from tenfold.plan.request import HORIZON, PlanOptions, read_request
from tenfold.plan.rings import nest_circles
from tenfold.plan.rules import check_rules
from tenfold.plan.scenarios import schedules
from tenfold.plan.situation import build_situation
from tenfold.plan.statements import reliability_of_plan, statement_table
from tenfold.plan.trial import run_trial
from tenfold.plan.week import choose_contacts

__all__ = ["HORIZON", "Plan", "make_plan"]


@dataclass(frozen=True)
class Plan:
    """A plan as Polars frames; people are named by id, circles are numbered from 1.

    Attributes
    ----------
    circles
        `circle`, `address` ("ring.circle.seat"), `name` (of the circle), `person`, `role`.
    circle_table
        One row a circle: what it is called, where it stands, who carries it, which circle it came from.
    mentors
        `circle`, `mentor`, `backup`, how many each looks after, and their capacity.
    carers
        `person`, and their `carer`.
    this_week
        `who`, `whom`, `kind`, `reason`, `purpose`, `due`, `circle`.
    left_out
        The never included, each with a `first_contact`.
    bridges
        `circle`, `to_circle`, `a`, `b`, and whether the bond `exists`.
    forecast
        `scenario`, `week` (0 to 52), `measure`, `mean`, `low`, `high` (90 % bands).
    comparison
        The plan against each baseline, with 95 % intervals of the difference.
    unmet
        Rules that are not met, each with a remedy.
    excluded
        Who is gone or paused.
    changes
        What is otherwise than in the last plan: circles of people, mentors, backups, carers; with the reason.
    curve
        People kept with more or fewer contacts a week: `contacts`, `people`, `low`, `high`, whether it is this `plan`, and the `knee`.
    hazards
        What the forecast assumes, with the sources.
    risks
        Chance of each person to be in touch after `weeks`, without and with the plan.
    statements
        `date`, `weeks`, `window` (weeks), `people`, `mean`, `low`, `high`, `words`: how many of the people of the plan will have
        been in contact, or at
        a gathering, in the window that ends on the date, as things go; to be checked when the date has passed.
    reliability
        How the same forecast did at earlier moments of the past, by tenths of the chance; as in `Backtest.reliability`.
    effects
        The plan against nothing if a contact is `worth` all, half or nothing of what is assumed; and `least`, the least at which it wins.
    answers
        Whether first contacts that were answered go with bonds that are alive later, in the own past: an association, one row or none.
    planned_bonds
        Whether bonds with a planned contact outlived comparable ones without: an association, one row or none.
    settings
        What the plan was made with.
    wins, warning
        Whether the plan beats every baseline; words for when it does not.
    """

    circles: pl.DataFrame
    circle_table: pl.DataFrame
    mentors: pl.DataFrame
    carers: pl.DataFrame
    this_week: pl.DataFrame
    left_out: pl.DataFrame
    bridges: pl.DataFrame
    forecast: pl.DataFrame
    comparison: pl.DataFrame
    unmet: pl.DataFrame
    excluded: pl.DataFrame
    changes: pl.DataFrame
    curve: pl.DataFrame
    hazards: pl.DataFrame
    risks: pl.DataFrame
    statements: pl.DataFrame
    reliability: pl.DataFrame
    effects: pl.DataFrame
    answers: pl.DataFrame
    planned_bonds: pl.DataFrame
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
    **options: Unpack[PlanOptions],
) -> Plan:
    """Make circles, choose mentors, say who contacts whom, and compare the plan with simpler ones.

    Parameters
    ----------
    people, contacts
        The roster and who was in contact with whom. Who is in the contacts and not on the roster is an error.
    weeks
        The week at which plans are compared, 1 to 52.
    capacity
        People that one carer looks after, where the roster does not say, 1 to 150.
    circle_size
        People in a circle, 3 to 50; two less to two more are allowed.
    replicates
        Simulations of each scenario; by default 200, 40 from 3,000 people on, and 16 from 50,000.
    seed
        Same seed, same plan.
    by
        What circles are built by: ``"bond"``, ``"place"``, ``"both"`` (the default), or ``"mix"`` of places.
    at, half_life
        The moment of the plan (by default that of the last contact) and the half-life of a contact (``"30d"``), as in `measure_bonds`.
    locks
        What the organiser decided (`Locks`).
    load
        What people carry in a week (`Load`): who carries, how many contacts each makes and all together, quiet days, kinds.
    previous
        Frames of the last plan (`Plan.tables()`): circles keep their names, and people their circles, roles and carers where they can; at
        most a tenth of the people are moved, unless `fresh` (False by default).
    open_tasks
        `who`, `whom`: contacts that were planned and are still to be made; `put_off`, where it is there: not before that day.
    past_tasks
        What became of earlier plans: `who`, `whom`, `opened`, `closed`, `state` (open, done, not reached, later, dropped, withdrawn).
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
        An argument is out of range or unknown.

    Examples
    --------
    >>> roster = People.from_ids(str(i) for i in range(20))
    >>> frame = pl.DataFrame({"t": [0, 60, 120], "a": ["1", "2", "3"], "b": ["2", "3", "4"]})
    >>> plan = make_plan(roster, Contacts.from_table(frame, time="t", a="a", b="b"), replicates=4)
    >>> plan.circles["person"].n_unique()
    20
    """
    asked = read_request(weeks, capacity, circle_size, replicates, seed, options)
    limits, locks, previous = asked.limits, asked.locks, asked.previous

    asked.progress("measuring bonds")
    bonds = measure_bonds(contacts, asked.half_life, asked.at)
    asked.progress("learning from the past")
    situation = build_situation(people, contacts, bonds, asked.past_tasks)
    asked.progress("building circles")
    circles = assign_circles(situation, limits, by=asked.by, locks=locks, previous=previous, seed=seed)
    naming = name_circles(situation, circles, locks, previous)
    rings = nest_circles(situation, circles, limits, previous=previous, seed=seed)
    carers = choose_carers(situation, circles, limits, locks=locks, previous=previous)
    bridges = choose_bridges(situation, circles, carers)
    first = first_contacts(situation, circles, carers)
    candidates = find_candidates(situation, circles, carers, bridges)
    promises = promised_contacts(situation, candidates, asked.open_tasks, locks.not_this_week)
    contacts_by_week = choose_contacts(situation, candidates, carers, limits, weeks=HORIZON, promises=promises)
    design = asked.design(situation.n)
    trial = run_trial(situation, circles, candidates, contacts_by_week, design, progress=asked.progress)
    scenarios = schedules(situation.n, candidates, contacts_by_week, design.seed)

    return Plan(
        circles=tables.member_table(situation, circles, rings, carers, naming, previous),
        circle_table=tables.circle_table(situation, circles, rings, carers, bridges, naming, locks.meetings),
        mentors=tables.mentor_table(situation, circles, carers),
        carers=tables.carer_table(situation, carers),
        this_week=tables.week_table(situation, circles, carers, candidates, contacts_by_week[0], load=limits.load),
        left_out=tables.left_out_table(situation, circles, first),
        bridges=tables.bridge_table(situation, circles, bridges),
        forecast=tables.forecast_table(situation, trial.ensembles),
        comparison=trial.comparison,
        unmet=check_rules(
            situation, circles, carers, bridges, limits=limits, locks=locks, contacted=candidates.recipient[contacts_by_week[0]]
        ),
        excluded=situation.excluded,
        changes=change_table(situation, circles, carers, naming, locks, previous),
        curve=load_curve(situation, candidates, carers, limits, design),
        hazards=situation.assumptions.table(situation.future),
        risks=tables.risk_table(situation, trial.ensembles),
        statements=statement_table(situation),
        reliability=reliability_of_plan(situation, design.endpoint),
        effects=effect_table(situation, scenarios, trial.ensembles, design),
        answers=associate_answers(contacts.until(situation.at)),
        planned_bonds=associate_planned(contacts.until(situation.at), asked.past_tasks),
        settings=asked.settings(situation, circles),
        wins=trial.wins,
        warning=trial.warning,
    )
