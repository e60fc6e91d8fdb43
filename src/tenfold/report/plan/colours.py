"""Colours and marks of standings and scenarios, for the page and its figures."""

from __future__ import annotations

__all__ = ["NO_PLAN_COLOUR", "PLAN_COLOUR", "STANDING_COLOURS", "STANDING_MARKS", "STANDING_SHAPES"]

STANDING_COLOURS = {
    "kept": "#00664b",
    "due": "#8a5a00",
    "fading": "#b03a00",
    "lost": "#5b5b5b",
    "paused": "#3d4ea3",
    "attending": "#6a4a9c",
    "never included": "#8c1d63",
    "gone": "#6b6b6b",
}
"""Dark enough for text on white (contrast of 4.5 to 1 and more), and distinct for people who cannot tell red from green."""

STANDING_SHAPES = {
    "kept": "circle",
    "due": "diamond",
    "fading": "triangle-up",
    "lost": "cross",
    "attending": "triangle-down",
    "never included": "square",
}
PLAN_COLOUR, NO_PLAN_COLOUR = "#00557a", "#8a4b00"
STANDING_MARKS = {
    "kept": "●",
    "due": "◆",
    "fading": "▲",
    "lost": "✕",
    "paused": "‖",
    "attending": "▼",
    "never included": "■",
    "gone": "○",
}
