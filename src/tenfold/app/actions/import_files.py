"""Import files into the community file: read all of them, then store them in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.app.actions.outputs import open_community
from tenfold.people.printable import printable
from tenfold.people.readers import ParsedFile, read_tables
from tenfold.people.store import ImportCounts, open_rehearsal

__all__ = ["preview_files", "read_files", "store_files"]

ORDER = {"people": 0, "attendance": 1, "contacts": 2}
"""People first, so that the names in contacts can be resolved."""


def read_files(files: Iterable[Path], options: Mapping[str, Any], *, progress: Callable[[str], None]) -> list[ParsedFile]:
    """Parse all files, with the keywords of `read_file` in `options`; returns their tables in the order in which they are to be stored."""
    parsed: list[ParsedFile] = []
    for path in files:
        progress(f"reading {path.name}")
        parsed += read_tables(path, **options)
    return sorted(parsed, key=lambda one: ORDER[one.what])


def store_files(
    db: Path,
    files: Iterable[ParsedFile],
    *,
    strict: bool,
    progress: Callable[[str], None],
    on_note: Callable[[str], None],
) -> list[ImportCounts]:
    """Store all files in one transaction, in a community file that is made if it is not there.

    Parameters
    ----------
    db
        The community file.
    files
        Parsed files.
    strict
        Whether contacts of people who are not on the list are an error.
    progress
        Called with a few words before each file.
    on_note
        Called with a message, such as that another process holds the community file.

    Returns
    -------
    list
        The counts of the rows of each file.
    """
    counts, files = [], list(files)
    with open_community(db, command="tenfold import", write=True, create=True, on_note=on_note) as store:
        for parsed in files:
            progress(f"writing {parsed.path.name}")
            counts.append(store.import_file(parsed, at=datetime.now(UTC), strict=strict))
        store.close_tasks()
        store.words = ", ".join(dict.fromkeys(printable(one.path.name, 60) for one in files))
    return counts


def preview_files(db: Path, files: Iterable[ParsedFile], *, strict: bool) -> list[ImportCounts]:
    """What `store_files` would do, found out on a copy of the community in memory; nothing is written."""
    with open_rehearsal(db) as store:
        counts = []
        for parsed in files:
            count = store.import_file(parsed, at=datetime.now(UTC), strict=strict)
            pairs = store.likely_same(count.new_people).select("a", "b", "why").rows() if count.new_people else []
            counts.append(replace(count, may_be=pairs))
        return counts
