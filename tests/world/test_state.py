"""The memory of a world, and that it is asked for before it is taken."""

import pytest

from tenfold import memory
from tenfold.errors import BackendError
from tenfold.world.run import run_world
from tenfold.world.state import initial_state
from tenfold.world.world import World


def test_not_enough_memory_is_said_before_it_is_taken(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 10**9)
    with pytest.raises(BackendError, match=r"^100000000000 people need \d+ GB of memory; 1 GB are free\. Ask for fewer\.$"):
        run_world(World(10**11))
    monkeypatch.setattr(memory, "available_memory", lambda: 11_000_000)
    with pytest.raises(BackendError, match="people need"):
        run_world(World.lived(100_000_000), steps=1)


def test_a_byte_a_person():
    world = World.lived(1_000_000)
    state = initial_state(world, 1, 0, 0)
    arrays = (*state.population, state.crisis.severity, state.crisis.means)
    assert sum(array.nbytes for array in arrays) <= world.people
