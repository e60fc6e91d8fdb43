"""What a contact is worth this week: upkeep by limited calls as a restless bandit.

Each person is an arm: in touch with d living bonds at some age, or lost; the weekly hazards of the forecast say how that changes,
without and with a contact. The Whittle index of a state is the subsidy for a week without contact at which both are worth the
same: the fair price of a contact.
Whittle 1988, doi:10.2307/3214163; Weber, Weiss 1990; for calls that keep people: Mate et al. 2022, doi:10.1609/aaai.v36i11.21460.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import SpecError
from tenfold.forecast.hazards import Hazards
from tenfold.forecast.simulate import Start

__all__ = ["DISCOUNT", "Indices", "Outlook", "advantage", "call_indices", "whittle_index"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DISCOUNT = 51 / 52
"""Of a week: on average one looks as far ahead as the forecast, 52 weeks."""

MOST_BONDS = 8
"""Living bonds that are told apart; more count as these."""

_ROUNDS, _STILL = 32, 1e-9


def whittle_index(passive: ArrayLike, active: ArrayLike, reward: ArrayLike, *, discount: float = DISCOUNT) -> Floats:
    """The Whittle index of every state of an arm, by bisection on the subsidy for being passive.

    Parameters
    ----------
    passive, active
        Chances to go from each state (row) to each (column), (states, states); or for an arm whose chances change with its age,
        (ages, states, states), where each step makes it one older and the last age holds for ever.
    reward
        Of a step in each state, (states).
    discount
        Of the next step, 0 to below 1.

    Returns
    -------
    indices
        (states), or (ages, states). Where the arm is not indexable (see `advantage`) the index is one of several such subsidies.

    Raises
    ------
    SpecError
        Chances that are none or do not fit together, or a discount out of range.

    References
    ----------
    Whittle 1988, doi:10.2307/3214163.

    Examples
    --------
    Something that breaks for ever with chance 1/2 unless it is tended: (1 − subsidy) / 2 is what tending saves, at half the price later.

    >>> whittle_index([[0.5, 0.5], [0, 1]], [[1, 0], [0, 1]], [1, 0], discount=0.0).tolist()
    [0.0, 0.0]
    >>> whittle_index([[0.5, 0.5], [0, 1]], [[1, 0], [0, 1]], [1, 0], discount=0.5).round(4).tolist()
    [0.3333, 0.0]
    """
    arm = _arm(passive, active, reward, discount)
    ages, states = arm.passive.shape[:2]
    bound = discount / (1 - discount) * float(np.ptp(arm.reward)) + _STILL
    low, high = np.full((ages, states), -bound), np.full((ages, states), bound)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        more = arm.own_advantage(middle) > 0
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    found: Floats = (low + high) / 2
    found[np.abs(found) < 1e-8 * max(bound, 1.0)] = 0.0
    return found if np.ndim(passive) == 3 else found[0]


def advantage(
    passive: ArrayLike, active: ArrayLike, reward: ArrayLike, subsidies: ArrayLike, *, discount: float = DISCOUNT
) -> Floats:
    """What being active is worth more than being passive in each state, for each subsidy, (subsidies, states), at age 0.

    The arm is indexable if this falls through 0 once only as the subsidy rises: those who are to be left alone then stay so.
    """
    return _arm(passive, active, reward, discount).advantage(np.atleast_1d(np.asarray(subsidies, float)), 0)


@dataclass(frozen=True)
class _Arm:
    """Chances (ages, states, states) of both actions, and the reward (states)."""

    passive: Floats
    active: Floats
    reward: Floats
    discount: float

    def advantage(self, subsidy: Floats, age: int) -> Floats:
        """Active less passive at `age`, (subsidies, states)."""
        value = self._for_ever(subsidy)
        for later in range(len(self.passive) - 2, age, -1):
            rest, called = value @ self.passive[later].T, value @ self.active[later].T
            value = self.reward + np.maximum(subsidy[:, None] + self.discount * rest, self.discount * called)
        change = self.active[age] - self.passive[age]
        found: Floats = self.discount * (value @ change.T) - subsidy[:, None]
        return found

    def own_advantage(self, subsidy: Floats) -> Floats:
        """Active less passive of each state at each age, each under a subsidy of its own, (ages, states)."""
        ages, states = subsidy.shape
        price = subsidy.ravel()  # rows: age by age, so that those of younger ages are the first
        value, found = self._for_ever(price), np.empty((ages, states))
        each = np.arange(states)
        for age in range(ages - 1, -1, -1):
            own = value[age * states : (age + 1) * states]
            found[age] = self.discount * (own @ (self.active[age] - self.passive[age]).T)[each, each] - subsidy[age]
            if age < ages - 1:
                value, price = value[: age * states], price[: age * states]
                rest, called = value @ self.passive[age].T, value @ self.active[age].T
                value = self.reward + np.maximum(price[:, None] + self.discount * rest, self.discount * called)
        return found

    def _for_ever(self, subsidy: Floats) -> Floats:
        """The value of the last age, by policy iteration."""
        passive, active = self.passive[-1], self.active[-1]
        states = len(self.reward)
        calls = np.zeros((len(subsidy), states), np.bool_)
        for _ in range(3 * states):  # where both actions are worth the same, rounding may go to and fro for ever
            chances = np.where(calls[:, :, None], active, passive)
            gain = self.reward + np.where(calls, 0.0, subsidy[:, None])
            value: Floats = np.linalg.solve(np.eye(states) - self.discount * chances, gain[:, :, None])[:, :, 0]
            better = self.discount * (value @ (active - passive).T) - subsidy[:, None] > _STILL
            if (better == calls).all():
                break
            calls = better
        return value


def _arm(passive: ArrayLike, active: ArrayLike, reward: ArrayLike, discount: float) -> _Arm:
    """Checked."""
    tables = [np.asarray(one, dtype=float) for one in (passive, active)]
    worth = np.asarray(reward, dtype=float)
    if not 0 <= discount < 1:
        raise SpecError(f"discount is {discount!r}; expected a number from 0 to below 1.")
    for name, table in zip(("passive", "active"), tables, strict=True):
        if (
            table.ndim not in (2, 3)
            or table.shape != tables[0].shape
            or table.shape[-2:] != (worth.size, worth.size)
            or not table.size
        ):
            raise SpecError(
                f"{name} has the shape {table.shape}; expected (states, states) or (ages, states, states), for {worth.size} rewards."
            )
        if not (np.isfinite(table).all() and (table >= 0).all() and np.allclose(table.sum(axis=-1), 1)):
            raise SpecError(f"{name}: a row is no chances; expected numbers from 0 to 1 that add up to 1.")
    passive, active = (table.reshape(-1, worth.size, worth.size) for table in tables)
    return _Arm(passive, active, worth, float(discount))


@dataclass(frozen=True)
class Indices:
    """What a contact is worth, in weeks in touch; rows are ages in weeks, columns living bonds 0..8, and last: lost.

    `person`: for the person, whose hazard is lower in a week with a contact. `bond`: for the bond, which does not end in such a week
    (by the age of the bond). `renew`: a contact with somebody to whom a bond has lapsed, or, in the last column, with somebody who
    is lost.
    """

    person: Floats
    bond: Floats
    renew: Floats

    def table(self, weeks: tuple[int, ...] = (0, 4, 12, 26, 52)) -> pl.DataFrame:
        """`what`, `age` in weeks, and a column for each number of living bonds and for the lost."""
        rows = [
            {"what": what, "age": week}
            | {str(bonds): float(table[week, bonds]) for bonds in range(MOST_BONDS + 1)}
            | {"lost": float(table[week, -1])}
            for what, table in (("person", self.person), ("bond", self.bond), ("renew", self.renew))
            for week in weeks
        ]
        return pl.DataFrame(rows)


def call_indices(hazards: Hazards) -> Indices:
    """The indices of all states under some hazards, computed once for each."""
    named = (hazards.protection, hazards.adherence, hazards.renew, hazards.back)
    return _indices(tuple(hazards.bond.tolist()), tuple(hazards.person.tolist()), tuple(hazards.company), *named)


def arms(hazards: Hazards) -> dict[str, tuple[Floats, Floats, Floats]]:
    """The three arms behind `Indices`: chances without and with a contact, (ages, states, states), and the reward of a week in
    each state."""
    ages, states = len(hazards.bond), MOST_BONDS + 2
    company = np.array(hazards.company)[np.minimum(np.arange(MOST_BONDS + 1), len(hazards.company) - 1)]
    reward = np.zeros(states)
    reward[1:-1] = 1
    found = {name: np.zeros((ages, states, states)) for name in ("passive", "person", "bond", "renew")}
    for age in range(ages):
        holds = float(np.exp(-hazards.bond[age] - hazards.person[age]))  # the bond does not end, and the other one does not leave
        stays = np.exp(-hazards.person[age] * company)
        safer = np.exp(-hazards.person[age] * company * hazards.protection)
        away = np.zeros(states)
        away[-1] = 1
        for bonds in range(MOST_BONDS + 1):
            left = np.zeros(states)
            left[: bonds + 1] = _binomial(bonds, holds)
            found["passive"][age, bonds] = stays[bonds] * left + (1 - stays[bonds]) * away
            found["person"][age, bonds] = safer[bonds] * left + (1 - safer[bonds]) * away if bonds else found["passive"][age, 0]
            tended = left.copy()
            if bonds:
                kept = float(np.exp(-hazards.person[age]))
                rest = _binomial(bonds - 1, holds)
                tended[:] = 0
                tended[:bonds] += (1 - kept) * rest
                tended[1 : bonds + 1] += kept * rest
            found["bond"][age, bonds] = stays[bonds] * tended + (1 - stays[bonds]) * away
            more = np.roll(left, 1)
            if bonds == MOST_BONDS:
                more[MOST_BONDS] += more[-1]
                more[-1] = 0
            grown = hazards.renew * more + (1 - hazards.renew) * left
            found["renew"][age, bonds] = stays[bonds] * grown + (1 - stays[bonds]) * away
        for name in ("passive", "person", "bond"):
            found[name][age, -1] = away
        found["renew"][age, -1, 1] = hazards.back
        found["renew"][age, -1, -1] = 1 - hazards.back
        for name in ("person", "bond", "renew"):
            found[name][age] = hazards.adherence * found[name][age] + (1 - hazards.adherence) * found["passive"][age]
    return {name: (found["passive"], found[name], reward) for name in ("person", "bond", "renew")}


@lru_cache(maxsize=8)
def _indices(
    bond: tuple[float, ...],
    person: tuple[float, ...],
    company: tuple[float, ...],
    protection: float,
    adherence: float,
    renew: float,
    back: float,
) -> Indices:
    hazards = Hazards(np.array(bond), np.array(person), company, protection, adherence, renew, renew, back, {})
    return Indices(**{name: whittle_index(*arm) for name, arm in arms(hazards).items()})


class Outlook:
    """What is expected of people and bonds in the coming weeks under the contacts planned so far; and what each further one is worth.

    `here` (n): chance that a person has not left; `living` (m): that a bond lives. Nothing is assumed to be seen on the way, so that the
    contacts of all weeks can be planned today.
    """

    def __init__(self, start: Start, hazards: Hazards) -> None:
        self.start, self.hazards, self.week = start, hazards, 0
        self.here = start.active.astype(float)
        self.living = start.alive.astype(float)
        self.age = start.bond_age.copy()
        self.form = np.where(start.known, hazards.renew, hazards.form) * np.where(start.hindered, 0.2, 1.0)
        self.indices = call_indices(hazards)

    def worth(self, pair: Ints) -> tuple[Floats, Floats, Floats]:
        """For contacts over these pairs: the chance that it works through a bond, its worth of its own, and, (n), for each
        person contacted."""
        one, two = self.start.a[pair], self.start.b[pair]
        both, lives = self.here[one] * self.here[two], self.living[pair]
        ties = self._ties()
        last = len(self.indices.person) - 1
        age, old = np.minimum(self.start.person_age + self.week, last), np.minimum(self.age[pair], last)
        alone = np.zeros(len(pair))
        for end, other in ((one, two), (two, one)):
            rest = np.maximum(ties[end] - lives * self.here[other], 0)
            alone += both * lives * _between(self.indices.bond, old, 1 + rest)
            alone += both * (1 - lives) * self.form[pair] / self.hazards.renew * _between(self.indices.renew, age[end], rest)
        back = lives + (1 - lives) * self.form[pair]
        for end, other in ((one, two), (two, one)):
            alone += self.here[other] * (1 - self.here[end]) * back * self.indices.renew[age[end], -1] / 2
        each = _between(self.indices.person, age, np.maximum(ties, 1))
        return both * back, alone, each

    def pass_week(self, pair: Ints) -> None:
        """A week with planned contacts over these pairs (each once) goes by."""
        hazards, start = self.hazards, self.start
        last = len(hazards.person) - 1
        company = np.interp(self._ties(), np.arange(len(hazards.company)), hazards.company)
        hazard = hazards.person[np.minimum(start.person_age + self.week, last)] * company
        one, two = start.a[pair], start.b[pair]
        takes = (
            hazards.adherence * self.here[one] * self.here[two] * (self.living[pair] + (1 - self.living[pair]) * self.form[pair])
        )
        spared = np.ones(len(self.here))
        for end in (one, two):
            np.multiply.at(spared, end, 1 - takes / np.maximum(self.here[end], 1e-12))
        spared = np.maximum(spared, 0)
        stays = np.exp(-hazard) * spared + np.exp(-hazard * hazards.protection) * (1 - spared)
        reached = hazards.adherence * self.form[pair]
        bond = np.exp(-hazards.bond[np.minimum(self.age, len(hazards.bond) - 1)])
        after = self.living * bond
        lives = self.living[pair]
        after[pair] = lives * (hazards.adherence + (1 - hazards.adherence) * bond[pair]) + (1 - lives) * reached
        fresh = (1 - lives) * reached > lives
        self.here *= stays
        self.living = after
        self.age = self.age + 1
        self.age[pair[fresh]] = 0
        self.week += 1

    def _ties(self) -> Floats:
        """Living bonds that each person is expected to have with people who have not left."""
        one, two, n = self.start.a, self.start.b, len(self.here)
        found: Floats = np.zeros(n)
        np.add.at(found, one, self.living * self.here[two])
        np.add.at(found, two, self.living * self.here[one])
        return found


def _between(table: Floats, age: Ints, bonds: Floats) -> Floats:
    """The index at an age for an expected number of bonds, between two columns."""
    bonds = np.minimum(bonds, MOST_BONDS)
    low = np.minimum(bonds.astype(np.int64), MOST_BONDS - 1)
    part = bonds - low
    found: Floats = table[age, low] * (1 - part) + table[age, low + 1] * part
    return found


def _binomial(many: int, chance: float) -> Floats:
    """The chance of 0, 1, … `many` of so many, (many + 1)."""
    return np.array([comb(many, k) * chance**k * (1 - chance) ** (many - k) for k in range(many + 1)])
