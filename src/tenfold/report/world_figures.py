"""The figures of a world, drawn line by line, so that the page is there at once: the climb, degrees, the map of villages, the crisis."""

from __future__ import annotations

import math
from html import escape

import numpy as np
from numpy.typing import NDArray

from tenfold.report.words import count
from tenfold.world.result import WorldResult
from tenfold.world.world import AREAS

__all__ = [
    "climb_figure",
    "crisis_figure",
    "degree_colour",
    "degrees_figure",
    "edges",
    "filled",
    "heat",
    "map_figure",
    "map_times",
    "shade",
]

SHADES = ("#0b3c5d", "#1f6f8b", "#3f9c8f", "#8dbf6a", "#f0c94b")
"""From the first villages to the last; darker is earlier, so that it reads without colour too."""
NEVER = "#d9d9d9"
LEVELS = (
    "#dfe3e6",
    "#0b3c5d",
    "#15567a",
    "#1f6f8b",
    "#2f8690",
    "#3f9c8f",
    "#66ae7d",
    "#8dbf6a",
    "#bfc45a",
    "#f0c94b",
    "#f4dd8c",
    "#fbeec4",
)
WIDEST = 9  # the lightest colour that still stands out on white
HEAT = ("#fdf3e7", "#f8d3ac", "#ee9f6b", "#cf5c36", "#8c1d1d")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 334, 104, 22, 44, 58


def _svg(key: str, title: str, words: str, width: float, height: float, body: str) -> str:
    """An SVG that says what it shows to those who do not see it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" viewBox="0 0 {width:g} {height:g}"'
    style = f'style="max-width:{width / 15:.1f}rem" font-family="system-ui, sans-serif" font-size="12.5"'
    names = f'aria-labelledby="{key}-t {key}-d"'
    return (
        f'{head} {style} {names}><title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(words)}</desc>{body}</svg>'
    )


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#333" {more}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, more: str = 'stroke="#e3e3e3"') -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {more}/>'


def _ticks(last: int) -> list[int]:
    """Round steps from 0 on, at most eight."""
    size = next(size for power in range(10) for size in (10**power, 2 * 10**power, 5 * 10**power) if last / size <= 7)
    return list(range(0, last + 1, size))


def _across(step: float, last: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * step / max(last, 1)


def _time_axis(last: int, bottom: float) -> str:
    """Steps below a figure."""
    marks = "".join(
        _line(_across(step, last), bottom, _across(step, last), bottom + 5, 'stroke="#777"')
        + _text(_across(step, last), bottom + 22, str(step), 'text-anchor="middle"')
        for step in _ticks(last)
    )
    return marks + _text((LEFT + WIDTH - RIGHT) / 2, bottom + 46, "step", 'text-anchor="middle"')


def _thin(last: int) -> NDArray[np.int64]:
    """At most some 400 steps, the last among them."""
    return np.unique(np.append(np.arange(0, last + 1, max(1, last // 400)), last))


def climb_figure(run: WorldResult, last: int) -> str:
    """People who have attained, each line of the grid ten times the one below, with the step of each degree."""
    top = math.ceil(math.log10(max(run.world.people, 10)))
    bottom = HEIGHT - BOTTOM

    def up(people: float) -> float:
        return bottom - (bottom - TOP) * math.log10(max(people, 1)) / top

    grid = "".join(
        _line(LEFT, up(10**k), WIDTH - RIGHT, up(10**k)) + _text(LEFT - 8, up(10**k) + 4, count(10**k), 'text-anchor="end"')
        for k in range(top + 1)
    )
    points = " ".join(f"{_across(int(step), last):.1f},{up(int(run.reach[0, step])):.1f}" for step in _thin(last))
    curve = f'<polyline points="{points}" fill="none" stroke="#00557a" stroke-width="3" stroke-linejoin="round"/>'
    marks, told, edge = "", [], -99.0
    for k, step in enumerate(run.degree_times[0].tolist()):
        if 0 <= step <= last:
            x, y = _across(step, last), up(int(run.reach[0, step]))
            colour = degree_colour(k + 1, run.world.levels)
            marks += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6.5" fill="{colour}" stroke="#fff" stroke-width="2"/>'
            marks += _text(x, y - 12, str(k + 1), 'text-anchor="middle" font-weight="650"') if x - edge > 16 else ""
            edge = x
            told.append(f"degree {k + 1} at step {step}")
    axis = _text(0, 20, "people who have attained")
    words = f"{count(int(run.reach[0, 0]))} people at the start, {count(int(run.reach[0, last]))} at step {last}. " + "; ".join(
        told
    )
    return _svg("climb", "How many have attained", words, WIDTH, HEIGHT, axis + grid + curve + marks + _time_axis(last, bottom))


def degree_colour(degree: int, levels: int) -> str:
    """The colour of a degree in a world of so many levels; neighbours stand as far apart as there is room for."""
    if degree < 2 or levels > WIDEST:
        return LEVELS[degree]
    return LEVELS[1 + round((degree - 1) * (WIDEST - 1) / (levels - 1))]


def degrees_figure(run: WorldResult, last: int) -> str:
    """Share of people at each degree, stacked, the highest at the bottom."""
    steps, bottom = _thin(last), HEIGHT - BOTTOM
    shares = run.degrees[0, steps].astype(float) / run.world.people
    body = _text(0, 20, "share of all people") + "".join(
        _line(LEFT, y, WIDTH - RIGHT, y) + _text(LEFT - 8, y + 4, f"{share} %", 'text-anchor="end"')
        for share in (0, 25, 50, 75, 100)
        for y in [bottom - (bottom - TOP) * share / 100]
    )
    below = np.zeros(len(steps))
    for degree in reversed(range(shares.shape[1])):
        above = below + shares[:, degree]
        edge = [(_across(int(s), last), bottom - (bottom - TOP) * y) for s, y in zip(steps, above, strict=True)]
        edge += [(_across(int(s), last), bottom - (bottom - TOP) * y) for s, y in zip(steps[::-1], below[::-1], strict=True)]
        colour = degree_colour(degree, run.world.levels)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in edge)
        body += (
            f'<polygon points="{points}" fill="{colour}" stroke="#fff" stroke-width=".6"><title>degree {degree}</title></polygon>'
        )
        below = above
    ends = [f"{count(int(run.degrees[0, last, k]))} of degree {k}" for k in range(shares.shape[1]) if run.degrees[0, last, k]]
    words = f"At step {last}: " + (", ".join(ends) or "nobody has attained") + "."
    return _svg("degrees", "Degrees over time", words, WIDTH, HEIGHT, body + _time_axis(last, bottom))


def edges(came: NDArray[np.float64]) -> list[float]:
    """The last step of each shade: each has about as many of the steps at which some village was united, so that early and late show."""
    if not len(came):
        return []
    steps = np.unique(np.ceil(came))
    return sorted({float(np.ceil(step)) for step in np.quantile(steps, np.arange(1, len(SHADES) + 1) / len(SHADES))})


def shade(step: float, last: list[float]) -> str:
    """The shade of a village that was united at a step, of those that end at the steps `last`; grey for never."""
    if step < 0:
        return NEVER
    which = next(k for k, edge in enumerate(last) if step <= edge)
    return SHADES[round(which * (len(SHADES) - 1) / max(len(last) - 1, 1))]


def map_times(run: WorldResult) -> tuple[NDArray[np.float64], int]:
    """When the villages were united, −1 for never, and their level 3; where there are many, the means of their groups, and that level."""
    times, level = run.village_times[0].astype(float), 3
    while len(times) > 1000:
        padded = np.full(-(-len(times) // 10) * 10, np.nan)
        padded[: len(times)] = times
        tens = padded.reshape(-1, 10)
        times, level = np.where((tens < 0).any(axis=1), -1.0, np.nanmean(tens, axis=1)), level + 1
    return times, level


def map_figure(run: WorldResult) -> str:
    """Villages in their nested tens: a row is ten of them, a block a hundred; where there are many, groups of them."""
    times, level = map_times(run)
    cell, gap, per_row = 21, 26, 3
    blocks = -(-len(times) // 100)
    across = min(blocks, per_row)
    rows = -(-min(len(times), 100) // 10)
    came = times[times >= 0]
    last = edges(came)
    body = ""
    for block in range(blocks):
        x0 = (block % per_row) * (10 * cell + gap)
        y0 = (block // per_row) * (rows * cell + gap + 26)
        number = f"{block * 100} to {min(block * 100 + 99, len(times) - 1)}"
        body += _text(x0, y0 + 20, number if block else f"{'villages' if level == 3 else 'groups'} {number}", 'font-size="12"')
        for k, step in enumerate(times[block * 100 : block * 100 + 100].tolist()):
            x, y = x0 + (k % 10) * cell, y0 + 28 + (k // 10) * cell
            told = f"never, number {block * 100 + k}" if step < 0 else f"number {block * 100 + k}: step {step:.0f}"
            body += f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" rx="3" fill="{shade(step, last)}">'
            body += f"<title>{told}</title></rect>"
            if step < 0:
                body += f'<path d="M{x + 6} {y + 6}l7 7m0-7l-7 7" stroke="#777" stroke-width="1.5"/>'
    width, height = across * (10 * cell + gap) - gap, -(-blocks // per_row) * (rows * cell + gap + 26)
    what = "villages" if level == 3 else f"groups of {count(10**level)}"
    words = f"{len(times)} {what}; {len(came)} were united" + (
        f", the first at step {came.min():.0f}, the last at step {came.max():.0f}." if len(came) else "."
    )
    return _svg("map", f"When the {what} were united", words, max(width, 230), height, body)


def crisis_figure(run: WorldResult, last: int) -> str:
    """A band for each area of life, darker where it is worse, and below it the share of people who have attained."""
    band, gap, left = 30, 6, 112
    steps = np.unique(np.linspace(0, last, min(last + 1, 160)).astype(int))
    ends = np.append(steps[1:], last + 1)

    def x(step: float) -> float:
        return left + (WIDTH - left - RIGHT) * step / (last + 1)

    body = ""
    for k, area in enumerate((*AREAS, "attained")):
        y = TOP + k * (band + gap) + (10 if k == len(AREAS) else 0)
        body += _text(left - 8, y + band / 2 + 4, area, 'text-anchor="end"')
        values = run.crisis[0, :, k] if k < len(AREAS) else run.reach[0] / run.world.people
        for low, high in zip(steps.tolist(), ends.tolist(), strict=True):
            value = float(values[low])
            colour = heat(value) if k < len(AREAS) else filled(value)
            body += f'<rect x="{x(low):.1f}" y="{y}" width="{x(high) - x(low) + 0.4:.1f}" height="{band}" fill="{colour}"/>'
    bottom = TOP + 7 * (band + gap) + 10
    body += "".join(
        _line(x(s), bottom, x(s), bottom + 5, 'stroke="#777"') + _text(x(s), bottom + 22, str(s), 'text-anchor="middle"')
        for s in _ticks(last)
    )
    body += _text((left + WIDTH - RIGHT) / 2, bottom + 46, "step", 'text-anchor="middle"')
    peaks = [f"{area} {run.crisis[0, :, k].max():.0%} at step {run.crisis[0, :, k].argmax()}" for k, area in enumerate(AREAS)]
    return _svg(
        "crisis",
        "The crisis by area of life",
        "Worst over time, mean of all villages: " + ", ".join(peaks) + ".",
        WIDTH,
        bottom + 58,
        body,
    )


def heat(value: float) -> str:
    """The colour of a severity from 0 to 1."""
    return _mix(HEAT, value)


def filled(value: float) -> str:
    """The colour of a share of people who have attained, from 0 to 1."""
    return _mix(("#eef2f4", "#00557a"), value)


def _mix(colours: tuple[str, ...], value: float) -> str:
    """A colour between those given, for a value from 0 to 1."""
    place = min(max(value, 0.0), 1.0) * (len(colours) - 1)
    k = min(int(place), len(colours) - 2)
    parts = [
        round(int(colours[k][i : i + 2], 16) * (1 - place + k) + int(colours[k + 1][i : i + 2], 16) * (place - k))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)
