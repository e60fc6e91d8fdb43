"""Backtest: forecasts as they would have been made at moments of the past, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from tenfold import checks, notebook
from tenfold.errors import SpecError
from tenfold.forecast.direct import Forecast, forecast_bonds, forecast_people
from tenfold.forecast.features import Cases, Target, measure_cases, windows_of
from tenfold.forecast.histories import DAY, Community, Histories, community_of
from tenfold.forecast.models.candidates import fit_candidate
from tenfold.forecast.models.logistic import fit_logistic
from tenfold.forecast.origins import past_of
from tenfold.forecast.scores import score
from tenfold.forecast.statements import band_of
from tenfold.forecast.trials import RELIABILITY, Tenths, reliability_of, reliability_table, reliability_words
from tenfold.people.contacts import Contacts

__all__ = ["BASELINES", "Backtest", "backtest"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BASELINES = ("base rate", "recency", "count", "BG/NBD")
NEWCOMER = 180 * DAY
MOMENTS = 6
TABLE: dict[str, pl.DataType | type[pl.DataType]] = {
    "at": pl.Datetime("us", "UTC"),
    "group": pl.String,
    "model": pl.String,
    "n": pl.Int64,
    "auc": pl.Float64,
    "brier": pl.Float64,
    "log_loss": pl.Float64,
    "ece": pl.Float64,
    "expected": pl.Float64,
    "came": pl.Int64,
    "low": pl.Float64,
    "high": pl.Float64,
}


@dataclass(frozen=True)
class Backtest:
    """Forecasts of the past and what came.

    Attributes
    ----------
    table
        One row a moment, group (all, or newcomers: first seen less than 180 days before) and model (Tenfold and the simpler ones):
        `n` cases;
        `auc`, the chance that one who came ranks above one who did not; `brier`, the mean squared error; `log_loss`; `ece`, the expected
        calibration error; `expected` and `came`, totals; `low`, `high`, the band that is to hold what came nine times in ten.
    reliability
        By tenths of the chance that Tenfold gave, over all moments: `cases`, mean chance `expected`, the share that `came`, and the band
        `low` to `high` that it is to lie in nine times in ten, counted by moments.
    missing
        What is missing where there is not enough data; empty otherwise.
    """

    table: pl.DataFrame
    reliability: pl.DataFrame
    missing: str

    def __repr__(self) -> str:
        """The backtest in a line: how many moments were tried, and how well the chances ranked and were met."""
        if self.missing:
            return f"<Backtest: {self.missing}>"
        scores = self.summary().filter(pl.col("group") == "all").select("model", "auc", "brier").fill_null(0.0)
        return notebook.line(
            "Backtest", [(model, f"AUC {auc:.3g}, Brier {brier:.3g}") for model, auc, brier in scores.iter_rows()]
        )

    def summary(self) -> pl.DataFrame:
        """Means over the moments, by group and model; `total_error`: mean of |ln(expected ÷ came)|; `coverage`: share of bands that
        hold."""
        ratio = ((pl.col("expected") + 0.5) / (pl.col("came") + 0.5)).log().abs()
        held = pl.col("came").is_between(pl.col("low"), pl.col("high"))
        return self.table.group_by("group", "model", maintain_order=True).agg(
            pl.col("auc", "brier", "log_loss", "ece").fill_nan(None).mean(),
            total_error=ratio.mean(),
            coverage=held.mean(),
            moments=pl.len(),
        )

    def words(self) -> str:
        """How far to trust the forecast, in one or two sentences."""
        if self.missing:
            return self.missing[0].upper() + self.missing[1:] + "."
        rows = self.table.filter(model="Tenfold", group="all")
        parts = [f"{row['expected']:.0f} expected, {row['came']} came" for row in rows.sort("at").tail(3).iter_rows(named=True)]
        held = rows.filter(pl.col("came").is_between(pl.col("low"), pl.col("high"))).height
        return (
            f"The same forecast, made at {rows.height} moments of your past: the band held what came {held} of {rows.height} times"
            f" ({'; '.join(parts)}). {reliability_words(self.reliability)}".rstrip()
        )


def backtest(
    contacts: Contacts, *, horizon: object = "90d", moments: Sequence[object] | None = None, bonds: bool = False
) -> Backtest:
    """Forecast at moments of the past, from what had happened by then, and compare with what came.

    Parameters
    ----------
    contacts
        Who was in contact with whom, and who was at which gathering.
    horizon
        How far each forecast reaches: seconds, a timedelta, or text such as ``"90d"``.
    moments
        When the forecasts are made; by default up to six, a horizon apart, the last one a horizon before the end of the record.
    bonds
        Pairs in place of people.

    Returns
    -------
    Backtest
        Scores beside those of simpler models: base rate, recency, count, BG/NBD. With too little on record `missing` says what is missing.

    Raises
    ------
    SpecError
        `horizon` is no positive duration, or one of `moments` is no moment.

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [0, 604800], "a": ["ana", "ana"], "b": ["binh", "binh"]})
    >>> backtest(Contacts.from_table(frame, time="t", a="a", b="b"), horizon="30d").missing
    'not enough data: 7 days on record; 45 days are needed for a horizon of 30 days'
    """
    if not isinstance(contacts, Contacts):
        raise SpecError(f"contacts is a {type(contacts).__name__}; expected Contacts. Use read_contacts or Contacts.from_table.")
    target = Target(max(round(checks.seconds(horizon, "horizon")), 1))
    community = community_of(contacts)
    histories = community.pairs if bonds else community.people
    if not len(histories):
        return _not_enough("nothing is on record")
    last, first = histories.last, histories.epoch
    if moments is None:
        asked = [last - k * target.horizon for k in range(1, MOMENTS + 1)]
    else:
        asked = [int(checks.moment(one, "moments").timestamp()) for one in moments]
    usable = [at for at in asked if at - first >= target.horizon // 2 and at + target.horizon <= last]
    if not usable:
        days = f"{(last - first) / DAY:.0f} days on record; {1.5 * target.horizon / DAY:.0f} days are needed"
        return _not_enough(f"{days} for a horizon of {target.horizon / DAY:.0f} days")
    rows: list[dict[str, object]] = []
    tenths: list[Tenths] = []
    for at in usable:
        known = community_of(contacts, datetime.fromtimestamp(at, UTC))
        found = (forecast_bonds if bonds else forecast_people)(known, at, target)
        if not len(found.case):
            continue
        came = target.came(histories, at, same_cases(community, known, found.case, bonds=bonds))
        rows += _rows(known.pairs if bonds else known.people, at, target, found, came)
        tenths.append(reliability_of(found.chance, came))
    if not rows:
        return _not_enough("nobody is on record at any of the moments")
    return Backtest(pl.DataFrame(rows, schema=TABLE), reliability_table(tenths), "")


def same_cases(community: Community, known: Community, case: Ints, *, bonds: bool) -> Ints:
    """Numbers in `community` of cases of `known`, an earlier state of it; (k)."""
    ids = np.searchsorted(community.names.to_numpy(), known.names.to_numpy())
    if not bonds:
        return ids[case].astype(np.int64)
    n = len(community.names)
    wanted = ids[known.a[case]] * n + ids[known.b[case]]
    return np.searchsorted(community.a.astype(np.int64) * n + community.b, wanted).astype(np.int64)


def _not_enough(what: str) -> Backtest:
    return Backtest(pl.DataFrame(schema=TABLE), pl.DataFrame(schema=RELIABILITY), f"not enough data: {what}")


def _rows(histories: Histories, at: int, target: Target, found: Forecast, came: NDArray[np.bool_]) -> list[dict[str, object]]:
    """The rows of one moment: each model, for all and for newcomers."""
    band = band_of(found)
    models = {"Tenfold": found.chance} | {name: _baseline(histories, target, name)[found.case] for name in BASELINES}
    rows: list[dict[str, object]] = []
    for group, part in (("all", np.ones(len(came), np.bool_)), ("newcomers", found.tenure < NEWCOMER)):
        for name, chance in models.items():
            if part.any():
                limits = {"low": band.low, "high": band.high} if group == "all" and name == "Tenfold" else {}
                values = score(chance[part], came[part])._asdict()
                when = datetime.fromtimestamp(at, UTC)
                rows.append(
                    {"at": when, "group": group, "model": name, "n": int(part.sum()), "low": None, "high": None} | values | limits
                )
    return rows


def _baseline(histories: Histories, target: Target, name: str) -> Floats:
    """Chances of all by a simple model that is fitted at three moments, a horizon apart; (n)."""
    at, horizon = histories.last, target.horizon
    moments = tuple(at - k * horizon for k in (1, 2, 3) if at - k * horizon > histories.epoch + horizon // 4)
    windows, unit = windows_of(target, max(at - histories.epoch, 1)), DAY if horizon >= 30 * DAY else max(horizon // 100, 1)
    cases = measure_cases(histories, at, windows, unit)
    if not moments:
        return np.full(len(cases), 0.5)

    def observe(moment: int) -> tuple[Cases, NDArray[np.bool_]]:
        part = measure_cases(histories, moment, windows, unit)
        return part, target.came(histories, moment, part.case)

    past = past_of(moments, target, 1e18, observe)
    if name == "BG/NBD" and not (past.cases.repeats > 0).any():
        name = "base rate"
    if name == "count":
        return fit_logistic(past, (past.cases.names.index("events"),), hinges=1).chances(cases)
    found: Floats = expit(fit_candidate(name, past).logits(cases))
    return found
