"""Numbers mean labels wherever labels are numbers: starts, seeds, costs, groups; positions are asked for by name."""

import networkx as nx
import numpy as np
import polars as pl
import pytest

import tenfold as tf
from tenfold.errors import SpecError

CHAIN = pl.DataFrame({"a": [2, 30, 400], "b": [30, 400, 5000]})


@pytest.fixture
def graph() -> tf.Graph:
    """2 – 30 – 400 – 5000."""
    return tf.Graph.from_table(CHAIN, a="a", b="b")


def reached(graph: tf.Graph, start: object) -> list[int]:
    """Positions of those who have it after one certain step."""
    found = tf.simulate(tf.models.si(chance=1.0), graph, steps=1, start={"I": start}, seed=1, keep=("final",))
    assert found.final is not None
    return np.flatnonzero(found.final[0]).tolist()


@pytest.mark.parametrize(
    "start", [[2], (2,), {2}, np.array([2]), ["2"], np.array(["2"]), pl.Series([2]), tf.Positions([0]), {"positions": [0]}]
)
def test_a_number_is_the_label(graph, start):
    assert reached(graph, start) == [0, 1]


def test_a_position_that_is_no_label_is_refused(graph):
    with pytest.raises(SpecError, match=r"start: 'I' names 0, who is not in the network; its people are called 2, 30, 400, …"):
        reached(graph, [0])


def test_without_labels_and_with_names_a_number_is_a_position():
    assert reached(tf.Graph.from_edges([0, 1], [1, 2]), [0]) == [0, 1]
    assert reached(tf.Graph.from_table(pl.DataFrame({"a": ["x", "y"], "b": ["y", "z"]}), a="a", b="b"), [2]) == [1, 2]


def test_nodes_of_a_grid_are_tuples():
    grid = tf.Graph.from_networkx(nx.grid_2d_graph(2, 2))
    ends = set(reached(grid, [(0, 0)]))
    assert {str(grid.labels[i]) for i in ends} == {"(0, 0)", "(0, 1)", "(1, 0)"}


def test_seeds_and_anchors_are_people(graph):
    model = tf.models.independent_cascade(chance=1.0)
    seeds = tf.choose_seeds(graph, 1, model=model, required=[400], seed=1)
    assert seeds.nodes.tolist() == [2]
    assert seeds.table()["person"].to_list() == ["400"]
    assert reached(graph, seeds) == [1, 2, 3] == reached(graph, seeds.positions)
    assert tf.estimate_reach(graph, seeds, model=model).reach == tf.estimate_reach(graph, [400], model=model).reach
    assert tf.choose_seeds(graph, 1, model=model, excluded=tf.Positions([0, 1, 2]), seed=1).nodes.tolist() == [3]


def test_costs_by_label(graph):
    model = tf.models.independent_cascade(chance=0.0)
    costs = {2: 5.0, 30: 5.0, 400: 5.0, 5000: 1.0}
    assert tf.choose_seeds(graph, 1, model=model, costs=costs, budget=1.0, seed=1).nodes.tolist() == [3]
    with pytest.raises(SpecError, match="costs leaves out 5000"):
        tf.choose_seeds(graph, 1, model=model, costs={2: 5.0, 30: 5.0, 400: 5.0}, budget=1.0)


def test_the_record_of_a_run_says_who_was_named(graph):
    found = tf.simulate(tf.models.si(), graph, steps=1, start={"I": [30]}, seed=1)
    assert found.provenance["start"] == {"I": [30]}
    placed = tf.simulate(tf.models.si(), graph, steps=1, start={"I": tf.Positions([1])}, seed=1)
    assert placed.provenance["start"] == {"I": {"positions": [1]}}


def test_results_know_people_by_name():
    graph = tf.Graph.from_table(pl.DataFrame({"a": ["ana", "ana"], "b": ["binh", "chi"]}), a="a", b="b")
    model = tf.models.si(chance=1.0)
    run = tf.simulate(model, graph, steps=2, start={"I": ["binh"]}, replicates=2, seed=1, keep=("final", "first_time"))
    final = run.final_by_person()
    assert final.filter(pl.col("replicate") == 1).select("person", "state").rows() == [("ana", "I"), ("binh", "I"), ("chi", "I")]
    first = run.first_time_by_person().filter((pl.col("replicate") == 0) & (pl.col("state") == "I"))
    assert first.select("person", "step").rows() == [("ana", 1), ("binh", 0), ("chi", 2)]
    assert run.first_time_by_person().filter(pl.col("state") == "S")["step"].to_list() == [0, None, 0] * 2
    assert run.labels.to_list() == ["ana", "binh", "chi"]


def test_without_labels_people_are_numbers():
    ring = tf.Graph.from_edges([0, 1, 2], [1, 2, 0])
    run = tf.simulate(tf.models.si(chance=1.0), ring, steps=1, start={"I": [2]}, seed=1, keep=("final",))
    assert run.final_by_person().rows() == [(0, 0, "I"), (0, 1, "I"), (0, 2, "I")]
    with pytest.raises(SpecError, match=r"first_time_by_person: the run kept no first visits; expected keep=\('first_time',\)"):
        run.first_time_by_person()
