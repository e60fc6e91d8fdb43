"""Pareto/NBD: Schmittlein, Morrison, Colombo 1987, doi:10.1287/mnsc.33.1.1; likelihood as in Fader, Hardie 2005 ("A note on
deriving the
Pareto/NBD model").

While active a case comes at a rate λ, gamma(r, α); it stops after an exponential time of rate μ, gamma(s, β).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

__all__ = ["ParetoNbd", "fit_pareto_nbd"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ParetoNbd:
    """`r`, `alpha`, `s`, `beta` (α and β in the unit of time), and the `log_likelihood` of what it was fitted to."""

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float
    name: str = "Pareto/NBD"

    def alive(self, repeats: Floats, between: Floats, observed: Floats) -> Floats:
        """Chance that each is still active; (k)."""
        stopped, goes_on = _parts((self.r, self.alpha, self.s, self.beta), *_floats(repeats, between, observed))
        found: Floats = 1 / (1 + np.exp(np.minimum(stopped - goes_on, 700)))
        return found

    def returns(self, repeats: Floats, between: Floats, observed: Floats, horizon: float) -> Floats:
        """Chance of at least one in (now, now + horizon], by Gauss–Legendre quadrature over the time of stopping; (k)."""
        x, t, total = _floats(repeats, between, observed)
        nodes, weights = np.polynomial.legendre.leggauss(24)
        after = horizon * (nodes + 1) / 2
        shape = self.r + x
        # 1 − E[exp(−λ min(stop, horizon))]: both rates gamma after what was seen
        stays = ((self.beta + total) / (self.beta + total + horizon)) ** self.s
        missed = stays * ((self.alpha + total) / (self.alpha + total + horizon)) ** shape
        for node, weight in zip(after, weights * horizon / 2, strict=True):
            density = self.s / (self.beta + total + node) * ((self.beta + total) / (self.beta + total + node)) ** self.s
            missed = missed + weight * density * ((self.alpha + total) / (self.alpha + total + node)) ** shape
        found: Floats = self.alive(x, t, total) * (1 - missed)
        return found


def fit_pareto_nbd(repeats: Floats, between: Floats, observed: Floats) -> ParetoNbd:
    """Maximum likelihood."""
    x, t, total = _floats(repeats, between, observed)

    def loss(logs: Floats) -> float:
        value = -_log_likelihood(np.exp(logs), x, t, total) / len(x)
        return value if np.isfinite(value) else 1e9

    starts = ([1.0, 5.0, 1.0, 5.0], [0.5, 10.0, 0.6, 12.0])
    best = min(
        (minimize(loss, np.log(s), method="L-BFGS-B", bounds=[(-7, 9)] * 4) for s in starts), key=lambda one: float(one.fun)
    )
    r, alpha, s, beta = (float(one) for one in np.exp(best.x))
    return ParetoNbd(r, alpha, s, beta, _log_likelihood(np.exp(best.x), x, t, total))


def _floats(*columns: Floats) -> tuple[Floats, ...]:
    return tuple(np.asarray(one, float) for one in columns)


def _parts(parameters: tuple[float, ...] | Floats, x: Floats, t: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Logarithms of the two parts of the likelihood: stopped in (t, total], and goes on; (k) each."""
    r, alpha, s, beta = parameters
    far, shape = abs(alpha - beta), r + s + x
    larger = max(alpha, beta)
    second = s + 1 if alpha >= beta else r + x
    ends = []
    for moment in (t, total):
        value = hyp2f1(shape, second, shape + 1, far / (larger + moment))
        ends.append(np.log(value) - shape * np.log(larger + moment))
    stopped = np.log(s / shape) + ends[0] + np.log(-np.expm1(np.minimum(ends[1] - ends[0], -1e-15)))
    goes_on = -(r + x) * np.log(alpha + total) - s * np.log(beta + total)
    return stopped, goes_on


def _log_likelihood(parameters: Floats, x: Floats, t: Floats, total: Floats) -> float:
    r, alpha, s, beta = parameters
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float((common + np.logaddexp(*_parts(parameters, x, t, total))).sum())
