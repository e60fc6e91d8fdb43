"""Graphs as arrays, and random graphs with the degrees they promise."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import DataError, SpecError
from tenfold.networks.files import read_graph
from tenfold.networks.generators import configuration, erdos_renyi, regular, stochastic_block, watts_strogatz
from tenfold.networks.graph import Graph

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
def test_turned_round(edges, directed, weighted):
    a, b = [one for one, _ in edges], [two for _, two in edges]
    weight = np.arange(len(edges)) if weighted else None
    graph = Graph.from_edges(a, b, 21, weight=weight, directed=directed)
    turned = graph.reversed()
    expected = Graph.from_edges(b, a, 21, weight=weight, directed=directed)
    assert (turned is graph) == (not directed)
    assert (arcs_of(turned), turned.start.tolist()) == (arcs_of(expected), expected.start.tolist())
    assert graph.in_degree().tolist() == turned.degree().tolist()
    if weighted:
        assert sorted(turned.weight.tolist()) == sorted(expected.weight.tolist())
        assert turned.reversed().weight.tolist() == graph.weight.tolist()
    chances = graph.with_chance_by_degree()
    assert np.bincount(chances.other, chances.weight, 21) == pytest.approx((graph.in_degree() > 0).astype(float))


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int32, np.int64, np.uint64, ">i4"])
def test_whole_numbers_of_any_kind(kind):
    ends = np.array([0, 1, 9, 2, 9], kind)
    ends.flags.writeable = False
    assert arcs_of(Graph.from_edges(ends[:-1], ends[1:])) == [(0, 1), (1, 0), (1, 9), (2, 9), (2, 9), (9, 1), (9, 2), (9, 2)]
    assert Graph.from_edges(ends[::2], ends[::2], 10).arcs == 0


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


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"a": [1, 2], "b": ["x", "y"]}, "kinds Int64 and String"),
        ({"a": [1.0, np.nan], "b": [1.0, 2.0]}, "'a' is empty in a row"),
        ({"a": ["x"], "b": [None]}, "'b' is empty in a row"),
        ({"a": [[1]], "b": [[2]]}, "'a' holds List"),
        ({"a": [1], "c": [2]}, "no column 'b'"),
    ],
)
def test_bad_tables(columns, words):
    with pytest.raises(DataError, match=words):
        Graph.from_table(pl.DataFrame(columns), a="a", b="b")


@pytest.mark.parametrize("kind", [pl.Int8, pl.UInt64, pl.Float64, pl.String, pl.Categorical])
def test_ids_of_any_kind(kind):
    frame = pl.DataFrame({"a": ["7", "9"], "b": ["9", "12"]}).select(pl.all().cast(pl.String if kind == pl.Categorical else kind))
    graph = Graph.from_table(frame.cast(kind), a="a", b="b", directed=True)
    assert [(int(graph.labels[a]), int(graph.labels[b])) for a, b in arcs_of(graph)] in ([(7, 9), (9, 12)], [(9, 12), (7, 9)])


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
