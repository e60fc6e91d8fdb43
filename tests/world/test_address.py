"""Addresses, groups and the broadcast tree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import SpecError
from tenfold.world import address

SIZES = [1, 2, 9, 10, 11, 99, 100, 101, 357, 1000, 12_345]


@given(st.lists(st.integers(0, 10**11 - 1), min_size=1))
def test_digits_read_as_written(ids):
    found = address.digits(ids, levels=11)
    assert ["".join(map(str, row)) for row in found.tolist()] == [f"{number:011d}" for number in ids]
    assert address.from_digits(found).tolist() == ids


@pytest.mark.parametrize("people", [*SIZES, 10**10, 10**10 + 1, 10**11])
def test_height_is_the_least_that_holds_all(people):
    top = address.height(people)
    assert 10**top >= people
    assert top == 0 or 10 ** (top - 1) < people


@pytest.mark.parametrize("people", SIZES)
def test_groups_and_their_members_cover_everyone_once(people):
    for level in range(address.height(people) + 1):
        parts = [address.members(k, level, people=people) for k in range(address.group_count(people, level))]
        assert [person for part in parts for person in part] == list(range(people))
        for number, part in enumerate(parts):
            assert set(address.group(list(part), level).tolist()) == {number}


@pytest.mark.parametrize("people", SIZES)
def test_the_broadcast_reaches_everyone_through_those_who_know(people):
    for source in {0, people // 3, people - 1}:
        step = address.broadcast_round(np.arange(people), people, source=source)
        who = address.broadcast_parent(np.arange(people), people, source=source)
        assert step[source] == 0
        assert who[source] == source
        others = np.delete(np.arange(people), source)
        assert (step[who[others]] < step[others]).all()
        assert step.max() == address.height(people)
        assert np.unique(np.stack([who[others], step[others]]), axis=1, return_counts=True)[1].max(initial=0) <= 9
        assert np.cumsum(np.bincount(step)).tolist() == address.broadcast_reach(people).tolist()


def test_parents_are_near_in_late_rounds():
    """The last round is within circles, the one before within groups of a hundred, and so on."""
    who, people = np.arange(1000), 1000
    step, parent = address.broadcast_round(who, people), address.broadcast_parent(who, people)
    for level in range(1, 4):
        told = who[step == 4 - level]
        assert (address.group(told, level) == address.group(parent[told], level)).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: address.height(0), "people is 0; expected a whole number from 1 to 100000000000."),
        (lambda: address.height("many"), "people is 'many'; expected a whole number from 1 to 100000000000."),
        (lambda: address.digits([1000], levels=3), "ids hold 1000; expected whole numbers from 0 to 999."),
        (lambda: address.digits([-1], levels=3), "ids hold -1; expected whole numbers from 0 to 999."),
        (lambda: address.digits([1.5], levels=3), "ids are of type float64; expected whole numbers from 0 to 999."),
        (lambda: address.from_digits([1, 10]), "address has a digit 10; expected digits from 0 to 9."),
        (lambda: address.from_digits([0] * 12), "expected 1 to 11 digits along the last axis."),
        (lambda: address.members(124, 3, people=123_457), "number is 124; expected a whole number from 0 to 123."),
        (lambda: address.broadcast_round([0], 10, source=10), "source is 10; expected a whole number from 0 to 9."),
    ],
)
def test_bad_addresses_are_refused_in_one_line(call, message):
    with pytest.raises(SpecError) as error:
        call()
    assert str(error.value).endswith(message)
    assert "\n" not in str(error.value)
