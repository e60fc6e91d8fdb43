"""The one way to run a world: any number of replicates and threads, the same result bit for bit."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold import checks
from tenfold.errors import SpecError
from tenfold.world.arrays import Part, Run, bytes_of, chance, gather, scene, starters
from tenfold.world.checkpoint import Checkpoint
from tenfold.world.memory import claim
from tenfold.world.result import WorldResult
from tenfold.world.world import AREAS, World

if TYPE_CHECKING:
    from tenfold.kernels.world.attainment import Law, Lives
    from tenfold.kernels.world.crisis import Record

__all__ = ["LIMIT", "run_world"]

LIMIT = 2000
"""Steps after which a run ends that was to go on until everyone has attained."""
CHUNK = 256  # steps between two looks at the progress, at most
SMALL = 64  # villages up to which one thread does a step alone
MANY = 5000  # villages from which on there are several spans for each thread, so that none waits long for another
SPANS = 4


def run_world(
    world: World,
    *,
    steps: int | None = None,
    seed: int = 0,
    replicates: int = 1,
    start: int | str | ArrayLike = 1,
    threads: int | None = None,
    keep: Sequence[str] = (),
    progress: Callable[[int, int, int], None] | None = None,
    checkpoint: str | Path | None = None,
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
        Runs with different luck; run r with the same seed has the same luck whatever their number.
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
    if not isinstance(world, World):
        raise SpecError(f"world is a {type(world).__name__}; expected a World.")
    limit = LIMIT if steps is None else checks.whole(steps, "steps", low=1, high=2**31 - 2)
    number = checks.whole(seed, "seed", low=0, high=2**32 - 1)
    count = checks.whole(replicates, "replicates", low=1, high=2**32 - 1)
    workers = (os.cpu_count() or 1) if threads is None else checks.whole(threads, "threads", low=1, high=4096)
    if unknown := [one for one in keep if one != "final"]:
        raise SpecError(f"keep names '{unknown[0]}'; expected final, or nothing.")
    at_once = min(count, workers) if world.villages <= SMALL and checkpoint is None else 1
    first_rows = min(limit, CHUNK) + 1
    claim(bytes_of(world, replicates=count, at_once=at_once, rows=first_rows, keep="final" in keep), f"{world.people} people")
    begin = starters(world, start)
    about: dict[str, Any] = {
        "world": world.to_dict(), "steps": steps, "seed": number, "replicates": count, "start": _plain(start),
        "tenfold": version("tenfold"),
    }  # fmt: skip
    tell = progress or (lambda *_: None)
    request = _Request(world, begin, number, limit, steps is None, "final" in keep)
    if at_once > 1:
        with ThreadPoolExecutor(at_once) as pool:
            parts = list(pool.map(lambda k: _alone(request, k, tell), range(count)))
        return gather(world, parts, about)
    kept = Checkpoint(checkpoint, about)
    parts = kept.finished()
    with ThreadPoolExecutor(workers) as pool, kept.watching():
        for k in range(len(parts), count):
            run = _begin(request, k)
            kept.restore(run, parts)
            parts.append(_together(request, run, pool, workers, partial(tell, k), kept, parts))
    kept.remove()
    return gather(world, parts, about)


@dataclass(frozen=True)
class _Request:
    """What is asked for: `open_end`, to stop when all is reached."""

    world: World
    start: NDArray[np.int64] | int
    seed: int
    limit: int
    open_end: bool
    final: bool


def _begin(request: _Request, replicate: int) -> Run:
    """A replicate with everybody marked and the start in its place, not counted yet."""
    from tenfold.kernels.world.attainment import mark

    world, made = request.world, scene(request.world, request.start, request.seed, replicate)
    for kind, share in ((0, world.devoted), (1, world.isolated), (2, world.mentors)):
        if not (share if kind else world.demands):
            continue
        even = round(share * 1_000_000) if kind == 2 and world.mentor_choice == "even" else -1
        mark(made.law, made.lives, kind, chance(share), world.demands, world.attention, even, 0, world.circles)
    return Run(made)


def _open(run: Run) -> Record:
    """Count the state as it is, into a row of its own."""
    from tenfold.kernels.world.attainment import settle
    from tenfold.kernels.world.crisis import finish

    law, lives, crisis, record = run.scene
    rows = _rows(record, 1)
    settle(law, lives, 0, len(lives.united), True)
    finish(law, lives, crisis, rows, max(run.step, 0), 0)
    return rows


def _rows(record: Record, count: int) -> Record:
    """The record with room for so many steps."""
    width = record.counts.shape[1]
    return record._replace(counts=np.zeros((count, width), np.int64), crisis=np.zeros((count, len(AREAS) + 1)))


def _ready(run: Run) -> None:
    """Count the start, or what was restored."""
    rows = _open(run)
    if run.step < 0:
        run.add(rows.counts, rows.crisis)
        run.step = 0


def _alone(request: _Request, replicate: int, tell: Callable[[int, int, int], None]) -> Part:
    """A replicate in this thread."""
    run = _begin(request, replicate)
    _ready(run)
    while not _is_over(request, run):
        _chunk(request, run)
        tell(replicate, run.step, run.reach)
    return run.part(request.final)


def _chunk(request: _Request, run: Run) -> None:
    """Some steps in one thread."""
    from tenfold.kernels.world.crisis import advance

    law, lives, crisis, record = run.scene
    first, last = run.step + 1, min(run.step + CHUNK, request.limit)
    rows = _rows(record, last - run.step)
    run.step, done = advance(law, lives, crisis, rows, first, last, int(request.open_end))
    taken = run.step + 1 - first
    gone = np.flatnonzero(rows.counts[:taken, 0] == 0)
    if request.open_end and not crisis.on and len(gone):  # as where every step is looked at
        taken = int(gone[0]) + 1
        run.step, done = first + int(gone[0]), True
    run.done = bool(done)
    run.add(rows.counts[:taken], rows.crisis[:taken])


def _together(
    request: _Request,
    run: Run,
    pool: ThreadPoolExecutor,
    workers: int,
    tell: Callable[[int, int], None],
    kept: Checkpoint,
    parts: list[Part],
) -> Part:
    """A replicate whose steps are shared by threads, where it is large."""
    from tenfold.kernels.world.attainment import act
    from tenfold.kernels.world.crisis import finish, spread

    _ready(run)
    law, lives, crisis, record = run.scene
    villages = len(lives.united)
    cuts = np.linspace(0, villages, (workers * SPANS if villages > MANY else workers) + 1).astype(int).tolist()
    spans = list(pairwise(cuts))
    while not _is_over(request, run):
        kept.look(run, parts)
        if villages <= SMALL:
            _chunk(request, run)
            tell(run.step, run.reach)
            continue
        step, rows = run.step + 1, _rows(record, 1)
        _share(pool, spans, partial(act, law, lives, step))
        if crisis.on:
            spread(law, lives, crisis)
        _share(pool, spans, partial(_settle, law, lives))
        done = finish(law, lives, crisis, rows, step, 0)
        run.step = step
        run.add(rows.counts, rows.crisis)
        run.done = bool(done) or (run.reach == 0 and not crisis.on)
        tell(run.step, run.reach)
    return run.part(request.final)


def _settle(law: Law, lives: Lives, low: int, high: int) -> None:
    """Take over what changed in some villages."""
    from tenfold.kernels.world.attainment import settle

    settle(law, lives, low, high, False)


def _share(pool: ThreadPoolExecutor, spans: list[tuple[int, int]], work: Callable[[int, int], None]) -> None:
    """All spans, the first one by this thread."""
    jobs = [pool.submit(work, low, high) for low, high in spans[1:]]
    work(*spans[0])
    for job in jobs:
        job.result()


def _is_over(request: _Request, run: Run) -> bool:
    return run.step >= request.limit or (request.open_end and run.done)


def _plain(start: int | str | ArrayLike) -> Any:
    """The start as plain data."""
    return start if isinstance(start, str) else np.asarray(start).tolist()
