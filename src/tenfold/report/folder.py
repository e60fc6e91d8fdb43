"""The folder into which a command writes: nothing that Tenfold did not write is replaced or removed without being asked."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tenfold.errors import StoreError
from tenfold.report.manifest import is_output_name, read_manifest, state_of, write_private
from tenfold.report.placement import (
    Placement,
    check_parents,
    discard,
    listed,
    locked_folder,
    place_locked,
    staging_folder,
    sweep_leftovers,
)

__all__ = ["OutputFolder", "StagedFiles", "kept_notes"]

ADVICE = "Move them, choose another folder, or replace them with --force."


@dataclass(frozen=True)
class StagedFiles:
    """Files that wait in `folder` for their placement. `notes`: what was found there of runs that were stopped."""

    folder: Path
    token: str
    names: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def paths(self) -> list[Path]:
        """Where the files will be."""
        return [self.folder / name for name in self.names]


class OutputFolder:
    """A folder for the files of a command.

    The files are staged in a hidden folder inside it, checked against its manifest, and then put into their places, all together. Refused
    is a file that Tenfold did not write, or that was changed since; unless `force` is set. No link below the folder is followed.

    Parameters
    ----------
    path
        Made when the files are staged, if it is not there. A link to a folder is that folder.
    command
        What makes the files. Those that the same command made before, and no longer makes, are removed if nobody changed them.
    force
        Whether files are replaced that Tenfold did not write, or that were changed.
    """

    def __init__(self, path: Path, *, command: str, force: bool = False) -> None:
        self.named, self.command, self.force = path, command, force
        try:
            self.path = path.resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise StoreError(f"{path}: cannot be a folder ({error}). Choose another.") from None

    def check(self, names: Iterable[str] = ()) -> None:
        """Before a long computation: whether the folder can be written, and files of these names can be placed.

        Raises
        ------
        StoreError
            It cannot; one line names the files in the way.
        """
        try:
            if os.path.lexists(self.named) and not self.path.is_dir():
                what = "is a link that leads nowhere" if self.named.is_symlink() else "is a file"
                raise StoreError(f"{self.named}: {what}; expected a folder. Choose another.")
            above = next(one for one in (self.path, *self.path.parents) if os.path.lexists(one))
            if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
                raise StoreError(f"{self.named}: cannot be written. Choose another folder.")
        except OSError as error:
            raise StoreError(f"{self.named}: cannot be written ({error.strerror}). Choose another folder.") from None
        if self.path.is_dir():
            self._replaced(names)

    def _replaced(self, names: Iterable[str]) -> dict[str, str]:
        """What `force` replaces, by name with its state; raises if that is not asked for, or cannot be replaced at all."""
        manifest = read_manifest(self.path)
        foreign: dict[str, str] = {}
        for name in names:
            if wrong := check_parents(self.path, name):
                raise StoreError(f"{self.named}: {wrong}. Nothing was written. Move it, or choose another folder.")
            state = state_of(self.path / name)
            if state == "a folder":
                raise StoreError(f"{self.named}: {name} is a folder; expected a file or nothing. Nothing was written. Move it.")
            if state is not None and not manifest.knows(name, state):
                foreign[name] = state
        if foreign and not self.force:
            changed = [name for name in foreign if name in manifest.files]
            strange = [name for name in foreign if name not in manifest.files]
            found = "; ".join(
                f"{listed(those)} {why}"
                for those, why in ((strange, "not written by Tenfold"), (changed, "changed since Tenfold wrote it"))
                if those
            )
            raise StoreError(f"{self.named}: holds files that would be lost: {found}. Nothing was written. {ADVICE}")
        return foreign

    def stage(
        self, files: Iterable[tuple[str, bytes]], *, community: Path | None = None, pending: Iterable[str] = ()
    ) -> StagedFiles:
        """Write all files into a hidden folder, and check that they can be placed.

        Parameters
        ----------
        files
            Names, with `/` between their parts, and contents, in the order of the placement.
        community
            The community file that is committed before they are placed, if any; this process has its write lock.
        pending
            The tokens of other files that wait and that this community file knows.

        Raises
        ------
        StoreError
            A file is in the way, or the disk is full; nothing was changed.
        """
        return self._stage(files, community, pending, then=lambda _: [])[0]

    def write(self, files: Iterable[tuple[str, bytes]]) -> tuple[list[Path], list[str]]:
        """Stage files and put them into their places; returns their paths, and notes about what was found.

        Raises
        ------
        StoreError
            See `stage`; or a file could not be placed, and what is not in its place yet is still staged.
        """
        staged, kept = self._stage(files, None, (), then=self._place)
        return [self.named / name for name in staged.names], [*staged.notes, *kept_notes(self.path, kept)]

    def _stage(
        self,
        files: Iterable[tuple[str, bytes]],
        community: Path | None,
        pending: Iterable[str],
        *,
        then: Callable[[str], list[str]],
    ) -> tuple[StagedFiles, list[str]]:
        """Stage files, and go on with their token under the same lock; returns also what that gave."""
        self.check()
        made = self._make()
        token = secrets.token_hex(8)
        owner = None if community is None else str(community.resolve())
        with locked_folder(self.path):
            try:
                notes = sweep_leftovers(self.path, community=owner, pending=pending)
                digests = self._write(token, files)
                Placement(token, self.command, owner, digests, self._replaced(digests)).write(self.path)
            except OSError as error:
                self._give_up(token, made)
                remedy = "Free some space or choose another folder, and run the command again."
                raise StoreError(
                    f"{self.named}: cannot be written ({error.strerror or type(error).__name__}). {remedy}"
                ) from None
            except BaseException:
                self._give_up(token, made)
                raise
            return StagedFiles(self.path, token, tuple(digests), tuple(notes)), then(token)

    def _place(self, token: str) -> list[str]:
        """Put staged files into their places; returns the names of changed files that stay."""
        try:
            return place_locked(self.path, token)
        except StoreError as error:
            raise StoreError(f"{error} Then run the command again.") from None

    def _write(self, token: str, files: Iterable[tuple[str, bytes]]) -> dict[str, str]:
        """Write the files into the staging folder; returns their digests."""
        staging = staging_folder(self.path, token)
        staging.mkdir(mode=0o700)
        digests: dict[str, str] = {}
        made = set()
        for name, data in files:
            assert is_output_name(name), name
            path = staging / "files" / name
            if path.parent not in made:
                for parent in reversed(path.relative_to(staging).parents[:-1]):
                    (staging / parent).mkdir(mode=0o700, exist_ok=True)
                made.add(path.parent)
            write_private(path, data)
            digests[name] = hashlib.sha256(data).hexdigest()
        return digests

    def _make(self) -> list[Path]:
        """Make the folder, for its owner only, and those above it; returns what was made."""
        made = []
        try:
            for one in reversed([self.path, *self.path.parents]):
                if not one.is_dir():
                    one.mkdir(mode=0o700)
                    made.append(one)
        except OSError as error:
            for one in reversed(made):
                one.rmdir()
            raise StoreError(f"{self.named}: cannot be written ({error.strerror}). Choose another folder.") from None
        return made

    def _give_up(self, token: str, made: list[Path]) -> None:
        """Remove what was staged, and the folders that were made for it."""
        discard(self.path, token)
        try:
            for one in reversed(made):
                one.rmdir()
        except OSError:
            return


def kept_notes(folder: Path, kept: list[str]) -> list[str]:
    """A note about files that are no longer made and stay, because somebody changed them."""
    if not kept:
        return []
    return [f"{folder}: {listed(kept)}: no longer made; changed since Tenfold wrote it, and so left as it is."]
