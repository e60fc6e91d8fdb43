"""Runs of the world: the rule of the crude trial, what each parameter does, and requests that cannot be."""

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.world.run import run_world
from tenfold.world.world import World

CRUDE = (  # steps to the first degree and then to each of the next: means over six seeds of a trial in plain numpy
    (World(100_000), (78, 19, 18, 19, 19)),
    (World(100_000, factor=8.0), (78, 21, 25, 28, 31)),
    (World(100_000, factor=12.0), (78, 17, 15, 13, 12)),
    (World(100_000, first=1.0), (78, 57, 60, 59, 59)),
)


@pytest.mark.parametrize(("world", "took"), CRUDE, ids=["ten", "eight", "twelve", "first 1"])
def test_crude_trial(world, took):
    """One person at the start; the mean number of steps between the first united groups of two degrees. The trial had six seeds, here are
    more, as the first degree alone has a spread of about 20 steps."""
    run = run_world(world, replicates=24, seed=1)
    assert run.complete.all()
    assert run.degree_steps.mean(axis=0) == pytest.approx(took, rel=0.15)


def test_a_united_circle_at_the_start_has_its_degree():
    run = run_world(World(10_000), start="circle", seed=1)
    assert run.degree_times[0, 0] == 0
    assert run.reach[0, 0] == 10
    assert run.degrees[0, 0].tolist() == [0, 10, 0, 0, 0]
    assert run.degrees[0, -1].tolist() == [0, 0, 0, 0, 10_000]
    assert (np.diff(run.reach[0]) >= 0).all()
    assert run.places[0].sum(axis=1).tolist() == run.reach[0].tolist()
    assert run.degrees[0].sum(axis=1).tolist() == run.reach[0].tolist()


def test_everyone_at_the_start_is_the_whole():
    for people in (1, 7, 10, 11, 999, 1000, 1001, 34_567):
        run = run_world(World(people), start="everyone", steps=1)
        groups = [-(-people // 10 ** (level + 1)) for level in range(World(people).levels)]
        assert run.united[0, 0].tolist() == groups
        assert run.degrees[0, 0, -1] == people
        assert (run.village_times == 0).all()


@pytest.mark.parametrize("people", [2000, 70_000])  # one thread and a stretch of steps at a time, or threads and each step
def test_it_ends_when_nobody_is_left(people):
    """Nobody can join any more; with a crisis it goes on, as that is a course of its own."""
    gone = World(people, lapse=0.5)
    run = run_world(gone, start="circle", seed=1)
    assert run.reach[0, -1] == 0
    assert (run.reach[0, :-1] > 0).all()
    assert run.ends[0] == run.reach.shape[1] - 1 < 100
    assert run_world(gone, start="circle", seed=1, steps=150).ends[0] == 150
    assert run_world(gone.with_changes(crisis=0.1), start="circle", seed=1, steps=None).ends[0] == 2000


def test_last_village():
    run = run_world(World(5000), seed=2, replicates=2)
    for row in run.last_village.iter_rows(named=True):
        assert row["step"] == run.village_times[row["replicate"]].max()
        assert run.village_times[row["replicate"], row["village"]] == row["step"]
    never = run_world(World(5000), seed=2, steps=3)
    assert never.last_village.row(0) == (0, 0, None)
    assert never.summary()["step"].to_list()[1:] == [None] * 3


# each parameter does what it says


def reach(steps, start="circle", replicates=8, **changes):
    return float(run_world(World(2000, **changes), steps=steps, start=start, replicates=replicates, seed=4).reach[:, -1].mean())


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"lapse": 0.3}, {"lapse": 0.3, "upkeep": 3.0}),
        ({"lapse": 0.3, "upkeep": 0.5}, {"lapse": 0.3, "upkeep": 0.5, "support": 3.0}),
        ({"lapse": 0.02, "disturbance": 0.05}, {"lapse": 0.02}),
        ({"lapse": 0.02, "disturbance": 0.05, "disturbance_strength": 30.0}, {"lapse": 0.02, "disturbance": 0.05}),
        ({"lapse": 0.02, "disturbance": 0.05, "disturbance_steps": 50}, {"lapse": 0.02, "disturbance": 0.05}),
        ({"lapse": 0.3, "upkeep": 5.0, "demands": 4}, {"lapse": 0.3, "upkeep": 5.0, "demands": 4, "attention": 4}),
        ({"lapse": 0.3, "upkeep": 5.0, "demands": 4}, {"lapse": 0.3, "upkeep": 5.0, "demands": 4, "devoted": 0.8}),
        ({"lapse": 0.2, "crisis_source": 0.1, "crisis_disturbs": 9.0}, {"lapse": 0.2, "crisis_source": 0.1}),
    ],
    ids=["upkeep", "support", "disturbance", "its strength", "its steps", "attention", "devoted", "crisis"],
)
def test_keeping(less, more):
    """From everyone, under so much lapsing that not all stay."""
    few, many = reach(60, "everyone", join=0.01, **less), reach(60, "everyone", join=0.01, **more)
    assert few < 0.97 * many


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({}, {"mentors": 0.3}),
        ({"mentors": 0.3, "mentor_capacity": 0.2}, {"mentors": 0.3, "mentor_capacity": 4.0}),
        ({"mentors": 0.9, "mentor_capacity": 0.2, "mentor_absence": 1.0}, {"mentors": 0.9, "mentor_capacity": 0.2}),
        ({"mentors": 0.3}, {"mentors": 0.3, "mentor_strength": 5.0}),
        ({"mentors": 0.05, "mentor_level": 2}, {"mentors": 0.05, "mentor_level": 4, "mentor_capacity": 200.0}),
        ({"crisis": 1.0, "crisis_spread": 1.0}, {"crisis": 1.0, "crisis_spread": 1.0, "crisis_opens": 2.0}),
        ({"isolated": 0.5, "isolated_below": 4}, {"isolated": 0.5, "isolated_below": 4, "virtual_circles": True}),
        ({"isolated": 0.5, "isolated_below": 4}, {"isolated": 0.5, "isolated_below": 1}),
    ],
    ids=["mentors", "capacity", "absence", "strength", "level", "opens", "virtual", "below"],
)
def test_reaching(less, more):
    few, many = reach(35, **less), reach(35, **more)
    assert few < 0.97 * many


def test_even_mentors_are_as_even_as_can_be():
    from tenfold.kernels.world.population import MENTOR_BIT, POPCOUNT
    from tenfold.world.run import _new_replicate, _Request

    world = World(10_000, mentors=0.25, mentor_choice="even")
    mentors = POPCOUNT[_new_replicate(_Request(world, 1, 0, 1, True), 0).state.population.traits >> MENTOR_BIT]
    assert set(mentors.tolist()) == {2, 3}
    assert mentors.sum() == 2500
    random = world.with_changes(mentor_choice="random")
    drawn = POPCOUNT[_new_replicate(_Request(random, 1, 0, 1, True), 0).state.population.traits >> MENTOR_BIT]
    assert abs(int(drawn.sum()) - 2500) < 4.5 * (10_000 * 0.25 * 0.75) ** 0.5
    assert set(drawn.tolist()) > {0, 1, 2, 3, 4, 5}


def test_the_isolated_are_never_reached_without_a_circle_and_all_are_with_one():
    world = World(3000, isolated=0.1, isolated_below=11)
    without = run_world(world, steps=400, start="circle", seed=1)
    joined = run_world(world.with_changes(virtual_circles=True), start="circle", seed=1)
    alone = world.people - without.reach[0, -1]
    assert alone > 0.08 * world.people
    assert without.isolated[0, -1] == without.isolated[0, 0]
    assert joined.complete.all()


def test_the_crisis_reaches_every_village_left_alone_and_ends_at_the_whole():
    world = World(30_000, crisis=0.2)
    alone = run_world(world, steps=200, start=0, seed=1)
    assert (alone.crisis_times >= 0).all()
    assert (alone.crisis[0, -1] > 0.95).all()
    assert alone.reach.max() == 0
    ended = run_world(world, start="circle", seed=1)
    assert ended.worst[0, -1] < 0.001
    assert ended.complete.all()


def test_village_disturbances_have_their_chance_and_last_as_long_as_they_should():
    world = World(200_000, disturbance=0.02, disturbance_steps=5)
    struck = run_world(world, steps=200, start=0, seed=3).disturbed[0, 20:]
    share = 1 - (1 - 0.02) ** 5
    villages = 200
    error = (
        share * (1 - share) / villages / (len(struck) / 9)
    ) ** 0.5  # two steps nearer than five are alike: at most nine times the variance
    assert abs(struck.mean() / villages - share) < 4.5 * error


def test_tables():
    run = run_world(World.lived(2000), steps=20, replicates=2, seed=1)
    table = run.table()
    assert table.height == 2 * 21
    assert table["reach"].to_list() == run.reach.ravel().tolist()
    assert table["united_4"].to_list() == run.united[:, :, 3].ravel().tolist()
    assert table["health"].to_list() == run.crisis[:, :, 3].ravel().tolist()
    assert run.provenance["world"]["people"] == 2000


# requests


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"replicates": 0}, "replicates is 0"),
        ({"threads": 0}, "threads is 0"),
        ({"start": 101}, "start is 101; expected a whole number from 0 to 100"),
        ({"start": "all"}, "start is 'all'; expected a number of people, circle, everyone"),
        ({"start": [5, 100]}, "start: names person 100; expected numbers from 0 to 99"),
        ({"start": [0.5]}, "start: expected whole numbers"),
        ({"keep": ["all"]}, "keep names 'all'"),
    ],
)
def test_runs_that_cannot_be(arguments, words):
    with pytest.raises(SpecError, match=None) as error:
        run_world(World(100), **arguments)
    assert str(error.value).startswith(words)


def test_only_worlds_are_run():
    with pytest.raises(SpecError, match="world is a int"):
        run_world(100)


def test_unknown_keywords_are_refused():
    with pytest.raises(SpecError, match="run_world takes no 'theads'; expected some of threads, keep, progress, checkpoint"):
        run_world(World(100), theads=2)
