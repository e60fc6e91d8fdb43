"""How values show themselves: in a line, and in a notebook as a small table with a figure. Names in them are taken as hostile."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Bars", "Lines", "bars_of_counts", "bars_of_sizes", "few", "line", "one_line", "page"]

_WIDTH, _HEIGHT, _MOST_BARS = 320, 90, 40
_COLOURS = ("#00557a", "#b3541e", "#4d7c0f", "#7a3e9d", "#8a6d00", "#555555")
_DASHES = ("none", "6 3", "2 2", "8 3 2 3", "4 4", "1 3")
_STYLE = "font: 13px system-ui, sans-serif"


@dataclass(frozen=True)
class Bars:
    """A figure of bars: `heights`, the `caption` that says what they are, and what the first and the last bar stand for."""

    heights: list[float]
    caption: str
    first: str
    last: str


@dataclass(frozen=True)
class Lines:
    """A figure of lines over whole steps from 0 on: `series` by name, the `caption` that says what they are, and what x counts."""

    series: dict[str, list[float]]
    caption: str
    x: str = "step"


def line(kind: str, facts: Iterable[tuple[str, object]]) -> str:
    """What `repr` says: the kind, and some facts, each in a few words.

    Examples
    --------
    >>> line("Result", [("model", "sir"), ("replicates", 3)])
    '<Result: model sir; replicates 3>'
    """
    return f"<{kind}: {'; '.join(f'{name} {one_line(value)}' for name, value in facts)}>"


def one_line(text: object, most: int = 60) -> str:
    """The text without control characters and marks that turn the direction of writing, cut to a length."""
    plain = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in str(text)[: 4 * most])
    plain = " ".join(plain.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def few(labels: pl.Series | None, most: int = 3) -> str:
    """The first few labels, in a line."""
    if labels is None or not len(labels):
        return "none"
    shown = ", ".join(one_line(one, 24) for one in labels.head(most).to_list())
    return shown + (", …" if len(labels) > most else "")


def bars_of_sizes(sizes: NDArray[np.int64], what: str, of: str) -> Bars | None:
    """How many have each size: one bar a size, or where there are many, one a doubling."""
    if not len(sizes):
        return None
    largest = int(sizes.max())
    if largest < _MOST_BARS:
        counts = np.bincount(sizes)
        return Bars(counts.tolist(), f"{what}: {of} with each number", "0", str(largest))
    ends = 2 ** np.arange(largest.bit_length() + 1) - 1  # 0, 1 to 1, 2 to 3, 4 to 7, …
    counts = np.bincount(np.searchsorted(ends, sizes), minlength=len(ends))
    return Bars(counts.tolist(), f"{what}: {of} with 0, 1, 2 to 3, 4 to 7, …", "0", str(largest))


def bars_of_counts(start: NDArray[np.int64], what: str, last: str) -> Bars | None:
    """How many entries there are in each stretch of rows, from row pointers (rows + 1)."""
    rows = len(start) - 1
    if rows < 1:
        return None
    cuts = np.unique(np.linspace(0, rows, min(rows, _MOST_BARS) + 1).astype(np.int64))
    return Bars(np.diff(start[cuts]).tolist(), what, "0", last)


def page(title: str, rows: Iterable[tuple[str, object]], figure: Bars | Lines | None = None, notes: Sequence[str] = ()) -> str:
    """HTML for a notebook: a table of names and values, a figure, and notes; without scripts, all text escaped."""
    left = 'style="text-align: left"'
    cells = "".join(
        f'<tr><th scope="row" {left}>{escape(name)}</th><td {left}>{escape(one_line(value, 80))}</td></tr>'
        for name, value in rows
    )
    said = "".join(f"<li>{escape(one_line(note, 200))}</li>" for note in notes[:5])
    more = f"<li>and {len(notes) - 5} more in .notes</li>" if len(notes) > 5 else ""
    listed = f'<ul style="margin: 4px 0">{said}{more}</ul>' if said else ""
    return (
        f'<div style="{_STYLE}"><table><caption {left}>{escape(one_line(title))}</caption>'
        f"<tbody>{cells}</tbody></table>{_drawn(figure)}{listed}</div>"
    )


def _drawn(figure: Bars | Lines | None) -> str:
    """A figure as SVG, with a description for those who do not see it."""
    if figure is None:
        return ""
    return _bars(figure) if isinstance(figure, Bars) else _lines(figure)


def _svg(caption: str, described: str, below: tuple[str, str], drawn: str, more: int = 0) -> str:
    """The frame of a figure: its description, its axis with what stands at both ends below it, and its caption."""
    caption, described, first, last = (escape(one_line(text, 200)) for text in (caption, described, *below))
    height = _HEIGHT + 34 + more
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'aria-label="{caption}"><desc>{described}</desc>{drawn}'
        f'<line x1="0" y1="{_HEIGHT}" x2="{_WIDTH}" y2="{_HEIGHT}" stroke="#777"/><g font-size="11" fill="#333">'
        f'<text x="0" y="{_HEIGHT + 13}">{first}</text><text x="{_WIDTH}" y="{_HEIGHT + 13}" text-anchor="end">{last}</text>'
        f'<text x="0" y="{_HEIGHT + 29}">{caption}</text></g></svg>'
    )


def _bars(figure: Bars) -> str:
    highest = max(max(figure.heights, default=0.0), 1e-9)
    width = _WIDTH / max(len(figure.heights), 1)
    drawn = "".join(
        f'<rect x="{k * width:.1f}" y="{_HEIGHT * (1 - height / highest):.1f}" width="{max(width - 1, 0.5):.1f}" '
        f'height="{_HEIGHT * height / highest:.1f}" fill="#00557a"/>'
        for k, height in enumerate(figure.heights)
        if height
    )
    described = f"{figure.caption}; from {figure.first} to {figure.last}, the highest bar is {highest:g}."
    return _svg(figure.caption, described, (figure.first, figure.last), drawn)


def _lines(figure: Lines) -> str:
    """Each series has a colour, a dash, and its name below with the same."""
    shown = dict(list(figure.series.items())[: len(_COLOURS)])
    highest = max((max(values, default=0.0) for values in shown.values()), default=0.0) or 1.0
    steps = max((len(values) for values in shown.values()), default=1)
    drawn, described = "", []
    for number, (name, values) in enumerate(shown.items()):
        kept = np.unique(np.linspace(0, len(values) - 1, min(len(values), _WIDTH)).astype(int))
        points = " ".join(f"{k * _WIDTH / max(steps - 1, 1):.1f},{_HEIGHT * (1 - values[k] / highest):.1f}" for k in kept)
        style = f'stroke="{_COLOURS[number]}" stroke-dasharray="{_DASHES[number]}"'
        x, y = (_WIDTH // 3) * (number % 3), _HEIGHT + 45 + 15 * (number // 3)
        drawn += (
            f'<polyline points="{points}" fill="none" stroke-width="2" {style}/>'
            f'<line x1="{x}" y1="{y - 4}" x2="{x + 18}" y2="{y - 4}" stroke-width="2" {style}/>'
            f'<text x="{x + 22}" y="{y}" font-size="11" fill="#333">{escape(one_line(name, 14))}</text>'
        )
        described.append(f"{name} from {values[0]:g} to {values[-1]:g}")
    more = f"; and {len(figure.series) - len(shown)} more" if len(figure.series) > len(shown) else ""
    caption = f"{figure.caption}; the top is {highest:g}{more}"
    below = f"{figure.x} 0", f"{figure.x} {steps - 1}"
    return _svg(caption, f"{caption}: {', '.join(described)}.", below, drawn, 15 * -(-len(shown) // 3))
