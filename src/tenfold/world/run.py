"""The one way to run a world: any number of replicates and threads, the same result bit for bit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.version import __version__
from tenfold.worker_threads import worker_threads
from tenfold.world.checkpoint import Checkpoint
from tenfold.world.replicate import FinishedReplicate, Replicate, combine
from tenfold.world.result import WorldResult
from tenfold.world.state import fixed_point, initial_state, initially_attained, memory_needed
from tenfold.world.world import AREAS, World

if TYPE_CHECKING:
    from tenfold.kernels.world.population import Parameters, Population
    from tenfold.kernels.world.steps import Record

__all__ = ["MAX_STEPS", "RunOptions", "run_world"]

MAX_STEPS = 2000
"""Steps after which a run ends that was to go on until everyone has attained."""
CHUNK = 256  # steps that one thread takes between two calls of the progress
SMALL = 64  # villages up to which one thread takes the steps of a replicate
LARGE = 5000  # villages from which on there are several spans for each thread, so that none waits long for another
SPANS = 4  # for each thread, where there are several

Progress = Callable[[int, int, int], None]  # replicate, step, people who have attained


class RunOptions(TypedDict, total=False):
    """How a run is carried out: the keywords of `run_world` that do not change what is run."""

    threads: int | None
    keep: Sequence[str]
    progress: Progress | None
    checkpoint: str | Path | None
    keep_checkpoint: bool


def run_world(
    world: World,
    *,
    steps: int | None = None,
    seed: int = 0,
    replicates: int = 1,
    start: int | str | ArrayLike = 1,
    **options: Unpack[RunOptions],
) -> WorldResult:
    """Run a world from those who have attained at the start.

    Parameters
    ----------
    world
        The people and the rules.
    steps
        How many, from 1 on. None: until everyone has attained (with lapsing, which never lets everyone at once: until every village
        is united) and the crisis is over, if there is one; or nobody has attained any more and there is no crisis; 2,000 at most.
    seed
        0 to 2³² − 1.
    replicates
        Runs with different random numbers; run r of a seed has the same ones whatever the number of replicates.
    start
        Who has attained at the start: a number of people, from person 0 on; ``"circle"``, one united circle; ``"everyone"``; or the
        people by number.
    threads
        By default as many as there are cores. The result does not depend on it.
    keep
        ``"final"``: who has attained at the end.
    progress
        Called now and then with the replicate, its step, and how many have attained.
    checkpoint
        A file that is written now and then and at Ctrl-C, and gone on from if it is there. It is removed at the end.
    keep_checkpoint
        The checkpoint stays and holds the end of the run, so that the caller can store the result before removing it.

    Returns
    -------
    WorldResult

    Raises
    ------
    SpecError
        An argument out of its range, or a checkpoint of another run.
    BackendError
        More memory is needed than there is.

    Examples
    --------
    >>> run = run_world(World(1000), seed=1, start="circle")
    >>> int(run.reach[0, 0]), int(run.reach[0, -1]), run.degree_times.shape
    (10, 1000, (1, 3))
    """
    checks.options(options, RunOptions, "run_world")
    if not isinstance(world, World):
        raise SpecError(f"world is a {type(world).__name__}; expected a World.")
    limit = MAX_STEPS if steps is None else checks.whole(steps, "steps", low=1, high=2**31 - 2)
    number = checks.whole(seed, "seed", low=0, high=2**32 - 1)
    count = checks.whole(replicates, "replicates", low=1, high=2**32 - 1)
    execution = _execution(options)
    at_once = min(count, execution.threads) if world.villages <= SMALL and execution.checkpoint is None else 1
    rows = (min(limit, CHUNK) if steps is None else limit) + 1
    needed = memory_needed(world, replicates=count, at_once=at_once, rows=rows, keep=execution.keep_final)
    checks.memory(needed, f"{world.people} people" + (f" in {count} replicates" if count > 1 else ""), "Ask for fewer")
    request = _Request(world, initially_attained(world, start), number, limit, steps is None)
    provenance: dict[str, Any] = {
        "world": world.to_dict(),
        "steps": steps,
        "seed": number,
        "replicates": count,
        "start": start if isinstance(start, str) else np.asarray(start).tolist(),
        "tenfold": __version__,
    }
    if at_once > 1:
        with worker_threads(at_once) as pool:
            finished = list(pool.map(lambda k: _run_serial(request, k, execution), range(count)))
    else:
        finished = _run_one_by_one(request, count, execution, provenance)
    return combine(world, finished, provenance)


@dataclass(frozen=True)
class _Request:
    """What is run. `limit`: the last step; `until_end`: whether a replicate stops earlier when it has come to its end."""

    world: World
    start: NDArray[np.int64] | int
    seed: int
    limit: int
    until_end: bool


@dataclass(frozen=True)
class _Execution:
    """How it is run; nothing here changes a number. `keep_final`: whether the masks at the end are kept."""

    threads: int
    keep_final: bool
    progress: Progress
    checkpoint: str | Path | None
    keep_checkpoint: bool


def _execution(options: RunOptions) -> _Execution:
    """The options, checked and with their defaults."""
    threads, keep = options.get("threads"), options.get("keep", ())
    workers = (os.cpu_count() or 1) if threads is None else checks.whole(threads, "threads", low=1, high=4096)
    if unknown := [one for one in keep if one != "final"]:
        raise SpecError(f"keep names '{unknown[0]}'; expected final, or nothing.")
    progress, kept = options.get("progress") or (lambda *_: None), bool(options.get("keep_checkpoint", False))
    return _Execution(workers, "final" in keep, progress, options.get("checkpoint"), kept)


@dataclass(frozen=True)
class _Workers:
    """Threads that share the steps of a replicate. `spans`: the villages low..high − 1 of each piece of work."""

    pool: ThreadPoolExecutor
    spans: list[tuple[int, int]]

    def map(self, work: Callable[[int, int], None]) -> None:
        """All spans, the first one in this thread."""
        jobs = [self.pool.submit(work, low, high) for low, high in self.spans[1:]]
        work(*self.spans[0])
        for job in jobs:
            job.result()


def _run_one_by_one(request: _Request, count: int, execution: _Execution, provenance: dict[str, Any]) -> list[FinishedReplicate]:
    """The replicates one after another, each shared by all threads; from a checkpoint on where there is one."""
    checkpoint = Checkpoint(execution.checkpoint, provenance)
    finished = checkpoint.finished(request.world, count)
    villages, threads = request.world.villages, execution.threads
    cuts = np.linspace(0, villages, (threads * SPANS if villages > LARGE else threads) + 1).astype(int).tolist()
    with worker_threads(threads) as pool, checkpoint.deferring_interrupts():
        workers = _Workers(pool, list(pairwise(cuts)))
        for k in range(len(finished), count):
            replicate = _new_replicate(request, k)
            checkpoint.restore(replicate, finished)
            _count_start(replicate)
            while not _is_over(request, replicate):
                checkpoint.write_if_due(replicate, finished)
                if villages <= SMALL:
                    _take_chunk(request, replicate)
                else:
                    _take_step(replicate, workers)
                execution.progress(k, replicate.step, replicate.reach)
            finished.append(replicate.finish(execution.keep_final))
    if execution.keep_checkpoint:
        checkpoint.write_finished(finished)
    else:
        checkpoint.remove()
    return finished


def _run_serial(request: _Request, k: int, execution: _Execution) -> FinishedReplicate:
    """A replicate in this thread alone."""
    replicate = _new_replicate(request, k)
    _count_start(replicate)
    while not _is_over(request, replicate):
        _take_chunk(request, replicate)
        execution.progress(k, replicate.step, replicate.reach)
    return replicate.finish(execution.keep_final)


def _new_replicate(request: _Request, k: int) -> Replicate:
    """A replicate with its traits assigned and the start in its place, not counted yet."""
    world, state = request.world, initial_state(request.world, request.start, request.seed, k)
    if len(state.population.traits):
        from tenfold.kernels.world.population import Traits, assign_traits

        even = round(world.mentors * 1_000_000) if world.mentor_choice == "even" else -1
        traits = Traits(
            demands=world.demands,
            attention=world.attention,
            devoted=fixed_point(world.devoted),
            isolated=fixed_point(world.isolated),
            mentors=fixed_point(world.mentors),
            even_mentors=even,
        )
        assign_traits(state.parameters, state.population, traits, 0, world.circles)
    return Replicate(state)


def _count_start(replicate: Replicate) -> None:
    """Count the state as it is: the start, or what a checkpoint restored, which has its row already."""
    from tenfold.kernels.world.steps import count_step
    from tenfold.kernels.world.transitions import commit_transitions

    parameters, population, crisis, record = replicate.state
    rows = _with_rows(record, 1)
    commit_transitions(parameters, population, 0, len(population.village_united), True)
    count_step(parameters, population, crisis, rows, max(replicate.step, 0), 0)
    if replicate.step < 0:
        replicate.add(rows.counts, rows.crisis)
        replicate.step = 0


def _take_chunk(request: _Request, replicate: Replicate) -> None:
    """Several steps in one thread."""
    from tenfold.kernels.world.steps import run_steps

    parameters, population, crisis, record = replicate.state
    first, last = replicate.step + 1, min(replicate.step + CHUNK, request.limit)
    rows = _with_rows(record, last - replicate.step)
    replicate.step, done = run_steps(parameters, population, crisis, rows, first, last, int(request.until_end))
    taken = replicate.step + 1 - first
    extinct = np.flatnonzero(rows.counts[:taken, 0] == 0)
    if request.until_end and not crisis.on and len(extinct):  # as where every step is looked at
        taken = int(extinct[0]) + 1
        replicate.step, done = first + int(extinct[0]), True
    replicate.done = bool(done)
    replicate.add(rows.counts[:taken], rows.crisis[:taken])


def _take_step(replicate: Replicate, workers: _Workers) -> None:
    """One step, shared by threads."""
    from tenfold.kernels.world.crisis import spread_crisis
    from tenfold.kernels.world.steps import count_step
    from tenfold.kernels.world.transitions import compute_transitions

    parameters, population, crisis, record = replicate.state
    step, rows = replicate.step + 1, _with_rows(record, 1)
    workers.map(partial(compute_transitions, parameters, population, step))
    if crisis.on:
        spread_crisis(parameters, population, crisis)
    workers.map(partial(_commit_changed, parameters, population))
    done = count_step(parameters, population, crisis, rows, step, 0)
    replicate.step = step
    replicate.add(rows.counts, rows.crisis)
    replicate.done = bool(done) or (replicate.reach == 0 and not crisis.on)


def _commit_changed(parameters: Parameters, population: Population, low: int, high: int) -> None:
    """Take over what changed in villages low..high − 1."""
    from tenfold.kernels.world.transitions import commit_transitions

    commit_transitions(parameters, population, low, high, False)


def _with_rows(record: Record, count: int) -> Record:
    """The record with room for a number of steps."""
    width = record.counts.shape[1]
    return record._replace(counts=np.zeros((count, width), np.int64), crisis=np.zeros((count, len(AREAS) + 1)))


def _is_over(request: _Request, replicate: Replicate) -> bool:
    return replicate.step >= request.limit or (request.until_end and replicate.done)
