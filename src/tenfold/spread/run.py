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
    from tenfold.kernels.spread import World

__all__ = ["Part", "Task", "run_block", "run_shared"]

Advance = Callable[
    [int, NDArray[np.int64]], int
]  # runs a replicate, fills its counts, and returns the next step that is to be taken
LARGE = 20_000  # rows from which on a step is shared by the threads
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
    """One replicate: counts (steps + 1, states), how many of the steps were taken, and what was to be kept."""

    replicate: int
    counts: NDArray[np.int64]
    steps: int
    first_time: NDArray[np.int32] | None
    final: NDArray[np.uint8] | None


def run_block(task: Task, replicates: list[int]) -> list[Part]:
    """Some replicates, as far as nobody says stop."""
    found, world, order = list[Part](), inhabited(task.setting, task.first_time), _order(task)
    advance = _in_steps(task, world) if task.clock == "steps" else _by_rates(task, world)
    for replicate in replicates:
        counts = _prepared(task, world, replicate, order)
        reached = advance(replicate, counts)
        if reached <= task.steps:
            return found
        found.append(_part(task, world, replicate, counts, reached - 1))
    return found


def _in_steps(task: Task, world: World) -> Advance:
    """Runs a replicate in synchronous steps."""
    from tenfold.kernels.rng import batch
    from tenfold.kernels.steps import advance

    rules, room, out = task.setting.rules, batch(), np.empty(task.setting.n + 1, np.int32)
    return lambda replicate, counts: advance(
        rules, *world, 1, task.steps, task.seed, replicate, counts, 2**62, room, out, task.stop
    )


def _by_rates(task: Task, world: World) -> Advance:
    """Runs a replicate with the continuous clock."""
    from tenfold.kernels.rates import advance

    rules, watches, out = task.setting.rules, clocks(task.setting), np.empty(task.setting.n + 1, np.int32)
    return lambda replicate, counts: advance(rules, *world, watches, task.steps, task.seed, replicate, counts, out, task.stop)


def run_shared(task: Task, replicate: int, workers: int) -> Part:
    """One replicate in synchronous steps whose large ones are shared by threads."""
    from tenfold.kernels import steps
    from tenfold.kernels.rng import batch

    given = task.setting
    rules, seed = given.rules, task.seed
    world = inhabited(given, task.first_time)
    counts = _prepared(task, world, replicate, _order(task))
    batches = [batch() for _ in range(workers)]
    outs = [np.empty(given.n + 1, np.int32) for _ in range(workers)]
    step = 1
    try:
        with ThreadPoolExecutor(workers) as pool:
            while step <= task.steps:
                until = min(task.steps, step + STRETCH)
                after = steps.advance(rules, *world, step, until, seed, replicate, counts, LARGE, batches[0], outs[0], task.stop)
                if after > step:
                    step = after
                    continue
                found = [0] * workers
                for rule in range(len(rules.table)):
                    high = steps.rows(rules, world.people, world.others, rule, step)
                    cuts = list(_cuts(high, workers))
                    jobs = [
                        pool.submit(
                            steps.rule_pass, rules, *world, rule, step, seed, replicate, low, top, batches[k], outs[k][found[k] :]
                        )
                        for k, (low, top) in enumerate(cuts[1:], start=1)
                    ]
                    found[0] += steps.rule_pass(
                        rules, *world, rule, step, seed, replicate, *cuts[0], batches[0], outs[0][found[0] :]
                    )
                    for k, job in enumerate(jobs, start=1):
                        found[k] += job.result()
                for k in range(workers):
                    steps.commit(rules, *world[:4], step, outs[k], found[k])
                steps.gather(rules, world.people, world.needs, world.crowds)
                counts[step] = world.people.counts
                step += 1
    except KeyboardInterrupt:
        task.stop[0] = 1
    return _part(task, world, replicate, counts, step - 1)


def _cuts(rows: int, workers: int) -> Iterator[tuple[int, int]]:
    """Spans of rows, one for each thread, that begin at multiples of 32; one span where there is little to share."""
    parts = workers if rows >= LARGE // 4 else 1
    width = -(-rows // (32 * parts)) * 32
    for k in range(parts):
        yield min(k * width, rows), min((k + 1) * width, rows)


def _order(task: Task) -> NDArray[np.int32] | None:
    """The order to draw people from, for this thread alone: a draw shuffles it for as long as it lasts."""
    return None if isinstance(task.start, list) else task.start.order.copy()


def _prepared(task: Task, world: World, replicate: int, order: NDArray[np.int32] | None) -> NDArray[np.int64]:
    """Everybody at step 0, and the counts to be filled."""
    from tenfold.kernels.spread import prepare

    given = task.setting
    several = isinstance(task.start, list)
    where = seats(given.model, given.n, task.start[replicate]) if several else task.start._replace(order=order)
    prepare(given.rules, *world[:4], where, task.seed, replicate)
    counts = np.zeros((task.steps + 1, len(given.model.states)), np.int64)
    counts[0] = world.people.counts
    return counts


def _part(task: Task, world: World, replicate: int, counts: NDArray[np.int64], steps: int) -> Part:
    first = world.people.first_time.copy() if task.first_time else None
    return Part(replicate, counts, steps, first, world.people.state.copy() if task.final else None)
