"""BG/BB: Fader, Hardie, Shang 2010, doi:10.1287/mksc.1100.0580: occasions that could be attended, one after the other.

While active a case attends each occasion with a chance p of its own, beta(α, β); before each occasion it stops with a chance θ
of its own,
beta(γ, δ).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln

__all__ = ["BgBb", "fit_bgbb"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class BgBb:
    """`alpha`, `beta` of attending, `gamma`, `delta` of stopping, and the `log_likelihood` of what it was fitted to."""

    alpha: float
    beta: float
    gamma: float
    delta: float
    log_likelihood: float
    name: str = "BG/BB"

    def alive(self, attended: Floats, last: Floats, occasions: Floats) -> Floats:
        """Chance that each will still be active at the next occasion (equation 11 of the paper); (k)."""
        x, t, n = (np.asarray(one, float) for one in (attended, last, occasions))
        shape = (self.alpha, self.beta, self.gamma, self.delta)
        here = betaln(self.alpha + x, self.beta + n - x) + betaln(self.gamma, self.delta + n + 1)
        found: Floats = np.exp(here - betaln(self.alpha, self.beta) - betaln(self.gamma, self.delta) - _logs(shape, x, t, n))
        return found

    def expected(self, attended: Floats, last: Floats, occasions: Floats, coming: int) -> Floats:
        """Expected number attended in the next `coming` occasions (equation 13); (k)."""
        total = np.zeros(len(np.asarray(attended)))
        for ahead in range(1, coming + 1):
            total += self._attends(attended, last, occasions, ahead)
        return total

    def returns(self, attended: Floats, last: Floats, occasions: Floats, coming: int, skipped: int = 0) -> Floats:
        """Chance of attending at least one of the occasions skipped + 1 … coming; (k)."""
        x, t, n = (np.asarray(one, float) for one in (attended, last, occasions))
        shape = (self.alpha, self.beta, self.gamma, self.delta)
        whole = _logs(shape, x, t, n) + betaln(self.alpha, self.beta) + betaln(self.gamma, self.delta)
        missed = np.zeros(
            len(x)
        )  # active for exactly k of the coming occasions, misses those after `skipped`; and active for all
        for k in range(skipped, coming + 1):
            stops = betaln(self.gamma + 1, self.delta + n + k) if k < coming else betaln(self.gamma, self.delta + n + coming)
            missed += np.exp(betaln(self.alpha + x, self.beta + n - x + k - skipped) + stops - whole)
        attends = np.exp(betaln(self.alpha + x, self.beta + n - x) + betaln(self.gamma, self.delta + n + skipped) - whole)
        found: Floats = np.clip(attends - missed, 0, 1)
        return found

    def _attends(self, attended: Floats, last: Floats, occasions: Floats, ahead: int) -> Floats:
        x, t, n = (np.asarray(one, float) for one in (attended, last, occasions))
        shape = (self.alpha, self.beta, self.gamma, self.delta)
        here = betaln(self.alpha + x + 1, self.beta + n - x) + betaln(self.gamma, self.delta + n + ahead)
        found: Floats = np.exp(here - betaln(self.alpha, self.beta) - betaln(self.gamma, self.delta) - _logs(shape, x, t, n))
        return found


def fit_bgbb(
    attended: Floats,
    last: Floats,
    occasions: Floats,
    people: Floats | None = None,
    pull: float = 0.0,
    centre: tuple[float, ...] = (1.0,) * 4,
) -> BgBb:
    """Maximum likelihood over rows of `people` equal cases each; with `pull` a Gaussian prior of that precision on the
    logarithms, around those of `centre` (α, β, γ, δ)."""
    rows = np.column_stack([np.asarray(one, np.int64) for one in (attended, last, occasions)])
    weight = np.ones(len(rows)) if people is None else np.asarray(people, float)
    rows, number = np.unique(rows, axis=0, return_inverse=True)
    weight = np.bincount(number.ravel(), weight)
    x, t, n = rows.T.astype(float)

    middle = np.log(centre)

    def loss(logs: Floats) -> float:
        prior = 0.5 * pull * float((logs - middle) @ (logs - middle))
        return (prior - float(weight @ _logs(tuple(np.exp(logs)), x, t, n))) / float(weight.sum())

    starts = ([1.0, 1.0, 1.0, 1.0], [4.0, 0.7, 0.3, 6.0])
    best = min(
        (minimize(loss, np.log(s), method="L-BFGS-B", bounds=[(-6, 8)] * 4) for s in starts), key=lambda one: float(one.fun)
    )
    alpha, beta, gamma, delta = (float(one) for one in np.exp(best.x))
    return BgBb(alpha, beta, gamma, delta, float(weight @ _logs((alpha, beta, gamma, delta), x, t, n)))


def _logs(shape: tuple[float, ...], x: Floats, t: Floats, n: Floats) -> Floats:
    """Log-likelihood of each row (equation 5): active through all n, or stopped after any occasion from t on; (k)."""
    alpha, beta, gamma, delta = shape
    total = betaln(alpha + x, beta + n - x) + betaln(gamma, delta + n)
    for i in range(int((n - t).max(initial=0))):
        row = i < n - t
        m = t + i
        part = betaln(alpha + x, beta + np.maximum(m - x, 0)) + betaln(gamma + 1, delta + m)
        total = np.where(row, np.logaddexp(total, np.where(row, part, -np.inf)), total)
    found: Floats = total - betaln(alpha, beta) - betaln(gamma, delta)
    return found
