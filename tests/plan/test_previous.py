"""What the last plan decided: who has moved since, and who is new."""

import polars as pl

from tenfold.plan.previous import MOVABLE, Previous


def test_changes_name_who_moved_and_who_is_new():
    last = Previous.of(pl.DataFrame({"circle": [1, 1, 2], "person": ["a", "b", "c"], "role": ["mentor"] * 3}))
    assert last == Previous({"a": 1, "b": 1, "c": 2}, MOVABLE)
    assert last.changes(["a", "b", "c", "d"], [0, 1, 1, 0]).rows() == [("b", 1, 2), ("d", None, 1)]


def test_without_a_last_plan_nobody_has_moved():
    assert Previous.of(None).changes(["a"], [0]).height == 0
    assert Previous.of(None).circle_of == {}
