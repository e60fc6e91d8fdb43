"""Stage 3, candidates: bridges between circles, bonds that exist and new ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.plan.carers import Carers
from tenfold.plan.circles import Circles
from tenfold.plan.situation import Situation

__all__ = ["BRIDGES", "Bridges", "choose_bridges"]

Ints = NDArray[np.int64]
BRIDGES = 2
"""Bridges that each circle has at least."""


@dataclass(frozen=True)
class Bridges:
    """Bridges between circles: `ends` (bridges, 2) rows of two people; the first `existing` of them have a bond that is not lost."""

    ends: Ints
    existing: int


class _Network:
    """Bridges chosen so far, and how many each circle has."""

    def __init__(self, circles: Circles) -> None:
        self.membership = circles.membership
        self.degree = np.zeros(circles.count, np.int64)
        self.linked: set[tuple[int, int]] = set()  # pairs of circles, the lower number first
        self.used: set[int] = set()  # people
        self.ends: list[tuple[int, int]] = []

    def is_linked(self, one: int, other: int) -> bool:
        """Whether there is a bridge between two circles."""
        return (min(one, other), max(one, other)) in self.linked

    def add(self, a: int, b: int) -> None:
        """Add a bridge between two people of different circles."""
        one, other = int(self.membership[a]), int(self.membership[b])
        self.ends.append((a, b))
        self.linked.add((min(one, other), max(one, other)))
        self.used.update((a, b))
        self.degree[one] += 1
        self.degree[other] += 1


def choose_bridges(situation: Situation, circles: Circles, carers: Carers) -> Bridges:
    """At least two bridges from each circle to others: the strongest bonds between circles, and new ones where these are too few."""
    network = _Network(circles)
    _existing(network, situation)
    existing = len(network.ends)
    if circles.count > 1:
        _new(network, situation, circles, carers)
    return Bridges(np.array(network.ends, np.int64).reshape(-1, 2), existing)


def _existing(network: _Network, situation: Situation) -> None:
    """Add living bonds between circles, the strongest first, at most one for each pair of circles and each person."""
    ties, membership = situation.ties, network.membership
    across = np.flatnonzero((membership[ties.a] != membership[ties.b]) & ties.living)
    for row in across[np.lexsort((across, -ties.strength[across]))]:
        a, b = int(ties.a[row]), int(ties.b[row])
        one, other = int(membership[a]), int(membership[b])
        wanted = network.degree[one] < BRIDGES or network.degree[other] < BRIDGES
        if wanted and not network.is_linked(one, other) and a not in network.used and b not in network.used:
            network.add(a, b)


def _new(network: _Network, situation: Situation, circles: Circles, carers: Carers) -> None:
    """Add new bridges from circles that have too few, first to circles of the same main language with few bridges."""
    count, degree = circles.count, network.degree
    language = _main_languages(situation, circles)
    for one in np.flatnonzero(degree < BRIDGES).tolist():
        others = (one + np.arange(1, count)) % count
        for other in others[np.lexsort((np.arange(count - 1), degree[others], language[others] != language[one]))].tolist():
            if degree[one] >= BRIDGES:
                break
            if network.is_linked(one, other) and count > BRIDGES:
                continue
            network.add(*(_spokesperson(circle, circles, carers, network.used) for circle in (one, other)))


def _main_languages(situation: Situation, circles: Circles) -> Ints:
    """The language that most members of each circle speak, by number, (circles)."""
    languages = situation.languages
    speakers = np.zeros((circles.count, max(languages.shape[1], 1)), np.int64)
    np.add.at(speakers, circles.membership, languages if languages.shape[1] else 0)
    main: Ints = speakers.argmax(axis=1)
    return main


def _spokesperson(circle: int, circles: Circles, carers: Carers, used: set[int]) -> int:
    """Somebody of the circle who has no bridge yet, the backup before the mentor before the others."""
    pair = [int(carers.backup[circle]), int(carers.mentor[circle])]
    order = [i for i in pair if i >= 0] + [int(i) for i in circles.members(circle) if i not in pair]
    return next((i for i in order if i not in used), order[0])
