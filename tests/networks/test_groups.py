"""Groups: hyperedges from lists, tables, cliques and files."""

import json
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError, SpecError
from tenfold.networks.generators import erdos_renyi
from tenfold.networks.graph import Graph
from tenfold.networks.graph_files import read_graph
from tenfold.networks.groups import Groups, read_groups

LISTS = st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=12)
XGI_HIF = {
    "network-type": "undirected",
    "metadata": {"name": "test"},
    "nodes": [{"node": "ana", "attrs": {"age": 31}}, {"node": "alone"}],
    "edges": [{"edge": 4, "weight": 2.0}, {"edge": 9}],
    "incidences": [{"edge": 4, "node": "binh"}, {"edge": 4, "node": "ana", "attrs": {}}, {"edge": 7, "node": "ana"}],
}


def rows_of(groups: Groups) -> list[list[int]]:
    return [groups.member[groups.start[g] : groups.start[g + 1]].tolist() for g in range(groups.groups)]


@given(LISTS)
def test_holds_its_members(lists):
    groups = Groups.from_lists(lists, 13)
    assert rows_of(groups) == [sorted(set(one)) for one in lists]
    assert groups.sizes().tolist() == [len(set(one)) for one in lists]
    start, group = groups.memberships()
    assert [group[start[i] : start[i + 1]].tolist() for i in range(13)] == [
        [g for g, one in enumerate(lists) if i in one] for i in range(13)
    ]
    pairs = {pair for one in lists for pair in combinations(sorted(set(one)), 2)}
    expected = Graph.from_edges([a for a, _ in pairs], [b for _, b in pairs], 13)
    found = groups.graph()
    assert (found.start.tolist(), found.other.tolist()) == (expected.start.tolist(), expected.other.tolist())
    assert (groups.member.dtype, groups.start.dtype, group.dtype, start.dtype) == (np.int32, np.int64, np.int32, np.int64)


@given(LISTS)
def test_pairs_make_the_same_groups(lists):
    person = [i for one in lists for i in one]
    group = [g for g, one in enumerate(lists) for _ in one]
    found = Groups.from_pairs(person, group, 13)
    assert rows_of(found) == rows_of(Groups.from_lists(lists, 13))[: found.groups]


def test_tables_keep_ids():
    frame = pl.DataFrame({"who": ["chi", "ana", "ana"], "where": [20, 10, 20]})
    groups = Groups.from_table(frame, person="who", group="where")
    assert (groups.labels.to_list(), groups.names.to_list(), rows_of(groups)) == (["ana", "chi"], [10, 20], [[0], [0, 1]])
    assert groups.graph().labels.to_list() == ["ana", "chi"]


@pytest.mark.parametrize("size", [3, 4, 5])
def test_cliques_are_all_there(size):
    graph = erdos_renyi(25, 11.0, seed=size)
    tied = {(i, int(j)) for i in range(25) for j in graph.other[graph.start[i] : graph.start[i + 1]]}
    expected = [list(one) for one in combinations(range(25), size) if all(pair in tied for pair in combinations(one, 2))]
    assert rows_of(Groups.cliques(graph, size)) == expected
    assert expected
    assert Groups.cliques(Graph.from_edges([], [], 4), size).groups == 0


def test_cliques_of_a_real_graph(shared_data):
    graph = read_graph(shared_data / "graphs" / "facebook_combined.txt")
    assert Groups.cliques(graph).groups == 1_612_010  # as SNAP counts them


def test_hif_as_xgi_writes_it(tmp_path):
    (tmp_path / "g.json").write_text(json.dumps(XGI_HIF))
    groups = read_groups(tmp_path / "g.json")
    assert groups.labels.to_list() == ["ana", "alone", "binh"]
    assert groups.names.to_list() == [4, 9, 7]
    assert (groups.n, rows_of(groups)) == (3, [[0, 2], [], [0]])


def test_tables_in_files(tmp_path):
    (tmp_path / "g.csv").write_text("group,since,person\nred,1,ana\nred,2,binh\nblue,3,ana\n")
    (tmp_path / "g.txt").write_text("3 1\n5 1\n3 2\n")
    (tmp_path / "e.csv").write_text("person,group\n")
    pl.DataFrame({"x": [3, 5, 3], "y": ["red", "red", "blue"]}).write_parquet(tmp_path / "g.parquet")
    assert rows_of(read_groups(tmp_path / "g.csv")) == [[0], [0, 1]]
    assert read_groups(tmp_path / "g.txt").labels.to_list() == [3, 5]
    assert read_groups(tmp_path / "g.parquet").names.to_list() == ["blue", "red"]
    assert (read_groups(tmp_path / "e.csv").groups, read_groups(tmp_path / "e.csv").n) == (0, 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"incidences": None}, "no list of incidences"),
        ({"incidences": [{"edge": 1}]}, r"incidences\[0\]: has no node"),
        ({"incidences": [{"node": 1, "edge": 1.5}]}, r"incidences\[0\]: has no edge"),
        ({"incidences": [[1, 2]]}, r"incidences\[0\]: has no node"),
        ({"nodes": "ana"}, "nodes is no list"),
        ({"edges": [{"edge": True}]}, r"edges\[0\]: has no edge"),
        ({"network-type": "directed"}, "no direction"),
        ({"nodes": [{"node": 1}, {"node": "1"}]}, "same number as text"),
        ({"nodes": [{"node": "\ud800"}]}, "surrogate"),
    ],
)
def test_bad_hif(tmp_path, change, words):
    (tmp_path / "g.json").write_text(json.dumps({**XGI_HIF, **change}))
    with pytest.raises(DataError, match=words):
        read_groups(tmp_path / "g.json")


@pytest.mark.parametrize(
    ("content", "words"), [(b"[" * 100_000, "60 deep"), (b"{", "no JSON"), (b"\xff", "no JSON"), (b"[]", "incidences")]
)
def test_bad_json(tmp_path, content, words):
    (tmp_path / "g.json").write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_groups(tmp_path / "g.json")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Groups.from_lists([[5]], 3), "end 5 is out of range"),
        (lambda: Groups.from_lists([[-1]]), "member holds -1"),
        (lambda: Groups.from_lists([[0.5]]), "holds float64"),
        (lambda: Groups.from_lists([0, 1]), "no list of lists"),
        (lambda: Groups.from_lists(7), "no list of lists"),
        (lambda: Groups.from_lists(["ab"]), "whole numbers"),
        (lambda: Groups.from_lists([[2**31]]), "holds 2147483648"),
        (lambda: Groups.from_lists([[[], []]]), "no whole number"),
        (lambda: Groups.from_pairs([1, 2], [0]), "person has 2 rows and group 1"),
        (lambda: Groups.from_pairs(np.broadcast_to(np.int8(0), 2**31), [0]), "at most 2147483647"),
        (lambda: Groups.from_lists([range(50_000)]).graph(), "one of 50000 members"),
        (lambda: Groups.from_table(pl.DataFrame({"a": [1, None], "b": [1, 2]}), person="a", group="b"), "'a' is empty"),
        (lambda: Groups.from_table(pl.DataFrame({"a": [[1]], "b": [1]}), person="a", group="b"), "numbers or text"),
        (lambda: Groups.from_table(pl.DataFrame({"a": [1]}), person="a", group="b"), "no column 'b'"),
    ],
)
def test_bad_groups(make, words):
    with pytest.raises(DataError, match=words):
        make()


def test_bad_arguments():
    with pytest.raises(SpecError, match="directed"):
        Groups.cliques(Graph.from_edges([0], [1], directed=True))
    with pytest.raises(SpecError, match="size is 2"):
        Groups.cliques(Graph.from_edges([0], [1]), 2)
    with pytest.raises(SpecError, match="n is"):
        Groups.from_lists([], "x")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 50) | st.floats() | st.text(max_size=5), lambda x: st.lists(x, max_size=5)
)


@given(JUNK, JUNK)
def test_junk_is_taken_or_refused(one, two):
    for make in (lambda: Groups.from_lists(one), lambda: Groups.from_pairs(one, two), lambda: Graph.from_edges(one, two)):
        found, words = outcome(make)
        assert (found is None) == bool(words)
        assert "\n" not in words


@given(
    st.one_of(
        st.binary(max_size=100),
        st.text(max_size=100).map(lambda text: text.encode(errors="replace")),
        st.fixed_dictionaries({}, optional=dict.fromkeys(XGI_HIF, JUNK)).map(lambda found: json.dumps(found).encode()),
        st.lists(st.dictionaries(st.sampled_from(["edge", "node"]), JUNK), max_size=4).map(
            lambda found: json.dumps({"incidences": found}).encode()
        ),
    ),
    st.sampled_from(["junk.json", "junk.csv"]),
)
def test_junk_files_are_read_or_refused(tmp_path_factory, junk, name):
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(junk)
    groups, words = outcome(lambda: read_groups(path))
    assert words.startswith(name) if groups is None else len(groups.member) == groups.start[-1]
    assert "\n" not in words


@pytest.mark.parametrize(
    "text",
    [
        "id,person,group\n1,ana,red\n2,binh,red\n3,ana,blue\n",
        "Group;Since;Member\nred;1;ana\nred;2;binh\nblue;3;ana\n",
        "name\tteam\nana\tred\nbinh\tred\nana\tblue\n",
        "Mitglied,Gruppe\nana,red\nbinh,red\nana,blue\n",
        "event,start,person,minutes,status\nred,2026-09-01,ana,5,present\nred,2026-09-01,binh,,x\nred,,chi,,Absent (ill)\nblue,,ana,,✓\n",
        "participant,event,attended\nana,red,yes\nbinh,red,YES\nchi,red,no\nana,blue,yes\ndina,blue,\n",
        "ana,red\nbinh,red\nana,blue\n",
    ],
)
def test_person_group_and_status_are_found_by_their_names(tmp_path, text):
    (tmp_path / "g.csv").write_text(text, encoding="utf-8")
    groups = read_groups(tmp_path / "g.csv")
    names, labels = groups.names.to_list(), groups.labels.to_list()
    assert {(names[g], labels[i]) for g, row in enumerate(rows_of(groups)) for i in row} == {
        ("red", "ana"),
        ("red", "binh"),
        ("blue", "ana"),
    }
    assert any(note.startswith("Person: ") for note in groups.notes)
    assert any("left out" in note for note in groups.notes) == ("chi" in text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("foo,bar\nana,red\nbinh,blue\n", "may be names of columns or a first membership"),
        ("person,since,age\nana,2020,31\n", "which columns hold the person and the group"),
        ("person,group\nana,\n", "row 2 has 1 field or an empty one"),
        (
            "person,group,status\nana,red,yes\nbinh,red,perhaps later\n",
            "row 3: 'status' is 'perhaps later'; whether that is there",
        ),
        ("ana;binh;chi\nbinh;dina\n", "different numbers of fields"),
    ],
)
def test_groups_that_cannot_be_known_are_refused(tmp_path, text, words):
    (tmp_path / "g.csv").write_text(text)
    with pytest.raises(DataError, match=rf"g\.csv: .*{words}"):
        read_groups(tmp_path / "g.csv")


def test_group_columns_that_the_caller_names(tmp_path):
    (tmp_path / "g.csv").write_text("foo,bar\nana,red\nbinh,red\n")
    assert read_groups(tmp_path / "g.csv", person="foo", group="bar").sizes().tolist() == [2]
    assert read_groups(tmp_path / "g.csv", header=False).groups == 2
    with pytest.raises(SpecError, match="only one of person and group"):
        read_groups(tmp_path / "g.csv", person="foo")


def test_what_of_hif_is_not_used_is_said(tmp_path):
    (tmp_path / "g.json").write_text(json.dumps(XGI_HIF))
    assert read_groups(tmp_path / "g.json").notes == ("Not used: weights and attributes of nodes, edges.",)
