"""Stage 1, circles: everybody into exactly one circle of about ten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import PlanError, SpecError
from tenfold.plan.limits import Limits
from tenfold.plan.locks import Locks
from tenfold.plan.partition import FULL, Sizes, WeightedTies, group_sizes, partition, tie_weights
from tenfold.plan.previous import Previous
from tenfold.plan.situation import Situation

if TYPE_CHECKING:
    from tenfold.kernels.plan.circles import Attributes, Constraints

__all__ = ["BY", "Circles", "assign_circles", "check_by"]

Ints = NDArray[np.int64]
BY = ("bond", "place", "both", "mix")
"""What circles are built by: bonds, place, both, or a mix of places."""

LOCK_WEIGHT = 50 * FULL
"""Weight of a pair that the organiser wants together; of one to be kept apart it is negative."""
STAY_WEIGHT = FULL // 8
"""Weight of two who were in one circle in the last plan: nobody moves for a little."""


@dataclass(frozen=True)
class Circles:
    """A partition of the people.

    `membership` (n): the circle of each person, from 0. `sizes`: the number of circles, and the sizes allowed.
    """

    membership: Ints
    sizes: Sizes

    @property
    def count(self) -> int:
        """Number of circles."""
        return self.sizes.count

    def members(self, circle: int) -> Ints:
        """Rows of the people in a circle."""
        return self._rows[circle]

    @cached_property
    def _rows(self) -> list[Ints]:
        """The rows of the people by circle."""
        by_circle = np.argsort(self.membership, kind="stable")
        return np.split(by_circle, np.cumsum(np.bincount(self.membership, minlength=self.count))[:-1])


def assign_circles(
    situation: Situation,
    limits: Limits,
    *,
    by: str = "both",
    locks: Locks | None = None,
    previous: Previous | None = None,
    seed: int = 0,
) -> Circles:
    """Put everybody into exactly one circle.

    Parameters
    ----------
    situation, limits
        The people, and the size of a circle.
    by
        One of `BY`.
    locks
        Placements that are fixed or forbidden.
    previous
        The last plan; at most the share `previous.movable` of the people in it is moved.
    seed
        Same seed, same circles.

    Raises
    ------
    PlanError
        Somebody has no circle that the locks and the sizes allow; the message names them and the rule.
    SpecError
        `by` is none of `BY`.
    """
    check_by(by)
    locks, previous = locks or Locks(), previous or Previous()
    ids = situation.people["id"].to_list()
    row = {one: i for i, one in enumerate(ids)}
    sizes = group_sizes(situation.n, limits, max(previous.circle_of.values(), default=0))
    wanted = [
        (row[a], row[b], weight)
        for pairs, weight in ((locks.together, LOCK_WEIGHT), (locks.apart, -LOCK_WEIGHT))
        for a, b in pairs
        if a in row and b in row
    ]
    ties = situation.ties
    weighted = WeightedTies(ties.a, ties.b, tie_weights(ties.strength)).with_more([*wanted, *_pairs_of_last(row, previous)])
    constraints = _constraints(ids, locks, previous, sizes)
    membership = partition(_attributes(situation), weighted, constraints, sizes, limits, by=by, seed=seed)
    unplaced = np.flatnonzero(membership < 0)
    if unplaced.size:
        who = ", ".join(ids[i] for i in unplaced[:5])
        raise PlanError(
            f"no circle is left for {who}: the locks and the size of {sizes.smallest} to {sizes.largest} allow none. "
            "Free a 'not in' row, or allow larger circles."
        )
    return Circles(membership, sizes)


def _pairs_of_last(row: dict[str, int], previous: Previous) -> Iterator[tuple[int, int, int]]:
    """Pairs of people who were in one circle in the last plan, with their weight."""
    circles: dict[int, list[int]] = {}
    for one, circle in previous.circle_of.items():
        if one in row:
            circles.setdefault(circle, []).append(row[one])
    for members in circles.values():
        for a, b in combinations(members, 2):
            yield a, b, STAY_WEIGHT


def check_by(by: str) -> str:
    """One of `BY`."""
    if by not in BY:
        raise SpecError(f"by is {by!r}; expected one of {', '.join(BY)}.")
    return by


def _attributes(situation: Situation) -> Attributes:
    """What counts of each person apart from their ties."""
    from tenfold.kernels.plan.circles import Attributes

    people, languages, hours = situation.people, situation.languages, situation.hours
    first = languages.argmax(axis=1) if languages.shape[1] else np.zeros(situation.n, np.int64)
    return Attributes(
        languages=languages.astype(np.uint8),
        hours=(hours[:, :0] if hours.all() else hours).astype(np.uint8),  # where all are always free, hours do not count
        place=_codes(people["place"]),
        first_language=np.where(languages.all(axis=1), -1, first).astype(np.int32),
        degree=_codes(people["degree"]),
        can_mentor=people["can_mentor"].cast(pl.Boolean).fill_null(False).to_numpy().astype(np.uint8),
        never_included=situation.never_included.astype(np.uint8),
    )


def _codes(column: pl.Series) -> NDArray[np.int32]:
    """A number for each value, −1 for null."""
    values = {value: k for k, value in enumerate(column.drop_nulls().unique().sort())}
    return np.array([values.get(value, -1) for value in column], np.int32)


def _wanted_elsewhere(person: str, locks: Locks) -> bool:
    """Whether the organiser wants somebody with others, or away from them."""
    return any(person in pair for pair in (*locks.together, *locks.apart))


def _constraints(ids: list[str], locks: Locks, previous: Previous, sizes: Sizes) -> Constraints:
    """The locks, the last plan and its carers, by row."""
    from tenfold.kernels.plan.circles import Constraints

    row, count = {one: i for i, one in enumerate(ids)}, sizes.count
    for person, circle in (*locks.inside.items(), *locks.outside):
        if circle > count:
            raise PlanError(
                f"locks: circle {circle} for '{person}' does not exist; there are {count} circles. Name one from 1 to {count}."
            )
    fixed = np.full(len(ids), -1, np.int32)
    for person, circle in locks.inside.items():
        if person in row:
            fixed[row[person]] = circle - 1
    locked = np.bincount(fixed[fixed >= 0], minlength=count)
    if (locked > sizes.largest).any():
        circle = int(locked.argmax())
        who = ", ".join(ids[i] for i in np.flatnonzero(fixed == circle)[:3])
        raise PlanError(
            f"locks: {locked[circle]} people are fixed in circle {circle + 1} ({who}, …); it holds {sizes.largest}. Free some of them."
        )
    forbidden = np.array(
        sorted({row[person] * count + circle - 1 for person, circle in locks.outside if person in row}), np.int64
    )
    restricted = np.zeros(len(ids), np.uint8)
    restricted[forbidden // count] = 1
    last = np.array([previous.circle_of.get(one, 0) - 1 for one in ids], np.int32)
    last[last >= count] = -1
    placed = int((last >= 0).sum())
    for (circle, _), person in previous.role.items():  # whoever carries a circle stays in it
        i = row.get(person, -1)
        free = i >= 0 and fixed[i] < 0 and not restricted[i] and last[i] == circle - 1
        if free and locked[circle - 1] < sizes.largest and not _wanted_elsewhere(person, locks):
            fixed[i] = circle - 1
            locked[circle - 1] += 1
    return Constraints(fixed, restricted, forbidden, last, int(previous.movable * placed) if placed else len(ids))
