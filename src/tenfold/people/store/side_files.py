"""Files beside the community file that SQLite would take for its own: they are refused where they belong to another file.

The community file is kept with a rollback journal, so that at rest it is one file, and a command that only reads makes none beside it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.people.store.file_header import FileHeader

__all__ = ["check_side_files"]

JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
TRIES, PAUSE = 5, 0.05  # a writer at work changes both the file and its journal: only what stays wrong is wrong
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def check_side_files(path: Path, descriptor: int) -> FileHeader:
    """The header of the file, once it is sure that the journals beside it, if any, are its own.

    Raises
    ------
    StoreError
        A journal belongs to another file, or to another state of this one.
    """
    for turn in range(TRIES):
        header = FileHeader.read(descriptor)
        strange = _strange_journal(path, descriptor)
        if strange is None:
            return header
        if turn + 1 < TRIES:
            time.sleep(PAUSE)
    raise StoreError(
        f"{strange}: belongs to another file than {path.name}, or to another state of it; SQLite would mix the two. "
        "Move it away, or put it back beside its own file. Nothing was changed."
    )


def _strange_journal(path: Path, descriptor: int) -> Path | None:
    """The journal beside the file that is not its own, if there is one."""
    header = FileHeader.read(descriptor)
    if not header.size:
        return None
    wal = path.with_name(path.name + "-wal")
    if header.is_sqlite and not header.is_wal and os.path.lexists(wal):
        return wal
    journal = path.with_name(path.name + "-journal")
    if not os.path.lexists(journal):
        return None
    try:
        opened = os.open(journal, _FLAGS)
    except FileNotFoundError:  # its writer has ended meanwhile
        return None
    except OSError:
        return journal
    with os.fdopen(opened, "rb", buffering=0) as stream:
        begin = stream.read(28)
        if len(begin) < 28 or begin[:8] != JOURNAL_MAGIC:  # SQLite plays no such journal back
            return None
        records, _, pages, sector, page_size = (int.from_bytes(begin[at : at + 4], "big") for at in range(8, 28, 4))
        if not records:  # not written to its end: the file is as it was
            return None
        if page_size != header.page_size or not 32 <= sector <= 65536:
            return journal
        first = _first_page(stream.fileno(), sector, page_size, records)
    if first is None:
        return journal
    own = (
        first.is_sqlite
        and first.page_size == header.page_size
        and first.application in (header.application, 0)
        and (header.counter - first.counter) % 2**32 in (0, 1)
        and pages >= 1
    )
    return None if own else journal


def _first_page(journal: int, sector: int, page_size: int, records: int) -> FileHeader | None:
    """The first page of the database as the journal has it."""
    size = os.fstat(journal).st_size
    step = page_size + 8
    for at in range(sector, min(size, sector + records * step), step):
        os.lseek(journal, at, os.SEEK_SET)
        found = os.read(journal, 4 + 100)
        if found[:4] == b"\x00\x00\x00\x01":
            return FileHeader.parse(found[4:], size)
    return None
