"""Chances that people and bonds are seen again, learned from the community's own past.

A logistic regression is trained on what was known of each case at earlier moments (one, two, three horizons ago), and on whether it
was seen again within the horizon after. Where there is too little past, BG/NBD is fitted to the cases; where that is too little as well,
a prior is taken.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import checks
from tenfold.forecast.bgnbd import BgNbd, fit_bgnbd
from tenfold.people.contacts import Contacts

__all__ = ["predict_bonds", "predict_people"]

WEEK = 7 * 86400
MIN_CASES = 30  # of each outcome, to learn from
PRIOR = BgNbd(r=0.7, alpha=2.0, a=0.8, b=2.5, log_likelihood=float("nan"))
"""Where there is too little to fit: a week or two between contacts, one in four stopping after each; an assumption, not a finding."""


def predict_people(contacts: Contacts, at: object, horizon: object) -> pl.DataFrame:
    """Chance of any activity of each person within the horizon.

    Parameters
    ----------
    contacts
        Who was in contact with whom, and who was at which gathering; later ones than `at` do not count.
    at
        The moment: a datetime, ISO 8601 text, or seconds since 1970.
    horizon
        How far to predict: seconds, a timedelta, or text such as ``"30d"``.

    Returns
    -------
    frame
        `person`, `chance` of any contact or gathering in (at, at + horizon], for everybody seen up to `at`, sorted by person.

    Raises
    ------
    SpecError
        `at` is no moment, or `horizon` no duration.

    References
    ----------
    Learned from the own past; where that is short, BG/NBD: Fader, Hardie, Lee 2005, doi:10.1287/mksc.1040.0098.

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [0, 604800], "a": ["ana", "ana"], "b": ["binh", "binh"]})
    >>> predict_people(Contacts.from_table(frame, time="t", a="a", b="b"), 700000, "7d")["person"].to_list()
    ['ana', 'binh']
    """
    past = contacts.until(checks.moment(at, "at"))
    person = past.people().dtype
    seen = pl.concat(
        [
            past.table.select("time", person="a"),
            past.table.select("time", person="b"),
            past.gatherings.select("time", pl.col("person").cast(person)),
        ]
    )
    return _predict(seen, ["person"], at, horizon)


def predict_bonds(contacts: Contacts, at: object, horizon: object) -> pl.DataFrame:
    """Chance that each known pair is in contact again within the horizon.

    Parameters
    ----------
    contacts, at, horizon
        As in `predict_people`; gatherings do not count.

    Returns
    -------
    frame
        `a`, `b` (a < b), `chance` of a contact in (at, at + horizon], for every pair in contact up to `at`, sorted.

    Raises
    ------
    SpecError
        `at` is no moment, or `horizon` no duration.

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [0, 604800], "a": ["ana", "binh"], "b": ["binh", "ana"]})
    >>> predict_bonds(Contacts.from_table(frame, time="t", a="a", b="b"), 700000, "7d").select("a", "b").rows()
    [('ana', 'binh')]
    """
    past = contacts.until(checks.moment(at, "at"))
    ordered = pl.col("a") < pl.col("b")
    pairs = past.table.select(
        "time",
        a=pl.when(ordered).then("a").otherwise("b"),
        b=pl.when(ordered).then("b").otherwise("a"),
    )
    return _predict(pairs, ["a", "b"], at, horizon)


def _predict(seen: pl.DataFrame, who: list[str], at: object, horizon: object) -> pl.DataFrame:
    """One row for each `who` in `seen`, with the chance."""
    moment, span = checks.moment(at, "at"), checks.seconds(horizon, "horizon")
    cases = _cases(seen, who, moment, span)
    chance = _learned(seen, who, moment, span, cases)
    if chance is None:
        repeats, between, observed = (cases[name].to_numpy() for name in ("repeats", "between", "observed"))
        model = fit_bgnbd(repeats, between, observed) if (repeats > 0).sum() >= MIN_CASES else PRIOR
        chance = model.returns(repeats, between, observed, span / WEEK)
    return cases.select(*who, pl.Series("chance", chance, pl.Float64))


def _cases(seen: pl.DataFrame, who: list[str], at: datetime, span: float) -> pl.DataFrame:
    """What is known of each at one moment: days with activity are the events of BG/NBD; times in weeks."""
    horizon = timedelta(seconds=span)
    weeks = 1e6 * WEEK
    table = seen.filter(pl.col("time") <= at).group_by(who)
    cases = table.agg(
        first=pl.col("time").min(),
        last=pl.col("time").max(),
        days=pl.col("time").dt.date().n_unique(),
        events=pl.len(),
        recent=(pl.col("time") > at - horizon).sum(),
        fresh=(pl.col("time") > at - horizon / 4).sum(),
    ).sort(who)
    return cases.with_columns(
        repeats=(pl.col("days") - 1).cast(pl.Float64),
        between=pl.when(pl.col("days") > 1)
        .then((pl.col("last") - pl.col("first")).dt.total_microseconds() / weeks)
        .otherwise(0.0),
        observed=(pl.lit(at) - pl.col("first")).dt.total_microseconds() / weeks,
        silence=(pl.lit(at) - pl.col("last")).dt.total_microseconds() / weeks,
    )


def _features(cases: pl.DataFrame, span: float) -> NDArray[np.float64]:
    """Silence, rhythm, volume, of late and in all, as logarithms."""
    silence, repeats, between, observed = (cases[name].to_numpy() for name in ("silence", "repeats", "between", "observed"))
    gap = (between + 1 / 7) / np.maximum(repeats, 1)
    volumes = [np.log1p(cases[name].to_numpy().astype(float)) for name in ("events", "days", "recent", "fresh")]
    quiet = silence / (span / WEEK)
    return np.column_stack([np.log(quiet + 0.01), quiet, np.log((silence + 1 / 7) / gap), np.log1p(observed), *volumes])


def _learned(seen: pl.DataFrame, who: list[str], at: datetime, span: float, cases: pl.DataFrame) -> NDArray[np.float64] | None:
    """Chances from a regression on the own past; None where that is too short."""
    horizon = timedelta(seconds=span)
    features, truths = [], []
    for back in (1, 2, 3):
        then = at - back * horizon
        before = _cases(seen, who, then, span)
        if before.height < MIN_CASES:
            break
        after = seen.filter((pl.col("time") > then) & (pl.col("time") <= then + horizon)).select(who).unique()
        truth = before.select(who).join(after.with_columns(again=pl.lit(True)), on=who, how="left", maintain_order="left")[
            "again"
        ]
        features.append(_features(before, span))
        truths.append(truth.fill_null(False).to_numpy())
    known = np.concatenate(truths) if truths else np.zeros(0, bool)
    if min(known.sum(), (~known).sum()) < MIN_CASES:
        return None
    linear, scale, line = (
        import_module(f"sklearn.{module}") for module in ("linear_model", "preprocessing", "pipeline")
    )  # without types
    model = line.make_pipeline(scale.StandardScaler(), linear.LogisticRegression(max_iter=1000))
    model.fit(np.concatenate(features), known)
    found: NDArray[np.float64] = model.predict_proba(_features(cases, span))[:, 1]
    return found
