"""Colours of degrees, of the steps at which villages were united, and of severities and shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["degree_colour", "severity_colour", "shade_edges", "share_colour", "step_colour"]

SHADES = ("#0b3c5d", "#1f6f8b", "#3f9c8f", "#8dbf6a", "#f0c94b")
"""From the first villages to the last; darker is earlier, so that the map can be read without colours too."""
NEVER = "#d9d9d9"
DEGREES = (
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
MOST_ON_WHITE = 9  # the index of the lightest colour that is distinct from white
SEVERITIES = ("#fdf3e7", "#f8d3ac", "#ee9f6b", "#cf5c36", "#8c1d1d")
SHARES = ("#eef2f4", "#00557a")


def degree_colour(degree: int, levels: int) -> str:
    """The colour of a degree in a world of `levels`; colours of neighbouring degrees are as distinct as that number allows."""
    if degree < 2 or levels > MOST_ON_WHITE:
        return DEGREES[degree]
    return DEGREES[1 + round((degree - 1) * (MOST_ON_WHITE - 1) / (levels - 1))]


def shade_edges(steps: NDArray[np.float64]) -> list[float]:
    """The last step of each shade: quantiles of the distinct steps at which villages were united, so that early and late ones differ."""
    if not len(steps):
        return []
    distinct = np.unique(np.ceil(steps))
    return sorted({float(np.ceil(step)) for step in np.quantile(distinct, np.arange(1, len(SHADES) + 1) / len(SHADES))})


def step_colour(step: float, edges: list[float]) -> str:
    """The shade of a village that was united at a step, where the shades end at `edges`; grey for never."""
    if step < 0:
        return NEVER
    which = next(k for k, edge in enumerate(edges) if step <= edge)
    return SHADES[round(which * (len(SHADES) - 1) / max(len(edges) - 1, 1))]


def severity_colour(value: float) -> str:
    """The colour of a severity from 0 to 1."""
    return _interpolate(SEVERITIES, value)


def share_colour(value: float) -> str:
    """The colour of a share of people who have attained, from 0 to 1."""
    return _interpolate(SHARES, value)


def _interpolate(colours: tuple[str, ...], value: float) -> str:
    """Linear interpolation between the colours, for a value from 0 to 1."""
    place = min(max(value, 0.0), 1.0) * (len(colours) - 1)
    k = min(int(place), len(colours) - 2)
    parts = [
        round(int(colours[k][i : i + 2], 16) * (1 - place + k) + int(colours[k + 1][i : i + 2], 16) * (place - k))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)
