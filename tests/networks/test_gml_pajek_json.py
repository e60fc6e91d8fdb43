"""GML, Pajek, JSON: as programs write them (NetworkX and igraph here and now), and what may be wrong in them."""

import json

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph

igraph = pytest.importorskip("igraph")


def edges_of(graph: Graph) -> set[tuple[object, ...]]:
    names = graph.labels.to_list()
    arcs = [(i, int(graph.other[k]), k) for i in range(graph.n) for k in range(graph.start[i], graph.start[i + 1])]
    return {
        (names[i], names[j], *(() if graph.weight is None else (float(graph.weight[k]),)))
        for i, j, k in arcs
        if graph.directed or i < j
    }


def read(folder, text: str, name: str, **options) -> Graph:
    (folder / name).write_text(text, encoding="utf-8")
    return read_graph(folder / name, **options)


def example(kind):
    graph = kind()
    graph.add_nodes_from(["Ana Li", "Bình", "chi", "alone"])
    graph.add_edge("Ana Li", "Bình", weight=2.5)
    graph.add_edge("Bình", "chi", weight=1)
    return graph


EDGES = {("Ana Li", "Bình", 2.5), ("Bình", "chi", 1.0)}


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
@pytest.mark.parametrize(
    "name", ["g.gml", "g.txt", "g.graphml", "g.gexf", "links.json", "adjacency.json", "cytoscape.cyjs", "g.net"]
)
def test_what_networkx_writes_is_read_as_it_is(tmp_path, kind, name):
    graph, path = example(kind), tmp_path / name
    writers = {
        "g.gml": nx.write_gml,
        "g.txt": nx.write_gml,
        "g.graphml": nx.write_graphml,
        "g.gexf": nx.write_gexf,
        "g.net": nx.write_pajek,
    }
    if name in writers:
        writers[name](graph, path)
    else:
        make = {"links.json": nx.node_link_data, "adjacency.json": nx.adjacency_data, "cytoscape.cyjs": nx.cytoscape_data}[name]
        path.write_text(json.dumps(make(graph)))
    found = read_graph(path)
    assert (found.n, found.directed, edges_of(found)) == (4, graph.is_directed(), EDGES)
    assert Graph.from_networkx(graph, weight="weight").labels.to_list() == found.labels.to_list()
    if not graph.is_directed() and name != "cytoscape.cyjs":
        assert any("directed=True does not count" in note for note in read_graph(path, directed=True).notes)


@pytest.mark.parametrize("suffix", ["gml", "graphml", "net"])
def test_what_igraph_writes_is_read(tmp_path, suffix):
    graph = igraph.Graph([(0, 1), (1, 2)], directed=False)
    graph.vs["name"] = graph.vs["label"] = graph.vs["id"] = ["Ana Li", "binh", "chi"]
    graph.es["weight"] = [2.5, 1]
    path = tmp_path / f"g.{suffix}"
    graph.write(str(path), format="pajek" if suffix == "net" else suffix)
    found = read_graph(path)
    assert sorted(found.weight.tolist()) == [1, 1, 2.5, 2.5]
    assert (found.n, found.directed) == (3, False)


GML = """Creator "somebody"
# a comment
graph
[
  directed 0
  graphics [ hue [ a 1 ] ]
  node [ id 5 label "Ana &amp; Li" graphics [ x 1.0 y 2.0 ] ]
  node
  [
    id 7
    label "binh"
  ]
  edge [ source 5 target 7 value 3 ]
]
"""


def test_gml_as_others_write_it(tmp_path):
    found = read(tmp_path, GML, "g.txt")
    assert edges_of(found) == {("Ana & Li", "binh", 3.0)}
    assert "Weight: 'value', as the edges have no 'weight'." in found.notes
    twice = read(tmp_path, GML.replace('"binh"', '"Ana &amp; Li"'), "g.gml")
    assert twice.labels.to_list() == ["5", "7"]
    assert any("called by their ids" in note for note in twice.notes)
    some = read(tmp_path, GML.replace("]\n]", "]\n  edge [ source 7 target 5 ]\n]").replace(" value 3", " weight 3"), "g.gml")
    assert "1 of 2 edges have no weight and weigh 1." in some.notes
    assert read(tmp_path, "graph [ directed 1 ]", "g.gml").directed
    assert read(tmp_path, "graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 ] ]", "g.gml").labels.to_list() == [
        "1",
        "2",
    ]


PAJEK = """*Vertices 3
1 "Ana Li" 0.1 0.2 0.5
2 binh ellipse x_fact 2
3 "chi"
*Arcs
1 2 2.5
*Edges
2 3
"""


def test_pajek_as_others_write_it(tmp_path):
    found = read(tmp_path, PAJEK, "g.net")
    assert (found.directed, edges_of(found)) == (
        True,
        {("Ana Li", "binh", 2.5), ("binh", "chi", 1.0), ("chi", "binh", 1.0)},
    )
    assert "1 of 2 edges have no weight and weigh 1." in found.notes
    assert "The edges of 2 sections are read as one network." in found.notes
    for text, edges in (
        ("% c\n*network x\n*vertices 3\n*edgeslist\n1 2 3\n", {("1", "2"), ("1", "3")}),
        ("*Vertices 2\n*Matrix\n0 2\n0.5 0\n", {("1", "2", 2.0), ("2", "1", 0.5)}),
        ('*Vertices 2\n1 "a"\n2 "a"\n*Edges\n1 2\n', {("1", "2")}),
        ('*Vertices 2\n1 "a" [1-3]\n2 "b"\n*Edges :1 "friends"\n1 2 1 [2-5]\n', {("a", "b", 1.0)}),
        ("*Vertices 3\n*Arcslist\n3 1\n", {("3", "1")}),
    ):
        assert edges_of(read(tmp_path, text, "g.txt")) == edges
    assert read(tmp_path, "*Vertices 4\n", "g.net").n == 4


def test_json_as_others_write_it(tmp_path):
    d3 = {"nodes": [{"name": "ana"}, {"name": "binh"}], "links": [{"source": 0, "target": 1, "value": 2}]}
    assert edges_of(read(tmp_path, json.dumps(d3), "g.json")) == {("ana", "binh", 2.0)}
    for content in (
        {"ana": ["binh"], "binh": ["ana"]},
        {"ana": {"binh": {}}, "binh": {}},
        {"links": [{"source": "ana", "target": "binh"}]},
    ):
        assert edges_of(read(tmp_path, json.dumps(content), "g.txt")) == {("ana", "binh")}
    assert edges_of(read(tmp_path, json.dumps(nx.to_dict_of_dicts(nx.Graph([("a", "b", {"weight": 3})]))), "g.json")) == {
        ("a", "b", 3.0)
    }
    assert read(tmp_path, json.dumps({"a": ["b"], "b": ["a"]}), "g.json", directed=True).arcs == 2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.gml", "nothing 1\n", "holds no graph"),
        ("g.gml", "graph [ node [ label 1 ] ]", "a node has no id"),
        ("g.gml", "graph [ node [ id 1 ] node [ id 1 ] ]", "node '1' is there twice"),
        ("g.gml", "graph [ node [ id 1 ] edge [ source 1 target 2 ] ]", "names the node '2', which is not there"),
        ("g.gml", "graph [ node [ id 1 ] edge [ source 1 ] ]", "lacks a source or a target"),
        ("g.gml", "graph [ node [ id 1 ]", "cut short"),
        ("g.gml", 'graph [ node [ id 1 label "x ] ]', "quotation mark is not closed"),
        ("g.gml", "graph [ node ]", "has no value"),
        ("g.gml", "graph [ ] graph [ ]", "several graphs"),
        ("g.gml", "graph [ a " + "[ a " * 5000, "more than 50 deep"),
        ("g.gml", "graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight much ] ]", "a weight is 'much'"),
        ("g.gml", "graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight -1 ] ]", "weight 0 is -1"),
        ("g.net", "*Vertices\n", "row 1: .Vertices has no number"),
        ("g.net", "*Vertices 99999999999\n", "row 1: .Vertices has no number|at most"),
        ("g.net", "*Vertices 999999999\n", "at most 3000000"),
        ("g.net", "*Vertices 3 2\n", "two-mode"),
        ("g.net", "*Vertices 3\n*Edges\n1 4\n", "row 3: names the vertex '4'; expected a whole number from 1 to 3"),
        ("g.net", "*Vertices 3\n*Edges\n1\n", "row 3: has 1 field"),
        ("g.net", "*Vertices 3\n*Edges\n1 2 -3\n", "weight 0 is -3"),
        ("g.net", "*Vertices 2\n*Matrix\n0 1 2\n", "expected a matrix of 2 × 2"),
        ("g.net", "*Vertices 2\n*Vertices 2\n", "row 2: begins a second network"),
        ("g.net", "*Vertices 2\n1 a\n1 b\n", "row 3: vertex 1 is there twice"),
        ("g.net", "*Vertices 2\n*Hyper\n", "row 2: the section .hyper is not known"),
        ("g.net", "1 2\n", "row 1: stands before"),
        ("g.json", "{", "is no JSON"),
        ("g.json", "[" * 100_000, "more than 60 deep"),
        ("g.json", "[1]", "is no graph in JSON that is known"),
        ("g.json", '{"a": 1}', "is no graph in JSON that is known"),
        ("g.json", '{"incidences": []}', "holds groups .HIF., not edges. Read it with read_groups"),
        ("g.json", '{"nodes": [{"id": 1}], "links": [{"source": 1, "target": 2}]}', "names the node '2'"),
        ("g.json", '{"nodes": [{"id": null}], "links": []}', r"nodes\[0\]: id is None"),
        ("g.json", '{"links": [7]}', r"edges\[0\] is 7; expected an object"),
        ("g.json", '{"links": [{"source": 1, "target": 2, "weight": "x"}]}', "a weight is 'x'"),
        ("g.json", '{"links": [{"source": 1, "target": 2, "weight": true}]}', "a weight is 'True'"),
        ("g.json", '{"links": [{"source": "\\ud800", "target": 2}]}', "half a character"),
        ("g.json", '{"elements": {"nodes": [{}], "edges": []}}', r"nodes\[0\]: data is None"),
        ("g.json", '{"nodes": [{"id": 1}], "adjacency": []}', "adjacency has 0 lists for 1 nodes"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(tmp_path, name, text, words):
    with pytest.raises(DataError, match=words) as caught:
        read(tmp_path, text, name)
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)


PIECES = st.lists(
    st.sampled_from(
        [
            "graph",
            "[",
            "]",
            "node",
            "edge",
            "id",
            "source",
            "target",
            "label",
            "1",
            "2",
            '"',
            '"x"',
            "directed",
            "weight",
            "\n",
            "*Vertices",
            "*Edges",
            "*Arcslist",
            "*Matrix",
            "-1",
            "{",
            "}",
            '"links"',
            ":",
            ",",
            '"nodes"',
            "null",
            "%",
            "#",
            "é",
            "\x00",
        ]
    ),
    max_size=30,
)


@given(
    PIECES,
    st.sampled_from(["j.gml", "j.net", "j.json", "j.txt"]),
    st.sampled_from(["", "graph [ ", "*Vertices 3\n", '{"links": ']),
)
def test_any_pieces_are_read_or_refused(tmp_path_factory, pieces, name, before):
    path = tmp_path_factory.getbasetemp() / name
    path.write_text(before + " ".join(pieces), encoding="utf-8")
    graph, words = outcome(lambda: read_graph(path))
    assert "\n" not in words
    assert words.startswith(name) if graph is None else graph.start[-1] == graph.arcs


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=2), lambda x: st.lists(x, max_size=3)
)
RECORD = st.dictionaries(
    st.sampled_from(["id", "source", "target", "weight", "data", "directed"]), JSON | st.dictionaries(st.text(max_size=2), JSON)
)


@given(
    st.dictionaries(
        st.sampled_from(["nodes", "links", "edges", "adjacency", "elements", "directed", "incidences", "a", "b"]),
        JSON | st.lists(RECORD, max_size=3) | st.dictionaries(st.sampled_from(["nodes", "edges"]), st.lists(RECORD, max_size=3)),
    )
)
def test_any_json_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(content))
    graph, words = outcome(lambda: read_graph(path))
    assert "\n" not in words
    assert words.startswith("any.json") if graph is None else graph.start[-1] == graph.arcs
