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

from tenfold.errors import SpecError
from tenfold.world.checkpoint_file import write_checkpoint
from tenfold.world.replicate import FinishedReplicate, Replicate

__all__ = ["Checkpoint", "remove_checkpoint"]

INTERVAL = 30.0  # seconds between two writings
FINISHED = ("counts", "crisis", "village_times", "crisis_times", "final")


class Checkpoint:
    """The file of a run, or none.

    `settings` say which run it is; a file of another run is refused. `data`: what the file holds.
    """

    def __init__(self, path: str | Path | None, settings: Mapping[str, Any]) -> None:
        self.path = None if path is None else Path(path)
        self.settings = json.dumps(settings, sort_keys=True)
        self.last_written = time.monotonic()
        self.interrupted = False
        self.data: dict[str, Any] = self._read() if self.path is not None and self.path.exists() else {}
        self.exists = bool(self.data)  # as a file of this run

    def _read(self) -> dict[str, Any]:
        """What the file holds, if it is of this run."""
        try:
            with np.load(str(self.path), allow_pickle=False) as file:
                data = dict(file)
            theirs = json.loads(str(data["about"]))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise SpecError(f"{self.path}: is no checkpoint of a world ({type(error).__name__}). Name another file.") from None
        own = json.loads(self.settings)
        if theirs != own:
            theirs, own = _flat(theirs), _flat(own)
            name = next(name for name in sorted({*theirs, *own}) if theirs.get(name) != own.get(name))
            words = f"is of another run: {name} was {theirs.get(name)}, now it is {own.get(name)}"
            raise SpecError(f"{self.path}: {words}. Ask for the same run, or name another file.")
        return data

    def finished(self) -> list[FinishedReplicate]:
        """The replicates that are finished."""
        count = int(self.data.get("finished", 0))
        return [FinishedReplicate(*(self.data[f"{k}.{name}"] for name in FINISHED)) for k in range(count)]

    def restore(self, replicate: Replicate, finished: list[FinishedReplicate]) -> None:
        """Bring a replicate to where the file left it, if it is the one that was in progress."""
        if not self.data or int(self.data["replicate"]) != len(finished):
            return
        population, crisis, record = replicate.state.population, replicate.state.crisis, replicate.state.record
        for name, array in (
            ("now", population.attained_next),
            ("until", population.disturbed_until),
            ("village_severity", population.severity),
            ("severity", crisis.severity),
            ("village_times", record.village_times),
            ("crisis_times", record.crisis_times),
        ):
            array[:] = self.data[name]
        replicate.add(self.data["counts"], self.data["crisis"])
        replicate.step, replicate.done = int(self.data["step"]), bool(self.data["done"])
        self.data = {}

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


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in one level."""
    return {**{key: value for key, value in settings.items() if key != "world"}, **settings["world"]}
