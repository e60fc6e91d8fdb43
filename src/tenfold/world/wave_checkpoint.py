"""The checkpoint of a wave: its state in one file that is written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tenfold.errors import SpecError
from tenfold.world.cascade import Cascade
from tenfold.world.checkpoint_file import write_checkpoint

__all__ = ["WaveCheckpoint"]


class WaveCheckpoint:
    """The file of a cascade, or none; written every `every` steps."""

    def __init__(self, path: str | Path | None, cascade: Cascade, *, every: int) -> None:
        self.path, self.cascade, self.every = None if path is None else Path(path), cascade, every
        self.exists = False  # as a file of this wave

    def restore(self) -> None:
        """Go on from the file, where there is one.

        Raises
        ------
        SpecError
            A file that is no checkpoint of this wave.
        """
        if self.path is None or not self.path.exists():
            return
        own = self.cascade
        try:
            with np.load(self.path, allow_pickle=False) as file:
                settings = str(file["about"])
                if settings == own.settings:
                    self.exists = True
                    own.counts, own.checksums = file["counts"].tolist(), file["told"].tolist()
                    own.state.active[:] = file["awake"]
                    own.state.circles[:] = file["state"]
                    return
                before, now = json.loads(settings), json.loads(own.settings)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise SpecError(f"{self.path}: is no checkpoint of a wave ({type(error).__name__}). Name another file.") from None
        name = next((name for name in sorted({*before, *now}) if before.get(name) != now.get(name)), "about")
        words = f"is of another wave: {name} was {before.get(name)}, now it is {now.get(name)}"
        raise SpecError(f"{self.path}: {words}. Ask for the same wave, or name another file.")

    def write_if_due(self) -> None:
        """After a step: write, if it is one of every so many.

        Raises
        ------
        StoreError
            A file that cannot be written.
        """
        own = self.cascade
        if self.path is None or (len(own.counts) - 1) % self.every:
            return
        data = {
            "about": np.array(own.settings),
            "counts": np.array(own.counts, np.int64),
            "told": np.array(own.checksums, np.uint64),
            "awake": own.state.active,
            "state": own.state.circles,
        }
        write_checkpoint(self.path, data)
        self.exists = True

    def remove(self) -> None:
        """Remove the file, once the wave is over, if it is of this wave: read or written by it."""
        if self.path is not None and self.exists:
            self.path.unlink(missing_ok=True)
