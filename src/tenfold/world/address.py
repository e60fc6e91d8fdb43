"""Nested tens: a person's number is their address, and the broadcast tree over addresses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError

__all__ = [
    "MAX_PEOPLE",
    "broadcast_parent",
    "broadcast_reach",
    "broadcast_round",
    "digits",
    "from_digits",
    "group",
    "group_count",
    "height",
    "members",
]

MAX_PEOPLE = 10**11
"""The most people that a world can have."""


def height(people: int) -> int:
    """Levels of groups above the people: the lowest level whose one group holds everyone, ⌈log₁₀ people⌉.

    Examples
    --------
    >>> height(10), height(600_000), height(8_200_000_000)
    (1, 6, 10)
    """
    last = checks.whole(people, "people", low=1, high=MAX_PEOPLE) - 1
    return len(str(last)) if last else 0


def digits(ids: ArrayLike, *, levels: int) -> NDArray[np.uint8]:
    """The addresses of people.

    Parameters
    ----------
    ids
        Whole numbers from 0 to 10^levels − 1, of any shape.
    levels
        How many digits an address has, from 1 on: the `height` of the world.

    Returns
    -------
    digits
        One more axis than `ids`, of `levels` digits, the widest group's first. The last is the place within the circle.

    Raises
    ------
    SpecError
        A person who is not below 10^levels.

    Examples
    --------
    >>> digits(4321, levels=6).tolist()
    [0, 0, 4, 3, 2, 1]
    """
    who = _ids(ids, 10 ** checks.whole(levels, "levels", low=1, high=11))
    scale = 10 ** np.arange(levels - 1, -1, -1, dtype=np.int64)
    found: NDArray[np.uint8] = (who[..., np.newaxis] // scale % 10).astype(np.uint8)
    return found


def from_digits(address: ArrayLike) -> NDArray[np.int64]:
    """The people at some addresses: digits along the last axis, the widest group's first.

    Raises
    ------
    SpecError
        Something that is no digit, or more than eleven.

    Examples
    --------
    >>> from_digits([[0, 0, 4, 3, 2, 1], [6, 0, 0, 0, 0, 0]]).tolist()
    [4321, 600000]
    """
    found = np.asarray(address)
    if found.dtype.kind not in "iu" or not found.ndim or not 1 <= found.shape[-1] <= 11:
        raise SpecError(f"address is {address!r}; expected 1 to 11 digits along the last axis.")
    if found.size and not (found.min() >= 0 and found.max() <= 9):
        wrong = found.min() if found.min() < 0 else found.max()
        raise SpecError(f"address has a digit {wrong}; expected digits from 0 to 9.")
    number: NDArray[np.int64] = found.astype(np.int64) @ (10 ** np.arange(found.shape[-1] - 1, -1, -1, dtype=np.int64))
    return number


def group(ids: ArrayLike, level: int) -> NDArray[np.int64]:
    """The group of a level that each person is in: at level 0 their own number, at level 1 their circle, at level 3 their village.

    Examples
    --------
    >>> group([4321, 4329, 4330], 1).tolist()
    [432, 432, 433]
    """
    found: NDArray[np.int64] = _ids(ids, MAX_PEOPLE) // 10 ** checks.whole(level, "level", low=0, high=11)
    return found


def group_count(people: int, level: int) -> int:
    """How many groups of a level there are; the last one may be smaller than the others.

    Examples
    --------
    >>> group_count(123_457, 3)
    124
    """
    size: int = 10 ** checks.whole(level, "level", low=0, high=11)
    return -(-checks.whole(people, "people", low=1, high=MAX_PEOPLE) // size)


def members(number: int, level: int, *, people: int) -> range:
    """The people of a group of a level.

    Examples
    --------
    >>> members(123, 3, people=123_457)
    range(123000, 123457)
    """
    last = group_count(people, level) - 1
    low = checks.whole(number, "number", low=0, high=last) * 10**level
    return range(low, min(low + 10**level, people))


def broadcast_round(ids: ArrayLike, people: int, *, source: int = 0) -> NDArray[np.int64]:
    """The round of a broadcast in which each person is told: 0 for the source, at most `height(people)`.

    In each round everyone who knows tells nine others: one person in each other part of the group that they answer for. From then on each
    answers for one part. After h rounds 10^h people know, one in each group of level `height` − h.

    Examples
    --------
    >>> broadcast_round([0, 600, 42, 7], 1000).tolist()
    [0, 1, 3, 3]
    """
    place = _place(ids, people, source)
    step = np.where(place > 0, height(people), 0)
    for level in range(1, height(people)):
        step -= (place > 0) & (place % 10**level == 0)
    return step


def broadcast_parent(ids: ArrayLike, people: int, *, source: int = 0) -> NDArray[np.int64]:
    """The parent of each person in the tree of `broadcast_round`: whose address is the same with its last digit other than 0 set to 0.

    The parent of the source is the source. With a source other than 0 addresses are rotated: person p stands at (p − source) mod people.

    Examples
    --------
    >>> broadcast_parent([600, 42, 40], 1000).tolist()
    [0, 40, 0]
    """
    place = _place(ids, people, source)
    parent = place.copy()
    for level in range(height(people), 0, -1):  # the last one that changes it is the widest that does not pass the last digit
        scale = 10**level
        parent = np.where((place % scale != 0), place - place % scale, parent)
    found: NDArray[np.int64] = (np.where(place > 0, parent, 0) + source) % people
    return found


def broadcast_reach(people: int) -> NDArray[np.int64]:
    """How many people know after 0, 1, … rounds of a broadcast: 1, 10, 100 and so on, and everyone at the end, (`height` + 1).

    Examples
    --------
    >>> broadcast_reach(600_000).tolist()
    [1, 6, 60, 600, 6000, 60000, 600000]
    """
    top = height(people)
    return np.array([group_count(people, top - step) for step in range(top + 1)], np.int64)


def _place(ids: ArrayLike, people: int, source: int) -> NDArray[np.int64]:
    """Where people stand, counted from the source."""
    who = _ids(ids, checks.whole(people, "people", low=1, high=MAX_PEOPLE))
    found: NDArray[np.int64] = (who - checks.whole(source, "source", low=0, high=people - 1)) % people
    return found


def _ids(ids: ArrayLike, below: int) -> NDArray[np.int64]:
    """Whole numbers from 0 to `below` − 1."""
    found = np.asarray(ids)
    if found.dtype.kind not in "iu":
        raise SpecError(f"ids are of type {found.dtype}; expected whole numbers from 0 to {below - 1}.")
    if found.size and not (found.min() >= 0 and found.max() < below):
        wrong = found.min() if found.min() < 0 else found.max()
        raise SpecError(f"ids hold {wrong}; expected whole numbers from 0 to {below - 1}.")
    return found.astype(np.int64)
