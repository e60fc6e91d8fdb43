"""Atomic writes: a file is whole, or it is as it was before."""

from __future__ import annotations

import os
from pathlib import Path

from tenfold.errors import StoreError

__all__ = ["write_atomically"]


def write_atomically(path: Path, data: bytes) -> Path:
    """Write to a temporary file in the same folder, then rename it; returns the path."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True) if fresh.parent.is_dir() else None
        words = error.strerror or type(error).__name__
        remedy = "Free some space or choose another folder, and run the command again."
        raise StoreError(f"{path}: cannot be written ({words}). {remedy}") from None
    return path
