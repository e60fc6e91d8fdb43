"""Adherence: what was assumed gives way to what became of earlier plans; what is not on record does not count."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tenfold.forecast.adherence import TASKS, measure_adherence
from tenfold.people.contacts import Contacts

START = datetime(2026, 9, 7, 9, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def contacts(last: datetime) -> Contacts:
    return Contacts.from_table(pl.DataFrame({"t": [START, last], "a": ["x", "x"], "b": ["y", "y"]}), time="t", a="a", b="b")


def table(*rows: tuple[str, datetime, datetime | None, str]) -> pl.DataFrame:
    return pl.DataFrame([(who, "z", opened, closed, state) for who, opened, closed, state in rows], schema=TASKS, orient="row")


def test_without_tasks_it_is_assumed():
    for tasks in (None, table()):
        found = measure_adherence(tasks, contacts(START + WEEK), START + WEEK)
        assert found.share == pytest.approx(0.8)
        assert (found.words(), found.since) == ("assumed", None)


@pytest.mark.parametrize(
    ("closed", "state", "last", "counts"),
    [
        (DAY, "done", 30, (1, 1)),
        (8 * DAY, "done", 30, (1, 1)),  # due on the seventh day, recorded on the eighth
        (16 * DAY, "done", 30, (3, 1)),  # carried over twice: planned in three weeks
        (None, "open", 30, (4, 0)),
        (None, "not reached", 30, (4, 0)),
        (None, "later", 30, (1, 0)),  # for how long it was put off is not known
        (None, "open", 6, (0, 0)),  # the week is not over
        (3 * DAY, "dropped", 30, (1, 0)),
        (3 * DAY, "withdrawn", 30, (0, 0)),  # planned anew on another day of the week
        (7 * DAY, "withdrawn", 30, (1, 0)),  # the next weekly plan asked for something else
        (14 * DAY, "withdrawn", 30, (2, 0)),
    ],
)
def test_what_counts(closed, state, last, counts):
    tasks = table(("a", START, None if closed is None else START + closed, state))
    found = measure_adherence(tasks, contacts(START + last * DAY), START + 60 * DAY)
    assert (found.planned, found.done) == counts


def test_weeks_after_the_last_record_do_not_count():
    """Nobody typed anything after the third week: what happened then is not known."""
    tasks = table(("a", START, START + DAY, "done"), ("b", START + 4 * WEEK, None, "open"))
    assert measure_adherence(tasks, contacts(START + 3 * WEEK), START + 20 * WEEK)[3:5] == (1, 1)
    assert measure_adherence(tasks, contacts(START + 6 * WEEK), START + 20 * WEEK)[3:5] == (2, 1)
    assert measure_adherence(tasks, contacts(START + 6 * WEEK), START - DAY).since is None


def test_many_tasks_replace_what_was_assumed():
    rng = np.random.default_rng(1)
    rows = [
        (f"c{k % 40}", START, START + DAY, "done") if rng.random() < 0.4 else (f"c{k % 40}", START, START + DAY, "dropped")
        for k in range(400)
    ]
    found = measure_adherence(table(*rows), contacts(START + WEEK), START + WEEK)
    assert found.low < 0.4 < found.high
    assert found.high - found.low < 0.15
    assert found.words().startswith(
        f"own past: {found.done} of 400 contacts planned since 7 September 2026 took place in their week"
    )


def test_few_tasks_move_it_a_little():
    found = measure_adherence(
        table(*[("a", START, START + DAY, "dropped")] * 5, *[("b", START, START + DAY, "dropped")] * 5),
        contacts(START + WEEK),
        START + WEEK,
    )
    assert found.share == pytest.approx(0.4)
    assert found.words().startswith("assumed, moved a little by 0 of 10")


def test_the_interval_holds_where_carers_differ():
    """Carers whose own shares differ: the interval covers the mean share in about 95 of 100, which a plain binomial one does not."""
    rng = np.random.default_rng(2)
    covered = 0
    for _ in range(200):
        own = rng.beta(1.4, 0.6, 25)
        rows = [
            (f"c{i}", START, START + DAY, "done" if rng.random() < share else "dropped")
            for i, share in enumerate(own)
            for _ in range(12)
        ]
        found = measure_adherence(table(*rows), contacts(START + WEEK), START + WEEK)
        covered += found.low <= 0.7 <= found.high
    assert 180 <= covered <= 200
