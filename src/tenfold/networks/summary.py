"""How networks show themselves: in a line, and in a notebook as a small table with a figure. Names in them are taken as hostile."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["Bars", "bars_of_counts", "bars_of_sizes", "few", "one_line", "page"]

_WIDTH, _HEIGHT, _MOST_BARS = 320, 90, 40
_STYLE = "font: 13px system-ui, sans-serif"


@dataclass(frozen=True)
class Bars:
    """A figure of bars: `heights`, the `caption` that says what they are, and what the first and the last bar stand for."""

    heights: list[float]
    caption: str
    first: str
    last: str


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


def page(title: str, rows: Iterable[tuple[str, object]], figure: Bars | None = None, notes: Sequence[str] = ()) -> str:
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
        f"<tbody>{cells}</tbody></table>{'' if figure is None else _svg(figure)}{listed}</div>"
    )


def _svg(figure: Bars) -> str:
    """The bars as SVG, with a description for those who do not see it."""
    highest = max(max(figure.heights, default=0.0), 1e-9)
    width = _WIDTH / max(len(figure.heights), 1)
    drawn = "".join(
        f'<rect x="{k * width:.1f}" y="{_HEIGHT * (1 - height / highest):.1f}" width="{max(width - 1, 0.5):.1f}" '
        f'height="{_HEIGHT * height / highest:.1f}" fill="#00557a"/>'
        for k, height in enumerate(figure.heights)
        if height
    )
    caption, first, last = (escape(one_line(text, 120)) for text in (figure.caption, figure.first, figure.last))
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {_HEIGHT + 34}" width="{_WIDTH}" height="{_HEIGHT + 34}" '
        f'aria-label="{caption}"><desc>{caption}; from {first} to {last}, the highest bar is {highest:g}.</desc>{drawn}'
        f'<line x1="0" y1="{_HEIGHT}" x2="{_WIDTH}" y2="{_HEIGHT}" stroke="#777"/><g font-size="11" fill="#333">'
        f'<text x="0" y="{_HEIGHT + 13}">{first}</text><text x="{_WIDTH}" y="{_HEIGHT + 13}" text-anchor="end">{last}</text>'
        f'<text x="0" y="{_HEIGHT + 29}">{caption}</text></g></svg>'
    )
