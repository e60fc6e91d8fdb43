"""Names of circles: what the organiser calls them, what they were called, or else their place and language; each only once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from tenfold.errors import PlanError
from tenfold.plan.circles import Circles
from tenfold.plan.locks import Locks
from tenfold.plan.previous import Previous
from tenfold.plan.situation import Situation

__all__ = ["Naming", "main_language", "most_frequent", "name_circles"]


@dataclass(frozen=True)
class Naming:
    """Of each circle, (circles): its name; its parent, the number of the circle that it came from, or 0; and its generation, from 1."""

    names: list[str]
    parent: list[int]
    generation: list[int]


def name_circles(situation: Situation, circles: Circles, locks: Locks, previous: Previous) -> Naming:
    """Name the circles; a circle that was there keeps its name, and one that is new has a line.

    Its parent is the circle of the last plan that most of its members come from.

    Raises
    ------
    PlanError
        The organiser gave two circles one name.
    """
    numbers = range(1, circles.count + 1)
    given = {number: name for number, name in locks.names.items() if number <= circles.count}
    twice = [name for name in given.values() if [one.casefold() for one in given.values()].count(name.casefold()) > 1]
    if twice:
        same = [str(number) for number, name in given.items() if name.casefold() == twice[0].casefold()]
        raise PlanError(
            f"circles {' and '.join(same)} are both called '{twice[0]}'; expected a name of its own for each. Rename one of them."
        )
    names: dict[int, str] = {}
    taken = {name.casefold() for name in given.values()}
    for number in numbers:
        kept = previous.names.get(number)
        if number in given:
            names[number] = given[number]
        elif kept is not None and kept.casefold() not in taken:
            names[number] = kept
        if number in names:
            taken.add(names[number].casefold())
    for number in numbers:
        if number not in names:
            names[number] = _first_free(_description(situation, circles, number - 1), taken)
            taken.add(names[number].casefold())
    known = set(previous.circle_of.values())
    parent, generation = [], []
    for number in numbers:
        if known and number not in known:
            parent.append(_parent(situation, circles, number, previous))
            generation.append(previous.generation.get(parent[-1], 1) + 1 if parent[-1] else 1)
        else:
            parent.append(previous.parent.get(number, 0))
            generation.append(previous.generation.get(number, 1))
    return Naming([names[number] for number in numbers], parent, generation)


def _description(situation: Situation, circles: Circles, circle: int) -> str:
    """Place and language of most members, as far as they are known; the language only where it is not that of most people."""
    members = circles.members(circle)
    place = most_frequent([situation.people["place"][int(i)] for i in members])
    language = main_language(situation, members)
    if situation.language_names and language == situation.language_names[0]:  # that of most people goes without saying
        language = None
    return ", ".join(one for one in (place, language) if one) or "Circle"


def _first_free(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken."""
    number, found = 1, name if name != "Circle" else "Circle 1"
    while found.casefold() in taken:
        number += 1
        found = f"{name} {number}"
    return found


def _parent(situation: Situation, circles: Circles, number: int, previous: Previous) -> int:
    """The circle of the last plan that most members of a new one come from; 0 where they had none."""
    ids = situation.people["id"]
    came = [previous.circle_of.get(ids[int(i)], 0) for i in circles.members(number - 1)]
    counts = np.bincount([one for one in came if one], minlength=1)
    return int(counts.argmax()) if counts.any() else 0


def most_frequent(values: list[str | None]) -> str | None:
    """The value that stands most often, of several the first in their order; None where there are none."""
    counts = pl.Series(values, dtype=pl.String).drop_nulls().value_counts()
    return None if counts.is_empty() else str(counts.sort(["count", counts.columns[0]], descending=[True, False]).row(0)[0])


def main_language(situation: Situation, members: np.ndarray[tuple[int], np.dtype[np.int64]]) -> str | None:
    """The language that most of some people speak."""
    if not situation.language_names or not len(members):
        return None
    return situation.language_names[int(situation.languages[members].sum(axis=0).argmax())]
