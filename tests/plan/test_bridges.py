"""Bridges: the strongest living bonds between circles first, and new ones where a circle has fewer than two."""

import numpy as np

from situations import circles_of, letters, situation_of
from tenfold.plan.bridges import BRIDGES, choose_bridges
from tenfold.plan.carers import choose_carers
from tenfold.plan.limits import Limits

OFTEN = [0, 5, 10, 15, 20, 25, 30]


def bridges_of(situation, circles):
    found = choose_bridges(situation, circles, choose_carers(situation, circles, Limits()))
    return [letters(pair) for pair in found.ends.tolist()], found.existing


def test_each_circle_has_two_bridges_and_those_that_exist_are_living_bonds(situation, circles, bridges):
    ends = circles.membership[bridges.ends]
    assert (ends[:, 0] != ends[:, 1]).all()
    assert np.bincount(ends.ravel(), minlength=circles.count).min() >= BRIDGES
    ties = situation.ties.only_living()
    living = set(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    for number, (a, b) in enumerate(bridges.ends.tolist()):
        assert (((a, b) in living) or ((b, a) in living)) or number >= bridges.existing
    assert 0 < bridges.existing <= len(bridges.ends)


def test_the_strongest_bond_between_two_circles_is_the_bridge():
    situation = situation_of(6, {"ab": OFTEN, "cd": OFTEN, "ef": OFTEN, "ac": [29, 30], "bd": OFTEN, "df": [30], "ae": [0]})
    assert bridges_of(situation, circles_of("ab", "cd", "ef")) == (["bd", "ae", "cf"], 2)


def test_two_circles_may_have_two_bridges_and_one_has_none():
    assert bridges_of(situation_of(4, {"ab": OFTEN, "cd": OFTEN}), circles_of("ab", "cd")) == (["bd", "ca"], 0)
    assert bridges_of(situation_of(2, {"ab": OFTEN}), circles_of("ab")) == ([], 0)


def test_new_bridges_lead_to_circles_of_the_same_language():
    languages = ["Yoruba", "Yoruba", "Tamil", "Tamil", "Yoruba", "Yoruba", "Tamil", "Tamil"]
    situation = situation_of(8, {"ab": OFTEN, "cd": OFTEN, "ef": OFTEN, "gh": OFTEN}, language=languages)
    found, existing = bridges_of(situation, circles_of("ab", "cd", "ef", "gh"))
    assert existing == 0
    assert found == ["bf", "ad", "ch", "eg"]  # within Yoruba and within Tamil first, and by one to the other
