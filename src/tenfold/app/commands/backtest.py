"""`tenfold backtest`: how good forecasts of the past would have been."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from tenfold.app.actions.outputs import open_community, write_outputs
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session
from tenfold.errors import SpecError
from tenfold.forecast.backtest import backtest
from tenfold.report.folder import OutputFolder
from tenfold.report.plan.figures.reliability import reliability_figure

__all__ = ["backtest_command"]

ANY_PATH = click.Path(path_type=Path)
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
@click.option("--figure", type=ANY_PATH, help="A picture of the chances given and how many came, .svg.")
@force_option
@pass_session
def backtest_command(session: Session, horizon: str, bonds: bool, figure: Path | None, force: bool) -> None:
    """Forecast your past as if it were the future, and compare with what came."""
    if figure is not None:
        if figure.suffix.lower() != ".svg":
            raise SpecError(f"--figure is {figure.name}; expected a name that ends in .svg.")
        output = OutputFolder(figure.parent, command=f"backtest {figure.name}", force=force)
        output.check([figure.name])
    with open_community(session.db, command="tenfold backtest", write=False, on_note=session.print_note) as store:
        contacts = store.contacts()
    found = backtest(contacts, horizon=horizon, bonds=bonds)
    session.print_lines(found.words())
    if not found.missing:
        limits = pl.format("{} to {}", *(pl.col(one).cast(pl.Int64) for one in ("low", "high"))).alias("nine in ten")
        mine = found.table.filter(model="Tenfold", group="all").select(
            pl.col("at").dt.date(), "n", "expected", limits, "came", pl.col("ece").alias(WORDS["ece"])
        )
        session.print_table("Expected and came, moment by moment", mine)
        session.print_table(
            "Beside simpler models (ranking: 1 is perfect, .5 is chance; of errors less is better)", found.summary().rename(WORDS)
        )
        session.print_table("Of those given such a chance, how many came", found.reliability)
        if figure is not None:
            picture = (figure.name, reliability_figure(found.reliability).encode())
            write_outputs(output, [picture], on_note=session.print_note)
            session.print_lines(f"{figure}")
    session.print_json(
        {"missing": found.missing, "table": found.table, "summary": found.summary(), "reliability": found.reliability}
    )
