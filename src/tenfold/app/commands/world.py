"""`tenfold world`: from one united circle to the whole."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.app.actions.outputs import write_outputs
from tenfold.app.terminal.options import force_option
from tenfold.app.terminal.session import Command, Session, pass_session

if TYPE_CHECKING:
    from tenfold.report.folder import OutputFolder
    from tenfold.world.result import WorldResult

__all__ = ["world_command"]

FILES = ("world.html", "steps.parquet", "degrees.parquet", "places.parquet", "villages.parquet", "provenance.json")
BAR_LENGTH = 1000  # steps of the progress bar


@click.command("world", cls=Command)
@click.option("--people", type=int, default=600_000, show_default=True, help="How many people there are.")
@click.option(
    "--theta", "threshold", type=float, help="Least share of its parts that have to be united for a group to be. [default: 0.7]"
)
@click.option("--factor", type=float, help="How many times stronger each degree is than the one below. [default: 10]")
@click.option("--first", type=float, help="What the first degree adds beyond that. [default: 6]")
@click.option("--join", type=float, help="Hazard of joining, per step and unit of power and head. [default: 0.05]")
@click.option(
    "--lapse", type=float, help="Hazard of lapsing, per step, with no upkeep and no support. [default: 0.01; 0 with --plain]"
)
@click.option("--upkeep", type=float, help="Upkeep of 1 halves the lapsing. [default: 4; 0 with --plain]")
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any parameter of docs/world.md, such as mentors=0.5; may be given several times.",
)
@click.option("--plain", is_flag=True, help="The rule of joining alone: nobody lapses, no crisis, nobody is isolated.")
@click.option("--steps", type=int, help="How many steps. [default: until all is reached or nobody is left, 2000 at most]")
@click.option(
    "--start", default="circle", show_default=True, help="Who has attained at the start: a number of people, circle or everyone."
)
@click.option("--threads", type=int, help="The result does not depend on it. [default: as many as there are cores]")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="A file to go on from after a stop.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("tenfold-world"), show_default=True, help="Folder.")
@force_option
@pass_session
def world_command(
    session: Session,
    /,
    people: int,
    pairs: tuple[str, ...],
    plain: bool,
    steps: int | None,
    start: str,
    threads: int | None,
    checkpoint: Path | None,
    out: Path,
    force: bool,
    **named: float | None,
) -> None:
    """Run the world in nested tens, from one united circle to the last village.

    Writes world.html, with the degrees over time, a map of the villages and the crisis, and the numbers as Parquet.
    """
    from tenfold.report.folder import OutputFolder
    from tenfold.world.checkpoint import remove_checkpoint
    from tenfold.world.run import run_world
    from tenfold.world.world import World

    output = OutputFolder(out, command="world", force=force)
    output.check(FILES)
    asked = {name: value for name, value in named.items() if value is not None}
    with _name_as_typed(asked):
        world = (World if plain else World.lived)(people).with_changes(**(_parse_pairs(pairs) | asked))
    with session.progress(BAR_LENGTH) as bar:
        position, updated = 0, 0.0

        def show_progress(replicate: int, step: int, reach: int) -> None:
            del replicate
            nonlocal position, updated
            now = time.monotonic()
            if now - updated > 0.1:
                reached = int(BAR_LENGTH * math.log(max(reach, 1)) / math.log(max(world.people, 2)))
                bar(f"step {step}: {reach:,} of {world.people:,} people", max(reached - position, 0))
                position, updated = max(reached, position), now

        try:
            with _name_as_typed(asked):
                run = run_world(
                    world,
                    steps=steps,
                    seed=session.seed,
                    start=int(start) if start.isdecimal() else start,
                    threads=threads,
                    progress=show_progress,
                    checkpoint=checkpoint,
                    keep_checkpoint=True,
                )
        except KeyboardInterrupt:
            if checkpoint is not None and checkpoint.exists():
                session.print_note(f"{checkpoint}: is kept; the same command goes on from it.")
            raise
    files = _write_files(session, run, output)
    if checkpoint is not None:  # only now is nothing lost with it
        remove_checkpoint(checkpoint)
    _report(session, run, out, files)


@contextmanager
def _name_as_typed(asked: dict[str, float]) -> Iterator[None]:
    """Name the threshold in a message by its option, --theta: it is the only parameter whose option has another name."""
    from tenfold.errors import SpecError

    try:
        yield
    except SpecError as error:
        if "threshold" not in asked:
            raise
        raise SpecError(re.sub(r"\bthreshold (is|was) ", r"--theta \1 ", str(error), count=1)) from None


def _write_files(session: Session, run: WorldResult, output: OutputFolder) -> list[Path]:
    """Write the files; returns their paths."""
    import json

    from tenfold.report.tables import table_file
    from tenfold.report.world.page import world_page
    from tenfold.report.world.tables import degrees_table, places_table, villages_table

    made = [
        ("world.html", world_page(run).encode("utf-8")),
        table_file("steps.parquet", run.table()),
        table_file("degrees.parquet", degrees_table(run)),
        table_file("places.parquet", places_table(run)),
        table_file("villages.parquet", villages_table(run)),
        ("provenance.json", json.dumps(run.provenance, indent=2).encode("utf-8")),
    ]
    return write_outputs(output, made, on_note=session.print_note)


def _report(session: Session, run: WorldResult, out: Path, files: list[Path]) -> None:
    """Print a summary."""
    from tenfold.report.words import format_count
    from tenfold.report.world.tables import crisis_table, degrees_table, places_table

    degrees, places, crisis = degrees_table(run), places_table(run), crisis_table(run)
    end, last = int(run.ends[0]), run.last_village.row(0, named=True)
    people, reach = run.world.people, int(run.reach[0, -1])
    session.print_table(
        f"{format_count(people)} people in nested tens, seed {session.seed}: when the first group of each degree was united",
        degrees,
    )
    session.print_table("Reach by place", places)
    if run.world.crisis_on:
        mean = run.crisis[0].mean(axis=1)
        marks = sorted({*(round(end * k / 6) for k in range(7)), int(mean.argmax())})
        severities = ", ".join(f"{mean[step]:.0%} at step {step}" for step in marks)
        session.print_lines(f"Crisis, mean of all places and areas: {severities}.")
    when = f"was united at step {last['step']}" if last["step"] is not None else "was never united"
    session.print_lines(
        f"{format_count(reach)} of {format_count(people)} people have attained at step {end}; "
        f"the last village, number {last['village']}, {when}."
    )
    session.print_lines("This is a model of the source text; what it rests on is on the page.")
    session.print_lines(f"{', '.join(path.name for path in files)} in {out}")
    session.print_json(
        {
            "folder": out,
            "files": files,
            "people": people,
            "attained": reach,
            "steps": end,
            "degrees": degrees,
            "places": places,
            "crisis": crisis if run.world.crisis_on else None,
            "last_village": last,
            "provenance": run.provenance,
        }
    )


def _parse_pairs(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Parse NAME=VALUE pairs: numbers, yes or no, or words."""
    from tenfold.errors import SpecError

    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, text = (part.strip() for part in pair.partition("="))
        if not (name and sign and text):
            raise SpecError(f"--set: got '{pair}'; expected NAME=VALUE, such as mentors=0.2.")
        found[name] = {"yes": True, "no": False, "true": True, "false": False}.get(text.lower(), text)
        for kind in (float, int):  # the last that fits
            try:
                found[name] = kind(text)
            except ValueError:
                continue
    return found
