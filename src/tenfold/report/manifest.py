"""The manifest of an output folder: which files Tenfold wrote there, and what they held."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenfold.documents import parse_json
from tenfold.errors import StoreError

__all__ = ["MANIFEST", "Manifest", "is_output_name", "read_json", "read_manifest", "state_of", "write_manifest", "write_private"]

MANIFEST = ".tenfold-manifest.json"
VERSION = 1
MOST_BYTES = 256 * 2**20  # of a manifest; 200,000 people have one of 40 MB
NO_FOLLOW: int = getattr(os, "O_NOFOLLOW", 0)
NO_WAIT: int = getattr(os, "O_NONBLOCK", 0)
BINARY: int = getattr(os, "O_BINARY", 0)


@dataclass
class Manifest:
    """The files of a folder by name, with `/` between its parts.

    `files`: SHA-256 of what Tenfold wrote. `commands`: the command that wrote it. `placing`: the token of a placement that has begun and
    not ended; `before`: what then was in the places of its files, so that a file is known at every moment of the placement.
    """

    files: dict[str, str] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    placing: str | None = None

    def knows(self, name: str, state: str) -> bool:
        """Whether a file is as Tenfold wrote it, or as the placement that has begun found it."""
        return state in (self.files.get(name), self.before.get(name))


def is_output_name(name: object) -> bool:
    """Whether a text names a file inside a folder, and none of Tenfold's own: a manifest may come from anybody."""
    if not isinstance(name, str) or not name or "\\" in name or "\0" in name or ":" in name:
        return False
    parts = name.split("/")
    return all(part not in ("", ".", "..") for part in parts) and not parts[0].startswith(".tenfold-")


def state_of(path: Path) -> str | None:
    """SHA-256 of a file; `a link`, `a folder`, `no file` or `unreadable` for what is none; None where there is nothing."""
    try:
        kind = path.lstat().st_mode
        if not stat.S_ISREG(kind):
            return "a link" if stat.S_ISLNK(kind) else "a folder" if stat.S_ISDIR(kind) else "no file"
        descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW | NO_WAIT | BINARY)
        with open(descriptor, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return "unreadable"
    except OSError:
        return "unreadable"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none.

    Raises
    ------
    StoreError
        It is damaged, or a link.
    """
    path = folder / MANIFEST
    if state_of(path) is None:
        return Manifest()
    found = read_json(path)
    try:
        if found["version"] != VERSION:
            raise StoreError(f"{path}: was written by another version of Tenfold. Upgrade Tenfold, or choose another folder.")
        files, commands, before = (_texts(found.get(name, {})) for name in ("files", "commands", "before"))
        placing = found.get("placing")
        if placing is not None and not isinstance(placing, str):
            raise ValueError("placing")
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(path) from None
    return Manifest(files, commands, before, placing)


def _texts(table: dict[str, Any]) -> dict[str, str]:
    """A table of texts by the names of files; raises ValueError for any other."""
    if not all(is_output_name(name) and isinstance(text, str) for name, text in table.items()):
        raise ValueError("name")
    return table


def read_json(path: Path) -> Any:
    """The JSON document in a small file of Tenfold's own; no link is followed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | NO_FOLLOW | NO_WAIT | BINARY)
        with open(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _damaged(path)
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise _damaged(path)
        return parse_json(data, path.name, StoreError)
    except (OSError, StoreError):
        raise _damaged(path) from None


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"{path}: is no record of Tenfold's, or is damaged. Choose another folder; or remove that file, and replace the others "
        "with --force."
    )


def write_manifest(folder: Path, manifest: Manifest, *, staging: Path) -> None:
    """Replace the manifest of a folder by way of a file in `staging`; it is on the disk when this returns."""
    document = {
        "version": VERSION,
        "files": manifest.files,
        "commands": manifest.commands,
        "before": manifest.before,
        "placing": manifest.placing,
    }
    fresh = staging / "manifest.json"
    fresh.unlink(missing_ok=True)  # of a placement that was cut off
    write_private(fresh, json.dumps(document, indent=0).encode(), sync=True)
    os.replace(fresh, folder / MANIFEST)


def write_private(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Write a new file that only its owner may read; raises FileExistsError where there is one. `sync`: until it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW | BINARY, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        if sync:
            file.flush()
            os.fsync(descriptor)
