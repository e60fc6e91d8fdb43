"""A pool of reverse-reachable sets that grows; the same for any number of threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tenfold.kernels.seeds.dual_process import Dual
    from tenfold.kernels.seeds.reverse_reachable import Inward
    from tenfold.seeds.request import Divided

__all__ = ["OVERALL", "SELECTION", "VALIDATION", "Pool", "Strata", "spread_out", "threads"]

SELECTION, VALIDATION, OVERALL, ROOTS = 61, 62, 64, 65  # streams of draws
EACH, ROWS = 2048, 100_000  # sets to draw, and people in sets to go through, from which on it is worth while to share them out
Found = TypeVar("Found")
Drawn = tuple[NDArray[np.int32], NDArray[np.int64], int]
NONE, NOBODY = np.zeros(0, np.int32), np.zeros(0, np.uint8)


@contextmanager
def threads(executor: Executor | None) -> Iterator[Executor]:
    """The executor given, or the threads of this process."""
    if executor is not None:
        yield executor
        return
    with ThreadPoolExecutor(os.cpu_count() or 1) as own:
        yield own


class Pool:
    """Sets numbered from 0 on, one behind the other in `people` (int32); set i begins at `begin[i]` (int64, one more than there are).

    Those of each growth are drawn from all people equally often, or from `roots`; `ends`: how many there were after each.
    `rooted`: each holds whom it is drawn from (seeds are reached themselves); not so where people lapse.
    """

    def __init__(
        self, ask: Inward | Dual, executor: Executor, *, stream: int, seed: int, roots: NDArray[np.int32] = NONE
    ) -> None:
        from tenfold.kernels.seeds.dual_process import Dual

        self.ask, self.executor, self.stream, self.seed, self.roots = ask, executor, stream, seed, roots
        self.arcs = ask.arcs if isinstance(ask, Dual) else ask
        self.n = len(self.arcs.start) - 1
        self.people = NONE
        self.begin = np.zeros(1, np.int64)
        self.ends = [0]

    @property
    def rooted(self) -> bool:
        """Whether each set holds whom it is drawn from."""
        return self.arcs is self.ask

    @property
    def size(self) -> int:
        """How many sets there are."""
        return len(self.begin) - 1

    def grow(self, *sizes: int) -> None:
        """Draw as many sets as are missing to each of these sizes, one after the other."""
        cuts = [self.size, *(one for one in sizes if one > self.size)]
        if len(cuts) == 1:
            return
        jobs = [job for low, high in pairwise(cuts) for job in self._spans(low, high, NOBODY)]
        parts, size = self._done(jobs), cuts[-1]
        total = len(self.people) + sum(len(people) for people, _, _ in parts)
        people, begin = np.empty(total, np.int32), np.empty(size + 1, np.int64)
        people[: len(self.people)], begin[: self.size + 1] = self.people, self.begin
        at, number = len(self.people), self.size
        for own, starts, _ in parts:
            people[at : at + len(own)] = own
            begin[number : number + len(starts)] = starts + at
            at, number = at + len(own), number + len(starts) - 1
        self.people, self.begin = people, begin
        self.ends += cuts[1:]

    def hits(self, nodes: NDArray[np.int64], low: int, high: int) -> int:
        """How many of the sets from `roots` with the numbers `low` to `high` − 1 hold one of these people; those of cascades are
        drawn only until one is met."""
        if high <= low:
            return 0
        wanted = np.zeros(self.n, np.uint8)
        wanted[nodes] = 2
        return sum(hits for _, _, hits in self._done(self._spans(low, high, wanted)))

    def in_order(self, nodes: NDArray[np.int64], size: int | None = None) -> NDArray[np.int64]:
        """For each of these people how many of the sets kept (the first `size`) hold them, and none of those before."""
        from tenfold.kernels.seeds.reverse_reachable import first_hits

        place = np.full(self.n, -1, np.int32)
        place[nodes] = np.arange(len(nodes))
        size = self.size if size is None else size
        many = max(1, min(os.cpu_count() or 1, int(self.begin[size]) // ROWS))
        cuts = [size * part // many for part in range(many + 1)]
        call: Callable[..., NDArray[np.int64]] = first_hits
        spans = [self.begin[cuts[k] : cuts[k + 1] + 1] for k in range(many)]
        total: NDArray[np.int64] = np.sum(
            self._done([partial(call, self.people, span, place, len(nodes)) for span in spans]), axis=0
        )
        return total

    def together(self, jobs: Sequence[Callable[[], Found]]) -> list[Found]:
        """What some jobs on the whole pool give; each in a thread of its own, where there is enough to do."""
        if len(self.people) < ROWS:
            return [job() for job in jobs]
        return self._done(jobs)

    def _spans(self, low: int, high: int, wanted: NDArray[np.uint8]) -> list[Callable[[], Drawn]]:
        """What draws these sets, cut into spans for threads."""
        from tenfold.kernels.seeds.dual_process import draw_duals
        from tenfold.kernels.seeds.reverse_reachable import draw_sets

        many = max(1, min((os.cpu_count() or 1) * 2, (high - low) // EACH))
        cuts = [low + (high - low) * part // many for part in range(many + 1)]
        call: Callable[..., Drawn] = draw_sets if self.rooted else draw_duals
        ask, fixed = (self.ask, self.roots, low, high - low), (self.stream, self.seed, wanted)
        return [partial(call, *ask, *cuts[k : k + 2], *fixed) for k in range(many)]

    def _done(self, jobs: Sequence[Callable[[], Found]]) -> list[Found]:
        """What jobs give, in threads."""
        if len(jobs) == 1:
            return [jobs[0]()]
        return [found.result() for found in [self.executor.submit(job) for job in jobs]]


class Strata:
    """A pool with as many sets from each group; `group` (sets, int32) says from which."""

    def __init__(self, ask: Inward | Dual, executor: Executor, parts: Divided, *, stream: int, seed: int) -> None:
        self.pool, self.parts = Pool(ask, executor, stream=stream, seed=seed), parts
        self.group, self.each = NONE, 0

    def grow(self, each: int) -> None:
        """Draw as many sets from each group as are missing; the people of a group take turns to be whom sets are drawn from."""
        more, many = each - self.each, len(self.parts.names)
        if more <= 0:
            return
        roots = [
            spread_out(self.parts.of(group), more, self.pool.seed, self.pool.size + group * more, self.pool.stream)
            for group in range(many)
        ]
        self.pool.roots = np.concatenate([self.pool.roots, *roots])
        self.group = np.concatenate([self.group, np.repeat(np.arange(many, dtype=np.int32), more)])
        self.pool.grow(len(self.group))
        self.each = each

    def covered(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many sets of each group hold one of these people."""
        wanted = np.zeros(self.pool.n, np.bool_)
        wanted[nodes] = True
        upto = np.concatenate([[0], np.cumsum(wanted[self.pool.people])])[self.pool.begin]
        return np.bincount(self.group[upto[1:] > upto[:-1]], minlength=len(self.parts.names))


def spread_out(people: NDArray[np.int32], many: int, seed: int, first: int, stream: int) -> NDArray[np.int32]:
    """`many` of these people, each as likely as the others, spread out evenly: one at random from each part of the list."""
    from tenfold.kernels.seeds.reverse_reachable import numbers

    luck = numbers(seed, ROOTS + 256 * stream, first, many, 2**32) / 2.0**32
    place = ((np.arange(many) + luck) * (len(people) / many)).astype(np.int64)
    return people[np.minimum(place, len(people) - 1)]
