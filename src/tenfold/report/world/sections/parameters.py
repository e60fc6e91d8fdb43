"""What it rests on: the parameters of the world."""

from __future__ import annotations

from typing import Any

from tenfold.world.result import WorldResult
from tenfold.world.world import World, meanings

__all__ = ["content"]

TITLES = {
    "join": "Joining",
    "lapse": "Keeping",
    "disturbance": "Disturbances",
    "demands": "Attention",
    "mentors": "Mentors",
    "crisis": "Crisis",
    "isolated": "People without a local group",
}
"""The title of each group of parameters, by its first parameter."""


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    return {"threshold": run.world.threshold, "groups": _parameter_groups(run.world)}


def _parameter_groups(world: World) -> list[tuple[str, list[tuple[str, Any, Any, str]]]]:
    """The parameters in groups, each with its value, the default of `World`, and its meaning."""
    plain, meaning, groups = World(world.people), meanings(), []
    rows: list[tuple[str, Any, Any, str]] = []
    for name, value in world.to_dict().items():
        if name == "people":
            continue
        if name in TITLES:
            rows = []
            groups.append((TITLES[name], rows))
        rows.append((name, value, getattr(plain, name), meaning[name].replace("`", "")))
    return groups
