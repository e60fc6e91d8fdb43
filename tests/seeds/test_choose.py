"""Choosing seeds: the same on any number of threads, people by name, and what is wrong named."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest

import tenfold as tf
from tenfold.seeds.choose import SeedOptions

WC = tf.models.weighted_cascade()
RING = tf.Graph.from_edges([0, 1, 2, 3], [1, 2, 3, 0])
IC = tf.models.independent_cascade(chance=0.5)


def test_the_same_on_any_number_of_threads():
    graph = tf.generators.barabasi_albert(3000, 3, seed=1).with_chance_by_degree()
    results = []
    for workers in (1, 2, 5):
        with ThreadPoolExecutor(workers) as pool:
            most = tf.choose_seeds(graph, 10, model=WC, seed=4, executor=pool)
            parts = tf.choose_seeds(
                graph, 10, model=WC, objective="worst_group", groups=np.arange(3000) % 3, quality=0.05, executor=pool
            )
            one = tf.estimate_reach(graph, [1, 2], model=WC, draws=5000, executor=pool)
        results.append(
            (most.nodes.tolist(), most.reach, most.low, most.high, most.sets, parts.nodes.tolist(), parts.worst, one.reach)
        )
    assert results[0] == results[1] == results[2]
    assert tf.choose_seeds(graph, 10, model=WC, seed=5).reach != results[0][1]


def test_required_excluded_and_names():
    frame = pl.DataFrame({"a": ["ana", "ana", "ana", "eva"], "b": ["binh", "chi", "dan", "finn"]})
    graph = tf.Graph.from_table(frame, a="a", b="b")
    model = tf.models.independent_cascade(chance=0.5)
    found = tf.choose_seeds(graph, 2, model=model, required=["chi"], excluded=["ana"])
    assert found.labels.to_list()[0] == "chi"
    assert "ana" not in found.labels.to_list()
    assert found.table()["person"].to_list() == found.labels.to_list()
    alone = tf.choose_seeds(graph, 1, model=model)
    assert alone.labels.to_list() == ["ana"]
    assert alone.backup_labels.to_list() in (["binh"], ["chi"], ["dan"])


def test_kept_is_the_anchors():
    chain = tf.Graph.from_edges([0, 1, 2, 3, 4], [1, 2, 3, 4, 5])
    found = tf.choose_seeds(chain, 2, objective="kept", least=2)
    assert (sorted(found.nodes.tolist()), found.reach, found.certified) == ([0, 5], 6.0, True)


@pytest.mark.parametrize(
    ("k", "options", "kind", "words"),
    [
        (0, {}, tf.SpecError, "k is 0; expected a whole number from 1 to 4"),
        (5, {}, tf.SpecError, "k is 5; expected a whole number from 1 to 4"),
        (None, {}, tf.SpecError, "k is missing"),
        (1, {"model": None}, tf.SpecError, "model is missing"),
        (1, {"model": "ic"}, tf.SpecError, "model is 'ic'; expected a Model"),
        (1, {"epsilon": 0.0}, tf.SpecError, "epsilon is 0.0; expected a number above 0 and below 1"),
        (1, {"epsilon": 1}, tf.SpecError, "epsilon is 1; expected"),
        (1, {"delta": 1.5}, tf.SpecError, "delta is 1.5; expected a number above 0 and below 1"),
        (1, {"quality": 0}, tf.SpecError, "quality is 0; expected"),
        (1, {"objective": "fame"}, tf.SpecError, "objective is 'fame'; expected one of reach, everyone"),
        (1, {"excluded": [0, 1, 2, 3]}, tf.PlanError, "excluded names everybody"),
        (1, {"excluded": [9]}, tf.SpecError, "excluded names 9; expected whole numbers from 0 to 3"),
        (1, {"excluded": ["ana"]}, tf.SpecError, "excluded names 'ana', and the network has no names"),
        (1, {"required": [0], "excluded": [0]}, tf.PlanError, "person 0 is required and excluded"),
        (1, {"required": [0, 1]}, tf.PlanError, "required names 2 people, and k is 1"),
        (1, {"costs": [1, 1]}, tf.SpecError, "costs are given without a budget"),
        (1, {"budget": 1.0}, tf.SpecError, "budget is given without costs"),
        (1, {"costs": [1, 1, 1, 0], "budget": 1.0}, tf.SpecError, "costs: expected a positive number for each of 4 people"),
        (1, {"costs": [2, 2, 2, 2], "budget": 1.0}, tf.PlanError, "budget is 1; the cheapest person costs 2"),
        (1, {"capacity": 0}, tf.SpecError, "capacity is 0; expected a whole number from 1"),
        (1, {"steps": 0}, tf.SpecError, "steps is 0; expected a whole number of at least 1"),
        (1, {"groups": ["a"] * 4}, tf.SpecError, "groups are given for the objective 'reach'"),
        (
            1,
            {"objective": "worst_group", "groups": ["a"]},
            tf.SpecError,
            "groups: has 1 names; expected one for each of 4 people",
        ),
        (1, {"objective": "worst_group", "groups": {"a": [0], "b": []}}, tf.SpecError, "groups: nobody is in 'b'"),
        (1, {"objective": "worst_group", "groups": [None] * 4}, tf.SpecError, "groups: there is none"),
        (None, {"objective": "everyone", "target": 1.5}, tf.SpecError, "target is 1.5; expected a share from 0 to 1"),
        (1, {"objective": "kept"}, tf.SpecError, "least is missing"),
        (1, {"model": WC}, tf.SpecError, "goes by the weights of edges, and the graph has none"),
    ],
)
def test_what_is_wrong_is_named(k, options, kind, words):
    with pytest.raises(kind) as error:
        tf.choose_seeds(RING, k, **({"model": IC} | options))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_weights_have_to_be_chances():
    heavy = tf.Graph.from_edges([0, 1], [1, 2], weight=[1.5, 0.5])
    with pytest.raises(tf.DataError, match=r"a weight is 1.5; as the chance of a contact it is at most 1"):
        tf.choose_seeds(heavy, 1, model=WC)
    with pytest.raises(tf.DataError, match="add up to"):
        tf.choose_seeds(heavy, 1, model=tf.models.linear_threshold(weighted=True))


def test_options_that_mean_nothing_for_anchors_are_refused():
    graph = tf.Graph.from_edges([0, 1], [1, 2], 3)
    for extra in ({"fading": 0.1}, {"steps": 3}, {"capacity": 2}, {"groups": ["a", "a", "b"]}):
        with pytest.raises(tf.SpecError, match="has no meaning for the objective 'kept'; leave it out"):
            tf.choose_seeds(graph, 1, objective="kept", least=1, **extra)


def test_unknown_keywords_are_refused_and_known_ones_documented():
    with pytest.raises(tf.SpecError, match=r"choose_seeds takes no 'qualty'; expected some of target, .* Did you mean quality"):
        tf.choose_seeds(RING, 1, model=IC, qualty=0.1)
    for name in SeedOptions.__annotations__:
        assert f"    {name}" in tf.choose_seeds.__doc__ or f", {name}" in tf.choose_seeds.__doc__, name
