"""Stage 3, candidates: every contact that circles, carers and bridges may call for, and first contacts with the never included.

A contact has one of four purposes: the first one with somebody never included; of a carer with those they look after; the upkeep of a
bond inside a circle; a bridge to another circle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.bonds.rhythm import PRIOR_GAP
from tenfold.plan.bridges import Bridges
from tenfold.plan.carers import Carers
from tenfold.plan.circles import Circles
from tenfold.plan.situation import Situation
from tenfold.plan.ties import Pairs, number_pairs

__all__ = ["BRIDGE", "CARER", "FIRST", "NEVER", "PURPOSES", "UPKEEP", "Candidates", "find_candidates", "first_contacts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PURPOSES = ("first contact", "carer", "upkeep", "bridge")
FIRST, CARER, UPKEEP, BRIDGE = range(4)
NEVER = 1e6
"""Weeks: the silence of a pair that was never in contact."""


@dataclass(frozen=True)
class Candidates:
    """Contacts 0..c−1 that the plan may ask for.

    Attributes
    ----------
    initiator, recipient
        (c) Rows of people: who makes the contact, and who receives it.
    purpose
        (c) Index of `PURPOSES`.
    gap
        (c) Weeks between two contacts of the pair by its own rhythm; 0 where a carer's cadence holds, as the pair is not in touch.
    silence
        (c) Weeks since the pair was in contact.
    strength
        (c) Strength of the bond of the pair, 0 where there is none.
    pairs
        The pairs of all ties and all these contacts.
    """

    initiator: Ints
    recipient: Ints
    purpose: Ints
    gap: Floats
    silence: Floats
    strength: Floats
    pairs: Pairs

    def __len__(self) -> int:
        return len(self.initiator)


def find_candidates(situation: Situation, circles: Circles, carers: Carers, bridges: Bridges) -> Candidates:
    """All contacts that the circles, the carers and the bridges may call for; over bonds and bridges in both directions."""
    ties, membership = situation.ties, circles.membership
    inside = np.flatnonzero(membership[ties.a] == membership[ties.b])
    cared = np.flatnonzero(carers.carer >= 0)
    inside_a, inside_b = ties.a[inside], ties.b[inside]
    bridge_a, bridge_b = bridges.ends[:, 0], bridges.ends[:, 1]
    initiator = np.concatenate([carers.carer[cared], inside_a, inside_b, bridge_a, bridge_b])
    recipient = np.concatenate([cared, inside_b, inside_a, bridge_b, bridge_a])
    by_carer = np.where(situation.never_included[cared], FIRST, CARER)
    purpose = np.concatenate([by_carer, np.full(2 * inside.size, UPKEEP), np.full(2 * len(bridge_a), BRIDGE)])
    pairs = number_pairs(ties, situation.n, initiator, recipient)
    known = pairs.of_contact < len(ties)
    tie = pairs.of_contact[known]
    silence, gap, strength = np.full(len(initiator), NEVER), np.zeros(len(initiator)), np.zeros(len(initiator))
    silence[known] = ties.table["silence"].to_numpy()[tie] / 7
    gap[known] = ties.table["usual_gap"].fill_null(PRIOR_GAP).to_numpy()[tie] / 7
    in_touch = known & (gap > 0) & (silence < gap)  # by themselves, within their usual gap: their carer may wait for it
    gap[((purpose == FIRST) | (purpose == CARER)) & ~in_touch] = 0
    strength[known] = ties.strength[tie]
    return Candidates(initiator, recipient, purpose, gap, silence, strength, pairs)


def first_contacts(situation: Situation, circles: Circles, carers: Carers) -> Ints:
    """Who makes the first contact with each person who was never included, (n); −1 for others, and where there is nobody.

    It is the person's carer, else the mentor of the circle, or the backup where the person is the mentor.
    """
    membership = circles.membership
    first = np.where(carers.carer >= 0, carers.carer, carers.mentor[membership])
    first = np.where((first == np.arange(situation.n)) | (first < 0), carers.backup[membership], first)
    first = np.where(first == np.arange(situation.n), -1, first)
    return np.where(situation.never_included, first, -1)
