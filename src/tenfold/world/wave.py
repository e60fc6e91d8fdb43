"""One wave of adoption over the implicit network, through a world of any size up to 10¹¹ people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks, notebook
from tenfold.world.cascade import Cascade
from tenfold.world.ties import ALPHA, Ties
from tenfold.world.wave_checkpoint import WaveCheckpoint

__all__ = ["Wave", "WaveOptions", "run_wave"]


@dataclass(frozen=True)
class Wave:
    """The result of a wave.

    `counts` (steps + 1): newly reached at each step; those of step 0 are the seeds. `tried`: ties that were tried, each from the end of
    somebody reached. `groups_reached`, `groups_full` (levels + 1): how many groups of each level somebody, or everybody, was reached
    in; row 0 is people. `digest`: identifies who was reached at which step; the same for any number of threads and on any machine.
    """

    ties: Ties
    chance: float
    counts: NDArray[np.int64]
    tried: int
    groups_reached: NDArray[np.int64]
    groups_full: NDArray[np.int64]
    digest: str

    def __repr__(self) -> str:
        """The wave in a line: how large the world is, whom it reached and in how many steps."""
        reached = int(self.counts.sum())
        facts = [("people", self.ties.people), ("chance", f"{self.chance:g}"), ("reached", reached), ("steps", self.steps)]
        return notebook.line("Wave", [*facts, ("digest", self.digest)])

    def _repr_html_(self) -> str:
        """The wave for a notebook: whom it reached, and how many were newly reached at each step."""
        rows = [
            ("people", self.ties.people),
            ("reached", int(self.counts.sum())),
            ("ties tried", self.tried),
            ("digest", self.digest),
        ]
        figure = notebook.Bars(self.counts.tolist(), "Newly reached at each step", "0", str(self.steps))
        return notebook.page("Wave", rows, figure)

    @classmethod
    def of(cls, cascade: Cascade) -> Wave:
        """The result of a cascade, as far as it has come."""
        from tenfold.kernels.world.wave import count_groups

        ties, circles = cascade.ties, cascade.state.circles
        reached, full = (np.zeros(ties.levels + 1, np.int64) for _ in range(2))
        count_groups(circles, ties.people, reached, full)
        counts, left_over = np.array(cascade.counts, np.int64), ties.left_over
        untied = int((circles[left_over // 10] >> (left_over % 10).astype(np.uint32) & 1).sum())
        tried = int(counts.sum()) * ties.ties - untied
        return cls(ties, cascade.chance, counts, tried, reached, full, cascade.digest())

    @property
    def steps(self) -> int:
        """Steps until nobody new was reached."""
        return len(self.counts) - 1

    @property
    def reached(self) -> int:
        """People reached."""
        return int(self.counts.sum())


class WaveOptions(TypedDict, total=False):
    """How a wave is carried out: the keywords of `run_wave` that do not change who is reached."""

    threads: int | None
    progress: Callable[[int, int], None] | None
    checkpoint: str | Path | None
    every: int


def run_wave(
    people: int,
    *,
    ties: int = 10,
    alpha: float = ALPHA,
    lowest: int = 1,
    chance: float = 1.0,
    seeds: ArrayLike | None = None,
    seed: int = 0,
    **options: Unpack[WaveOptions],
) -> Wave:
    """Let something spread through a world from a few people, until it reaches nobody new.

    Whoever is newly reached at a step tries each of their ties once at the next, and each carries it over with a chance of its own: the
    independent cascade of Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769, on the ties of `Ties`. With chance 1 it is a
    breadth-first search. It takes 0.4 bytes a person, and buffers for each thread.

    Parameters
    ----------
    people, ties, alpha, lowest, seed
        The world: see `Ties`. `seed` also draws which ties carry it.
    chance
        That a tie that is tried carries it, from 0 to 1, to the nearest 2⁻³².
    seeds
        Who is reached at the start; by default the first circle.
    threads
        How many; by default as many as there are processors. The result is the same.
    progress
        Called after each step with the step and how many are reached.
    checkpoint, every
        A file to write every so many steps; if it is there, the run goes on from it. It is removed at the end.

    Raises
    ------
    SpecError
        An argument out of its range, or a checkpoint of another run.
    BackendError
        Too little memory; it says how much is needed.

    Examples
    --------
    >>> wave = run_wave(100_000, seed=1)
    >>> wave.reached, wave.tried, int(wave.groups_full[1])
    (100000, 1000000, 10000)
    """
    checks.options(options, WaveOptions, "run_wave")
    network = Ties(people, ties=ties, alpha=alpha, lowest=lowest, seed=seed)
    cascade = Cascade(network, chance=chance, seeds=seeds, threads=options.get("threads"))
    every = checks.whole(options.get("every", 1), "every", low=1)
    checkpoint, progress = WaveCheckpoint(options.get("checkpoint"), cascade, every=every), options.get("progress")
    checkpoint.restore()
    while cascade.frontier_size:
        cascade.step()
        checkpoint.write_if_due()
        if progress:
            progress(len(cascade.counts) - 1, sum(cascade.counts))
    checkpoint.remove()
    return Wave.of(cascade)
