"""`tenfold merge`: two entries become one person."""

AT = ("--at", "2026-11-24")


def test_merge(run, db):
    before = run("status", *AT, "--json").document
    merged = run("merge", "p001", "p002", "--json")
    assert merged.document == {"keep": "p001", "drop": "p002"}
    after = run("status", *AT, "--json").document
    assert after["people"] == before["people"] - 1
    assert run("bonds", "p002", *AT, "--json").document == run("bonds", "p001", *AT, "--json").document
