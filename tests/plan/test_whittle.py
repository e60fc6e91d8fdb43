"""Whittle indices against closed forms, and against every policy of small systems."""

from itertools import product

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.plan.whittle import advantage, whittle_index


@pytest.mark.parametrize("discount", [0.0, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(("fails", "saved"), [(0.5, 1.0), (0.2, 0.6), (0.05, 0.3)])
def test_the_index_of_what_fails_for_ever_has_a_closed_form(discount, fails, saved):
    """At the index m both actions are worth the same: m = γ f a (V1 − V0), where tending for ever gives V1 − V0 = (1 − m) / (1 −
    γ (1 − f (1 − a)))."""
    passive = [[1 - fails, fails], [0, 1]]
    active = [[1 - fails * (1 - saved), fails * (1 - saved)], [0, 1]]
    found = whittle_index(passive, active, [1, 0], discount=discount)
    gain = discount * fails * saved / (1 - discount * (1 - fails * (1 - saved)))
    assert found == pytest.approx([gain / (1 + gain), 0], abs=1e-6)


def random_arm(rng: np.random.Generator, states: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An arm in which a contact makes better states (with higher numbers) likelier, as in maintenance; these are indexable."""
    down = rng.dirichlet(np.ones(states), states)
    passive = np.tril(down)
    passive[:, 0] += 1 - passive.sum(axis=1)
    helps = rng.uniform(0.2, 0.9)
    active = (1 - helps) * passive
    active[:, -1] += helps
    return passive, active, np.sort(rng.random(states))


def best(tables: list[tuple[np.ndarray, np.ndarray, np.ndarray]], calls: int, discount: float) -> tuple[np.ndarray, list]:
    """The value of each joint state with exactly `calls` contacts a step, by value iteration over all choices."""
    sizes = [len(table[2]) for table in tables]
    choices = [one for one in product((0, 1), repeat=len(tables)) if sum(one) == calls]
    joint = {}
    for choice in choices:
        matrix = np.ones((1, 1))
        for table, called in zip(tables, choice, strict=True):
            matrix = np.kron(matrix, table[called])
        joint[choice] = matrix
    reward = np.array([sum(table[2][s] for table, s in zip(tables, state, strict=True)) for state in product(*map(range, sizes))])
    value = np.zeros(len(reward))
    for _ in range(400):
        value = reward + discount * np.max([joint[one] @ value for one in choices], axis=0)
    return value, [joint, reward, list(product(*map(range, sizes)))]


@pytest.mark.parametrize("seed", range(6))
def test_calling_by_the_index_is_nearly_the_best_that_can_be_done(seed):
    rng, discount = np.random.default_rng(seed), 0.9
    tables = [random_arm(rng, 3) for _ in range(3)]
    for table in tables:
        grid = np.linspace(-1, 10, 200)
        more = advantage(*table, grid, discount=discount) > 1e-9
        assert (np.diff(more.astype(int), axis=0) <= 0).all()  # indexable: who is left alone stays so as the subsidy rises
    indices = [whittle_index(*table, discount=discount) for table in tables]
    top, (joint, reward, states) = best(tables, 1, discount)
    rows = []
    for k, state in enumerate(states):
        prices = [index[s] for index, s in zip(indices, state, strict=True)]
        choice = tuple(int(one == int(np.argmax(prices))) for one in range(3))
        rows.append(joint[choice][k])
    by_index = np.linalg.solve(np.eye(len(states)) - discount * np.array(rows), reward)
    never = np.linalg.solve(np.eye(len(states)) - discount * np.kron(np.kron(*(t[0] for t in tables[:2])), tables[2][0]), reward)
    assert (by_index <= top + 1e-6).all()
    assert (top - by_index).max() <= 0.02 * (top - never).max()


def test_what_is_wrong_is_named():
    good = [[1.0, 0.0], [0.0, 1.0]]
    with pytest.raises(SpecError, match=r"discount is 1\.0; expected a number from 0 to below 1"):
        whittle_index(good, good, [1, 0], discount=1.0)
    with pytest.raises(SpecError, match="active: a row is no chances"):
        whittle_index(good, [[0.5, 0.4], [0, 1]], [1, 0])
    with pytest.raises(SpecError, match=r"passive has the shape \(2, 2\); expected"):
        whittle_index(good, good, [1, 0, 0])
