"""The one way to run a model: synchronous steps on a graph, any number of replicates, the same result however they are shared out."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.networks.graph import Graph
from tenfold.spread.model import Model
from tenfold.spread.result import Result

__all__ = ["simulate"]

KEEP = ("first_time", "final")
LARGE = 50_000  # active people from which on one step is shared by the threads


def simulate(
    model: Model,
    graph: Graph,
    *,
    steps: int,
    start: Mapping[str, Any],
    replicates: int = 1,
    seed: int | None = None,
    clock: str = "steps",
    executor: Executor | None = None,
    keep: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Run `model` on `graph`.

    Parameters
    ----------
    steps
        How many, from 1 on. At each everybody reads the state of the step before; the first rule that fires for somebody wins.
    start
        For each state who is in it at step 0: a list of ids, a whole number of people, or a share of all (a float from 0 to 1); those
        not named are in the model's first state. Numbers and shares are drawn anew in each replicate.
    replicates
        Runs with different luck; run r with the same seed has the same luck whatever their number.
    seed
        0 to 2³² − 1; None draws one, which the provenance keeps.
    executor
        Runs the replicates; by default the threads of this process.
    keep
        ``"first_time"``, ``"final"``: what to keep for each person besides the counts.
    progress
        Called with the number of replicates done.

    Raises
    ------
    SpecError
        An argument is out of range, or the start does not add up.

    Examples
    --------
    >>> from tenfold.spread.library import si
    >>> ring = Graph.from_edges([0, 1, 2, 3], [1, 2, 3, 0])
    >>> simulate(si(chance=1.0), ring, steps=2, start={"I": [0]}, seed=1).counts[0].tolist()
    [[3, 1], [1, 3], [0, 4]]
    """
    checks.whole(steps, "steps", low=1)
    checks.whole(replicates, "replicates", low=1)
    if clock != "steps":
        raise SpecError(f"clock is {clock!r}; expected 'steps'.")
    if unknown := [one for one in keep if one not in KEEP]:
        raise SpecError(f"keep names '{unknown[0]}'; expected some of {', '.join(KEEP)}.")
    if graph.n == 0:
        raise SpecError("graph: has nobody in it; expected at least one person.")
    if any(getattr(rule, "chance", None) == "weight" for rule in model.rules):
        if graph.weight is None:
            raise SpecError(
                f"model {model.name}: a chance is the edge's weight, and the graph has none. Give it weights from 0 to 1."
            )
        if len(graph.weight) and graph.weight.max() > 1:
            raise SpecError(
                f"graph: weight {graph.weight.max():g} is no chance; expected 0 to 1, as the model {model.name} takes them for one."
            )
    lone = [state for state in model.unreachable() if state not in start]
    if lone:
        warnings.warn(
            f"model {model.name}: nobody can ever be in '{lone[0]}'; no rule leads there and nobody starts there.", stacklevel=2
        )
    number = int.from_bytes(os.urandom(4), "little") if seed is None else checks.whole(seed, "seed", low=0, high=2**32 - 1)
    fixed, drawn = _start(model, graph, start)
    counts = np.zeros((replicates, steps + 1, len(model.states)), np.int64)
    first = np.zeros((replicates, len(model.states), graph.n), np.int32) if "first_time" in keep else None
    final = np.zeros((replicates, graph.n), np.uint8) if "final" in keep else None
    workers = os.cpu_count() or 1
    if executor is None and replicates < workers:
        for replicate in range(replicates):
            part = _alone(model, graph, fixed, drawn, steps, number, replicate, first is not None, workers)
            _keep(part, replicate, counts, first, final)
            if progress is not None:
                progress(replicate + 1)
    else:
        pool = executor or ThreadPoolExecutor(workers)
        blocks = np.array_split(np.arange(replicates), min(replicates, 8 * workers))
        tasks = [
            (model, graph, fixed, drawn, steps, number, block.tolist(), first is not None, final is not None) for block in blocks
        ]
        try:
            done = 0
            for block, parts in zip(blocks, pool.map(run_block, tasks), strict=True):
                for replicate, part in zip(block.tolist(), parts, strict=True):
                    _keep(part, replicate, counts, first, final)
                done += len(block)
                if progress is not None:
                    progress(done)
        finally:
            if executor is None:
                pool.shutdown(cancel_futures=True)
    about = {
        "model": model.to_dict(), "steps": steps, "replicates": replicates, "seed": number, "people": graph.n, "arcs": graph.arcs,
        "start": {state: value if isinstance(value, int | float) else np.asarray(value).tolist() for state, value in start.items()},
        "tenfold": version("tenfold"),
    }  # fmt: skip
    return Result(counts, model.states, first, final, about)


Part = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint8]]
Task = tuple[Model, Graph, NDArray[np.uint8], list[tuple[int, int]], int, int, list[int], bool, bool]


def run_block(task: Task) -> list[Part]:
    """Some replicates: counts, first times, last states."""
    from tenfold.kernels.spread import run

    model, graph, fixed, drawn, steps, seed, replicates, first, final = task
    rules, world = _world(model, graph, first)
    parts = []
    for replicate in replicates:
        counts = np.zeros((steps + 1, len(model.states)), np.int64)
        _reset(world)
        run(rules, world, _seated(fixed, drawn, seed, replicate), steps, seed, replicate, counts)
        parts.append(
            (counts, world.first_time.copy() if first else world.first_time, world.state.copy() if final else world.state[:0])
        )
    return parts


def _alone(
    model: Model,
    graph: Graph,
    fixed: NDArray[np.uint8],
    drawn: list[tuple[int, int]],
    steps: int,
    seed: int,
    replicate: int,
    first: bool,
    workers: int,
) -> Part:
    """One replicate whose large steps are shared by the threads; the same as `run`, pass by pass."""
    from tenfold.kernels import spread

    rules, world = _world(model, graph, first)
    _reset(world)
    spread.prepare(rules, world, _seated(fixed, drawn, seed, replicate))
    counts = np.zeros((steps + 1, len(model.states)), np.int64)
    counts[0] = world.counts
    out = np.empty(2 * graph.n + workers, np.int32)
    rooms = [np.empty(graph.n, np.int32) for _ in range(workers)]
    buffers = [spread.room() for _ in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        for step in range(1, steps + 1):
            found = 0
            for rule in range(len(model.rules)):
                if not rules.first[rule] <= step <= rules.last[rule]:
                    continue
                high, way = spread.way_of(rules, world, rule)
                if rules.kind[rule] == spread.THRESHOLD or high < LARGE:
                    found += spread.rule_pass(rules, world, rule, step, seed, replicate, 0, high, way, buffers[0], out[found:])
                    continue
                cuts = np.linspace(0, high, workers + 1).astype(int).tolist()
                jobs = [
                    pool.submit(
                        spread.rule_pass,
                        rules,
                        world,
                        rule,
                        step,
                        seed,
                        replicate,
                        cuts[k],
                        cuts[k + 1],
                        way,
                        buffers[k],
                        rooms[k],
                    )
                    for k in range(workers)
                ]
                for room, job in zip(rooms, jobs, strict=True):
                    new = job.result()
                    out[found : found + new] = room[:new]
                    found += new
            if found:
                spread.commit(rules, world, step, out, found)
            counts[step] = world.counts
    return counts, world.first_time, world.state


def _world(model: Model, graph: Graph, first: bool) -> tuple[Any, Any]:
    """Arrays for one replicate at a time."""
    from tenfold.kernels.spread import World

    rules, thresholds = model.compiled()
    n, whole = graph.n, 2.0**32
    weighted = any(getattr(rule, "chance", None) == "weight" for rule in model.rules)
    need = np.zeros((len(thresholds), n), np.int32)
    if thresholds:
        reached_by = np.bincount(graph.other, minlength=n)
        for row, rule in enumerate(thresholds):
            if rule.count is not None:
                need[row] = rule.count
            else:
                need[row] = np.maximum(np.ceil((rule.fraction or 0.0) * reached_by - 1e-9), 1)
    return rules, World(
        start=graph.start,
        other=graph.other,
        arc_chance=np.rint(graph.weight * whole).astype(np.uint64)
        if weighted and graph.weight is not None
        else np.zeros(0, np.uint64),
        mutual=np.array([not graph.directed, graph.parallel()], np.uint8),
        state=np.zeros(n, np.uint8),
        mark=np.zeros(n, np.uint8),
        place=np.zeros(n, np.int32),
        active=np.zeros(n, np.int32),
        size=np.zeros(2, np.int64),
        near=np.zeros((len(thresholds), n), np.int32),
        need=need,
        queue=np.zeros(len(thresholds) * n, np.int32),
        queued=np.zeros((len(thresholds), n), np.uint8),
        counts=np.zeros(len(model.states), np.int64),
        first_time=np.zeros((len(model.states), n if first else 0), np.int32),
    )


def _reset(world: Any) -> None:
    """Empty the lists and counts of the replicate before."""
    world.size[:] = 0
    world.near[:] = 0
    world.queued[:] = 0
    world.counts[:] = 0
    world.first_time[:] = -1


def _seated(fixed: NDArray[np.uint8], drawn: list[tuple[int, int]], seed: int, replicate: int) -> NDArray[np.uint8]:
    """The state of everybody at step 0."""
    from tenfold.kernels.spread import seat

    if not drawn:
        return fixed
    state = fixed.copy()
    order = np.flatnonzero(state == 0).astype(np.int32)
    taken = 0
    for into, count in drawn:
        seat(state, order, taken, count, into, seed, replicate)
        taken += count
    return state


def _start(model: Model, graph: Graph, start: Mapping[str, Any]) -> tuple[NDArray[np.uint8], list[tuple[int, int]]]:
    """States that are fixed, and how many to draw for which state."""
    if not isinstance(start, Mapping):
        raise SpecError(
            f"start is a {type(start).__name__}; expected a state with ids, a number or a share, such as {{'{model.states[-1]}': 10}}."
        )
    fixed = np.zeros(graph.n, np.uint8)
    drawn: list[tuple[int, int]] = []
    seated = 0
    for name, value in start.items():
        if name not in model.states:
            raise SpecError(f"start: '{name}' is no state of the model {model.name}; expected some of {', '.join(model.states)}.")
        into = model.states.index(name)
        if isinstance(value, bool) or value is None or isinstance(value, str):
            raise SpecError(f"start: '{name}' is {value!r}; expected ids, a whole number of people, or a share from 0 to 1.")
        if isinstance(value, int | np.integer):
            drawn.append((into, checks.whole(value, f"start: '{name}'", low=0, high=graph.n)))
        elif isinstance(value, float | np.floating):
            drawn.append((into, round(checks.share(float(value), f"start: '{name}'") * graph.n)))
        else:
            ids = np.asarray(value)
            if (
                ids.ndim != 1
                or (ids.size and ids.dtype.kind not in "iu")
                or (ids.size and (ids.min() < 0 or ids.max() >= graph.n))
            ):
                raise SpecError(f"start: the ids of '{name}' are out of range; expected whole numbers from 0 to {graph.n - 1}.")
            if ids.size and (len(np.unique(ids)) < len(ids) or (into and fixed[ids].any())):
                raise SpecError(f"start: somebody is named twice at '{name}'; everybody is in one state.")
            fixed[ids.astype(np.int64)] = into
            seated += len(ids) if into else 0
    drawn = [(into, count) for into, count in drawn if into]
    total = seated + sum(count for _, count in drawn)
    if total > graph.n:
        raise SpecError(f"start: adds up to {total} people; there are {graph.n}.")
    return fixed, drawn


def _keep(
    part: Part, replicate: int, counts: NDArray[np.int64], first: NDArray[np.int32] | None, final: NDArray[np.uint8] | None
) -> None:
    counts[replicate] = part[0]
    if first is not None:
        first[replicate] = part[1]
    if final is not None:
        final[replicate] = part[2]
