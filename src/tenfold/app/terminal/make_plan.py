"""Make a plan, with messages on the terminal: the trial against simpler plans, and a summary."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tenfold.app.actions.community import Community, load_community
from tenfold.app.actions.provenance import provenance
from tenfold.app.terminal.session import Session
from tenfold.errors import PlanError
from tenfold.people.store import Store

if TYPE_CHECKING:
    from tenfold.app.actions.make_plan import PlanRequest
    from tenfold.plan.mentors.result import MentorPlacement
    from tenfold.plan.plan import Plan
    from tenfold.report.folder import OutputFolder

__all__ = ["MadePlan", "make_plan", "report_plan"]


@dataclass(frozen=True)
class MadePlan:
    """A plan with its number, and its files, which are in `folder` once the community file is committed."""

    community: Community
    plan: Plan
    number: int
    folder: Path
    files: list[Path]


def make_plan(
    session: Session,
    store: Store,
    request: PlanRequest,
    *,
    output: OutputFolder,
    title: str | None,
    strict_trial: bool = False,
    progress: Callable[[str], None],
) -> MadePlan:
    """Make the plan of the community in `store`, save it there, and stage its files.

    A plan that does not win is written with a warning on top; with `strict_trial` it is an error.
    """
    from tenfold.app.actions.make_plan import Feedback, plan_community, save_plan

    community = load_community(store, at=request.at, half_life=request.half_life)
    if community.note:
        session.print_note(community.note)
    plan = plan_community(store, community, request, seed=session.seed, progress=progress)
    if strict_trial and not plan.wins:
        _print_trial(session, plan)
        raise PlanError(f"{plan.warning} Nothing was written; without --strict-trial it is, with this warning on top.")
    progress("choosing mentors")
    outreach = _choose_mentors(session, community, request.capacity)
    progress("writing")
    number, files = save_plan(
        store,
        community,
        plan,
        outreach,
        output=output,
        title=title,
        provenance=provenance(store, seed=session.seed, command="tenfold " + " ".join(sys.argv[1:])),
        feedback=Feedback(progress, session.print_note),
    )
    return MadePlan(community, plan, number, output.named, files)


def report_plan(session: Session, made: MadePlan) -> dict[str, Any]:
    """Print the trial and a summary of a plan whose files are in their places; returns a JSON document."""
    plan = made.plan
    _print_trial(session, plan)
    _print_summary(session, made.community, plan, made.number, made.folder)
    return {
        "plan": made.number,
        "at": made.community.at,
        "folder": made.folder,
        "files": len(made.files),
        "wins": plan.wins,
        "warning": plan.warning,
        "settings": plan.settings,
        **plan.tables(),
    }


def _choose_mentors(session: Session, community: Community, capacity: int) -> MentorPlacement | None:
    """Mentors for the reach of the practice; None, with a note, where nobody can be one."""
    from tenfold.app.actions.make_plan import choose_mentors

    try:
        return choose_mentors(community, capacity=capacity, seed=session.seed)
    except PlanError as error:
        session.print_note(f"The page has no section about mentors: {error}")
        return None


def _print_trial(session: Session, plan: Plan) -> None:
    """The plan against the simpler ones."""
    columns = ["baseline", "measure", "plan", "other", "difference", "low", "high", "contacts_a_week", "wins"]
    trial = plan.comparison.select(columns)
    session.print_table("The plan on trial (mean difference and its 95 % interval, on the same luck)", trial)


def _print_summary(session: Session, community: Community, plan: Plan, number: int, folder: Path) -> None:
    """The size of the plan, its first contacts, and what could not be met."""
    if plan.warning:
        session.print_note(f"warning: {plan.warning}")
    names = community.names()
    week = plan.this_week.with_columns(pl.col("who", "whom").replace(names))
    session.print_lines(
        f"Plan {number}: {plan.circles.height} people in {plan.circle_table.height} circles, {week.height} contacts this week, "
        f"{plan.left_out.height} without a bond, {_first_contacts(plan)} of them with a first contact this week; "
        f"{plan.excluded.height} gone or paused."
    )
    for row in week.head(5).iter_rows(named=True):
        session.print_lines(f"  {row['who']} → {row['whom']}, {row['kind']}: {row['reason']}")
    if plan.unmet.height:
        rules = ", ".join(
            f"{rule}: {count}"
            for rule, count in plan.unmet.group_by("rule").len().sort("len", "rule", descending=[True, False]).iter_rows()
        )
        session.print_lines(f"Rules that could not be met ({plan.unmet.height}; the page says what would help): {rules}")
    if plan.changes.height:
        session.print_lines(f"Since the last plan: {_changes_in_words(plan.changes)}.")
    session.print_lines(f"Open {folder / 'plan.html'}; the workbook, CSV and calendar files are beside it.")


def _changes_in_words(changes: pl.DataFrame) -> str:
    """How much is otherwise than in the last plan."""
    what = changes.filter(pl.col("what") == "circle")
    new, moved = what.filter(pl.col("before").is_null()).height, what.filter(pl.col("before").is_not_null()).height
    roles = changes.filter(pl.col("what").is_in(["mentor", "backup"])).height
    carers = changes.filter(pl.col("what") == "carer").height
    return f"{moved} people moved, {new} are new, {roles} mentors or backups and {carers} carers changed (the page says why)"


def _first_contacts(plan: Plan) -> int:
    """How many people without a bond are contacted first this week."""
    return int(plan.this_week.filter(pl.col("purpose") == "first contact")["whom"].n_unique())
