"""The file of a checkpoint: written whole beside its place and then put there, so that it is never half of one."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.errors import StoreError

__all__ = ["write_checkpoint"]

NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
BINARY: int = getattr(os, "O_BINARY", 0)


def write_checkpoint(path: Path, arrays: dict[str, Any]) -> None:
    """Replace the file by one that holds the arrays; it is on the disk when this returns, and only its owner may read it.

    The file beside it has a fixed name, so that what a killed run left is used again and does not stay.

    Raises
    ------
    StoreError
        The disk is full, the file or its folder cannot be written, or another run writes it.
    """
    fresh = path.with_name(f".{path.name}.tenfold-part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | NO_FOLLOW | BINARY, 0o600)
        with open(descriptor, "r+b") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise StoreError(f"{fresh}: is no file. Remove it, or name another file.")
            _lock(descriptor, path)
            file.truncate(0)
            np.savez(file, **arrays)
            file.flush()
            os.fsync(descriptor)
            os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True) if fresh.is_file() else None
        raise StoreError(f"{path}: cannot be written ({error.strerror}). Free some space, or name another file.") from None


def _lock(descriptor: int, path: Path) -> None:
    """Refuse a file that another process is writing; the lock ends when the file is closed."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StoreError(f"{path}: another run writes this checkpoint. Let it finish, or name another file.") from None
    except OSError:
        return  # a file system without locks
