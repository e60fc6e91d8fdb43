"""Stage 2: who can mentor comes first, then who is in touch, has the higher degree, the stronger bonds; and nobody carries too much."""

from situations import circles_of, letters, situation_of
from tenfold.plan.carers import by_need, choose_carers
from tenfold.plan.limits import Limits

OFTEN = [0, 5, 10, 15, 20, 25, 30]


def test_the_best_two_of_a_circle():
    contacts = {"ab": OFTEN, "bc": OFTEN, "de": OFTEN}
    found = choose_carers(situation_of(5, contacts), circles_of("abc", "de"), Limits())
    assert letters(found.mentor) == "bd"  # b has the stronger bonds; d and e are equal
    assert letters(found.backup) == "ae"
    marked = choose_carers(
        situation_of(5, contacts, can_mentor=[None, None, True, None, True]), circles_of("abc", "de"), Limits()
    )
    assert letters(marked.mentor) == "ce"
    assert marked.able.tolist() == [False, False, True, False, True]
    higher = choose_carers(situation_of(5, contacts, degree=[2, 1, 1, None, 3]), circles_of("abc", "de"), Limits())
    assert letters(higher.mentor) == "ae"


def test_two_thirds_go_to_the_mentor_those_in_need_first_and_each_within_capacity():
    situation = situation_of(7, {"ab": OFTEN, "ac": OFTEN, "ad": [0, 5, 10], "ae": [0]})
    found = choose_carers(situation, circles_of("abcdefg"), Limits())
    assert letters(found.mentor) == "a"
    assert letters(found.backup) == "b"
    assert situation.standing == ["kept", "kept", "kept", "due", "fading", "never included", "never included"]
    assert letters(by_need(situation, [2, 3, 4, 5, 6])) == "gfedc"
    assert letters(found.carer) == "babbaaa"
    small = choose_carers(situation, circles_of("abcdefg"), Limits(capacity=2))
    assert letters(small.carer) == "ba---ba"


def test_one_person_alone_has_no_backup():
    found = choose_carers(situation_of(3, {"ab": OFTEN}), circles_of("ab", "c"), Limits())
    assert letters(found.backup) == "b-"
    assert letters(found.carer) == "ba-"
