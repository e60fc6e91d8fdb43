"""The range of steps that the figures of growth and degrees show."""

from __future__ import annotations

import numpy as np

from tenfold.world.result import WorldResult

__all__ = ["last_shown_step"]


def last_shown_step(run: WorldResult) -> int:
    """The last step that is shown: a little after the last degree and the last village were united."""
    times = [*run.degree_times[0].tolist(), int(run.village_times[0].max())]
    full = int(np.argmax(run.reach[0] >= 0.99 * run.reach[0].max()))
    return int(min(int(run.ends[0]), max(*times, full) * 1.15 + 5))
