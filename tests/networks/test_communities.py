"""Chances by community against sets of neighbours, and what is wrong in a call."""

import numpy as np
import pytest

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph

N = 30


def drawn(directed: bool) -> tuple[Graph, np.ndarray]:
    rng = np.random.default_rng(8)
    a, b = rng.integers(0, N, (2, 120))
    graph = Graph.from_edges(a, b, N, weight=rng.random(120), directed=directed)
    return graph, rng.integers(0, 3, N)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize(("embedded", "permeability"), [(True, None), (True, 0.4), (False, 0.4)])
def test_chances_are_those_of_the_sets(directed, embedded, permeability):
    graph, community = drawn(directed)
    found = graph.with_chance_by_community(community, embedded=embedded, permeability=permeability)
    simple = graph.simple()
    near = [set(simple.other[simple.start[i] : simple.start[i + 1]].tolist()) for i in range(N)]

    def tie(u: int, v: int) -> float:
        common = sum(community[w] == community[u] for w in near[u] & near[v])
        return common / (len(near[u]) + len(near[v]) - common)

    expected = []
    for u in range(N):
        for k in range(simple.start[u], simple.start[u + 1]):
            v, weight = simple.other[k], simple.weight[k]
            if community[u] == community[v]:
                expected.append(tie(u, v) if embedded else weight)
            else:
                expected.append(min(tie(u, w) for w in near[u]) if permeability is None else permeability * weight)
    assert graph.parallel()
    assert np.allclose(found.weight, expected, atol=1e-12)
    assert (found.other == simple.other).all()
    named = graph.with_chance_by_community(np.array(["a", "b", "c"])[community], embedded=embedded, permeability=permeability)
    assert (named.weight == found.weight).all()


def test_what_is_wrong_is_named():
    graph, community = drawn(False)
    bare = Graph(graph.start, graph.other)
    for one, given, error, words in (
        (graph, {"community": community[1:]}, DataError, r"community: has the shape \(29,\); expected one for each of 30 people"),
        (graph, {"community": community, "embedded": False}, SpecError, "permeability is missing; expected a share"),
        (graph, {"community": community, "permeability": 1.5}, SpecError, "permeability is 1.5; expected a share"),
        (bare, {"community": community, "permeability": 0.5}, SpecError, "the graph has none. Give it weights"),
    ):
        with pytest.raises(error, match=words):
            one.with_chance_by_community(**given)
