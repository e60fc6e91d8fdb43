"""The setting of an experiment: its size, its assumptions and its runs; and the sweeps that find a boundary by bisection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.world.claims.verdict import OPEN, Part, Sweep, Trial
from tenfold.world.result import WorldResult
from tenfold.world.run import run_world
from tenfold.world.world import World

__all__ = ["MODES", "Experiment", "ExperimentSize", "first_step_reaching"]


Start = int | NDArray[np.int64]
MAX_REPLICATES = 24  # up to which experiments with much variance multiply their replicates


@dataclass(frozen=True)
class ExperimentSize:
    """The size of an experiment.

    `people`: of a world. `deep_people`: of a world with more levels, where degrees are timed. `replicates`: runs of each arm.
    `sweep_values`: values of a sweep, 0 for none but the default. `bisections`: how often a boundary is bisected. `grid`: values of a
    side of a diagram.
    """

    people: int
    deep_people: int
    replicates: int
    sweep_values: int
    bisections: int
    grid: int


MODES = {
    "quick": ExperimentSize(people=10_000, deep_people=100_000, replicates=8, sweep_values=5, bisections=2, grid=5),
    "full": ExperimentSize(people=100_000, deep_people=1_000_000, replicates=16, sweep_values=7, bisections=3, grid=7),
}


@dataclass(frozen=True)
class Experiment:
    """The setting of one claim. All arms share `seed` and the number of the replicate, and with them their random numbers.

    `assumptions`: the claim's own parameters. `world`: the parameters of its world that are not at the defaults of `World`. `progress`:
    called with a few words at each value. `runs`: the results so far by what was run, so that nothing is run twice.
    """

    size: ExperimentSize
    seed: int
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    world: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[[str], None] = lambda _: None
    runs: dict[object, WorldResult] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """Runs of each arm."""
        return self.size.replicates

    def parameter(self, name: str) -> float:
        """One of the claim's own parameters, or of its world's."""
        return float(self.assumptions[name] if name in self.assumptions else getattr(World(1, **self.world), name))

    def run(
        self, *, steps: int | None, start: Start = 1, people: int | None = None, replicate_factor: float = 1.0, **changes: Any
    ) -> WorldResult:
        """Run the claim's world with some parameters changed.

        `steps`: None for until all is reached, as in `run_world`. `start`: how many people have attained, or who.
        `replicate_factor`: how many times the replicates of the experiment, two at least.
        """
        world = World(people or self.size.people, **{**self.world, **changes})
        replicates = max(2, round(replicate_factor * self.replicates))
        key = (tuple(world.to_dict().items()), steps, replicates, start if isinstance(start, int) else start.tobytes())
        if key not in self.runs:
            self.runs[key] = run_world(world, steps=steps, seed=self.seed, replicates=replicates, start=start)
        return self.runs[key]

    def limited_factor(self, factor: float) -> float:
        """A factor of replicates, smaller where that makes more than 24 replicates, but 1 at least."""
        return max(1.0, min(factor, MAX_REPLICATES / self.replicates))

    def sweep_values(self, low: float, high: float, *, log: bool = False) -> list[float]:
        """The values of a sweep, evenly from `low` to `high`."""
        space = np.geomspace if log else np.linspace
        return [float(f"{one:.6g}") for one in space(low, high, self.size.sweep_values)]

    def grid_values(self, low: float, high: float, *, log: bool = False) -> list[float]:
        """The values of one side of a phase diagram, evenly from `low` to `high`."""
        space = np.geomspace if log else np.linspace
        return [float(f"{one:.4g}") for one in space(low, high, self.size.grid)]

    def sweep(
        self,
        parameter: str,
        default: float,
        run: Callable[[float], Sequence[Part]],
        values: Sequence[float],
        *,
        label: str = "",
        log: bool = False,
        whole: bool = False,
    ) -> Sweep:
        """Try the values and the default, then bisect each gap between *yes* and *no*.

        Each value is decided by its own interval of 95 %. With so many intervals one in twenty may be wrong, which moves a boundary by
        one gap at most where the answer changes once; so a boundary is given with its gap and without a probability.
        """
        trials: dict[float, Trial] = {}

        def evaluate(value: float) -> None:
            if value not in trials:
                self.progress(f"{parameter} {value:.3g}")
                trials[value] = Trial(value, tuple(run(value)))

        tried = map(float, values) if self.size.sweep_values else ()
        for value in sorted({*tried, float(default)}):
            evaluate(value)
        for _ in range(self.size.bisections):
            for low, high in _gaps(trials):
                middle = (low * high) ** 0.5 if log and low > 0 else (low + high) / 2
                if whole:
                    middle = float(round(middle))
                evaluate(float(f"{middle:.6g}"))
        return Sweep(parameter, default, tuple(trials[value] for value in sorted(trials)), label)


def first_step_reaching(run: WorldResult, share: float = 1.0) -> NDArray[np.float64]:
    """The first step at which a share of all people has attained, by replicate; the last step where that never happens."""
    reached = run.reach >= share * run.world.people
    steps: NDArray[np.float64] = np.where(reached.any(axis=1), reached.argmax(axis=1), run.reach.shape[1] - 1).astype(np.float64)
    return steps


def _gaps(trials: Mapping[float, Trial]) -> list[tuple[float, float]]:
    """Neighbouring values with different answers; where one is open, only if they are not near each other."""
    return [
        (low, high)
        for low, high in pairwise(sorted(trials))
        if trials[low].answer != trials[high].answer
        and not (OPEN in (trials[low].answer, trials[high].answer) and _are_near(low, high))
    ]


def _are_near(low: float, high: float) -> bool:
    """Whether a gap is too narrow to be bisected for an open answer."""
    return high - low <= 0.02 * max(abs(low), abs(high))
