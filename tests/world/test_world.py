"""Runs of the world: the rule of the crude trial, what each parameter does, bad input, checkpoints."""

import itertools
import signal
import threading
from dataclasses import fields

import numpy as np
import pytest

from tenfold.errors import BackendError, SpecError
from tenfold.world import memory
from tenfold.world.checkpoint import Checkpoint
from tenfold.world.run import run_world
from tenfold.world.world import LIVED, World, meanings

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
    from tenfold.kernels.world.attainment import AT_MENTOR, ONES
    from tenfold.world.arrays import starters
    from tenfold.world.run import _begin, _Request

    world = World(10_000, mentors=0.25, mentor_choice="even")
    ones = ONES[_begin(_Request(world, starters(world, 1), 0, 1, True, False), 0).scene.lives.traits >> AT_MENTOR]
    assert set(ones.tolist()) == {2, 3}
    assert ones.sum() == 2500
    random = world.with_changes(mentor_choice="random")
    drawn = ONES[_begin(_Request(random, starters(random, 1), 0, 1, True, False), 0).scene.lives.traits >> AT_MENTOR]
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


# what is written down


def test_every_parameter_has_a_meaning_and_is_in_the_docs(docs):
    told = meanings()
    text = (docs / "world.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")}
    for field in fields(World):
        assert len(told[field.name]) > 10
        cells = [cell.strip() for cell in rows[field.name].split("|")]
        default = "yes" if field.default is True else "no" if field.default is False else str(field.default)
        assert cells[2] == default, field.name
        lived = LIVED.get(field.name, field.default)
        assert cells[3] == ("yes" if lived is True else "no" if lived is False else str(lived)), field.name


@pytest.fixture
def docs():
    from pathlib import Path

    return Path(__file__).resolve().parents[2] / "docs"


def test_tables():
    run = run_world(World.lived(2000), steps=20, replicates=2, seed=1)
    table = run.table()
    assert table.height == 2 * 21
    assert table["reach"].to_list() == run.reach.ravel().tolist()
    assert table["united_4"].to_list() == run.united[:, :, 3].ravel().tolist()
    assert table["health"].to_list() == run.crisis[:, :, 3].ravel().tolist()
    assert run.provenance["world"]["people"] == 2000


# bad input


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"people": 0}, "people is 0; expected a whole number from 1 to 100000000000."),
        ({"people": 10**11 + 1}, "people is 100000000001; expected"),
        ({"people": 1.5}, "people is 1.5; expected a whole number"),
        ({"threshold": 0.0}, "threshold is 0.0; expected a share above 0, up to 1."),
        ({"threshold": 1.01}, "threshold is 1.01; expected a share"),
        ({"threshold": float("nan")}, "threshold is nan; expected a share"),
        ({"factor": 0.0}, "factor is 0.0; expected a number above 0."),
        ({"factor": -3}, "factor is -3; expected a number above 0."),
        ({"factor": 1e200}, "factor is 1e+200; expected less"),
        ({"first": float("inf")}, "first is inf; expected a number above 0."),
        ({"lapse": -0.1}, "lapse is -0.1; expected a number of at least 0."),
        ({"mentor_choice": "best"}, "mentor_choice is 'best'; expected random or even."),
        ({"virtual_circles": 1}, "virtual_circles is 1; expected True or False."),
        ({"isolated_below": 0}, "isolated_below is 0; expected a whole number from 1 to 11."),
    ],
)
def test_worlds_that_cannot_be(changes, words):
    with pytest.raises(SpecError) as error:
        World(**changes)
    assert str(error.value).startswith(words)


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
    with pytest.raises(SpecError, match="'nothing' is no parameter"):
        World(100).with_changes(nothing=1)
    with pytest.raises(SpecError, match="world is a int"):
        run_world(100)


def test_not_enough_memory_is_said_before_it_is_taken(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 10**9)
    with pytest.raises(BackendError, match=r"^100000000000 people need \d+ GB of memory; 1 GB are free\. Ask for fewer\.$"):
        run_world(World(10**11))
    monkeypatch.setattr(memory, "available", lambda: 500_000)
    with pytest.raises(BackendError, match="people need"):
        run_world(World.lived(600_000), steps=1)


def test_a_byte_a_person():
    from tenfold.world.arrays import scene, starters

    world = World.lived(1_000_000)
    lives, crisis = scene(world, starters(world, 1), 0, 0).lives, scene(world, starters(world, 1), 0, 0).crisis
    assert sum(array.nbytes for array in (*lives, crisis.severity, crisis.means)) <= world.people


# checkpoints


class Stop(Exception):
    pass


def stopped_at(step):
    """Progress that stops a run at a step."""

    def tell(replicate, now, reach):
        if now == step:
            raise Stop

    return tell


@pytest.mark.parametrize("people", [3000, 90_000], ids=["small", "shared"])
def test_a_run_goes_on_from_its_checkpoint(tmp_path, monkeypatch, people):
    from tenfold.world import checkpoint, run

    monkeypatch.setattr(checkpoint, "EVERY", -1.0)
    monkeypatch.setattr(run, "CHUNK", 10)
    world, file = World.lived(people), tmp_path / "world.npz"
    whole = run_world(world, steps=60, seed=2, replicates=2, start="circle", keep=["final"])
    for at in (20, 40, 60):
        count = itertools.count()
        with pytest.raises(Stop):
            run_world(
                world, steps=60, seed=2, replicates=2, start="circle", keep=["final"], checkpoint=file,
                progress=lambda _, now, there, at=at, count=count: stopped_at(at)(_, now, there) if next(count) else None,
            )  # fmt: skip
        assert file.exists()
        assert [path.name for path in tmp_path.iterdir()] == ["world.npz"]
    told = []
    last = run_world(
        world, steps=60, seed=2, replicates=2, start="circle", keep=["final"], checkpoint=file,
        progress=lambda *now: told.append(now),
    )  # fmt: skip
    assert told[0][:2] != (0, 1)
    for name in ("reach", "united", "degrees", "crisis", "worst", "village_times", "crisis_times", "final", "degree_times"):
        assert np.array_equal(getattr(last, name), getattr(whole, name)), name
    assert not file.exists()


def test_a_checkpoint_of_another_run_is_refused(tmp_path, monkeypatch):
    from tenfold.world import checkpoint

    monkeypatch.setattr(checkpoint, "EVERY", -1.0)
    file = tmp_path / "world.npz"
    with pytest.raises(Stop):
        run_world(World(90_000), steps=60, checkpoint=file, progress=stopped_at(5))
    before = file.read_bytes()
    with pytest.raises(SpecError, match=r"world.npz: is of another run: factor was 10.0, now it is 8.0. Ask for the same run"):
        run_world(World(90_000, factor=8.0), steps=60, checkpoint=file)
    with pytest.raises(SpecError, match="seed was 0, now it is 1"):
        run_world(World(90_000), steps=60, seed=1, checkpoint=file)
    assert file.read_bytes() == before
    file.write_bytes(b"something else")
    with pytest.raises(SpecError, match="is no checkpoint of a world"):
        run_world(World(90_000), steps=60, checkpoint=file)


def test_ctrl_c_waits_for_the_end_of_a_step_and_writes(tmp_path):
    file = tmp_path / "world.npz"

    def stop(replicate, step, reach):
        if step == 7:
            signal.raise_signal(signal.SIGINT)

    assert threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run_world(World(90_000), steps=60, checkpoint=file, progress=stop)
    assert signal.getsignal(signal.SIGINT) is before
    kept = Checkpoint(file, {**run_world(World(90_000), steps=60).provenance})
    assert int(kept.data["step"]) == 7
