"""Tasks go from plan to plan until they are done; whatever shows that two were in contact closes theirs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tenfold.people.store import Store, open_store
from tenfold.people.store.tasks import PlannedTask, week_start

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "t.db", command="test", write=True, create=True) as opened:
        for one in "abcd":
            opened._db.execute("INSERT INTO person (id, name) VALUES (?, ?)", (one, one.upper()))
        yield opened


def task(who: str, whom: str, purpose: str = "carer") -> PlannedTask:
    return PlannedTask(who, whom, "call", purpose, "7 days silent", date(2026, 11, 25), 1)


def states(store: Store) -> dict[tuple[str, str], str]:
    return {(who, whom): state for who, whom, state in store.tasks().select("who", "whom", "state").iter_rows()}


def test_a_contact_in_either_direction_closes_a_task(store: Store):
    store.plan_tasks([task("a", "b"), task("a", "c"), task("d", "c")], 1, AT)
    store.log_contact("a", "b", time=AT - timedelta(days=1), kind="call")  # before the plan
    store.log_contact("c", "a", time=AT + timedelta(hours=1), kind="call")
    assert store.close_tasks() == 1
    assert states(store) == {("a", "b"): "open", ("a", "c"): "done", ("d", "c"): "open"}
    assert store.tasks().filter(state="done")["closed"].to_list() == [AT + timedelta(hours=1)]
    assert store.close_tasks() == 0


def test_a_contact_on_the_day_of_the_plan_counts_where_only_days_are_known(store: Store):
    store.plan_tasks([task("a", "b")], 1, AT)
    store.log_contact("a", "b", time=AT.replace(hour=0), kind="call")
    assert store.close_tasks() == 1


def test_a_gathering_at_which_both_were_closes_a_task(store: Store):
    store.plan_tasks([task("a", "b"), task("a", "c")], 1, AT)
    db = store._db
    keys = dict(db.execute("SELECT id, key FROM person"))
    when = int((AT + timedelta(days=2)).timestamp() * 1e6)
    db.execute("INSERT INTO gathering (key, event, time) VALUES (1, 'Sunday', ?)", (when,))
    db.executemany("INSERT INTO attendance (gathering, person) VALUES (1, ?)", [(keys["a"],), (keys["b"],)])
    assert store.close_tasks() == 1
    assert states(store)["a", "b"] == "done"


def test_a_new_plan_carries_open_tasks_over_and_drops_what_is_planned_no_longer(store: Store):
    store.plan_tasks([task("a", "b"), task("a", "c")], 1, AT)
    later = AT + timedelta(days=7)
    store.plan_tasks([task("a", "b"), task("d", "c")], 2, later)
    table = store.tasks()
    assert table.select("who", "whom", "state", "plan").rows() == [
        ("a", "b", "open", 2),
        ("a", "c", "dropped", 1),
        ("d", "c", "open", 2),
    ]
    assert table["opened"].to_list() == [AT, AT, later]  # its age goes on
    assert table["note"].to_list() == [None, "planned no longer", None]


def test_what_is_done_is_not_forgotten_by_a_plan_of_the_same_day(store: Store):
    store.plan_tasks([task("a", "b"), task("a", "c")], 1, AT)
    number = store.tasks()["number"][0]
    store.set_task(number, "done", at=AT + timedelta(hours=2))
    store.plan_tasks([task("a", "c")], 2, AT + timedelta(hours=3))
    assert states(store) == {("a", "b"): "done", ("a", "c"): "open"}


def test_states_that_stay_on_the_list(store: Store):
    store.plan_tasks([task("a", "b"), task("a", "c")], 1, AT)
    one, two = store.tasks()["number"]
    store.set_task(one, "not reached", at=AT, note="no answer")
    store.set_task(two, "later", at=AT, due=date(2026, 12, 1))
    table = store.tasks()
    assert table["closed"].null_count() == 2
    assert table["due"].to_list() == [date(2026, 11, 25), date(2026, 12, 1)]
    assert table["note"].to_list() == ["no answer", None]
    store.log_contact("a", "c", time=AT + timedelta(days=3), kind="call")
    assert store.close_tasks() == 1


def test_a_merge_takes_tasks_along(store: Store):
    store.plan_tasks([task("a", "b"), task("b", "c")], 1, AT)
    store.merge("a", "b")
    assert store.tasks().select("who", "whom").rows() == [("a", "c")]


def test_plans_within_three_days_are_one_week():
    days = [AT, AT + timedelta(days=7), AT + timedelta(days=7, hours=2), AT + timedelta(days=9)]
    assert week_start(days) == AT + timedelta(days=7)
    assert week_start(days[:1]) == AT
    assert week_start([]) is None


def test_what_was_put_off_stays_so_and_what_was_tried_stays_tried(store: Store):
    store.plan_tasks([task("a", "b"), task("a", "c"), task("d", "c")], 1, AT)
    one, two, three = store.tasks()["number"]
    store.set_task(one, "later", at=AT, due=date(2026, 12, 20))
    store.set_task(two, "not reached", at=AT)
    store.set_task(three, "later", at=AT, due=date(2026, 12, 20))
    week = timedelta(days=7)
    store.plan_tasks([task("a", "b"), task("a", "c")], 2, AT + week)
    assert store.tasks().select("state", "due", "plan").rows() == [
        ("later", date(2026, 12, 20), 2),
        ("not reached", date(2026, 11, 25), 2),
        ("later", date(2026, 12, 20), 1),
    ]
    store.plan_tasks([task("a", "b")], 3, AT + 5 * week)  # the day has come and gone
    assert [row[:2] for row in store.tasks().select("state", "due").rows()] == [
        ("open", date(2026, 11, 25)),
        ("dropped", date(2026, 11, 25)),
        ("dropped", date(2026, 12, 20)),
    ]
