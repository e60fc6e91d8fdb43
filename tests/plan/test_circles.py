"""Stage 1: everybody has one circle, bonds are kept inside, and locks and the last plan hold."""

import numpy as np
import pytest

from situations import situation_of
from tenfold.errors import PlanError, SpecError
from tenfold.plan.circles import assign_circles
from tenfold.plan.limits import Limits
from tenfold.plan.locks import Locks
from tenfold.plan.previous import Previous

TWO_GROUPS = {"ab": [0, 9], "bc": [0, 9], "ac": [0, 9], "de": [0, 9], "ef": [0, 9], "df": [0, 9], "cd": [0]}
THREES = Limits(circle_size=3)


def groups(circles) -> set[frozenset[int]]:
    return {frozenset(circles.members(circle).tolist()) for circle in range(circles.count)}


def test_everybody_has_one_circle_of_an_allowed_size(situation, circles):
    sizes = np.bincount(circles.membership, minlength=circles.count)
    assert circles.membership.shape == (situation.n,)
    assert sizes.sum() == situation.n
    assert sizes.min() >= circles.sizes.smallest == 8
    assert sizes.max() <= circles.sizes.largest == 12


def test_who_is_bound_to_each_other_is_together():
    assert groups(assign_circles(situation_of(6, TWO_GROUPS, at=10), THREES)) == {frozenset({0, 1, 2}), frozenset({3, 4, 5})}


def test_locks_and_the_last_plan_hold():
    situation = situation_of(6, TWO_GROUPS, at=10)
    last = Previous({"a": 1, "b": 1, "c": 1, "d": 2, "e": 2, "f": 2})
    same = assign_circles(situation, THREES, previous=last, seed=5)
    assert same.membership.tolist() == [0, 0, 0, 1, 1, 1]
    locked = assign_circles(situation, THREES, locks=Locks(inside={"a": 2}, outside=(("f", 2),)))
    assert locked.membership[0] == 1
    assert locked.membership[5] == 0
    pairs = assign_circles(situation, THREES, locks=Locks(together=(("a", "f"),), apart=(("a", "b"),)))
    assert pairs.membership[0] == pairs.membership[5] != pairs.membership[1]


def test_what_cannot_be_is_named():
    situation = situation_of(6, TWO_GROUPS, at=10)
    with pytest.raises(SpecError, match="by is 'luck'; expected one of bond, place, both, mix"):
        assign_circles(situation, THREES, by="luck")
    with pytest.raises(PlanError, match="circle 9 for 'a' does not exist; there are 2 circles"):
        assign_circles(situation, THREES, locks=Locks(inside={"a": 9}))
    with pytest.raises(PlanError, match="no circle is left for a: the locks"):
        assign_circles(situation, THREES, locks=Locks(outside=(("a", 1), ("a", 2))))
