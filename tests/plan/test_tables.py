"""Stage 6: the frames say what the arrays of the stages hold."""

import numpy as np
import pytest

from situations import circles_of, situation_of
from tenfold.plan import tables
from tenfold.plan.candidates import PURPOSES, first_contacts
from tenfold.plan.limits import Limits, Load
from tenfold.plan.locks import Locks
from tenfold.plan.naming import name_circles
from tenfold.plan.previous import Previous
from tenfold.plan.rings import Rings, nest_circles
from tenfold.plan.week import choose_contacts

OFTEN = [0, 5, 10, 15, 20, 25, 30]


@pytest.fixture(scope="module")
def rings(situation, circles):
    return nest_circles(situation, circles, Limits())


def test_members_are_in_their_circle_its_mentor_first(situation, circles, rings, carers):
    naming = name_circles(situation, circles, Locks(), Previous())
    table = tables.member_table(situation, circles, rings, carers, naming, Previous())
    assert table["name"].to_list() == [naming.names[circle - 1] for circle in table["circle"]]
    assert len(set(naming.names)) == circles.count
    ids = situation.people["id"].to_list()
    assert table["person"].n_unique() == table.height == situation.n
    for circle, person, role in table.select("circle", "person", "role").iter_rows():
        i = ids.index(person)
        assert circles.membership[i] == circle - 1
        assert role == {carers.mentor[circle - 1]: "mentor", carers.backup[circle - 1]: "backup"}.get(i, "member")
    seats = table.group_by("circle", maintain_order=True).first()
    assert (seats["role"] == "mentor").all()
    assert all(address == f"{rings.address[circle - 1]}.1" for circle, address in seats.select("circle", "address").iter_rows())


def test_one_row_a_circle(situation, circles, rings, carers, bridges):
    naming = name_circles(situation, circles, Locks(), Previous())
    table = tables.circle_table(situation, circles, rings, carers, bridges, naming, {2: "Mon 8:00 UTC"})
    assert table["meeting"][1] == "Mon 8:00 UTC"
    assert table["size"].to_list() == np.bincount(circles.membership).tolist()
    assert table["bridges"].sum() == 2 * len(bridges.ends)
    assert table["strength_kept"].is_between(0, 1).all()
    mentors = tables.mentor_table(situation, circles, carers)
    assert mentors["mentor"].to_list() == table["mentor"].to_list()
    assert mentors.select("looks_after", "backup_looks_after").sum().row(0) == (
        sum((carers.carer == i).sum() for i in carers.mentor if i >= 0),
        sum((carers.carer == i).sum() for i in carers.backup if i >= 0),
    )


def test_what_a_circle_shares():
    situation = situation_of(
        4,
        {"ab": OFTEN, "bc": OFTEN, "cd": OFTEN},
        place=["Hué", "Hué", "Lima", None],
        language=["Tamil", "Tamil", "Tamil", "Yoruba"],
        availability=["Tue 18-20", "Tue 19-20", "Tue 19-21", None],
    )
    circles = circles_of("abc", "d")
    carers = tables.Carers(np.array([1, 3]), np.array([0, -1]), np.array([1, 0, 1, -1]), np.full(4, 8), np.ones(4, bool))
    bridges = tables.Bridges(np.array([[2, 3]]), 1)
    naming = name_circles(situation, circles, Locks(), Previous())
    row, alone = tables.circle_table(situation, circles, Rings([], ["1", "2"]), carers, bridges, naming, {}).iter_rows(named=True)
    assert naming.names == ["Hué", "Yoruba"]
    assert (row["language"], row["place"], row["meeting"], row["free"]) == ("Tamil", "Hué", "Tue 19:00 UTC", 3)
    assert row["strength_kept"] == pytest.approx(4 / 5)
    assert (alone["language"], alone["place"], alone["meeting"], alone["backup"]) == ("Yoruba", None, "", None)
    assert tables.bridge_table(situation, circles, bridges).rows() == [(1, 2, "c", "d", True)]


def test_a_week_in_words(situation, circles, carers, candidates):
    rows = choose_contacts(situation, candidates, carers, Limits(), weeks=1)[0]
    table = tables.week_table(situation, circles, carers, candidates, rows, load=Load(quiet_days=("Sun",)))
    ids = situation.people["id"]
    planned = zip(ids.gather(candidates.initiator[rows]), ids.gather(candidates.recipient[rows]), strict=True)
    assert sorted(table.select("who", "whom").iter_rows()) == sorted(planned)
    assert table["circle"].is_sorted()
    days = (table["due"] - situation.at.date()).dt.total_days()
    assert (days.min(), days.max()) >= (1, 1)
    assert days.max() <= 7
    assert (table["due"].dt.weekday() != 7).all()
    first = table.filter(purpose=PURPOSES[0])
    assert first.filter(first["kind"] == "visit").group_by("who").len()["len"].max() <= 2
    assert (table.filter(purpose="upkeep")["kind"] == "message").all()


def test_the_never_included_are_listed_with_their_first_contact(situation, circles, carers):
    first = first_contacts(situation, circles, carers)
    table = tables.left_out_table(situation, circles, first)
    ids = situation.people["id"].to_list()
    assert table["person"].to_list() == [ids[i] for i in np.flatnonzero(situation.never_included)]
    assert table["first_contact"].to_list() == [ids[first[i]] for i in np.flatnonzero(situation.never_included)]
