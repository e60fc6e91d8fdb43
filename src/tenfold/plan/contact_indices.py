"""Whittle indices of people and bonds: what a contact is worth, by hazard and number of living bonds.

Each person is an arm of a restless bandit: in touch with d living bonds under some weekly hazard, or lost. The chances of the
forecast give each
person and each bond the hazard of the week, and the indices are computed on a grid of hazards. For calls that keep people: Mate et
al. 2022,
doi:10.1609/aaai.v36i11.21460.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.assumptions import Assumptions
from tenfold.plan.whittle import whittle_index

__all__ = ["LEVELS", "MOST_BONDS", "Indices", "Typical", "arms", "contact_indices", "level_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_BONDS = 8
"""Living bonds that are counted; who has more counts as having these."""
LEVELS = np.geomspace(0.0005, 0.5, 13)
"""Weekly hazards of the grid."""


@dataclass(frozen=True)
class Typical:
    """Typical weekly hazards of a `person` and of a `bond` in the community: those of the others of an arm."""

    person: float
    bond: float


@dataclass(frozen=True)
class Indices:
    """Worth of a contact, in weeks in touch; rows are the hazards of `LEVELS`, columns living bonds 0..8, and last: lost.

    `person`: for the person, whose hazard is lower in a week with a contact. `bond`: for the bond, which does not end in such a week
    (by the hazard of the bond). `renewal`: of a contact over a bond that has lapsed, or, in the last column, with somebody who is lost.
    """

    person: Floats
    bond: Floats
    renewal: Floats

    def table(self) -> pl.DataFrame:
        """`what`, weekly `hazard`, and a column for each number of living bonds and for the lost."""
        rows = [
            {"what": what, "hazard": float(hazard)}
            | {str(bonds): float(table[level, bonds]) for bonds in range(MOST_BONDS + 1)}
            | {"lost": float(table[level, -1])}
            for what, table in (("person", self.person), ("bond", self.bond), ("renewal", self.renewal))
            for level, hazard in enumerate(LEVELS)
        ]
        return pl.DataFrame(rows)


def level_of(hazard: Floats) -> Ints:
    """The row of the grid that is nearest to each hazard, on a logarithmic scale."""
    place = np.log(np.maximum(hazard, LEVELS[0]) / LEVELS[0]) / np.log(LEVELS[1] / LEVELS[0])
    found: Ints = np.clip(np.rint(place), 0, len(LEVELS) - 1).astype(np.int64)
    return found


def contact_indices(assumptions: Assumptions, typical: Typical) -> Indices:
    """The indices of all states; computed once for each community."""
    chances = (assumptions.contact_ratio, assumptions.adherence, assumptions.renewal, assumptions.reactivation)
    return _cached(tuple(assumptions.degree_ratios), chances, typical)


@lru_cache(maxsize=8)
def _cached(degree_ratios: tuple[float, ...], chances: tuple[float, float, float, float], typical: Typical) -> Indices:
    """`contact_indices` of assumptions in a form that can be a key."""
    contact_ratio, adherence, renewal, reactivation = chances
    # the arms know bonds that have lapsed, and no strangers
    assumptions = Assumptions(degree_ratios, contact_ratio, adherence, renewal, renewal, reactivation, {})
    found: dict[str, list[Floats]] = {"person": [], "bond": [], "renewal": []}
    for level in LEVELS:
        of_person = arms(assumptions, Typical(float(level), typical.bond), typical)
        of_bond = arms(assumptions, Typical(typical.person, float(level)), typical)
        for name in found:
            found[name].append(whittle_index(*(of_bond if name == "bond" else of_person)[name]))
    return Indices(**{name: np.stack(rows) for name, rows in found.items()})


def arms(assumptions: Assumptions, own: Typical, typical: Typical) -> dict[str, tuple[Floats, Floats, Floats]]:
    """The three arms behind `Indices`, of a person and bonds with the weekly hazards `own`, among others with those that are `typical`.

    Each has the transition probabilities without and with a contact, (states, states), and the reward of a week in each state (1 in touch,
    0 lost), (states).
    """
    states = MOST_BONDS + 2
    ratio = np.array(assumptions.degree_ratios)[np.minimum(np.arange(MOST_BONDS + 1), len(assumptions.degree_ratios) - 1)]
    ratio = ratio / ratio[min(2, len(ratio) - 1)]
    reward = np.zeros(states)
    reward[:-1] = 1
    lost = np.zeros(states)
    lost[-1] = 1
    found = {name: np.zeros((states, states)) for name in ("passive", "person", "bond", "renewal")}
    neighbour_stays = float(np.exp(-typical.person))
    bond_holds = float(np.exp(-own.bond - typical.person))  # it does not end, and the other person does not leave
    stays = np.exp(-own.person * ratio)
    stays_with_contact = np.exp(-own.person * ratio * assumptions.contact_ratio)
    for bonds in range(MOST_BONDS + 1):
        held = np.zeros(states)
        held[: bonds + 1] = _binomial(bonds, bond_holds)
        passive = stays[bonds] * held + (1 - stays[bonds]) * lost
        found["passive"][bonds] = passive
        found["person"][bonds] = stays_with_contact[bonds] * held + (1 - stays_with_contact[bonds]) * lost if bonds else passive
        tended = held.copy()
        if bonds:  # one bond ends only if the other person leaves
            others = _binomial(bonds - 1, bond_holds)
            tended[:] = 0
            tended[:bonds] += (1 - neighbour_stays) * others
            tended[1 : bonds + 1] += neighbour_stays * others
        found["bond"][bonds] = stays[bonds] * tended + (1 - stays[bonds]) * lost
        one_more = np.roll(held, 1)
        if bonds == MOST_BONDS:
            one_more[MOST_BONDS] += one_more[-1]
            one_more[-1] = 0
        renewed = assumptions.renewal * one_more + (1 - assumptions.renewal) * held
        found["renewal"][bonds] = stays[bonds] * renewed + (1 - stays[bonds]) * lost
    for name in ("passive", "person", "bond"):
        found[name][-1] = lost
    found["renewal"][-1, 1] = assumptions.reactivation
    found["renewal"][-1, -1] = 1 - assumptions.reactivation
    for name in ("person", "bond", "renewal"):
        found[name] = assumptions.adherence * found[name] + (1 - assumptions.adherence) * found["passive"]
    return {name: (found["passive"], found[name], reward) for name in ("person", "bond", "renewal")}


def _binomial(trials: int, chance: float) -> Floats:
    """The chance of 0, 1, …, `trials` successes, (trials + 1)."""
    return np.array([comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(trials + 1)])
