"""What the last plan decided, read from its frames."""

import polars as pl

from tenfold.plan.previous import Previous

CIRCLES = pl.DataFrame(
    {"circle": [1, 1, 2], "address": ["1.1", "1.4", "2.1"], "person": ["a", "b", "c"], "role": ["mentor", "member", "mentor"]}
)


def test_a_plan_in_its_parts():
    table = pl.DataFrame(
        {"circle": [1, 2], "name": ["Hué", "Lima"], "address": ["1", "2"], "parent": [0, 1], "generation": [1, 2]}
    )
    carers = pl.DataFrame({"person": ["a", "b"], "carer": [None, "a"]})
    last = Previous.of({"circles": CIRCLES, "circle_table": table, "carers": carers})
    assert last
    assert last.circle_of == {"a": 1, "b": 1, "c": 2}
    assert last.seat_of == {"a": 1, "b": 4, "c": 1}
    assert last.role == {(1, "mentor"): "a", (2, "mentor"): "c"}
    assert last.carer == {"b": "a"}
    assert (last.names, last.addresses) == ({1: "Hué", 2: "Lima"}, {1: "1", 2: "2"})
    assert (last.parent, last.generation) == ({1: 0, 2: 1}, {1: 1, 2: 2})
    assert last.newcomers(["a", "d"]) == ["d"]


def test_a_plan_of_an_older_version_has_its_circles_alone():
    last = Previous.of({"circles": CIRCLES})
    assert last.circle_of == {"a": 1, "b": 1, "c": 2}
    assert not last.names
    assert not last.carer


def test_without_a_last_plan_there_is_nothing():
    assert not Previous.of(None)
    assert Previous.of(None).circle_of == {}
