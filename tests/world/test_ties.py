"""The implicit network: the same as its twin, the same from both ends, and spread over levels and people as it should be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import oracle_ties
from tenfold.errors import SpecError
from tenfold.kernels.world.ties import feistel, feistel_inverse
from tenfold.world.ties import Ties

WORLDS = [
    (1, {}),
    (2, {}),
    (7, {"ties": 3}),
    (10, {"ties": 4}),
    (23, {"ties": 5}),
    (100, {}),
    (357, {"alpha": 0.0}),
    (1000, {"lowest": 2}),
    (2345, {"alpha": 2.0, "ties": 3}),
    (3456, {"alpha": -2.0, "ties": 2}),
    (11_057, {"alpha": 0.4, "ties": 2, "seed": 2**40 + 5}),
]


@pytest.mark.parametrize(("people", "given"), WORLDS)
def test_everyone_has_the_ties_of_the_twin(people, given):
    ties, twin = Ties(people, **given), oracle_ties.Ties(people, **given)
    everyone = np.arange(people)
    assert ties.partners(everyone).T.tolist() == twin.partner
    assert ties.levels_of(everyone).T.tolist() == twin.level


@given(st.integers(1, 10**11), st.integers(1, 32), st.floats(-2.5, 2.3), st.integers(0, 2**64 - 1), st.data())
@settings(max_examples=60)
def test_ties_are_the_same_from_both_ends(people, slots, alpha, seed, data):
    """In worlds of any size: the partner's partner is the person, another one, and in the same group of the tie's level."""
    ties = Ties(people, ties=slots, alpha=alpha, seed=seed)
    who = np.array([*data.draw(st.lists(st.integers(0, people - 1), min_size=1, max_size=20)), people - 1])
    other, level = ties.partners(who), ties.levels_of(who)
    there = other >= 0
    assert (other < people).all()
    assert ((level > 0) == there).all()
    scale = 10 ** level.astype(np.int64)
    assert (other // scale == who[:, np.newaxis] // scale)[there].all()
    back = ties.partners(np.where(there, other, 0).ravel()).reshape(*other.shape, slots)
    for slot in range(slots):
        here = there[:, slot]
        assert (back[here, slot, slot] == who[here]).all()
        assert (other[here, slot] != who[here]).all()


@pytest.mark.parametrize("people", [1, 9, 77, 1000, 123_457])
def test_only_those_left_over_have_a_slot_without_a_tie(people):
    ties = Ties(people, ties=5, seed=2)
    who, slot = np.nonzero(ties.partners(np.arange(people)) < 0)
    assert ties.left_over.tolist() == who[np.argsort(slot)].tolist()
    assert len(who) == (5 if people % 2 else 0)


def test_the_graph_has_the_same_ties():
    ties = Ties(12_346, ties=6, seed=4)
    graph, other = ties.graph(), np.sort(ties.partners(np.arange(12_346)), axis=1)
    assert graph.n == 12_346
    assert graph.degree().tolist() == [6] * 12_346
    assert graph.other.reshape(-1, 6).tolist() == other.tolist()


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.7, 1.0, 2.0])
def test_levels_have_their_shares(alpha):
    """The numbers are whole and even, and the same in all groups: they are not random, only rounded to the nearest even number."""
    ties = Ties(100_000, alpha=alpha, seed=1)
    found = np.bincount(ties.levels_of(np.arange(100_000)).ravel(), minlength=6)[1:]
    assert np.allclose(found / 10**6, ties.level_shares, rtol=0, atol=1e-12)
    for level in range(1, 5):  # those who go beyond a level, in a group, of all slots together
        beyond = ties.wanted_shares[level:].sum() * 10 ** (level + 1)
        assert abs(ties.level_shares[level:].sum() * 10 ** (level + 1) - beyond) <= 1 + 1e-6


def test_everyone_has_the_same_chance_of_each_level():
    """The digit of a person says nothing about the levels of their ties."""
    levels = np.concatenate([Ties(10_000, seed=seed).levels_of(np.arange(10_000)) for seed in range(5)])
    for level in (1, 2, 3):
        found = (levels == level).sum(axis=1).reshape(-1, 10).sum(axis=0)
        assert stats.chisquare(found).pvalue > 1e-4


@pytest.fixture(scope="module")
def world():
    """A network, the partners of everyone in it, and the levels of their ties."""
    ties = Ties(300_000, seed=8)
    return ties, *ties._ties_of(np.arange(300_000))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_partners_are_uniform_within_the_group(world, level):
    """Pairs of places in a group are tied equally often. Two of the same part are passed up together less often, as numbers are fixed."""
    ties, other, levels = world
    size = 10**level
    person, slot = np.nonzero((levels == level) & (other > np.arange(ties.people)[:, np.newaxis]))
    one, two = (
        np.sort([person % size, other[person, slot] % size], axis=0) * min(100, size) // size
    )  # at most 100 places or cells
    row, column = np.triu_indices(min(100, size), 1)
    found = np.zeros((100, 100), np.int64)
    np.add.at(found, (one, two), 1)
    found = found[row, column]
    same = row * 10 // min(100, size) == column * 10 // min(
        100, size
    )  # level 1: people; level 2: in a circle; level 3: in a hundred
    assert stats.chisquare(found[~same]).pvalue > 1e-4
    if level == 2:
        up = ties.network.unmatched[:, 1, 0]
        weight = ties.network.matched[:, 2, 0] / (10 * up * (10 * up - 1))
        ratio = (up * (up - 1) / 90 * weight).sum() / (up**2 / 100 * weight).sum()
        assert stats.chisquare(found, np.where(same, ratio, 1) * found.sum() / np.where(same, ratio, 1).sum()).pvalue > 1e-4


def test_ties_of_neighbours_are_independent():
    """Two neighbours with ties at the top level have partners whose distance is uniform."""
    ties = Ties(100_000, alpha=-0.5, ties=4, seed=3)
    other, levels = ties._ties_of(np.arange(100_000))
    for slot in range(4):
        wide = np.nonzero(levels[:, slot] == 5)[0]
        near = np.diff(wide, prepend=-10) == 1
        gap = (other[wide[near], slot] - other[wide[near] - 1, slot]) % 100_000
        assert len(gap) > 1000
        assert stats.chisquare(np.bincount(gap // 2000, minlength=50)).pvalue > 1e-4


@given(st.integers(101, 10**11), st.integers(0, 2**64 - 1), st.data())
def test_the_permutation_is_inverted(size, key, data):
    place = data.draw(st.integers(0, size - 1))
    half = (size.bit_length() - 1) // 2
    sides = np.uint64(half), np.uint64(-(-size >> half)), np.uint64(key)
    position = feistel(place, size, *sides)
    assert 0 <= position < size
    assert feistel_inverse(position, size, *sides) == place
    assert position == oracle_ties.feistel(place, size, key)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Ties(0), "people is 0; expected a whole number from 1 to 100000000000."),
        (lambda: Ties(10**11 + 1), "people is 100000000001; expected a whole number from 1 to 100000000000."),
        (lambda: Ties(10, ties=0), "ties is 0; expected a whole number from 1 to 32."),
        (lambda: Ties(10, alpha=2.4), "alpha is 2.4; expected a number from -2.5 to 2.3."),
        (lambda: Ties(10, alpha=float("nan")), "alpha is nan; expected a number from -2.5 to 2.3."),
        (lambda: Ties(1000, lowest=4), "lowest is 4; expected a whole number from 1 to 3."),
        (lambda: Ties(10, seed=-1), "seed is -1; expected a whole number from 0 to 18446744073709551615."),
        (lambda: Ties(10).partners([10]), "ids reach 10; expected a list of whole numbers from 0 to 9."),
        (lambda: Ties(10).partners([-1]), "ids hold -1; expected whole numbers from 0 to 99999999999."),
        (lambda: Ties(10**8).graph(), "a graph is made of at most 50000000. Use partners() for the ties of some."),
    ],
)
def test_bad_requests_are_refused_in_one_line(call, message):
    with pytest.raises(SpecError) as error:
        call()
    assert str(error.value).endswith(message)
    assert "\n" not in str(error.value)
