"""How good chances were: ranking, error, calibration, totals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

__all__ = ["Score", "area_under_curve", "score"]

Floats = NDArray[np.float64]


class Score(NamedTuple):
    """`auc`, `brier`, `log_loss`, `ece` (expected calibration error, ten bins of equal size); `expected` and `came`: totals."""

    auc: float
    brier: float
    log_loss: float
    ece: float
    expected: float
    came: int

    @property
    def log_ratio(self) -> float:
        """ln(expected / came), half a case added to both."""
        return float(np.log((self.expected + 0.5) / (self.came + 0.5)))


def area_under_curve(chance: Floats, came: NDArray[np.bool_]) -> float:
    """Chance that a random case that came ranks above a random one that did not; ties count half. NaN with one kind only."""
    yes = int(came.sum())
    no = len(came) - yes
    if not yes or not no:
        return float("nan")
    return float((rankdata(chance)[came].sum() - yes * (yes + 1) / 2) / (yes * no))


def score(chance: Floats, came: NDArray[np.bool_], bins: int = 10) -> Score:
    """All measures of k chances against what came; (k) each."""
    held = np.clip(chance, 1e-6, 1 - 1e-6)
    loss = -np.where(came, np.log(held), np.log1p(-held)).mean()
    order = np.argsort(chance, kind="stable")
    gaps = [abs(float(chance[part].sum()) - float(came[part].sum())) for part in np.array_split(order, bins)]
    brier = float(((chance - came) ** 2).mean())
    return Score(
        area_under_curve(chance, came), brier, float(loss), sum(gaps) / len(chance), float(chance.sum()), int(came.sum())
    )
