"""`tenfold backtest`: how good forecasts of the past would have been."""

from __future__ import annotations

import click
import polars as pl

from tenfold.app.actions.outputs import open_community
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.forecast.backtest import backtest

__all__ = ["backtest_command"]

WORDS = {
    "auc": "ranking",
    "brier": "squared error",
    "log_loss": "log loss",
    "ece": "calibration error",
    "total_error": "error of totals",
}


@click.command("backtest", cls=Command)
@click.option("--horizon", default="90d", show_default=True, help="How far each forecast reaches, such as 30d or 12w.")
@click.option("--bonds", is_flag=True, help="Bonds in place of people.")
@pass_session
def backtest_command(session: Session, horizon: str, bonds: bool) -> None:
    """Forecast your past as if it were the future, and compare with what came."""
    with open_community(session.db, command="tenfold backtest", write=False, on_note=session.print_note) as store:
        contacts = store.contacts()
    found = backtest(contacts, horizon=horizon, bonds=bonds)
    session.print_lines(found.words())
    if not found.missing:
        mine = found.table.filter(model="Tenfold", group="all").select(
            pl.col("at").dt.date(), "n", "expected", pl.format("{} to {}", "low", "high").alias("nine in ten"), "came"
        )
        session.print_table("Expected and came, moment by moment", mine)
        session.print_table(
            "Beside simpler models (ranking: 1 is perfect, .5 is chance; of errors less is better)", found.summary().rename(WORDS)
        )
        session.print_table("Of those given such a chance, how many came", found.reliability.drop("group"))
    session.print_json(
        {"missing": found.missing, "table": found.table, "summary": found.summary(), "reliability": found.reliability}
    )
