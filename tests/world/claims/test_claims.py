"""The claims: each is answered, and the answer follows the assumptions, not the text."""

import numpy as np
import polars as pl
import pytest

import tenfold as tf
from tenfold.errors import SpecError
from tenfold.world.claims.c4_pace import log_growth, pace, stall_limit
from tenfold.world.claims.c9_adoption import degree_steps_per_person, steps_per_person
from tenfold.world.claims.experiment import Experiment, ExperimentSize, first_step_reaching
from tenfold.world.claims.registry import CLAIMS, PARAMETERS
from tenfold.world.claims.verdict import combined_answer
from tenfold.world.world import World

NAMES = [f"C{k}" for k in range(1, 15)]
SMALL = ExperimentSize(people=1000, deep_people=1000, replicates=3, sweep_values=0, bisections=0, grid=0)


def run_claim(name, size=SMALL, seed=1, **assume):
    """The claim at one setting, without its sweeps."""
    claim = CLAIMS[name]
    own = {key: assume.pop(key, value) for key, value in claim.assumes.items()}
    return claim.run(Experiment(size, seed, own, {**(claim.world or {}), **assume}))


@pytest.mark.parametrize(
    ("name", "size", "favourable", "adverse"),
    [
        ("C1", SMALL, {"lapse": 0.08, "steps": 500}, {"lapse": 0.001, "steps": 500}),
        ("C2", SMALL, {"lapse": 0.01}, {"lapse": 0.2}),
        ("C3", ExperimentSize(1000, 1000, 5, 0, 0, 0), {"first": 6.0}, {"first": 0.2}),
        ("C5", SMALL, {"lapse": 0.001}, {"lapse": 2.0}),
        ("C6", SMALL, {"crisis_areas": 0.2}, {"crisis_areas": 0.0}),
        ("C7", ExperimentSize(1000, 1000, 8, 0, 0, 0), {"mentor_strength": 3.0}, {"mentor_strength": 0.0}),
        ("C8", ExperimentSize(10_000, 1000, 2, 0, 0, 0), {"crisis_source": 0.02}, {"crisis_source": 0.0}),
        ("C9", SMALL, {"alone": 0.0}, {"alone": 0.5}),
        ("C10", ExperimentSize(1000, 1000, 8, 0, 0, 0), {"lapse": 0.015}, {"lapse": 0.1}),
        ("C11", SMALL, {"disturbance_strength": 1000.0}, {"disturbance_strength": 1.0}),
        ("C12", SMALL, {"virtual": 1.0}, {"virtual": 0.3}),
        ("C13", SMALL, {"lapse": 0.09, "attention": 1, "demands": 50, "few": 0.6}, {"lapse": 0.09, "demands": 0}),
        ("C14", SMALL, {"isolated_below": 3}, {"isolated_below": 2}),
    ],
)
def test_the_answer_follows_the_assumption(name, size, favourable, adverse):
    good, bad = run_claim(name, size, **favourable), run_claim(name, size, **adverse)
    assert combined_answer(good.parts) == "yes", good.parts
    assert good.verdict.word == "holds"
    assert combined_answer(bad.parts) == "no", bad.parts
    assert bad.verdict.word == "does not hold"


def test_the_factor_of_ten():
    """Where nobody lapses a wave with less is slower and comes to everyone; where people lapse it stalls, and the text is right."""
    size = ExperimentSize(10_000, 100_000, 8, 0, 0, 0)
    usual, less = run_claim("C4", size), run_claim("C4", size, factor=6.0)
    assert [part.answer for part in usual.parts] == ["yes", "yes", "yes", "no"]
    assert usual.verdict.word == "does not hold"
    assert less.parts[1].answer == "no"
    assert less.parts[1].interval.low > 0.2  # each degree takes longer than the one before
    held = run_claim("C4", size, lapse=0.05, less=3.0)
    assert [part.answer for part in held.parts] == ["yes"] * 4, held.parts
    assert held.verdict.word == "holds"
    gone = run_claim("C4", size, lapse=0.3)  # not even a factor of ten holds against that, and a wave that stalls has no pace
    assert [part.answer for part in gone.parts] == ["no", "open", "open", "yes"]
    assert gone.verdict.word == "does not hold"


def test_a_wave_that_stalls_has_no_pace():
    whole, hundred = (
        tf.run_world(World(10_000), start=100, replicates=2),
        tf.run_world(World(10_000), start=100, replicates=2, steps=5),
    )
    assert stall_limit(whole) == 10 * whole.degree_times[:, -1].mean()
    assert stall_limit(hundred) == 2000
    assert np.isfinite(pace(whole).estimate)
    assert np.isnan(pace(hundred).estimate)
    assert (pace(hundred).low, pace(hundred).high) == (-np.inf, np.inf)
    assert np.isnan(
        pace(tf.run_world(World(1000), start=100, replicates=2)).estimate
    )  # one degree after the hundred has no change


def test_a_sweep_finds_the_boundary_of_a_claim():
    found = tf.claims("c12", replicates=4, seed=2)
    (sweep,) = found.findings["C12"].sweeps
    (edge,) = sweep.boundaries()
    assert edge.above
    assert 0.7 < edge.low < edge.high < 1.0
    assert found.table["verdict"][0].startswith("holds only if the chance that a call counts as a contact is above ")
    assert edge.words() in found.table["boundary"][0]
    stricter = tf.claims("C12", replicates=4, seed=2, assume={"virtual": 0.2})
    assert found.table["verdict"][0].endswith("at the defaults it holds")
    assert stricter.table["verdict"][0].endswith("at the defaults it does not hold")


def test_the_table():
    found = tf.claims(["C6", "C12"], replicates=2, people=1000, seed=5)
    assert found.table["claim"].to_list() == ["C6", "C12"]
    assert found.table.columns[:4] == ["claim", "title", "statement", "hypothesis"]
    assert set(found.table["replicates"]) == {2}
    assert (found.table["low"] <= found.table["estimate"]).all()
    assert (found.table["estimate"] <= found.table["high"]).all()
    parts = found.parts
    assert parts.filter(pl.col("claim") == "C6", pl.col("parameter") == "crisis_areas").height >= 12
    again = tf.claims(["C12", "C6"], replicates=2, people=1000, seed=5)
    assert again.table.drop("seconds").equals(found.table.drop("seconds"))
    assert again.parts.equals(parts)
    assert found.provenance["seed"] == 5


def test_all_fourteen_say_what_they_are():
    assert list(CLAIMS) == NAMES
    for claim in CLAIMS.values():
        words = (claim.title, claim.says, claim.statement, claim.hypothesis, claim.design, claim.rests_on)
        assert all(len(one) > 5 for one in words), claim.name
        assert all(isinstance(value, float | int) for value in claim.assumes.values())
        if claim.world is not None:
            World(1000, **claim.world)
    assert {"lapse", "mentors", "factor"} <= set(PARAMETERS)


def test_measures_on_known_numbers():
    line = np.arange(101)[None, :] * 10  # ten people a step
    assert steps_per_person(line, 0.1, 0.5).tolist() == pytest.approx([0.1])
    square = (np.arange(33)[None, :] ** 2).clip(max=1000)
    assert steps_per_person(square, 0.01, 0.1)[0] > steps_per_person(square, 0.1, 0.9)[0]
    assert log_growth(np.array([[10.0, 20, 40, 80], [40.0, 20, 10, 5]])).tolist() == pytest.approx([1.0, -1.0])
    run = tf.run_world(World(1000), seed=3, steps=300)
    times, reach = run.degree_times[0], run.reach[0]
    by_hand = [times[0] / (reach[times[0]] - 1), (times[1] - times[0]) / (reach[times[1]] - reach[times[0]])]
    assert degree_steps_per_person(run)[0, :2].tolist() == pytest.approx(by_hand)
    assert degree_steps_per_person(tf.run_world(World(1000), seed=3, steps=5)).tolist() == [[5 / max(reach[5] - 1, 1), 0, 0]]
    assert run.reach[0, int(first_step_reaching(run)[0])] == 1000
    assert run.reach[0, int(first_step_reaching(run)[0]) - 1] < 1000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"names": "C0"}, "claims: 'C0' is none; expected some of C1, C2"),
        ({"names": []}, "claims: none is named"),
        ({"mode": "slow"}, "mode is 'slow'; expected quick or full"),
        ({"replicates": 1}, "replicates is 1; expected a whole number from 2 to 100000"),
        ({"people": 5}, "people is 5; expected a whole number from 1000 to"),
        ({"seed": -1}, "seed is -1"),
        ({"assume": {"speed": 1.0}}, "assume: 'speed' is no assumption of these claims"),
        ({"assume": {"lapse": "much"}}, "assume: lapse is 'much'; expected a finite number"),
        ({"assume": {"lapse": -1.0}}, "lapse is -1.0; expected a number of at least 0"),
        ({"assume": {"demands": 1.5}}, "assume: demands is 1.5; expected a whole number"),
        ({"assume": {"threshold": 0.0}}, "threshold is 0"),
        ({"assume": {"steps": 1.5}}, "assume: steps is 1.5; expected a whole number of at least 1"),
        ({"assume": {"steps": 0}}, "assume: steps is 0; expected a whole number of at least 1"),
        ({"assume": {"virtual": 2.0}}, "assume: virtual is 2.0; expected a share from 0 to 1"),
        ({"assume": {"upto": 0.1}}, "assume: upto is 0.1; expected a share above 0.1"),
        ({"assume": {"less": 0.0}}, "assume: less is 0.0; expected a number above 0"),
        ({"assume": {"hard_lapse": -1.0}}, "assume: hard_lapse is -1.0; expected a number of at least 0"),
    ],
)
def test_what_is_wrong_is_named(arguments, words):
    with pytest.raises(SpecError, match=words):
        tf.claims(**arguments)
