"""Measures against their definitions on small graphs, and against known values."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import SpecError
from tenfold.networks.generators import erdos_renyi, regular
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph
from tenfold.networks.measures import clustering, components, core_numbers, spectral_radius

N = 12
EDGES = st.lists(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)), max_size=40)


def neighbours(edges) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in range(N)]
    for a, b in edges:
        if a != b:
            found[a].add(b)
            found[b].add(a)
    return found


def graph_of(edges, directed=False) -> Graph:
    return Graph.from_edges([a for a, _ in edges], [b for _, b in edges], N, directed=directed)


@given(EDGES)
def test_cores_by_peeling(edges):
    expected = [0] * N
    for k in range(1, N):
        near = neighbours(edges)
        while weak := [i for i in range(N) if near[i] and len(near[i]) < k]:
            for i in weak:
                for j in near[i]:
                    near[j].discard(i)
                near[i] = set()
        for i in range(N):
            if near[i]:
                expected[i] = k
    assert core_numbers(graph_of(edges)).tolist() == expected


@given(EDGES)
def test_clustering_by_pairs(edges):
    near = neighbours(edges)
    expected = []
    for i in range(N):
        pairs = list(combinations(sorted(near[i]), 2))
        expected.append(sum(b in near[a] for a, b in pairs) / len(pairs) if pairs else 0.0)
    assert clustering(graph_of(edges)).tolist() == pytest.approx(expected)


@given(EDGES, st.booleans())
def test_components_by_walking(edges, directed):
    near, expected = neighbours(edges), []
    for i in range(N):
        reached, todo = {i}, [i]
        while todo:
            todo += [j for j in near[todo.pop()] if j not in reached and not reached.add(j)]
        expected.append(frozenset(reached))
    label = components(graph_of(edges, directed))
    assert all((label[i] == label[j]) == (expected[i] == expected[j]) for i in range(N) for j in range(N))
    sizes = np.bincount(label)
    assert sizes.tolist() == sorted(sizes, reverse=True)


@given(EDGES, st.booleans())
def test_spectral_radius_by_eigenvalues(edges, directed):
    matrix = np.zeros((N, N))
    for a, b in edges:
        if a != b:
            matrix[a, b] += 1
            if not directed:
                matrix[b, a] += 1
    found = spectral_radius(graph_of(edges, directed))
    assert found == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), abs=1e-6)


def test_known_values(shared_data):
    assert spectral_radius(regular(5000, 6, seed=1)) == pytest.approx(6, abs=0.02)
    sparse_graph = erdos_renyi(20_000, 2.0, seed=1)
    assert np.bincount(components(sparse_graph))[0] / 20_000 == pytest.approx(0.79681, abs=0.01)
    facebook = read_graph(shared_data / "graphs" / "facebook_combined.txt")
    assert clustering(facebook).mean() == pytest.approx(0.6055, abs=1e-4)
    assert core_numbers(facebook).max() == 115


def test_directed_graphs_are_refused_where_they_mean_nothing():
    graph = Graph.from_edges([0], [1], directed=True)
    for call in (core_numbers, clustering):
        with pytest.raises(SpecError, match="the graph is directed"):
            call(graph)
