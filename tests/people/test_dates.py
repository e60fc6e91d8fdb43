"""Times in text."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tenfold.people.dates import iso, parse_times


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
    found = iso(pl.Series([text, "2026-01-01T00:00:00Z", None]))
    assert found[0] == (None if expected is None else datetime(*expected, tzinfo=UTC))
    assert found[1] == datetime(2026, 1, 1, tzinfo=UTC)
    assert found[2] is None


def test_what_decides_the_order():
    assert parse_times(pl.Series(["3/4/2026", "13/4/2026"])).order == "day first"
    assert parse_times(pl.Series(["3/4/2026", "4/13/2026"])).order == "month first"
    assert parse_times(pl.Series(["2026-01-01", "3/4/2026"])).ambiguous == 1
    assert parse_times(pl.Series(["13/4/2026", "4/13/2026"])).contradicts == (0, 1)
    assert parse_times(pl.Series(["13/4/26", "1/2/69"]), True).times.dt.year().to_list() == [2026, 2069]
