"""`tenfold log`: what was due starts anew."""

import pytest

AT = ("--at", "2026-11-24")


def test_log_resets_what_was_due(run, db, planned):
    rows = run("bonds", "--standing", "fading", *AT, "--json").document["bonds"]
    a, b = rows[0]["a"], rows[0]["b"]
    assert run("log", a, b, "--at", "2026-11-23T10:00").code == 0
    found = run("bonds", a, *AT, "--json").document["bonds"]
    bond = next(one for one in found if {one["a"], one["b"]} == {a, b})
    assert bond["standing"] == "kept"
    assert bond["silence"] == pytest.approx(14 / 24)
