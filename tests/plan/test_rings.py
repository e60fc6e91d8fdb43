"""Rings: circles that are bound to each other lie in one ring, up to the whole, and addresses lead there."""

import numpy as np
import polars as pl

from situations import situation_of
from tenfold.bonds.strength import measure_bonds
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.circles import Circles
from tenfold.plan.limits import Limits
from tenfold.plan.partition import Sizes
from tenfold.plan.rings import nest_circles
from tenfold.plan.situation import build_situation


def test_few_circles_need_no_ring():
    circles = Circles(np.array([0, 0, 1, 1]), Sizes(2, 1, 4))
    found = nest_circles(situation_of(4, {"ab": [0]}), circles, Limits(circle_size=3))
    assert found.levels == []
    assert found.address == ["1", "2"]


def test_circles_bound_to_each_other_make_a_ring():
    """Nine circles of one person each; those of one third are bound."""
    ids = [f"p{i}" for i in range(9)]
    rows = [(0, ids[i], ids[j]) for i in range(9) for j in range(i) if i % 3 == j % 3]
    met = Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")
    situation = build_situation(People.from_ids(ids), met, measure_bonds(met))
    found = nest_circles(situation, Circles(np.arange(9), Sizes(9, 1, 4)), Limits(circle_size=3))
    (ring,) = found.levels
    assert [len(set(ring[third::3])) for third in range(3)] == [1, 1, 1]
    assert len(set(ring)) == 3
    for circle, address in enumerate(found.address):
        top, seat = address.split(".")
        assert int(top) == ring[circle] + 1
        assert int(seat) == (ring[:circle] == ring[circle]).sum() + 1
