"""Edge lists from files, as others write them, and whatever else a file may hold."""

import gzip

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph


def arcs_of(graph: Graph) -> list[tuple[object, object]]:
    names = graph.labels.to_list()
    return [(names[i], names[j]) for i in range(graph.n) for j in graph.other[graph.start[i] : graph.start[i + 1]]]


def written(folder, name: str, content: str | bytes):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "1 2\n2 3\n",
        "1,2\r\n2,3\r\n",
        "1;2\n2;3",
        "# a comment\n% another\n1\t2\n\n2\t3\n",
        "  1   2\n2 \t 3  \n",
        "1 2\n# between\n2 3\n",
        "\ufeffsource,target\n1,2\n2,3\n",
        "x,y\n1,2\n2,3\n",
        "3 2\n1 2\n2 3\n",
    ],
)
def test_edge_lists_with_any_separator(tmp_path, content):
    graph = read_graph(written(tmp_path, "e.txt", content))
    assert (graph.labels.to_list(), arcs_of(graph), graph.weight) == ([1, 2, 3], [(1, 2), (2, 1), (2, 3), (3, 2)], None)


def test_edge_lists_as_others_write_them(tmp_path):
    gephi = 'Source,Target,Type,Id,Label,Weight\n"Ana Li",Binh,Undirected,0,,2.0\nBinh,Chi,Undirected,1,,1.0\n'
    graph = read_graph(written(tmp_path, "gephi.csv", gephi))
    assert (graph.labels.to_list(), graph.weight.tolist()) == (["Ana Li", "Binh", "Chi"], [2, 2, 1, 1])
    kumu = read_graph(written(tmp_path, "kumu.csv.gz", gzip.compress(b"From,To,Type,Strength\na,b,friend,3\n")), directed=True)
    assert (kumu.arcs, kumu.weight.tolist()) == (1, [3.0])
    assert read_graph(written(tmp_path, "utf16.csv", "a,b\nä,ö\n".encode("utf-16"))).labels.to_list() == ["ä", "ö"]
    pl.DataFrame({"p": [3, 5], "q": [5, 9], "note": ["x", "y"]}).write_parquet(tmp_path / "e.parquet")
    assert read_graph(tmp_path / "e.parquet").labels.to_list() == [3, 5, 9]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"1 2\n3\n", "row 2 has 1 field"),
        (b"a,b,weight\n1,2,many\n", "row 2: the weight is 'many'"),
        (b"1,2,-1\n", "row 1: the weight is '-1'"),
        (b"\x00\x01\x02", "binary"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"\x1f\x8b\x08\x00broken", "damaged gzip"),
        (gzip.compress(bytes(70 << 20)), "unpacks to more"),
        (b"PAR1nothing", "the Parquet file is damaged"),
        (b",".join([b"1"] * 2000), "2000 fields"),
    ],
)
def test_bad_edge_lists(tmp_path, content, words):
    with pytest.raises(DataError, match=words):
        read_graph(written(tmp_path, "e.csv", content))


def test_no_file(tmp_path):
    (tmp_path / "folder.graphml").mkdir()
    for path in (tmp_path, tmp_path / "folder.graphml"):
        with pytest.raises(DataError, match="is a folder"):
            read_graph(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_graph(tmp_path / "none.gexf")
    with pytest.raises(DataError, match="cannot be read"):
        read_graph("a\0b")
    with pytest.raises(SpecError, match="expected the name of a file"):
        read_graph(7)


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode(errors="replace"))),
    st.sampled_from(["", "<graphml><graph>", "<gexf><graph>", "source,target,weight\n", "a b\n", "PAR1"]),
    st.sampled_from(["j.txt", "j.csv", "j.graphml", "j.gexf", "j.parquet"]),
)
def test_junk_is_read_or_refused(tmp_path_factory, junk, before, name):
    path = written(tmp_path_factory.getbasetemp(), name, before.encode() + junk)
    graph, words = outcome(lambda: read_graph(path))
    assert words.startswith(name) if graph is None else graph.start[-1] == graph.arcs
    assert "\n" not in words
    assert graph is None or len(graph.labels) == graph.n


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=1), st.sampled_from(" ,;\t"), st.booleans())
def test_what_is_written_is_read(tmp_path_factory, edges, separator, turned):
    names = ("b", "a") if turned else ("a", "b")
    rows = [(b, a) if turned else (a, b) for a, b in edges]
    text = separator.join(names) + "\n" + "\n".join(f"{one}{separator}{two}" for one, two in rows)
    path = written(tmp_path_factory.getbasetemp(), "round.txt", text)
    assert arcs_of(read_graph(path, directed=True)) == sorted(edge for edge in edges if edge[0] != edge[1])


def test_real_graphs(shared_data):
    facebook = read_graph(shared_data / "graphs" / "facebook_combined.txt")
    assert (facebook.n, facebook.arcs) == (4039, 2 * 88_234)
    hept = read_graph(shared_data / "graphs" / "nethept.txt", directed=True)
    assert (hept.n, hept.arcs) == (15_233, 58_891 - 39)  # 39 lines lead from somebody to themselves
    assert hept.parallel()


@pytest.mark.parametrize("content", [b"", b"1\n2\n", bytes(range(256))])
def test_errors_begin_with_the_file(tmp_path, content):
    with pytest.raises(DataError, match=r"bad\.txt|edges"):
        read_graph(written(tmp_path, "bad.txt", content))


def test_no_such_file(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_graph(tmp_path / "none.txt")
