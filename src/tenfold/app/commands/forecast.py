"""`tenfold forecast`: the coming year, without and with the last plan."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.outputs import open_community
from tenfold.app.actions.saved_plan import checked_tally, checked_words, required_plan, statements_checked
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["forecast_command"]

SHOWN_WEEKS = (4, 12, 26, 52)


@click.command("forecast", cls=Command)
@pass_session
def forecast_command(session: Session) -> None:
    """People and bonds after 4, 12, 26 and 52 weeks, without and with the last plan."""
    with open_community(session.db, command="tenfold forecast", write=False, on_note=session.print_note) as store:
        saved = required_plan(store)
        passed = statements_checked(store, store.contacts())
    table = saved.tables["forecast"].filter(pl.col("week").is_in([0, *SHOWN_WEEKS]))
    for measure, title in (("people", "People in touch"), ("bonds", "Bonds of today that hold")):
        part = table.filter(pl.col("measure") == measure)
        text = pl.format("{} ({} to {})", *(pl.col(name).round(0).cast(pl.Int64) for name in ("mean", "low", "high")))
        wide = part.with_columns(text=text, week=pl.format("week {}", "week")).pivot("week", index="scenario", values="text")
        session.print_table(f"{title}: mean (nine in ten simulations)", wide)
    statements = saved.tables.get("statements", pl.DataFrame())
    for row in statements.iter_rows(named=True):
        session.print_lines(f"{row['words']}. {row['trust']}")
    for row in passed.iter_rows(named=True):
        session.print_lines(checked_words(row))
    if passed.height > 1:
        session.print_lines(checked_tally(passed))
    session.print_table("What this assumes", saved.tables["hazards"])
    document = {"plan": saved.number, "forecast": table, "hazards": saved.tables["hazards"]}
    session.print_json(document | {"statements": statements, "passed": passed})
