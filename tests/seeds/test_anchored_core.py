"""Anchors against trying every set of people, from the definition: who has too few ties to those who stay leaves, until nobody does."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tenfold.errors import PlanError, SpecError
from tenfold.networks.generators import erdos_renyi
from tenfold.networks.graph import Graph
from tenfold.networks.measures import core_numbers
from tenfold.seeds import anchored_core
from tenfold.seeds.anchored_core import choose_anchors


def stay(ties: list[set[int]], anchored: set[int], least: int) -> set[int]:
    """Who stays, one leaving after the other."""
    here = set(range(len(ties)))
    while gone := [i for i in here if i not in anchored and len(ties[i] & here) < least]:
        here.discard(gone[0])
    return here


def ties_of(graph: Graph) -> list[set[int]]:
    return [set(graph.other[graph.start[i] : graph.start[i + 1]].tolist()) for i in range(graph.n)]


def best(ties: list[set[int]], budget: int, least: int, excluded: set[int], required: set[int]) -> int:
    free = [i for i in range(len(ties)) if i not in excluded | required]
    sizes = range(min(budget - len(required), len(free)) + 1)
    return max(len(stay(ties, required | set(more), least)) for size in sizes for more in combinations(free, size))


@some.composite
def asked(draw):
    n = draw(some.integers(2, 10))
    pairs = draw(some.lists(some.tuples(some.integers(0, n - 1), some.integers(0, n - 1)), max_size=22))
    graph = Graph.from_edges([a for a, _ in pairs], [b for _, b in pairs], n)
    people = draw(some.permutations(range(n)))
    budget = draw(some.integers(1, min(3, n)))
    required = set(people[: draw(some.integers(0, budget))])
    excluded = set(people[len(people) - draw(some.integers(0, n - len(required) - (not required))) :]) - required
    return graph, budget, draw(some.integers(1, 4)), excluded if len(excluded) < n else set(), required


@given(asked())
@settings(max_examples=200)
def test_no_other_choice_keeps_more(case):
    graph, budget, least, excluded, required = case
    ties = ties_of(graph)
    found = choose_anchors(graph, budget, least=least, excluded=excluded, required=required)
    assert found.exact
    assert found.kept == len(stay(ties, set(found.nodes.tolist()), least)) == best(ties, budget, least, excluded, required)
    assert found.kept_without == len(stay(ties, set(), least))
    assert required <= set(found.nodes.tolist())
    assert not excluded & set(found.nodes.tolist())
    assert len(found.nodes) <= budget


@given(asked())
@settings(max_examples=100)
def test_greedy_takes_the_best_next_one_and_tells_who_follows(case):
    graph, budget, least, excluded, _ = case
    ties = ties_of(graph)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(anchored_core, "EXACT", -1)
        found = choose_anchors(graph, budget, least=least, excluded=excluded)
    leave = set(range(graph.n)) - stay(ties, set(), least)
    assert found.exact is not bool(leave)
    before: set[int] = set()
    kept = stay(ties, before, least)
    for node, gain, followers in zip(found.nodes.tolist(), found.gains.tolist(), found.followers, strict=True):
        now = stay(ties, before | {node}, least)
        assert gain == len(now) - len(kept)
        assert set(followers.tolist()) == now - kept - {node}
        if not found.exact:
            others = set(range(graph.n)) - excluded
            assert gain == max(len(stay(ties, before | {one}, least)) - len(kept) for one in others)
        before, kept = before | {node}, now
    assert found.kept == found.kept_without + found.gains.sum()


def test_a_chain_is_held_at_its_ends():
    """With two ties needed nobody of a chain stays; its two ends keep all (Bhawalkar et al. 2015, section 1)."""
    chain = Graph.from_edges(range(40), range(1, 41))
    found = choose_anchors(chain, 2, least=2)
    assert (sorted(found.nodes.tolist()), found.kept_without, found.kept) == ([0, 40], 0, 41)
    one = choose_anchors(chain, 1, least=2)
    assert one.kept == 1


def test_greedy_on_a_large_network_keeps_many_more_than_it_anchors():
    graph = erdos_renyi(20_000, 8, seed=1)
    ring = Graph.from_edges(np.arange(20_000), np.roll(np.arange(20_000), -1))
    assert choose_anchors(ring, 5, least=2).gains.sum() == 0
    least = int(core_numbers(graph).max())
    found = choose_anchors(graph, 20, least=least)
    assert found.kept_without == (core_numbers(graph) >= least).sum()
    anchored = np.zeros(graph.n, bool)
    anchored[found.nodes] = True
    ties, here = graph.simple(), np.ones(graph.n, bool)
    ends = np.repeat(np.arange(graph.n), ties.degree())
    while True:
        few = np.bincount(ends, weights=here[ties.other], minlength=graph.n) < least
        after = here & (anchored | ~few)
        if (after == here).all():
            break
        here = after
    assert found.kept == here.sum()


def test_names_and_parallel_edges():
    frame = pl.DataFrame({"a": ["ana", "ana", "binh", "chi"], "b": ["binh", "binh", "chi", "dov"]})
    found = choose_anchors(Graph.from_table(frame, a="a", b="b"), 2, least=2, excluded=["dov"], required=["ana"])
    assert found.table()["person"].to_list() == ["ana", "chi"]
    assert found.table()["followers"].to_list() == [0, 1]
    assert found.kept == 3


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"budget": 0}, SpecError, "budget is 0; expected a whole number from 1 to 3"),
        ({"budget": 4}, SpecError, "budget is 4; expected"),
        ({"least": 0}, SpecError, "least is 0; expected a whole number of at least 1"),
        ({"excluded": [0, 1, 2]}, PlanError, "excluded names everybody"),
        ({"excluded": [1], "required": [1]}, PlanError, "person 1 is required and excluded"),
        ({"required": [0, 1]}, PlanError, "required names 2 people, and the budget is 1"),
        ({"required": ["ana"]}, SpecError, "the network has no names"),
    ],
)
def test_what_is_wrong_is_named(more, error, words):
    arguments = {"budget": 1, "least": 1} | more
    with pytest.raises(error, match=words):
        choose_anchors(Graph.from_edges([0, 1], [1, 2]), arguments.pop("budget"), **arguments)
    with pytest.raises(SpecError, match="graph is directed"):
        choose_anchors(Graph.from_edges([0], [1], directed=True), 1, least=1)
