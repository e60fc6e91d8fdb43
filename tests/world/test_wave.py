"""A wave: the same people at the same steps as its twin and as a search of the graph, on any number of threads, and from a checkpoint."""

from __future__ import annotations

import numpy as np
import pytest

import oracle_ties
from tenfold import memory
from tenfold.errors import BackendError, SpecError, StoreError
from tenfold.world.cascade import Cascade
from tenfold.world.ties import Ties
from tenfold.world.wave import Wave, run_wave


def frontiers(cascade: Cascade) -> list[list[int]]:
    """Who is newly reached at each step."""
    found = [cascade.frontier().tolist()]
    while cascade.frontier_size:
        cascade.step()
        found.append(cascade.frontier().tolist())
    return found


def breadth_first_search(ties: Ties, seeds: list[int]) -> list[list[int]]:
    """The same in the graph with the same ties: the people at each distance."""
    graph = ties.graph()
    distance = np.full(ties.people, -1)
    distance[seeds] = 0
    found = [np.array(seeds)]
    while len(found[-1]):
        arcs = np.concatenate([graph.other[graph.start[i] : graph.start[i + 1]] for i in found[-1]])
        new = np.unique(arcs[distance[arcs] < 0])
        distance[new] = len(found)
        found.append(new)
    return [step.tolist() for step in found]


@pytest.mark.parametrize(
    ("people", "chance", "given"),
    [
        (1, 1.0, {}),
        (7, 0.5, {}),
        (100, 0.2, {}),
        (1234, 1.0, {"ties": 3}),
        (2000, 0.3, {"alpha": 0.0, "seed": 2**33 + 1}),
        (3001, 0.12, {"ties": 12, "seed": 3}),
        (400, 0.0, {}),
        (333, 1.0, {"lowest": 2, "ties": 4}),
    ],
)
def test_the_same_people_as_the_twin(people, chance, given):
    seeds = [0, people // 2]
    cascade = Cascade(Ties(people, **given), chance=chance, seeds=seeds, threads=2)
    twin = oracle_ties.Ties(people, **given).wave(seeds, chance)
    assert frontiers(cascade) == [sorted(step) for step in twin]


@pytest.mark.parametrize(
    ("people", "given"),
    [(100_000, {}), (123_457, {"ties": 5}), (250_000, {"alpha": 0.3, "ties": 4}), (200_005, {"ties": 3, "alpha": -1.0})],
)
def test_the_same_people_as_a_search_of_the_graph(people, given):
    """In worlds of several blocks, the last of which is not full."""
    ties = Ties(people, seed=6, **given)
    assert frontiers(Cascade(ties, threads=2)) == breadth_first_search(ties, list(range(10)))


@pytest.mark.parametrize("chance", [0.25, 1.0])
def test_all_paths_through_the_kernels_agree(chance):
    """The paths for small and for large frontiers of a block agree with partners() and draws one by one."""
    ties = Ties(400_000, seed=9, ties=6, alpha=0.5)
    cascade = Cascade(ties, chance=chance, threads=3, remote=100)  # the buffer fills up, and is delivered in between
    limit, reached = round(chance * 2**32), np.zeros(400_000, bool)
    single = sparse = dense = 0
    while cascade.frontier_size:
        who = cascade.frontier()
        reached[who] = True
        other = ties.partners(who)
        if chance < 1:
            for slot in range(6):
                other[~carried(ties, who, slot, limit), slot] = -1
        expected = np.unique(other[other >= 0])
        cascade.step()
        assert cascade.frontier().tolist() == expected[~reached[expected]].tolist()
        sizes = np.bincount(who // 100_000, minlength=4)
        single += ((sizes > 0) & (sizes < 16)).sum()
        sparse += ((sizes >= 16) & (sizes < 1000)).sum()
        dense += (sizes >= 1000).sum()
    assert min(single, sparse, dense) > 0


def carried(ties: Ties, who: np.ndarray, slot: int, limit: int) -> np.ndarray:
    """Whose tie carries the wave in a slot."""
    from tenfold.kernels.rng import bernoulli_bits
    from tenfold.kernels.world.wave import TRANSMISSION

    every = np.uint64(2**ties.ties - 1)
    fired = [int(bernoulli_bits(np.uint64(limit), every, TRANSMISSION, 0, int(i), 0, ties.seed, 0)) for i in who]
    return (np.array(fired) >> slot & 1).astype(bool)


def test_the_same_on_any_number_of_threads():
    one, *others = (run_wave(350_001, chance=0.3, seed=2, threads=threads) for threads in (1, 2, 5))
    assert one.reached > 200_000
    for other in others:
        assert other.digest == one.digest
        assert other.counts.tolist() == one.counts.tolist()
    assert run_wave(350_001, chance=0.3, seed=3).digest != one.digest


def test_a_larger_chance_reaches_whoever_a_smaller_one_does():
    few, more = (Cascade(Ties(20_000, seed=1), chance=chance) for chance in (0.15, 0.2))
    reached = [set().union(*frontiers(cascade)) for cascade in (few, more)]
    assert reached[0] < reached[1]


def test_what_is_counted():
    wave = run_wave(123_457, ties=7, seed=3)
    ties = wave.ties
    assert wave.reached == 123_457
    assert wave.tried == 7 * 123_457 - len(ties.left_over) == 7 * 123_457 - 7
    assert wave.groups_reached.tolist() == [123_457, 12_346, 1235, 124, 13, 2, 1]
    assert wave.groups_full.tolist() == wave.groups_reached.tolist()
    part = Cascade(Ties(123_457, seed=3), chance=0.1)
    seen = np.array(sorted(set().union(*frontiers(part))))
    result = Wave.of(part)
    for level in range(1, 7):
        size = np.minimum(10**level, 123_457 - np.arange(result.groups_reached[0] * 0 + -(-123_457 // 10**level)) * 10**level)
        here = np.bincount(seen // 10**level, minlength=len(size))
        assert result.groups_reached[level] == (here > 0).sum()
        assert result.groups_full[level] == (here == size).sum()


def test_progress_is_reported():
    reported: list[tuple[int, int]] = []
    wave = run_wave(5000, progress=lambda step, reached: reported.append((step, reached)))
    assert reported == list(enumerate(np.cumsum(wave.counts).tolist()))[1:]


def test_a_wave_goes_on_from_its_file(tmp_path):
    path, whole = tmp_path / "wave.npz", run_wave(150_000, chance=0.4, seed=5)

    def stop(step: int, reached: int) -> None:
        if step == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_wave(150_000, chance=0.4, seed=5, checkpoint=path, every=3, progress=stop)
    assert path.exists()
    steps: list[int] = []
    again = run_wave(150_000, chance=0.4, seed=5, checkpoint=path, threads=1, progress=lambda step, _: steps.append(step))
    assert steps[0] == 7  # the file is of step 6
    assert again.digest == whole.digest
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_wave_is_refused(tmp_path):
    path = tmp_path / "wave.npz"

    def stop(step: int, reached: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_wave(3000, checkpoint=path, progress=stop)
    with pytest.raises(SpecError) as error:
        run_wave(3000, alpha=0.5, checkpoint=path)
    words = "is of another wave: alpha was 1.0, now it is 0.5. Ask for the same wave, or name another file."
    assert str(error.value) == f"{path}: {words}"
    path.write_text("no wave")
    with pytest.raises(SpecError, match="is no checkpoint of a wave"):
        run_wave(3000, checkpoint=path)
    with pytest.raises(StoreError, match="cannot be written"):
        run_wave(3000, checkpoint=path / "wave.npz")  # below a file


def test_too_little_memory_is_refused_beforehand(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 2_000_000_000)
    with pytest.raises(BackendError) as error:
        run_wave(10**11, threads=1)
    assert "100000000000 people on 1 threads need 40 GB of memory; 2 GB are free." in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"people": 0}, "people is 0; expected a whole number from 1 to 100000000000."),
        ({"people": 10, "chance": 1.5}, "chance is 1.5; expected a share from 0 to 1."),
        ({"people": 10, "seeds": [10]}, "seeds hold 10; expected at least one of the people from 0 to 9."),
        ({"people": 10, "seeds": np.zeros(0, int)}, "seeds are empty; expected at least one of the people from 0 to 9."),
        ({"people": 10, "threads": 0}, "threads is 0; expected a whole number from 1 to 1024."),
        ({"people": 10, "every": 0}, "every is 0; expected a whole number of at least 1."),
        (
            {"people": 10, "thread": 2},
            "run_wave takes no 'thread'; expected some of threads, progress, checkpoint, every. Did you mean threads?",
        ),
    ],
)
def test_bad_requests_are_refused_in_one_line(given, message):
    with pytest.raises(SpecError) as error:
        run_wave(**given)
    assert str(error.value) == message
