"""`tenfold plan`: make the plan, try it, write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from tenfold.app.commands.options import at_option, half_life_option
from tenfold.app.community import Community, load, provenance
from tenfold.app.session import Command, Session, pass_session
from tenfold.errors import PlanError
from tenfold.people.store import Store, open_store
from tenfold.plan.rules import BY

if TYPE_CHECKING:
    from tenfold.plan.outreach import Outreach

__all__ = ["plan_command", "write_plan"]


@click.command("plan", cls=Command)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("tenfold-plan"),
    show_default=True,
    help="Folder for the page, workbook, CSV and calendar files.",
)
@click.option("--title", help="What the page is called. [default: the name of the community file]")
@click.option("--weeks", type=click.IntRange(1, 52), default=12, show_default=True, help="The week at which plans are compared.")
@click.option(
    "--circle-size", type=click.IntRange(3, 50), default=10, show_default=True, help="People in a circle, two less or more."
)
@click.option(
    "--by",
    type=click.Choice(BY),
    default="both",
    show_default=True,
    help="What circles are built by: bonds, place, both, or a mix of places.",
)
@click.option(
    "--capacity",
    type=click.IntRange(1, 150),
    default=8,
    show_default=True,
    help="People that a carer looks after, where the list does not say.",
)
@click.option("--locks", type=click.Path(path_type=Path), help="CSV file rule,person,with: in, not in, together, apart.")
@click.option("--fresh", is_flag=True, help="Forget the last plan's circles, instead of moving at most a tenth of the people.")
@click.option("--anyway", is_flag=True, help="Write the plan even if it does not win, with that warning on top.")
@click.option(
    "--replicates", type=click.IntRange(2), help="Simulations of each scenario. [default: 200; 40 from 3,000 people on]"
)
@at_option
@half_life_option
@pass_session
def plan_command(session: Session, /, **options: Any) -> None:
    """Circles, mentors, and who contacts whom this week; tried against simpler plans before it is written."""
    out, anyway = options.pop("out"), options.pop("anyway")
    with session.progress(14) as step, open_store(session.db, command="tenfold plan", write=True, on_wait=session.note) as store:
        document = write_plan(session, store, out, step, anyway=anyway, **options)
    session.result(document)


def write_plan(
    session: Session,
    store: Store,
    out: Path,
    step: Any,
    *,
    anyway: bool,
    at: str | None,
    half_life: str,
    locks: Path | None,
    fresh: bool,
    weeks: int,
    circle_size: int,
    by: str,
    capacity: int,
    replicates: int | None,
    title: str | None,
) -> dict[str, Any]:
    """Make the plan of the community in `store`, save it there, and write its files into `out`."""
    from tenfold.plan.plan import make_plan
    from tenfold.plan.rules import read_locks
    from tenfold.report.plan.files import write_plan_files
    from tenfold.report.plan.plan_report import PlanReport

    community = load(store, at=at, half_life=half_life)
    if community.note:
        session.note(community.note)
    last = store.last_plan()
    plan = make_plan(
        community.people,
        community.contacts,
        weeks=weeks,
        capacity=capacity,
        circle_size=circle_size,
        replicates=replicates,
        seed=session.seed,
        by=by,
        at=community.at,
        half_life=half_life,
        progress=step,
        fresh=fresh,
        locks=read_locks(locks, community.people.table) if locks is not None else None,
        previous=last.tables["circles"] if last is not None else None,
    )
    columns = ["baseline", "measure", "plan", "other", "difference", "low", "high", "contacts_a_week", "wins"]
    session.show("The plan on trial (mean difference and its 95 % interval, on the same luck)", plan.comparison.select(columns))
    if not plan.wins and not anyway:
        raise PlanError(f"{plan.warning} Nothing was written; --anyway writes it with this warning on top.")
    step("choosing mentors")
    outreach = mentors_of(session, community, capacity)
    step("writing")
    number = store.save_plan(plan.tables(), plan.settings, community.at)
    plan.settings["number"] = number
    report = PlanReport(
        title=title or ("Our community" if session.db.stem == "tenfold" else session.db.stem),
        at=community.at,
        plan=plan,
        people=community.people,
        bonds=community.bonds.table,
        standing=community.standing,
        quality=store.data_quality(),
        duplicates=store.probable_duplicates(),
        provenance=provenance(store, session.seed),
        outreach=outreach,
    )
    files = write_plan_files(out, report, progress=step)
    _summary(session, community, plan, number, out)
    return {
        "plan": number,
        "at": community.at,
        "folder": out,
        "files": len(files),
        "wins": plan.wins,
        "warning": plan.warning,
        "settings": plan.settings,
        **plan.tables(),
    }


def mentors_of(session: Session, community: Community, capacity: int) -> Outreach | None:
    """Mentors for the reach; None, with a note, where nobody can be one."""
    from tenfold.plan.outreach import place_mentors

    try:
        return place_mentors(community.people, community.bonds, standing=community.standing, capacity=capacity, seed=session.seed)
    except PlanError as error:
        session.note(f"The page has no section about mentors: {error}")
        return None


def _summary(session: Session, community: Community, plan: Any, number: int, out: Path) -> None:
    """What an organiser wants to know first."""
    if plan.warning:
        session.note(f"warning: {plan.warning}")
    names = community.names()
    week = plan.this_week.with_columns(pl.col("who", "whom").replace(names))
    session.say(
        f"Plan {number}: {plan.circles.height} people in {plan.circle_table.height} circles, {week.height} contacts this week, "
        f"{plan.left_out.height} never included get a first contact, {plan.excluded.height} gone or paused."
    )
    for row in week.head(5).iter_rows(named=True):
        session.say(f"  {row['who']} → {row['whom']}, {row['kind']}: {row['reason']}")
    if plan.unmet.height:
        rules = ", ".join(
            f"{rule}: {count}"
            for rule, count in plan.unmet.group_by("rule").len().sort("len", "rule", descending=[True, False]).iter_rows()
        )
        session.say(f"Rules that could not be met ({plan.unmet.height}; the page says what would help): {rules}")
    if plan.changes.height:
        new = plan.changes["before"].null_count()
        session.say(f"Since the last plan {plan.changes.height - new} people moved and {new} are new.")
    session.say(f"Open {out / 'plan.html'}; the workbook, CSV and calendar files are beside it.")
