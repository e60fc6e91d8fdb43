"""Direct chances that people and pairs are seen again: one model, fitted to the community's own past.

Everything is learned and measured at the last activity on record. What follows it is silence of the whole community, which one factor
counts that can only fall. So no chance ever rises because nobody comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tenfold.forecast.blas import one_blas_thread
from tenfold.forecast.bond_features import add_ends, neighbourhood
from tenfold.forecast.drift import channel_drift
from tenfold.forecast.features import Cases, Target, measure_cases, windows_of
from tenfold.forecast.fit_doubt import doubt_of_fit
from tenfold.forecast.histories import DAY, Community, Histories, hashed
from tenfold.forecast.models.candidates import CANDIDATES, fit_candidate
from tenfold.forecast.occasions import forecast_by_occasions
from tenfold.forecast.origins import HALF_LIFE, Past, origins_of, past_of
from tenfold.forecast.selection import Selected, select_model, thinned
from tenfold.forecast.trials import Trial, variance_of_trials

__all__ = ["Forecast", "forecast_bonds", "forecast_people"]

Floats = NDArray[np.float64]
Observe = Callable[[int, Target, int], Cases]
"""What is known of the cases at a moment, for a target; of a sample of about so many cases, or of all (0)."""
WEEK = 7 * DAY
NEWS_SHARE, NEWS_DOUBT = 0.5, 0.15
"""Half of a surprise of the latest quarter horizon is taken to last; levels move by about .15 (log) between two periods."""
OCCASIONS_DOUBT = 0.12
"""By how much (log) the number who come is taken to move from one occasion to the next, beyond luck and before trials are seen."""
MOVED, MOVED_UNSEEN = 0.08, 0.15
"""By how much (log) a level is taken to move between two periods, before trials are seen; the second where few periods were seen at all."""
NEWS_CASES = 8000
"""Cases that the short model of the news is fitted to: it is asked for a total only."""
PAIR_MODELS = ("firm logistic", "logistic")
SHORTER = (2, 3, 4, 6)
GROWTH = 0.5
"""Where the record is too short for the horizon: −ln of the chance to miss grows with (horizon ÷ trained horizon) to this power."""
LEAST_PAUSE = 3 * DAY
"""Seconds of silence of everybody that never count: a weekend is no end."""
DRIFT_DOUBT = 0.25
DECLINE = 0.3
"""Where a window lies further ahead than the record can show: the chance falls with (horizon ÷ trained horizon) to this power, less
than in the
fellowship's survey (70, 50, 26 % left after 1, 3, 12 months); an assumption."""


@dataclass(frozen=True)
class Forecast:
    """Chances of k cases, and how they were found.

    `case`, `chance`, `tenure` (k): their number, the chance for the target, and seconds since each was first seen. `model`, `why`:
    in words.
    `drift`: what makes this period unlike the past, in words. `doubt`: standard deviation of the logarithm of a total, beyond luck;
    `trials`: past forecasts that it was measured on, the latest first. `learned`: the fitted
    model, if any.
    """

    case: NDArray[np.int64]
    chance: Floats
    tenure: Floats
    model: str
    why: str
    drift: tuple[str, ...] = ()
    doubt: float = 0.1
    trials: tuple[Trial, ...] = ()
    learned: tuple[Selected, Target] | None = None


def forecast_people(community: Community, at: int, target: Target, names: tuple[str, ...] = CANDIDATES) -> Forecast:
    """Everybody seen up to `at`, which is the end of what `community` holds."""
    histories = community.people
    if not len(histories):
        return _nobody()
    factor, told = silence_factor(histories, at)
    by_occasions = forecast_by_occasions(histories, target)
    if by_occasions is None:
        return _silenced(_learned_people(community, target, names), factor, told)
    everybody = np.arange(len(histories), dtype=np.int64)
    tenure = (histories.last - histories.time[histories.start[:-1]]).astype(float)
    doubt = float(np.sqrt(variance_of_trials(by_occasions.trials, OCCASIONS_DOUBT**2)))
    found = Forecast(everybody, by_occasions.chance, tenure, "BG/BB", by_occasions.why, doubt=doubt, trials=by_occasions.trials)
    return _silenced(found, factor, told)


def forecast_bonds(
    community: Community, at: int, target: Target, names: tuple[str, ...] = PAIR_MODELS, who: Forecast | None = None
) -> Forecast:
    """Every pair in contact up to `at`: its own history, those of both people, and their common neighbours. `who`: the forecast of the
    people for the same target, where it is there already."""
    people, pairs = community.people, community.pairs
    if not len(pairs):
        return _nobody()
    around = neighbourhood(community)
    if who is None or who.learned is None or who.model not in PAIR_MODELS:
        who = _learned_people(community, target, PAIR_MODELS)
    selected, trained = who.learned or (None, target)

    def observe(moment: int, what: Target, most: int) -> Cases:
        own = measure_cases(pairs, moment, windows_of(what, _record(pairs)), _unit(what), _sampled(len(pairs), most, moment))
        ends = measure_cases(people, moment, windows_of(trained, _record(people)), _unit(trained))
        odds = np.zeros(len(ends)) if selected is None else selected.logits(ends)
        return add_ends(own, ends, odds, around, moment, trained)

    factor, told = silence_factor(pairs, at)
    return _silenced(_learned(pairs, observe, target, names), factor, told)


def silence_factor(histories: Histories, at: int) -> tuple[float, tuple[str, ...]]:
    """What the chances are multiplied by when everybody has been silent up to `at`, and words: 1 up to one and a half times the
    longest pause
    of the later half (three days at least), then in inverse proportion to the silence."""
    times = histories.busy(histories.last)
    later = times[len(times) // 2 :]
    longest = int(np.diff(later).max()) if len(later) > 1 else DAY
    allowed = max(longest + longest // 2, LEAST_PAUSE)
    silence = at - histories.last
    if silence <= allowed:
        return 1.0, ()
    return allowed / silence, (f"nobody was active for {silence / DAY:.3g} days",)


def _silenced(found: Forecast, factor: float, told: tuple[str, ...]) -> Forecast:
    if factor == 1.0:
        return found
    doubt = found.doubt if found.drift else float(np.hypot(found.doubt, DRIFT_DOUBT))
    why = f"{found.why}; everybody has been silent for longer than ever: chances fall with the silence"
    return replace(found, chance=found.chance * factor, why=why, drift=(*told, *found.drift), doubt=doubt)


def _nobody() -> Forecast:
    none = np.zeros(0)
    return Forecast(np.zeros(0, np.int64), none, none, "none", "nobody is on record")


def _learned_people(community: Community, target: Target, names: tuple[str, ...]) -> Forecast:
    histories = community.people

    def observe(moment: int, what: Target, most: int) -> Cases:
        cases = _sampled(len(histories), most, moment)
        return measure_cases(histories, moment, windows_of(what, _record(histories)), _unit(what), cases)

    return _learned(histories, observe, target, names, channel_drift(histories, target.horizon))


def _learned(
    histories: Histories, observe: Observe, target: Target, names: tuple[str, ...], drift_found: tuple[str, ...] = ()
) -> Forecast:
    """Fit to the past and applied at the last activity on record."""
    now = histories.last
    trained, factor = _trainable(histories, target)
    past = _past(histories, observe, trained)
    if past is None and factor == 1.0:
        trained, factor = _trainable(histories, target, 2.0)
        past = _past(histories, observe, trained)
    cases = observe(now, trained, 0)
    if past is None:
        why = "assumed: nothing was recorded before the last few hours; an even chance"
        return Forecast(cases.case, np.full(len(cases), 0.5), cases.observed, "assumed", why, ("no past to learn from",), 0.7)
    selected = select_model(past, trained, names)
    level, told = _news(histories, observe, trained, past.moments, selected.model)
    selected = replace(selected, level=level)
    chance, why, drift = selected.chances(cases), selected.why + told, [*drift_found]
    if factor > 1:
        periods = max(_record(histories) / trained.horizon, 1.0)
        goes_on = (periods + 0.5) / (periods + 1)  # Krichevsky–Trofimov: that the whole goes on for another period
        if target.lead:  # a window further ahead than the record can show
            chance = goes_on * chance * factor**-DECLINE
        else:
            chance = goes_on * -np.expm1(np.log1p(-np.clip(chance, 0, 1 - 1e-9)) * factor**GROWTH)
        why += f"; the record is short: learned over {trained.horizon / DAY:.2g} days, stretched to {target.horizon / DAY:.2g}"
        drift.append(f"the record is shorter than {target.horizon * 1.5 / DAY:.3g} days")
    outside, unlike = selected.outside(cases)
    if outside > 0.2:
        drift.append(f"{outside:.0%} of the cases are like none of the past, most of them {unlike}")
    with one_blas_thread():
        of_fit = doubt_of_fit(selected.fitted, selected.past, selected.held(cases), level)
    doubt = _doubt(selected, of_fit, _record(histories), target, bool(drift))
    return Forecast(
        cases.case, chance, cases.observed, selected.model, why, tuple(drift), doubt, selected.trials, (selected, trained)
    )


def _record(histories: Histories) -> int:
    """Seconds on record."""
    return max(histories.last - histories.epoch, 1)


def _trainable(histories: Histories, target: Target, least: float = 1.5) -> tuple[Target, float]:
    """The target, or a shorter one that the record allows; and how many times shorter."""
    record = _record(histories)
    if record >= least * target.horizon:
        return target, 1.0
    if target.lead:
        width = target.horizon - target.lead
        horizon = max(_whole(int(record / least)), 1)
        return Target(horizon, max(horizon - width, 0)), target.horizon / horizon
    for parts in SHORTER:
        horizon = target.horizon // parts
        if horizon * 2 <= record and horizon > 0:
            return Target(horizon), target.horizon / horizon
    horizon = max(record // 3, 1)
    return Target(horizon), target.horizon / horizon


def _past(histories: Histories, observe: Observe, target: Target) -> Past | None:
    """The cases of past origins from which somebody was active in the target; None where there are none."""
    anchor = histories.last
    moments = origins_of(histories.epoch, anchor, target, int(np.clip(4000 // max(len(histories), 1), 12, 120)))
    first = np.sort(histories.time[histories.start[:-1]])
    busy = histories.busy(anchor)
    active = [
        np.searchsorted(busy, moment + target.horizon, "right") > np.searchsorted(busy, moment + target.lead, "right")
        for moment in moments
    ]
    moments = tuple(moment for moment, one in zip(moments, active, strict=True) if one and first[0] <= moment)
    if not moments:
        return None
    most = 60_000 // len(moments) + 2000
    known = np.searchsorted(first, moments).mean()
    step = (moments[0] - moments[-1]) / max(len(moments) - 1, 1)
    half_life = max(target.horizon / 2, HALF_LIFE, step * 700 / max(known, 1))  # a small group needs a longer memory
    return past_of(moments, target, half_life, _seen(histories, observe, target, most))


def _seen(histories: Histories, observe: Observe, target: Target, most: int) -> Callable[[int], tuple[Cases, NDArray[np.bool_]]]:
    """What was known at a moment, and what came."""

    def seen(moment: int) -> tuple[Cases, NDArray[np.bool_]]:
        cases = observe(moment, target, most)
        return cases, target.came(histories, moment, cases.case)

    return seen


def _news(histories: Histories, observe: Observe, target: Target, moments: tuple[int, ...], name: str) -> tuple[float, str]:
    """The surprise of the latest quarter horizon against a short model of the same past; the part of it that is taken to last."""
    short = Target(_whole(target.horizon // 4))
    if short.horizon < 1 or target.horizon < 4 * WEEK or len(moments) < 3:
        return 0.0, ""
    seen = _seen(histories, observe, short, 30_000 // len(moments) + 1000)
    past = past_of(moments, short, max(target.horizon / 2, HALF_LIFE), seen)
    if min(past.came.sum(), (~past.came).sum()) < 30:
        return 0.0, ""
    with one_blas_thread():
        fitted = fit_candidate("logistic" if name != "base rate" else name, thinned(past, NEWS_CASES))
    cases, came = seen(histories.last - short.horizon)
    chance = 1 / (1 + np.exp(-fitted.logits(cases)))
    expected, luck = float(chance.sum()), float((chance * (1 - chance)).sum())
    surprise = float(np.log((came.sum() + 1) / (expected + 1)))
    sure = NEWS_DOUBT**2 / (NEWS_DOUBT**2 + luck / max(expected, 1) ** 2)
    level = float(np.clip(NEWS_SHARE * sure * surprise / max(1 - expected / max(len(cases), 1), 0.2), -1, 1))
    return level, f"; the latest {short.horizon / DAY:.0f} days brought {came.sum()} where {expected:.0f} were expected"


def _doubt(selected: Selected, of_fit: float, record: int, target: Target, drifting: bool) -> float:
    """Standard deviation of the logarithm of a total beyond luck: the scatter of past trials, with a prior worth three trials, which is
    the doubt about the fit and about how levels move (more where the past is shorter than four horizons)."""
    moved = MOVED_UNSEEN if record < 4 * target.horizon else MOVED
    prior = of_fit**2 + moved**2
    variance = max(variance_of_trials(selected.trials, prior), of_fit**2)
    return float(np.sqrt(variance + (DRIFT_DOUBT**2 if drifting else 0.0)))


def _sampled(n: int, most: int, salt: int) -> NDArray[np.int64] | None:
    """At most about `most` of 0..n − 1, by a hash; None: all."""
    if not most or n <= most:
        return None
    case = np.arange(n, dtype=np.int64)
    return case[hashed(case, salt) < most / n]


def _unit(target: Target) -> int:
    """The grain of time, in seconds: a day, or a hundredth of a short horizon."""
    return int(min(DAY, max(target.horizon // 100, 1))) if target.horizon < 30 * DAY else DAY


def _whole(seconds: int) -> int:
    """Rounded down to whole weeks, or days where that is shorter than a week."""
    return seconds // WEEK * WEEK if seconds >= WEEK else seconds // DAY * DAY if seconds >= DAY else seconds
