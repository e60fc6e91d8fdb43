"""Node ids of any integer type, and labels of any kind."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError, SpecError
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.labels import Positions, label_text, node_labels, node_numbers, node_values
from tenfold.networks.temporal import Temporal


def arcs_of(graph: Graph) -> list[tuple[int, int]]:
    return [(i, int(j)) for i in range(graph.n) for j in graph.other[graph.start[i] : graph.start[i + 1]]]


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int32, np.int64, np.uint64, ">i4"])
def test_node_ids_of_any_integer_type(kind):
    ends = np.array([0, 1, 9, 2, 9], kind)
    ends.flags.writeable = False
    assert arcs_of(Graph.from_edges(ends[:-1], ends[1:])) == [(0, 1), (1, 0), (1, 9), (2, 9), (2, 9), (9, 1), (9, 2), (9, 2)]
    assert Graph.from_edges(ends[::2], ends[::2], 10).arcs == 0


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
def test_labels_of_any_kind(kind):
    frame = pl.DataFrame({"a": ["7", "9"], "b": ["9", "12"]}).select(pl.all().cast(pl.String if kind == pl.Categorical else kind))
    graph = Graph.from_table(frame.cast(kind), a="a", b="b", directed=True)
    assert [(int(graph.labels[a]), int(graph.labels[b])) for a, b in arcs_of(graph)] in ([(7, 9), (9, 12)], [(9, 12), (7, 9)])


def labelled(labels) -> Graph:
    series = pl.Series("id", labels)
    return replace(Graph.from_edges(range(len(series) - 1), range(1, len(series))), labels=series)


NUMBERS, WRITTEN, NAMES = labelled([10, 1, 2]), labelled(["10", "1", "zoe"]), labelled(["ana", "n1", "(0, 1)"])
BARE = Graph.from_edges([0, 1], [1, 2])


@pytest.mark.parametrize(
    ("graph", "people", "numbers"),
    [
        (NUMBERS, [1, 2], [1, 2]),
        (NUMBERS, [10], [0]),
        (NUMBERS, ["10", "2"], [0, 2]),
        (NUMBERS, np.array([2, 10], np.uint8), [2, 0]),
        (NUMBERS, [np.str_("2"), np.int64(1)], [2, 1]),
        (NUMBERS, np.array([2.0]), [2]),
        (NUMBERS, pl.Series([2, 1]), [2, 1]),
        (NUMBERS, {2, 10, 1}, [1, 2, 0]),
        (NUMBERS, (one for one in (2, 1)), [2, 1]),
        (NUMBERS, range(1, 3), [1, 2]),
        (NUMBERS, Positions([2, 0]), [2, 0]),
        (NUMBERS, {"positions": [1]}, [1]),
        (WRITTEN, [1], [1]),
        (WRITTEN, [10, "zoe"], [0, 2]),
        (NAMES, [0, 2], [0, 2]),
        (NAMES, np.array(["n1", "ana"]), [1, 0]),
        (NAMES, np.array([b"n1"]), [1]),
        (NAMES, [(0, 1)], [2]),
        (NAMES, [(np.int64(0), np.int32(1)), "ana"], [2, 0]),
        (NAMES, np.array([[0, 1]]), [2]),
        (NAMES, ("ana", "n1"), [0, 1]),
        (BARE, [2, 0], [2, 0]),
        (BARE, [], []),
        (NAMES, [], []),
        (labelled([0.5, 2.0]), [2, 0.5], [1, 0]),
        (labelled([date(2026, 1, 2), date(2026, 1, 3)]), [date(2026, 1, 3)], [1]),
    ],
)
def test_people_are_found_by_what_they_are_called(graph, people, numbers):
    found = node_numbers(graph, people, "required")
    assert (found.tolist(), found.dtype) == (numbers, np.int64)


@pytest.mark.parametrize(
    ("graph", "people", "words"),
    [
        (NUMBERS, [0], "required names 0, who is not in the network; its people are called 10, 1, 2, … and a whole number means"),
        (NUMBERS, [2.5], "names 2.5, who is not"),
        (WRITTEN, [0], "names 0, who is not"),
        (NAMES, [3], "names 3; expected whole numbers from 0 to 2"),
        (NAMES, ["n1", 0], "names 0, who is not"),
        (NAMES, ["zoe"], "names 'zoe', who is not in the network; its people are called 'ana'"),
        (NAMES, (0, 1), r"is \(0, 1\), which is one person"),
        (NAMES, ["\ud800"], "names somebody with half a character"),
        (BARE, ["ana"], "names 'ana', and the network has no names; expected whole numbers from 0 to 2"),
        (BARE, [-1], "names -1; expected"),
        (BARE, [True], "names True; expected people"),
        (BARE, [None], "names None"),
        (BARE, [np.nan], "names nan"),
        (BARE, [[0]], r"names \[0\]"),
        (BARE, [0, 1, 0], r"names somebody twice \(0\)"),
        (NUMBERS, [1, "1"], r"names somebody twice \(1\)"),
        (BARE, Positions([3]), "names 3; expected whole numbers"),
        (NUMBERS, Positions(["1"]), "names '1'; expected whole numbers"),
        (BARE, "ana", "is 'ana'; expected a list of people"),
        (BARE, 1, "is 1; expected a list"),
        (BARE, None, "is None; expected a list"),
        (BARE, np.array(1), "is 1; expected a list"),
        (BARE, {"ana": 1}, "is a mapping"),
        (labelled(["zoe", "zoe"]), ["zoe"], "names 'zoe', who are 2 people"),
    ],
)
def test_people_who_cannot_be_found(graph, people, words):
    with pytest.raises(SpecError, match=f"^required {words}" if not words.startswith("required") else words) as caught:
        node_numbers(graph, people, "required")
    assert "\n" not in str(caught.value)


def test_networks_in_time_groups_and_plain_numbers_of_people():
    frame = pl.DataFrame({"t": [0, 1], "a": [5, 7], "b": [7, 9]})
    assert node_numbers(Temporal.from_table(frame, time="t", a="a", b="b", window=1), [9]).tolist() == [2]
    assert node_numbers(Groups.from_table(frame, person="a", group="t"), [7]).tolist() == [1]
    assert node_numbers(4, [3]).tolist() == [3]
    assert node_numbers(NUMBERS, [1, 1], distinct=False).tolist() == [1, 1]
    assert (node_labels(2).to_list(), node_labels(BARE).to_list(), node_labels(NUMBERS).to_list()) == (
        [0, 1],
        [0, 1, 2],
        [10, 1, 2],
    )
    assert (label_text(NUMBERS, 0), label_text(BARE, 0)) == ("10", "0")


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=20, unique=True), st.data())
def test_any_numbers_as_labels(labels, data):
    wanted = data.draw(st.lists(st.sampled_from(labels), unique=True))
    graph = replace(Graph.from_edges([], [], len(labels)), labels=pl.Series("id", labels))
    assert [labels[k] for k in node_numbers(graph, wanted)] == wanted
    assert [labels[k] for k in node_numbers(graph, [str(one) for one in wanted])] == wanted


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(), lambda x: st.lists(x) | st.tuples(x)
    )
)
def test_any_people_are_found_or_refused(people):
    for graph in (NUMBERS, WRITTEN, NAMES, BARE):
        found, words = outcome(lambda graph=graph: node_numbers(graph, people))
        assert "\n" not in words
        assert found is None or ((found >= 0) & (found < 3)).all()


def test_values_of_people():
    assert node_values(NUMBERS, [1, 2, 3], "costs").tolist() == [1, 2, 3]
    assert node_values(NUMBERS, {1: 5, "10": 1, 2: 2.5}, "costs").tolist() == [1, 5, 2.5]
    assert node_values(NAMES, {"n1": 2}, "costs", default=0.5).tolist() == [0.5, 2, 0.5]
    assert node_values(2, np.array([1.0, 2.0])).tolist() == [1, 2]
    for values, words in (
        ([1, 2], "costs: expected a number for each of 3 people"),
        ("abc", "costs: expected a number"),
        ({1: "x"}, "costs: expected a number"),
        ({1: 1}, "costs leaves out 10"),
        ({0: 1}, "costs names 0"),
    ):
        with pytest.raises(SpecError, match=words):
            node_values(NUMBERS, values, "costs")
