"""Choose the simplest model that is not beaten on past origins, fit it, and set its level by what the latest weeks tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tenfold.forecast.blas import one_blas_thread
from tenfold.forecast.features import Cases, Target
from tenfold.forecast.histories import hashed
from tenfold.forecast.models.candidates import CANDIDATES, Fitted, fit_candidate
from tenfold.forecast.origins import Past
from tenfold.forecast.trials import TRIALS, Trial

__all__ = ["Selected", "select_model", "thinned"]

Floats = NDArray[np.float64]
ENOUGH = 3  # cases of each kind at past origins; with fewer the base rate stands
LEARN = 16_000  # cases that are learned from
UNLIKE = {
    ("tenure", True): "known for longer than anybody before",
    ("tenure", False): "known for less time than anybody before",
    ("silence", True): "silent for longer than anybody before",
    ("silence", False): "in contact more recently than anybody before",
    ("events", True): "in contact more often than anybody before",
    ("rate", False): "in contact more seldom than anybody before",
}
NARROW = ("base rate", "recency", "BG/NBD", "Pareto/NBD")
"""Models that see one side of a history; few trials are noisy, and they rank worse when chosen by luck."""


@dataclass(frozen=True)
class Selected:
    """`fitted` gives log odds, to which `level` is added; `losses`: mean log loss of each model that was tried; `trials` of
    the chosen."""

    fitted: Fitted
    level: float
    losses: dict[str, float]
    trials: tuple[Trial, ...]
    why: str
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    past: Past

    @property
    def model(self) -> str:
        return self.fitted.name

    def logits(self, cases: Cases) -> Floats:
        """Log odds of each case; features are held to what was seen in the past: no extrapolation. (k)"""
        step, parts = 400_000, []
        for begin in range(0, len(cases), step):
            part = cases.take(np.arange(begin, min(begin + step, len(cases))))
            parts.append(self.fitted.logits(self.held(part)) + self.level)
        found: Floats = np.concatenate(parts) if parts else np.zeros(0)
        return found

    def held(self, cases: Cases) -> Cases:
        """The cases with features within what was seen in the past."""
        return replace(cases, features=np.clip(cases.features, self.low, self.high))

    def chances(self, cases: Cases) -> Floats:
        """Chance of each case; (k)."""
        found: Floats = expit(self.logits(cases))
        return found

    def outside(self, cases: Cases) -> tuple[float, str]:
        """Share of the cases with a feature outside what was seen in the past, and in words what it is for most of these."""
        if not len(cases):
            return 0.0, ""
        below, above = cases.features < self.low - 0.3, cases.features > self.high + 0.3
        many = np.stack([below.mean(axis=0), above.mean(axis=0)])
        side, column = np.unravel_index(int(many.argmax()), many.shape)
        words = UNLIKE.get((cases.names[column], bool(side)), "with other numbers of contacts")
        return float((below | above).any(axis=1).mean()), words


def select_model(past: Past, target: Target, names: tuple[str, ...] = CANDIDATES) -> Selected:
    """Try the models of `names` on the latest past origins, each fitted to origins that were over by then. Of the regressions,
    take the simplest
    whose log loss is not above the best one's by more than a quarter of a standard error (of the differences, by case); of the
    models that know
    less, one that is better by two, and on each of three trials or more."""
    with one_blas_thread():
        return _select(thinned(past), target, names)


def _select(past: Past, target: Target, names: tuple[str, ...]) -> Selected:
    """Try, and choose; see `select_model`."""
    low, high = np.quantile(past.cases.features, [0.0005, 0.9995], axis=0, method="nearest").astype(np.float32)
    yes, no = int(past.came.sum()), int((~past.came).sum())
    if min(yes, no) < ENOUGH:
        fitted = fit_candidate("base rate", past)
        why = f"base rate: only {min(yes, no)} cases of one kind at {len(past.moments)} past moments"
        return Selected(fitted, 0.0, {}, (), why, low, high, past)
    folds = _folds(past, target)
    fits = {name: [_tried(name, train, test) for train, test in folds] for name in names}
    losses = {
        name: np.concatenate([_loss(logits, test.came) for logits, (_, test) in zip(found, folds, strict=True)])
        for name, found in fits.items()
    }
    case = np.concatenate([test.cases.case for _, test in folds])
    full = [name for name in names if name not in NARROW] or list(names)
    best = min(full, key=lambda name: float(losses[name].mean()))
    name = next(one for one in full if _not_beaten(losses[one], losses[best], case, 0.25))
    for one in names:  # a model that knows less takes over only where it is better beyond doubt
        steady = len(folds) >= 3 and all(
            _loss(mine, test.came).mean() < _loss(other, test.came).mean()
            for mine, other, (_, test) in zip(fits[one], fits[name], folds, strict=True)
        )
        if one in NARROW and steady and not _not_beaten(losses[name], losses[one], case, 2.0):
            name = one
    best = min(losses, key=lambda one: float(losses[one].mean()))
    trials = tuple(_trial(logits, test) for logits, (_, test) in zip(fits[name], folds, strict=True))
    means = {one: round(float(loss.mean()), 5) for one, loss in losses.items()}
    compared = f"log loss {means[name]:.4f}, best {means[best]:.4f}: {best}"
    why = f"{name}: the simplest that is not beaten on {len(folds)} past trials ({compared})"
    return Selected(fit_candidate(name, past), 0.0, means, trials, why, low, high, past)


def _folds(past: Past, target: Target) -> list[tuple[Past, Past]]:
    """Learn from origins that were over, try on a later one; where the past is too short for that, by cases."""
    found = []
    moments = np.array(past.moments)
    for index, moment in enumerate(past.moments[:: max(1, len(past.moments) // (2 * TRIALS))]):
        place = past.moments.index(moment)
        over = moments + target.horizon <= moment
        if index >= TRIALS or not over.any():
            break
        train, test = past.of(over), past.of(np.arange(len(moments)) == place)
        if min(train.came.sum(), (~train.came).sum()) >= ENOUGH and len(test):
            found.append((train, test))
    if found:
        return found
    fold = (hashed(past.cases.case, 2) * 4).astype(np.int64)
    return [(past.rows(fold != k), past.rows(fold == k)) for k in range(4) if (fold == k).any() and (fold != k).any()]


def _tried(name: str, train: Past, test: Past) -> Floats:
    return fit_candidate(name, train).logits(test.cases)


def _loss(logits: Floats, came: NDArray[np.bool_]) -> Floats:
    found: Floats = np.logaddexp(0, logits) - came * logits
    return found


def _not_beaten(one: Floats, best: Floats, case: NDArray[np.int64], margin: float) -> bool:
    """Whether the mean difference is within `margin` standard errors, cases of one person counted as one."""
    difference = one - best
    by_case = np.bincount(np.unique(case, return_inverse=True)[1], difference - difference.mean())
    error = float(np.sqrt((by_case**2).sum()) / len(difference))
    return float(difference.mean()) <= margin * error + 1e-12


def _trial(logits: Floats, test: Past) -> Trial:
    return Trial.of(test.moments[int(test.origin[0])], expit(logits), test.came)


def thinned(past: Past, most: int = LEARN) -> Past:
    """At most about `most` cases, the same share of each origin, by a hash of the case."""
    if len(past) <= most:
        return past
    share = most / len(past)
    return past.rows(hashed(past.cases.case + (past.origin << 40), 1) < share)
