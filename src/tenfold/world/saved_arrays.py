"""The arrays of a checkpoint, read from a file that may be damaged or made to hurt: each has the type and the shape that it has to have."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from tenfold.documents import parse_json
from tenfold.errors import SpecError

__all__ = ["SavedArrays"]


class SavedArrays:
    """What a file holds. `kind`: of checkpoint, for messages. `settings`: which run it is of."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path, self.kind = path, kind
        try:
            with zipfile.ZipFile(path) as packed:
                parts = packed.infolist()
            if (
                any(one.compress_type != zipfile.ZIP_STORED for one in parts)
                or sum(one.file_size for one in parts) > path.stat().st_size
            ):
                raise ValueError("packed")  # Tenfold does not pack them, and what is packed may unpack without end
            with np.load(path, allow_pickle=False) as file:
                self._arrays: dict[str, NDArray[Any]] = dict(file)
        except Exception as error:  # whatever NumPy's parser raises for a file that was made to hurt
            raise SpecError(f"{path}: is no checkpoint of {kind} ({type(error).__name__}). Name another file.") from None
        self.settings = self._settings()

    def _settings(self) -> dict[str, Any]:
        about = self._arrays.get("about", np.array(""))
        found = parse_json(str(about).encode(errors="replace"), str(self.path), SpecError) if about.dtype.kind == "U" else None
        if not isinstance(found, dict):
            raise self.damaged("about")
        return found

    def damaged(self, name: str) -> SpecError:
        """The error for a part that is not what it has to be."""
        return SpecError(f"{self.path}: its part '{name}' is damaged. Remove the file to begin anew, or name another file.")

    def array(self, name: str, dtype: DTypeLike, *shape: int | None) -> NDArray[Any]:
        """The array of a name, of that type and shape; None stands for any length."""
        found = self._arrays.get(name)
        if found is None or found.dtype != np.dtype(dtype) or found.ndim != len(shape):
            raise self.damaged(name)
        if any(wanted is not None and wanted != length for wanted, length in zip(shape, found.shape, strict=True)):
            raise self.damaged(name)
        return found

    def like(self, name: str, array: NDArray[Any]) -> NDArray[Any]:
        """The array of a name, of the type and shape of another."""
        return self.array(name, array.dtype, *array.shape)

    def number(self, name: str, low: int, high: int) -> int:
        """The whole number of a name, from `low` to `high`."""
        found = self._arrays.get(name, np.zeros(1))
        if found.ndim or found.dtype.kind not in "iub" or not low <= int(found) <= high:
            raise self.damaged(name)
        return int(found)

    def refuse_another(self, own: dict[str, Any], what: str) -> None:
        """Refuse the file of another run: name the first setting that differs."""
        theirs = self.settings
        if theirs == json.loads(json.dumps(own)):
            return
        before, now = _flat(theirs), _flat(own)
        name = next((one for one in sorted({*before, *now}) if before.get(one) != now.get(one)), "about")
        words = f"is of another {what}: {name} was {str(before.get(name))[:60]}, now it is {str(now.get(name))[:60]}"
        raise SpecError(f"{self.path}: {words}. Ask for the same {what}, or name another file.")


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings in one level."""
    inner = settings.get("world")
    return {**settings, **inner, "world": None} if isinstance(inner, dict) else settings
