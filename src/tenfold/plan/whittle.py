"""The Whittle index of restless bandits.

An arm of a restless bandit is a Markov chain with two actions, active and passive. The index of a state is the subsidy for a step of
being passive at which both actions are worth the same. To activate the arms with the highest indices is the rule of Whittle.
Whittle 1988, doi:10.2307/3214163; Weber, Weiss 1990, doi:10.2307/3214547.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import SpecError

__all__ = ["DISCOUNT", "advantage", "whittle_index"]

Floats = NDArray[np.float64]
DISCOUNT = 51 / 52
"""Of a week: the mean horizon is that of the forecast, 52 weeks."""

_BISECTIONS, _TOLERANCE = 32, 1e-9


def whittle_index(passive: ArrayLike, active: ArrayLike, reward: ArrayLike, *, discount: float = DISCOUNT) -> Floats:
    """The Whittle index of every state of an arm, by bisection on the subsidy for being passive.

    Parameters
    ----------
    passive, active
        Transition probabilities from each state (row) to each state (column), (states, states). For an arm that changes with its age
        (ages, states, states): each step makes it one older, and the last age holds for ever.
    reward
        Of a step in each state, (states).
    discount
        Of the next step, from 0 to below 1.

    Returns
    -------
    indices
        (states), or (ages, states). Where the arm is not indexable (see `advantage`) the index is one of several such subsidies.

    Raises
    ------
    SpecError
        The probabilities are not probabilities or do not fit together, or the discount is out of range.

    References
    ----------
    Whittle 1988, doi:10.2307/3214163.

    Examples
    --------
    A machine breaks for ever with chance 1/2 unless it is maintained. Maintenance saves (1 − subsidy) / 2; each later step counts half.

    >>> whittle_index([[0.5, 0.5], [0, 1]], [[1, 0], [0, 1]], [1, 0], discount=0.0).tolist()
    [0.0, 0.0]
    >>> whittle_index([[0.5, 0.5], [0, 1]], [[1, 0], [0, 1]], [1, 0], discount=0.5).round(4).tolist()
    [0.3333, 0.0]
    """
    arm = _checked(passive, active, reward, discount)
    ages, states = arm.passive.shape[:2]
    bound = discount / (1 - discount) * float(np.ptp(arm.reward)) + _TOLERANCE
    low, high = np.full((ages, states), -bound), np.full((ages, states), bound)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        active_is_better = arm.advantage_by_state(middle) > 0
        low, high = np.where(active_is_better, middle, low), np.where(active_is_better, high, middle)
    found: Floats = (low + high) / 2
    found[np.abs(found) < 1e-8 * max(bound, 1.0)] = 0.0
    return found if np.ndim(passive) == 3 else found[0]


def advantage(
    passive: ArrayLike, active: ArrayLike, reward: ArrayLike, subsidies: ArrayLike, *, discount: float = DISCOUNT
) -> Floats:
    """Value of being active less that of being passive in each state at age 0, for each subsidy, (subsidies, states).

    The arm is indexable if in every state this crosses 0 only once as the subsidy rises: where passive is best, it stays best.
    """
    return _checked(passive, active, reward, discount).advantage(np.atleast_1d(np.asarray(subsidies, float)), 0)


@dataclass(frozen=True)
class _Arm:
    """Transition probabilities of both actions, (ages, states, states), and the reward, (states)."""

    passive: Floats
    active: Floats
    reward: Floats
    discount: float

    def advantage(self, subsidy: Floats, age: int) -> Floats:
        """Active less passive at an age, (subsidies, states)."""
        value = self._value_at_last_age(subsidy)
        for later in range(len(self.passive) - 2, age, -1):
            value = self._value_before(value, subsidy, later)
        change = self.active[age] - self.passive[age]
        found: Floats = self.discount * (value @ change.T) - subsidy[:, None]
        return found

    def advantage_by_state(self, subsidy: Floats) -> Floats:
        """Active less passive of each state at each age, each under a subsidy of its own, (ages, states)."""
        ages, states = subsidy.shape
        price = subsidy.ravel()  # rows: age by age, so that those of younger ages are the first
        value, found = self._value_at_last_age(price), np.empty((ages, states))
        each = np.arange(states)
        for age in range(ages - 1, -1, -1):
            own = value[age * states : (age + 1) * states]
            found[age] = self.discount * (own @ (self.active[age] - self.passive[age]).T)[each, each] - subsidy[age]
            if age < ages - 1:
                value, price = value[: age * states], price[: age * states]
                value = self._value_before(value, price, age)
        return found

    def _value_before(self, value: Floats, subsidy: Floats, age: int) -> Floats:
        """The value of each state at an age, from that at the next age (Bellman's equation), (subsidies, states)."""
        passive, active = value @ self.passive[age].T, value @ self.active[age].T
        found: Floats = self.reward + np.maximum(subsidy[:, None] + self.discount * passive, self.discount * active)
        return found

    def _value_at_last_age(self, subsidy: Floats) -> Floats:
        """The value of each state at the last age, by policy iteration, (subsidies, states)."""
        passive, active = self.passive[-1], self.active[-1]
        states = len(self.reward)
        is_active = np.zeros((len(subsidy), states), np.bool_)
        for _ in range(3 * states):  # where both actions are worth the same, rounding may change the policy for ever
            transition = np.where(is_active[:, :, None], active, passive)
            gain = self.reward + np.where(is_active, 0.0, subsidy[:, None])
            value: Floats = np.linalg.solve(np.eye(states) - self.discount * transition, gain[:, :, None])[:, :, 0]
            better = self.discount * (value @ (active - passive).T) - subsidy[:, None] > _TOLERANCE
            if (better == is_active).all():
                break
            is_active = better
        return value


def _checked(passive: ArrayLike, active: ArrayLike, reward: ArrayLike, discount: float) -> _Arm:
    """The arm, if its arguments fit together."""
    tables = [np.asarray(one, dtype=float) for one in (passive, active)]
    rewards = np.asarray(reward, dtype=float)
    if not 0 <= discount < 1:
        raise SpecError(f"discount is {discount!r}; expected a number from 0 to below 1.")
    for name, table in zip(("passive", "active"), tables, strict=True):
        fits = table.ndim in (2, 3) and table.shape == tables[0].shape and table.shape[-2:] == (rewards.size, rewards.size)
        if not fits or not table.size:
            raise SpecError(
                f"{name} has the shape {table.shape}; expected (states, states) or (ages, states, states), for {rewards.size} rewards."
            )
        if not (np.isfinite(table).all() and (table >= 0).all() and np.allclose(table.sum(axis=-1), 1)):
            raise SpecError(f"{name}: a row is no chances; expected numbers from 0 to 1 that add up to 1.")
    passive, active = (table.reshape(-1, rewards.size, rewards.size) for table in tables)
    return _Arm(passive, active, rewards, float(discount))
