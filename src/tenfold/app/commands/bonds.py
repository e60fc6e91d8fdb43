"""`tenfold bonds`: the bonds, strongest first."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.community import load_community
from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.options import at_option, half_life_option, limit_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["bonds_command"]


@click.command("bonds", cls=Command)
@click.argument("person", required=False)
@at_option
@half_life_option
@click.option("--standing", type=click.Choice(["kept", "due", "fading", "lost"]), help="Only bonds that stand so.")
@limit_option
@pass_session
def bonds_command(session: Session, person: str | None, at: str | None, half_life: str, standing: str | None, limit: int) -> None:
    """The bonds, strongest first; of one PERSON, if named."""
    with open_community(session.db, command="tenfold bonds", write=False, on_note=session.print_note) as store:
        who = store.find_person(person) if person is not None else None
        community = load_community(store, at=at, half_life=half_life)
    if community.note:
        session.print_note(community.note)
    table = community.bonds.table
    if who is not None:
        table = table.filter((pl.col("a") == who) | (pl.col("b") == who))
    if standing is not None:
        table = table.filter(pl.col("standing") == standing)
    names = community.names()
    shown = table.head(limit).with_columns(pl.col("a", "b").replace(names))
    columns = ["a", "b", "strength", "contacts", "last", "silence", "usual_gap", "standing"]
    session.print_table(f"Bonds as of {community.at:%Y-%m-%d %H:%M} UTC (silence and usual gap in days)", shown.select(columns))
    if table.height > limit:
        session.print_lines(f"… and {table.height - limit} more")
    session.print_json(
        {"at": community.at, "half_life": half_life, "total_strength": float(table["strength"].sum()), "bonds": table}
    )
