"""Make a plan for the community, save it in the community file, and write its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tenfold.app.actions.community import Community
from tenfold.app.actions.decisions import decide_locks, locks_of
from tenfold.app.actions.load import LoadRequest, load_of
from tenfold.app.actions.outputs import stage_outputs
from tenfold.app.actions.saved_plan import last_plan, statements_checked
from tenfold.app.actions.tasks import open_pairs, open_plan_tasks, past_tasks
from tenfold.bonds.attendance import missing_people
from tenfold.errors import StoreError
from tenfold.people.store import Store
from tenfold.plan.locks import read_locks
from tenfold.plan.mentors.choose import place_mentors
from tenfold.plan.mentors.result import MentorPlacement
from tenfold.plan.plan import Plan, make_plan
from tenfold.report.folder import OutputFolder
from tenfold.report.plan.announcements import ANNOUNCED
from tenfold.report.plan.calendar_files import announcements
from tenfold.report.plan.files import plan_files
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["Feedback", "PlanRequest", "choose_mentors", "plan_community", "save_plan"]


@dataclass(frozen=True)
class PlanRequest:
    """What a plan is asked for.

    `weeks`: the week at which plans are compared. `circle_size`: people in a circle. `by`: what circles are built by. `capacity`: people
    that a carer looks after, where the list does not say. `locks`: a CSV file of placements that are fixed or forbidden. `fresh`: whether
    to forget the circles of the last plan. `replicates`: simulations of each scenario, None for the default. `half_life`: of bonds. `at`:
    the moment of the plan, None for now. `load`: what people carry in a week.
    """

    weeks: int = 12
    circle_size: int = 10
    by: str = "both"
    capacity: int = 8
    locks: Path | None = None
    fresh: bool = False
    replicates: int | None = None
    half_life: str = "30d"
    at: str | None = None
    load: LoadRequest = field(default_factory=LoadRequest)


@dataclass(frozen=True)
class Feedback:
    """What is called while a plan is made: `progress` with a few words at each step, `note` with a line that is to be read."""

    progress: Callable[[str], None]
    note: Callable[[str], None]


def plan_community(
    store: Store, community: Community, request: PlanRequest, *, seed: int, progress: Callable[[str], None]
) -> Plan:
    """Make the plan; circles stay close to those of the last plan in `store`, unless the request is for fresh ones.

    What a file of locks says becomes decisions of the community.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    if request.locks is not None:
        decide_locks(store, read_locks(request.locks, community.people.table), now)
    store.close_tasks()
    try:
        last = last_plan(store)
    except StoreError:
        if not request.fresh:
            raise
        last = None
    return make_plan(
        community.people,
        community.contacts,
        weeks=request.weeks,
        capacity=request.capacity,
        circle_size=request.circle_size,
        replicates=request.replicates,
        seed=seed,
        by=request.by,
        at=community.at,
        half_life=request.half_life,
        progress=progress,
        fresh=request.fresh,
        locks=locks_of(store, now.date()),
        open_tasks=None if request.fresh else open_pairs(store),
        past_tasks=past_tasks(store),
        load=load_of(request.load, store, None if last is None else last.settings),
        previous=last.tables if last is not None else None,
    )


def choose_mentors(community: Community, *, capacity: int, seed: int) -> MentorPlacement:
    """Mentors for the reach of the practice; raises PlanError where nobody can be one."""
    return place_mentors(community.people, community.bonds, standing=community.standing, capacity=capacity, seed=seed)


def save_plan(
    store: Store,
    community: Community,
    plan: Plan,
    outreach: MentorPlacement | None,
    *,
    output: OutputFolder,
    title: str | None,
    provenance: dict[str, str],
    feedback: Feedback,
) -> tuple[int, list[Path]]:
    """Save the plan in `store`, and stage its files; returns its number, and where the files will be when the store is committed.

    The title of the page is by default the name of the community file.
    """
    report = PlanReport(
        title=title or ("Our community" if store.path.stem == "tenfold" else store.path.stem),
        at=community.at,
        plan=plan,
        people=community.people,
        bonds=community.bonds.table,
        standing=community.standing,
        quality=store.data_quality(),
        duplicates=store.probable_duplicates(),
        provenance=provenance,
        outreach=outreach,
        missing=missing_people(community.contacts, community.standing, community.at),
        checked=statements_checked(store, community.contacts),
    )
    announced = announcements(report, _announced_before(store))
    report = replace(report, announced=announced)
    number = store.save_plan({**plan.tables(), "announced": announced}, plan.settings, community.at)
    open_plan_tasks(store, plan.this_week, number, community.at)
    plan.settings["number"] = number
    files = plan_files(report, progress=feedback.progress)
    return number, stage_outputs(store, output, files, on_note=feedback.note)


def _announced_before(store: Store) -> pl.DataFrame | None:
    """What the calendars of the last plan say; None without one, or where it is none that they could go on from."""
    saved = store.last_plan()
    table = None if saved is None else saved.tables.get("announced")
    if table is None or dict(table.schema) != ANNOUNCED:
        return None
    return table
