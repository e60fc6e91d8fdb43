"""Runs of a model: one replicate after the other, or one whose large steps are shared by threads. The result is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.spread.arrays import Setting, clocks, inhabited
from tenfold.spread.start import seats

if TYPE_CHECKING:
    from tenfold.kernels.spread.state import Start, World

__all__ = ["Part", "Task", "run_block", "run_shared"]

Advance = Callable[
    [int, NDArray[np.int64]], int
]  # runs a replicate, fills its counts, and returns the next step that is to be taken
LARGE = 100_000  # rows from which on a step is shared by the threads
STRETCH = 5_000  # steps between two looks at whether to stop


@dataclass(frozen=True)
class Task:
    """What to run. `start`: one for all replicates, or a list with one for each; `stop[0]`: 1 once the rest is not wanted any more."""

    setting: Setting
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
    given, world, size = task.setting, inhabited(task.setting, task.first_time), len(replicates)
    counts = np.zeros((size, task.steps + 1, len(given.model.states)), np.int64)
    first = np.zeros((size if task.first_time else 0, *world.people.first_time.shape), np.int32)
    final = np.zeros((size if task.final else 0, given.n), np.uint8)
    run, done = _runner(task, world), 0
    each = 1 if isinstance(task.start, list) else size
    for low in range(0, size, each):
        span = slice(low, low + each)
        done += run(_start(task, int(replicates[low])), replicates[span], counts[span], first[span], final[span])
    kept = slice(0, done)
    return Part(
        replicates[kept], counts[kept], task.steps, first[kept] if task.first_time else None, final[kept] if task.final else None
    )


def _runner(task: Task, world: World) -> Callable[..., int]:
    """The kernel that runs replicates by the clock; it fills counts, first times and last states, and returns how many it has done."""
    from tenfold.kernels.rng import draw_buffer
    from tenfold.kernels.spread import next_reaction, synchronous

    rules, out = task.setting.rules, _out(task.setting.n)
    if task.clock == "steps":
        room = draw_buffer()
        return lambda start, numbers, counts, first, final: synchronous.run(
            rules, *world, start, task.steps, task.seed, numbers, counts, first, final, room, out, task.stop
        )
    watches = clocks(task.setting)
    return lambda start, numbers, counts, first, final: next_reaction.run(
        rules, *world, watches, start, task.steps, task.seed, numbers, counts, first, final, out, task.stop
    )


def _out(n: int) -> NDArray[np.int32]:
    """Room for those who are marked, and for a batch of those who are hit."""
    from tenfold.kernels.rng import BATCH

    return np.empty(n + 32 * BATCH, np.int32)


def _start(task: Task, replicate: int) -> Start:
    """Who is where at the start of a replicate; the order to draw people from is this thread's own, as a draw shuffles it for a while."""
    if isinstance(task.start, list):
        return seats(task.setting.model, task.setting.n, task.start[replicate])
    own: Start = task.start._replace(order=task.start.order.copy())
    return own


def run_shared(task: Task, replicate: int, workers: int) -> Part:
    """One replicate in synchronous steps whose large ones are shared by threads."""
    from tenfold.kernels.rng import draw_buffer
    from tenfold.kernels.spread import synchronous
    from tenfold.kernels.spread.state import prepare

    given = task.setting
    rules, seed = given.rules, task.seed
    world = inhabited(given, task.first_time)
    prepare(rules, *world[:4], _start(task, replicate), seed, replicate)
    counts = np.zeros((task.steps + 1, len(given.model.states)), np.int64)
    counts[0] = world.people.counts
    batches = [draw_buffer() for _ in range(workers)]
    outs = [_out(given.n) for _ in range(workers)]
    step = 1
    try:
        with ThreadPoolExecutor(workers) as pool:
            while step <= task.steps:
                until = min(task.steps, step + STRETCH)
                after = synchronous.advance(
                    rules, *world, step, until, seed, replicate, counts, LARGE, batches[0], outs[0], task.stop
                )
                if after > step:
                    step = after
                    continue
                found = [0] * workers
                for rule in range(len(rules.table)):
                    high = synchronous.rows(rules, world.people, world.others, rule, step)
                    cuts = list(_cuts(high, workers))
                    jobs = [
                        pool.submit(
                            synchronous.rule_pass,
                            rules,
                            *world,
                            rule,
                            step,
                            seed,
                            replicate,
                            low,
                            top,
                            batches[k],
                            outs[k][found[k] :],
                        )
                        for k, (low, top) in enumerate(cuts[1:], start=1)
                    ]
                    found[0] += synchronous.rule_pass(
                        rules, *world, rule, step, seed, replicate, *cuts[0], batches[0], outs[0][found[0] :]
                    )
                    for k, job in enumerate(jobs, start=1):
                        found[k] += job.result()
                for k in range(workers):
                    synchronous.commit(rules, *world[:4], step, outs[k], found[k])
                synchronous.gather(rules, world.people, world.needs, world.crowds)
                counts[step] = world.people.counts
                step += 1
    except KeyboardInterrupt:
        task.stop[0] = 1
    first = world.people.first_time[np.newaxis] if task.first_time else None
    final = world.people.state[np.newaxis] if task.final else None
    return Part(np.array([replicate]), counts[np.newaxis], step - 1, first, final)


def _cuts(rows: int, workers: int) -> Iterator[tuple[int, int]]:
    """Spans of rows, one for each thread, that begin at multiples of 32; one span where there is little to share."""
    parts = workers if rows >= LARGE // 4 else 1
    width = -(-rows // (32 * parts)) * 32
    for k in range(parts):
        yield min(k * width, rows), min((k + 1) * width, rows)
