"""The figure of degrees: the share of people at each degree by step."""

from __future__ import annotations

import numpy as np

from tenfold.report.words import format_count
from tenfold.report.world.figures import svg
from tenfold.report.world.figures.colours import degree_colour
from tenfold.report.world.figures.svg import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from tenfold.world.result import WorldResult

__all__ = ["degrees_figure"]


def degrees_figure(run: WorldResult, last: int) -> str:
    """The share of people at each degree by step, stacked, the highest degree at the bottom."""
    steps, bottom = svg.shown_steps(last), HEIGHT - BOTTOM
    shares = run.degrees[0, steps].astype(float) / run.world.people
    body = svg.text(0, 20, "share of all people") + "".join(
        svg.line(LEFT, y, WIDTH - RIGHT, y) + svg.text(LEFT - 8, y + 4, f"{share} %", 'text-anchor="end"')
        for share in (0, 25, 50, 75, 100)
        for y in [bottom - (bottom - TOP) * share / 100]
    )
    below = np.zeros(len(steps))
    for degree in reversed(range(shares.shape[1])):
        above = below + shares[:, degree]
        edge = [(svg.step_x(int(s), last), bottom - (bottom - TOP) * y) for s, y in zip(steps, above, strict=True)]
        edge += [(svg.step_x(int(s), last), bottom - (bottom - TOP) * y) for s, y in zip(steps[::-1], below[::-1], strict=True)]
        colour = degree_colour(degree, run.world.levels)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in edge)
        body += (
            f'<polygon points="{points}" fill="{colour}" stroke="#fff" stroke-width=".6"><title>degree {degree}</title></polygon>'
        )
        below = above
    ends = [
        f"{format_count(int(run.degrees[0, last, k]))} of degree {k}" for k in range(shares.shape[1]) if run.degrees[0, last, k]
    ]
    description = f"At step {last}: " + (", ".join(ends) or "nobody has attained") + "."
    return svg.figure("degrees", "Degrees over time", description, (WIDTH, HEIGHT), body + svg.step_axis(last, bottom))
