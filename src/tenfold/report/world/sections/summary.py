"""In short: what happened, and the main numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenfold.report.words import format_count
from tenfold.world.result import WorldResult

__all__ = ["content"]


def content(run: WorldResult) -> dict[str, Any]:
    """The data of the section."""
    last = int(run.ends[0])
    return {"sentence": _sentence(run, last), "facts": _facts(run, last)}


def _facts(run: WorldResult, last: int) -> list[tuple[str, str]]:
    """The main numbers, each with what it is."""
    world, last_village = run.world, run.last_village.row(0, named=True)
    whole = int(run.degree_times[0, -1])
    facts = [
        (
            format_count(int(run.reach[0, last])),
            f"of {format_count(world.people)} people have attained at the end ({_percent(float(run.reach[0, last] / world.people))})",
        )
    ]
    facts.append((f"step {whole}", "the whole was united") if whole >= 0 else ("not yet", "the whole is not united"))
    if world.villages > 1:
        step = last_village["step"]
        what = f"village {last_village['village']}, the last to be united"
        facts.append(
            (f"step {step}", what) if step is not None else ("never", f"village {last_village['village']} was not united")
        )
    if world.crisis_on:
        mean = run.crisis[0].mean(axis=1)
        facts.append(
            (_percent(float(mean.max())), f"the crisis at its worst, step {int(mean.argmax())}, mean of all places and areas")
        )
        over = np.flatnonzero(run.worst[0] >= 0.001)
        ended = int(over[-1]) + 1 if len(over) else 0
        facts.append(
            (f"step {ended}", "the crisis was over everywhere") if ended <= last else ("goes on", "the crisis at the end")
        )
    if world.isolated > 0:
        there = int(run.isolated[0, last])
        facts.append(
            (format_count(there), f"people without a local group have attained; {_percent(world.isolated)} of all have none")
        )
    return facts


def _percent(share: float) -> str:
    """A share in words; less than all is never shown as 100 %."""
    if share < 1 and f"{share:.1%}" == "100.0%":
        return f"{min(share, 0.99999) * 100:.3f} %"
    return f"{share * 100:.3g} %"


def _sentence(run: WorldResult, last: int) -> str:
    """What happened, in two sentences."""
    steps = run.degree_steps[0]
    start = int(run.reach[0, 0])
    begun = f"{format_count(start)} {'person has' if start == 1 else 'people have'} attained at the start"
    later = steps[1:][~np.isnan(steps[1:])]
    if not len(later):
        return f"{begun}. After {last} steps {format_count(int(run.reach[0, last]))} have, and no wider group is united."
    words = f"{begun}. Each wider degree took {later.min():.0f} to {later.max():.0f} steps"
    if steps[0] > 0:
        words += f", the first one {steps[0]:.0f}"
    return (
        f"{words}. After {last} steps {format_count(int(run.reach[0, last]))} of {format_count(run.world.people)} have attained."
    )
