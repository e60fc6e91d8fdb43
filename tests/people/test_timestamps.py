"""Times in text."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.people.timestamps import parse_iso, parse_times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", (2026, 3, 1)),
        ("2026-03-01 18:30", (2026, 3, 1, 18, 30)),
        ("2026-03-01T18:30:05", (2026, 3, 1, 18, 30, 5)),
        ("2026-03-01T18:30Z", (2026, 3, 1, 18, 30)),
        ("2026-03-01T18:30+02:00", (2026, 3, 1, 16, 30)),
        ("2026-03-01 18:30+0200", (2026, 3, 1, 16, 30)),
        ("2026-03-01 18:30:05.5-05:00", (2026, 3, 1, 23, 30, 5, 500_000)),
        ("2026-03-01T18:30:05Z", (2026, 3, 1, 18, 30, 5)),
        ("2026-02-30", None),
        ("2026-13-01T10:00:00Z", None),
        ("soon", None),
    ],
)
def test_iso(text, expected):
    found = parse_iso(pl.Series([text, "2026-01-01T00:00:00Z", None]))
    assert found[0] == (None if expected is None else datetime(*expected, tzinfo=UTC))
    assert found[1] == datetime(2026, 1, 1, tzinfo=UTC)
    assert found[2] is None


def test_what_decides_the_order():
    assert parse_times(pl.Series(["3/4/2026", "13/4/2026"])).order == "day first"
    assert parse_times(pl.Series(["3/4/2026", "4/13/2026"])).order == "month first"
    assert parse_times(pl.Series(["2026-01-01", "3/4/2026"])).ambiguous == 1
    assert parse_times(pl.Series(["13/4/2026", "4/13/2026"])).contradicts == (0, 1)
    assert parse_times(pl.Series(["13/4/26", "1/2/69"]), True).times.dt.year().to_list() == [2026, 2069]
    assert parse_times(pl.Series(["3/4/2026", "45/4/2026"])).ambiguous == 0
    assert parse_times(pl.Series(["4/4/2026"])).order is None


@pytest.mark.parametrize(
    ("text", "dayfirst", "expected"),
    [
        ("3.4.2026", None, (2026, 4, 3)),
        ("03.04.26 18.30", None, (2026, 4, 3, 18, 30)),
        ("3.4.2026", False, (2026, 3, 4)),
        ("3/4/2026", True, (2026, 4, 3)),
        ("3-4-2026, 9:05:06 PM", False, (2026, 3, 4, 21, 5, 6)),
        ("3/4/2026 12:00 a.m.", True, (2026, 4, 3)),
        ("3/4/2026 13:00 pm", True, None),
        ("31/4/2026", True, None),
        ("12/31/2026", True, None),
        ("1/2/203", True, None),
        ("2026/3/4 7:05", None, (2026, 3, 4, 7, 5)),
        ("1767312000", None, (2026, 1, 2)),
        ("1767312000.5", None, (2026, 1, 2, 0, 0, 0, 500_000)),
        ("1767312000250", None, (2026, 1, 2, 0, 0, 0, 250_000)),
        ("46085", None, None),
        ("1e300", None, None),
        ("nan", None, None),
    ],
)
def test_texts_and_numbers(text, dayfirst, expected):
    found = parse_times(pl.Series([text, None, ""]), dayfirst)
    assert found.times.to_list() == [None if expected is None else datetime(*expected, tzinfo=UTC), None, None]
    assert found.ambiguous is None


def test_typed_columns():
    zoned = pl.Series([datetime(2026, 1, 2, 12)]).dt.replace_time_zone("Asia/Tokyo")
    assert parse_times(zoned).times.to_list() == [datetime(2026, 1, 2, 3, tzinfo=UTC)]
    assert parse_times(pl.Series([date(2026, 1, 2)])).times.to_list() == [datetime(2026, 1, 2, tzinfo=UTC)]
    assert parse_times(pl.Series([1767312000, 5])).times.to_list() == [datetime(2026, 1, 2, tzinfo=UTC), None]


def test_days_of_a_spreadsheet():
    found = parse_times(pl.Series(["46085.75", "19999", "2026-03-04"]), spreadsheet=True)
    assert found.times.to_list() == [datetime(2026, 3, 4, 18, tzinfo=UTC), None, datetime(2026, 3, 4, tzinfo=UTC)]
    assert found.serials == 1


@given(
    st.lists(st.datetimes(datetime(1970, 1, 1), datetime(2069, 12, 31)), min_size=1, max_size=12),
    st.booleans(),
    st.sampled_from("/-"),
)
def test_either_order_is_read_back(moments, dayfirst, mark):
    moments = [one.replace(second=0, microsecond=0) for one in moments]
    form = mark.join(["%d", "%m", "%Y"] if dayfirst else ["%m", "%d", "%Y"]) + " %I:%M %p"
    column = pl.Series([one.strftime(form) for one in moments])
    assert parse_times(column, dayfirst).times.to_list() == [one.replace(tzinfo=UTC) for one in moments]
    found = parse_times(column)
    if any(one.day > 12 for one in moments):
        assert found.order == ("day first" if dayfirst else "month first")
        assert found.times.to_list() == [one.replace(tzinfo=UTC) for one in moments]
    else:
        assert (found.ambiguous is None) == all(one.day == one.month for one in moments)
