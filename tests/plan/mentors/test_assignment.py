"""Assignment: the nearest by the most probable path first, then those of the same place, and nobody beyond their capacity."""

import numpy as np
import pytest

from situations import letters, situation_of
from tenfold.plan.mentors.assignment import assign_people, find_paths, nearest_mentor
from tenfold.plan.mentors.influence import LivingNetwork

OFTEN = [0, 5, 10, 15, 20, 25, 30]


def network(n: int, contacts: dict[str, list[float]], chance: float = 0.2) -> LivingNetwork:
    situation = situation_of(n, contacts)
    return LivingNetwork.of(n, situation.ties, chance)


def test_the_most_probable_path_may_have_more_steps():
    """From a to c directly once, or over b often."""
    net = network(4, {"ab": OFTEN, "bc": OFTEN, "ac": [25, 30]})
    paths = find_paths(net, np.array([0]))
    passes = {frozenset(pair): p for *pair, p in zip(net.ties.a.tolist(), net.ties.b.tolist(), net.transmission, strict=True)}
    direct, detour = passes[frozenset({0, 2})], passes[frozenset({0, 1})] * passes[frozenset({1, 2})]
    assert np.exp(-paths.distance[0, 2]) == pytest.approx(max(direct, detour), rel=1e-6)
    assert paths.steps[0].tolist() == [0, 1, 1, np.inf]


def test_a_bond_of_strength_s_passes_on_as_s_fresh_contacts():
    net = network(2, {"ab": [29.999, 30]}, chance=0.3)
    assert net.transmission[0] == pytest.approx(1 - 0.7**2, rel=1e-3)
    assert network(2, {"ab": [0, 1, 2]}).transmission.size == 0  # lost after 8 gaps


def test_the_nearest_first_within_capacity_then_the_same_place():
    net = network(7, {"ab": OFTEN, "bc": OFTEN, "cd": OFTEN, "de": OFTEN})
    mentors = np.array([0, 4])
    paths = find_paths(net, mentors)
    places = ["x", "x", "x", "x", "y", "y", None]
    care = assign_people(paths, mentors, places, np.full(7, 9))
    assert letters(mentors[care.mentor[[1, 2, 3, 5, 6]]]) == "aaeea"
    assert care.steps.tolist() == [-1, 1, 2, 1, -1, -1, -1]
    tight = assign_people(paths, mentors, places, np.array([1, 9, 9, 9, 2, 9, 9]))
    assert tight.mentor.tolist() == [-1, 0, 1, 1, -1, -1, -1]


def test_the_nearest_other_mentor_is_the_backup():
    net = network(5, {"ab": OFTEN, "bc": OFTEN, "cd": OFTEN})
    mentors = np.array([0, 2, 3, 4])
    found = nearest_mentor(find_paths(net, mentors), mentors)
    assert letters(found) == "cdc-"
    assert letters(nearest_mentor(find_paths(net, mentors[:1]), mentors[:1])) == "-"
