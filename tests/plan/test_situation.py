"""The situation: who has a place in the plan and who has not, and what is known of each, row by row."""

import numpy as np
import polars as pl
import pytest

from community import ENDS, demo_community
from situations import letters, situation_of
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import measure_bonds
from tenfold.errors import DataError, PlanError, SpecError
from tenfold.people.availability import free_hours
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.situation import build_situation


def test_everybody_has_a_row_or_is_excluded(situation):
    people, contacts = demo_community()
    standing = measure_standing(people, contacts, measure_bonds(contacts, at=ENDS))
    away = standing.filter(pl.col("standing").is_in(["gone", "paused"]))
    assert situation.excluded.rows() == away.select("person", "reason").rows()
    assert away.height
    here = standing.filter(~pl.col("standing").is_in(["gone", "paused"]))
    assert situation.people["id"].to_list() == here["person"].to_list()
    assert situation.standing == here["standing"].to_list()
    assert situation.never_included.tolist() == [one == "never included" for one in situation.standing]
    assert situation.at == ENDS


def test_ties_are_the_bonds_among_them(situation):
    ids = situation.people["id"]
    ties, bonds = situation.ties, situation.bonds.table
    among = bonds.filter(pl.col("a").is_in(ids.implode()) & pl.col("b").is_in(ids.implode()))
    assert ties.table.equals(among)
    assert ids.gather(ties.a).to_list() == among["a"].to_list()
    assert ids.gather(ties.b).to_list() == among["b"].to_list()


def test_languages_and_hours_are_by_row():
    found = situation_of(
        4,
        {"ab": [0, 10]},
        language=["Tok Pisin|english", "English", None, "tok pisin"],
        availability=["Mon 18-20", None, None, "Mon 18-20"],
        timezone=["Asia/Tokyo", None, None, "Asia/Tokyo"],
    )
    assert found.language_names == ["english", "Tok Pisin"]
    assert found.languages.tolist() == [[True, True], [True, False], [True, True], [False, True]]
    assert (found.hours[0] == free_hours("Mon 18-20", "Asia/Tokyo", found.at)).all()
    assert found.hours[1].all()
    assert found.hours.shape == (4, 168)
    assert letters(np.flatnonzero(found.never_included)) == "cd"
    assert found.people["first_seen"].is_null().to_list() == [False, False, True, True]


def test_a_situation_that_cannot_be_is_refused():
    met = Contacts.from_table(pl.DataFrame({"t": [0], "a": ["ana"], "b": ["binh"]}), time="t", a="a", b="b")
    bonds = measure_bonds(met)
    with pytest.raises(PlanError, match="contacts name 1 people who are not on the list, first 'binh'"):
        build_situation(People.from_ids(["ana"]), met, bonds)
    with pytest.raises(SpecError, match="people is a list; expected People"):
        build_situation(["ana", "binh"], met, bonds)
    with pytest.raises(PlanError, match="nobody is to be placed: of 2 people"):
        build_situation(People.from_table(pl.DataFrame({"id": ["ana", "binh"], "role": ["gone", "left"]})), met, bonds)
    with pytest.raises(DataError, match="availability"):
        situation_of(2, {"ab": [0]}, availability=["whenever", None])
