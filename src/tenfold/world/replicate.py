"""One replicate of a run: in progress, and finished; and all of them as one result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.world.result import WorldResult
from tenfold.world.state import WorldState
from tenfold.world.world import AREAS, World

__all__ = ["FinishedReplicate", "Replicate", "combine"]


@dataclass(frozen=True)
class FinishedReplicate:
    """What is kept of a replicate.

    `counts`, `crisis` (steps + 1, columns), `village_times`, `crisis_times` (villages,): see `tenfold.kernels.world.steps.Record`.
    `final` (circles,): who has attained at the end, as masks; empty where that is not asked for.
    """

    counts: NDArray[np.int64]
    crisis: NDArray[np.float64]
    village_times: NDArray[np.int32]
    crisis_times: NDArray[np.int32]
    final: NDArray[np.uint16]


@dataclass
class Replicate:
    """A replicate in progress. `step`: the last one that was taken; 0 once the start is counted. `done`: whether it has come to its
    end."""

    state: WorldState
    counts: list[NDArray[np.int64]] = field(default_factory=list)
    crisis: list[NDArray[np.float64]] = field(default_factory=list)
    step: int = -1
    done: bool = False

    def add(self, counts: NDArray[np.int64], crisis: NDArray[np.float64]) -> None:
        """Append the rows of some steps."""
        self.counts.append(counts)
        self.crisis.append(crisis)

    @property
    def reach(self) -> int:
        """How many people have attained."""
        return int(self.counts[-1][-1, 0])

    def finish(self, final: bool) -> FinishedReplicate:
        """What is kept of it; with `final`, also the masks at the end."""
        record, masks = self.state.record, self.state.population.attained
        return FinishedReplicate(
            np.concatenate(self.counts),
            np.concatenate(self.crisis),
            record.village_times,
            record.crisis_times,
            masks if final else masks[:0],
        )


def combine(world: World, replicates: list[FinishedReplicate], provenance: dict[str, Any]) -> WorldResult:
    """All replicates as one result; a replicate that ended before the others repeats its last row."""
    rows, levels = max(len(one.counts) for one in replicates), world.levels
    padded = [np.minimum(np.arange(rows), len(one.counts) - 1) for one in replicates]
    counts = np.stack([one.counts[which] for one, which in zip(replicates, padded, strict=True)])
    crisis = np.stack([one.crisis[which] for one, which in zip(replicates, padded, strict=True)])
    united = counts[:, :, 4 : 4 + levels]
    came = united > 0
    times = np.where(came.any(axis=1), came.argmax(axis=1), -1)
    final = None
    if len(replicates[0].final):
        bits = [np.unpackbits(one.final.astype("<u2").view(np.uint8), bitorder="little").reshape(-1, 16) for one in replicates]
        final = np.stack([one[:, :10].reshape(-1)[: world.people] for one in bits])
    places = -(-world.people // 10 ** (levels - 1))
    return WorldResult(
        world=world,
        degree_times=times.astype(np.int64),
        reach=counts[:, :, 0],
        united=united,
        degrees=counts[:, :, 4 + levels : 5 + 2 * levels],
        serving=counts[:, :, 1],
        isolated=counts[:, :, 2],
        places=counts[:, :, 5 + 2 * levels : 5 + 2 * levels + places],
        crisis=crisis[:, :, : len(AREAS)],
        worst=crisis[:, :, len(AREAS)],
        disturbed=counts[:, :, 3],
        village_times=np.stack([one.village_times for one in replicates]),
        crisis_times=np.stack([one.crisis_times for one in replicates]),
        ends=np.array([len(one.counts) - 1 for one in replicates], np.int64),
        complete=counts[:, -1, 0] == world.people,
        final=final,
        provenance=provenance,
    )
