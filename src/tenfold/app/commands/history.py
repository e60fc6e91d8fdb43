"""`tenfold history`: what was changed, command by command."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.options import limit_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["history_command"]


@click.command("history", cls=Command)
@limit_option
@pass_session
def history_command(session: Session, limit: int) -> None:
    """What was changed, the newest first, each with the number for `tenfold undo`. Plans are not among it: make a new one."""
    with open_community(session.db, command="tenfold history", write=False, on_note=session.print_note) as store:
        table = store.history().reverse()
    what = pl.col("command").str.strip_prefix("tenfold ")
    shown = table.select("number", "at", what.alias("what"), "words", undone=pl.col("undone").cast(pl.String).fill_null(""))
    session.print_table("What was changed", shown.rename({"undone": "undone by"}), limit=limit)
    session.print_json({"batches": table})
