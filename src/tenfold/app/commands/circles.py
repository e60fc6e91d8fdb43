"""`tenfold circles`: the circles of the last plan."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.saved_plan import required_plan
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import PlanError

__all__ = ["circles_command"]


@click.command("circles", cls=Command)
@click.argument("number", required=False, type=click.IntRange(1))
@pass_session
def circles_command(session: Session, number: int | None) -> None:
    """The circles of the last plan; the people of one, if its NUMBER is given."""
    with open_community(session.db, command="tenfold circles", write=False, on_note=session.print_note) as store:
        saved = required_plan(store)
        names = dict(store.people().table.select("id", "name").iter_rows())
    table, members = saved.tables["circle_table"], saved.tables["circles"]
    if number is None:
        shown = table.with_columns(pl.col("mentor", "backup").replace(names))
        session.print_table(f"Circles of plan {saved.number}", shown.drop("strength_kept"))
        session.print_json({"plan": saved.number, "circles": table, "members": members})
        return
    if number not in table["circle"]:
        raise PlanError(f"circle {number} is not in plan {saved.number}; it has circles 1 to {table.height}.")
    one = members.filter(pl.col("circle") == number)
    session.print_table(
        f"Circle {number}", one.with_columns(name=pl.col("person").replace(names)).select("address", "name", "person", "role")
    )
    session.print_json({"plan": saved.number, "circle": table.filter(pl.col("circle") == number), "members": one})
