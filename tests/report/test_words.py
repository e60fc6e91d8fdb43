"""Words of the pages."""

from datetime import date

from tenfold.report.words import format_count, format_day, pluralise


def test_words():
    assert [format_day(date(2026, 1, 1)), format_count(1234.5), pluralise(0, "rule")] == ["Thu 1 Jan", "1,234", "0 rules"]
