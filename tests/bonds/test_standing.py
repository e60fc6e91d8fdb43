"""Rhythm and standing: the lines at 2, 4 and 8 usual gaps, the reasons, and that a pause is no loss."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tenfold.bonds.rhythm import PRIOR_GAP
from tenfold.bonds.standing import DEFINITIONS, measure_standing
from tenfold.bonds.strength import measure_bonds
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def contacts_on(days: dict[tuple[str, str], list[float]]) -> Contacts:
    rows = [(START + timedelta(days=day), a, b) for (a, b), when in days.items() for day in when]
    return Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")


@pytest.mark.parametrize(("silence", "standing"), [(0, "kept"), (9.9, "kept"), (10.1, "due"), (20.1, "fading"), (40.1, "lost")])
def test_bonds_stand_by_their_own_rhythm(silence, standing):
    every_five_days = contacts_on({("ana", "binh"): [0, 5, 10, 15]})
    bond = measure_bonds(every_five_days, at=START + timedelta(days=15 + silence)).table.row(0, named=True)
    assert bond["usual_gap"] == pytest.approx(5)
    assert bond["silence"] == pytest.approx(silence)
    assert bond["ratio"] == pytest.approx(silence / 5)
    assert bond["standing"] == standing


def test_contacts_of_one_day_are_one_occasion():
    minutes = [k / 1440 for k in range(60)]
    bond = measure_bonds(contacts_on({("ana", "binh"): minutes}), at=START + timedelta(days=10)).table.row(0, named=True)
    assert bond["contacts"] == 60
    assert bond["usual_gap"] is None
    assert bond["ratio"] == pytest.approx(10 / PRIOR_GAP, abs=0.01)


def test_without_a_rhythm_of_its_own_a_bond_is_held_to_the_typical_one():
    contacts = contacts_on({("ana", "binh"): [0, 3, 6, 9], ("ana", "chi"): [9]})
    bonds = measure_bonds(contacts, at=START + timedelta(days=21))
    assert bonds.typical_gap == pytest.approx(3)
    chi = bonds.table.filter(pl.col("b") == "chi").row(0, named=True)
    assert (chi["ratio"], chi["standing"]) == (pytest.approx(4), "due")


def test_people_stand_with_a_reason():
    people = People.from_table(
        pl.DataFrame(
            {
                "id": ["ana", "binh", "chi", "dan", "eve", "fay", "gil"],
                "role": [None, None, None, "Gone", None, None, None],
                "consent": [None, None, None, None, False, None, None],
                "paused_until": [None, None, date(2026, 12, 1), None, None, date(2026, 1, 2), None],
            }
        )
    )
    talks = {
        ("ana", "binh"): [0, 5, 10],
        ("ana", "chi"): [0],
        ("ana", "dan"): [0],
        ("ana", "eve"): [1],
        ("ana", "fay"): [20, 25, 30, 31],
    }
    contacts = contacts_on(talks)
    event = pl.DataFrame({"t": [START] * 40, "who": ["gil", *(f"x{k}" for k in range(39))], "what": ["plenary"] * 40})
    crowd = Contacts.from_gatherings(event, time="t", person="who", gathering="what").gatherings
    contacts = Contacts(contacts.table, crowd)
    bonds = measure_bonds(contacts, at=START + timedelta(days=32))
    table = measure_standing(people, contacts, bonds)
    found = {row["person"]: (row["standing"], row["reason"]) for row in table.iter_rows(named=True)}
    assert found == {
        "ana": ("kept", "1 day silent, usual gap 4"),
        "binh": ("fading", "22 days silent, usual gap 5"),
        "chi": ("paused", "paused until 2026-12-01"),
        "dan": ("gone", "left"),
        "eve": ("gone", "does not want to be contacted"),
        "fay": ("kept", "1 day silent, usual gap 4"),
        "gil": ("never included", "at 1 large gathering, no bond with anybody on record"),
    }
    assert set(table["standing"]) <= set(DEFINITIONS)
    assert table["person"].to_list() == people.table["id"].to_list()


def test_who_has_no_contact_at_all_is_never_included():
    contacts = contacts_on({("ana", "binh"): [0]})
    people = People.from_ids(["ana", "binh", "chi"])
    row = measure_standing(people, contacts, measure_bonds(contacts)).filter(pl.col("person") == "chi").row(0, named=True)
    assert (row["standing"], row["reason"], row["bonds"]) == ("never included", "no contact with anybody on record", 0)


def test_every_standing_is_defined_in_the_docs(request):
    page = (request.config.rootpath / "docs" / "standing.md").read_text(encoding="utf-8")
    for standing in DEFINITIONS:
        assert f"| {standing} |" in page, f"docs/standing.md does not define {standing}"
