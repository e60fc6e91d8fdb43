"""`tenfold week`: what is planned this week, what is done of it, and what is left."""

from __future__ import annotations

from datetime import UTC, datetime

import click
import polars as pl

from tenfold.app.actions.decisions import circle_names, find_member
from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.saved_plan import required_plan
from tenfold.app.actions.tasks import learned_from, progress_of, week_history, week_of
from tenfold.app.terminal.options import limit_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["week_command"]

MARKS = {"done": "☑", "open": "☐", "not reached": "☐ tried", "later": "☐ later", "dropped": "–"}


@click.command("week", cls=Command)
@click.option("--by", type=click.Choice(["carer", "circle"]), default="carer", show_default=True, help="In which order.")
@click.option("--who", metavar="NAME", help="Only the tasks of one carer; with --history their weeks.")
@click.option("--open", "only_open", is_flag=True, help="Only what is still to be done.")
@click.option("--history", is_flag=True, help="The weeks so far: planned, done, not reached, dropped.")
@limit_option
@pass_session
def week_command(session: Session, by: str, who: str | None, only_open: bool, history: bool, limit: int) -> None:
    """What is planned this week, by carer or by circle; what is done, and what is left of last week."""
    with open_community(session.db, command="tenfold week", write=False, on_note=session.print_note) as store:
        saved = required_plan(store)
        names = dict(store.people().table.select("id", "name").iter_rows())
        one = None if who is None else find_member(store, who)
        if history:
            weeks, (adherence, bonds) = week_history(store, one), learned_from(store, datetime.now(UTC))
            session.print_table("Weeks of plans" + ("" if one is None else f": {names.get(one, one)}"), weeks, limit=limit)
            session.print_lines(
                f"Planned contacts that take place: {adherence.share:.0%} ({adherence.words()}).", *bonds["words"]
            )
            session.print_json({"weeks": weeks, "adherence": adherence._asdict(), "planned_bonds": bonds})
            return
        week = week_of(store)
    if one is not None:
        week = week.filter(pl.col("who") == one)
    done, planned = progress_of(week)
    called = circle_names(saved.tables["circle_table"])
    session.print_lines(
        f"Plan {saved.number} as of {saved.at:%Y-%m-%d %H:%M} UTC: {done} of {planned} contacts are done"
        + (f", {int(week['late'].sum())} are left of weeks before." if week["late"].any() else ".")
    )
    shown = week.filter(pl.col("state") != "done") if only_open else week
    shown = shown.with_columns(
        pl.col("who", "whom").replace(names),
        circle_name=pl.col("circle").replace_strict(called, default=None, return_dtype=pl.String),
        state=pl.col("state").replace(MARKS),
    )
    order = ["who", "due", "whom"] if by == "carer" else ["circle", "due", "who"]
    columns = ["state", "who", "whom", "kind", "due", "reason"] + (["circle_name"] if by == "circle" else [])
    session.print_table(
        f"This week, by {by}", shown.sort(order).select(columns).rename({"circle_name": "circle"}, strict=False), limit=limit
    )
    session.print_json({"plan": saved.number, "at": saved.at, "done": done, "planned": planned, "tasks": week})
