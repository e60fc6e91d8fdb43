"""Trials: forecasts of the past that were checked, and what they tell about how far to trust one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = [
    "RELIABILITY",
    "TRIALS",
    "Tenths",
    "Trial",
    "reliability_of",
    "reliability_table",
    "reliability_words",
    "variance_of_trials",
]

Floats = NDArray[np.float64]
Tenths = tuple[tuple[int, float, int], ...]
"""Of each tenth of the chance: cases, sum of the chances, number who came."""
RELIABILITY: dict[str, pl.DataType | type[pl.DataType]] = {
    "from": pl.Float64,
    "to": pl.Float64,
    "cases": pl.Int64,
    "expected": pl.Float64,
    "came": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
TRIALS = 4
"""Past moments at which a forecast is tried."""
TENTHS, FEW, NINE_IN_TEN = 10, 20, 1.645


@dataclass(frozen=True)
class Trial:
    """A forecast of the past that was checked: at `moment`, `expected` of whom `came`, `spread` the luck's standard deviation of the
    sum; `by_tenth`: cases, sum of the chances and number who came, of those given a chance of 0 to .1, .1 to .2 and so on, (10, 3)."""

    moment: int
    expected: float
    came: int
    spread: float
    by_tenth: Tenths = ()

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


def reliability_of(chance: Floats, came: NDArray[np.bool_]) -> Tenths:
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


def reliability_table(moments: list[Tenths]) -> pl.DataFrame:
    """By tenths of the chance, over forecasts at several moments: `cases`, mean chance `expected`, and the share that `came`.

    `low`, `high`: the share that would come nine times in ten. The scatter is counted by moments, as people at one moment share its luck,
    and is no less than that of single people.
    """
    parts = np.array([one for one in moments if one], float).reshape(-1, TENTHS, 3)
    rows = []
    for tenth in range(TENTHS):
        cases, expected, came = parts[:, tenth].T
        n = float(cases.sum())
        if not n:
            continue
        share, k = float(came.sum()) / n, int((cases > 0).sum())
        middle = (float(came.sum()) + 1) / (n + 2)
        single = float(np.sqrt(middle * (1 - middle) / n))
        shared = float(np.sqrt(k / (k - 1) * ((came - share * cases) ** 2).sum())) / n if k > 1 else 0.0
        width = NINE_IN_TEN * max(single, shared)
        limits = (max(share - width, 0.0), min(share + width, 1.0))
        rows.append((tenth / TENTHS, (tenth + 1) / TENTHS, int(n), float(expected.sum()) / n, share, *limits))
    return pl.DataFrame(rows, schema=RELIABILITY, orient="row")


def reliability_words(table: pl.DataFrame) -> str:
    """The table in a sentence: of those given a low, a middle and a high chance, how many came; empty where there are too few cases."""
    many = table.filter(pl.col("cases") >= FEW).sort("expected")
    if not many.height:
        return ""
    places = sorted({0, many.height // 2, many.height - 1}, reverse=True)
    parts = [f"of those given {row['expected']:.0%}, {row['came']:.0%} came" for row in (many.row(i, named=True) for i in places)]
    return "; ".join(parts).capitalize() + "."
