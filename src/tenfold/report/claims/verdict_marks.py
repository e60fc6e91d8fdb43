"""Marks and style classes of verdicts."""

from __future__ import annotations

__all__ = ["CLASSES", "MARKS"]

CLASSES = {"holds": "holds", "holds only if": "only-if", "does not hold": "not", "undecided": "open"}
MARKS = {"holds": "●", "holds only if": "◐", "does not hold": "✕", "undecided": "?"}
