"""The check of a finished plan: each rule that is not met is named, with who it is about and a remedy."""

import numpy as np

from situations import circles_of, situation_of
from tenfold.plan.bridges import Bridges
from tenfold.plan.carers import choose_carers
from tenfold.plan.limits import Limits
from tenfold.plan.locks import Locks
from tenfold.plan.rules import check_rules

OFTEN = [0, 5, 10, 15, 20, 25, 30]
NONE = Bridges(np.zeros((0, 2), np.int64), 0)
THREES = Limits(circle_size=3, capacity=3)


def unmet(situation, circles, *, bridges=NONE, limits=THREES, locks=None):
    found = check_rules(
        situation, circles, choose_carers(situation, circles, limits), bridges, limits=limits, locks=locks or Locks()
    )
    return found.drop("remedy").rows()


def test_a_plan_that_meets_every_rule():
    two = Bridges(np.array([[0, 3], [1, 4]]), 2)
    assert unmet(situation_of(6, {"ab": OFTEN, "de": OFTEN}), circles_of("abc", "def"), bridges=two) == []


def test_sizes_and_bridges():
    found = unmet(situation_of(7, {"ab": OFTEN}), circles_of("abcdef", "g"))
    assert ("2 to 5 people", "circle 1", "6 people") in found
    assert ("2 to 5 people", "circle 2", "1 people") in found
    assert ("a backup for each circle", "circle 2", "one person alone has no backup") in found
    assert [row for row in found if row[0] == "2 bridges"] == [("2 bridges", f"circle {k}", "0 bridges") for k in (1, 2)]


def test_languages_and_hours():
    situation = situation_of(
        3,
        {"ab": OFTEN},
        language=["Tamil", "Tamil", "Yoruba"],
        availability=["Mon 9-10", "Mon 9-10", "Sun 9-10"],
    )
    found = unmet(situation, circles_of("abc"))
    assert ("one language", "circle 1", "c does not speak Tamil") in found
    assert ("an hour when all are free", "circle 1", "c is not free at the best hour") in found


def test_carers():
    situation = situation_of(4, {"ab": OFTEN, "cd": OFTEN}, can_mentor=[True, None, None, None])
    found = unmet(situation, circles_of("abcd"), limits=Limits(circle_size=3, capacity=1))
    assert found == [
        ("2 bridges", "circle 1", "0 bridges"),
        ("a backup who can mentor", "circle 1", "nobody else here said yes, so b, who was not asked, is named backup"),
        ("a carer for everybody, within capacity", "circle 1", "2 people have no carer within capacity: d, c"),
    ]


def test_who_said_no_has_no_role():
    situation = situation_of(6, {"ab": OFTEN, "de": OFTEN}, can_mentor=[True, None, None, False, False, False])
    found = unmet(situation, circles_of("abc", "def"), bridges=Bridges(np.array([[0, 3], [1, 4]]), 2))
    assert ("a mentor from the circle", "circle 2", "nobody here said yes, so a of circle 1 carries it too") in found
    assert ("a backup for each circle", "circle 2", "nobody else here said yes") in found
    nobody = situation_of(3, {"ab": OFTEN}, can_mentor=[False, False, False])
    found = unmet(nobody, circles_of("abc"))
    assert ("a mentor for each circle", "circle 1", "nobody here said yes, and no mentor of another circle has room") in found


def test_more_than_two_never_included_in_a_circle_are_said():
    found = unmet(situation_of(5, {"ab": OFTEN}), circles_of("abcde"))
    assert ("no more than two never included in a circle", "circle 1", "3 people: c, d, e") in found


def test_who_waits_for_a_first_contact_is_said():
    situation, circles = situation_of(5, {"ab": OFTEN, "ac": OFTEN}), circles_of("abcde")
    carers = choose_carers(situation, circles, THREES)
    found = check_rules(situation, circles, carers, NONE, limits=THREES, locks=Locks(), contacted=np.array([3]))
    rows = found.filter(found["rule"].str.starts_with("a first contact"))
    assert rows["what"].to_list() == ["1 people wait longer: e"]


def test_locks_of_pairs():
    locks = Locks(together=(("a", "d"), ("a", "b"), ("a", "gone")), apart=(("a", "b"), ("a", "d")))
    found = unmet(situation_of(6, {"ab": OFTEN}), circles_of("abc", "def"), locks=locks)
    assert ("keep together", "a, d", "in different circles") in found
    assert ("keep apart", "two whom you keep apart", "in one circle") in found
    assert sum(rule.startswith("keep") for rule, _, _ in found) == 2
