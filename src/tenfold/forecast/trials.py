"""Trials: forecasts of the past that were checked, and what they tell about how far to trust one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["TENTHS", "TRIALS", "Trial", "reliability_of", "variance_of_trials"]

Floats = NDArray[np.float64]
TRIALS = 4
"""Past moments at which a forecast is tried."""
TENTHS = 10


@dataclass(frozen=True)
class Trial:
    """A forecast of the past that was checked: at `moment`, `expected` of whom `came`, `spread` the luck's standard deviation of the
    sum; `by_tenth`: cases, sum of the chances and number who came, of those given a chance of 0 to .1, .1 to .2 and so on, (10, 3)."""

    moment: int
    expected: float
    came: int
    spread: float
    by_tenth: tuple[tuple[int, float, int], ...] = ()

    @classmethod
    def of(cls, moment: int, chance: Floats, came: NDArray[np.bool_]) -> Trial:
        """From chances and what came, (k) each."""
        return cls(
            moment,
            float(chance.sum()),
            int(came.sum()),
            float(np.sqrt((chance * (1 - chance)).sum())),
            reliability_of(chance, came),
        )

    @property
    def surprise(self) -> float:
        """What came ÷ what was expected, half a case added to both."""
        return float((self.came + 0.5) / (self.expected + 0.5))


def reliability_of(chance: Floats, came: NDArray[np.bool_]) -> tuple[tuple[int, float, int], ...]:
    """By tenths of the chance: cases, sum of the chances, number who came; (10, 3)."""
    place = np.minimum((chance * TENTHS).astype(int), TENTHS - 1)
    sums = [np.bincount(place, weights, TENTHS) for weights in (None, chance, came.astype(float))]
    return tuple((int(cases), float(expected), round(seen)) for cases, expected, seen in zip(*sums, strict=True))


def variance_of_trials(trials: tuple[Trial, ...], prior: float, worth: float = 3.0) -> float:
    """Variance of the logarithm of a total beyond luck: the scatter of the trials, with a `prior` variance that is `worth` so many."""
    errors = [np.log(one.surprise) ** 2 - (one.spread / max(one.expected, 1)) ** 2 for one in trials]
    apart = max(1.0, len(errors) / 2)  # trials overlap
    mean = float(np.mean(errors)) if errors else 0.0
    return (worth * prior + apart * max(mean, 0.0)) / (worth + apart)
