"""The one way to run a world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from numpy.typing import ArrayLike

from tenfold.world.result import WorldResult
from tenfold.world.world import World

__all__ = ["run_world"]


def run_world(
    world: World,
    *,
    steps: int | None = None,
    seed: int = 0,
    replicates: int = 1,
    start: int | str | ArrayLike = 1,
    threads: int | None = None,
    keep: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    checkpoint: str | Path | None = None,
) -> WorldResult:
    """Run a world. (The kernel is on its way.)"""
    raise NotImplementedError
