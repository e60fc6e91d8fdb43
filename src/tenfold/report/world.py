"""The page of a world: from one circle to the whole, told to an organiser."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenfold.report import world_figures as figures
from tenfold.report.words import count
from tenfold.world.result import WorldResult
from tenfold.world.world import AREAS, World, meanings

__all__ = ["crisis_table", "degrees_table", "places_table", "villages_table", "world_page"]

TITLES = {
    "join": "Joining", "lapse": "Keeping", "disturbance": "Disturbances", "demands": "Attention", "mentors": "Mentors",
    "crisis": "Crisis", "isolated": "People without a local group",
}  # fmt: skip


def degrees_table(run: WorldResult) -> pl.DataFrame:
    """A row a degree: its power, how many groups there are and are united at the end, when the first was, and after how many steps."""
    at_end = run.united[0, -1].tolist()
    return run.summary().select(
        "degree", "name", "power", "groups", pl.Series("united", at_end), pl.col("step").cast(pl.Int64), pl.col("after").cast(pl.Int64)
    )  # fmt: skip


def places_table(run: WorldResult) -> pl.DataFrame:
    """A row for each part of the whole: its people, who of them has attained at the end, and when its first and last village was united."""
    world = run.world
    width = 10 ** (world.levels - 1)
    rows = []
    for place in range(run.places.shape[2]):
        people = min(width, world.people - place * width)
        villages = run.village_times[0, place * width // 1000 : max(-(-(place * width + people) // 1000), 1)]
        came = villages[villages >= 0]
        rows.append(
            {
                "place": place,
                "people": people,
                "attained": int(run.places[0, -1, place]),
                "share": run.places[0, -1, place] / people,
                "first_village": int(came.min()) if len(came) and width >= 1000 else None,
                "last_village": int(came.max()) if len(came) == len(villages) and width >= 1000 else None,
            }
        )
    return pl.DataFrame(rows, schema_overrides={"first_village": pl.Int64, "last_village": pl.Int64})


def villages_table(run: WorldResult) -> pl.DataFrame:
    """A row a village: when it was united, and when the crisis was a tenth there; null for never."""
    frame = pl.DataFrame(
        {"village": np.arange(run.world.villages), "united": run.village_times[0], "crisis": run.crisis_times[0]}
    )
    return frame.with_columns(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in ("united", "crisis"))


def crisis_table(run: WorldResult) -> pl.DataFrame:
    """A row an area of life: how bad it was at its worst over all villages, when, and how bad it is at the end."""
    crisis = run.crisis[0]
    return pl.DataFrame(
        {
            "area": list(AREAS),
            "worst": crisis.max(axis=0),
            "at_step": crisis.argmax(axis=0),
            "at_end": crisis[-1],
        }
    )


def world_page(run: WorldResult) -> str:
    """One self-contained HTML file.

    Parameters
    ----------
    run
        A run of a world; of several replicates, the first is shown.
    """
    environment = Environment(
        loader=PackageLoader("tenfold.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["grouped"] = count
    style = Markup((environment.loader or PackageLoader("tenfold.report")).get_source(environment, "style.css")[0])
    world, times = run.world, run.village_times[0]
    last = int(run.ends[0])
    spread = _busy(run, last)
    return environment.get_template("world.html.j2").render(
        style=style,
        world=world,
        facts=_facts(run, last),
        sentence=_sentence(run, last),
        figures={
            "climb": Markup(figures.climb_figure(run, spread)),
            "degrees": Markup(figures.degrees_figure(run, spread)),
            "map": Markup(figures.map_figure(run)) if world.villages > 1 else "",
            "crisis": Markup(figures.crisis_figure(run, last)) if world.crisis_on else "",
        },
        swatches=_swatches(run),
        colours=[(figures.degree_colour(k, world.levels), f"degree {k}") for k in range(world.levels + 1)],
        heat=[(figures.heat(share), f"{share:.0%}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)],
        filled=[(figures.filled(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0)],
        never=int((times < 0).sum()),
        villages=world.villages,
        degrees=degrees_table(run).to_dicts(),
        places=places_table(run).to_dicts(),
        crisis=crisis_table(run).to_dicts(),
        last_village=run.last_village.row(0, named=True),
        parameters=_parameters(world),
        provenance=[(name, value) for name, value in run.provenance.items() if name != "world"],
        replicates=len(run.reach),
        steps=last,
        version=version("tenfold"),
    )


def _busy(run: WorldResult, last: int) -> int:
    """The step up to which something happens: a little after the last degree and village."""
    times = [*run.degree_times[0].tolist(), int(run.village_times[0].max())]
    full = int(np.argmax(run.reach[0] >= 0.99 * run.reach[0].max()))
    return int(min(last, max(*times, full) * 1.15 + 5))


def _share(run: WorldResult, step: int) -> float:
    return float(run.reach[0, step] / run.world.people)


def _facts(run: WorldResult, last: int) -> list[tuple[str, str]]:
    """Numbers to see first."""
    world, last_village = run.world, run.last_village.row(0, named=True)
    whole = int(run.degree_times[0, -1])
    facts = [
        (
            count(int(run.reach[0, last])),
            f"of {count(world.people)} people have attained at the end ({_percent(_share(run, last))})",
        )
    ]
    facts.append((f"step {whole}", "the whole was united") if whole >= 0 else ("not yet", "the whole is not united"))
    if world.villages > 1:
        step = last_village["step"]
        what = f"village {last_village['village']}, the last to be united"
        facts.append(
            (f"step {step}", what) if step is not None else ("never", f"village {last_village['village']} was not united")
        )
    if world.crisis_on:
        mean = run.crisis[0].mean(axis=1)
        facts.append(
            (_percent(float(mean.max())), f"the crisis at its worst, step {int(mean.argmax())}, mean of all places and areas")
        )
        over = np.flatnonzero(run.worst[0] >= 0.001)
        ended = int(over[-1]) + 1 if len(over) else 0
        facts.append(
            (f"step {ended}", "the crisis was over everywhere") if ended <= last else ("goes on", "the crisis at the end")
        )
    if world.isolated > 0:
        there = int(run.isolated[0, last])
        facts.append((count(there), f"people without a local group have attained; {_percent(world.isolated)} of all have none"))
    return facts


def _percent(share: float) -> str:
    """A share in words; less than all is never shown as 100 %."""
    if share < 1 and f"{share:.1%}" == "100.0%":
        return f"{min(share, 0.99999) * 100:.3f} %"
    return f"{share * 100:.3g} %"


def _sentence(run: WorldResult, last: int) -> str:
    """What happened, in two sentences."""
    took = run.degree_steps[0]
    start = int(run.reach[0, 0])
    begun = f"{count(start)} {'person has' if start == 1 else 'people have'} attained at the start"
    later = took[1:][~np.isnan(took[1:])]
    if not len(later):
        return f"{begun}. After {last} steps {count(int(run.reach[0, last]))} have, and no wider group is united."
    words = f"{begun}. Each wider degree took {later.min():.0f} to {later.max():.0f} steps"
    if took[0] > 0:
        words += f", the first one {took[0]:.0f}"
    return f"{words}. After {last} steps {count(int(run.reach[0, last]))} of {count(run.world.people)} have attained."


def _swatches(run: WorldResult) -> list[tuple[str, str]]:
    """Shades of the map and the steps that they stand for."""
    times, _ = figures.map_times(run)
    came = times[times >= 0]
    last = figures.edges(came)
    firsts = [float(np.floor(came.min())), *(edge + 1 for edge in last[:-1])] if len(came) else []
    return [
        (figures.shade(edge, last), f"step {edge:.0f}" if first >= edge else f"step {first:.0f} to {edge:.0f}")
        for first, edge in zip(firsts, last, strict=True)
    ]


def _parameters(world: World) -> list[tuple[str, list[tuple[str, Any, Any, str]]]]:
    """The parameters in groups: name, value, default of `World`, meaning."""
    plain, told, groups = World(world.people), meanings(), []
    rows: list[tuple[str, Any, Any, str]] = []
    for name, value in world.to_dict().items():
        if name == "people":
            continue
        if name in TITLES:
            rows = []
            groups.append((TITLES[name], rows))
        rows.append((name, value, getattr(plain, name), told[name].replace("`", "")))
    return groups
