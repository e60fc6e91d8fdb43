"""Stage 3: every contact that may be made, with its purpose, its rhythm and its pair; and who makes the first contacts."""

import numpy as np
import pytest

from situations import circles_of, letters, situation_of
from tenfold.bonds.rhythm import PRIOR_GAP
from tenfold.plan.bridges import Bridges
from tenfold.plan.candidates import NEVER, PURPOSES, find_candidates, first_contacts
from tenfold.plan.carers import choose_carers
from tenfold.plan.limits import Limits

OFTEN = [0, 5, 10, 15, 20, 25, 30]


@pytest.fixture(scope="module")
def small():
    situation, circles = situation_of(5, {"ab": OFTEN, "bd": [16]}), circles_of("abc", "de")
    carers = choose_carers(situation, circles, Limits())
    return situation, circles, carers, find_candidates(situation, circles, carers, Bridges(np.array([[0, 3]]), 0))


def test_carers_bonds_and_bridges_make_candidates(small):
    _, _, carers, candidates = small
    who = zip(candidates.initiator.tolist(), candidates.recipient.tolist(), strict=True)
    found = [(letters(pair), PURPOSES[purpose]) for pair, purpose in zip(who, candidates.purpose, strict=True)]
    assert letters(carers.carer) == "baaed"
    assert found == [
        ("ba", "carer"),
        ("ab", "carer"),
        ("ac", "first contact"),
        ("ed", "carer"),
        ("de", "first contact"),
        ("ab", "upkeep"),
        ("ba", "upkeep"),
        ("ad", "bridge"),
        ("da", "bridge"),
    ]


def test_silence_gap_and_strength_are_those_of_the_bond(small):
    situation, _, _, candidates = small
    assert candidates.silence.tolist() == [0, 0, NEVER, NEVER, NEVER, 0, 0, NEVER, NEVER]
    assert candidates.gap.tolist() == [5 / 7, 5 / 7, 0, 0, 0, 5 / 7, 5 / 7, 0, 0]  # in touch by themselves: their carer may wait
    strength = situation.ties.strength[0]
    assert candidates.strength.tolist() == [strength, strength, 0, 0, 0, strength, strength, 0, 0]
    assert candidates.pairs.of_contact.tolist() == [0, 0, 2, 3, 3, 0, 0, 4, 4]
    assert len(candidates.pairs) == 5
    once = situation_of(2, {"ab": [16]})
    circle = circles_of("ab")
    found = find_candidates(once, circle, choose_carers(once, circle, Limits()), Bridges(np.zeros((0, 2), np.int64), 0))
    assert found.gap[-1] == PRIOR_GAP / 7
    assert found.silence == pytest.approx(2.0)


def test_the_carer_makes_the_first_contact_else_the_mentor_else_the_backup():
    situation = situation_of(5, {"ab": OFTEN})
    circles = circles_of("abcd", "e")
    carers = choose_carers(situation, circles, Limits(capacity=1))
    assert letters(carers.carer) == "ba---"
    assert letters(first_contacts(situation, circles, carers)) == "--aa-"


def test_each_never_included_person_is_contacted_by_their_carer(situation, circles, carers, candidates):
    first = first_contacts(situation, circles, carers)
    assert (first >= 0).tolist() == situation.never_included.tolist()
    cared = situation.never_included & (carers.carer >= 0)
    rows = candidates.purpose == PURPOSES.index("first contact")
    assert sorted(candidates.recipient[rows]) == np.flatnonzero(cared).tolist()
    assert (candidates.initiator[rows] == first[candidates.recipient[rows]]).all()
