"""Collections of reverse-reachable sets that grow; the same for any number of threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import SpecError
from tenfold.kernels.streams import OVERALL, ROOTS, SELECTION, VALIDATION
from tenfold.seeds.diffusion import Diffusion, cascade_rule, contact_process
from tenfold.seeds.dual_process import chance_none_live, dual_process
from tenfold.seeds.group_members import GroupMembers
from tenfold.seeds.triggering import triggering_model

if TYPE_CHECKING:
    from tenfold.kernels.seeds.dual_process import DualProcess
    from tenfold.kernels.seeds.reverse_reachable import RRSets
    from tenfold.kernels.seeds.triggering import TriggeringModel
from tenfold.worker_threads import worker_threads

__all__ = [
    "OVERALL",
    "SELECTION",
    "VALIDATION",
    "RRCollection",
    "StratifiedCollection",
    "reason_to_simulate",
    "reverse_model",
    "stratified_roots",
    "threads",
]

SPAN, MEMBERSHIPS = 2048, 100_000  # sets to draw, and memberships to go through, from which on threads share them
Found = TypeVar("Found")
Drawn = tuple["RRSets", int]
NO_ROOTS, NO_TARGETS = np.zeros(0, np.int32), np.zeros(0, np.uint8)


def reason_to_simulate(diffusion: Diffusion) -> str:
    """Why a diffusion has no reverse-reachable sets, as a clause for a message; empty where it has."""
    graph, model, counted = diffusion.graph, diffusion.model, diffusion.counted
    if counted is not None and set(counted) != set(model.states[1:]):
        return f"of the states of {model.name} only {', '.join(counted)} counts, so that gains are simulated"
    if cascade_rule(model) is not None:
        return ""
    found = contact_process(model)
    if found is None:
        return (
            f"the model {model.name} is neither a cascade, a linear threshold, nor a contagion with or without lapse in steps, "
            "so that gains are simulated"
        )
    rule, recovery = found
    none_live = chance_none_live(model, rule, graph)
    if graph.n and recovery > none_live.min() + 1e-12:
        who = int(none_live.argmin())
        name = who if graph.labels is None else graph.labels[who]
        return (
            f"in the model {model.name} the chance {recovery:.6g} to lapse in a step is more than the chance {none_live[who]:.3g} that "
            f"nobody brings it to person {name} in that step, where sketches end, so that gains are simulated"
        )
    return ""


def reverse_model(diffusion: Diffusion) -> TriggeringModel | DualProcess:
    """How sets are drawn, for a diffusion that has them.

    Raises
    ------
    SpecError, DataError
        Options that the model does not have, or weights that do not fit.
    """
    model = diffusion.model
    if cascade_rule(model) is not None:
        if diffusion.fading is not None:
            raise SpecError(f"fading is given, and who takes up {model.name} tries once; expected si or sis, who go on.")
        return triggering_model(diffusion)
    if diffusion.capacity is not None:
        raise SpecError(f"capacity is given for the model {model.name}; expected a cascade or a linear threshold.")
    return dual_process(diffusion)


@contextmanager
def threads(executor: Executor | None) -> Iterator[Executor]:
    """The executor given, or a pool of as many threads as there are processors."""
    if executor is not None:
        yield executor
        return
    with worker_threads(os.cpu_count() or 1) as own:
        yield own


class RRCollection:
    """Reverse-reachable sets with the numbers 0, 1, …, one behind the other.

    `members` (memberships, int32) and `begin` (sets + 1, int64): set i holds the people `members[begin[i]:begin[i + 1]]`. `sizes`: how
    many sets there were after each growth. The sets of one growth are drawn from all people equally often, or, where `roots` are given,
    set i from the person `roots[i]`. `rooted`: each set holds its root, so seeds are always reached; not so where people recover.
    """

    def __init__(
        self,
        model: TriggeringModel | DualProcess,
        executor: Executor,
        *,
        stream: int,
        seed: int,
        roots: NDArray[np.int32] = NO_ROOTS,
    ) -> None:
        from tenfold.kernels.seeds.dual_process import DualProcess

        self.model, self.executor, self.stream, self.seed, self.roots = model, executor, stream, seed, roots
        self.rooted = not isinstance(model, DualProcess)
        self.n = len((model.arcs if isinstance(model, DualProcess) else model).start) - 1
        self.members = NO_ROOTS
        self.begin = np.zeros(1, np.int64)
        self.sizes = [0]

    @property
    def size(self) -> int:
        """How many sets there are."""
        return len(self.begin) - 1

    @property
    def sets(self) -> RRSets:
        """All sets."""
        return self.span(0, self.size)

    def span(self, low: int, high: int) -> RRSets:
        """The sets with the numbers `low` to `high` − 1, as far as there are."""
        from tenfold.kernels.seeds.reverse_reachable import RRSets

        return RRSets(self.members, self.begin[low : high + 1])

    def grow(self, *sizes: int) -> None:
        """Draw the sets that are missing to each of these sizes, one growth after the other."""
        cuts = [self.size, *(one for one in sizes if one > self.size)]
        if len(cuts) == 1:
            return
        jobs = [job for low, high in pairwise(cuts) for job in self._draw_jobs(low, high, NO_TARGETS)]
        parts, size = self._run(jobs), cuts[-1]
        total = len(self.members) + sum(len(sets.members) for sets, _ in parts)
        members, begin = np.empty(total, np.int32), np.empty(size + 1, np.int64)
        members[: len(self.members)], begin[: self.size + 1] = self.members, self.begin
        at, number = len(self.members), self.size
        for sets, _ in parts:
            members[at : at + len(sets.members)] = sets.members
            begin[number : number + len(sets.begin)] = sets.begin + at
            at, number = at + len(sets.members), number + len(sets.begin) - 1
        self.members, self.begin = members, begin
        self.sizes += cuts[1:]

    def count_hits(self, nodes: NDArray[np.int64], low: int, high: int) -> int:
        """How many of the sets with the numbers `low` to `high` − 1 hold one of these people, without keeping the sets.

        The collection has roots. A set of a triggering model is drawn only until it holds one of them.
        """
        if high <= low:
            return 0
        targets = np.zeros(self.n, np.uint8)
        targets[nodes] = 2
        return sum(hits for _, hits in self._run(self._draw_jobs(low, high, targets)))

    def marginal_coverage(self, nodes: NDArray[np.int64], size: int | None = None) -> NDArray[np.int64]:
        """For each of these people how many of the first `size` sets hold them and nobody of those before, (nodes)."""
        from tenfold.kernels.seeds.maximum_coverage import marginal_coverage

        rank = np.full(self.n, -1, np.int32)
        rank[nodes] = np.arange(len(nodes))
        size = self.size if size is None else size
        many = max(1, min(os.cpu_count() or 1, int(self.begin[size]) // MEMBERSHIPS))
        cuts = [size * part // many for part in range(many + 1)]
        call: Callable[..., NDArray[np.int64]] = marginal_coverage
        found = self._run([partial(call, self.span(*cut), rank, len(nodes)) for cut in pairwise(cuts)])
        total: NDArray[np.int64] = np.sum(found, axis=0)
        return total

    def run_jobs(self, jobs: Sequence[Callable[[], Found]]) -> list[Found]:
        """What some jobs on all sets return; each in a thread of its own, where there is enough to do."""
        if len(self.members) < MEMBERSHIPS:
            return [job() for job in jobs]
        return self._run(jobs)

    def _draw_jobs(self, low: int, high: int, targets: NDArray[np.uint8]) -> list[Callable[[], Drawn]]:
        """What draws the sets with the numbers `low` to `high` − 1, cut into spans for threads."""
        from tenfold.kernels.seeds.dual_process import draw_dual_sets
        from tenfold.kernels.seeds.reverse_reachable import Roots, draw_rr_sets

        many = max(1, min((os.cpu_count() or 1) * 2, (high - low) // SPAN))
        cuts = [low + (high - low) * part // many for part in range(many + 1)]
        call: Callable[..., Drawn] = draw_rr_sets if self.rooted else draw_dual_sets
        roots = Roots(self.roots, low, high - low)
        return [partial(call, self.model, roots, *cut, self.stream, self.seed, targets) for cut in pairwise(cuts)]

    def _run(self, jobs: Sequence[Callable[[], Found]]) -> list[Found]:
        """What jobs return, in threads."""
        if len(jobs) == 1:
            return [jobs[0]()]
        return [found.result() for found in [self.executor.submit(job) for job in jobs]]


class StratifiedCollection:
    """A collection with as many sets from each group: `each` of them; `group` (sets, int32) says from which group each set is drawn."""

    def __init__(
        self, model: TriggeringModel | DualProcess, executor: Executor, groups: GroupMembers, *, stream: int, seed: int
    ) -> None:
        self.collection, self.groups = RRCollection(model, executor, stream=stream, seed=seed), groups
        self.group, self.each = NO_ROOTS, 0

    def grow(self, each: int) -> None:
        """Draw the sets that are missing to `each` sets from each group; the people of a group take turns as roots."""
        more, many, sets = each - self.each, len(self.groups.names), self.collection
        if more <= 0:
            return
        roots = [
            stratified_roots(self.groups.of(group), more, sets.seed, sets.size + group * more, sets.stream)
            for group in range(many)
        ]
        sets.roots = np.concatenate([sets.roots, *roots])
        self.group = np.concatenate([self.group, np.repeat(np.arange(many, dtype=np.int32), more)])
        sets.grow(len(self.group))
        self.each = each

    def covered(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many sets of each group hold one of these people, (groups)."""
        sets = self.collection
        target = np.zeros(sets.n, np.bool_)
        target[nodes] = True
        up_to = np.concatenate([[0], np.cumsum(target[sets.members])])[sets.begin]
        return np.bincount(self.group[up_to[1:] > up_to[:-1]], minlength=len(self.groups.names))


def stratified_roots(people: NDArray[np.int32], count: int, seed: int, first: int, stream: int) -> NDArray[np.int32]:
    """`count` of these people as roots, each equally likely: one at random from each of `count` equal parts of the list."""
    from tenfold.kernels.seeds.random_integers import random_integers

    luck = random_integers(seed, ROOTS + 256 * stream, first, count, 2**32) / 2.0**32
    place = ((np.arange(count) + luck) * (len(people) / count)).astype(np.int64)
    return people[np.minimum(place, len(people) - 1)]
