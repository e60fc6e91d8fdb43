"""Locks are read from a file, and a row that makes no sense is named."""

import pytest

from community import demo_community
from tenfold.errors import DataError
from tenfold.plan.locks import Locks, read_locks


def test_reading_locks(tmp_path):
    people, _ = demo_community()
    one, other = people.table["id"][0], people.table["id"][1]
    path = tmp_path / "locks.csv"
    path.write_text(f"rule,person,with\nin,{one},3\nnot in,{people.table['name'][1]},4\nTogether,{one},{other}\n")
    assert read_locks(path, people.table) == Locks({one: 3}, ((other, 4),), ((one, other),))
    for row, words in (
        ("near,{0},{1}", "rule 'near' is none"),
        ("in,nobody,3", "'nobody' is not on the list"),
        ("in,{0},three", "circle 'three' is no number"),
        ("apart,{0},{0}", "with themselves"),
        ("in,{0},1\nin,{0},2", "in circle 2 and in circle 1"),
        ("in,{0},1\nnot in,{0},1", "in circle 1 and not in it"),
        ("apart,{0},{1}\ntogether,{1},{0}", "together and apart"),
    ):
        path.write_text("rule,person,with\n" + row.format(one, other) + "\n")
        with pytest.raises(DataError, match=words):
            read_locks(path, people.table)
    with pytest.raises(DataError, match="there is no such file"):
        read_locks(tmp_path / "none.csv", people.table)
