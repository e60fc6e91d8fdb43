"""One wave of adoption over ties that take no memory, through a world of any size up to 10¹¹ people."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.world import memory
from tenfold.world.address import group
from tenfold.world.ties import ALPHA, Ties

if TYPE_CHECKING:
    from tenfold.kernels.world.wave import Room

__all__ = ["Spreading", "Wave", "run_wave"]

FAR = 7_000_000  # far ones that a thread writes down, beyond those of one block, before they are delivered
REGIONS = 256  # parts of the world that far ones are sorted by
SPAN = 64  # blocks that a thread takes at a time


@dataclass(frozen=True)
class Wave:
    """What became of a wave.

    `counts` (steps + 1): newly reached at each step, those of step 0 are the seeds. `tried`: ties that were tried, each from the end
    of somebody reached. `groups_reached`, `groups_full` (levels + 1): how many groups of each level somebody, or everybody, was reached in;
    row 0 is people. `digest`: tells who was reached at which step; the same for any number of threads and on any machine.
    """

    ties: Ties
    chance: float
    counts: NDArray[np.int64]
    tried: int
    groups_reached: NDArray[np.int64]
    groups_full: NDArray[np.int64]
    digest: str

    @property
    def steps(self) -> int:
        """Steps until nobody new was reached."""
        return len(self.counts) - 1

    @property
    def reached(self) -> int:
        """People reached."""
        return int(self.counts.sum())


def run_wave(
    people: int, *, ties: int = 10, alpha: float = ALPHA, lowest: int = 1, chance: float = 1.0, seeds: ArrayLike | None = None,
    seed: int = 0, threads: int | None = None, progress: Callable[[int, int], None] | None = None,
    checkpoint: str | Path | None = None, every: int = 1,
) -> Wave:  # fmt: skip
    """Let something spread through a world from a few people, until it reaches nobody new.

    Whoever is newly reached at a step tries each of their ties once at the next, and each carries it over with a chance of its own: the
    independent cascade of Kempe, Kleinberg, Tardos 2003, doi:10.1145/956750.956769, on the ties of `Ties`. With chance 1 it is a
    breadth-first search. It takes 0.4 bytes a person, and some room for each thread.

    Parameters
    ----------
    people, ties, alpha, lowest, seed
        The world: see `Ties`. `seed` also draws who carries it.
    chance
        That a tie that is tried carries it, from 0 to 1, to the nearest 2⁻³².
    seeds
        Who is reached at the start; by default the first circle.
    threads
        How many; by default as many as there are processors. The result is the same.
    progress
        Called after each step with the step and how many are reached.
    checkpoint, every
        A file to write every so many steps; if it is there, the run goes on from it. It is removed at the end.

    Raises
    ------
    SpecError
        An argument out of its range, or a checkpoint of another run.
    BackendError
        Too little memory; it says how much is needed.

    Examples
    --------
    >>> wave = run_wave(100_000, seed=1)
    >>> wave.reached, wave.tried, int(wave.groups_full[1])
    (100000, 1000000, 10000)
    """
    from tenfold.world.wave_file import WaveFile

    spreading = Spreading(
        Ties(people, ties=ties, alpha=alpha, lowest=lowest, seed=seed), chance=chance, seeds=seeds, threads=threads
    )
    file = WaveFile(checkpoint, spreading, every=checks.whole(every, "every", low=1))
    file.restore()
    while spreading.fresh:
        spreading.step()
        file.look()
        if progress:
            progress(len(spreading.counts) - 1, sum(spreading.counts))
    file.remove()
    return spreading.result()


class Spreading:
    """A wave under way: `counts` so far, and `fresh`, how many try their ties at the next step."""

    def __init__(
        self, ties: Ties, *, chance: float = 1.0, seeds: ArrayLike | None = None, threads: int | None = None, far: int = FAR
    ) -> None:
        from tenfold.kernels.world.wave import ALWAYS, BLOCK, turn

        self.ties, self.chance = ties, checks.share(chance, "chance")
        self.threads = _threads() if threads is None else checks.whole(threads, "threads", low=1, high=1024)
        self._chance = min(round(self.chance * 2**32), ALWAYS)
        self._block, self._turn = BLOCK, turn
        circles = -(-ties.people // 10)
        blocks = -(-circles // BLOCK)
        far = 10 * BLOCK * ties.ties + min(far, 10 * circles * ties.ties)
        self.needed = 4 * circles + 2 * blocks + self.threads * (16 * far + 2_000_000)
        memory.claim(self.needed, f"{ties.people} people on {self.threads} threads")
        self.state = np.zeros(circles, np.uint32)
        self.awake, self._touched = np.zeros(blocks, np.uint8), np.zeros(blocks, np.uint8)
        self._rooms = [_room(far) for _ in range(self.threads)]
        self._pool = ThreadPoolExecutor(self.threads)
        who = np.arange(min(10, ties.people)) if seeds is None else np.unique(group(np.atleast_1d(seeds), 0))
        if not len(who) or who[-1] >= ties.people:
            wrong = f"hold {who[-1]}" if len(who) else "are empty"
            raise SpecError(f"seeds {wrong}; expected at least one of the people from 0 to {ties.people - 1}.")
        about = asdict(ties) | {
            "chance": self._chance,
            "seeds": hashlib.blake2b(who.astype("<i8").tobytes(), digest_size=16).hexdigest(),
        }
        self.about = json.dumps(about, sort_keys=True)
        np.bitwise_or.at(self.state, who // 10, np.uint32(1) << (20 + who % 10).astype(np.uint32))
        self._touched[who // 10 // BLOCK] = 1
        self.counts: list[int] = []
        self.told: list[int] = []
        self._end_step()

    @property
    def fresh(self) -> int:
        """People who were reached last."""
        return self.counts[-1]

    def who(self) -> NDArray[np.int64]:
        """Who they are, ascending; only for worlds of a modest size."""
        digit = np.arange(10, dtype=np.uint32)
        circle, place = np.nonzero(self.state[:, np.newaxis] >> (10 + digit) & 1)
        found: NDArray[np.int64] = circle * 10 + place
        return found

    def step(self) -> None:
        """Everyone who is fresh tries their ties."""
        from tenfold.kernels.world.wave import spread

        blocks, span = len(self.awake), max(1, min(SPAN, len(self.awake) // (8 * self.threads)))
        left = deque((low, min(low + span, blocks)) for low in range(0, blocks, span) if self.awake[low : low + span].any())
        plan, seed = self.ties.plan, self.ties.seed

        def work(room: Room) -> int:
            far = 0
            while left:
                try:
                    low, high = left.popleft()
                except IndexError:  # another thread was quicker
                    break
                done, far = spread(plan, self.state, self.awake, self._touched, low, high, self._chance, seed, room, far)
                if done < high:
                    left.appendleft((done, high))
                    break
            return far

        while left:
            self._deliver(list(self._pool.map(work, self._rooms)))
        self._end_step()

    def _deliver(self, sizes: list[int]) -> None:
        """The far ones of all threads: each thread delivers to some of the regions."""
        from tenfold.kernels.world.wave import deliver, sort_far

        if sum(sizes) < 10_000 or (self.threads == 1 and len(self.state) < 1_000_000):
            for room, size in zip(self._rooms, sizes, strict=True):
                deliver(room.far[:size], self.state, self._touched)
            return
        width = -(-len(self.awake) // REGIONS)
        regions = -(-len(self.awake) // width)
        starts = np.zeros((self.threads, regions + 1), np.int64)
        list(self._pool.map(lambda k: sort_far(self._rooms[k], sizes[k], width * self._block, starts[k]), range(self.threads)))

        def bring(thread: int) -> None:
            for region in range(thread, regions, self.threads):
                for room, start in zip(self._rooms, starts, strict=True):
                    deliver(room.sorted[start[region] : start[region + 1]], self.state, self._touched)

        list(self._pool.map(bring, range(self.threads)))

    def _end_step(self) -> None:
        """Who was hit and is not reached is fresh from now on."""
        blocks = len(self.awake)
        cuts = np.linspace(0, blocks, 8 * self.threads + 1).astype(int)
        key = np.uint64((self.ties.seed + 0x9E3779B97F4A7C15 * (len(self.counts) + 1)) % 2**64)

        def end(k: int) -> tuple[int, int]:
            count, told = self._turn(self.state, self.awake, self._touched, int(cuts[k]), int(cuts[k + 1]), key)
            return count, int(told)

        found = list(self._pool.map(end, range(8 * self.threads)))
        self.counts.append(sum(count for count, _ in found))
        self.told.append(sum(int(told) for _, told in found) % 2**64)

    def result(self) -> Wave:
        """What became of it, so far."""
        from tenfold.kernels.world.wave import reach

        some, every = (np.zeros(self.ties.levels + 1, np.int64) for _ in range(2))
        reach(self.state, self.ties.people, some, every)
        digest = hashlib.blake2b(json.dumps([self.about, self.counts, self.told]).encode(), digest_size=16).hexdigest()
        counts = np.array(self.counts, np.int64)
        alone = self.ties.left_over
        untied = int((self.state[alone // 10] >> (alone % 10).astype(np.uint32) & 1).sum())
        tried = int(counts.sum()) * self.ties.ties - untied
        return Wave(self.ties, self.chance, counts, tried, some, every, digest)


def _room(far: int) -> Room:
    """What a thread needs for itself."""
    from tenfold.kernels.world.climb import Climb
    from tenfold.kernels.world.wave import BLOCK, CROWD, Room

    own = [np.zeros(CROWD, np.uint64) for _ in range(6)]
    climb = Climb(own[0], own[1], own[2], own[3], own[4], own[5], np.zeros(16, np.int64))
    crowd, tries = (np.zeros(10 * BLOCK + 1, np.uint32) for _ in range(2))
    row, hits = (np.zeros(BLOCK, np.uint32) for _ in range(2))
    return Room(crowd, tries, row, np.zeros(BLOCK, np.uint64), hits, climb, np.empty(far, np.int64), np.empty(far, np.int64))


def _threads() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
