"""Decisions are kept until they are undone, and one that contradicts another is refused by its number."""

from datetime import UTC, datetime, timedelta

import pytest

from tenfold.errors import DataError
from tenfold.people.store import Store, open_store
from tenfold.people.store.decisions import Decision

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    import polars as pl

    people = pl.DataFrame({"id": ["a", "b", "c"], "name": ["Ana", "Binh", "Chi"]})
    with open_store(tmp_path / "t.db", command="test", write=True, create=True) as opened:
        for one, name in people.iter_rows():
            opened._db.execute("INSERT INTO person (id, name) VALUES (?, ?)", (one, name))
        yield opened


def made(
    kind: str, person: str | None = None, other: str | None = None, circle: int | None = None, text: str | None = None
) -> Decision:
    return Decision(0, NOW, kind, person, other, circle, text)


def test_a_decision_is_kept_listed_and_undone(store: Store):
    number = store.add_decision(made("together", "a", "b"))
    assert [(one.number, one.kind, one.person, one.other, one.at) for one in store.decisions()] == [
        (number, "together", "a", "b", NOW)
    ]
    store.undo_decision(number, NOW + timedelta(hours=1))
    assert store.decisions()[0].undone == NOW + timedelta(hours=1)
    assert store.add_decision(made("apart", "a", "b")) == number + 1  # nothing stands against it any more
    with pytest.raises(DataError, match="decision 1 is undone already"):
        store.undo_decision(number, NOW)
    with pytest.raises(DataError, match="decision 99 is not there"):
        store.undo_decision(99, NOW)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (made("together", "a", "b"), made("apart", "b", "a"), "keeps the two together"),
        (made("fix", "a", circle=1), made("fix", "a", circle=2), "has the same person in circle 1"),
        (made("fix", "a", circle=1), made("forbid", "a", circle=1), "is the opposite for circle 1"),
        (made("fix", "a", circle=1), made("mentor", "a", circle=2), "has the same person in circle 1"),
        (made("mentor", "a", circle=1), made("mentor", "b", circle=1), "says it for circle 1 already"),
        (made("mentor", "a", circle=1), made("backup", "a", circle=1), "has the same person as mentor"),
        (made("carer", "a", "b"), made("carer", "a", "c"), "names a carer for the same person"),
        (made("name", circle=1, text="Harbour"), made("name", circle=2, text="harbour"), "gives the name 'Harbour' to circle 1"),
        (made("meeting", circle=1, text="Tue"), made("meeting", circle=1, text="Wed"), "says it for circle 1 already"),
        (made("forbid", "a", circle=1), made("forbid", "a", circle=1), "says so already"),
    ],
)
def test_what_contradicts_another_names_it(store: Store, first, second, words):
    number = store.add_decision(first)
    with pytest.raises(
        DataError, match=rf"decision {number} \({first.kind}, 2026-11-27\) {words}.*undo it first: tenfold decide undo {number}"
    ):
        store.add_decision(second)
    assert len(store.decisions()) == 1


def test_what_does_not_is_kept(store: Store):
    for one in (
        made("fix", "a", circle=1),
        made("mentor", "a", circle=1),
        made("backup", "b", circle=1),
        made("forbid", "b", circle=2),
        made("forbid", "b", circle=3),
        made("apart", "a", "c"),
        made("together", "a", "b"),
        made("carer", "c", "b"),
        made("name", circle=1, text="Harbour"),
        made("name", circle=2, text="Hill"),
    ):
        store.add_decision(one)
    assert len(store.decisions()) == 10


def test_a_merge_takes_decisions_along(store: Store):
    store.add_decision(made("together", "a", "b"))
    store.add_decision(made("carer", "c", "b"))
    store.merge("a", "b")
    assert [(one.kind, one.person, one.other) for one in store.decisions()] == [("carer", "c", "a")]


def test_a_file_of_the_version_before_gets_the_tables(tmp_path):
    import sqlite3

    from tenfold.people.store.schema import MIGRATIONS, migrate

    path = tmp_path / "old.db"
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("BEGIN")
        migrate(db, 0, len(MIGRATIONS) - 1)
        db.execute("COMMIT")
    with open_store(path, command="test", write=True) as store:
        assert store.decisions() == []
        assert store.tasks().height == 0
