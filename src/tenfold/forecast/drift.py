"""Drift: whether the latest weeks are unlike all that was learned from, as when a channel was added or one is no longer imported."""

from __future__ import annotations

import numpy as np

from tenfold.forecast.histories import DAY, Histories

__all__ = ["channel_drift"]

SPANS, LEAST_SPANS = 12, 4
"""Earlier spans that the latest one is compared with, and how many are needed."""
SHORTEST, LONGEST = 7 * DAY, 28 * DAY
BEYOND = 1.5
"""Contacts a person that are so many times as many as ever, or as few, are a drift."""
LATEST, FEW = 3, 10


def channel_drift(people: Histories, horizon: int) -> tuple[str, ...]:
    """Words, if those who were active in the latest one, two or three spans had far more, or far fewer, contacts each than in every
    earlier span.

    A span is a third of the `horizon` (seconds), between one and four weeks. Spans with fewer than ten people say nothing.
    """
    span = int(np.clip(horizon // 3, SHORTEST, LONGEST))
    place = (people.last - people.time) // span
    before = (people.last - people.epoch) // span  # whole spans on record
    if before < LEAST_SPANS:
        return ()
    case = np.repeat(np.arange(len(people), dtype=np.int32), np.diff(people.start))
    fresh = np.ones(len(place), np.bool_)
    fresh[1:] = (place[1:] != place[:-1]) | (case[1:] != case[:-1])  # the rows of a person are in order of time
    many = int(min(SPANS + 1, before))
    recent = place < many
    events, active = np.bincount(place[recent], minlength=many), np.bincount(place[recent & fresh], minlength=many)
    each = events / np.maximum(active, 1)
    for since in range(1, LATEST + 1):
        earlier = each[since:][active[since:] >= FEW]
        if active[:since].min() < FEW or len(earlier) < LEAST_SPANS - 1:
            break
        more, fewer = each[:since].min() / earlier.max(), earlier.min() / each[:since].max()
        if max(more, fewer) > BEYOND:
            factor, word = (more, "more") if more > fewer else (fewer, "fewer")
            return (
                f"for {since * span / DAY:.0f} days people have had {factor:.1f} times {word} contacts each than in any such time before;"
                " was a source of contacts added or left out?",
            )
    return ()
