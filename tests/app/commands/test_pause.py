"""`tenfold pause` and `tenfold resume`: who is paused is in no plan."""

AT = ("--at", "2026-11-24")


def test_pause_and_resume(run, db):
    kept = run("status", "--standing", "kept", *AT, "--json").document["list"]
    who = kept[0]["person"]
    assert run("pause", who, "--until", "2030-01-01").code == 0
    paused = run("status", "--standing", "paused", *AT, "--json").document["list"]
    assert {one["person"]: one["reason"] for one in paused}[who] == "paused until 2030-01-01"
    plan = run("plan", *AT, "--json", "--replicates", "2").document
    assert who in {one["person"] for one in plan["excluded"]}
    assert who not in {one["person"] for one in plan["circles"]}
    assert run("resume", who).code == 0
    assert who in {one["person"] for one in run("status", "--standing", "kept", *AT, "--json").document["list"]}
