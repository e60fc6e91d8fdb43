"""Entries that may be one person; in a long list each name is compared with its neighbours."""

import polars as pl
import pytest

from tenfold.people.roster import People
from tenfold.people.store import duplicates

NAMES = ("Ana Moreira", "Moreira Ana", "Bruno Leitão", "Bruno Leitãe", "Druno Leitão", "Chi Nguyen", "Bui Okafor")


@pytest.mark.parametrize("most", [20_000, 3])
def test_names_that_differ_by_a_letter_are_found(monkeypatch, most):
    """Also where the first letter differs, by the order from behind."""
    monkeypatch.setattr(duplicates, "MOST_COMPARED", most)
    monkeypatch.setattr(duplicates, "NEIGHBOURS", 1)
    people = People.from_table(pl.DataFrame({"id": [f"p{k}" for k in range(len(NAMES))], "name": NAMES}))
    found = {tuple(row) for row in duplicates.probable_duplicates(people.table).select("a", "b").iter_rows()}
    assert {("p0", "p1"), ("p2", "p3"), ("p2", "p4")} <= found
    assert not any("p5" in pair or "p6" in pair for pair in found)
