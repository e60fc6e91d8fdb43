"""Statements of a plan that can be checked: how many of its people will have been in touch on a date, as things go."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import stdtrit

from tenfold.forecast.future import KNOTS, WEEKS, Chances
from tenfold.forecast.statements import band_of_total
from tenfold.forecast.trials import reliability_table
from tenfold.people.contacts import Contacts
from tenfold.plan.situation import Situation

__all__ = ["check_statements", "factor_of", "reliability_of_plan", "statement_table"]

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "date": pl.Datetime("us", "UTC"),
    "weeks": pl.Int64,
    "window": pl.Int64,
    "people": pl.Int64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "words": pl.String,
    "why": pl.String,
    "drift": pl.String,
    "trust": pl.String,
}


def factor_of(chances: Chances) -> NDArray[np.float64]:
    """The factor by which a total may be wrong for want of knowledge, nine times in ten, in each week, (53)."""
    heavy = np.interp(np.arange(WEEKS + 1), KNOTS, stdtrit(3 + np.array([len(one) for one in chances.trials]), 0.95))
    found: NDArray[np.float64] = np.exp(heavy * chances.doubt_by_week())
    return found


def statement_table(situation: Situation) -> pl.DataFrame:
    """One row for each of 4, 12, 26 and 52 weeks: as in `Plan.statements`, with `why`, `drift` and `trust`
    in words. No effect of the plan is counted in."""
    future = situation.future
    chance = future.of_people(situation.people["id"])
    rows = []
    for place, weeks in enumerate(KNOTS[1:], start=1):
        p = chance[:, weeks]
        mean, low, high = band_of_total(p, float(future.chances.doubt[place]), len(future.chances.trials[place]))
        date = future.at + timedelta(weeks=weeks)
        span = "week that ends" if future.window == 1 else f"{future.window} weeks that end"
        words = (
            f"{mean:.0f} people ({low:.0f} to {high:.0f}) of the {situation.n} in this plan will have been in contact,"
            f" or at a gathering, within the {span} on {date:%Y-%m-%d}"
        )
        why, drift = future.chances.why[place], "; ".join(future.chances.drift[place])
        rows.append(
            (
                date,
                weeks,
                future.window,
                situation.n,
                mean,
                low,
                high,
                words,
                why,
                drift,
                trust_words(tuple(one.surprise for one in future.chances.trials[place])),
            )
        )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def reliability_of_plan(situation: Situation, weeks: int) -> pl.DataFrame:
    """How forecasts of the past, about as many `weeks` ahead, came true, by tenths of the chance."""
    place = int(np.argmin(np.abs(np.array(KNOTS[1:]) - weeks))) + 1
    return reliability_table([one.by_tenth for one in situation.future.chances.trials[place]])


def trust_words(surprises: tuple[float, ...]) -> str:
    """How the same forecast did at earlier moments, in words; `surprises`: what came ÷ what was expected."""
    if not surprises:
        return "It could not be tried on your past: the record is too short."
    parts = ["as many" if abs(one - 1) < 0.005 else f"{abs(one - 1):.0%} {'more' if one > 1 else 'fewer'}" for one in surprises]
    times = "once" if len(parts) == 1 else f"{len(parts)} times"
    return f"Tried {times} on your own past, there came {', '.join(parts)} {'as' if parts[-1] == 'as many' else 'than'} forecast."


def check_statements(statements: pl.DataFrame, people: pl.Series, contacts: Contacts) -> pl.DataFrame:
    """What came: `statements` whose date the record has passed, with `came`, how many of these people were in touch, and whether the
    band `held`."""
    if "date" not in statements.columns:
        return pl.DataFrame(schema=SCHEMA | {"came": pl.Int64, "held": pl.Boolean})
    ends = [contacts.table.select("time", person=pl.col(end).cast(pl.String)) for end in ("a", "b")]
    seen = pl.concat([*ends, contacts.gatherings.select("time", person=pl.col("person").cast(pl.String))])
    seen = seen.filter(pl.col("person").is_in(people.cast(pl.String).implode()))
    last = seen["time"].max()
    rows = statements.filter(pl.col("date") <= pl.lit(last, pl.Datetime("us", "UTC")))
    came = [
        seen.filter((pl.col("time") > date - timedelta(weeks=window)) & (pl.col("time") <= date))["person"].n_unique()
        for date, window in rows.select("date", "window").iter_rows()
    ]
    found = rows.with_columns(came=pl.Series(came, dtype=pl.Int64))
    return found.with_columns(held=pl.col("came").is_between(pl.col("low"), pl.col("high")))
