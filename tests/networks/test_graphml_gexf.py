"""GraphML and GEXF, as others write them, and what may be wrong in them."""

import gzip

import pytest

from tenfold.errors import DataError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph

NETWORKX_GRAPHML = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
  <key id="d1" for="edge" attr.name="weight" attr.type="double"/>
  <key id="d0" for="node" attr.name="weight" attr.type="long"/>
  <graph edgedefault="undirected">
    <node id="ana"><data key="d0">7</data></node>
    <node id="binh"/>
    <node id="alone"/>
    <node id="chi"/>
    <edge source="ana" target="binh"><data key="d1">0.5</data></edge>
    <edge source="binh" target="chi"/>
  </graph>
</graphml>
"""
GEPHI_GEXF = """<?xml version='1.0' encoding='UTF-8'?>
<gexf xmlns="http://gexf.net/1.3" version="1.3" xmlns:viz="http://gexf.net/1.3/viz">
  <meta lastmodifieddate="2026-11-24"><creator>Gephi 0.10.1</creator></meta>
  <graph defaultedgetype="directed" mode="static">
    <nodes>
      <node id="0" label="Ana"><viz:size value="10.0"/></node>
      <node id="1" label="Binh"/>
      <node id="2" label="Chi"/>
      <node id="3" label="Alone"/>
    </nodes>
    <edges>
      <edge id="0" source="0" target="1" weight="2.5"/>
      <edge id="1" source="2" target="1" type="undirected"/>
    </edges>
  </graph>
</gexf>
"""
BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<graphml><graph edgedefault="directed"><node id="&b;"/></graph></graphml>"""


def arcs_of(graph: Graph) -> list[tuple[object, object]]:
    names = graph.labels.to_list()
    return [(names[i], names[j]) for i in range(graph.n) for j in graph.other[graph.start[i] : graph.start[i + 1]]]


def written(folder, name: str, content: str | bytes):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_graphml_as_networkx_writes_it(tmp_path):
    for name, content in (("g.graphml", NETWORKX_GRAPHML.encode()), ("g.graphml.gz", gzip.compress(NETWORKX_GRAPHML.encode()))):
        graph = read_graph(written(tmp_path, name, content), directed=True)
        assert (graph.n, graph.directed, graph.labels.to_list()) == (4, False, ["ana", "binh", "alone", "chi"])
        assert arcs_of(graph) == [("ana", "binh"), ("binh", "ana"), ("binh", "chi"), ("chi", "binh")]
        assert graph.weight.tolist() == [0.5, 0.5, 1.0, 1.0]


def test_gexf_as_gephi_writes_it(tmp_path):
    graph = read_graph(written(tmp_path, "g.gexf", GEPHI_GEXF))
    assert (graph.n, graph.directed) == (4, True)
    assert arcs_of(graph) == [("0", "1"), ("1", "2"), ("2", "1")]
    assert graph.weight.tolist() == [2.5, 1.0, 1.0]


def test_graphml_directions_defaults_and_graphs_in_nodes(tmp_path):
    text = """<graphml><key id="w" for="edge" attr.name="weight" attr.type="double"><default>3</default></key>
    <graph edgedefault="directed"><edge source="b" target="a"/><node id="a"><graph edgedefault="undirected"><node id="c"/>
    <edge source="c" target="a"/></graph></node><node id="b"/><edge source="a" target="a" directed="false"/></graph></graphml>"""
    graph = read_graph(written(tmp_path, "g.graphml", text))
    assert (arcs_of(graph), graph.weight.tolist()) == ([("b", "a"), ("a", "c"), ("c", "a")], [3.0, 3.0, 3.0])
    assert read_graph(
        written(tmp_path, "no.graphml", '<graphml><graph edgedefault="directed"><node id="1"/></graph></graphml>')
    ).directed


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("g.graphml", "<graphml></graphml>", "holds no graph"),
        ("g.gexf", "<gexf><meta/></gexf>", "holds no graph"),
        ("g.graphml", "<html/>", "begins with <html>"),
        ("g.graphml", "<graphml><graph><node", "is no XML"),
        ("g.gexf", b"", "is no XML"),
        ("g.gexf", bytes(range(256)), "is no XML"),
        ("g.graphml", "<graphml><graph><node id='a'/><edge source='a' target='zoe'/></graph></graphml>", "names the node 'zoe'"),
        ("g.gexf", GEPHI_GEXF.replace('target="1"', 'target="9"'), "names the node '9'"),
        ("g.graphml", "<graphml><graph><node id='a'/><node id='a'/></graph></graphml>", "'a' is there twice"),
        ("g.graphml", "<graphml><graph><node/></graph></graphml>", "has no id"),
        ("g.graphml", "<graphml><graph><edge source='a'/></graph></graphml>", "lacks a source or a target"),
        ("g.graphml", "<graphml><graph/><graph/></graphml>", "several graphs"),
        ("g.graphml", "<graphml><graph><hyperedge/></graph></graphml>", "hyperedges"),
        ("g.gexf", GEPHI_GEXF.replace("2.5", "much"), "a weight is 'much'"),
        ("g.gexf", GEPHI_GEXF.replace("2.5", "-2.5"), r"g\.gexf: edges: weight 0 is -2.5"),
        ("g.graphml", BOMB, "declares entities"),
    ],
)
def test_bad_graphml_and_gexf(tmp_path, name, content, words):
    with pytest.raises(DataError, match=words) as caught:
        read_graph(written(tmp_path, name, content))
    assert str(caught.value).startswith(name)
    assert "\n" not in str(caught.value)
