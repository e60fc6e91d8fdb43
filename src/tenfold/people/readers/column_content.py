"""What the cells of a column look like: times, addresses, numbers, marks, answers or names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tenfold.people.readers.statuses import status_meaning
from tenfold.people.readers.vocabulary import answer_words

__all__ = ["COULD_BE", "content_of", "is_mark", "is_plausible"]

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?")
_TIME = re.compile(r"(?:[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}|(?:19|20)[0-9]{6})(?:[ T,].*)?")
_CLOCK = re.compile(
    r"[0-9]{1,2}(?:[:.h][0-9]{2}){1,2}\s*(?:[ap]\.?\s?m\.?|uhr|uur)|[0-9]{1,2}(?:[:h][0-9]{2}){1,2}|[0-9]{1,2}\s*(?:[ap]\.?m\.?|uhr|h)",
    re.IGNORECASE,
)
_MARKS = frozenset(
    ["x", "✓", "✔", "☑", "✅", "1", "0", "1.0", "0.0", "p", "a", "✗", "✘", "-", "–", "○", "●", "•", "l", "e", "+", "v"]
)

COULD_BE = {
    "times": "time, start or joined",
    "clocks": "clock",
    "e-mail addresses": "email",
    "numbers": "id, minutes or capacity",
    "yes and no": "status, can_mentor or consent",
    "words of attendance": "status",
    "names": "a, b, person or name",
}
"""The columns that a column with such cells could be."""


def is_mark(cell: str) -> bool:
    """Whether a cell is a tick, a digit or a letter of a register."""
    return cell.casefold() in _MARKS


def content_of(cells: Sequence[str | None]) -> str:
    """What at least nine in ten of the cells are: a key of `COULD_BE`; "" where there are none."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return ""
    tests: dict[str, Callable[[str], object]] = {
        "e-mail addresses": _EMAIL.fullmatch,
        "times": _TIME.fullmatch,
        "clocks": _CLOCK.fullmatch,
        "yes and no": lambda cell: cell.casefold() in answer_words() and not _NUMBER.fullmatch(cell),
        "numbers": _NUMBER.fullmatch,
        "words of attendance": lambda cell: status_meaning(cell)[0] is not None,
    }
    for name, test in tests.items():
        if sum(bool(test(cell)) for cell in filled) >= 0.9 * len(filled):
            return name
    return "names"


def is_plausible(column: str, cells: Sequence[str | None]) -> bool:
    """Whether the cells can be what a header that was only guessed at would make them."""
    content = content_of(cells)
    if not content:
        return True
    wanted = {
        "email": ("e-mail addresses",),
        "can_mentor": ("yes and no", "words of attendance"),
        "consent": ("yes and no",),
        "capacity": ("numbers",),
        "degree": ("numbers",),
        "joined": ("times",),
        "paused_until": ("times",),
        "time": ("times", "numbers", "names"),
        "start": ("times", "numbers", "names"),
        "join": ("times", "clocks", "names"),
        "leave": ("times", "clocks", "names"),
        "clock": ("clocks", "numbers"),
        "minutes": ("numbers", "clocks", "names"),
        "status": ("yes and no", "words of attendance", "numbers", "names"),
    }
    if column == "role":
        return content == "names"
    if column in wanted:
        return content in wanted[column]
    if column in ("name", "first_name", "last_name", "language", "place", "aliases"):
        return content in ("names", "words of attendance")
    return True
