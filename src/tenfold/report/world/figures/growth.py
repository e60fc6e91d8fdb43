"""The figure of growth: how many people have attained by step."""

from __future__ import annotations

import math

from tenfold.report.words import format_count
from tenfold.report.world.figures import svg
from tenfold.report.world.figures.colours import degree_colour
from tenfold.report.world.figures.svg import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from tenfold.world.result import WorldResult

__all__ = ["growth_figure"]


def growth_figure(run: WorldResult, last: int) -> str:
    """The number of people who have attained by step, on a logarithmic scale, with a point at the step of each degree."""
    top = math.ceil(math.log10(max(run.world.people, 10)))
    bottom = HEIGHT - BOTTOM

    def up(people: float) -> float:
        return bottom - (bottom - TOP) * math.log10(max(people, 1)) / top

    grid = "".join(
        svg.line(LEFT, up(10**k), WIDTH - RIGHT, up(10**k))
        + svg.text(LEFT - 8, up(10**k) + 4, format_count(10**k), 'text-anchor="end"')
        for k in range(top + 1)
    )
    points = " ".join(f"{svg.step_x(int(step), last):.1f},{up(int(run.reach[0, step])):.1f}" for step in svg.shown_steps(last))
    curve = f'<polyline points="{points}" fill="none" stroke="#00557a" stroke-width="3" stroke-linejoin="round"/>'
    marks, steps_of_degrees, edge = "", [], -99.0
    for k, step in enumerate(run.degree_times[0].tolist()):
        if 0 <= step <= last:
            x, y = svg.step_x(step, last), up(int(run.reach[0, step]))
            colour = degree_colour(k + 1, run.world.levels)
            marks += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="{colour}" stroke="#fff" stroke-width="2"/>'
            marks += svg.text(x, y - 12, str(k + 1), 'text-anchor="middle" font-weight="650"') if x - edge > 16 else ""
            edge = x
            steps_of_degrees.append(f"degree {k + 1} at step {step}")
    axis = svg.text(0, 20, "people who have attained")
    description = (
        f"{format_count(int(run.reach[0, 0]))} people at the start, {format_count(int(run.reach[0, last]))} at step {last}. "
        + "; ".join(steps_of_degrees)
    )
    return svg.figure(
        "climb", "How many have attained", description, (WIDTH, HEIGHT), axis + grid + curve + marks + svg.step_axis(last, bottom)
    )
