"""Make a plan for the community, save it in the community file, and write its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenfold.app.actions.community import Community
from tenfold.app.actions.outputs import stage_outputs
from tenfold.app.actions.saved_plan import last_plan, statements_checked
from tenfold.errors import StoreError
from tenfold.people.store import Store
from tenfold.plan.locks import read_locks
from tenfold.plan.mentors.choose import place_mentors
from tenfold.plan.mentors.result import MentorPlacement
from tenfold.plan.plan import Plan, make_plan
from tenfold.report.folder import OutputFolder
from tenfold.report.plan.files import plan_files
from tenfold.report.plan.plan_report import PlanReport

__all__ = ["Feedback", "PlanRequest", "choose_mentors", "plan_community", "save_plan"]


@dataclass(frozen=True)
class PlanRequest:
    """What a plan is asked for.

    `weeks`: the week at which plans are compared. `circle_size`: people in a circle. `by`: what circles are built by. `capacity`: people
    that a carer looks after, where the list does not say. `locks`: a CSV file of placements that are fixed or forbidden. `fresh`: whether
    to forget the circles of the last plan. `replicates`: simulations of each scenario, None for the default. `half_life`: of bonds. `at`:
    the moment of the plan, None for now.
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


@dataclass(frozen=True)
class Feedback:
    """What is called while a plan is made: `progress` with a few words at each step, `note` with a line that is to be read."""

    progress: Callable[[str], None]
    note: Callable[[str], None]


def plan_community(
    store: Store, community: Community, request: PlanRequest, *, seed: int, progress: Callable[[str], None]
) -> Plan:
    """Make the plan; circles stay close to those of the last plan in `store`, unless the request is for fresh ones."""
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
        locks=read_locks(request.locks, community.people.table) if request.locks is not None else None,
        previous=last.tables["circles"] if last is not None else None,
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
    number = store.save_plan(plan.tables(), plan.settings, community.at)
    plan.settings["number"] = number
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
        checked=statements_checked(store, community.contacts),
    )
    files = plan_files(report, progress=feedback.progress)
    return number, stage_outputs(store, output, files, on_note=feedback.note)
