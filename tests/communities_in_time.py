"""Made-up communities whose rates are known: chats of people who may stop, and weekly meetings."""

from __future__ import annotations

import numpy as np
import polars as pl

from tenfold.people.contacts import Contacts

__all__ = ["chats", "weekly"]


def weekly(people: int, weeks: int, seed: int) -> Contacts:
    """Attendance at weekly meetings, each by nine in ten."""
    week, who = np.nonzero(np.random.default_rng(seed).random((weeks, people)) < 0.9)
    frame = pl.DataFrame({"t": week * 7 * 86400, "who": who, "what": week})
    return Contacts.from_gatherings(frame, time="t", person="who", gathering="what")


def chats(seed: int, people: int = 60, days: int = 300) -> Contacts:
    """People who write to each other at rates of their own; they join and stop at times of their own."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, str, str]] = []
    for i in range(people):
        joined = rng.uniform(0, 0.6 * days) if i else 0.0
        stop = joined + rng.exponential(200)
        times = joined + np.cumsum(rng.exponential(rng.gamma(1, 6) + 0.5, 200))
        times = times[times < min(stop, days)]
        rows += [(int(t * 86400), f"p{i:03}", f"p{(i + int(rng.integers(1, 5))) % people:03}") for t in times]
    return Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")
