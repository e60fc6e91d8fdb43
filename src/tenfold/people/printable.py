"""Values from files as messages show them."""

from __future__ import annotations

__all__ = ["printable"]


def printable(value: object, most: int = 60) -> str:
    """A value for a message: one line, without control characters, at most `most` characters."""
    text = str(value)
    return "".join(one if one.isprintable() else " " for one in text[:most]) + ("…" if len(text) > most else "")
