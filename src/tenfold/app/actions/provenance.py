"""Provenance: what a result depends on."""

from __future__ import annotations

import platform
from importlib.metadata import version

from tenfold.people.store import Store
from tenfold.version import __version__

__all__ = ["provenance"]


def provenance(store: Store, *, seed: int, command: str) -> dict[str, str]:
    """The seed, the command, versions, and the hashes of all imported files."""
    parts = {"seed": str(seed), "command": command, "tenfold": __version__, "python": platform.python_version()}
    for name in ("numpy", "numba", "polars", "scipy"):
        parts[name] = version(name)
    for row in store.imports().iter_rows(named=True):
        parts[f"input {row['path']}"] = f"SHA-256 {row['sha256']}, {row['kept']} rows kept of {row['read']}"
    return parts
