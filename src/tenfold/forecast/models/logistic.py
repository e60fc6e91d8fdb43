"""Logistic regression by Newton's method, with a Gaussian prior: ridge towards an offset."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tenfold.forecast.features import Cases
from tenfold.forecast.origins import Past

__all__ = ["Logistic", "fit_logistic", "newton"]

Floats = NDArray[np.float64]
SILENCE = ("silence", "silence_in_gaps")


@dataclass(frozen=True)
class Logistic:
    """Coefficients over standardised, clipped features and their hinges."""

    columns: tuple[int, ...]
    low: Floats
    high: Floats
    mean: Floats
    scale: Floats
    knots: Floats  # (f, hinges): where the slope may change
    coefficients: Floats
    penalty: Floats  # precision of the prior on each
    name: str = "logistic"

    def design(self, cases: Cases) -> Floats:
        return _design(cases, self.columns, self.low, self.high, self.mean, self.scale, self.knots)

    def logits(self, cases: Cases) -> Floats:
        step, k = 200_000, len(cases)
        parts = [self.design(cases.take(np.arange(i, min(i + step, k)))) @ self.coefficients for i in range(0, k, step)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def chances(self, cases: Cases) -> Floats:
        found: Floats = expit(self.logits(cases))
        return found


def fit_logistic(
    past: Past,
    columns: tuple[int, ...] | None = None,
    hinges: int = 2,
    ridge: float = 1.0,
    name: str = "logistic",
    lean: float = 0.0,
) -> Logistic:
    """Weighted; each feature linear plus `hinges` changes of slope at its quantiles; a Gaussian prior of precision `ridge` on
    standardised
    slopes, around `lean` in the known direction of each. Features are clipped to what was seen (from the .1 to the 99.9 per
    cent quantile)."""
    columns = tuple(range(past.cases.features.shape[1])) if columns is None else columns
    x = past.cases.features[:, list(columns)].astype(float)
    low, high = np.quantile(x, [0.001, 0.999], axis=0)
    x = np.clip(x, low, high)
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    at = np.linspace(0, 1, hinges + 2)[1:-1]
    knots = np.quantile((x - mean) / scale, at, axis=0).T if hinges else np.zeros((x.shape[1], 0))
    design = _design(past.cases, columns, low, high, mean, scale, knots)
    weight = past.weight / past.weight.mean()
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-3
    centre = np.zeros(design.shape[1])
    centre[1 : 1 + len(columns)] = lean * np.array([past.cases.rising[column] for column in columns])
    falls = np.zeros(design.shape[1], np.bool_)
    falls[1 : 1 + len(columns)] = [past.cases.names[column].endswith(SILENCE) for column in columns] if not hinges else False
    found = newton(design, past.came, weight, penalty, centre=centre)
    held = falls & (found > 0)
    while (falls & (found > 0)).any():  # a longer silence never raises a chance: the slopes that would are held at 0
        held |= falls & (found > 0)
        penalty, centre = np.where(held, 1e9, penalty), np.where(held, 0.0, centre)
        found = np.where(held, 0.0, newton(design, past.came, weight, penalty, centre=centre))
    return Logistic(columns, low, high, mean, scale, knots, found, penalty, name)


def newton(
    design: Floats, came: NDArray[np.bool_], weight: Floats, penalty: Floats, *, centre: Floats | None = None, rounds: int = 30
) -> Floats:
    """Maximum a posteriori coefficients, the prior around `centre` (0 by default); (f)."""
    middle = np.zeros(design.shape[1]) if centre is None else centre
    beta = middle.copy()
    share = float(np.clip(np.average(came, weights=weight), 1e-4, 1 - 1e-4))
    beta[0] = np.log(share / (1 - share))

    def loss(at: Floats) -> float:
        score = design @ at
        return float(weight @ (np.logaddexp(0, score) - came * score) + 0.5 * penalty @ (at - middle) ** 2)

    now = loss(beta)
    for _ in range(rounds):
        chance = expit(design @ beta)
        gradient = design.T @ (weight * (came - chance)) - penalty * (beta - middle)
        curve = weight * chance * (1 - chance)
        hessian = (design * curve[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        part = 1.0
        while (new := loss(beta + part * step)) > now and part > 1e-4:
            part /= 2
        if new >= now - 1e-9 * abs(now):
            break
        beta, now = beta + part * step, new
    return beta


def _design(
    cases: Cases, columns: tuple[int, ...], low: Floats, high: Floats, mean: Floats, scale: Floats, knots: Floats
) -> Floats:
    x = (np.clip(cases.features[:, list(columns)], low, high) - mean) / scale
    parts = [np.ones((len(x), 1)), x]
    parts += [np.maximum(x - knots[:, j], 0) for j in range(knots.shape[1])]
    return np.concatenate(parts, axis=1)
