"""Free hours in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.errors import DataError
from tenfold.people.availability import DAYS, free_hours

WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def hours(text, zone=None, at=WINTER) -> list[int]:
    return np.flatnonzero(free_hours(text, zone, at)).tolist()


def test_days_and_hours():
    assert hours("Mon 9-11") == [9, 10]
    assert hours("Monday,Wed 9-10") == [9, 57]
    assert hours("Sat-Mon 0-1") == [0, 120, 144]
    assert hours("Sun 22-2") == [0, 1, 166, 167]
    assert hours("Mon 0-24") == list(range(24))
    assert hours("Mon-Fri 18-22; Sat 9:00-12:00") == [day * 24 + hour for day in range(5) for hour in range(18, 22)] + [
        129,
        130,
        131,
    ]
    assert len(hours("weekends 10-12")) == 4


def test_zones_and_summer_time():
    assert hours("Mon 9-10", "Europe/Lisbon", WINTER) == [9]
    assert hours("Mon 9-10", "Europe/Lisbon", SUMMER) == [8]
    assert hours("Mon 2-3", "Asia/Tokyo") == [161]
    assert hours("Sun 23-24", "America/New_York") == [4]
    assert hours("Mon 9-10", "Asia/Kolkata") == [4]


def test_what_is_not_known():
    assert len(hours(None)) == 168
    assert hours(None, "Etc/UTC") == [day * 24 + hour for day in range(7) for hour in range(9, 21)]


@pytest.mark.parametrize(
    "text", ["evenings", "Mon", "Mon 25-26", "Mon 9-9", "Foo 9-10", "Mon 9-10 Tue", "9-10", "Mon-Tue-Wed 9-10"]
)
def test_what_cannot_be_understood(text):
    with pytest.raises(DataError, match="such as 'Mon-Fri 18-22"):
        free_hours(text, None, WINTER)


@pytest.mark.parametrize(
    ("zone", "hint"), [("Europe/Lisbonn", "Did you mean Europe/Lisbon"), ("../etc/passwd", "is none"), ("x" * 500, "is none")]
)
def test_zones_that_are_none(zone, hint):
    with pytest.raises(DataError, match=hint):
        free_hours("Mon 9-10", zone, WINTER)


@given(st.sampled_from(DAYS), st.integers(0, 23), st.integers(1, 23), st.integers(-11, 12))
def test_as_many_hours_as_were_given_in_any_zone(day, first, length, offset):
    last = (first + length) % 24
    zone = f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"
    found = hours(f"{day} {first}-{last}", zone)
    assert found == sorted((DAYS.index(day) * 24 + first + step - offset) % 168 for step in range(length))


def test_hours_of_the_moment_not_of_its_clock():
    """Lisbon changes to summer time at 1:00 UTC on 29 March 2026; the moment is given in another zone."""
    before = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert hours("Mon 9-10", "Europe/Lisbon", before) == [9]
    assert hours("Mon 9-10", "Europe/Lisbon", before + timedelta(minutes=2)) == [8]
    assert hours("Mon 9-10", "Europe/Lisbon", (before + timedelta(minutes=2)).astimezone(timezone(timedelta(hours=-9)))) == [8]
    assert hours("Mon 9-10", "Europe/Lisbon", datetime(2026, 7, 1)) == [8]


def test_long_or_odd_text_is_refused_quickly():
    with pytest.raises(DataError, match="holds 100,000 characters; expected days and hours"):
        free_hours("a" + " " * 99_999, None, WINTER)
    with pytest.raises(DataError) as caught:
        free_hours("Mon\n9-\x1b10", None, WINTER)
    assert str(caught.value).isprintable()
