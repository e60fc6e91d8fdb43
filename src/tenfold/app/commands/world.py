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

from tenfold.app.session import Command, Session, pass_session

if TYPE_CHECKING:
    from tenfold.world.result import WorldResult

__all__ = ["world_command"]

ALL = 1000  # the length of the progress bar


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
    **named: float | None,
) -> None:
    """Run the world in nested tens, from one united circle to the last village.

    Writes world.html, with the degrees over time, a map of the villages and the crisis, and the numbers as Parquet.
    """
    from tenfold.world.run import run_world
    from tenfold.world.world import World

    asked = {name: value for name, value in named.items() if value is not None}
    with _as_typed(asked):
        world = (World if plain else World.lived)(people).with_changes(**(_pairs(pairs) | asked))
    with session.progress(ALL) as bar:
        told, last = 0, 0.0

        def tell(replicate: int, step: int, reach: int) -> None:
            del replicate
            nonlocal told, last
            now = time.monotonic()
            if now - last > 0.1:
                place = int(ALL * math.log(max(reach, 1)) / math.log(max(world.people, 2)))
                bar(f"step {step}: {reach:,} of {world.people:,} people", max(place - told, 0))
                told, last = max(place, told), now

        try:
            with _as_typed(asked):
                run = run_world(
                    world, steps=steps, seed=session.seed, start=int(start) if start.isdecimal() else start, threads=threads,
                    progress=tell, checkpoint=checkpoint,
                )  # fmt: skip
        except KeyboardInterrupt:
            if checkpoint is not None and checkpoint.exists():
                session.note(f"{checkpoint}: is kept; the same command goes on from it.")
            raise
    _write(session, run, out)


@contextmanager
def _as_typed(asked: dict[str, float]) -> Iterator[None]:
    """Call the threshold in a message as it was typed: it is the only parameter whose option has another name."""
    from tenfold.errors import SpecError

    try:
        yield
    except SpecError as error:
        if "threshold" not in asked:
            raise
        raise SpecError(re.sub(r"\bthreshold (is|was) ", r"--theta \1 ", str(error), count=1)) from None


def _write(session: Session, run: WorldResult, out: Path) -> None:
    """The files, and what is said of them."""
    import json

    from tenfold.report.atomic_files import write_atomically
    from tenfold.report.tables import write_table
    from tenfold.report.words import format_count
    from tenfold.report.world.page import world_page
    from tenfold.report.world.tables import crisis_table, degrees_table, places_table, villages_table

    degrees, places, villages, crisis = degrees_table(run), places_table(run), villages_table(run), crisis_table(run)
    files = [
        write_atomically(out / "world.html", world_page(run).encode("utf-8")),
        write_table(out / "steps.parquet", run.table()),
        write_table(out / "degrees.parquet", degrees),
        write_table(out / "places.parquet", places),
        write_table(out / "villages.parquet", villages),
        write_atomically(out / "provenance.json", json.dumps(run.provenance, indent=2).encode("utf-8")),
    ]
    end, last = int(run.ends[0]), run.last_village.row(0, named=True)
    people, reach = run.world.people, int(run.reach[0, -1])
    session.show(
        f"{format_count(people)} people in nested tens, seed {session.seed}: when the first group of each degree was united",
        degrees,
    )
    session.show("Reach by place", places)
    if run.world.crisis_on:
        mean = run.crisis[0].mean(axis=1)
        marks = sorted({*(round(end * k / 6) for k in range(7)), int(mean.argmax())})
        told = ", ".join(f"{mean[step]:.0%} at step {step}" for step in marks)
        session.say(f"Crisis, mean of all places and areas: {told}.")
    when = f"was united at step {last['step']}" if last["step"] is not None else "was never united"
    session.say(
        f"{format_count(reach)} of {format_count(people)} people have attained at step {end}; "
        f"the last village, number {last['village']}, {when}."
    )
    session.say("This is a model of the source text; what it rests on is on the page.")
    session.say(f"{', '.join(path.name for path in files)} in {out}")
    session.result(
        {
            "folder": out, "files": files, "people": people, "attained": reach, "steps": end, "degrees": degrees, "places": places,
            "crisis": crisis if run.world.crisis_on else None, "last_village": last, "provenance": run.provenance,
        }
    )  # fmt: skip


def _pairs(pairs: tuple[str, ...]) -> dict[str, Any]:
    """NAME=VALUE pairs: numbers, yes or no, or words."""
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
