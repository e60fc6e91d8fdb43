"""The one way to run a model: any number of replicates, the same result however they are shared out."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import BackendError, SpecError
from tenfold.executors import run_jobs
from tenfold.networks.graph import Graph
from tenfold.networks.groups import Groups
from tenfold.networks.labels import Positions
from tenfold.networks.temporal import Temporal
from tenfold.spread.arrays import LONGEST, Network, model_arrays
from tenfold.spread.initial_states import initial_states, placed
from tenfold.spread.model import Model
from tenfold.spread.result import Result
from tenfold.spread.run import Part, Task, run_block, run_shared
from tenfold.version import __version__

__all__ = ["RunOptions", "simulate"]

KEEP = ("first_time", "final")
CLOCKS = ("steps", "continuous")
MEMORY = 64_000_000  # bytes that the kept results of one block of replicates may take


class RunOptions(TypedDict, total=False):
    """Keywords that `simulate` takes beside the main ones; it says what they mean."""

    traits: Mapping[str, ArrayLike] | None
    clock: str
    executor: Executor | None
    device: str
    keep: Sequence[str]
    progress: Callable[[int], None] | None


@dataclass(frozen=True)
class RunSettings:
    """The options of a run, checked, with their defaults."""

    traits: Mapping[str, ArrayLike] | None = None
    clock: str = "steps"
    executor: Executor | None = None
    device: str = "cpu"
    keep: Sequence[str] = ()
    progress: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        if self.clock not in CLOCKS:
            raise SpecError(f"clock is {self.clock!r}; expected {' or '.join(CLOCKS)}.")
        if self.device != "cpu":
            raise BackendError(f"device is {self.device!r}; this Tenfold runs on 'cpu' alone.")
        if unknown := [one for one in self.keep if one not in KEEP]:
            raise SpecError(f"keep names '{unknown[0]}'; expected some of {', '.join(KEEP)}.")


def simulate(
    model: Model,
    graph: Graph | Temporal | Groups | Mapping[str, Network] | int,
    *,
    steps: int,
    start: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    replicates: int = 1,
    seed: int | None = None,
    groups: Groups | None = None,
    **options: Unpack[RunOptions],
) -> Result:
    """Run `model` on `graph`.

    Parameters
    ----------
    graph
        A network; several by name, which the rules' `layer` refers to; or only a number of people, for models that need no network.
    steps
        How many, from 1 on. At each everybody reads the state of the step before; the first rule that fires for somebody wins.
        With the continuous clock the time at which the run ends; counts are those at whole times.
    start
        For each state who is in it at step 0: a list of people (labels of the network; where it has none, or only names, positions from 0
        on; or `Positions`, or `Seeds`), a whole number of people, or a share of all (a float from 0 to 1); those not named are in the
        model's first state. Numbers and shares are drawn anew in each replicate. A list of such starts has one for
        each replicate.
    replicates
        Runs with different luck; run r with the same seed has the same luck whatever their number.
    seed
        0 to 2³² − 1; None draws one, which the provenance keeps.
    groups
        Groups beside the graph, for the rules that act on them.
    traits
        A number from 0 to 1 for each person, (n), for each trait that a rule names.
    clock
        ``"steps"`` for chances; ``"continuous"`` for rates: exact events one after the other (Gillespie 1977, doi:10.1021/j100540a008).
    executor
        Runs the replicates; by default the threads of this process. Any `concurrent.futures.Executor`, such as a process pool or Dask's
        ``client.get_executor()``; the result is the same.
    device
        ``"cpu"``: where it runs. There is no other yet.
    keep
        ``"first_time"``, ``"final"``: what to keep for each person besides the counts.
    progress
        Called with the number of replicates done.

    Returns
    -------
    Result
        After Ctrl-C the replicates that are done, or the steps of the only one; `provenance["interrupted"]` says so.

    Raises
    ------
    SpecError, DataError
        An argument is out of range, or model, networks, traits and start do not fit together.
    BackendError
        There is no such device.

    Examples
    --------
    >>> from tenfold.spread.library import si
    >>> ring = Graph.from_edges([0, 1, 2, 3], [1, 2, 3, 0])
    >>> simulate(si(chance=1.0), ring, steps=2, start={"I": [0]}, seed=1).counts[0].tolist()
    [[3, 1], [1, 3], [0, 4]]
    """
    checks.options(options, RunOptions, "simulate")
    checks.whole(steps, "steps", low=1, high=LONGEST if options.get("clock") == "continuous" else 2**31 - 1)
    checks.whole(replicates, "replicates", low=1, high=2**32 - 1)
    settings = RunSettings(**options)
    networks, n = _networks(graph, groups)
    _ask_for_memory(model, n, steps, replicates, settings)
    networks = _continued(networks, steps)
    named = next((one for one in networks.values() if one.labels is not None), None)
    given, start = start, placed(start, n if named is None else named)
    number = int.from_bytes(os.urandom(4), "little") if seed is None else checks.whole(seed, "seed", low=0, high=2**32 - 1)
    arrays = model_arrays(model, networks, n, settings.traits or {}, settings.clock)
    task = Task(
        arrays,
        _starts(model, n, start, replicates),
        steps,
        number,
        settings.clock,
        first_time="first_time" in settings.keep,
        final="final" in settings.keep,
        stop=np.zeros(1, np.uint8),
    )
    result, done = _run(task, replicates, settings)
    about = {
        "model": model.to_dict(),
        "clock": settings.clock,
        "steps": steps,
        "replicates": replicates,
        "seed": number,
        "people": n,
        "arcs": sum(one.arcs for one in networks.values() if isinstance(one, Graph)),
        "start": _plain(given),
        "tenfold": __version__,
    }
    if (done == steps).all():
        return replace(result, provenance=about, labels=None if named is None else named.labels)
    whole = np.flatnonzero(done == steps) if (done == steps).any() else np.flatnonzero(done)[:1]
    if not len(whole):
        raise KeyboardInterrupt
    about |= {"interrupted": True, "replicates_done": whole.tolist(), "steps": int(done[whole[0]])}
    return Result(
        result.counts[whole, : done[whole[0]] + 1],
        model.states,
        None if result.first_time is None else result.first_time[whole],
        None if result.final is None else result.final[whole],
        about,
        None if named is None else named.labels,
    )


def _ask_for_memory(model: Model, n: int, steps: int, replicates: int, settings: RunSettings) -> None:
    """Refuse a run whose results, or whose people, need more memory than is free."""
    counts = 8 * replicates * (steps + 1) * len(model.states)
    kept = replicates * n * (4 * len(model.states) * ("first_time" in settings.keep) + ("final" in settings.keep))
    people = n * (40 + 4 * len(model.states)) * (1 + min(replicates, os.cpu_count() or 1))
    words = f"{n} people, {replicates} replicates and {steps} steps of {len(model.states)} states"
    largest = max((counts, "steps or replicates"), (kept, "replicates, or leave out keep"), (people, "people"))[1]
    checks.memory(
        3 * counts + 2 * kept + people, words, f"Ask for fewer {largest}"
    )  # results, their parts, and what sums them up


def _continued(networks: dict[str, Network], steps: int) -> dict[str, Network]:
    """The networks, those in time as their `after` goes on to the last step; a warning where steps see nobody since the contacts end."""
    found = dict(networks)
    for name, one in networks.items():
        if isinstance(one, Temporal):
            if (unseen := one.past_end(steps)) is not None:
                warnings.warn(unseen, stacklevel=3)
            if one.after != "stop":
                found[name] = one.for_steps(steps)
    return found


def _run(task: Task, replicates: int, settings: RunSettings) -> tuple[Result, NDArray[np.int64]]:
    """All replicates, as far as Ctrl-C lets them, and how many steps of each were taken."""
    states, n = task.arrays.model.states, task.arrays.n
    counts = np.zeros((replicates, task.steps + 1, len(states)), np.int64)
    first = np.zeros((replicates, len(states), n), np.int32) if task.first_time else None
    final = np.zeros((replicates, n), np.uint8) if task.final else None
    done = np.zeros(replicates, np.int64)
    try:
        for part in _parts(task, replicates, settings.executor):
            counts[part.replicates], done[part.replicates] = part.counts, part.steps
            if first is not None and part.first_time is not None:
                first[part.replicates] = part.first_time
            if final is not None and part.final is not None:
                final[part.replicates] = part.final
            if settings.progress is not None:
                settings.progress(int((done == task.steps).sum()))
    except KeyboardInterrupt:
        task.stop[0] = 1
    return Result(counts, states, first, final), done


def _parts(task: Task, replicates: int, executor: Executor | None) -> Iterator[Part]:
    """All replicates, in the order in which they are done."""
    workers = os.cpu_count() or 1
    if executor is None and replicates < workers and task.clock == "steps":
        for replicate in range(replicates):
            if not task.stop[0]:
                yield run_shared(task, replicate, workers)
        return
    people = task.arrays.n * (4 * len(task.arrays.model.states) * task.first_time + task.final)
    each = max(1, MEMORY // (people + 8 * (task.steps + 1) * len(task.arrays.model.states)))
    blocks = max(min(replicates, 8 * workers), -(-replicates // each))
    pool = executor or ThreadPoolExecutor(workers)
    try:
        yield from run_jobs(pool, run_block, task, np.array_split(np.arange(replicates), blocks))
    except BaseException:
        task.stop[0] = 1  # before the pool waits for those who run
        raise
    finally:
        if executor is None:
            pool.shutdown(cancel_futures=True)


def _networks(graph: object, groups: Groups | None) -> tuple[dict[str, Network], int]:
    """Networks by name, and the number of people, the same in all."""
    if isinstance(graph, Mapping):
        networks = dict(graph)
    elif isinstance(graph, Graph | Temporal | Groups):
        networks = {"groups" if isinstance(graph, Groups) else "graph": graph}
    elif isinstance(graph, int | np.integer) and not isinstance(graph, bool):
        networks = {}
    else:
        raise SpecError(f"graph is a {type(graph).__name__}; expected a network, several by name, or a number of people.")
    if groups is not None:
        if "groups" in networks:
            raise SpecError("groups is given twice; expected it once.")
        networks["groups"] = groups
    for name, one in networks.items():
        if not isinstance(name, str) or not isinstance(one, Graph | Temporal | Groups):
            raise SpecError(f"graph: '{name}' is a {type(one).__name__}; expected a Graph, a Temporal or Groups by name.")
    numbered = isinstance(graph, int | np.integer)
    sizes = [checks.whole(graph, "graph, a number of people,", low=1, high=2**31 - 2)] if numbered else []
    sizes += [one.n for one in networks.values()]
    if not sizes or len(set(sizes)) > 1:
        raise SpecError(f"graph: the networks have {', '.join(map(str, sizes)) or 'no'} people; expected the same in all.")
    if len({tuple(one.labels) for one in networks.values() if one.labels is not None}) > 1:
        raise SpecError(
            "graph: the networks name different people; expected the same, in the same order. Read them from one table."
        )
    if sizes[0] == 0:
        raise SpecError("graph: has nobody in it; expected at least one person.")
    return networks, sizes[0]


def _starts(model: Model, n: int, start: Any, replicates: int) -> Any:
    """The start for all as arrays, or a list of starts, each of which is right."""
    if isinstance(start, Sequence) and not isinstance(start, str):
        if len(start) != replicates:
            raise SpecError(f"start: has {len(start)} starts for {replicates} replicates; expected one for each.")
        for one in start:
            initial_states(model, n, one)
        named = {state for one in start for state in one}
        found: Any = [dict(one) for one in start]
    else:
        found = initial_states(model, n, start)
        named = set(start)
    if unused := [state for state in model.unreachable() if state not in named]:
        words = f"model {model.name}: nobody can ever be in '{unused[0]}'; no rule leads there and nobody starts there."
        warnings.warn(words, stacklevel=3)
    return found


def _plain(start: Any) -> Any:
    """The start as plain data: people as they were given."""
    if not isinstance(start, Mapping):
        return [_plain(one) for one in start]
    return {state: value if isinstance(value, int | float | str) else _listed(value) for state, value in start.items()}


def _listed(people: Any) -> Any:
    people = getattr(people, "positions", people)
    if isinstance(people, Mapping | Positions):
        return {"positions": np.asarray(people["positions"] if isinstance(people, Mapping) else people.numbers).tolist()}
    return people.item() if isinstance(people, np.generic) else people.tolist() if hasattr(people, "tolist") else list(people)
