"""Hazards: the prior runs through the survey, the community's own past is found again, and the source is told."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tenfold.bonds.strength import measure_bonds
from tenfold.forecast.hazards import WEEKS_A_MONTH, fit_hazards, weibull_hazard
from tenfold.people.contacts import Contacts

START = datetime(2025, 1, 1, tzinfo=UTC)


def test_the_prior_runs_through_the_survey():
    cumulated = np.concatenate([[0], weibull_hazard().cumsum()])
    for months, left in ((1, 0.70), (3, 0.50), (12, 0.26)):
        assert np.exp(-np.interp(months * WEEKS_A_MONTH, np.arange(len(cumulated)), cumulated)) == pytest.approx(left, abs=0.02)
    assert (np.diff(weibull_hazard()) < 0).all()


def cohort(n: int, weekly_hazard: float, seed: int) -> Contacts:
    """Pairs in touch about weekly, whose bonds end at a constant hazard; observed for a year."""
    rng = np.random.default_rng(seed)
    rows = []
    for k in range(n):
        weeks = min(int(rng.geometric(weekly_hazard)), 52)
        rows += [(START + timedelta(days=7 * week + float(rng.random())), f"a{k}", f"b{k}") for week in range(weeks)]
    return Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")


def test_the_own_past_is_found_again():
    contacts = cohort(3000, 0.06, 1)
    hazards = fit_hazards(contacts, measure_bonds(contacts, at=START + timedelta(days=440)))
    assert hazards.sources["bond"].startswith("own past: 3000 bonds")
    assert hazards.sources["person"].startswith("own past: 6000 people")
    assert hazards.bond[:30].mean() == pytest.approx(-np.log(1 - 0.06), rel=0.15)


def test_too_little_past_takes_the_prior_and_says_so():
    contacts = cohort(20, 0.06, 2)
    hazards = fit_hazards(contacts, measure_bonds(contacts))
    assert (hazards.bond == weibull_hazard()).all()
    assert "survey" in hazards.sources["bond"]
    assert "the own past is not enough (20 bonds" in hazards.sources["bond"]
    assert hazards.table()["source"].to_list() == list(hazards.sources.values())
    assert hazards.table()["source"].null_count() == 0
