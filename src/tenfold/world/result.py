"""What a run of the world gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import notebook
from tenfold.world.ladder import degree_name
from tenfold.world.world import AREAS, World

__all__ = ["WorldResult"]


@dataclass(frozen=True)
class WorldResult:
    """Counts over time, and when each degree and village came, in each replicate.

    All replicates have the same number of rows; one that ended before the others repeats its last row. L is `world.levels`.

    Attributes
    ----------
    degree_times
        (replicates, L, int64): in column d − 1 the first step at which a group of degree d was united; −1 for never.
    reach
        (replicates, steps + 1, int64): people who have attained.
    united
        (replicates, steps + 1, L, int64): in column l − 1 how many groups of level l are united.
    degrees
        (replicates, steps + 1, L + 1, int64): people who have attained by degree, the highest level up to which all groups around
        them are united.
    serving
        (replicates, steps + 1, int64): those of `reach` whose upkeep happens.
    isolated
        (replicates, steps + 1, int64): those of `reach` who have no local group.
    places
        (replicates, steps + 1, at most 10, int64): people who have attained in each part of the whole.
    crisis
        (replicates, steps + 1, areas, float64): mean severity over the villages, 0 to 1.
    worst
        (replicates, steps + 1, float64): severity where it is highest, over villages and areas.
    disturbed
        (replicates, steps + 1, int64): villages in a disturbance.
    village_times
        (replicates, villages, int32): the first step at which the village was united; −1 for never.
    crisis_times
        (replicates, villages, int32): the first step at which the village's mean severity was a tenth; −1 for never.
    ends
        (replicates, int64): the step at which the run ended.
    complete
        (replicates, bool): whether everyone had attained at that step.
    final
        (replicates, people, uint8): 1 for who has attained at the end; None unless asked for with ``keep="final"``.
    provenance
        What replays the run: the world, start, steps, seed, version.
    """

    world: World
    degree_times: NDArray[np.int64]
    reach: NDArray[np.int64]
    united: NDArray[np.int64]
    degrees: NDArray[np.int64]
    serving: NDArray[np.int64]
    isolated: NDArray[np.int64]
    places: NDArray[np.int64]
    crisis: NDArray[np.float64]
    worst: NDArray[np.float64]
    disturbed: NDArray[np.int64]
    village_times: NDArray[np.int32]
    crisis_times: NDArray[np.int32]
    ends: NDArray[np.int64]
    complete: NDArray[np.bool_]
    final: NDArray[np.uint8] | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """The run in a line: how large, how long, and who had attained at the end."""
        return notebook.line("WorldResult", self._facts())

    def _repr_html_(self) -> str:
        """The run for a notebook: what was run, and the mean number of people who have attained by step."""
        series = {"attained": self.reach.mean(axis=0).tolist(), "serving": self.serving.mean(axis=0).tolist()}
        return notebook.page("World", self._facts(), notebook.Lines(series, "People who have attained, mean over the replicates"))

    def _facts(self) -> list[tuple[str, object]]:
        return [
            ("people", self.world.people),
            ("replicates", self.reach.shape[0]),
            ("steps", self.reach.shape[1] - 1),
            ("attained at the end", f"{self.reach[:, -1].mean():.4g}"),
            ("complete", f"{int(self.complete.sum())} of {len(self.complete)}"),
            ("seed", self.provenance.get("seed", "unknown")),
        ]

    @property
    def degree_steps(self) -> NDArray[np.float64]:
        """(replicates, L): how many steps each degree took after the one below; NaN where one of them never came."""
        times = np.where(self.degree_times < 0, np.nan, self.degree_times.astype(np.float64))
        found: NDArray[np.float64] = np.diff(times, axis=1, prepend=0.0)
        return found

    @property
    def last_village(self) -> pl.DataFrame:
        """A row a replicate: `replicate`, `village` that was the last to be united (the first by number of those that never were),
        and its `step`, null for never."""
        rows = []
        for replicate, times in enumerate(self.village_times):
            never = np.flatnonzero(times < 0)
            last = int(never[0]) if len(never) else int(times.argmax())
            rows.append({"replicate": replicate, "village": last, "step": None if len(never) else int(times[last])})
        return pl.DataFrame(rows, schema={"replicate": pl.Int64, "village": pl.Int64, "step": pl.Int64})

    def table(self) -> pl.DataFrame:
        """`replicate`, `step`, `reach`, `serving`, `isolated`, `united_1` …, `degree_0` …, `disturbed`, `worst`, and a column an area."""
        replicates, steps = self.reach.shape
        frame: dict[str, NDArray[Any]] = {
            "replicate": np.repeat(np.arange(replicates), steps),
            "step": np.tile(np.arange(steps), replicates),
        }
        frame |= {"reach": self.reach.ravel(), "serving": self.serving.ravel(), "isolated": self.isolated.ravel()}
        frame |= {f"united_{k + 1}": self.united[:, :, k].ravel() for k in range(self.united.shape[2])}
        frame |= {f"degree_{k}": self.degrees[:, :, k].ravel() for k in range(self.degrees.shape[2])}
        frame |= {"disturbed": self.disturbed.ravel(), "worst": self.worst.ravel()}
        return pl.DataFrame(frame | {area: self.crisis[:, :, k].ravel() for k, area in enumerate(AREAS)})

    def summary(self) -> pl.DataFrame:
        """A row a degree: `degree`, `name`, `groups` of that level, `power`, `replicates` in which it came, and the means over them of
        `step`, at which the first group was united, and `after`, the steps since the degree below; null for none."""
        times = np.where(self.degree_times < 0, np.nan, self.degree_times.astype(np.float64))
        rows = []
        for k in range(self.degree_times.shape[1]):
            came, took = times[:, k][~np.isnan(times[:, k])], self.degree_steps[:, k]
            took = took[~np.isnan(took)]
            rows.append(
                {
                    "degree": k + 1,
                    "name": degree_name(k + 1),
                    "groups": -(-self.world.people // 10 ** (k + 1)),
                    "power": float(self.world.first * self.world.factor ** (k + 1)),
                    "replicates": len(came),
                    "step": float(came.mean()) if len(came) else None,
                    "after": float(took.mean()) if len(took) else None,
                }
            )
        return pl.DataFrame(rows, schema_overrides={"step": pl.Float64, "after": pl.Float64})
