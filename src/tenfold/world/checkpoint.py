"""A run that can be gone on with: what is done, in one file that is written whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import SpecError, StoreError
from tenfold.world.arrays import Part, Run

__all__ = ["Checkpoint"]

EVERY = 30.0  # seconds between two writings
PART = ("counts", "crisis", "village_times", "crisis_times", "final")


class Checkpoint:
    """The file of a run, or none; `about` says which run it is."""

    def __init__(self, path: str | Path | None, about: Mapping[str, Any]) -> None:
        self.path = None if path is None else Path(path)
        self.about = json.dumps(about, sort_keys=True)
        self.last = time.monotonic()
        self.stopped = False
        self.data: dict[str, Any] = self._read() if self.path is not None and self.path.exists() else {}

    def _read(self) -> dict[str, Any]:
        """What the file holds, if it is of this run."""
        try:
            with np.load(str(self.path), allow_pickle=False) as file:
                data = dict(file)
            about = json.loads(str(data["about"]))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise SpecError(f"{self.path}: is no checkpoint of a world ({type(error).__name__}). Name another file.") from None
        mine = json.loads(self.about)
        if about != mine:
            theirs, own = _flat(about), _flat(mine)
            name = next(name for name in sorted({*theirs, *own}) if theirs.get(name) != own.get(name))
            words = f"is of another run: {name} was {theirs.get(name)}, now it is {own.get(name)}"
            raise SpecError(f"{self.path}: {words}. Ask for the same run, or name another file.")
        return data

    def finished(self) -> list[Part]:
        """The replicates that are done."""
        count = int(self.data.get("finished", 0))
        return [Part(*(self.data[f"{k}.{name}"] for name in PART)) for k in range(count)]

    def restore(self, run: Run, parts: list[Part]) -> None:
        """Bring a replicate to where the file left it, if it is the one that was not done."""
        if not self.data or int(self.data["replicate"]) != len(parts):
            return
        lives, crisis, record = run.scene.lives, run.scene.crisis, run.scene.record
        for name, array in (
            ("now", lives.fresh), ("until", lives.until), ("village_severity", lives.severity), ("severity", crisis.severity),
            ("village_times", record.village_times), ("crisis_times", record.crisis_times),
        ):  # fmt: skip
            array[:] = self.data[name]
        run.add(self.data["counts"], self.data["crisis"])
        run.step, run.done = int(self.data["step"]), bool(self.data["done"])
        self.data = {}

    def look(self, run: Run, parts: list[Part]) -> None:
        """Between two steps: write if it is time, or if somebody wants to stop."""
        if self.path is None:
            return
        if self.stopped or time.monotonic() - self.last > EVERY:
            self._write(run, parts)
            self.last = time.monotonic()
        if self.stopped:
            raise KeyboardInterrupt

    def _write(self, run: Run, parts: list[Part]) -> None:
        lives, crisis, record = run.scene.lives, run.scene.crisis, run.scene.record
        data: dict[str, Any] = {
            "about": self.about, "finished": len(parts), "replicate": len(parts), "step": run.step, "done": run.done,
            "counts": np.concatenate(run.counts), "crisis": np.concatenate(run.crisis), "now": lives.now, "until": lives.until,
            "village_severity": lives.severity, "severity": crisis.severity, "village_times": record.village_times,
            "crisis_times": record.crisis_times,
        }  # fmt: skip
        for k, part in enumerate(parts):
            data |= {f"{k}.{name}": getattr(part, name) for name in PART}
        assert self.path is not None
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}.npz")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                np.savez(file, **data)
            fresh.replace(self.path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise StoreError(
                f"{self.path}: cannot be written ({error.strerror}). Free some space, or name another file."
            ) from None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Meanwhile Ctrl-C waits for the end of a step, so that what is written is whole; nothing changes where no file was asked for."""
        if self.path is None or threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(*_: object) -> None:
            self.stopped = True

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def remove(self) -> None:
        """The run is done."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def _flat(about: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in one level."""
    return {**{key: value for key, value in about.items() if key != "world"}, **about["world"]}
