"""The belief state of the restless bandit: what is expected of people and bonds in the coming weeks under the contacts planned so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.hazards import Hazards
from tenfold.forecast.simulate import Cohort
from tenfold.plan.contact_indices import MOST_BONDS, contact_indices

__all__ = ["Belief"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Belief:
    """Chances of n people and m pairs at the start of a week, and the gain of each further contact.

    Nothing is assumed to be observed on the way, so that the contacts of all weeks can be planned today.

    Attributes
    ----------
    active
        (n) Chance that a person has not left.
    alive
        (m) Chance that the pair has a living bond.
    bond_age
        (m) Weeks since the bond formed.
    week
        Weeks gone by.
    """

    def __init__(self, cohort: Cohort, hazards: Hazards) -> None:
        self.cohort, self.hazards, self.week = cohort, hazards, 0
        self.active = cohort.active.astype(float)
        self.alive = cohort.alive.astype(float)
        self.bond_age = cohort.bond_age.copy()
        self.formation = cohort.formation(hazards)
        self.indices = contact_indices(hazards)

    def gains(self, pair: Ints) -> tuple[Floats, Floats, Floats]:
        """Gains of one contact over each of these pairs: the arrays of `kernels.plan.week.Gains`.

        Returns
        -------
        success, bond, person
            The chance that the contact takes effect over a bond, and its gain by that bond, (len(pair)); the gain of each person, (n).
        """
        one, two = self.cohort.a[pair], self.cohort.b[pair]
        both, alive = self.active[one] * self.active[two], self.alive[pair]
        degree = self._expected_degree()
        oldest = len(self.indices.person) - 1
        person_age = np.minimum(self.cohort.person_age + self.week, oldest)
        bond_age = np.minimum(self.bond_age[pair], oldest)
        bond = np.zeros(len(pair))
        for end, other in ((one, two), (two, one)):
            rest = np.maximum(degree[end] - alive * self.active[other], 0)
            bond += both * alive * _interpolate(self.indices.bond, bond_age, 1 + rest)
            renewal = _interpolate(self.indices.renewal, person_age[end], rest)
            bond += both * (1 - alive) * self.formation[pair] / self.hazards.renewal * renewal
        success = alive + (1 - alive) * self.formation[pair]
        for end, other in ((one, two), (two, one)):
            bond += self.active[other] * (1 - self.active[end]) * success * self.indices.renewal[person_age[end], -1] / 2
        person = _interpolate(self.indices.person, person_age, np.maximum(degree, 1))
        return both * success, bond, person

    def advance(self, pair: Ints) -> None:
        """Let a week with planned contacts over these pairs (each once) go by."""
        hazards, cohort = self.hazards, self.cohort
        ratios = np.interp(self._expected_degree(), np.arange(len(hazards.degree_ratios)), hazards.degree_ratios)
        hazard = hazards.person[np.minimum(cohort.person_age + self.week, len(hazards.person) - 1)] * ratios
        one, two = cohort.a[pair], cohort.b[pair]
        alive, formation = self.alive[pair], self.formation[pair]
        takes_effect = hazards.adherence * self.active[one] * self.active[two] * (alive + (1 - alive) * formation)
        no_contact = np.ones(len(self.active))
        for end in (one, two):
            np.multiply.at(no_contact, end, 1 - takes_effect / np.maximum(self.active[end], 1e-12))
        no_contact = np.maximum(no_contact, 0)
        stays = np.exp(-hazard) * no_contact + np.exp(-hazard * hazards.contact_ratio) * (1 - no_contact)
        formed = hazards.adherence * formation
        bond_holds = np.exp(-hazards.bond[np.minimum(self.bond_age, len(hazards.bond) - 1)])
        after = self.alive * bond_holds
        after[pair] = alive * (hazards.adherence + (1 - hazards.adherence) * bond_holds[pair]) + (1 - alive) * formed
        is_new = (1 - alive) * formed > alive
        self.active *= stays
        self.alive = after
        self.bond_age = self.bond_age + 1
        self.bond_age[pair[is_new]] = 0
        self.week += 1

    def _expected_degree(self) -> Floats:
        """Expected number of living bonds of each person with people who have not left, (n)."""
        one, two = self.cohort.a, self.cohort.b
        degree: Floats = np.zeros(len(self.active))
        np.add.at(degree, one, self.alive * self.active[two])
        np.add.at(degree, two, self.alive * self.active[one])
        return degree


def _interpolate(table: Floats, age: Ints, bonds: Floats) -> Floats:
    """The index at an age for an expected number of bonds, linear between two columns."""
    bonds = np.minimum(bonds, MOST_BONDS)
    low = np.minimum(bonds.astype(np.int64), MOST_BONDS - 1)
    part = bonds - low
    found: Floats = table[age, low] * (1 - part) + table[age, low + 1] * part
    return found
