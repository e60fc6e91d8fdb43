"""Forgetting: nothing of the person is left in the bytes of the file, nothing of the others is lost, and imports do not bring them back."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tenfold.people.readers import read_file
from tenfold.people.store import open_store
from tenfold.people.store.decisions import Decision

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
NAMES = ["Xenia Quillfeather", "Ana Ruiz", "Binh Tran", "Олена Ткачук", "أحمد الكاتب", "Ruiz Ana Maria", "Zoë O’Brien-Ødegård"]
PEOPLE = "id,name,email,place\n" + "".join(f"p{k},{name},{k}@example.org,Lima\n" for k, name in enumerate(NAMES))


def do(db: Path, name: str, text: str):
    path = db.with_name(name)
    path.write_text(text, encoding="utf-8")
    parsed = read_file(path, now=NOW)
    path.unlink()
    with open_store(db, command="tenfold import", write=True, create=True) as store:
        counts = store.import_file(parsed, at=NOW)
        store.words = f"{name}: {parsed.read} rows"
    return counts


def contacts(seed: int) -> str:
    draw = random.Random(seed)
    pairs = [(draw.sample(range(len(NAMES)), 2), draw.randrange(1, 28)) for _ in range(60)]
    return "time,a,b,kind\n" + "".join(f"2026-10-{day:02},p{a},p{b},call\n" for (a, b), day in pairs)


def forget(db: Path, person: str) -> dict[str, int]:
    with open_store(db, command="tenfold forget", write=True) as store:
        return store.forget(person)


def facts(db: Path) -> tuple:
    with open_store(db, command="read", write=False) as store:
        found = store.canonical_tables()
        return tuple(table.sort(table.columns).rows() for table in found.values())


@pytest.fixture
def db(tmp_path):
    found = tmp_path / "t.db"
    do(found, "people.csv", PEOPLE)
    do(found, "Calls of Xenia Quillfeather.csv", contacts(1))
    return found


@pytest.mark.parametrize("one", range(len(NAMES)))
def test_no_byte_is_left_and_the_others_are_as_if_they_had_never_known_them(tmp_path, one):
    db, name = tmp_path / "t.db", NAMES[one]
    do(db, "people.csv", PEOPLE)
    do(db, "calls.csv", contacts(one))
    rows = [
        f"Visit at {name}’s,2026-10-03,p{one}",
        f"Walk with {name},2026-10-04,p{one}",
        f"Walk with {name},2026-10-04,p{(one + 1) % 7}",
    ]
    do(db, "visit.csv", "\n".join(["event,start,person", *rows]))
    with open_store(db, command="tenfold decide", write=True) as store:
        store.add_decision(Decision(0, NOW, "apart", f"p{one}", f"p{(one + 2) % 7}"))
        store.words = f"{name} (p{one}) apart"
    assert name.encode() in db.read_bytes()
    counts = forget(db, f"p{one}")
    assert counts["contact"] > 0
    assert counts["person"] == 1
    data = db.read_bytes()
    assert name.encode() not in data
    assert f"{one}@example.org".encode() not in data
    assert f"p{one}".encode() not in data.replace(b"people.csv", b"")
    other = tmp_path / "other.db"
    rows = PEOPLE.splitlines(keepends=True)
    do(other, "people.csv", "".join(row for row in rows if not row.startswith(f"p{one},")))
    calls = contacts(one).splitlines(keepends=True)
    do(other, "calls.csv", "".join(row for row in calls if f"p{one}," not in row))
    people, found, attended = facts(db)
    assert (people, found) == facts(other)[:2]
    assert [row[:3:2] for row in attended] == [("Walk with (forgotten)", f"p{(one + 1) % 7}")]


def test_imports_do_not_bring_them_back(db):
    forget(db, "p0")
    before = facts(db)
    assert do(db, "people.csv", PEOPLE).skipped == {"about people who were forgotten": 1}
    assert facts(db) == before
    assert do(db, "byname.csv", "name,place\nquillfeather xenia,Lima\nXENIA QUILLFEATHER,Lima\n").new_people == [
        "quillfeather xenia"
    ]
    for text in ("p0", "Xenia Quillfeather", "0@example.org"):
        counts = do(db, "c.csv", f"time,a,b\n2026-11-02,{text},p1\n2026-11-03,p1,p2\n")
        assert counts.skipped == {"about people who were forgotten": 1}
        assert counts.new_people == []
    assert (
        do(db, "a.csv", "event,start,person\nWalk,2026-11-04,p0\nWalk,2026-11-04,p2\n").skipped["about people who were forgotten"]
        == 1
    )


def test_somebody_else_of_that_name_is_not_kept_out(db):
    forget(db, "p0")
    counts = do(db, "more.csv", "id,name,email\nq9,Xenia Quillfeather,other@example.org\n")
    assert (counts.kept, counts.skipped) == (1, {})


def test_they_may_come_back_when_that_is_said(db):
    forget(db, "p0")
    with open_store(db, command="tenfold forget", write=True) as store:
        assert store.lift("nobody") == 0
        assert store.lift("xenia quillfeather") == 1
    assert do(db, "people.csv", PEOPLE).kept == 1


def test_a_name_that_others_have_in_theirs_stays_with_them(tmp_path):
    db = tmp_path / "t.db"
    do(db, "people.csv", "id,name\n1,Ana\n2,Ana Ruiz\n3,Binh\n")
    do(db, "walk.csv", "event,start,person\nWalk of Ana Ruiz,2026-10-03,2\nWalk of Ana Ruiz,2026-10-03,1\n")
    forget(db, "1")
    people, _, attended = facts(db)
    assert [row[:2] for row in people] == [("2", "Ana Ruiz"), ("3", "Binh")]
    assert [row[0] for row in attended] == ["Walk of Ana Ruiz"]


def test_those_who_were_merged_into_them_go_as_well(db):
    with open_store(db, command="tenfold merge", write=True) as store:
        store.merge("p1", "p0")
        store.words = "Xenia Quillfeather (p0) is Ana Ruiz (p1)"
    forget(db, "p1")
    data = db.read_bytes()
    for text in ("Quillfeather", "Ana Ruiz\x00", "0@example.org", "1@example.org"):
        assert text.encode() not in data
    assert do(db, "people.csv", PEOPLE).skipped == {"about people who were forgotten": 2}


def test_what_came_with_them_can_still_be_undone(db):
    forget(db, "p0")
    with open_store(db, command="tenfold undo", write=True) as store:
        store.undo(2)
    people, found, _ = facts(db)
    assert len(people) == len(NAMES) - 1
    assert found == []
    with open_store(db, command="tenfold undo", write=True) as store:
        store.undo(3)
    assert b"p0" not in db.read_bytes()
    assert len(facts(db)[1]) > 0
