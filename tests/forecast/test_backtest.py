"""Backtest: calibrated where the past goes on, honest where it cannot be told, and it looks at no future."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from communities_in_time import chats
from tenfold.errors import SpecError
from tenfold.forecast.backtest import BASELINES, backtest
from tenfold.people.contacts import Contacts


@pytest.fixture(scope="module")
def found():
    return backtest(chats(1, people=150, days=400), horizon="30d")


def test_every_moment_group_and_model(found):
    assert found.missing == ""
    assert set(found.table["model"]) == {"Tenfold", *BASELINES}
    assert set(found.table["group"]) == {"all", "newcomers"}
    assert found.table["at"].n_unique() == 6
    assert found.summary().height == 10
    own = found.table.filter(model="Tenfold", group="all")
    assert own["low"].null_count() == 0
    assert (own["low"] <= own["expected"]).all()
    assert "moments of your past" in found.words()


def test_chances_are_calibrated_and_rank(found):
    own = found.summary().filter(model="Tenfold", group="all").row(0, named=True)
    base = found.summary().filter(model="base rate", group="all").row(0, named=True)
    assert own["auc"] > 0.75
    assert own["brier"] < base["brier"]
    assert own["total_error"] < 0.2
    assert own["coverage"] >= 0.8
    big = found.reliability.filter(pl.col("cases") >= 60)
    assert np.abs(big["expected"] - big["came"]).max() < 0.2


def test_a_moment_does_not_know_what_came_later():
    contacts, moment = chats(2, people=60), datetime(1970, 6, 1, tzinfo=UTC)
    whole = backtest(contacts, horizon="30d", moments=[moment]).table
    end = datetime(1970, 7, 1, tzinfo=UTC)
    part = backtest(contacts.until(end), horizon="29d", moments=[moment]).table
    short = backtest(contacts, horizon="29d", moments=[moment]).table
    assert part["expected"].to_list() == short["expected"].to_list()
    assert whole.height == part.height


def test_not_enough_data_says_what_is_missing():
    little = Contacts.from_table(pl.DataFrame({"t": [0, 864000], "a": ["x", "x"], "b": ["y", "y"]}), time="t", a="a", b="b")
    assert backtest(little).missing == "not enough data: 10 days on record; 135 days are needed for a horizon of 90 days"
    assert backtest(little).words().startswith("Not enough data: 10 days")
    assert backtest(Contacts(little.table.clear())).missing == "not enough data: nothing is on record"
    with pytest.raises(SpecError, match="horizon is 0"):
        backtest(little, horizon=0)
