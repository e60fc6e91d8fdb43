"""Stage 4: the contacts of each week keep to the limits, and the orders in which they are taken differ as they should."""

from collections import Counter

import numpy as np
import pytest

from tenfold.forecast.assumptions import Assumptions
from tenfold.forecast.simulate import Cohort
from tenfold.forecast.survey import weibull_hazard
from tenfold.plan.candidates import CARER, FIRST, Candidates
from tenfold.plan.carers import Carers
from tenfold.plan.limits import Limits, Load
from tenfold.plan.ties import Pairs
from tenfold.plan.week import ORDERS, cadence, capacities, choose_contacts, schedule_contacts

STAYS = np.exp(-np.concatenate([[0], weibull_hazard(52).cumsum()]))
ASSUMPTIONS = Assumptions((2.0, 1.4, 1.0, 0.8, 0.7, 0.6), 0.7, 0.8, 0.12, 0.3, 0.12, {})


@pytest.mark.parametrize("order", list(ORDERS))
def test_a_week_keeps_to_the_limit_and_calls_the_never_included_first(order):
    """Ana can call each of five; dov was never included, and the bond to eva has ended long ago."""
    n, names = 6, ("ana", "binh", "chi", "dov", "eva", "finn")
    ana, others = np.zeros(5, np.int64), np.arange(1, n)
    cohort = Cohort(
        person=np.tile(STAYS, (n, 1)),
        a=ana,
        b=others,
        pair=np.array([0, 1, 4]),
        bond=np.tile(STAYS**3, (3, 1)),
        known=np.array([True, True, False, True, True]),
        no_shared_language=np.zeros(5, bool),
        person_after=weibull_hazard(53),
        bond_after=weibull_hazard(53),
    )
    purpose = np.array([CARER, CARER, FIRST, CARER, CARER])
    silence = np.array([1.0, 3.0, 1e6, 40.0, 1.5])
    pairs = Pairs(ana, others, np.arange(5))
    candidates = Candidates(ana, others, purpose, np.zeros(5), silence, np.ones(5), pairs)
    none, carer = np.full(1, -1, np.int64), np.array([-1, 0, 0, 0, 0, 0])
    carers = Carers(np.zeros(1, np.int64), none, carer, np.full(n, 8), np.ones(n, bool))
    limits = capacities(carers, Limits(load=Load(contacts_per_carer=8, contacts_in_all=2)))
    weeks = schedule_contacts(candidates, cohort, ASSUMPTIONS, limits, weeks=6, order=order)
    assert [len(week) for week in weeks] == [2] * 6
    called = [[names[others[row]] for row in week] for week in weeks]
    if order == "turns":
        turns = Counter(name for week in called for name in week)
        assert sorted(turns.values()) == [2, 2, 2, 3, 3]
    else:
        assert called[0][0] == "dov"
    if order == "overdue":
        assert called[0] == ["dov", "eva"]


def test_a_carer_makes_no_more_than_the_load_and_their_capacity():
    carers = Carers(np.array([0]), np.array([2]), np.array([2, 0, 0, 0]), np.array([5, 9, 0, 9]), np.ones(4, bool))
    found = capacities(carers, Limits(load=Load(contacts_per_carer=4)))
    assert found.made.tolist() == [4, 1, 0, 1]  # who has no capacity makes none
    assert found.received.tolist() == [1, 1, 1, 1]
    assert found.total == 2
    assert capacities(carers, Limits(load=Load(contacts_in_all=3))).total == 3
    assert capacities(carers, Limits(load=Load(contacts_per_carer=9))).made[0] == 5


def test_carers_go_weekly_then_fortnightly_then_every_four_weeks():
    assert [cadence(week) for week in (0, 7, 8, 25, 26, 51)] == [1, 1, 2, 2, 4, 4]


@pytest.mark.parametrize("order", list(ORDERS))
def test_nobody_makes_or_receives_more_than_the_limits_in_any_week(situation, candidates, carers, order):
    limits = Limits(load=Load(contacts_in_all=100))
    allowed = capacities(carers, limits)
    weeks = choose_contacts(situation, candidates, carers, limits, weeks=12, order=order)
    assert len(weeks) == 12
    for rows in weeks:
        assert len(rows) <= 100
        assert (np.bincount(candidates.initiator[rows], minlength=situation.n) <= allowed.made).all()
        assert (np.bincount(candidates.recipient[rows], minlength=situation.n) <= allowed.received).all()
        pairs = candidates.pairs.of_contact[rows]
        assert len(set(pairs)) == len(pairs)


def test_first_contacts_come_first(situation, candidates, carers):
    week = choose_contacts(situation, candidates, carers, Limits(), weeks=1)[0]
    is_first = candidates.purpose[week] == FIRST
    assert is_first.sum() == (candidates.purpose == FIRST).sum() > 0
    assert is_first[: is_first.sum()].all()
