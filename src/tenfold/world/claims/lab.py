"""Where experiments are made: how large, how often, with which assumptions; and the sweeps that find a boundary."""

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

__all__ = ["MODES", "Lab", "Size", "until"]


Start = int | NDArray[np.int64]


@dataclass(frozen=True)
class Size:
    """How large an experiment is.

    `people` in a world, and in a `tall` one, where degrees are timed; `looks`: values of a sweep, 0 for none but the default;
    `halvings`: how often a boundary is halved; `grid`: a side of a diagram.
    """

    people: int
    tall: int
    replicates: int
    looks: int
    halvings: int
    grid: int


MODES = {
    "quick": Size(people=10_000, tall=100_000, replicates=8, looks=5, halvings=2, grid=5),
    "full": Size(people=100_000, tall=1_000_000, replicates=16, looks=7, halvings=3, grid=7),
}


@dataclass(frozen=True)
class Lab:
    """The setting of one claim. All arms share `seed` and the number of the replicate, so that they share their luck."""

    size: Size
    seed: int
    assume: Mapping[str, Any] = field(default_factory=dict)  # the claim's own parameters
    world: Mapping[str, Any] = field(default_factory=dict)  # parameters of the claim's world that are not at World's defaults
    tick: Callable[[str], None] = lambda _: None
    done: dict[object, WorldResult] = field(default_factory=dict)  # runs by what was run, so that none is made twice

    @property
    def replicates(self) -> int:
        """Runs of each arm."""
        return self.size.replicates

    def get(self, name: str) -> float:
        """One of the claim's own parameters, or of its world's."""
        return float(self.assume[name] if name in self.assume else getattr(World(1, **self.world), name))

    def run(
        self, *, steps: int | None, start: Start = 1, people: int | None = None, many: float = 1.0, **changes: Any
    ) -> WorldResult:
        """The claim's world with some parameters changed, all replicates, or `many` times as many, and two at least.

        `steps`: how many; None: until all is reached, as `run_world` has it. `start`: how many people, or who."""
        world = World(people or self.size.people, **{**self.world, **changes})
        replicates = max(2, round(many * self.replicates))
        key = (tuple(world.to_dict().items()), steps, replicates, start if isinstance(start, int) else start.tobytes())
        if key not in self.done:
            self.done[key] = run_world(world, steps=steps, seed=self.seed, replicates=replicates, start=start)
        return self.done[key]

    def enough(self, many: float) -> float:
        """`many` times the replicates where they are few, fewer times where they are not: 24 in all, or as many as there are."""
        return max(1.0, min(many, 24 / self.replicates))

    def points(self, low: float, high: float, *, log: bool = False) -> list[float]:
        """The values of a sweep, evenly from `low` to `high`."""
        space = np.geomspace if log else np.linspace
        return [float(f"{one:.6g}") for one in space(low, high, self.size.looks)]

    def sides(self, low: float, high: float, *, log: bool = False) -> list[float]:
        """The values of one side of a phase diagram."""
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
        """Try the values and the default, then halve each gap between *yes* and *no*.

        Every look is decided by its own interval of 95 %. With so many looks one in twenty may be wrong, which moves a boundary by one
        gap at most where the answers go over from one side to the other once; so a boundary is given with its gap and no chance.
        """
        trials: dict[float, Trial] = {}

        def look(value: float) -> None:
            if value not in trials:
                self.tick(f"{parameter} {value:.3g}")
                trials[value] = Trial(value, tuple(run(value)))

        tried = map(float, values) if self.size.looks else ()
        for value in sorted({*tried, float(default)}):
            look(value)
        for _ in range(self.size.halvings):
            for low, high in _gaps(trials):
                middle = (low * high) ** 0.5 if log and low > 0 else (low + high) / 2
                if whole:
                    middle = float(round(middle))
                look(float(f"{middle:.6g}"))
        return Sweep(parameter, default, tuple(trials[value] for value in sorted(trials)), label)


def until(found: WorldResult, share: float = 1.0) -> NDArray[np.float64]:
    """The first step at which a share of all people has attained, by replicate; the last step where that does not come about."""
    there = found.reach >= share * found.world.people
    steps: NDArray[np.float64] = np.where(there.any(axis=1), there.argmax(axis=1), found.reach.shape[1] - 1).astype(np.float64)
    return steps


def _gaps(trials: Mapping[float, Trial]) -> list[tuple[float, float]]:
    """Neighbouring values of which one is *yes* and the other is not, or one *no* and the other not."""
    values = sorted(trials)
    pairs = pairwise(values)
    return [
        (low, high)
        for low, high in pairs
        if trials[low].answer != trials[high].answer
        and not (OPEN in (trials[low].answer, trials[high].answer) and _near(low, high))
    ]


def _near(low: float, high: float) -> bool:
    """Whether a gap is too narrow to be worth another look."""
    return high - low <= 0.02 * max(abs(low), abs(high))
