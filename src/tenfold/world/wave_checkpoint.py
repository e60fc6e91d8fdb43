"""The checkpoint of a wave: its state in one file that is written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tenfold.world.cascade import Cascade
from tenfold.world.checkpoint_file import write_checkpoint
from tenfold.world.saved_arrays import SavedArrays

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
        own, saved = self.cascade, SavedArrays(self.path, "a wave")
        saved.refuse_another(json.loads(own.settings), "wave")
        counts, checksums = saved.array("counts", np.int64, None), saved.array("told", np.uint64, None)
        if not 0 < len(counts) == len(checksums) or counts.min() < 0 or counts.sum() > own.ties.people:
            raise saved.damaged("counts")
        own.state.active[:] = saved.like("awake", own.state.active)
        own.state.circles[:] = saved.like("state", own.state.circles)
        own.counts, own.checksums, self.exists = counts.tolist(), checksums.tolist(), True

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
