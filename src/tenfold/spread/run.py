"""Runs of a model: replicates one after the other, or one whose large steps are shared by threads. The result is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.spread.arrays import ModelArrays, clock_arrays, replicate_arrays
from tenfold.spread.initial_states import initial_states

if TYPE_CHECKING:
    from tenfold.kernels.spread.state import Batch, Buffers, InitialStates, Networks, People, Records

__all__ = ["Part", "Task", "run_block", "run_shared"]

LARGE = 100_000  # rows from which on a step is shared by the threads
STRETCH = 5_000  # steps between two looks at whether to stop


@dataclass(frozen=True)
class Task:
    """What to run.

    `start`: the initial states of all replicates, or a list with a start for each; `stop[0]`: 1 once the rest is not wanted any more.
    """

    arrays: ModelArrays
    start: Any
    steps: int
    seed: int
    clock: str
    first_time: bool
    final: bool
    stop: NDArray[np.uint8]


@dataclass(frozen=True)
class Part:
    """Some replicates: their numbers, counts (replicates, steps + 1, states), how many of the steps were taken, and what was to be kept."""

    replicates: NDArray[np.int64]
    counts: NDArray[np.int64]
    steps: int
    first_time: NDArray[np.int32] | None
    final: NDArray[np.uint8] | None


def run_block(task: Task, replicates: NDArray[np.int64]) -> Part:
    """Some replicates, as far as nobody says stop."""
    from tenfold.kernels.spread.state import Batch, Records

    given, size = task.arrays, len(replicates)
    people, networks = replicate_arrays(given, task.first_time)
    counts = np.zeros((size, task.steps + 1, len(given.model.states)), np.int64)
    first = np.zeros((size if task.first_time else 0, *people.first_time.shape), np.int32)
    final = np.zeros((size if task.final else 0, given.n), np.uint8)
    run, done = _runner(task, people, networks), 0
    each = 1 if isinstance(task.start, list) else size
    for low in range(0, size, each):
        span = slice(low, low + each)
        batch = Batch(task.steps, task.seed, replicates[span], task.stop)
        done += run(_initial(task, int(replicates[low])), batch, Records(counts[span], first[span], final[span]))
    kept = slice(0, done)
    return Part(
        replicates[kept], counts[kept], task.steps, first[kept] if task.first_time else None, final[kept] if task.final else None
    )


def _runner(task: Task, people: People, networks: Networks) -> Callable[[InitialStates, Batch, Records], int]:
    """The kernel that runs replicates by the clock; it fills the records, and returns how many it has done."""
    from tenfold.kernels.spread import next_reaction, synchronous

    rules = task.arrays.rules
    if task.clock == "steps":
        buffers = _buffers(task.arrays.n)
        return lambda initial, batch, records: synchronous.run(rules, people, networks, initial, batch, records, buffers)
    clocks = clock_arrays(task.arrays, people)
    return lambda initial, batch, records: next_reaction.run(rules, people, networks, clocks, initial, batch, records)


def _buffers(n: int) -> Buffers:
    """Scratch memory of one thread."""
    from tenfold.kernels.rng import BATCH, draw_buffer
    from tenfold.kernels.spread.state import Buffers

    return Buffers(draw_buffer(), np.empty(n + 32 * BATCH, np.int32))


def _initial(task: Task, replicate: int) -> InitialStates:
    """The initial states of a replicate; the candidates are this thread's own, as a draw shuffles them for a while."""
    if isinstance(task.start, list):
        return initial_states(task.arrays.model, task.arrays.n, task.start[replicate])
    own: InitialStates = task.start._replace(candidates=task.start.candidates.copy())
    return own


def run_shared(task: Task, replicate: int, workers: int) -> Part:
    """One replicate in synchronous steps whose large ones are shared by threads."""
    from tenfold.kernels.spread.initial_states import set_initial_states
    from tenfold.kernels.spread.synchronous import Stretch, advance

    rules, steps = task.arrays.rules, task.steps
    people, networks = replicate_arrays(task.arrays, task.first_time)
    set_initial_states(rules, people, *networks[:3], _initial(task, replicate), task.seed, replicate)
    counts = np.zeros((steps + 1, len(task.arrays.model.states)), np.int64)
    counts[0] = people.counts
    buffers = [_buffers(task.arrays.n) for _ in range(workers)]
    step = 1
    try:
        with ThreadPoolExecutor(workers) as pool:
            while step <= steps:
                stretch = Stretch(step, min(steps, step + STRETCH), LARGE, task.seed, replicate)
                after = advance(rules, people, networks, stretch, counts, buffers[0], task.stop)
                if after == step:
                    _shared_step(task, people, networks, step, replicate, buffers, pool)
                    counts[step] = people.counts
                    after += 1
                step = after
    except KeyboardInterrupt:
        task.stop[0] = 1
    first = people.first_time[np.newaxis] if task.first_time else None
    final = people.state[np.newaxis] if task.final else None
    return Part(np.array([replicate]), counts[np.newaxis], step - 1, first, final)


def _shared_step(
    task: Task, people: People, networks: Networks, step: int, replicate: int, buffers: list[Buffers], pool: ThreadPoolExecutor
) -> None:
    """One step whose rows are shared by the threads, each with buffers of its own."""
    from tenfold.kernels.spread import synchronous
    from tenfold.kernels.spread.active_lists import compact_lists
    from tenfold.kernels.spread.state import Buffers, DrawAddress, Span

    rules, found = task.arrays.rules, [0] * len(buffers)
    for rule in range(len(rules.table)):
        at = DrawAddress(rule, step, task.seed, replicate)
        rest = [Buffers(one.draws, one.changed[count:]) for one, count in zip(buffers, found, strict=True)]
        rows = synchronous.row_count(rules.table, people.list_length, task.arrays.n, networks.extensions, rule, step)
        own, *others = _spans(rows, len(buffers))
        jobs = [
            pool.submit(synchronous.try_rule, rules, people, *networks, synchronous.Trial(at, Span(*span)), rest[k])
            for k, span in enumerate(others, start=1)
        ]
        found[0] += synchronous.try_rule(rules, people, *networks, synchronous.Trial(at, Span(*own)), rest[0])
        for k, job in enumerate(jobs, start=1):
            found[k] += job.result()
    for one, count in zip(buffers, found, strict=True):
        synchronous.apply_changes(rules, people, *networks[:3], step, one.changed, count)
    compact_lists(rules, people, networks.thresholds, networks.hyperedges)


def _spans(rows: int, workers: int) -> Iterator[tuple[int, int]]:
    """Spans of rows, one for each thread, that begin at multiples of 32; one span where there is little to share."""
    parts = workers if rows >= LARGE // 4 else 1
    width = -(-rows // (32 * parts)) * 32
    for k in range(parts):
        yield min(k * width, rows), min((k + 1) * width, rows)
