"""Whittle indices against closed forms and against every policy of small systems; and the orders of the week on the same luck."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.forecast.hazards import Hazards, weibull_hazard
from tenfold.forecast.simulate import Start
from tenfold.kernels.plan.contacts import choose_by_gain
from tenfold.plan.calls import MOST_BONDS, Outlook, advantage, arms, call_indices, whittle_index
from tenfold.plan.contacts import CARER, FIRST, ORDERS, Candidates, weekly_contacts
from tenfold.plan.mentors import Mentors
from tenfold.plan.rules import Rules

PRIOR = weibull_hazard()
HAZARDS = Hazards(PRIOR, PRIOR, (2.0, 1.4, 1.0, 0.8, 0.7, 0.6), 0.7, 0.8, 0.12, 0.3, 0.12, {})


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
    mine = np.linalg.solve(np.eye(len(states)) - discount * np.array(rows), reward)
    never = np.linalg.solve(np.eye(len(states)) - discount * np.kron(np.kron(*(t[0] for t in tables[:2])), tables[2][0]), reward)
    assert (mine <= top + 1e-6).all()
    assert (top - mine).max() <= 0.02 * (top - never).max()


def test_at_the_index_both_actions_are_worth_the_same():
    for passive, active, reward in arms(HAZARDS).values():
        found = whittle_index(passive[-6:], active[-6:], reward)
        for state in range(len(reward)):
            assert abs(advantage(passive[-6:], active[-6:], reward, [found[0, state]])[0, state]) < 1e-6


def test_the_arms_of_the_forecast_are_indexable():
    grid = np.linspace(-1, 12, 400)
    for name, (passive, active, reward) in arms(HAZARDS).items():
        for age in (0, 4, 20, 52):
            more = advantage(passive[age:], active[age:], reward, grid) > 1e-9
            assert (np.diff(more.astype(int), axis=0) <= 0).all(), (name, age)


def test_a_contact_is_worth_more_where_more_is_at_stake():
    found = call_indices(HAZARDS)
    living = slice(1, MOST_BONDS + 1)
    assert (found.person[:, living] > 0).all()
    assert (np.diff(found.person[:, 1]) <= 1e-6).all()  # the hazard falls with age
    assert (np.diff(found.bond[:, living], axis=1) <= 1e-6).all()  # the only bond is worth most
    assert (found.renew[:, 0] > found.renew[:, 1]).all()
    assert found.table().height == 15


def test_what_is_expected_is_what_the_simulation_finds():
    """Without contacts the outlook's chances are those of Kaplan and Meier's curve; a contact every week holds a bond but for
    missed ones."""
    start = Start(
        active=np.ones(3, bool),
        person_age=np.zeros(3, np.int64),
        a=np.array([0, 1]),
        b=np.array([1, 2]),
        alive=np.ones(2, bool),
        bond_age=np.zeros(2, np.int64),
        known=np.ones(2, bool),
        hindered=np.zeros(2, bool),
    )
    outlook = Outlook(start, HAZARDS)
    for _ in range(12):
        outlook.pass_week(np.zeros(0, np.int64))
    assert outlook.living == pytest.approx(np.exp(-PRIOR[:12].sum()))
    tended = Outlook(start, HAZARDS)
    for _ in range(12):
        tended.pass_week(np.array([0]))
    assert tended.living[0] > 0.8 > outlook.living[0]
    assert tended.living[1] == pytest.approx(outlook.living[1])
    assert (tended.here[:2] > outlook.here[:2]).all()
    works, alone, each = tended.worth(np.array([0, 1]))
    assert ((works >= 0) & (works <= 1)).all()
    assert (alone > 0).all()
    assert (each > 0).all()


def plain_choice(due, who, whom, pair, works, alone, each, again, gives, takes, limit):
    """The best candidate beside those before, looked for anew each time."""
    gives, takes, each, left, picked = gives.copy(), takes.copy(), each.copy(), list(due), []
    while left and len(picked) < limit:
        open_ones = [k for k in left if gives[who[k]] > 0 and takes[whom[k]] > 0 and pair[k] not in {pair[j] for j in picked}]
        if not open_ones:
            break
        one = max(open_ones, key=lambda k: (alone[k] + works[k] * (each[who[k]] + each[whom[k]]), -k))
        picked.append(one)
        left.remove(one)
        gives[who[one]] -= 1
        takes[whom[one]] -= 1
        each[who[one]] *= again
        each[whom[one]] *= again
    return picked


@pytest.mark.parametrize("seed", range(5))
def test_the_week_is_filled_with_what_is_worth_most_beside_the_others(seed):
    rng, n, m = np.random.default_rng(seed), 8, 40
    who = rng.integers(0, n, m).astype(np.int32)
    whom = ((who + rng.integers(1, n, m)) % n).astype(np.int32)
    pair = np.minimum(who, whom).astype(np.int64) * n + np.maximum(who, whom)
    works, alone, each = rng.random(m), rng.random(m) / 5, rng.random(n)
    gives, takes = rng.integers(0, 4, n).astype(np.int32), rng.integers(1, 4, n).astype(np.int32)
    due, done = np.flatnonzero(rng.random(m) < 0.8), np.zeros(n * n, bool)
    for limit in (0, 3, m):
        found = choose_by_gain(due, who, whom, pair, works, alone, each, 0.2, gives, takes, done, limit)
        assert found.tolist() == plain_choice(due, who, whom, pair, works, alone, each, 0.2, gives, takes, limit)
        assert not done.any()


@pytest.mark.parametrize("by", list(ORDERS))
def test_a_week_keeps_to_the_limit_and_calls_the_never_included_first(by):
    """Ana can call each of five; dov was never included, and the bond to eva has ended long ago."""
    n, names = 6, ("ana", "binh", "chi", "dov", "eva", "finn")
    who, whom = np.zeros(5, np.int64), np.arange(1, n)
    start = Start(
        active=np.ones(n, bool),
        person_age=np.zeros(n, np.int64),
        a=who,
        b=whom,
        alive=np.array([True, True, False, False, True]),
        bond_age=np.array([0, 20, 0, 40, 0]),
        known=np.array([True, True, False, True, True]),
        hindered=np.zeros(5, bool),
    )
    purpose = np.array([CARER, CARER, FIRST, CARER, CARER])
    silence = np.array([1.0, 3.0, 1e6, 40.0, 1.5])
    candidates = Candidates(who, whom, np.arange(5), purpose, np.zeros(5), silence, np.ones(5))
    none = np.full(1, -1, np.int64)
    mentors = Mentors(np.zeros(1, np.int64), none, np.array([-1, 0, 0, 0, 0, 0]), np.full(n, 8), [])
    weeks = weekly_contacts(candidates, mentors, Rules(), 6, 5, outlook=Outlook(start, HAZARDS), by=by, limit=2)
    assert [len(week) for week in weeks] == [2] * 6
    called = [[names[whom[row]] for row in week] for week in weeks]
    if by == "turns":
        turns = Counter(name for week in called for name in week)
        assert sorted(turns.values()) == [2, 2, 2, 3, 3]
    else:
        assert called[0][0] == "dov"
    if by == "overdue":
        assert called[0] == ["dov", "eva"]


def test_what_is_wrong_is_named():
    good = [[1.0, 0.0], [0.0, 1.0]]
    with pytest.raises(SpecError, match=r"discount is 1\.0; expected a number from 0 to below 1"):
        whittle_index(good, good, [1, 0], discount=1.0)
    with pytest.raises(SpecError, match="active: a row is no chances"):
        whittle_index(good, [[0.5, 0.4], [0, 1]], [1, 0])
    with pytest.raises(SpecError, match=r"passive has the shape \(2, 2\); expected"):
        whittle_index(good, good, [1, 0, 0])
