"""The belief state of the restless bandit: what is expected of people and bonds in the coming weeks under the contacts planned so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.assumptions import Assumptions
from tenfold.forecast.simulate import Cohort, hazard_of
from tenfold.plan.contact_indices import MOST_BONDS, Typical, contact_indices, level_of

__all__ = ["Belief"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Belief:
    """Chances of n people and m pairs at the start of a week, and the gain of each further contact.

    Without contacts they are the chances of the forecast. Nothing is assumed to be observed on the way, so that the contacts of all
    weeks can be
    planned today.

    Attributes
    ----------
    active
        (n) Chance that a person is in touch.
    alive
        (m) Chance that the pair has a living bond, where both are in touch.
    week
        Weeks gone by.
    """

    def __init__(self, cohort: Cohort, assumptions: Assumptions) -> None:
        self.cohort, self.assumptions, self.week = cohort, assumptions, 0
        self.person = hazard_of(cohort.person)  # −ln of the chance without a plan, by week
        self.bond = hazard_of(cohort.bond_given_both)
        self.person_hazard, self.bond_hazard = (
            self.person[:, 0].copy(),
            self.bond[:, 0].copy(),
        )  # with the contacts planned so far
        self.returned, self.renewed = np.zeros(len(self.person)), np.zeros(len(cohort.a))  # of those who were not there
        self.active, self.alive = np.zeros(len(self.person)), np.zeros(len(cohort.a))
        self.formation = cohort.formation(assumptions)
        self.typical = Typical(float(cohort.person_after[:12].mean()), float(cohort.bond_after[:12].mean()))
        self.indices = contact_indices(assumptions, self.typical)
        self._take_stock()

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
        person_level = level_of(self._step(self.person))
        of_pair = np.full(len(self.cohort.a), self.typical.bond)
        of_pair[self.cohort.pair] = self._step(self.bond)
        bond_level = level_of(of_pair[pair])
        returning = self.indices.renewal[level_of(np.array([self.typical.person]))[0], -1]
        bond = np.zeros(len(pair))
        for end, other in ((one, two), (two, one)):
            rest = np.maximum(degree[end] - alive * self.active[other], 0)
            bond += both * alive * _interpolate(self.indices.bond, bond_level, 1 + rest)
            renewal = _interpolate(self.indices.renewal, person_level[end], rest)
            bond += both * (1 - alive) * self.formation[pair] / self.assumptions.renewal * renewal
        success = alive + (1 - alive) * self.formation[pair]
        for end, other in ((one, two), (two, one)):
            bond += self.active[other] * (1 - self.active[end]) * success * returning
        person = _interpolate(self.indices.person, person_level, np.maximum(degree, 1))
        return both * success, bond, person

    def advance(self, pair: Ints) -> None:
        """Let a week with planned contacts over these pairs (each once) go by."""
        assumptions, cohort = self.assumptions, self.cohort
        one, two = cohort.a[pair], cohort.b[pair]
        alive, formation = self.alive[pair], self.formation[pair]
        effect = assumptions.adherence * (alive + (1 - alive) * formation)
        no_contact, not_returned = np.ones(len(self.active)), np.ones(len(self.active))
        for end, other in ((one, two), (two, one)):
            np.multiply.at(no_contact, end, 1 - effect * self.active[other])
            np.multiply.at(not_returned, end, 1 - effect * self.active[other] * assumptions.reactivation)
        step = self.person[:, self.week + 1] - self.person[:, self.week]
        spared = 1 - (1 - assumptions.contact_ratio) * (1 - no_contact)
        self.person_hazard += np.where(step > 0, step * spared, step)
        typical = float(cohort.person_after[min(self.week, len(cohort.person_after) - 1)])
        self.returned = (1 - (1 - self.returned) * not_returned) * np.exp(-typical * spared)
        missed = np.ones(len(cohort.a))
        missed[pair] = 1 - assumptions.adherence
        bond_step = self.bond[:, self.week + 1] - self.bond[:, self.week]
        self.bond_hazard += np.where(bond_step > 0, bond_step * missed[cohort.pair], bond_step)
        self.renewed *= np.exp(-float(cohort.bond_after[min(self.week, len(cohort.bond_after) - 1)]) * missed)
        self.renewed[pair] = 1 - (1 - self.renewed[pair]) * (1 - assumptions.adherence * formation)
        self.week += 1
        self._take_stock()

    def _step(self, hazard: Floats) -> Floats:
        """Increments of the week that begins."""
        week = min(self.week, hazard.shape[1] - 2)
        return np.maximum(hazard[:, week + 1] - hazard[:, week], 0.0)

    def _take_stock(self) -> None:
        """Chances from the cumulated hazards."""
        own = np.exp(-self.person_hazard)
        self.active = own + (1 - own) * self.returned
        own = np.zeros(len(self.cohort.a))
        own[self.cohort.pair] = np.exp(-self.bond_hazard)
        self.alive = own + (1 - own) * self.renewed

    def _expected_degree(self) -> Floats:
        """Expected number of living bonds of each person with people who are in touch, (n)."""
        one, two = self.cohort.a, self.cohort.b
        degree: Floats = np.zeros(len(self.active))
        np.add.at(degree, one, self.alive * self.active[two])
        np.add.at(degree, two, self.alive * self.active[one])
        return degree


def _interpolate(table: Floats, level: Ints, bonds: Floats) -> Floats:
    """The index at a level of the grid for an expected number of bonds, linear between two columns."""
    bonds = np.minimum(bonds, MOST_BONDS)
    low = np.minimum(bonds.astype(np.int64), MOST_BONDS - 1)
    part = bonds - low
    found: Floats = table[level, low] * (1 - part) + table[level, low + 1] * part
    return found
