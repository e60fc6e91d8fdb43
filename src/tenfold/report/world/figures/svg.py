"""Elements of SVG, and the axis of steps that several figures have."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BOTTOM",
    "HEIGHT",
    "LEFT",
    "RIGHT",
    "TOP",
    "WIDTH",
    "figure",
    "line",
    "shown_steps",
    "step_axis",
    "step_ticks",
    "step_x",
    "text",
]

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 334, 104, 22, 44, 58
"""Size and margins of a figure, in pixels."""


def figure(key: str, title: str, description: str, size: tuple[float, float], body: str) -> str:
    """An SVG of a width and height, with a title and a description for screen readers; `key` makes its ids unique on the page."""
    width, height = size
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" viewBox="0 0 {width:g} {height:g}"'
    style = f'style="max-width:{width / 15:.1f}rem" font-family="system-ui, sans-serif" font-size="12.5"'
    names = f'aria-labelledby="{key}-t {key}-d"'
    return f'{head} {style} {names}><title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>{body}</svg>'


def text(x: float, y: float, words: str, attributes: str = "") -> str:
    """A text at a point."""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#333" {attributes}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, attributes: str = 'stroke="#e3e3e3"') -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {attributes}/>'


def step_ticks(last: int) -> list[int]:
    """Round steps from 0 on, at most eight."""
    size = next(size for power in range(10) for size in (10**power, 2 * 10**power, 5 * 10**power) if last / size <= 7)
    return list(range(0, last + 1, size))


def step_x(step: float, last: int) -> float:
    """The horizontal position of a step."""
    return LEFT + (WIDTH - LEFT - RIGHT) * step / max(last, 1)


def step_axis(last: int, bottom: float) -> str:
    """The axis of steps below a figure."""
    marks = "".join(
        line(step_x(step, last), bottom, step_x(step, last), bottom + 5, 'stroke="#777"')
        + text(step_x(step, last), bottom + 22, str(step), 'text-anchor="middle"')
        for step in step_ticks(last)
    )
    return marks + text((LEFT + WIDTH - RIGHT) / 2, bottom + 46, "step", 'text-anchor="middle"')


def shown_steps(last: int) -> NDArray[np.int64]:
    """The steps that a curve shows: about 400 at most, the last one among them."""
    return np.unique(np.append(np.arange(0, last + 1, max(1, last // 400)), last))
