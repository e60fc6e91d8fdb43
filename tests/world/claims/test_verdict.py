"""A verdict is what the intervals say, and nothing else."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from tenfold.errors import SpecError
from tenfold.world.claims.experiment import Experiment, ExperimentSize
from tenfold.world.claims.verdict import (
    Interval,
    Sweep,
    Trial,
    at_least,
    between,
    judge,
    less_than,
    mean_interval,
    more_than,
    proportion_interval,
)

FOUND = {"yes": 0.9, "no": 0.1, "open": 0.5}


def part(answer):
    return more_than("kept", Interval(FOUND[answer], FOUND[answer] - 0.1, FOUND[answer] + 0.1, 9), 0.5)


def swept(*answers):
    trials = tuple(Trial(float(k), (part(answer),)) for k, answer in enumerate(answers))
    return Sweep("upkeep", 0.0, trials, "the upkeep")


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=30).filter(lambda rows: np.std(rows) > 1e-3))
def test_the_interval_is_that_of_students_test(values):
    found = mean_interval(values)
    theirs = ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert found.low == pytest.approx(theirs.low)
    assert found.high == pytest.approx(theirs.high)
    assert found.replicates == len(values)


def test_nineteen_in_twenty_intervals_hold_the_mean():
    rng = np.random.default_rng(1)
    held = [one.low <= 3.0 <= one.high for one in (mean_interval(rng.normal(3.0, 2.0, 8)) for _ in range(2000))]
    assert 0.935 < np.mean(held) < 0.965


def test_shares():
    assert proportion_interval([True, False, True, True]).estimate == 0.75
    none = proportion_interval([False] * 20)
    assert (none.low, none.estimate) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 20))


@pytest.mark.parametrize("values", [[], [1.0], [1.0, np.inf], [1.0, np.nan]])
def test_no_interval_without_replicates(values):
    with pytest.raises(SpecError, match="two or more finite"):
        mean_interval(values)


@pytest.mark.parametrize(
    ("made", "low", "high", "answer"),
    [
        (more_than, 0.6, 0.8, "yes"),
        (more_than, 0.5, 0.8, "open"),  # on the edge it is not more
        (more_than, 0.5, 0.5, "no"),
        (more_than, 0.2, 0.4, "no"),
        (at_least, 0.5, 0.5, "yes"),
        (at_least, 0.4, 0.6, "open"),
        (at_least, 0.3, 0.4, "no"),
        (less_than, 0.2, 0.4, "yes"),
        (less_than, 0.4, 0.6, "open"),
        (less_than, 0.5, 0.9, "no"),
    ],
)
def test_answers_of_a_part(made, low, high, answer):
    assert made("number", Interval((low + high) / 2, low, high, 5), 0.5).answer == answer


def test_a_part_with_two_sides():
    for low, high, answer in ((0.95, 1.05, "yes"), (0.85, 1.0, "open"), (1.2, 1.3, "no"), (0.5, 1.5, "open")):
        assert between("ratio", Interval(1.0, low, high, 5), 0.9, 1.1).answer == answer


@pytest.mark.parametrize(
    ("here", "answers", "word"),
    [
        (["yes"], [], "holds"),
        (["yes", "yes"], ["yes", "yes"], "holds"),
        (["no"], [], "does not hold"),
        (["yes", "no"], ["no", "no"], "does not hold"),
        (["open"], [], "undecided"),
        (["yes", "open"], ["open", "yes"], "undecided"),
        (["no"], ["no", "open"], "does not hold"),
        (["yes"], ["no", "yes"], "holds only if"),
        (["no"], ["no", "open", "yes"], "holds only if"),
        (["open"], ["yes", "open", "no"], "holds only if"),
        (["yes"], ["open", "yes", "open"], "holds"),
    ],
)
def test_the_word_of_a_verdict(here, answers, word):
    assert judge([part(one) for one in here], [swept(*answers)] if answers else []).word == word


def test_the_condition_names_the_boundary_and_the_default():
    assert judge([part("yes")], [swept("no", "no", "yes")]).words == (
        "holds only if the upkeep is above 1.5 (1 to 2), by default 0; at the defaults it holds"
    )
    words = judge([part("no")], [swept("no", "yes", "open", "no", "no", "yes")]).words
    assert "between 0.5 (0 to 1) and 2 (1 to 3) or above 4.5 (4 to 5)" in words
    assert words.endswith("at the defaults it does not hold")
    assert "below 0.5 (0 to 1)" in judge([part("yes")], [swept("yes", "no")]).words


def test_one_condition_is_enough_where_the_defaults_fail():
    assert "; and if " in judge([part("yes")], [swept("no", "yes"), swept("yes", "no")]).words
    assert "; or if " in judge([part("no")], [swept("no", "yes"), swept("yes", "no")]).words


@given(st.lists(st.sampled_from(["yes", "no", "open"]), min_size=1, max_size=8))
def test_boundaries_separate_yes_from_no(answers):
    edges = swept(*answers).boundaries()
    decided = [one for one in answers if one != "open"]
    assert len(edges) == sum(a != b for a, b in pairwise(decided))
    for edge in edges:
        assert {answers[int(edge.low)], answers[int(edge.high)]} == {"yes", "no"}
        assert answers[int(edge.high)] == ("yes" if edge.above else "no")
        assert set(answers[int(edge.low) + 1 : int(edge.high)]) <= {"open"}


@pytest.mark.parametrize("edge", [0.237, 0.61])
def test_a_sweep_bisects_the_gap_at_the_boundary(edge):
    tried = []

    def evaluate(value):
        tried.append(value)
        return (part("yes" if value > edge else "no"),)

    experiment = Experiment(ExperimentSize(1000, 1000, 2, 5, 6, 3), 0)
    found = experiment.sweep("upkeep", 0.3, evaluate, experiment.sweep_values(0.0, 1.0))
    (boundary,) = found.boundaries()
    assert boundary.low <= edge < boundary.high
    assert boundary.high - boundary.low < 0.02
    assert len(tried) == len(set(tried)) < 14
    assert 0.3 in tried


def test_no_parts():
    with pytest.raises(SpecError, match="one or more"):
        judge([])
