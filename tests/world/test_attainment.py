"""The kernel against its plain twin, person by person; and that threads, partitions and checkpoints change nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle_attainment import Twin
from tenfold.world import run as running
from tenfold.world.run import run_world
from tenfold.world.world import World

SIZES = (1, 9, 10, 34, 100, 307, 1000, 1204)


def number(high: float) -> st.SearchStrategy[float]:
    return st.one_of(st.just(0.0), st.floats(0, high, allow_subnormal=False))


worlds = st.builds(
    World,
    people=st.sampled_from(SIZES),
    join=st.floats(0.01, 0.5),
    threshold=st.floats(0.05, 1.0),
    factor=st.floats(1, 12),
    first=st.floats(0.5, 8),
    lapse=number(0.6),
    upkeep=number(4),
    support=number(2),
    disturbance=number(0.5),
    disturbance_strength=number(5),
    disturbance_steps=st.integers(1, 3),
    demands=st.integers(0, 3),
    attention=st.integers(0, 3),
    devoted=number(1),
    mentors=number(1),
    mentor_choice=st.sampled_from(["random", "even"]),
    mentor_capacity=number(4),
    mentor_strength=number(3),
    mentor_level=st.integers(2, 4),
    mentor_absence=number(1),
    crisis=number(1),
    crisis_spread=number(0.6),
    crisis_ease=number(0.9),
    crisis_areas=number(1),
    crisis_source=number(0.2),
    crisis_disturbs=number(3),
    crisis_opens=number(3),
    isolated=number(1),
    isolated_below=st.integers(1, 5),
    virtual_circles=st.booleans(),
)


@settings(max_examples=40)
@given(worlds, st.integers(0, 2**32 - 1), st.integers(0, 1), st.sampled_from([0.0, 0.02, 0.3, 0.8]), st.integers(1, 6))
def test_kernel_equals_the_plain_twin(world, seed, replicate, density, steps):
    rng = np.random.default_rng(seed)
    start = np.flatnonzero(rng.random(world.people) < density)
    run = run_world(world, steps=steps, seed=seed, replicates=replicate + 1, start=start, keep=["final"], threads=1)
    twin = Twin(world, set(start.tolist()), seed, replicate)
    twin.united = {}
    for step in range(steps + 1):
        if step:
            twin.take_step()
        expected = {
            "reach": len(twin.attained),
            "serving": len(twin.attained & twin.serving),
            "isolated": len(twin.attained & twin.isolated),
            "united": [sum(twin.is_united(level, k) for k in twin.groups(level)) for level in range(1, world.levels + 1)],
            "degrees": np.bincount([twin.degree(i) for i in twin.attained], minlength=world.levels + 1).tolist(),
            "places": [len(twin.attained.intersection(twin.members(world.levels - 1, k))) for k in twin.groups(world.levels - 1)],
            "disturbed": sum(last >= step for last in twin.disturbed_until.values()),
        }
        found = {name: getattr(run, name)[replicate, step].tolist() for name in expected}
        assert found == expected, step
        assert run.crisis[replicate, step] == pytest.approx(np.mean(twin.severity, axis=0), abs=1e-12)
        assert run.worst[replicate, step] == pytest.approx(np.max(twin.severity), abs=1e-12)
    assert set(np.flatnonzero(run.final[replicate]).tolist()) == twin.attained


ALIVE = World.lived(70_300, lapse=0.02)


def digest(run):
    names = (
        "reach",
        "united",
        "degrees",
        "serving",
        "isolated",
        "places",
        "crisis",
        "worst",
        "disturbed",
        "final",
        "village_times",
        "crisis_times",
    )
    return {name: getattr(run, name).tobytes() for name in names}


def test_threads_and_partitions_change_nothing(monkeypatch):
    one = run_world(ALIVE, steps=60, seed=3, start="circle", threads=1, keep=["final"])
    assert 10 < one.reach[0, 40] < one.reach[0, -1] < ALIVE.people
    assert one.isolated[0, -1] > 0
    assert one.disturbed.max() > 0
    for threads, small, large in ((2, 64, 5000), (3, 1, 1), (1, 10_000, 5000)):
        monkeypatch.setattr(running, "SMALL", small)
        monkeypatch.setattr(running, "LARGE", large)
        assert digest(run_world(ALIVE, steps=60, seed=3, start="circle", threads=threads, keep=["final"])) == digest(one)


def test_a_replicate_has_its_random_numbers_whatever_the_number_of_replicates():
    world = World.lived(2000)
    both = run_world(world, steps=50, seed=5, replicates=3, start="circle", threads=2)
    alone = run_world(world, steps=50, seed=5, replicates=2, start="circle", threads=1)
    assert np.array_equal(both.reach[:2], alone.reach)
    assert not np.array_equal(both.reach[0], both.reach[1])
    other = run_world(world, steps=50, seed=6, start="circle")
    assert not np.array_equal(other.reach[0], both.reach[0])


def test_quiet_villages_are_passed_over_and_nothing_changes():
    """A start in the last of three villages: two are quiet at first, and the twin looks at everybody."""
    world, start = World(2050, join=0.3), list(range(2040, 2049))
    run = run_world(world, steps=8, seed=1, start=start, keep=["final"])
    twin = Twin(world, set(start), 1, 0)
    for _ in range(8):
        twin.take_step()
    assert set(np.flatnonzero(run.final[0]).tolist()) == twin.attained
    assert 0 < len([i for i in twin.attained if i < 2000]) < 2000


def test_a_larger_hazard_reaches_a_superset_on_the_same_random_numbers():
    """The counters couple worlds: with the same random numbers a larger hazard of joining gives a superset, as long as nobody lapses."""
    world = World.lived(3000, lapse=0.0)
    few = run_world(world, steps=25, seed=2, start="circle", keep=["final"])
    many = run_world(replace(world, join=0.06), steps=25, seed=2, start="circle", keep=["final"])
    assert (many.final >= few.final).all()
    assert many.final.sum() > few.final.sum()
