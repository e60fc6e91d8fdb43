"""A run that was stopped goes on from its checkpoint as if it had not been."""

import signal
import threading

import numpy as np
import pytest

from tenfold.errors import SpecError
from tenfold.world.checkpoint import Checkpoint
from tenfold.world.run import run_world
from tenfold.world.world import World


class Stop(Exception):
    pass


def stopped_at(step):
    """Progress that stops a run at a step, but not at the first step that it reports."""
    first = True

    def progress(replicate, now, reach):
        nonlocal first
        if now == step and not first:
            raise Stop
        first = False

    return progress


@pytest.mark.parametrize("people", [3000, 90_000], ids=["small", "shared"])
def test_a_run_goes_on_from_its_checkpoint(tmp_path, monkeypatch, people):
    from tenfold.world import checkpoint, run

    monkeypatch.setattr(checkpoint, "INTERVAL", -1.0)
    monkeypatch.setattr(run, "CHUNK", 10)
    world, file = World.lived(people), tmp_path / "world.npz"

    def go(**options):
        return run_world(world, steps=60, seed=2, replicates=2, start="circle", keep=["final"], **options)

    whole = go()
    for at in (20, 40, 60):
        with pytest.raises(Stop):
            go(checkpoint=file, progress=stopped_at(at))
        assert file.exists()
        assert [path.name for path in tmp_path.iterdir()] == ["world.npz"]
    reported = []
    last = go(checkpoint=file, progress=lambda *now: reported.append(now))
    assert reported[0][:2] != (0, 1)
    for name in ("reach", "united", "degrees", "crisis", "worst", "village_times", "crisis_times", "final", "degree_times"):
        assert np.array_equal(getattr(last, name), getattr(whole, name)), name
    assert not file.exists()


def test_a_checkpoint_of_another_run_is_refused(tmp_path, monkeypatch):
    from tenfold.world import checkpoint

    monkeypatch.setattr(checkpoint, "INTERVAL", -1.0)
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

    def interrupt(replicate, step, reach):
        if step == 7:
            signal.raise_signal(signal.SIGINT)

    assert threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run_world(World(90_000), steps=60, checkpoint=file, progress=interrupt)
    assert signal.getsignal(signal.SIGINT) is before
    kept = Checkpoint(file, {**run_world(World(90_000), steps=60).provenance})
    assert kept.saved.number("step", 0, 60) == 7


def test_a_kept_checkpoint_holds_the_end_of_the_run(tmp_path):
    file, world = tmp_path / "world.npz", World.lived(3000)
    run = run_world(world, steps=30, seed=2, start="circle", checkpoint=file, keep_checkpoint=True)
    reported = []
    again = run_world(world, steps=30, seed=2, start="circle", checkpoint=file, progress=lambda *now: reported.append(now))
    assert reported == []
    assert np.array_equal(run.reach, again.reach)
    assert not file.exists()


def test_a_file_that_the_run_did_not_write_stays(tmp_path):
    file = tmp_path / "world.npz"
    run_world(World(1000), steps=5, checkpoint=file, progress=lambda *_: file.write_text("mine"))
    assert file.read_text() == "mine"
