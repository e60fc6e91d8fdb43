"""BG/NBD: how often somebody comes while they are active, and when they stop. Fader, Hardie, Lee 2005, doi:10.1287/mksc.1040.0098.

While active somebody comes at a rate λ of their own, gamma-distributed (r, α); after each time they stop with a chance p of their own,
beta-distributed (a, b). What has to be known of each: x repeats, the last at t_x, in a time T since the first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from tenfold.errors import DataError

__all__ = ["BgNbd", "fit_bgnbd"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BgNbd:
    """A fitted model: `r`, `alpha` (in the unit of time), `a`, `b`, and the `log_likelihood` of what it was fitted to."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    name: str = "BG/NBD"

    def alive(self, repeats: Floats, last: Floats, observed: Floats) -> Floats:
        """Chance that each is still active."""
        x = np.asarray(repeats, float)
        odds = self.a / (self.b + np.maximum(x, 1) - 1) * ((self.alpha + observed) / (self.alpha + last)) ** (self.r + x)
        found: Floats = np.where(x > 0, 1 / (1 + odds), 1.0)
        return found

    def returns(self, repeats: Floats, last: Floats, observed: Floats, horizon: float) -> Floats:
        """Chance that each comes at least once within `horizon` from now."""
        quiet = ((self.alpha + observed) / (self.alpha + observed + horizon)) ** (self.r + np.asarray(repeats, float))
        found: Floats = self.alive(repeats, last, observed) * (1 - quiet)
        return found


def fit_bgnbd(repeats: Floats, last: Floats, observed: Floats) -> BgNbd:
    """Maximum likelihood.

    Parameters
    ----------
    repeats, last, observed
        For each person: the number of times after the first, the time from the first to the last, and from the first to now.

    Raises
    ------
    DataError
        Fewer than two people, or nobody ever came again.
    """
    x, t, total = (np.asarray(one, float) for one in (repeats, last, observed))
    if len(x) < 2 or not (x > 0).any():
        raise DataError(f"retention: {len(x)} cases, {int((x > 0).sum())} of them with a repeat; too few to fit a model.")

    def loss(logs: Floats) -> float:
        return -_log_likelihood(np.exp(logs), x, t, total) / len(x)

    best = min(
        (minimize(loss, np.log(start), method="L-BFGS-B", bounds=[(-9, 9)] * 4) for start in ([1, 1, 1, 1], [0.3, 5, 0.8, 2.5])),
        key=lambda one: float(one.fun),
    )
    r, alpha, a, b = (float(one) for one in np.exp(best.x))
    return BgNbd(r, alpha, a, b, -float(best.fun) * len(x))


def _log_likelihood(parameters: Floats, x: Floats, t: Floats, total: Floats) -> float:
    """Equation (6) of the paper, summed."""
    r, alpha, a, b = parameters
    first = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    second = betaln(a, b + x) - betaln(a, b)
    goes_on = -(r + x) * np.log(alpha + total)
    stopped = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t)
    return float((first + second + np.where(x > 0, np.logaddexp(goes_on, stopped), goes_on)).sum())
