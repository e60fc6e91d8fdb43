"""`tenfold simulate`: run a model of spreading on a network."""

from __future__ import annotations

import json
from pathlib import Path

import click
import polars as pl

from tenfold.app.actions.outputs import write_outputs
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session

__all__ = ["simulate_command"]


@click.command("simulate", cls=Command)
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("tenfold-simulation"), show_default=True, help="Folder.")
@force_option
@pass_session
def simulate_command(session: Session, spec: Path, out: Path, force: bool) -> None:
    """Run the experiment of a TOML file, or again that of a provenance.json. A --seed goes before the seed of the file.

    Writes counts and summary as Parquet, a figure, and the provenance.json that replays the run.
    """
    from tenfold.report.folder import OutputFolder
    from tenfold.report.spread.figures import counts_figure
    from tenfold.report.tables import table_file
    from tenfold.spread.simulate import simulate
    from tenfold.spread.spec import read_experiment

    output = OutputFolder(out, command="simulate", force=force)
    output.check(("counts.parquet", "summary.parquet", "figure.svg", "provenance.json"))
    experiment = read_experiment(spec, seed=session.asked_seed)
    done = 0
    with session.progress(max(experiment.replicates, 1) if isinstance(experiment.replicates, int) else 1) as step:

        def show_progress(replicates: int) -> None:
            nonlocal done
            for _ in range(replicates - done):
                step(f"{replicates} of {experiment.replicates} replicates")
            done = replicates

        result = simulate(
            experiment.model,
            experiment.graph,
            steps=experiment.steps,
            start=experiment.start,
            groups=experiment.groups,
            traits=experiment.traits,
            clock=experiment.clock,
            replicates=experiment.replicates,
            seed=experiment.seed,
            progress=show_progress,
        )
    summary = result.summary()
    title = f"{experiment.model.name} on {experiment.people} people"
    about = json.dumps(result.provenance | experiment.record, indent=2, default=str)
    made = [
        table_file("counts.parquet", result.table()),
        table_file("summary.parquet", summary),
        ("figure.svg", counts_figure(result, title).encode("utf-8")),
        ("provenance.json", about.encode("utf-8")),
    ]
    files = write_outputs(output, made, on_note=session.print_note)
    step_reached, done = result.provenance["steps"], len(result.counts)
    last = summary.filter(pl.col("step") == step_reached)
    word = "time" if experiment.clock == "continuous" else "step"
    session.print_table(f"{title}: {word} {step_reached}, {done} replicates (bands hold nine in ten)", last)
    if result.provenance.get("interrupted"):
        session.print_lines(f"Stopped: {done} of {experiment.replicates} replicates up to {word} {step_reached} are kept.")
    session.print_lines(f"{', '.join(path.name for path in files)} in {out}")
    session.print_json({"folder": out, "files": files, "last": last, "provenance": result.provenance})
