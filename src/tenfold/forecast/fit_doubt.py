"""The doubt about a fit: how far a total would move if other people, or other moments of the past, had been learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tenfold.forecast.features import Cases
from tenfold.forecast.models.candidates import Fitted
from tenfold.forecast.models.logistic import Logistic
from tenfold.forecast.origins import Past

__all__ = ["doubt_of_fit"]

Floats = NDArray[np.float64]
RIDGE = 1e-3
MOST = 50_000
"""Cases of the total that the gradient is taken over; of more, evenly spaced ones."""


def doubt_of_fit(fitted: Fitted, past: Past, cases: Cases, level: float = 0.0) -> float:
    """Standard deviation of the logarithm of the total chance of `cases`, by a bootstrap over people and origins.

    The weighted bootstrap of two-way clusters in closed form: each person and each origin of `past` has a random weight, of mean and
    variance 1, and the coefficients move by one Newton step (the infinitesimal jackknife; Owen 2007, doi:10.1214/07-AOAS122). A model
    that is no regression is taken with a level and a slope of its log odds. `level` is added to the log odds.
    """
    if not len(past) or not len(cases):
        return 0.0
    some = cases.take(np.arange(0, len(cases), -(-len(cases) // MOST)))
    design, ahead = _design(fitted, past.cases), _design(fitted, some)
    chance = expit(fitted.logits(past.cases))
    weight = past.weight / past.weight.mean()
    curve = weight * chance * (1 - chance)
    prior = np.full(design.shape[1], RIDGE) if not isinstance(fitted, Logistic) else fitted.penalty
    hessian = (design * curve[:, None]).T @ design + np.diag(prior)
    coming = expit(fitted.logits(some) + level)
    gradient = ahead.T @ (coming * (1 - coming)) / max(float(coming.sum()), 1e-9)
    influence = weight * (past.came - chance) * (design @ np.linalg.solve(hessian, gradient))
    people = np.bincount(np.unique(past.cases.case, return_inverse=True)[1].ravel(), influence)
    origins = np.bincount(past.origin, influence)
    k = int((np.bincount(past.origin) > 0).sum())
    few = k / (k - 1) if k > 1 else 1.0
    return float(np.sqrt((people**2).sum() + few * (origins**2).sum() + (influence**2).sum()))


def _design(fitted: Fitted, cases: Cases) -> Floats:
    if isinstance(fitted, Logistic):
        return fitted.design(cases)
    odds = fitted.logits(cases)
    return np.column_stack([np.ones(len(odds)), odds - odds.mean()]) if np.ptp(odds) > 1e-9 else np.ones((len(odds), 1))
