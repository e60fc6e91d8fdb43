"""`tenfold left-out`: everybody who was never included, and who contacts them first."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.community import load_community
from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.saved_plan import last_plan
from tenfold.app.terminal.options import at_option, half_life_option, limit_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.bonds.standing import UNBONDED

__all__ = ["left_out_command"]


@click.command("left-out", cls=Command)
@at_option
@half_life_option
@limit_option
@pass_session
def left_out_command(session: Session, at: str | None, half_life: str, limit: int) -> None:
    """Everybody who was never included, and who contacts them first."""
    with open_community(session.db, command="tenfold left-out", write=False, on_note=session.print_note) as store:
        community = load_community(store, at=at, half_life=half_life)
        saved = last_plan(store)
    if community.note:
        session.print_note(community.note)
    never = community.standing.filter(pl.col("standing").is_in(UNBONDED)).select("person", why="reason")
    planned = saved.tables["left_out"].select("person", "first_contact", "circle") if saved is not None else None
    if planned is None:
        never = never.with_columns(first_contact=pl.lit(None, pl.String), circle=pl.lit(None, pl.Int64))
    else:
        never = never.join(planned, on="person", how="left", maintain_order="left")
    names = community.names()
    session.print_table(
        f"Never included ({never.height})", never.with_columns(pl.col("person", "first_contact").replace(names)), limit=limit
    )
    if never.height and saved is None:
        session.print_lines("`tenfold plan` gives each of them a circle and a first contact.")
    session.print_json({"at": community.at, "left_out": never})
