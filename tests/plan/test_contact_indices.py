"""Whittle indices of people and bonds: the arms are indexable, and a contact is worth more where more is at stake."""

import numpy as np

from tenfold.forecast.hazards import Hazards, weibull_hazard
from tenfold.plan.contact_indices import MOST_BONDS, arms, contact_indices
from tenfold.plan.whittle import advantage, whittle_index

PRIOR = weibull_hazard()
HAZARDS = Hazards(PRIOR, PRIOR, (2.0, 1.4, 1.0, 0.8, 0.7, 0.6), 0.7, 0.8, 0.12, 0.3, 0.12, {})


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
    found = contact_indices(HAZARDS)
    living = slice(1, MOST_BONDS + 1)
    assert (found.person[:, living] > 0).all()
    assert (np.diff(found.person[:, 1]) <= 1e-6).all()  # the hazard falls with age
    assert (np.diff(found.bond[:, living], axis=1) <= 1e-6).all()  # the only bond is worth most
    assert (found.renewal[:, 0] > found.renewal[:, 1]).all()
    assert found.table().height == 15
