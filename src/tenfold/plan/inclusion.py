"""Nobody left over: a first contact for the never included, and bridges between circles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.plan.circles import Ties
from tenfold.plan.mentors import Mentors

__all__ = ["BRIDGES", "choose_bridges", "first_contacts"]

Ints = NDArray[np.int64]
BRIDGES = 2
"""Bridges that each circle has at least."""


def choose_bridges(circle: Ints, count: int, ties: Ties, mentors: Mentors, languages: NDArray[np.bool_]) -> tuple[Ints, int]:
    """At least two bridges from each circle to others: the strongest bonds across, and where there are too few, new ones.

    Returns
    -------
    pairs, existing
        Rows of two people, shape (bridges, 2); the first `existing` of them have a bond that is not lost.
    """
    across = np.flatnonzero((circle[ties.a] != circle[ties.b]) & (ties.table["standing"] != "lost").to_numpy())
    have = np.zeros(count, np.int64)
    reached: set[tuple[int, int]] = set()
    bridges: list[tuple[int, int]] = []
    used: set[int] = set()
    for row in across[np.lexsort((across, -ties.strength()[across]))]:
        a, b = int(ties.a[row]), int(ties.b[row])
        one, two = int(circle[a]), int(circle[b])
        wanted = have[one] < BRIDGES or have[two] < BRIDGES
        link = (min(one, two), max(one, two))
        if wanted and link not in reached and a not in used and b not in used:
            bridges.append((a, b))
            reached.add(link)
            used.update((a, b))
            have[one] += 1
            have[two] += 1
    existing = len(bridges)
    main = _main_languages(languages, circle, count)
    for one in np.flatnonzero(have < BRIDGES).tolist() if count > 1 else []:
        others = (one + np.arange(1, count)) % count
        for two in others[np.lexsort((np.arange(count - 1), have[others], main[others] != main[one]))].tolist():
            if have[one] >= BRIDGES:
                break
            link = (min(one, two), max(one, two))
            if link in reached and count > BRIDGES:
                continue
            free = [_spare(circle, mentors, used, number) for number in (one, two)]
            bridges.append((free[0], free[1]))
            reached.add(link)
            used.update(free)
            have[one] += 1
            have[two] += 1
    return np.array(bridges, np.int64).reshape(-1, 2), existing


def first_contacts(never: NDArray[np.bool_], mentors: Mentors, circle: Ints) -> Ints:
    """Who makes the first contact with each person (−1: they were included): the carer, else the mentor or backup of the circle."""
    first = np.where(mentors.carer >= 0, mentors.carer, mentors.mentor[circle])
    rows = np.arange(len(never))
    first = np.where(first == rows, mentors.backup[circle], first)
    return np.where(never, first, -1)


def _main_languages(languages: NDArray[np.bool_], circle: Ints, count: int) -> Ints:
    """The language that most members of each circle speak, by number."""
    speakers = np.zeros((count, max(languages.shape[1], 1)), np.int64)
    np.add.at(speakers, circle, languages if languages.shape[1] else 0)
    main: Ints = speakers.argmax(axis=1)
    return main


def _spare(circle: Ints, mentors: Mentors, used: set[int], number: int) -> int:
    """Somebody of the circle who is no bridge yet, the backup before the mentor before the others."""
    members = [int(i) for i in np.flatnonzero(circle == number)]
    firsts = [int(mentors.backup[number]), int(mentors.mentor[number])]
    order = [i for i in firsts if i >= 0] + [i for i in members if i not in firsts]
    return next((i for i in order if i not in used), order[0])
