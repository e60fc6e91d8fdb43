"""Node ids of any integer type, and labels of any kind."""

import numpy as np
import polars as pl
import pytest

from tenfold.errors import DataError
from tenfold.networks.graph import Graph


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
