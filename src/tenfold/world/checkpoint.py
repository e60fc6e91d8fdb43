"""The checkpoint of a run: what is done so far, in one file that is written whole or not at all."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.world.checkpoint_file import write_checkpoint
from tenfold.world.replicate import FinishedReplicate, Replicate
from tenfold.world.saved_arrays import SavedArrays
from tenfold.world.state import count_columns
from tenfold.world.world import AREAS, World

__all__ = ["Checkpoint", "remove_checkpoint"]

INTERVAL = 30.0  # seconds between two writings
FINISHED = ("counts", "crisis", "village_times", "crisis_times", "final")


class Checkpoint:
    """The file of a run, or none.

    `settings` say which run it is; a file of another run is refused. `saved`: what the file holds, until it is restored.
    """

    def __init__(self, path: str | Path | None, settings: Mapping[str, Any]) -> None:
        self.path = None if path is None else Path(path)
        self.settings = json.dumps(settings, sort_keys=True)
        self.last_written = time.monotonic()
        self.interrupted = False
        self.saved = SavedArrays(self.path, "a world") if self.path is not None and self.path.exists() else None
        if self.saved is not None:
            self.saved.refuse_another(json.loads(self.settings), "run")
        self.exists = self.saved is not None  # as a file of this run

    def finished(self, world: World, replicates: int) -> list[FinishedReplicate]:
        """The replicates that are finished."""
        saved = self.saved
        if saved is None:
            return []
        found = []
        for k in range(saved.number("finished", 0, replicates)):
            counts = saved.array(f"{k}.counts", np.int64, None, count_columns(world))
            village, crisis = (saved.array(f"{k}.{name}", np.int32, world.villages) for name in ("village_times", "crisis_times"))
            final = saved.array(f"{k}.final", np.uint16, None)
            if not len(counts) or len(final) not in (0, world.circles):
                raise saved.damaged(f"{k}.counts")
            found.append(
                FinishedReplicate(counts, saved.array(f"{k}.crisis", float, len(counts), len(AREAS) + 1), village, crisis, final)
            )
        return found

    def restore(self, replicate: Replicate, finished: list[FinishedReplicate]) -> None:
        """Bring a replicate to where the file left it, if it is the one that was in progress."""
        saved, self.saved = self.saved, None
        if saved is None or saved.number("replicate", 0, 2**32) != len(finished):
            return
        population, crisis, record = replicate.state.population, replicate.state.crisis, replicate.state.record
        step = saved.number("step", 0, 2**31 - 2)
        counts = saved.array("counts", np.int64, step + 1, record.counts.shape[1])
        for name, array in (
            ("now", population.attained_next),
            ("until", population.disturbed_until),
            ("village_severity", population.severity),
            ("severity", crisis.severity),
            ("village_times", record.village_times),
            ("crisis_times", record.crisis_times),
        ):
            array[:] = saved.like(name, array)
        replicate.add(counts, saved.array("crisis", float, step + 1, record.crisis.shape[1]))
        replicate.step, replicate.done = step, bool(saved.number("done", 0, 1))

    def write_if_due(self, replicate: Replicate, finished: list[FinishedReplicate]) -> None:
        """Between two steps: write after each interval, and before an interrupt is passed on."""
        if self.path is None:
            return
        if self.interrupted or time.monotonic() - self.last_written > INTERVAL:
            self._write(self.path, _in_progress(replicate), finished)
            self.last_written = time.monotonic()
        if self.interrupted:
            raise KeyboardInterrupt

    def write_finished(self, finished: list[FinishedReplicate]) -> None:
        """Write the end of the run, for a caller that removes the file when the result is stored elsewhere."""
        if self.path is not None:
            self._write(self.path, {}, finished)

    def _write(self, path: Path, in_progress: dict[str, Any], finished: list[FinishedReplicate]) -> None:
        """Replace the file by what is finished, and the replicate in progress."""
        data: dict[str, Any] = {"about": self.settings, "finished": len(finished), "replicate": len(finished), **in_progress}
        for k, one in enumerate(finished):
            data |= {f"{k}.{name}": getattr(one, name) for name in FINISHED}
        write_checkpoint(path, data)
        self.exists = True

    @contextmanager
    def deferring_interrupts(self) -> Iterator[None]:
        """Meanwhile Ctrl-C waits for the end of a step, so that the file is whole; without a file nothing changes."""
        if self.path is None or threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupt(*_: object) -> None:
            self.interrupted = True

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def remove(self) -> None:
        """Remove the file, once the run is done, if it is of this run: read or written by it."""
        if self.path is not None and self.exists:
            remove_checkpoint(self.path)


def remove_checkpoint(path: Path) -> None:
    """Remove the file of a run whose result is stored."""
    path.unlink(missing_ok=True)


def _in_progress(replicate: Replicate) -> dict[str, Any]:
    """The state of a replicate between two steps."""
    population, crisis, record = replicate.state.population, replicate.state.crisis, replicate.state.record
    return {
        "step": replicate.step,
        "done": replicate.done,
        "counts": np.concatenate(replicate.counts),
        "crisis": np.concatenate(replicate.crisis),
        "now": population.attained,
        "until": population.disturbed_until,
        "village_severity": population.severity,
        "severity": crisis.severity,
        "village_times": record.village_times,
        "crisis_times": record.crisis_times,
    }
