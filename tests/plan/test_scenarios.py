"""The baselines: as many contacts as the plan, at random or in turn, and circles of the same size."""

import numpy as np
import pytest

from situations import circles_of, situation_of
from tenfold.plan.scenarios import BASELINES, baseline_shares, schedules, share_inside

OFTEN = [0, 5, 10, 15, 20, 25, 30]


def test_every_scenario_has_as_many_contacts_a_week_as_the_plan(situation, candidates):
    weeks = [np.arange(5), np.arange(0), np.arange(5, 12)]
    found = schedules(situation.n, candidates, weeks, seed=3)
    assert set(found) == {"plan", *BASELINES}
    for name, schedule in found.items():
        counts = [len(initiator) for initiator, _ in schedule]
        assert counts == ([0, 0, 0] if name == "nothing" else [5, 0, 7])
        assert all((initiator != recipient).all() for initiator, recipient in schedule)
    for (initiator, recipient), rows in zip(found["plan"], weeks, strict=True):
        assert (initiator == candidates.initiator[rows]).all()
        assert (recipient == candidates.recipient[rows]).all()


def test_round_robin_has_the_initiators_of_the_plan_and_goes_along_the_list(situation, candidates):
    weeks = [np.arange(50), np.arange(50, 90), np.arange(90, 130)]
    found = schedules(situation.n, candidates, weeks, seed=3)["round-robin"]
    assert all((one == candidates.initiator[rows]).all() for (one, _), rows in zip(found, weeks, strict=True))
    initiator, recipient = (np.concatenate(one) for one in zip(*found, strict=True))
    upcoming = np.arange(130) % situation.n
    assert (recipient == np.where(upcoming == initiator, (upcoming + 1) % situation.n, upcoming)).all()


def test_share_inside_is_that_of_the_strength():
    situation = situation_of(4, {"ab": OFTEN, "cd": OFTEN, "ac": OFTEN})
    assert share_inside(circles_of("ab", "cd").membership, situation.ties) == pytest.approx(2 / 3)
    assert baseline_shares("round-robin", circles_of("ab", "cd"), situation.ties, 0).tolist() == pytest.approx([1 / 3])
    random = baseline_shares("random pairing", circles_of("ab", "cd"), situation.ties, 0)
    assert len(random) == 100
    assert random.mean() == pytest.approx(1 / 3, abs=4 * random.std() / 10)
    nobody = situation_of(4, {"ab": [40]}, at=30)
    assert share_inside(circles_of("ab", "cd").membership, nobody.ties) == 0.0
