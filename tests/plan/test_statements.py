"""Statements of a plan: they agree with the simulation, and are held against what came."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tenfold.people.contacts import Contacts
from tenfold.plan.scenarios import schedules
from tenfold.plan.statements import check_statements, statement_table, trust_words
from tenfold.plan.tables import forecast_table
from tenfold.plan.trial import Design, run_scenarios


def test_statements_agree_with_the_simulation(situation, candidates):
    table = statement_table(situation)
    assert table["weeks"].to_list() == [4, 12, 26, 52]
    assert (table["low"] <= table["mean"]).all()
    assert (table["mean"] <= table["high"]).all()
    nobody = [np.zeros(0, np.int64)] * 52
    nothing = {"nothing": schedules(situation.n, candidates, nobody, 1)["nothing"]}
    found = run_scenarios(situation, nothing, Design(endpoint=12, replicates=200, seed=1))["nothing"]
    for weeks, mean in table.select("weeks", "mean").iter_rows():
        simulated = found.people_kept[:, weeks]
        assert abs(simulated.mean() - mean) < 4 * simulated.std(ddof=1) / np.sqrt(200)
    chance = situation.future.of_people(situation.people["id"])[:, 12]
    assert np.abs(found.kept_share - chance).max() < 4.5 * 0.5 / np.sqrt(200)


def test_bands_stay_within_what_there_is(situation, candidates):
    """However great the doubt: no more people than there are, and no more bonds of today than there are today."""
    nobody = [np.zeros(0, np.int64)] * 52
    chances = [replace(one, doubt=one.doubt + 3.0) for one in (situation.future.chances, situation.future.bonds)]
    doubtful = replace(situation, future=replace(situation.future, chances=chances[0], bonds=chances[1]))
    nothing = {"nothing": schedules(situation.n, candidates, nobody, 1)["nothing"]}
    found = run_scenarios(situation, nothing, Design(endpoint=12, replicates=20, seed=1))
    table = forecast_table(doubtful, found)
    today = table.filter(week=0, measure="bonds")["mean"][0]
    for measure, most in (("people", situation.n), ("bonds", today)):
        part = table.filter(measure=measure)
        assert part["high"].max() == most
        assert (part["low"] >= 0).all()
        assert (part["low"] <= part["mean"]).all()
        assert (part["mean"] <= part["high"]).all()


def test_what_came_is_counted_by_the_same_words(situation):
    table = statement_table(situation)
    window = timedelta(weeks=table["window"][0])
    date: datetime = table["date"][0]
    rows = [(date - window, "a", "b"), (date - window + timedelta(seconds=1), "c", "stranger"), (date, "d", "c")]
    later = [(date + timedelta(seconds=1), "e", "a")]
    frame = pl.DataFrame(rows + later, schema=["t", "a", "b"], orient="row")
    contacts = Contacts.from_table(frame, time="t", a="a", b="b")
    met = pl.DataFrame({"t": [date], "who": ["f"], "what": ["choir"]})
    contacts = Contacts(contacts.table, Contacts.from_gatherings(met, time="t", person="who", gathering="what").gatherings)
    found = check_statements(table, pl.Series(list("abcdef")), contacts)
    assert found["weeks"].to_list() == [4]
    assert found["came"].to_list() == [3]
    assert found["held"].to_list() == [bool(table["low"][0] <= 3 <= table["high"][0])]
    assert check_statements(pl.DataFrame(), pl.Series(["a"]), contacts).height == 0
    assert check_statements(table, pl.Series(["a"]), Contacts(contacts.table.clear())).height == 0


@pytest.mark.parametrize(
    ("surprises", "words"),
    [
        ((), "It could not be tried on your past: the record is too short."),
        ((1.04, 0.9, 1.0), "Tried 3 times on your own past, there came 4% more, 10% fewer, as many as forecast."),
    ],
)
def test_trust_in_words(surprises, words):
    assert trust_words(surprises) == words
