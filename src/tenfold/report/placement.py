"""The placement of staged files into an output folder. It can be cut off at any step, and repeated until it is whole."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.report.manifest import Manifest, is_output_name, read_json, read_manifest, state_of, write_manifest, write_private

__all__ = [
    "Placement",
    "check_parents",
    "discard",
    "listed",
    "locked_folder",
    "place",
    "place_locked",
    "staging_folder",
    "sweep_leftovers",
]

PLACEMENT = "placement.json"
STAGING = re.compile(r"\.tenfold-([0-9a-f]{16})")
WAIT = 60.0  # seconds that a process waits for another one that writes into the same folder
STALE_AFTER = 3600.0  # seconds: a staging folder is then taken to be left, on systems without locks
WAITING = "Some of the files are in their places, and the others wait."
SHOWN = 3  # names in a message


@dataclass(frozen=True)
class Placement:
    """What is to be placed. It is the last thing that is written into the staging folder, and so says that the folder is whole.

    `command`: the command that made the files. `community`: the community file that has to be committed first, None for none. `files`:
    SHA-256 by name, in the order of the placement. `replaces`: what --force may replace, as it was found.
    """

    token: str
    command: str
    community: str | None
    files: dict[str, str]
    replaces: dict[str, str]

    def write(self, folder: Path) -> None:
        """Say that the staging folder is whole."""
        staging = staging_folder(folder, self.token)
        write_private(staging / f"{PLACEMENT}.part", json.dumps(asdict(self)).encode(), sync=True)
        os.replace(staging / f"{PLACEMENT}.part", staging / PLACEMENT)


def staging_folder(folder: Path, token: str) -> Path:
    """Where the files of a placement wait; the token may come from a community file, and that from anybody."""
    name = f".tenfold-{token}"
    if not STAGING.fullmatch(name):
        raise StoreError(f"{folder}: the record of its staged files is damaged. Make them again.")
    return folder / name


def _read_placement(folder: Path, token: str) -> Placement | None:
    """What the staging folder holds; None where it is not whole or not there."""
    staging = staging_folder(folder, token)
    if state_of(staging) != "a folder" or state_of(staging / PLACEMENT) is None:
        return None
    found = read_json(staging / PLACEMENT)
    try:
        one = Placement(**found)
        tables = (one.files, one.replaces)
        good = all(is_output_name(name) and isinstance(text, str) for table in tables for name, text in table.items())
        good = good and one.token == token and isinstance(one.command, str) and isinstance(one.community, str | None)
    except (TypeError, AttributeError):
        good = False
    if not good:
        raise StoreError(f"{staging / PLACEMENT}: is damaged. Remove {staging.name}, and make the files again.")
    return one


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Meanwhile no other process of Tenfold writes into the folder; the lock ends with the process, whatever ends that."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        until = time.monotonic() + WAIT
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StoreError(
                        f"{folder}: another process writes into it. Let it finish, and run the command again."
                    ) from None
                time.sleep(0.05)
                continue
            except OSError:
                pass  # a file system without locks
            break
        yield
    finally:
        os.close(descriptor)


def check_parents(folder: Path, name: str) -> str:
    """What is wrong with the folders between the output folder and one of its files; nothing if the answer is empty."""
    path = folder
    for part in name.split("/")[:-1]:
        path = path / part
        try:
            kind = path.lstat().st_mode
        except FileNotFoundError:
            return ""
        if stat.S_ISLNK(kind):
            return f"{path} is a link, and links are not followed"
        if not stat.S_ISDIR(kind):
            return f"{path} is a file where a folder should be"
        if not os.access(path, os.W_OK | os.X_OK):
            return f"{path} cannot be written"
    return ""


def place(folder: Path, token: str) -> list[str]:
    """Put staged files into their places, and remove those that the same command wrote before and no longer makes.

    Nothing happens where all of it is done already.

    Returns
    -------
    list
        Names of files that are no longer made and were changed by somebody: they stay.

    Raises
    ------
    StoreError
        A file was changed since, or cannot be written; what is not in its place yet is still staged.
    """
    with locked_folder(folder):
        return place_locked(folder, token)


def place_locked(folder: Path, token: str) -> list[str]:
    """As `place`, in a folder that this process has locked."""
    try:
        return _place(folder, token)
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: cannot be written ({error.strerror}). {WAITING}") from None


def _place(folder: Path, token: str) -> list[str]:
    """Place, and leave the errors of the system as they are."""
    placement = _read_placement(folder, token)
    if placement is None:
        return []
    manifest, staging = read_manifest(folder), staging_folder(folder, token)
    old = [name for name, command in manifest.commands.items() if command == placement.command and name not in placement.files]
    found = {name: state_of(folder / name) for name in placement.files}
    changed = [
        name
        for name, state in found.items()
        if check_parents(folder, name)
        or not (state in (None, placement.files[name], placement.replaces.get(name)) or manifest.knows(name, str(state)))
    ]
    if changed:
        raise StoreError(f"{folder}: {listed(changed)} changed meanwhile. Move what is yours away.")
    others = {name: state for name, state in manifest.files.items() if name not in placement.files}
    before = {name: state for name, state in found.items() if state is not None}
    commands = manifest.commands | dict.fromkeys(placement.files, placement.command)
    write_manifest(folder, Manifest(others | placement.files, commands, before, token), staging=staging)
    for name, digest in placement.files.items():
        _move(staging / "files" / name, folder, name, digest)
    kept = [name for name in old if not _remove(folder, name, manifest)]
    for name in old:
        others.pop(name, None)
        commands.pop(name, None)
    write_manifest(folder, Manifest(others | placement.files, commands), staging=staging)
    discard(folder, token)
    return kept


def _move(staged: Path, folder: Path, name: str, digest: str) -> None:
    """Put one file into its place, if it is not there yet."""
    path = folder / name
    state = state_of(staged)
    if state is None and state_of(path) == digest:
        return
    if state != digest:
        raise StoreError(f"{staged}: is damaged or gone; the command has to make it again.")
    try:
        _make_parents(folder, name)
        os.replace(staged, path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}). Close it where it is open. {WAITING}") from None


def _make_parents(folder: Path, name: str) -> None:
    """Make the folders of a file, for their owner only."""
    path = folder
    for part in name.split("/")[:-1]:
        path = path / part
        if not path.is_dir():
            path.mkdir(mode=0o700)


def _remove(folder: Path, name: str, manifest: Manifest) -> bool:
    """Remove a file that is no longer made; False where somebody changed it."""
    if check_parents(folder, name):
        return False
    state = state_of(folder / name)
    if state is None:
        return True
    if not manifest.knows(name, state) or not _is_digest(state):
        return False
    (folder / name).unlink()
    return True


def _is_digest(state: str) -> bool:
    return len(state) == 64


def discard(folder: Path, token: str) -> None:
    """Remove a staging folder; what says that it is whole goes first."""
    staging = staging_folder(folder, token)
    try:
        (staging / PLACEMENT).unlink(missing_ok=True)
    except OSError:
        return
    shutil.rmtree(staging, ignore_errors=True)


def sweep_leftovers(folder: Path, *, community: str | None, pending: Iterable[str]) -> list[str]:
    """Finish or remove what killed processes left in a locked folder; returns a note for each.

    `community`: the community file whose write lock this process has; `pending`: the tokens that it holds. What waits for the commit of
    another community file stays.
    """
    notes, waiting = [], set(pending)
    for staging in sorted(one for one in folder.iterdir() if STAGING.fullmatch(one.name) and state_of(one) == "a folder"):
        token = staging.name.removeprefix(".tenfold-")
        if token in waiting:
            continue
        try:
            placement = _read_placement(folder, token)
            if placement is not None and read_manifest(folder).placing == token:
                place_locked(folder, token)
                notes.append(f"{folder}: the files of a run that was stopped ({placement.command}) are now in their places.")
                continue
        except StoreError as error:
            notes.append(f"{staging}: was left by a run that was stopped, and stays: {error}")
            continue
        if placement is not None and placement.community not in (None, community):
            notes.append(
                f"{staging}: holds files that wait for {placement.community}; any command that writes to that file, "
                "such as tenfold plan, puts them in place. If there is no such file any more, remove the folder."
            )
        elif sys.platform != "win32" or time.time() - staging.stat().st_mtime > STALE_AFTER:
            discard(folder, token)
            notes.append(f"{staging}: was left by a run that was stopped; removed.")
    return notes


def listed(names: Iterable[str]) -> str:
    """Some of the names, and how many more there are."""
    every = list(names)
    shown = ", ".join(f"{one[:57]}…" if len(one) > 60 else one for one in every[:SHOWN])
    return shown + (f" and {len(every) - SHOWN} more" if len(every) > SHOWN else "")
