"""Mentors of a community: who is chosen, whom each looks after, who stands in; and the reach, counted anew from the definition."""

from itertools import product

import numpy as np
import polars as pl
import pytest

from community import ENDS, demo_community
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import measure_bonds
from tenfold.errors import PlanError, SpecError
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.mentors.place import place_mentors
from tenfold.plan.mentors.placement import MentorPlacement


def measured(people: People, contacts: Contacts, at: object = None, **more) -> MentorPlacement:
    bonds = measure_bonds(contacts, at=at)
    return place_mentors(people, bonds, standing=measure_standing(people, contacts, bonds), **more)


def star(**columns) -> tuple[People, Contacts]:
    """Ana in the middle of six, and two apart; all bonds as strong as one fresh contact."""
    pairs = [("ana", other) for other in ("binh", "chi", "dov", "eva", "finn")] + [("gil", "hana")]
    contacts = Contacts.from_table(
        pl.DataFrame([(0, *pair) for pair in pairs], schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b"
    )
    people = People.from_ids([*contacts.people(), "ida"]).table
    return People.from_table(people.with_columns(**columns)), contacts


def test_reach_is_that_of_all_ways_in_which_bonds_can_pass_it_on():
    """Every outcome of seven bonds, with its chance."""
    people, contacts = star()
    found = measured(people, contacts, k=2, chance=0.3)
    assert found.mentors["mentor"].to_list()[0] == "ana"
    ids = people.table["id"].to_list()
    edges = [(ids.index(a), ids.index(b)) for a, b in contacts.table.select("a", "b").iter_rows()]
    expected = 0.0
    for lives in product((0, 1), repeat=len(edges)):
        reached = {ids.index(one) for one in found.mentors["mentor"]}
        for _ in edges:
            for (a, b), open_ in zip(edges, lives, strict=True):
                if open_ and (a in reached or b in reached):
                    reached |= {a, b}
        expected += len(reached) * np.prod([0.3 if one else 0.7 for one in lives])
    assert found.reach == pytest.approx(expected, abs=5 * np.sqrt(7 * 0.21 / found.settings["runs"]))
    assert found.reach == pytest.approx(found.mentors["together"][-1]) == found.groups["with_mentors"].sum()


def test_who_cannot_or_does_not_want_to_is_no_mentor():
    last = pl.col("id") == "ana"
    for columns in (
        {"can_mentor": ~last},
        {"capacity": pl.when(last).then(0)},
        {"role": pl.when(last).then(pl.lit("gone"))},
        {"consent": pl.when(last).then(False)},
        {"paused_until": pl.when(last).then(pl.date(2100, 1, 1))},
    ):
        found = measured(*star(**columns), k=1)
        assert "ana" not in found.mentors["mentor"], columns
    assert measured(*star(), k=1).mentors["mentor"].to_list() == ["ana"]


def test_everybody_has_one_mentor_within_capacity_or_is_named():
    people, contacts = demo_community()
    for k in (3, None):
        found = measured(people, contacts, ENDS, k=k)
        mentors = set(found.mentors["mentor"])
        capacity = dict(people.table.select("id", pl.col("capacity").fill_null(10)).iter_rows())
        loads = dict(found.care.group_by("mentor").len().iter_rows())
        assert all(loads[one] <= capacity[one] for one in loads)
        assert dict(found.mentors.select("mentor", "looks_after").filter(pl.col("looks_after") > 0).iter_rows()) == loads
        assert found.care["person"].is_unique().all()
        without = found.left.filter(pl.col("why").str.contains("room"))["person"].to_list()
        away = set(
            measure_standing(people, contacts, measure_bonds(contacts, at=ENDS)).filter(
                pl.col("standing").is_in(["gone", "paused"])
            )["person"]
        )
        assert sorted([*found.care["person"], *without, *mentors]) == sorted(set(people.table["id"]) - away)
        assert all(row["backup"] not in (None, row["mentor"]) for row in found.mentors.iter_rows(named=True))
        assert (
            found.left.filter(pl.col("why").str.contains("first contact"))["person"]
            .is_in(found.mentors["mentor"].implode())
            .sum()
            == 0
        )


def test_chosen_ones_reach_more_than_as_many_at_random_and_the_same_seed_chooses_the_same():
    people, contacts = demo_community()
    everyone = People.from_table(people.table.with_columns(can_mentor=pl.lit(True), capacity=pl.lit(10)))
    found, again = (measured(everyone, contacts, ENDS, k=5, seed=4) for _ in range(2))
    assert found.reach > found.at_random
    for name, frame in found.tables().items():
        assert frame.equals(again.tables()[name]), name
    assert (found.groups["with_mentors"] <= found.groups["people"]).all()


def test_the_worst_place_gains_where_that_is_asked():
    place = pl.when(pl.col("id").is_in(["gil", "hana"])).then(pl.lit("far")).otherwise(pl.lit("near"))
    people, contacts = star(place=place)
    far = measured(people, contacts, k=2, objective="worst_group", chance=0.9)
    assert set(far.mentors["group"]) == {"far", "near"}
    with pytest.raises(PlanError, match="nobody's language is on the list"):
        measured(people, contacts, k=2, objective="worst_group", by="language")
    few = measured(people, contacts, objective="everyone", target=0.5, chance=0.9)
    assert few.mentors.height == 2
    assert (few.groups["with_mentors"] / few.groups["people"] >= 0.5).all()


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"k": 99}, PlanError, "k is 99, and 9 people can be mentors"),
        ({"k": 0}, SpecError, "k is 0; expected a whole number of at least 1"),
        ({"objective": "luck"}, SpecError, "objective is 'luck'; expected one of reach, everyone, worst_group"),
        ({"by": "age"}, SpecError, "by is 'age'; expected one of place, language"),
        ({"chance": 2}, SpecError, "chance is 2; expected a share"),
        ({"capacity": 0}, SpecError, "capacity is 0; expected a whole number from 1"),
        ({"chances": 0.1}, SpecError, r"place_mentors takes no 'chances'; expected some of .* Did you mean chance\?"),
    ],
)
def test_what_is_wrong_is_named(more, error, words):
    with pytest.raises(error, match=words):
        measured(*star(), **more)


def test_nobody_can():
    with pytest.raises(PlanError, match="nobody can be a mentor"):
        measured(*star(capacity=pl.lit(0)))
    with pytest.raises(PlanError, match="nobody is to be reached"):
        measured(*star(role=pl.lit("gone")))
