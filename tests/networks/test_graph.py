"""Graphs in compressed sparse rows against lists of edges, from other libraries, and what is wrong in a call."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph

EDGES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=80)


def arcs_of(graph: Graph) -> list[tuple[int, int]]:
    return [(i, int(j)) for i in range(graph.n) for j in graph.other[graph.start[i] : graph.start[i + 1]]]


@given(EDGES, st.booleans())
def test_holds_its_edges(edges, directed):
    a, b = [one for one, _ in edges], [two for _, two in edges]
    graph = Graph.from_edges(a, b, 21, directed=directed)
    expected = [(one, two) for one, two in edges if one != two]
    assert arcs_of(graph) == sorted(expected if directed else expected + [(two, one) for one, two in expected])
    assert graph.parallel() == (len(set(arcs_of(graph))) < graph.arcs)
    assert arcs_of(graph.simple()) == sorted(set(arcs_of(graph)))


@given(EDGES)
def test_weights_stay_with_their_edges(edges):
    weights = [k / 7 for k in range(len(edges))]
    graph = Graph.from_edges([a for a, _ in edges], [b for _, b in edges], 21, weight=weights, directed=True)
    found = sorted(zip(arcs_of(graph), graph.weight, strict=True))
    assert found == sorted(((a, b), weight) for (a, b), weight in zip(edges, weights, strict=True) if a != b)


@given(EDGES)
def test_weights_of_parallel_edges_keep_their_order(edges):
    """Of an edge given either way round, too."""
    weights = np.arange(len(edges))
    graph = Graph.from_edges([a for a, _ in edges], [b for _, b in edges], 21, weight=weights)
    for i in range(21):
        row = slice(graph.start[i], graph.start[i + 1])
        expected = sorted((a + b - i, k) for k, (a, b) in enumerate(edges) if i in (a, b) and a != b)
        assert list(zip(graph.other[row].tolist(), graph.weight[row].tolist(), strict=True)) == expected
    simple = graph.simple()
    first = {}
    for (a, b), weight in zip(edges, weights.tolist(), strict=True):
        first.setdefault((min(a, b), max(a, b)), weight)
    assert [first[min(arc), max(arc)] for arc in arcs_of(simple)] == simple.weight.tolist()


@given(EDGES, st.booleans(), st.booleans())
def test_transpose(edges, directed, weighted):
    a, b = [one for one, _ in edges], [two for _, two in edges]
    weight = np.arange(len(edges)) if weighted else None
    graph = Graph.from_edges(a, b, 21, weight=weight, directed=directed)
    transposed = graph.reversed()
    expected = Graph.from_edges(b, a, 21, weight=weight, directed=directed)
    assert (transposed is graph) == (not directed)
    assert (arcs_of(transposed), transposed.start.tolist()) == (arcs_of(expected), expected.start.tolist())
    assert graph.in_degree().tolist() == transposed.degree().tolist()
    if weighted:
        assert sorted(transposed.weight.tolist()) == sorted(expected.weight.tolist())
        assert transposed.reversed().weight.tolist() == graph.weight.tolist()
    chances = graph.with_chance_by_degree()
    assert np.bincount(chances.other, chances.weight, 21) == pytest.approx((graph.in_degree() > 0).astype(float))


def test_too_many_arcs():
    one = np.broadcast_to(np.int8(1), 2**30)  # takes one byte
    with pytest.raises(DataError, match="1073741824 edges make 2147483648 arcs; at most 2147483647"):
        Graph.from_edges(one, one)


class Igraph:
    """What of an igraph.Graph is used."""

    class Vertices(dict):
        def attributes(self):
            return list(self)

    def __init__(self, names=None):
        self.vs = self.Vertices({"name": names} if names else {})
        self.es = {"strength": [0.5, 2.0]}

    def get_edgelist(self):
        return [(0, 2), (2, 1)]

    def vcount(self):
        return 4

    def is_directed(self):
        return True


def test_from_igraph():
    graph = Graph.from_igraph(Igraph(), weight="strength")
    assert (graph.n, graph.directed, graph.labels, arcs_of(graph), graph.weight.tolist()) == (
        4,
        True,
        None,
        [(0, 2), (2, 1)],
        [0.5, 2.0],
    )
    assert Graph.from_igraph(Igraph(["ana", "binh", "chi", 4])).labels.to_list() == ["ana", "binh", "chi", "4"]


def test_from_other_libraries_tables_and_files(tmp_path):
    from scipy import sparse

    matrix = sparse.csr_array(np.array([[0, 0.5], [0.25, 0]]))
    assert Graph.from_scipy(matrix).weight.tolist() == [0.5, 0.25]
    table = pl.DataFrame({"x": ["ana", "binh", "ana"], "y": ["binh", "chi", "chi"], "w": [1.0, 2.0, 3.0]})
    graph = Graph.from_table(table, a="x", b="y", weight="w")
    assert (graph.labels.to_list(), graph.degree().tolist()) == (["ana", "binh", "chi"], [2, 2, 2])
    (tmp_path / "e.txt").write_text("# comment\n5 7\n7 9\n")
    (tmp_path / "e.csv").write_text("Source,Target,Weight\nana,binh,0.5\nbinh,chi,1\n")
    table.write_parquet(tmp_path / "e.parquet")
    assert read_graph(tmp_path / "e.txt").labels.to_list() == [5, 7, 9]
    assert read_graph(tmp_path / "e.csv").weight.tolist() == [0.5, 0.5, 1.0, 1.0]
    assert read_graph(tmp_path / "e.parquet").arcs == 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0, 1], [1]), "a has 2 ends and b 1"),
        (([-1], [1]), "a holds -1"),
        (([0.5], [1]), "a holds float64"),
        ((["x"], [1]), "expected a list of whole numbers"),
        (([0], [2**31]), "b holds 2147483648"),
    ],
)
def test_bad_edges(arguments, words):
    with pytest.raises(DataError, match=words):
        Graph.from_edges(*arguments)


@pytest.mark.parametrize(
    ("weight", "words"), [([-1.0], "weight 0 is -1"), ([np.nan], "weight 0 is nan"), ([1.0, 2.0], "shape"), (["x"], "numbers")]
)
def test_bad_weights(weight, words):
    with pytest.raises(DataError, match=words):
        Graph.from_edges([0], [1], weight=weight)


def test_people_out_of_range():
    with pytest.raises(DataError, match="end 5 is out of range; expected whole numbers from 0 to 2"):
        Graph.from_edges([5], [1], 3)
