"""A cascade in progress on the implicit network: its state, its frontier, and one step of it on several threads."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.world.address import group
from tenfold.world.ties import Ties

if TYPE_CHECKING:
    from tenfold.kernels.world.wave import WaveBuffers

__all__ = ["Cascade"]

REMOTE = 7_000_000  # remote entries that a thread buffers, beyond those of one block, before they are delivered
REGIONS = 256  # parts of the world that remote entries are sorted by
SPAN = 64  # blocks that a thread takes at a time
SHARES = 8  # pieces of work for each thread at the end of a step


class Cascade:
    """An independent cascade: whoever is newly reached tries each of their ties once, at the next step.

    `counts`: how many people were newly reached at each step so far. `checksums`: of who they were. `settings`: which cascade it is, as
    JSON. `remote`: how many remote entries a thread may buffer beyond those of one block.
    """

    def __init__(
        self,
        ties: Ties,
        *,
        chance: float = 1.0,
        seeds: ArrayLike | None = None,
        threads: int | None = None,
        remote: int = REMOTE,
    ) -> None:
        from tenfold.kernels.world.wave import BLOCK, CERTAIN, Transmission, WaveState

        self.ties, self.chance = ties, checks.share(chance, "chance")
        self.threads = _processors() if threads is None else checks.whole(threads, "threads", low=1, high=1024)
        self._transmission = Transmission(min(round(self.chance * 2**32), CERTAIN), ties.seed)
        circles = -(-ties.people // 10)
        blocks = -(-circles // BLOCK)
        remote = 10 * BLOCK * ties.ties + min(remote, 10 * circles * ties.ties)
        needed = 4 * circles + 2 * blocks + self.threads * (16 * remote + 2_000_000)
        checks.memory(needed, f"{ties.people} people on {self.threads} threads", "Ask for fewer")
        self.state = WaveState(np.zeros(circles, np.uint32), np.zeros(blocks, np.uint8), np.zeros(blocks, np.uint8))
        self._buffers = [_buffers(remote) for _ in range(self.threads)]
        self._pool = ThreadPoolExecutor(self.threads)
        who = np.arange(min(10, ties.people)) if seeds is None else np.unique(group(np.atleast_1d(seeds), 0))
        if not len(who) or who[-1] >= ties.people:
            wrong = f"hold {who[-1]}" if len(who) else "are empty"
            raise SpecError(f"seeds {wrong}; expected at least one of the people from 0 to {ties.people - 1}.")
        digest = hashlib.blake2b(who.astype("<i8").tobytes(), digest_size=16).hexdigest()
        self.settings = json.dumps(asdict(ties) | {"chance": self._transmission.chance, "seeds": digest}, sort_keys=True)
        np.bitwise_or.at(self.state.circles, who // 10, np.uint32(1) << (20 + who % 10).astype(np.uint32))
        self.state.touched[who // 10 // BLOCK] = 1
        self.counts: list[int] = []
        self.checksums: list[int] = []
        self._end_step()

    @property
    def frontier_size(self) -> int:
        """How many people were newly reached at the last step."""
        return self.counts[-1]

    def frontier(self) -> NDArray[np.int64]:
        """The people who were newly reached at the last step, ascending; only for worlds of a modest size."""
        digit = np.arange(10, dtype=np.uint32)
        circle, place = np.nonzero(self.state.circles[:, np.newaxis] >> (10 + digit) & 1)
        found: NDArray[np.int64] = circle * 10 + place
        return found

    def step(self) -> None:
        """Everyone of the frontier tries their ties; whoever is newly reached is the next frontier."""
        from tenfold.kernels.world.wave import expand_frontier

        state, network = self.state, self.ties.network
        blocks, span = len(state.active), max(1, min(SPAN, len(state.active) // (8 * self.threads)))
        left = deque((low, min(low + span, blocks)) for low in range(0, blocks, span) if state.active[low : low + span].any())

        def expand(buffers: WaveBuffers) -> int:
            """Take spans of blocks until none is left or the buffer is full; returns how many remote entries there are."""
            remote = 0
            while left:
                try:
                    low, high = left.popleft()
                except IndexError:  # another thread was quicker
                    break
                done, remote = expand_frontier(network, state, low, high, self._transmission, buffers, remote)
                if done < high:
                    left.appendleft((done, high))
                    break
            return remote

        while left:
            self._deliver(list(self._pool.map(expand, self._buffers)))
        self._end_step()

    def _deliver(self, sizes: list[int]) -> None:
        """Deliver the remote entries of all threads; each thread writes to regions of its own."""
        from tenfold.kernels.world.wave import BLOCK, deliver_remote, sort_by_region

        state = self.state
        if sum(sizes) < 10_000 or (self.threads == 1 and len(state.circles) < 1_000_000):
            for buffers, size in zip(self._buffers, sizes, strict=True):
                deliver_remote(buffers.remote[:size], state)
            return
        width = -(-len(state.active) // REGIONS)
        regions = -(-len(state.active) // width)
        starts = np.zeros((self.threads, regions + 1), np.int64)
        list(self._pool.map(lambda k: sort_by_region(self._buffers[k], sizes[k], width * BLOCK, starts[k]), range(self.threads)))

        def deliver(thread: int) -> None:
            for region in range(thread, regions, self.threads):
                for buffers, start in zip(self._buffers, starts, strict=True):
                    deliver_remote(buffers.sorted_remote[start[region] : start[region + 1]], state)

        list(self._pool.map(deliver, range(self.threads)))

    def _end_step(self) -> None:
        """Whoever was hit and is not reached yet is the frontier from now on."""
        from tenfold.kernels.world.wave import advance_frontier

        shares = SHARES * self.threads
        cuts = np.linspace(0, len(self.state.active), shares + 1).astype(int)
        key = np.uint64((self.ties.seed + 0x9E3779B97F4A7C15 * (len(self.counts) + 1)) % 2**64)

        def advance(k: int) -> tuple[int, int]:
            count, checksum = advance_frontier(self.state, int(cuts[k]), int(cuts[k + 1]), key)
            return count, int(checksum)

        found = list(self._pool.map(advance, range(shares)))
        self.counts.append(sum(count for count, _ in found))
        self.checksums.append(sum(checksum for _, checksum in found) % 2**64)

    def digest(self) -> str:
        """Identifies who was reached at which step; the same for any number of threads and on any machine."""
        text = json.dumps([self.settings, self.counts, self.checksums])
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _buffers(remote: int) -> WaveBuffers:
    """The buffers of one thread."""
    from tenfold.kernels.world.ties_batch import BATCH, TieBatch
    from tenfold.kernels.world.wave import BLOCK, WaveBuffers

    def batch() -> NDArray[np.uint64]:
        return np.zeros(BATCH, np.uint64)

    return WaveBuffers(
        frontier=np.zeros(10 * BLOCK + 1, np.uint32),
        carrying=np.zeros(10 * BLOCK + 1, np.uint32),
        pattern=np.zeros(BLOCK, np.uint32),
        word=np.zeros(BLOCK, np.uint64),
        hits=np.zeros(BLOCK, np.uint32),
        batch=TieBatch(batch(), batch(), batch(), batch(), batch(), batch(), np.zeros(16, np.int64)),
        remote=np.empty(remote, np.int64),
        sorted_remote=np.empty(remote, np.int64),
    )


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
