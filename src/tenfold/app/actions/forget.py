"""Forgetting somebody: out of the community file and of the files that Tenfold made from it, with a receipt of both."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from tenfold.people.store import Store
from tenfold.people.store.file_header import FileHeader
from tenfold.people.store.forget import Labels
from tenfold.people.store.schema import APPLICATION_ID
from tenfold.report.manifest import state_of
from tenfold.report.traces import Traces, find_traces, output_folders_below, remove_traces

__all__ = ["WORDS", "Found", "find_all", "forget"]

WORDS = {
    "contact": "contacts",
    "attendance": "gatherings that they were at",
    "gathering": "gatherings at which nobody else was",
    "decision": "decisions",
    "task": "tasks",
    "change": "records of the history",
    "plan": "tables of plans",
    "text": "texts that named them",
}
"""What each table holds, in the words of the receipt."""


@dataclass(frozen=True)
class Found:
    """What there is of a person outside of the community file: `traces` in output folders, and `copies` of the community file."""

    traces: tuple[Traces, ...]
    copies: tuple[Path, ...]


def find_all(store: Store, labels: Labels, here: Path) -> Found:
    """Look into every folder that a command has written into for this community, and into those near it and near `here`."""
    beside = store.path.resolve().parent
    folders = dict.fromkeys([*store.output_folders(), *output_folders_below((beside, here))])
    traces = (find_traces(folder, labels) for folder in folders if state_of(folder) == "a folder")
    return Found(tuple(one for one in traces if one.ours or one.changed), tuple(_copies(store.path, labels)))


def forget(store: Store, person: str, found: Found) -> tuple[dict[str, int], list[Path]]:
    """Remove the files that speak of a person, and the person; returns the rows by table, and the files.

    The files go first: a command that is killed in between has lost what can be made anew, and is run again.
    """
    removed = []
    for traces in found.traces:
        if traces.ours:
            removed += [traces.folder / name for name in remove_traces(traces, secrets.token_hex(8))]
    return store.forget(person), removed


def _copies(path: Path, labels: Labels) -> list[Path]:
    """Community files beside that of `path` which name somebody: backups, and what was kept before a new version."""
    found = []
    for other in sorted(path.resolve().parent.iterdir()):
        try:
            if other.is_symlink() or not other.is_file() or other.samefile(path):
                continue
            with open(other, "rb") as file:
                header = FileHeader.parse(file.read(100), other.stat().st_size)
            if header.application == APPLICATION_ID and _holds(other, labels):
                found.append(other)
        except OSError:
            continue
    return found


def _holds(path: Path, labels: Labels) -> bool:
    """Whether a label of somebody stands in the bytes of a community file."""
    data = path.read_bytes().lower()
    told = [*labels.phrases, *labels.names, *labels.emails]
    return any(one.lower().encode() in data for one in told)
