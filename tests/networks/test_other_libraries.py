"""Graphs and tables of NetworkX, igraph and pandas: weights that are there or not, nodes of any kind, columns of any kind."""

import networkx as nx
import numpy as np
import polars as pl
import pytest

from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.labels import node_numbers
from tenfold.networks.temporal import Temporal

pandas = pytest.importorskip("pandas")
igraph = pytest.importorskip("igraph")


def of_networkx(edges, kind=nx.Graph):
    return kind(edges)


def of_igraph(edges):
    names = list(dict.fromkeys(end for one in edges for end in one[:2]))
    graph = igraph.Graph([(names.index(a), names.index(b)) for a, b, _ in edges])
    for name in {name for one in edges for name in one[2]}:
        graph.es[name] = [one[2].get(name) for one in edges]
    return graph


READ = {"networkx": (of_networkx, Graph.from_networkx), "igraph": (of_igraph, Graph.from_igraph)}


@pytest.mark.parametrize("library", READ)
def test_weights_have_to_be_there(library):
    make, read = READ[library]
    edges = [("a", "b", {"p": 0.5, "kind": "friend"}), ("b", "c", {"kind": "kin"})]
    with pytest.raises(DataError, match=r"edge .*b.* has no 'p' \(1 of 2 lack it\)|edge 1 to 2 has no 'p'"):
        read(make(edges), weight="p")
    with pytest.raises(DataError, match=r"no edge has 'q'; edges have .*'p'.* Name another one, or give missing="):
        read(make(edges), weight="q")
    with pytest.raises(DataError, match="is 'friend'; expected a finite number"):
        read(make(edges), weight="kind")
    found = read(make(edges), weight="p", missing=0.25)
    assert sorted(found.weight.tolist()) == [0.25, 0.25, 0.5, 0.5]
    assert found.notes == ("1 of 2 edges have no 'p' and weigh 0.25.",)
    assert read(make(edges), weight="q", missing=1).notes == ("2 of 2 edges have no 'q' and weigh 1.",)
    for wrong in ({"missing": 1}, {"weight": "p", "missing": "x"}, {"weight": "p", "missing": True}):
        with pytest.raises(SpecError, match="missing is"):
            read(make(edges), **wrong)
    with pytest.raises(DataError, match="weight 0 is nan"):
        read(make([("a", "b", {"p": float("nan")})]), weight="p")


@pytest.mark.parametrize("library", READ)
def test_weights_that_are_not_asked_for_are_noted(library):
    make, read = READ[library]
    found = read(make([("a", "b", {"weight": 2.0})]))
    assert (found.weight, found.notes) == (None, ("The edges have 'weight', which is not used; weight='weight' takes it.",))


@pytest.mark.parametrize("kind", [nx.MultiGraph, nx.MultiDiGraph, nx.DiGraph])
def test_other_kinds_of_networkx(kind):
    graph = kind()
    graph.add_edge(3, 1, p=1)
    graph.add_edge(1, 2, p=np.float32(2))
    if graph.is_multigraph():
        graph.add_edge(3, 1, p=0.5)
    found = Graph.from_networkx(graph, weight="p")
    assert (found.directed, found.arcs, found.labels.to_list()) == (
        graph.is_directed(),
        graph.number_of_edges() * (1 if graph.is_directed() else 2),
        [3, 1, 2],
    )
    assert found.weight.sum() == sum(p for _, _, p in graph.edges(data="p")) * (1 if graph.is_directed() else 2)
    assert Graph.from_networkx(kind(), weight="p").n == 0


@pytest.mark.parametrize(
    "graph",
    [
        nx.grid_2d_graph(3, 2),
        nx.path_graph(5),
        nx.relabel_nodes(nx.path_graph(3), {0: frozenset({1}), 1: (1, ("a", None)), 2: 2.5}),
        nx.relabel_nodes(nx.path_graph(3), {0: np.int64(7), 1: 9, 2: 11}),
        nx.karate_club_graph(),
    ],
)
def test_any_node_is_found_by_itself(graph):
    found = Graph.from_networkx(graph)
    nodes = list(graph)
    for k, node in enumerate(nodes):
        assert node_numbers(found, [node]).tolist() == [k]
        row = found.other[found.start[k] : found.start[k + 1]]
        assert {nodes[j] for j in row} == set(graph[node])


def test_nodes_that_are_written_alike_are_refused():
    with pytest.raises(DataError, match="two ids are written '1' alike"):
        Graph.from_networkx(nx.Graph([(1, "1")]))


TABLES = {
    "pandas": lambda columns: pandas.DataFrame(columns),
    "objects": lambda columns: pandas.DataFrame(columns).astype(object),
    "indexed": lambda columns: pandas.DataFrame(columns, index=[5, 5, 7]),
    "categories": lambda columns: pandas.DataFrame(columns).astype({"a": "category", "b": "category"}),
    "polars": lambda columns: pl.DataFrame(columns),
    "lazy": lambda columns: pl.LazyFrame(columns),
    "mapping": dict,
    "arrays": lambda columns: {name: np.array(column) for name, column in columns.items()},
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_of_any_library(kind):
    table = TABLES[kind]({"b": ["binh", "chi", "chi"], "a": ["ana", "ana", "binh"], "w": [0.5, 1, 2], "t": [0, 20, 40]})
    graph = Graph.from_table(table, a="a", b="b", weight="w", directed=True)
    assert (graph.labels.to_list(), graph.other.tolist(), graph.weight.tolist()) == (
        ["ana", "binh", "chi"],
        [1, 2, 2],
        [0.5, 1, 2],
    )
    contacts = Temporal.from_table(table, time="t", a="a", b="b", window=20)
    assert (contacts.labels.to_list(), contacts.start.tolist()) == (["ana", "binh", "chi"], [0, 1, 2, 3])
    groups = Groups.from_table(table, person="a", group="t")
    assert (groups.labels.to_list(), groups.names.to_list()) == (["ana", "binh"], [0, 20, 40])


@pytest.mark.parametrize("times", [["2026-01-01", "2026-01-03"], ["2026-01-01T00:00Z", "2026-01-03T00:00Z"]])
def test_times_of_pandas(times):
    table = pandas.DataFrame({"t": pandas.to_datetime(times), "a": [1, 2], "b": [2, 3]})
    for one in (table, table.astype({"t": object})):
        assert Temporal.from_table(one, time="t", a="a", b="b", window="1d").start.tolist() == [0, 1, 1, 2]


def test_whole_numbers_of_pandas_with_and_without_a_gap():
    table = pandas.DataFrame({"a": pandas.array([1, 2], dtype="Int64"), "b": pandas.array([2, None], dtype="Int64")})
    assert Graph.from_table(table[:1], a="a", b="b").labels.to_list() == [1, 2]
    with pytest.raises(DataError, match="'b' is empty in a row"):
        Graph.from_table(table, a="a", b="b")
    with pytest.raises(DataError, match="'b' is empty in a row"):
        Graph.from_table(pandas.DataFrame({"a": ["x", "y"], "b": ["y", None]}), a="a", b="b")


class Streamed:
    """A table that hands itself over as a stream of Arrow alone."""

    def __init__(self, frame):
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema=None):
        return self.frame.__arrow_c_stream__(requested_schema)


class Broken:
    """A table whose protocol fails."""

    def __arrow_c_stream__(self, requested_schema=None):
        raise RuntimeError("no\nsuch luck")


def test_a_stream_of_arrow():
    frame = pl.DataFrame({"a": [1, 2], "b": [2, 3]})
    assert Graph.from_table(Streamed(frame), a="a", b="b").labels.to_list() == [1, 2, 3]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (7, "edges: is a int; expected a table"),
        ([{"a": 1}], "edges: is a list; expected a table"),
        (Broken(), r"edges: the table cannot be read \(no\)"),
        ({"a": [1], "c": [2]}, "edges: no column 'b'; the columns are a, c"),
        ({"a": [1], "b": [2, 3]}, "different lengths"),
        ({"a": [1], "b": [[2]]}, "'b' has 2 dimensions"),
        ({"a": [object()], "b": ["x"]}, "edges: 'a' holds|ids: 'a' holds"),
        (pandas.DataFrame([[1, 2, 3]], columns=["a", "b", "b"]), "has 2 columns 'b'"),
        (pandas.DataFrame({"a": [1, "x"], "b": [2, 3]}), "'a' holds values of several kinds"),
    ],
)
def test_bad_tables(table, words):
    with pytest.raises(DataError, match=words) as caught:
        Graph.from_table(table, a="a", b="b")
    assert "\n" not in str(caught.value)
