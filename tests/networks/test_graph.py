"""Graphs as arrays, and random graphs with the degrees they promise."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import DataError, SpecError
from tenfold.networks.generators import configuration, erdos_renyi, regular, stochastic_block, watts_strogatz
from tenfold.networks.graph import Graph, read_graph

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


def test_real_graphs(shared_data):
    facebook = read_graph(shared_data / "graphs" / "facebook_combined.txt")
    assert (facebook.n, facebook.arcs) == (4039, 2 * 88_234)
    hept = read_graph(shared_data / "graphs" / "nethept.txt", directed=True)
    assert (hept.n, hept.arcs) == (15_233, 58_891 - 39)  # 39 lines lead from somebody to themselves
    assert hept.parallel()


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


def test_bad_sizes_and_files(tmp_path):
    with pytest.raises(DataError, match="end 5 is out of range; expected whole numbers from 0 to 2"):
        Graph.from_edges([5], [1], 3)
    for content in (b"", b"1\n2\n", bytes(range(256))):
        (tmp_path / "bad.txt").write_bytes(content)
        with pytest.raises(DataError, match=r"bad\.txt|edges"):
            read_graph(tmp_path / "bad.txt")
    with pytest.raises(DataError, match="cannot be read"):
        read_graph(tmp_path / "none.txt")
    for call in (
        lambda: erdos_renyi(1, 1),
        lambda: erdos_renyi(10, -1),
        lambda: configuration([1]),
        lambda: watts_strogatz(10, 4, 2.0),
    ):
        with pytest.raises(SpecError):
            call()


def test_random_graphs_have_the_degrees_they_promise():
    n = 20_000
    poisson = erdos_renyi(n, 6.0, seed=1).degree()
    assert abs(poisson.mean() - 6) < 0.01
    assert poisson.var() == pytest.approx(6, rel=0.05)
    wanted = np.random.default_rng(0).integers(0, 9, n)
    wanted[0] += wanted.sum() % 2
    found = configuration(wanted, seed=1).degree()
    assert (found <= wanted).all()
    assert (wanted - found).sum() < 60
    assert np.bincount(regular(n, 4, seed=1).degree())[4] > n - 30
    ring = watts_strogatz(n, 6, 0.1, seed=1)
    assert ring.degree().mean() == 6
    blocks = stochastic_block([n // 2, n // 2], [[8, 1], [1, 8]], seed=1)
    inside = np.repeat(np.arange(n) < n // 2, blocks.degree()) == (blocks.other < n // 2)
    assert inside.mean() == pytest.approx(8 / 9, abs=0.01)


@pytest.mark.parametrize(
    "make",
    [lambda s: erdos_renyi(500, 5.0, seed=s), lambda s: regular(500, 4, seed=s), lambda s: watts_strogatz(500, 4, 0.5, seed=s)],
)
def test_same_seed_same_graph(make):
    assert (make(1).other == make(1).other).all()
    assert not np.array_equal(make(1).other, make(2).other)
