"""Stage 5: the plan against its baselines, on the same random numbers, with the interval of the paired difference."""

import numpy as np
import pytest

from tenfold.forecast.simulate import Ensemble
from tenfold.plan.limits import Limits
from tenfold.plan.scenarios import BASELINES, schedules
from tenfold.plan.trial import Design, compare, run_scenarios, run_trial
from tenfold.plan.week import choose_contacts


@pytest.fixture(scope="module")
def weeks(situation, candidates, carers):
    return choose_contacts(situation, candidates, carers, Limits(), weeks=8)


def ensemble(people: list[int], bonds: list[int]) -> Ensemble:
    """Replicates with these counts at week 1."""
    counts = [np.stack([np.full(len(one), 9), np.array(one)], axis=1) for one in (people, bonds)]
    return Ensemble(counts[0], counts[1], counts[1], np.zeros(0))


def test_all_scenarios_start_alike_and_on_the_same_random_numbers(situation, candidates, weeks):
    design = Design(endpoint=6, replicates=5, seed=3)
    told: list[str] = []
    found = run_scenarios(situation, schedules(situation.n, candidates, weeks, 3), design, progress=told.append)
    assert told == [f"simulating: {name}" for name in found]
    for one in found.values():
        assert one.people_kept.shape == (5, 9)
        assert (one.people_kept[:, 0] == found["nothing"].people_kept[:, 0]).all()
        assert (one.people_kept >= found["nothing"].people_kept).all()
        assert (one.kept_share >= found["nothing"].kept_share).all()


def test_the_difference_is_paired_by_replicate(situation, circles):
    """The plan keeps one or two people more in each replicate; what the replicates differ by falls out."""
    plan, other = ensemble([10, 21, 30, 41], [5, 5, 5, 5]), ensemble([9, 19, 29, 39], [5, 6, 4, 5])
    ensembles = {"plan": plan} | dict.fromkeys(BASELINES, other)
    table = compare(situation, circles, ensembles, Design(1, 4, 0), contacts_a_week=7.5)
    people = table.filter(measure="people kept at 1 weeks", baseline="nothing").row(0, named=True)
    assert (people["plan"], people["other"], people["difference"]) == (25.5, 24.0, 1.5)
    half = 1.96 * np.std([1, 2, 1, 2], ddof=1) / 2
    assert (people["low"], people["high"]) == pytest.approx((1.5 - half, 1.5 + half))
    assert people["wins"]
    bonds = table.filter(measure="bonds kept at 1 weeks", baseline="round-robin").row(0, named=True)
    assert (bonds["difference"], bonds["wins"], bonds["contacts_a_week"]) == (0.0, False, 7.5)
    assert table.filter(baseline="nothing")["contacts_a_week"].to_list() == [0.0, 0.0]
    inside = table.filter(measure="bond strength inside circles")
    assert inside["baseline"].to_list() == ["random pairing", "round-robin"]
    assert (inside["low"] > 0).all()


def test_a_trial_of_the_demo(situation, circles, candidates, weeks):
    found = run_trial(situation, circles, candidates, weeks, Design(endpoint=6, replicates=6, seed=1))
    people = found.comparison.filter(measure="people kept at 6 weeks")
    assert people["baseline"].to_list() == list(BASELINES)
    assert found.wins == people["wins"].all()
    assert people["contacts_a_week"][1] == pytest.approx(np.mean([len(rows) for rows in weeks[:6]]))
    assert (found.warning == "") == found.wins


def test_one_replicate_proves_nothing(situation, circles, candidates, weeks):
    found = run_trial(situation, circles, candidates, weeks, Design(endpoint=6, replicates=1, seed=1))
    assert not found.wins
    assert found.warning.startswith("In simulation this plan does not keep more people at 6 weeks than nothing (")
    assert found.comparison.filter(measure="people kept at 6 weeks")["low"].to_list() == [-np.inf] * 3
