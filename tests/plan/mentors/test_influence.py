"""Reach over living bonds: gains, what each mentor alone reaches, and what nobody else does, against the definition in each run."""

import numpy as np
import pytest

from situations import situation_of
from tenfold.plan.mentors.influence import LivingNetwork, simulate_reach

OFTEN = [0, 5, 10, 15, 20, 25, 30]


def test_certain_bonds_reach_their_component():
    situation = situation_of(7, {"ab": OFTEN, "bc": OFTEN, "de": OFTEN})
    found = simulate_reach(LivingNetwork.of(7, situation.ties, 1.0), np.array([1, 0, 3]), np.ones(7, bool), seed=1)
    assert found.reached.all(axis=0).tolist() == [True, True, True, True, True, False, False]
    assert found.individual.tolist() == [3, 3, 2]
    assert found.marginal.tolist() == [3, 0, 2]
    assert found.exclusive.tolist() == [[0] * 7, [0] * 7, [0, 0, 0, 1, 1, 0, 0]]
    assert (found.at_random.sum(axis=1) >= 3).all()


def test_gains_add_up_to_the_reach_and_one_bond_passes_at_its_chance():
    situation = situation_of(3, {"ab": [30]})
    found = simulate_reach(LivingNetwork.of(3, situation.ties, 0.4), np.array([0, 2]), np.array([True, False, True]), seed=2)
    assert found.marginal.sum() == pytest.approx(found.reached.sum(axis=1).mean())
    share = found.reached[:, 1].mean()
    assert share == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / found.runs))
    assert found.exclusive[0].tolist() == pytest.approx([1, share, 0])
    assert (found.at_random == found.reached).all()  # only these two could be chosen
