"""The community file: what is imported is read back, and importing it again changes nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from tenfold.errors import DataError, StoreError
from tenfold.people.store import open_store

AT = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = "id,name,aliases,email,language,joined,can_mentor,capacity\n"
PEOPLE += "1,Ana Lima,Anita,ana@example.org,pt,2025-01-02,yes,8\n2,دانا,,,he,,no,\n3,Binh,,,,,,\n"
CONTACTS = "time,a,b,kind,minutes\n2026-01-02 10:00,1,2,call,5\n2026-01-02 10:00,1,2,call,5\n2026-01-03,Anita,3,,\n"
ATTENDANCE = "event,start,person,minutes\nTea,2026-01-05 18:00,1,30\nTea,2026-01-05 18:00,2,30\nTea,2026-01-12 18:00,1,30\n"


def test_what_goes_in_comes_out(add, look):
    add(PEOPLE)
    add(CONTACTS)
    add(ATTENDANCE)
    with look() as store:
        people, contacts = store.people().table, store.contacts()
    assert people["name"].to_list() == ["Ana Lima", "دانا", "Binh"]
    assert people.row(0, named=True)["joined"] == date(2025, 1, 2)
    assert people["can_mentor"].to_list() == [True, False, None]
    assert contacts.table.select("a", "b", "kind", "minutes").rows() == [("1", "2", "call", 5.0)] * 2 + [("1", "3", "", None)]
    assert contacts.table["time"][0] == datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert contacts.gatherings.group_by("gathering").len()["len"].sort().to_list() == [1, 2]


def test_twice_is_once_and_more_rows_add_only_themselves(add):
    assert [add(text).kept for text in (PEOPLE, CONTACTS, ATTENDANCE)] == [3, 3, 3]
    assert [(one.kept, one.known) for one in (add(PEOPLE), add(CONTACTS), add(ATTENDANCE))] == [(0, 3), (0, 3), (0, 3)]
    assert add(CONTACTS + "2026-01-02 10:00,1,2,call,5\n2026-02-02,2,3,,\n").kept == 2
    assert add(PEOPLE.replace("Binh", "Nguyễn Binh")).kept == 1


def test_an_empty_cell_changes_nothing(add, look):
    add(PEOPLE)
    add("id,name,language\n1,,\n2,Dana,\n")
    with look() as store:
        assert store.people().table.select("name", "language").rows()[:2] == [("Ana Lima", "Portuguese"), ("Dana", "Hebrew")]


def test_strangers_come_in_or_are_refused(add, look):
    add(PEOPLE)
    assert add("time,a,b\n2026-01-01,1,new one\n").new_people == ["new one"]
    with pytest.raises(DataError, match="'other' is not on the list of people; expected an id"):
        add("time,a,b\n2026-01-01,1,other\n", strict=True)
    with look() as store:
        assert store.people().table["id"].to_list() == ["1", "2", "3", "new one"]


def test_a_gathering_of_5000_is_5000_rows(add, look):
    rows = "".join(f"Plenary,2026-01-01 09:00,p{k}\n" for k in range(5000))
    assert add("event,start,person\n" + rows).kept == 5000
    with look() as store:
        assert store.contacts().gatherings.height == 5000


def test_log_pause_resume(add, tmp_path, look):
    add(PEOPLE)
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        for _ in range(2):
            store.log_contact("1", "3", time=AT, kind="visit", minutes=10)
        store.pause("2", None)
        store.pause("3", date(2026, 7, 1))
    with look() as store:
        assert store.contacts().table.select("a", "b", "kind", "minutes").rows() == [("1", "3", "visit", 10.0)] * 2
        assert store.people().table["paused_until"].to_list() == [None, date(9999, 12, 31), date(2026, 7, 1)]
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        store.resume("2")
    with look() as store:
        assert store.people().table["paused_until"].null_count() == 2


def test_the_newest_plan_is_whole_and_older_ones_keep_tasks_and_statements(add, tmp_path, look):
    add(PEOPLE)
    frame = pl.DataFrame({"person": ["1", None], "day": [date(2026, 1, 1), None], "share": [0.5, None], "none": [None, None]})
    tables = {name: frame.with_columns(of=pl.lit(name)) for name in ("circles", "this_week", "statements", "risks")}
    for number in range(1, 13):
        with open_store(tmp_path / "t.db", command="test", write=True) as store:
            assert store.save_plan(tables, {"seed": number}, AT) == number
    with look() as store:
        plan, older = store.last_plan(), store.plan(3)
        assert store.plan_numbers() == list(range(1, 13))
        assert store.plan(99) is None
    assert (plan.number, plan.settings, plan.at) == (12, {"seed": 12}, AT)
    assert plan.tables.keys() == tables.keys()
    assert all(plan.tables[name].equals(one) for name, one in tables.items())
    assert (older.number, older.settings, older.at) == (3, {"seed": 3}, AT)
    assert older.tables.keys() == {"this_week", "statements", "risks"}
    assert older.tables["this_week"].equals(tables["this_week"])
    assert older.tables["statements"].equals(tables["statements"])
    assert older.tables["risks"].equals(frame.select("person"))


def test_an_error_takes_everything_back(add, tmp_path, look):
    add(PEOPLE)
    with pytest.raises(DataError), open_store(tmp_path / "t.db", command="test", write=True) as store:
        _log_and_fail(store)
    with look() as store:
        assert len(store.contacts()) == 0


def _log_and_fail(store):
    store.log_contact("1", "2", time=AT, kind="call")
    store.find_person("nobody at all")


def test_reading_never_changes_the_file(add, look):
    add(PEOPLE)
    with pytest.raises(StoreError, match="cannot be written; nothing was changed"), look() as store:
        store.resume("1")


def test_settings_of_the_file(add, tmp_path):
    add(PEOPLE)
    with open_store(tmp_path / "t.db", command="test", write=True) as store:
        asked = {
            name: store._db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys", "secure_delete")
        }
    assert asked == {"journal_mode": "delete", "foreign_keys": 1, "secure_delete": 1}


def test_what_is_deleted_is_gone_from_the_bytes(add, tmp_path):
    add("id,name\n1,Ana\n2,Unforgettable Surname\n")
    with open_store(tmp_path / "t.db", command="plan", write=True) as store:  # which is not recorded
        store._db.execute("DELETE FROM person WHERE id = '2'")
        store._db.execute("DELETE FROM change")
    assert b"Unforgettable" not in Path(tmp_path / "t.db").read_bytes()
