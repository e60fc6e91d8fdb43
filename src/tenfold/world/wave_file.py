"""A wave that can be gone on with: where it is, in one file that is written whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenfold.errors import SpecError, StoreError

if TYPE_CHECKING:
    from tenfold.world.wave import Spreading

__all__ = ["WaveFile"]


class WaveFile:
    """The checkpoint of a wave, or none; written every so many steps."""

    def __init__(self, path: str | Path | None, spreading: Spreading, *, every: int) -> None:
        self.path, self.spreading, self.every = None if path is None else Path(path), spreading, every

    def restore(self) -> None:
        """Go on from the file, where there is one.

        Raises
        ------
        SpecError
            A file that is no checkpoint of this wave.
        """
        if self.path is None or not self.path.exists():
            return
        own = self.spreading
        try:
            with np.load(self.path, allow_pickle=False) as file:
                about = str(file["about"])
                if about == own.about:
                    own.counts, own.told = file["counts"].tolist(), file["told"].tolist()
                    own.awake[:] = file["awake"]
                    own.state[:] = file["state"]
                    return
                before, now = json.loads(about), json.loads(own.about)
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise SpecError(f"{self.path}: is no checkpoint of a wave ({type(error).__name__}). Name another file.") from None
        name = next((name for name in sorted({*before, *now}) if before.get(name) != now.get(name)), "about")
        words = f"is of another wave: {name} was {before.get(name)}, now it is {now.get(name)}"
        raise SpecError(f"{self.path}: {words}. Ask for the same wave, or name another file.")

    def look(self) -> None:
        """After a step: write if it is time.

        Raises
        ------
        StoreError
            A file that cannot be written.
        """
        own = self.spreading
        if self.path is None or (len(own.counts) - 1) % self.every:
            return
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}.npz")
        try:
            with fresh.open("wb") as file:
                np.savez(
                    file, about=np.array(own.about), counts=np.array(own.counts, np.int64), told=np.array(own.told, np.uint64),
                    awake=own.awake, state=own.state,
                )  # fmt: skip
            fresh.replace(self.path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            words = f"cannot be written ({error.strerror}). Free some space, or name another file."
            raise StoreError(f"{self.path}: {words}") from None

    def remove(self) -> None:
        """The wave is over."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
