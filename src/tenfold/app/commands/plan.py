"""`tenfold plan`: make the plan, try it, write it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.make_plan import make_plan, report_plan
from tenfold.app.terminal.options import at_option, force_option, half_life_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.plan.circles import BY

__all__ = ["plan_command"]

LOAD = ("carers", "contacts_per_carer", "contacts_per_member", "contacts", "quiet_days", "kinds")
"""Options that say what people carry."""


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
@click.option("--carers", help="Who carries: a file with a name on each line, or names separated by commas; all: who said yes.")
@click.option("--contacts-per-carer", type=click.IntRange(0, 150), help="Contacts of a carer in a week. [default: 5]")
@click.option(
    "--contacts-per-member",
    type=click.IntRange(0, 150),
    help="Contacts of anybody else in a week. [default: 1; 0 where --carers names some]",
)
@click.option("--contacts", type=click.IntRange(0), help="Contacts of a week, of all together. [default: 0.4 for each person]")
@click.option("--quiet-days", help="Days on which nothing is due, such as Sun or Sat,Sun; none for no such day.")
@click.option("--kinds", help="What is possible: some of visit,call,message. [default: all]")
@click.option("--locks", type=click.Path(path_type=Path), help="CSV file rule,person,with: in, not in, together, apart.")
@click.option("--fresh", is_flag=True, help="Forget the last plan's circles, instead of moving at most a tenth of the people.")
@click.option(
    "--strict-trial", is_flag=True, help="Write nothing if the plan does not win, instead of a plan with that warning on top."
)
@click.option(
    "--replicates",
    type=click.IntRange(2),
    help="Simulations of each scenario. [default: 200; 40 from 3,000 people on, 16 from 50,000]",
)
@at_option
@half_life_option
@force_option
@pass_session
def plan_command(session: Session, /, **options: Any) -> None:
    """Circles, mentors, and who contacts whom this week; tried against simpler plans before it is written.

    What people carry (carers, contacts, quiet days, kinds) is kept: the next plan has it too, until it is asked for otherwise.
    """
    from tenfold.app.actions.load import LoadRequest
    from tenfold.app.actions.make_plan import PlanRequest
    from tenfold.report.folder import OutputFolder
    from tenfold.report.plan.files import PLAN_FILES

    out, title, strict_trial, force = (options.pop(name) for name in ("out", "title", "strict_trial", "force"))
    output = OutputFolder(out, command="plan", force=force)
    output.check(PLAN_FILES)
    load = LoadRequest(**{name: options.pop(name) for name in LOAD})
    request = PlanRequest(**options, load=load)
    with (
        session.progress(14) as step,
        open_community(session.db, command="tenfold plan", write=True, on_note=session.print_note) as store,
    ):
        made = make_plan(session, store, request, output=output, title=title, strict_trial=strict_trial, progress=step)
    session.print_json(report_plan(session, made))
