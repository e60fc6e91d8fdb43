"""Limits are checked, and sizes of circles follow from them."""

import pytest

from tenfold.errors import SpecError
from tenfold.plan.limits import WEEKDAYS, Limits, Load
from tenfold.plan.partition import Sizes, group_sizes


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"circle_size": 2}, "circle_size is 2; expected a whole number from 3 to 50"),
        ({"capacity": 0}, "capacity is 0; expected a whole number from 1 to 150"),
    ],
)
def test_what_is_out_of_range_is_named(given, words):
    with pytest.raises(SpecError, match=words):
        Limits(**given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"contacts_per_carer": -1}, "contacts_per_carer is -1"),
        ({"contacts_per_member": 151}, "contacts_per_member is 151"),
        ({"contacts_received": 0}, "contacts_received is 0"),
        ({"contacts_in_all": -1}, "contacts_in_all is -1; expected a whole number of at least 0"),
        ({"quiet_days": ("Sonntag",)}, "quiet_days has 'Sonntag'; expected some of Mon, Tue"),
        ({"quiet_days": WEEKDAYS}, "quiet_days are all seven"),
        ({"kinds": ()}, "kinds is empty; expected some of visit, call, message"),
    ],
)
def test_a_load_that_is_none_is_named(given, words):
    with pytest.raises(SpecError, match=words):
        Load(**given)


def test_the_load_of_a_week():
    assert Load().in_all(572) == 229
    assert Load(contacts_in_all=0).in_all(572) == 0
    assert (Load().of_member(), Load(carers=("a",)).of_member(), Load(carers=("a",), contacts_per_member=2).of_member()) == (
        1,
        0,
        2,
    )
    assert Load(quiet_days={"Sun", "Fri"}).quiet_days == ("Fri", "Sun")


def test_sizes_are_those_of_the_limits_or_as_near_as_the_people_permit():
    assert group_sizes(100, Limits()) == Sizes(10, 8, 12)
    assert group_sizes(100, Limits(), last=12) == Sizes(12, 8, 12)
    assert group_sizes(100, Limits(), last=13) == Sizes(10, 8, 12)
    assert group_sizes(7, Limits()) == Sizes(1, 7, 7)
    assert group_sizes(13, Limits()) == Sizes(2, 6, 7)
    for n in range(1, 200):
        found = group_sizes(n, Limits())
        assert found.smallest * found.count <= n <= found.largest * found.count
