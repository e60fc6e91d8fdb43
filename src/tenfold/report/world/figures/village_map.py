"""The map of villages: when each was united."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.report.words import format_count
from tenfold.report.world.figures import svg
from tenfold.report.world.figures.colours import shade_edges, step_colour
from tenfold.world.result import WorldResult

__all__ = ["village_map_figure", "village_times"]


def village_times(run: WorldResult) -> tuple[NDArray[np.float64], int]:
    """The steps at which villages (level 3) were united, −1 for never; of over 1000, the means of groups; and the level of these."""
    times, level = run.village_times[0].astype(float), 3
    while len(times) > 1000:
        padded = np.full(-(-len(times) // 10) * 10, np.nan)
        padded[: len(times)] = times
        tens = padded.reshape(-1, 10)
        times, level = np.where((tens < 0).any(axis=1), -1.0, np.nanmean(tens, axis=1)), level + 1
    return times, level


def village_map_figure(run: WorldResult) -> str:
    """Villages in their nested tens: a row is ten of them, a block a hundred; where there are many, groups of villages."""
    times, level = village_times(run)
    cell, gap, per_row = 21, 26, 3
    blocks = -(-len(times) // 100)
    across = min(blocks, per_row)
    rows = -(-min(len(times), 100) // 10)
    came = times[times >= 0]
    last = shade_edges(came)
    body = ""
    for block in range(blocks):
        x0 = (block % per_row) * (10 * cell + gap)
        y0 = (block // per_row) * (rows * cell + gap + 26)
        number = f"{block * 100} to {min(block * 100 + 99, len(times) - 1)}"
        body += svg.text(x0, y0 + 20, number if block else f"{'villages' if level == 3 else 'groups'} {number}", 'font-size="12"')
        for k, step in enumerate(times[block * 100 : block * 100 + 100].tolist()):
            x, y = x0 + (k % 10) * cell, y0 + 28 + (k // 10) * cell
            label = f"never, number {block * 100 + k}" if step < 0 else f"number {block * 100 + k}: step {step:.0f}"
            body += f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" rx="3" fill="{step_colour(step, last)}">'
            body += f"<title>{label}</title></rect>"
            if step < 0:
                body += f'<path d="M{x + 6} {y + 6}l7 7m0-7l-7 7" stroke="#777" stroke-width="1.5"/>'
    width, height = across * (10 * cell + gap) - gap, -(-blocks // per_row) * (rows * cell + gap + 26)
    what = "villages" if level == 3 else f"groups of {format_count(10**level)}"
    description = f"{len(times)} {what}; {len(came)} were united" + (
        f", the first at step {came.min():.0f}, the last at step {came.max():.0f}." if len(came) else "."
    )
    return svg.figure("map", f"When the {what} were united", description, (max(width, 230), height), body)
