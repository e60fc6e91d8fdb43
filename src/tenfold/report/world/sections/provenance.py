"""How this was computed: settings, versions and the number of runs."""

from __future__ import annotations

from typing import Any

from tenfold.world.result import WorldResult

__all__ = ["content"]


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    return {
        "rows": [(name, value) for name, value in run.provenance.items() if name != "world"],
        "replicates": len(run.reach),
        "steps": int(run.ends[0]),
    }
