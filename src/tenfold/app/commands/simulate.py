"""`tenfold simulate` and `tenfold models`: the spread engine from a file."""

from __future__ import annotations

import json
from pathlib import Path

import click
import polars as pl

from tenfold.app.session import Command, Session, pass_session

__all__ = ["models_command", "simulate_command"]


@click.command("simulate", cls=Command)
@click.argument("spec", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("tenfold-simulation"), show_default=True, help="Folder.")
@pass_session
def simulate_command(session: Session, spec: Path, out: Path) -> None:
    """Run the experiment of a TOML file, or again that of a provenance.json. A --seed goes before the seed of the file.

    Writes counts and summary as Parquet, a figure, and the provenance.json that replays the run.
    """
    from tenfold.report.atomic_files import write_atomically
    from tenfold.report.spread.figures import counts_figure
    from tenfold.report.tables import write_table
    from tenfold.spread.simulate import simulate
    from tenfold.spread.spec import read_experiment

    experiment = read_experiment(spec, seed=session.asked_seed)
    done = 0
    with session.progress(max(experiment.replicates, 1) if isinstance(experiment.replicates, int) else 1) as step:

        def tell(replicates: int) -> None:
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
            progress=tell,
        )
    summary = result.summary()
    title = f"{experiment.model.name} on {experiment.people} people"
    about = json.dumps(result.provenance | experiment.record, indent=2, default=str)
    files = [
        write_table(out / "counts.parquet", result.table()),
        write_table(out / "summary.parquet", summary),
        write_atomically(out / "figure.svg", counts_figure(result, title).encode("utf-8")),
        write_atomically(out / "provenance.json", about.encode("utf-8")),
    ]
    step_reached, done = result.provenance["steps"], len(result.counts)
    last = summary.filter(pl.col("step") == step_reached)
    word = "time" if experiment.clock == "continuous" else "step"
    session.show(f"{title}: {word} {step_reached}, {done} replicates (bands hold nine in ten)", last)
    if result.provenance.get("interrupted"):
        session.say(f"Stopped: {done} of {experiment.replicates} replicates up to {word} {step_reached} are kept.")
    session.say(f"{', '.join(path.name for path in files)} in {out}")
    session.result({"folder": out, "files": files, "last": last, "provenance": result.provenance})


@click.command("models", cls=Command)
@click.argument("name", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a model instead.")
@pass_session
def models_command(session: Session, name: str | None, schema: bool) -> None:
    """The models of the library; of one NAME, its states and rules."""
    from tenfold.errors import SpecError
    from tenfold.spread.library import MODELS
    from tenfold.spread.model import Model

    if schema:
        click.echo(json.dumps(Model.schema(), indent=2))
        return
    if name is None:
        rows = [
            {"model": key, "states": ", ".join(make().states), "what": (make.__doc__ or "").splitlines()[0]}
            for key, make in MODELS.items()
        ]
        session.show("Models", pl.DataFrame(rows))
        session.result({"models": [make().to_dict() for make in MODELS.values()]})
        return
    if name not in MODELS:
        raise SpecError(f"models: '{name}' is none; expected one of {', '.join(MODELS)}.")
    model = MODELS[name]()
    session.say(
        f"{name}: {(MODELS[name].__doc__ or '').splitlines()[0]}", f"Source: {model.source}", f"States: {', '.join(model.states)}"
    )
    rules = [
        {"rule": k, **{key: str(value) for key, value in rule.to_dict().items()}} for k, rule in enumerate(model.rules, start=1)
    ]
    session.show("Rules, in the order in which they are tried", pl.DataFrame(rules, infer_schema_length=None))
    session.result(model.to_dict())
