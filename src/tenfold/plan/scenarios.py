"""The plan and its baselines: schedules of as many contacts a week, and circles of the same size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.kernels.streams import RANDOM_CIRCLES, RANDOM_PAIRING
from tenfold.plan.candidates import Candidates
from tenfold.plan.circles import Circles
from tenfold.plan.ties import Ties

__all__ = ["BASELINES", "Contacts", "baseline_shares", "schedules", "share_inside"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Contacts = tuple[Ints, Ints]
"""The contacts of a week: initiators and recipients."""

BASELINES = ("nothing", "random pairing", "round-robin")
CIRCLES_COMPARED = 100
"""Random partitions that the circles are compared with."""


def schedules(n: int, candidates: Candidates, weeks: list[Ints], seed: int) -> dict[str, list[Contacts]]:
    """The contacts of each week for n people, by scenario: the plan (rows of `candidates` for each week) and `BASELINES`."""
    nobody = np.zeros(0, np.int64)
    return {
        "nothing": [(nobody, nobody) for _ in weeks],
        "plan": [(candidates.initiator[rows], candidates.recipient[rows]) for rows in weeks],
        "random pairing": [_random_pairing(n, len(rows), seed, week) for week, rows in enumerate(weeks)],
        "round-robin": _round_robin(n, [candidates.initiator[rows] for rows in weeks]),
    }


def _random_pairing(n: int, contacts: int, seed: int, week: int) -> Contacts:
    """As many contacts, each between two people at random."""
    rng = np.random.Generator(np.random.Philox(key=[seed, RANDOM_PAIRING], counter=[week, 0, 0, 0]))
    initiator = rng.integers(0, n, contacts)
    return initiator, (initiator + rng.integers(1, max(n, 2), contacts)) % n


def _round_robin(n: int, initiators: list[Ints]) -> list[Contacts]:
    """The same initiators in each week, and as recipients the next people on the list."""
    weeks, upcoming = [], 0
    for initiator in initiators:
        recipient = (upcoming + np.arange(len(initiator))) % n
        recipient = np.where(recipient == initiator, (recipient + 1) % n, recipient)
        upcoming += len(initiator)
        weeks.append((initiator, recipient))
    return weeks


def share_inside(membership: Ints, ties: Ties) -> float:
    """Share of the bond strength that lies inside circles."""
    strength = ties.strength
    inside = membership[ties.a] == membership[ties.b]
    return float(strength[inside].sum() / strength.sum()) if strength.sum() > 0 else 0.0


def baseline_shares(name: str, circles: Circles, ties: Ties, seed: int) -> Floats:
    """`share_inside` of as many circles by a baseline: dealt out along the list (round-robin), or at random a number of times."""
    n, count = len(circles.membership), circles.count
    if name == "round-robin":
        return np.array([share_inside(np.arange(n) % count, ties)])
    rng = np.random.Generator(np.random.Philox(key=[seed, RANDOM_CIRCLES]))
    return np.array([share_inside(rng.permutation(n) % count, ties) for _ in range(CIRCLES_COMPARED)])
