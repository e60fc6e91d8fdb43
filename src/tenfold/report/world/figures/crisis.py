"""The figure of the crisis: its severity in each area of life by step."""

from __future__ import annotations

import numpy as np

from tenfold.report.world.figures import svg
from tenfold.report.world.figures.colours import severity_colour, share_colour
from tenfold.report.world.figures.svg import RIGHT, TOP, WIDTH
from tenfold.world.result import WorldResult
from tenfold.world.world import AREAS

__all__ = ["crisis_figure"]


def crisis_figure(run: WorldResult, last: int) -> str:
    """A band for each area of life, darker where the crisis is worse, and below them a band for the share of people who have attained."""
    band, gap, left = 30, 6, 112
    steps = np.unique(np.linspace(0, last, min(last + 1, 160)).astype(int))
    ends = np.append(steps[1:], last + 1)

    def x(step: float) -> float:
        return left + (WIDTH - left - RIGHT) * step / (last + 1)

    body = ""
    for k, area in enumerate((*AREAS, "attained")):
        y = TOP + k * (band + gap) + (10 if k == len(AREAS) else 0)
        body += svg.text(left - 8, y + band / 2 + 4, area, 'text-anchor="end"')
        values = run.crisis[0, :, k] if k < len(AREAS) else run.reach[0] / run.world.people
        for low, high in zip(steps.tolist(), ends.tolist(), strict=True):
            value = float(values[low])
            colour = severity_colour(value) if k < len(AREAS) else share_colour(value)
            body += f'<rect x="{x(low):.1f}" y="{y}" width="{x(high) - x(low) + 0.4:.1f}" height="{band}" fill="{colour}"/>'
    bottom = TOP + 7 * (band + gap) + 10
    body += "".join(
        svg.line(x(s), bottom, x(s), bottom + 5, 'stroke="#777"') + svg.text(x(s), bottom + 22, str(s), 'text-anchor="middle"')
        for s in svg.step_ticks(last)
    )
    body += svg.text((left + WIDTH - RIGHT) / 2, bottom + 46, "step", 'text-anchor="middle"')
    peaks = [f"{area} {run.crisis[0, :, k].max():.0%} at step {run.crisis[0, :, k].argmax()}" for k, area in enumerate(AREAS)]
    description = "Worst over time, mean of all villages: " + ", ".join(peaks) + "."
    return svg.figure("crisis", "The crisis by area of life", description, (WIDTH, bottom + 58), body)
