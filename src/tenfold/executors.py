"""Work that is shared out: to threads, to processes, or to the workers of a cluster. The results are the same wherever it runs.

Any `concurrent.futures.Executor` will do. That of Dask (`Client.get_executor()`) sends what all jobs need to each worker once, and does
again what a worker had that was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from typing import Any, TypeVar

from tenfold.errors import BackendError

__all__ = ["run_jobs"]

Shared = TypeVar("Shared")
Part = TypeVar("Part")
Found = TypeVar("Found")
LISTEN = 0.1  # seconds between two looks at whether somebody pressed Ctrl-C
TRIES = 3  # of a job whose worker is lost
WAIT = 120  # seconds in which a worker that died is there again


def run_jobs(executor: Executor, job: Callable[[Shared, Part], Found], shared: Shared, parts: Sequence[Part]) -> Iterator[Found]:
    """What `job(shared, part)` returns for each part, in the order in which they end. After an error or Ctrl-C the rest is cancelled.

    For an executor of processes `job` is a function of a module, and `shared`, parts and results can be pickled.

    Raises
    ------
    BackendError
        Workers were lost again and again, or the executor is broken.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     sorted(run_jobs(pool, pow, 2, [1, 2, 3]))
    [2, 4, 8]
    """
    sent = _send(executor, shared)
    running: dict[Future[Found], int] = {}
    tries = [1] * len(parts)
    try:
        for number, part in enumerate(parts):
            running[executor.submit(job, sent, part)] = number
        while running:  # a wait without end would not hear Ctrl-C where a library has put a handler of its own before Python's
            for future in wait(running, timeout=LISTEN, return_when=FIRST_COMPLETED).done:
                number = running.pop(future)
                error = _lost(future)
                if error is None:
                    yield future.result()
                    continue
                if isinstance(error, BrokenExecutor) or tries[number] == TRIES:
                    words = f"executor: lost a worker {tries[number]} times ({type(error).__name__}: {error})"
                    raise BackendError(
                        f"{words}. Look at the memory of the workers, and run it again with a new executor."
                    ) from error
                tries[number] += 1
                sent = _send(executor, shared)  # what was sent may be lost with the worker
                running[executor.submit(job, sent, parts[number])] = number
    except BaseException:
        for future in running:
            future.cancel()
        raise


def _send(executor: Executor, shared: Shared) -> Any:
    """What stands for `shared` in a job: a handle, where the executor is Dask's and keeps it with each worker; else the value itself."""
    client = getattr(executor, "_client", None)
    if client is None:
        return shared
    try:
        return client.scatter(shared, broadcast=True, hash=False, timeout=WAIT)
    except TimeoutError:
        raise BackendError(
            f"executor: no worker of the cluster is running after {WAIT} s; expected one. Start its workers."
        ) from None


def _lost(future: Future[Any]) -> BaseException | None:
    """Why a job was not done although nothing is wrong with it; None if it was done, or failed by itself."""
    try:
        error = future.exception()
    except CancelledError as cancelled:
        return cancelled
    if isinstance(error, BrokenExecutor | CancelledError) or type(error).__module__.partition(".")[0] == "distributed":
        return error
    return None
