"""Whittle indices of people and bonds: what a contact is worth, by age and number of living bonds.

Each person is an arm of a restless bandit: in touch with d living bonds at some age, or lost. The weekly hazards of the forecast give the
transition probabilities without and with a contact. For calls that keep people: Mate et al. 2022, doi:10.1609/aaai.v36i11.21460.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.forecast.hazards import Hazards
from tenfold.plan.whittle import whittle_index

__all__ = ["MOST_BONDS", "Indices", "arms", "contact_indices"]

Floats = NDArray[np.float64]
MOST_BONDS = 8
"""Living bonds that are counted; who has more counts as having these."""


@dataclass(frozen=True)
class Indices:
    """Worth of a contact, in weeks in touch; rows are ages in weeks, columns living bonds 0..8, and last: lost.

    `person`: for the person, whose hazard is lower in a week with a contact. `bond`: for the bond, which does not end in such a week
    (by the age of the bond). `renewal`: of a contact over a bond that has lapsed, or, in the last column, with somebody who is lost.
    """

    person: Floats
    bond: Floats
    renewal: Floats

    def table(self, weeks: tuple[int, ...] = (0, 4, 12, 26, 52)) -> pl.DataFrame:
        """`what`, `age` in weeks, and a column for each number of living bonds and for the lost."""
        rows = [
            {"what": what, "age": week}
            | {str(bonds): float(table[week, bonds]) for bonds in range(MOST_BONDS + 1)}
            | {"lost": float(table[week, -1])}
            for what, table in (("person", self.person), ("bond", self.bond), ("renewal", self.renewal))
            for week in weeks
        ]
        return pl.DataFrame(rows)


def contact_indices(hazards: Hazards) -> Indices:
    """The indices of all states under some hazards; computed once for each hazards."""
    chances = (hazards.contact_ratio, hazards.adherence, hazards.renewal, hazards.reactivation)
    return _cached(tuple(hazards.bond.tolist()), tuple(hazards.person.tolist()), tuple(hazards.degree_ratios), chances)


@lru_cache(maxsize=8)
def _cached(
    bond: tuple[float, ...],
    person: tuple[float, ...],
    degree_ratios: tuple[float, ...],
    chances: tuple[float, float, float, float],
) -> Indices:
    """`contact_indices` of hazards in a form that can be a key."""
    contact_ratio, adherence, renewal, reactivation = chances
    hazards = Hazards(
        bond=np.array(bond),
        person=np.array(person),
        degree_ratios=degree_ratios,
        contact_ratio=contact_ratio,
        adherence=adherence,
        formation=renewal,  # the arms know bonds that have lapsed, and no strangers
        renewal=renewal,
        reactivation=reactivation,
        sources={},
    )
    return Indices(**{name: whittle_index(*arm) for name, arm in arms(hazards).items()})


def arms(hazards: Hazards) -> dict[str, tuple[Floats, Floats, Floats]]:
    """The three arms behind `Indices`.

    Each has the transition probabilities without and with a contact, (ages, states, states), and the reward of a week in each state
    (1 in touch, 0 lost), (states).
    """
    ages, states = len(hazards.bond), MOST_BONDS + 2
    ratio = np.array(hazards.degree_ratios)[np.minimum(np.arange(MOST_BONDS + 1), len(hazards.degree_ratios) - 1)]
    reward = np.zeros(states)
    reward[1:-1] = 1
    lost = np.zeros(states)
    lost[-1] = 1
    found = {name: np.zeros((ages, states, states)) for name in ("passive", "person", "bond", "renewal")}
    for age in range(ages):
        neighbour_stays = float(np.exp(-hazards.person[age]))
        bond_holds = float(
            np.exp(-hazards.bond[age] - hazards.person[age])
        )  # it does not end, and the other person does not leave
        stays = np.exp(-hazards.person[age] * ratio)
        stays_with_contact = np.exp(-hazards.person[age] * ratio * hazards.contact_ratio)
        for bonds in range(MOST_BONDS + 1):
            held = np.zeros(states)
            held[: bonds + 1] = _binomial(bonds, bond_holds)
            passive = stays[bonds] * held + (1 - stays[bonds]) * lost
            found["passive"][age, bonds] = passive
            found["person"][age, bonds] = (
                stays_with_contact[bonds] * held + (1 - stays_with_contact[bonds]) * lost if bonds else passive
            )
            tended = held.copy()
            if bonds:  # one bond ends only if the other person leaves
                others = _binomial(bonds - 1, bond_holds)
                tended[:] = 0
                tended[:bonds] += (1 - neighbour_stays) * others
                tended[1 : bonds + 1] += neighbour_stays * others
            found["bond"][age, bonds] = stays[bonds] * tended + (1 - stays[bonds]) * lost
            one_more = np.roll(held, 1)
            if bonds == MOST_BONDS:
                one_more[MOST_BONDS] += one_more[-1]
                one_more[-1] = 0
            renewed = hazards.renewal * one_more + (1 - hazards.renewal) * held
            found["renewal"][age, bonds] = stays[bonds] * renewed + (1 - stays[bonds]) * lost
        for name in ("passive", "person", "bond"):
            found[name][age, -1] = lost
        found["renewal"][age, -1, 1] = hazards.reactivation
        found["renewal"][age, -1, -1] = 1 - hazards.reactivation
        for name in ("person", "bond", "renewal"):
            found[name][age] = hazards.adherence * found[name][age] + (1 - hazards.adherence) * found["passive"][age]
    return {name: (found["passive"], found[name], reward) for name in ("person", "bond", "renewal")}


def _binomial(trials: int, chance: float) -> Floats:
    """The chance of 0, 1, …, `trials` successes, (trials + 1)."""
    return np.array([comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(trials + 1)])
