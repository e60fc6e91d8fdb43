"""The trial against simpler plans."""

from tenfold.report.plan.sections.trial import comparison_rows


def test_intervals_are_told_in_words(made_up):
    rows = comparison_rows(made_up.plan.comparison)
    assert {row["baseline"]: row["words"] for row in rows if row["measure"].startswith("people")} == {
        "nothing": "plan better",
        "random pairing": "plan better",
        "round-robin": "no clear difference",
    }
    share = next(row for row in rows if "strength" in row["measure"])
    assert (share["plan"], share["difference"], share["interval"]) == ("60.0 %", "+50.0 points", "40.0 to 60.0")
