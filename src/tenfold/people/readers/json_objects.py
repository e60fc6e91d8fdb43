"""Objects within JSON exports, one at a time, whatever else is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

__all__ = ["iterate_array", "objects", "text_of"]

_DECODER = json.JSONDecoder()


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(one: object, key: str) -> str | None:
    """A text of an object; None where it is empty, or no text."""
    value = one.get(key) if isinstance(one, dict) else None
    return value.strip() or None if isinstance(value, str) else None


def iterate_array(text: str, start: int, ends: list[int]) -> Iterator[dict[str, Any]]:
    """The objects of the array whose bracket stands before `start`, one at a time, so that they need not be in memory together.

    Where the array ends is added to `ends`; a `ValueError` or `RecursionError` is raised where it is damaged.
    """
    place = start
    while True:
        while place < len(text) and text[place] in " \t\r\n,":
            place += 1
        if place >= len(text):
            raise ValueError("cut off")
        if text[place] == "]":
            ends.append(place + 1)
            return
        value, place = _DECODER.raw_decode(text, place)
        if isinstance(value, dict):
            yield value
