"""The order in which every command works: stage the files, commit the community file, put the files into their places, report.

A command that is killed or fails before the commit has changed nothing. From the commit on, the community file says which files are still
to be placed: the next command that writes to it does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.people.store import Store, open_store
from tenfold.people.store.pending import PendingOutput
from tenfold.report.folder import OutputFolder, kept_notes
from tenfold.report.manifest import state_of
from tenfold.report.placement import discard, place, staging_folder

__all__ = ["NotPlacedError", "open_community", "stage_outputs", "write_outputs"]

Note = Callable[[str], None]


class NotPlacedError(StoreError):
    """The community file is committed, but the files of the command are not all in their places."""

    exit_code = 4


@contextmanager
def open_community(db: Path, *, command: str, write: bool, on_note: Note, create: bool = False) -> Iterator[Store]:
    """Open the community file for one command, and place the files that the command stages once its transaction is committed.

    Parameters
    ----------
    db
        The community file.
    command
        Name of the command.
    write
        Whether the command changes anything. It then also finishes what a command that was stopped left to be placed; a command that only
        reads says that there is something.
    on_note
        Called with a line about what was found, or about who holds the file.
    create
        Whether a file that is not there is made.

    Raises
    ------
    StoreError
        The file cannot be used.
    NotPlacedError
        It was committed, but the files of the command could not all be placed.
    """
    with open_store(db, command=command, write=write, create=create, on_wait=on_note) as store:
        for output in store.pending_outputs():
            if write:
                _finish(store, output, on_note)
            else:
                on_note(
                    f"{output.folder}: not all files of {output.command} ({output.at:%Y-%m-%d %H:%M} UTC) are in their places yet; "
                    "any command that writes to the community file, such as tenfold plan, goes on with them."
                )
        try:
            yield store
        except BaseException:
            for output in store.staged_outputs:
                discard(output.folder, output.token)
            raise
    if store.staged_outputs:
        _place_committed(db, command, on_note, store.staged_outputs)


def stage_outputs(store: Store, output: OutputFolder, files: Iterable[tuple[str, bytes]], *, on_note: Note) -> list[Path]:
    """Stage the files of a command that changes the community file; returns where they will be, once that is committed.

    Raises
    ------
    StoreError
        They cannot be placed in the folder, or the disk is full.
    """
    pending = [one.token for one in store.pending_outputs()]
    staged = output.stage(files, community=store.path, pending=pending)
    store.add_pending_output(staged.token, staged.folder, f"tenfold {output.command}")
    for note in staged.notes:
        on_note(note)
    return [output.named / name for name in staged.names]


def write_outputs(output: OutputFolder, files: Iterable[tuple[str, bytes]], *, on_note: Note) -> list[Path]:
    """Write the files of a command that changes no community file; returns their paths.

    Raises
    ------
    StoreError
        They cannot be placed in the folder, or the disk is full.
    """
    paths, notes = output.write(files)
    for note in notes:
        on_note(note)
    return paths


def _place_committed(db: Path, command: str, on_note: Note, outputs: list[PendingOutput]) -> None:
    """Place the files of a command that is committed."""
    folders = ", ".join(str(output.folder) for output in outputs)
    try:
        with open_store(db, command=command, write=True, on_wait=on_note) as store:
            for output in outputs:
                if any(one.token == output.token for one in store.pending_outputs()):  # no other command was quicker
                    _notes(output, place(output.folder, output.token), on_note)
                    store.delete_pending_output(output.token)
    except (StoreError, OSError) as error:
        why = error if isinstance(error, StoreError) else f"{error.filename or folders}: {error.strerror}."
        raise NotPlacedError(
            f"{command} is done and stored in {db}, but not all of its files are in {folders}: {why} "
            "The next command that writes to it, such as tenfold log, goes on with them."
        ) from None


def _finish(store: Store, output: PendingOutput, on_note: Note) -> None:
    """Place the files of an earlier command; what cannot be placed goes on waiting, and this command goes on as well."""
    when = f"{output.command}, {output.at:%Y-%m-%d %H:%M} UTC"
    try:
        if state_of(output.folder) != "a folder":
            on_note(f"{output.folder}: is gone, and with it the files of {when}. Make them again if you want them.")
        elif state_of(staging_folder(output.folder, output.token)) == "a folder":
            _notes(output, place(output.folder, output.token), on_note)
            on_note(f"{output.folder}: the files of {when} are now in their places; it had been stopped before.")
        store.delete_pending_output(output.token)
    except (StoreError, OSError) as error:
        on_note(f"{output.folder}: files of {when} still wait: {error}")


def _notes(output: PendingOutput, kept: list[str], on_note: Note) -> None:
    for note in kept_notes(output.folder, kept):
        on_note(note)
