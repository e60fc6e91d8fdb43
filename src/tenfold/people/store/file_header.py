"""The header of the community file, read before SQLite opens it: whose it is, its version, its journal mode.

SQLite makes side files as soon as it looks into a file in WAL mode, and takes in whatever journal lies beside a file. So what can be said
from the first hundred bytes is said from them.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tenfold.errors import StoreError

__all__ = ["UTF_8", "FileHeader", "leased"]

MAGIC = b"SQLite format 3\x00"
UTF_8 = 1
PRIVATE = 0o600
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_GUARD = threading.Lock()
_LEASES: dict[tuple[int, int], list[int]] = {}
_USERS: dict[tuple[int, int], int] = {}


@dataclass(frozen=True)
class FileHeader:
    """What the first page says. `size`: bytes of the file; `counter`: how often it was committed to; `is_wal`: write-ahead logging."""

    size: int
    is_sqlite: bool = False
    is_wal: bool = False
    page_size: int = 0
    counter: int = 0
    version: int = 0
    application: int = 0
    encoding: int = 0

    @classmethod
    def read(cls, descriptor: int) -> FileHeader:
        """The header of an open file; all zero for an empty one."""
        size = os.fstat(descriptor).st_size
        os.lseek(descriptor, 0, os.SEEK_SET)
        return cls.parse(os.read(descriptor, 100), size)

    @classmethod
    def parse(cls, page: bytes, size: int) -> FileHeader:
        """The header at the beginning of a first page."""
        if len(page) < 100 or page[:16] != MAGIC:
            return cls(size)

        def number(at: int, length: int = 4) -> int:
            return int.from_bytes(page[at : at + length], "big")

        page_size = 65536 if number(16, 2) == 1 else number(16, 2)
        return cls(size, True, page[18] == 2 or page[19] == 2, page_size, number(24), number(60), number(68), number(56))


@contextmanager
def leased(path: Path, *, create: bool) -> Iterator[int]:
    """A descriptor for reading the file at `path`, which is made, for its owner alone, if it is not there and `create` is set.

    On POSIX a process that closes any descriptor of a file loses its locks on it, SQLite's too. So descriptors are closed when no one in
    this process has the file open.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | _FLAGS | (os.O_CREAT if create else 0), PRIVATE)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be opened ({error.strerror}). Check that the folder exists and that you may read and write it."
        ) from None
    found = os.fstat(descriptor)
    key = (found.st_dev, found.st_ino)
    with _GUARD:
        _LEASES.setdefault(key, []).append(descriptor)
        _USERS[key] = _USERS.get(key, 0) + 1
    try:
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"{path}: is no file that can hold a community. Name another with --db.")
        yield descriptor
    finally:
        with _GUARD:
            _USERS[key] -= 1
            if not _USERS[key]:
                del _USERS[key]
                for one in _LEASES.pop(key):
                    os.close(one)
