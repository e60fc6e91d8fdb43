"""`tenfold demo`: a made-up convention and the twelve weeks after it, from files to plan."""

from __future__ import annotations

import sys
import webbrowser
from datetime import UTC, datetime
from pathlib import Path

import click
from click.core import ParameterSource

from tenfold.app.actions.outputs import open_community, write_outputs
from tenfold.app.terminal.import_files import import_files
from tenfold.app.terminal.make_plan import make_plan, report_plan
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import DataError

__all__ = ["demo_command"]


@click.command("demo", cls=Command)
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("tenfold-demo"), show_default=True, help="Where everything goes."
)
@click.option(
    "--people", type=click.IntRange(40, 20_000), default=600, show_default=True, help="How many people the convention had."
)
@click.option("--no-open", is_flag=True, help="Do not open the page in the browser.")
@force_option
@pass_session
def demo_command(session: Session, folder: Path, people: int, no_open: bool, force: bool) -> None:
    """See what Tenfold does: a convention of 600 people, the weeks after it, and a plan for the next ones."""
    from tenfold.app.actions.make_plan import PlanRequest
    from tenfold.people.demo import demo_files, make_demo
    from tenfold.report.folder import OutputFolder
    from tenfold.report.plan.files import PLAN_FILES

    own = session.db if _names_file(click.get_current_context()) else None
    if own is not None and own.exists():
        raise DataError(
            f"demo: {own} is a community file already; expected a name that is free, as made-up people are not to come into it. "
            "Give another --db, or none."
        )
    inputs = OutputFolder(folder, command="demo", force=force)
    inputs.check(("people.csv", "contacts.csv", "attendance.csv"))
    output = OutputFolder(folder / "plan", command="plan", force=force)
    output.check(PLAN_FILES)
    ends = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    session.print_lines(f"A made-up convention of {people} people, and the twelve weeks after it:")
    made = demo_files(make_demo(seed=session.seed, n_people=people, ends=ends))
    files = tuple(write_outputs(inputs, made, on_note=session.print_note))
    session.db = own or folder / "tenfold.db"
    if session.db.exists():  # each demo has a community file of its own
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        session.db = folder / f"tenfold-{stamp}.db"
    imported = import_files(session, files, {})
    with (
        session.progress(14) as step,
        open_community(session.db, command="tenfold demo", write=True, on_note=session.print_note) as store,
    ):
        title = "A convention and the weeks after"
        request = PlanRequest(at=ends.isoformat())
        plan = make_plan(session, store, request, output=output, title=title, progress=step)
    document = report_plan(session, plan)
    page = (folder / "plan" / "plan.html").resolve()
    session.print_lines(f"Go on with the same community: tenfold --db {session.db} status")
    if not no_open and sys.stdout.isatty():
        webbrowser.open(page.as_uri())
    session.print_json({"folder": folder, "db": session.db, "page": page, "imported": imported, **document})


def _names_file(context: click.Context) -> bool:
    """Whether the command line itself names a community file, before or after the command; TENFOLD_DB is for other communities."""
    asked = [one.get_parameter_source("db") for one in (context, context.parent) if one is not None]
    return ParameterSource.COMMANDLINE in asked
