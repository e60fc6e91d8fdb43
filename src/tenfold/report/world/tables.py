"""Tables of a world: degrees, places, villages and the crisis."""

from __future__ import annotations

import numpy as np
import polars as pl

from tenfold.world.result import WorldResult
from tenfold.world.world import AREAS

__all__ = ["crisis_table", "degrees_table", "places_table", "villages_table"]


def degrees_table(run: WorldResult) -> pl.DataFrame:
    """A row a degree: its power, its number of groups and of those united at the end, the step of the first, and the steps it took."""
    united = pl.Series("united", run.united[0, -1].tolist())
    steps = [pl.col(name).cast(pl.Int64) for name in ("step", "after")]
    return run.summary().select("degree", "name", "power", "groups", united, *steps)


def places_table(run: WorldResult) -> pl.DataFrame:
    """A row for each part of the whole: its people, those who have attained at the end, and the steps of its first and last village."""
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
    """A row a village: the step at which it was united, and the step at which the crisis reached a tenth there; null for never."""
    frame = pl.DataFrame(
        {"village": np.arange(run.world.villages), "united": run.village_times[0], "crisis": run.crisis_times[0]}
    )
    return frame.with_columns(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in ("united", "crisis"))


def crisis_table(run: WorldResult) -> pl.DataFrame:
    """A row an area of life: the worst severity, the mean of all villages, its step, and the severity at the end."""
    crisis = run.crisis[0]
    return pl.DataFrame(
        {
            "area": list(AREAS),
            "worst": crisis.max(axis=0),
            "at_step": crisis.argmax(axis=0),
            "at_end": crisis[-1],
        }
    )
