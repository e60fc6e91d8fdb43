"""Whittle indices of people and bonds: the arms are indexable, and a contact is worth more where more is at stake."""

import numpy as np

from tenfold.forecast.assumptions import Assumptions
from tenfold.plan.contact_indices import LEVELS, MOST_BONDS, Typical, arms, contact_indices, level_of
from tenfold.plan.whittle import advantage, whittle_index

ASSUMPTIONS = Assumptions((2.0, 1.4, 1.0, 0.8, 0.7, 0.6), 0.7, 0.8, 0.12, 0.3, 0.12, {})
TYPICAL = Typical(person=0.03, bond=0.05)


def test_at_the_index_both_actions_are_worth_the_same():
    for passive, active, reward in arms(ASSUMPTIONS, TYPICAL, TYPICAL).values():
        found = whittle_index(passive, active, reward)
        for state in range(len(reward)):
            assert abs(advantage(passive, active, reward, [found[state]])[0, state]) < 1e-6


def test_the_arms_of_the_forecast_are_indexable():
    grid = np.linspace(-1, 12, 400)
    for level in LEVELS[::4]:
        for name, (passive, active, reward) in arms(ASSUMPTIONS, Typical(level, level), TYPICAL).items():
            more = advantage(passive, active, reward, grid) > 1e-9
            assert (np.diff(more.astype(int), axis=0) <= 0).all(), (name, level)


def test_a_contact_is_worth_more_where_more_is_at_stake():
    found = contact_indices(ASSUMPTIONS, TYPICAL)
    living = slice(1, MOST_BONDS + 1)
    assert (found.person[:, living] > 0).all()
    slow = LEVELS < 0.02
    assert (np.diff(found.person[slow, 1]) > 0).all()  # who is likely to leave soon is worth more
    assert (np.diff(found.bond[:, 1:3], axis=1) <= 1e-6).all()  # the only bond is worth most
    assert (found.renewal[:, -1] > 0).all()
    assert found.table().height == 3 * len(LEVELS)


def test_levels_are_nearest_on_a_logarithmic_scale():
    assert level_of(LEVELS).tolist() == list(range(len(LEVELS)))
    assert level_of(np.array([0.0, 9.0])).tolist() == [0, len(LEVELS) - 1]
