"""Graphs saved and opened again, and every way in which a file may be another one, cut short or altered."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome import outcome
from tenfold.errors import DataError
from tenfold.networks import saved
from tenfold.networks.graph import Graph

LABELS = ["ana", "\u4f60 ", "<b>", ""]


def example(weighted: bool = True, directed: bool = False, labels: object = LABELS) -> Graph:
    graph = Graph.from_edges([0, 1, 2, 2], [1, 2, 0, 2], 4, weight=[0.5, 2, 1e-18, 3] if weighted else None, directed=directed)
    return replace(graph, labels=None if labels is None else pl.Series("id", labels))


def same(one: Graph, two: Graph) -> bool:
    parts = [(a.start.tolist(), a.other.tolist(), a.directed, a.notes, a.start.dtype, a.other.dtype) for a in (one, two)]
    parts = [
        (
            *part,
            None if a.weight is None else a.weight.tolist(),
            None if a.labels is None else (a.labels.dtype, a.labels.to_list()),
        )
        for part, a in zip(parts, (one, two), strict=True)
    ]
    return parts[0] == parts[1]


@pytest.mark.parametrize("labels", [None, LABELS, [4, -7, 2**60, 0], [0.5, 1.0, 2.0, 3.0]])
@pytest.mark.parametrize("weighted", [True, False])
@pytest.mark.parametrize("directed", [True, False])
def test_what_is_saved_is_opened(tmp_path, labels, weighted, directed):
    graph = example(weighted, directed, labels)
    graph.save(tmp_path / "g.graph")
    found = Graph.open(tmp_path / "g.graph")
    assert same(found, graph)
    assert found.notes
    assert same(Graph.open(str(tmp_path / "g.graph"), check=False), graph)
    assert os.listdir(tmp_path) == ["g.graph"]
    assert same(pickle.loads(pickle.dumps(found)), graph)


def test_an_empty_graph(tmp_path):
    for graph in (Graph.from_edges([], []), Graph.from_edges([], [], 3, weight=[])):
        graph.save(tmp_path / "g.graph")
        assert same(Graph.open(tmp_path / "g.graph"), graph)


def test_the_arrays_are_mapped_and_the_file_never_changes(tmp_path):
    path = tmp_path / "g.graph"
    example().save(path)
    before = path.read_bytes()
    found = Graph.open(path)
    assert type(found.other) is np.ndarray
    assert isinstance(found.other.base, np.memmap)
    assert found.other.flags.writeable
    assert found.other.flags.aligned
    found.other[0] = 3
    assert path.read_bytes() == before
    assert Graph.open(path).other[0] == 1


def test_other_processes_open_it(tmp_path):
    example().save(tmp_path / "g.graph")
    code = "import sys, tenfold; print(tenfold.Graph.open(sys.argv[1], check=False).arcs)"
    ran = subprocess.run([sys.executable, "-c", code, tmp_path / "g.graph"], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "6"


def test_saving_again_leaves_those_who_have_it_open_as_they_are(tmp_path):
    path = tmp_path / "g.graph"
    example().save(path)
    found = Graph.open(path)
    Graph.from_edges([0], [1]).save(path)
    assert found.other.tolist() == example().other.tolist()
    assert Graph.open(path).arcs == 2


def test_a_failed_save_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "g.graph"
    example().save(path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saved.os, "fsync", full)
    with pytest.raises(DataError, match=r"g\.graph: cannot be written \(No space left"):
        Graph.from_edges([0], [1]).save(path)
    assert os.listdir(tmp_path) == ["g.graph"]
    assert same(Graph.open(path), example())


def test_another_version(tmp_path, monkeypatch):
    path = tmp_path / "g.graph"
    monkeypatch.setattr(saved, "FORMAT", 2)
    example().save(path)
    monkeypatch.undo()
    with pytest.raises(DataError, match=r"g\.graph: is of format 2, and this Tenfold reads format 1"):
        Graph.open(path)


@given(st.data())
def test_any_byte_that_is_altered_or_missing_is_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "altered.graph"
    example().save(path)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 255))
    elif data.draw(st.booleans()):
        del content[at:]
    else:
        content += bytes(at + 1)
    path.write_bytes(content)
    found, words = outcome(lambda: Graph.open(path))
    assert found is None
    assert words.startswith("altered.graph: ")
    assert "\n" not in words


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no network that was saved"),
        (b"source,target\n", "is no network that was saved"),
        (b"tenfold network 1\n", "its header is damaged"),
        (b"tenfold network 1\n" + b"0" * 64 + b" 000000002\n[]", "its header is damaged"),
        (b"tenfold network 1\n" + b"0" * 64 + b" 999999999\n[]", "its header is damaged"),
        (b"tenfold network 1\n" + b"0" * 64 + b" 000100000\n" + b"[" * 100_000, "its header is damaged"),
    ],
)
def test_other_files(tmp_path, content, words):
    (tmp_path / "x.graph").write_bytes(content)
    for check in (True, False):
        with pytest.raises(DataError, match=rf"x\.graph: {words}"):
            Graph.open(tmp_path / "x.graph", check=check)


@pytest.mark.parametrize(
    "change",
    [
        {"start": np.array([0, 9, 9, 9, 9])},
        {"start": np.array([0, 5, 2, 6, 6])},
        {"start": np.array([0, 2, 4, 6, 6], np.int32)},
        {"other": np.array([1, 2, 0, 2, 0, 99], np.int32)},
        {"other": np.array([1, 2, 0, 2, 0, -1], np.int32)},
        {"weight": np.zeros(2)},
        {"weight": -np.ones(6)},
        {"weight": np.ones(6, np.int64)},
        {"labels": pl.Series("id", ["one"])},
    ],
)
def test_arrays_that_do_not_fit_each_other_are_refused(tmp_path, change):
    """Even where the digest is right: a kernel would read beyond an array."""
    replace(example(), **change).save(tmp_path / "g.graph")
    with pytest.raises(DataError):
        Graph.open(tmp_path / "g.graph")


def test_no_file(tmp_path):
    for path in (tmp_path / "none.graph", tmp_path):
        with pytest.raises(DataError, match="cannot be read"):
            Graph.open(path)
    with pytest.raises(DataError, match="cannot be written"):
        example().save(tmp_path / "no" / "folder.graph")
    saved.save_network(tmp_path / "h", "groups", saved.SavedNetwork({}, {}, {}))
    with pytest.raises(DataError, match="holds groups, not a graph"):
        Graph.open(tmp_path / "h")
