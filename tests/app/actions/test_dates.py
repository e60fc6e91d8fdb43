"""Days as people write them; what could be two is asked about."""

from datetime import UTC, datetime

import pytest

from tenfold.app.actions.dates import read_day, read_moment
from tenfold.errors import SpecError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", "2026-12-24"),
        ("24.12.2026", "2026-12-24"),
        ("10.1.2027", "2027-01-10"),
        ("24/12/2026", "2026-12-24"),
        ("12/24/2026", "2026-12-24"),
        ("5/5/2026", "2026-05-05"),
        ("3 December 2026", "2026-12-03"),
        ("today", "2026-11-27"),
        ("Yesterday", "2026-11-26"),
        ("tomorrow", "2026-11-28"),
        ("last friday", "2026-11-20"),
        ("friday", "2026-11-27"),
        ("next friday", "2026-12-04"),
        ("Sunday", "2026-11-22"),
        ("3 days ago", "2026-11-24"),
        ("in 2 weeks", "2026-12-11"),
    ],
)
def test_days(text, day):
    assert str(read_day(text, "--at", NOW)) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("yesterday 18:30", "2026-11-26 18:30"),
        ("24.12.2026, 9:15", "2026-12-24 09:15"),
        ("last sunday at 3pm", "2026-11-22 15:00"),
        ("2026-11-20T18:30+02:00", "2026-11-20 16:30"),
        ("now", "2026-11-27 12:00"),
    ],
)
def test_moments(text, moment):
    assert f"{read_moment(text, '--at', NOW):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize("text", ["", "someday", "31.2.2026", "99/99/2026", "yesterday 99:99", "x" * 500])
def test_what_is_no_day(text):
    with pytest.raises(SpecError, match="--at is "):
        read_day(text, "--at", NOW)


def test_what_could_be_two_days():
    with pytest.raises(SpecError, match="--at could be 2026-02-01 or 2026-01-02; expected one of the two"):
        read_day("1/2/2026", "--at", NOW)
