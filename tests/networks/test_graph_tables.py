"""Tables of edges as programs and people write them: which column is which, what is a header, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError, SpecError
from tenfold.networks.columns import find_ends, plain_name
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph

# people and arcs of graphs that are not directed are written as edges, with their weights
ABC = {("a", "b"), ("b", "c"), ("a", "c")}
NAMES = {("ana", "binh"), ("binh", "chi")}


def edges_of(graph: Graph) -> set[tuple[object, ...]]:
    names = list(range(graph.n)) if graph.labels is None else graph.labels.to_list()
    arcs = [(i, int(graph.other[k]), k) for i in range(graph.n) for k in range(graph.start[i], graph.start[i + 1])]
    return {
        (names[i], names[j], *(() if graph.weight is None else (float(graph.weight[k]),)))
        for i, j, k in arcs
        if graph.directed or i < j
    }


def read(folder, text: str, name: str = "e.csv", **options) -> Graph:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_graph(path, **options)


@pytest.mark.parametrize(
    ("text", "edges"),
    [
        ("1 2\n2 3\n3 1\n", {(1, 2), (2, 3), (1, 3)}),
        ("2 3\n1 2\n2 3\n3 1\n", {(1, 2), (2, 3), (1, 3)}),
        ("3 3\n1 2\n2 3\n3 1\n", {(1, 2), (2, 3), (1, 3)}),
        ("4 3\n1 2\n2 3\n3 4\n", {(1, 2), (2, 3), (3, 4)}),
        ("5 2\n1 2\n2 3\n", {(2, 5), (1, 2), (2, 3)}),
        ("2 1\n7 9\n", {(7, 9)}),
        ("a,b\nb,c\nc,a\n", ABC),
        ("a b\nb c\na c\n", ABC),
        ("b;a\nb;c\nc;a\n", ABC),
        ("from\tto\nto\tann\n", {("from", "to"), ("ann", "to")}),
        ("source,target\nsource,x\n", {("source", "target"), ("source", "x")}),
        ("a,b\nc,d\n", {("c", "d")}),
        ("A\tB\t2\nB\tC\t4\n", {("A", "B", 2.0), ("B", "C", 4.0)}),
        ("x,y,w\nana,binh,2\n", {("ana", "binh", 2.0)}),
        ("ana,binh\nbinh,chi\n", NAMES),
        ("ana,binh,1\nchi,dina,2\n", {("ana", "binh", 1.0), ("chi", "dina", 2.0)}),
        ("boss,staff\n1,2\n2,3\n", {(1, 2), (2, 3)}),
    ],
)
def test_a_first_row_is_a_header_only_where_that_is_known(tmp_path, text, edges):
    found = edges_of(read(tmp_path, text))
    assert {tuple(sorted(one[:2], key=str)) + one[2:] for one in found} == {
        tuple(sorted(one[:2], key=str)) + one[2:] for one in edges
    }


@pytest.mark.parametrize(
    "text",
    [
        "boss,staff\nana,binh\nchi,dina\n",
        "ana,binh\n",
        "Leiter;Mitarbeiter\nana;binh\n",
        "who whom\nana binh\nchi dina\n",
    ],
)
def test_two_unknown_names_above_text_are_a_question(tmp_path, text):
    with pytest.raises(DataError, match=r"e\.csv: the first row .* may be names of columns or a first edge.*header=False"):
        read(tmp_path, text)
    one, two = text.split("\n")[0].replace(";", ",").replace(" ", ",").split(",")
    asked = read(tmp_path, text, header=False)
    assert asked.arcs == 2 * (len(text.strip().split("\n")))
    assert {one, two} <= set(asked.labels)
    assert read(tmp_path, text, a=two, b=one).arcs == asked.arcs - 2
    assert read(tmp_path, text, header=True).arcs == asked.arcs - 2


@pytest.mark.parametrize(
    "text",
    [
        ",source,target\n0,ana,binh\n1,binh,chi\n",
        "Unnamed: 0,source,target\n0,ana,binh\n1,binh,chi\n",
        '"","from","to"\n"1","ana","binh"\n"2","binh","chi"\n',
        '"from" "to"\n"1" "ana" "binh"\n"2" "binh" "chi"\n',
        "id,source,target\n7,ana,binh\n8,binh,chi\n",
        "From,To,Label\nana,binh,x\nbinh,chi,y\n",
        "time,a,b\n2026-09-01,ana,binh\n2026-09-02,binh,chi\n",
        "date,kind,minutes,ego,alter\n2026-09-01,call,5,ana,binh\n2026-09-02,call,6,binh,chi\n",
        "id,call_date,caller_id,callee_id\n1,2026-11-03,ana,binh\n2,2026-11-04,binh,chi\n",
        ":START_ID(Person);:END_ID(Person);:TYPE\nana;binh;KNOWS\nbinh;chi;KNOWS\n",
        "sep=;\nQuelle;Ziel\nana;binh\nbinh;chi\n",
        "Label\tSource Node\tTarget Node\nx\tana\tbinh\ny\tbinh\tchi\n",
        "Откуда|источник|цель\nx|ana|binh\ny|binh|chi\n",
        "# a graph\n# FromNodeId\tToNodeId\nFromNodeId\tToNodeId\nana\tbinh\nbinh\tchi\n",
        "SUID,interaction,name,selected\n1,with,ana (with) binh,false\n2,with,binh (with) chi,false\n",
        "ana,binh,friend\nbinh,chi,kin\n",
    ],
)
def test_ends_are_found_by_their_names_wherever_they_stand(tmp_path, text):
    assert edges_of(read(tmp_path, text)) == NAMES


def test_directions_of_columns(tmp_path):
    assert edges_of(read(tmp_path, "target,source\nana,binh\n", directed=True)) == {("binh", "ana")}
    assert edges_of(read(tmp_path, "to,note,from\nana,x,binh\n", directed=True)) == {("binh", "ana")}
    for text in (
        "Source,Target,Type,Id\n0,1,Directed,0\n1,2,Undirected,1\n",
        "From,To,Direction\n0,1,directed\n1,2,mutual\n",
        "directed,source,target\ntrue,0,1\nfalse,1,2\n",
    ):
        found = read(tmp_path, text)
        assert (found.directed, edges_of(found)) == (True, {(0, 1), (1, 2), (2, 1)})
        assert any("1 of 2 edges are directed" in note for note in found.notes)
    found = read(tmp_path, "Source,Target,Type\na,b,Undirected\n", directed=True)
    assert not found.directed
    assert any("not directed=True that counts" in note for note in found.notes)
    with pytest.raises(DataError, match="row 3: 'Type' is 'maybe'; expected directed or undirected"):
        read(tmp_path, "Source,Target,Type\na,b,Directed\nb,c,maybe\n")
    kumu = read(tmp_path, "From,To,Type\na,b,friend\n")
    assert "Not used: 'Type'." in kumu.notes


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("source,weight,target\na,2,b\n", {2.0}),
        ("Strength;From;To\n0,5;a;b\n", {0.5}),
        ("source,target,count,weight\na,b,9,3\n", {3.0}),
        ("source\ttarget\tvalue\na\tb\t1e-18\n", {1e-18}),
        ("a b {'weight': 3}\n", {3.0}),
        ('a b {"weight": 3, "since": "2020, May"}\nb c {"weight": 3}\n', {3.0}),
        ("a,b,{'weight': 0.5}\n", {0.5}),
        ("1 2 7\n2 3 7\n", {7.0}),
        ("Quelle;Ziel;Gewicht\na;b;4\n", {4.0}),
    ],
)
def test_weights_are_found_by_their_names(tmp_path, text, weights):
    found = read(tmp_path, text)
    assert set(found.weight.tolist()) == weights
    assert any(note.startswith("Weight: ") for note in found.notes)


def test_numbers_that_are_no_weights(tmp_path):
    for text, said in (
        ("source,target,year\na,b,2012\n", "Not used: 'year'."),
        ("source,target,time\na,b,20\n", "Not used: 'time'."),
        ("source,target,age\na,b,1\nb,c,\n", "Not used: 'age'."),
        ("1 2 1082008561\n2 3 1082008570\n", "Not used: column 3."),
        ("a b {'colour': 'red'}\n", "Not used: 'colour'."),
        ("source,target,weight\na,b,\nb,c,\n", "Not used: 'weight', which is empty."),
    ):
        found = read(tmp_path, text)
        assert found.weight is None
        assert said in found.notes
    assert set(read(tmp_path, "source,target,age\na,b,1\n", weight="Age").weight.tolist()) == {1.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A\tB\t2\nB\tC\t4\nC\tA\t\n", "row 3: the weight is empty"),
        ("source,target,weight\na,b,2\nb,c,\n", "row 3: the weight is empty"),
        ("A B 2\nB C\n", "row 2: the weight is empty"),
        ("a b {'weight': 3}\nb c {}\n", "row 2: the weight is empty|row 3: the weight is empty"),
        ("source,target,weight\na,b,much\n", "row 2: the weight is 'much'"),
        ("source,target,weight\na,b,nan\n", "row 2: the weight is 'nan'"),
        ("source,target\na,\n", "row 2 has 1 field or an empty one"),
        ("source,target\n,b\n", "row 2 has 1 field or an empty one"),
        ("source,target,from,to\na,b,c,d\n", "several columns could be the two ends"),
        ("source,source,target\na,b,c\n", "several columns could be the two ends"),
        ("source,team\nana,red\n", "may be names of columns or a first edge"),
        ("person,place,time\nana,home,20\n", "which columns hold the two ends is not known"),
        ("foo,bar,baz\n1,2,3\n2,3,4\n", "which columns hold the two ends is not known"),
        ("20 1 2\n40 2 3\n60 1 3\n", "the first column seems to hold times"),
        ("1082008561 1 2\n1082008562 2 3\n1082008563 3 1\n", "the first column seems to hold times"),
        ("ana knows binh\nbinh likes chi\n", "the second column .* seems to name relations"),
        ("a;b\nb;c;d\n", "different numbers of fields.*format='adjacency'.*GraphML"),
        ("%%MatrixMarket matrix coordinate\n2 2 1\n1 2 5\n", "is a MatrixMarket file.*What is read: edge lists"),
        ("c a comment\np edge 3 2\ne 1 2\ne 2 3\n", "is a DIMACS file"),
        ("dl n=3 format=edgelist1\ndata:\n1 2\n", "is a UCINET DL file"),
        ("digraph g {\n a -> b\n}\n", "is a DOT file"),
        ("<!DOCTYPE html>\n<table></table>\n", "is a page"),
        ("a b {'weight': __import__('os')}\n", "is no data that can be read"),
        ("# a\nb\nc\n# b\nd\n", "a row has 1 fields"),
    ],
)
def test_what_cannot_be_known_is_refused(tmp_path, text, words):
    with pytest.raises(DataError, match=words) as caught:
        read(tmp_path, text, "bad.txt")
    assert str(caught.value).startswith("bad.txt: ")
    assert "\n" not in str(caught.value)


def test_columns_that_the_caller_names(tmp_path):
    text = "team,boss,staff,share\nred,ana,binh,0.5\nred,binh,chi,1\n"
    found = read(tmp_path, text, a="boss", b=" STAFF", weight="share", directed=True)
    assert edges_of(found) == {("ana", "binh", 0.5), ("binh", "chi", 1.0)}
    assert "Not used: 'team'." in found.notes
    for options, words in (
        ({"a": "chief", "b": "staff"}, "a is 'chief', and the columns are 'team', 'boss'"),
        ({"a": "boss"}, "only one end is named"),
        ({"weight": "age", "a": "boss", "b": "staff"}, "weight is 'age'"),
    ):
        with pytest.raises(DataError, match=words):
            read(tmp_path, text, **options)
    with pytest.raises(SpecError, match="format is 'csv'; expected one of edges"):
        read(tmp_path, text, format="csv")
    with pytest.raises(SpecError, match="is read as gml, which has no columns"):
        read(tmp_path, "graph [ ]", a="x", b="y")


def test_labels_keep_what_they_are(tmp_path):
    assert read(tmp_path, "source,target\n007,7\n").labels.to_list() == ["007", "7"]
    assert read(tmp_path, "source,target\n+4915,4915\n").labels.to_list() == ["+4915", "4915"]
    assert read(tmp_path, "source,target\n0,-7\n").labels.to_list() == [-7, 0]
    assert read(tmp_path, 'source\ttarget\n"Li, Ana"\tBinh\n').labels.to_list() == ["Binh", "Li, Ana"]
    assert read(tmp_path, "Nguyen, Linh\tTran, Ana\nTran, Ana\tLe, Chi\n").labels.to_list() == [
        "Le, Chi",
        "Nguyen, Linh",
        "Tran, Ana",
    ]


def test_what_is_left_out_or_repeated_is_said(tmp_path):
    found = read(tmp_path, "source,target\na,a\na,b\nb,a\n#no,tag\nb,c\n")
    assert "Left out: 1 lines between the rows that begin with # or %, as comments." in found.notes
    assert "Left out: 1 of 4 edges, which lead from somebody to themselves." in found.notes
    assert any(note.startswith("There more than once: 1 edges, or both ways round") for note in found.notes)
    assert not any("more than once" in note for note in read(tmp_path, "source,target\na,b\nb,a\n", directed=True).notes)


ADJACENCY = "ana binh chi\nbinh chi\nchi\ndina ana\n"


def test_adjacency_lists(tmp_path):
    edges = {("ana", "binh"), ("ana", "chi"), ("binh", "chi"), ("ana", "dina")}
    for text, options in (
        (ADJACENCY, {}),
        ("# as NetworkX writes it\n" + ADJACENCY, {}),
        (ADJACENCY.replace(" ", ";"), {"format": "adjacency"}),
        ("ana;binh;chi;dina\nbinh;ana;chi\nchi;ana;binh\ndina;ana\n", {}),
    ):
        found = read(tmp_path, text, **options)
        assert edges_of(found) == edges
        assert found.arcs == 2 * len(edges)
        assert any("Adjacency lists" in note for note in found.notes)
    assert edges_of(read(tmp_path, "1 2 3\n2 3\n4\n", format="adjacency")) == {(1, 2), (1, 3), (2, 3)}
    assert read(tmp_path, "1 2 3\n2 3\n4\n", "e.adjlist").n == 4
    assert read(tmp_path, ADJACENCY, directed=True).arcs == 4


def test_matrices(tmp_path):
    names = {("ana", "binh"), ("ana", "chi")}
    for text in (";ana;binh;chi\nana;0;1;1\nbinh;1;0;0\nchi;1;0;0\n", ",ana,binh,chi\nana,,1,1\nbinh,1,,\nchi,1,,\n"):
        assert edges_of(read(tmp_path, text)) == names
    plain = read(tmp_path, "0,2,1\n2,0,0\n1,0,0\n")
    assert (edges_of(plain), plain.labels) == ({(0, 1, 2.0), (0, 2, 1.0)}, None)
    one_way = read(tmp_path, ",ana,binh,chi\nana,0,1,0\nbinh,0,0,0.5\nchi,0,0,0\n")
    assert (one_way.directed, edges_of(one_way)) == (True, {("ana", "binh", 1.0), ("binh", "chi", 0.5)})
    assert "Directed, as the matrix is not symmetric." in one_way.notes
    with pytest.raises(DataError, match="row 2: '-1'; expected a number from 0 on"):
        read(tmp_path, ",ana,binh\nana,-1,1\nbinh,0,0\n", format="matrix")
    with pytest.raises(DataError, match="are not those at its left"):
        read(tmp_path, ",ana,binh\nana,0,1\nzoe,0,0\n", format="matrix")
    with pytest.raises(DataError, match="has 1 rows and 2 columns"):
        read(tmp_path, "0,1\n", format="matrix")


def test_sif(tmp_path):
    text = "ana knows binh\nbinh likes chi dina\neli\n"
    found = read(tmp_path, text, "net.sif")
    assert edges_of(found) == {("ana", "binh"), ("binh", "chi"), ("binh", "dina")}
    assert found.n == 5
    assert edges_of(read(tmp_path, "Ana Li\tknows\tBinh\n", format="sif")) == {("Ana Li", "Binh")}
    with pytest.raises(DataError, match="row 1 has 2 fields"):
        read(tmp_path, "ana knows\n", "net.sif")


@pytest.mark.parametrize(
    ("name", "plain"), [("From Node Id", "fromnodeid"), ("ＦＲＯＭ", "from"), ("a (id)", "a"), ("()", ""), (None, "")]
)
def test_names_are_compared_loosely(name, plain):
    assert plain_name(name) == plain


def test_pairs_of_names():
    assert find_ends(["To", "x", "From"], "e") == (2, 0)
    assert find_ends(["ego", "friend"], "e") == (0, 1)
    assert find_ends(["person", "team"], "e") is None
    assert find_ends([], "e") is None


CELLS = st.sampled_from(
    [
        "a",
        "b",
        "1",
        "2",
        "-0",
        "007",
        "0.5",
        "",
        "source",
        "target",
        "weight",
        "type",
        "directed",
        "time",
        "{'weight': 2}",
        '"',
        "[",
        "*",
    ]
)


@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", " ", "|"]),
    st.sampled_from(
        ["", "sep=;\n", "# source target\n", "source,target\n", "*Vertices 3\n", "graph [\n", "{", "%%MatrixMarket\n", "dl n=3\n"]
    ),
    st.sampled_from(["j.csv", "j.net", "j.gml", "j.sif", "j.adj", "j.json", "j.gexf"]),
    st.sampled_from([None, "edges", "adjacency", "matrix", "sif", "pajek", "gml", "json"]),
)
def test_any_table_is_read_or_refused(tmp_path_factory, rows, separator, before, name, kind):
    path = tmp_path_factory.getbasetemp() / name
    path.write_text(before + "\n".join(separator.join(row) for row in rows), encoding="utf-8")
    graph, words = outcome(lambda: read_graph(path, format=kind))
    assert "\n" not in words
    assert words.startswith(name) if graph is None else graph.start[-1] == graph.arcs
    assert graph is None or graph.labels is None or len(graph.labels) == graph.n
