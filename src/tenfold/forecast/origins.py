"""Past origins: moments of the past from which the target can be seen, what was known there, and what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.features import Cases, Target
from tenfold.forecast.histories import DAY

__all__ = ["HALF_LIFE", "Past", "origins_of", "past_of"]

Floats = NDArray[np.float64]
WEEK = 7 * DAY
MOST = 12
HALF_LIFE = 26.0 * WEEK
"""Seconds: an origin this much older than the latest counts half; a quarter of a year to a year did as well, longer lagged
trends."""


@dataclass(frozen=True)
class Past:
    """Cases at several origins, stacked: `came` (k), `origin` (k) index into `moments`, the latest first; `weight` (k)."""

    cases: Cases
    came: NDArray[np.bool_]
    origin: NDArray[np.int64]
    moments: tuple[int, ...]
    weight: Floats
    target: Target

    def __len__(self) -> int:
        return len(self.came)

    def of(self, origins: NDArray[np.bool_]) -> Past:
        """Only the origins that are True in `origins`, (len(moments))."""
        return self.rows(origins[self.origin])

    def rows(self, rows: NDArray[np.bool_]) -> Past:
        """Only the cases that are True in `rows`, (k)."""
        return Past(self.cases.take(rows), self.came[rows], self.origin[rows], self.moments, self.weight[rows], self.target)


def origins_of(first: int, at: int, target: Target, most: int = MOST) -> tuple[int, ...]:
    """Moments from which the target had passed by `at`, the latest first.

    Steps are whole weeks where that costs less than a twentieth of the horizon (else whole days), so that every origin stands
    at the same hour and weekday as `at`: a rhythm of the week
    is met by each at the same place. An origin has to have at least half a horizon of record before it.
    """
    horizon = target.horizon
    unit = next((one for one in (WEEK, DAY, 1) if horizon >= one and -horizon % one <= horizon // 20), 1)
    step = max(unit, (horizon // 3) // unit * unit)
    step = min(step, 13 * WEEK)
    latest = at - -(-horizon // unit) * unit
    return tuple(latest - k * step for k in range(most) if latest - k * step >= first + horizon // 2)


def past_of(
    moments: tuple[int, ...], target: Target, half_life: float, observe: Callable[[int], tuple[Cases, NDArray[np.bool_]]]
) -> Past:
    """The cases of all origins; an origin weighs half as much for each `half_life` (seconds) that it is older than the latest."""
    parts, came, origin, weight = [], [], [], []
    for index, moment in enumerate(moments):
        cases, truth = observe(moment)
        parts.append(cases)
        came.append(truth)
        origin.append(np.full(len(truth), index))
        weight.append(np.full(len(truth), 0.5 ** ((moments[0] - moment) / half_life)))
    return Past(Cases.stacked(parts), np.concatenate(came), np.concatenate(origin), moments, np.concatenate(weight), target)
