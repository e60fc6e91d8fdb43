"""`tenfold person-sheet`: everything about one person, and nothing private about others."""

import polars as pl

from tenfold.people.store import open_store

AT = ("--at", "2026-11-24")


def test_it_counts_all_there_is(run, db):
    assert run("plan", "--replicates", "2", *AT, "--out", str(db.parent / "plan")).code == 0
    with open_store(db, command="read", write=False) as store:
        tables, tasks = store.canonical_tables(), store.tasks()
    one = tasks["whom"][0]
    sheet = run("person-sheet", one, "--json").document
    contacts = tables["contacts"].filter((pl.col("a") == one) | (pl.col("b") == one))
    assert len(sheet["contacts"]) == contacts.height
    assert sorted(row["time"] for row in sheet["contacts"])[0][:16] == f"{contacts['time'].min():%Y-%m-%dT%H:%M}"
    assert len(sheet["gatherings"]) == tables["attendance"].filter(pl.col("person") == one).height
    assert sheet["list"]["id"] == one
    assert len(sheet["tasks"]) == tasks.filter((pl.col("who") == one) | (pl.col("whom") == one)).height
    assert sheet["circle"][0]["role"]


def test_why_others_are_called_and_who_is_kept_apart_is_not_in_it(run, db):
    assert run("plan", "--replicates", "2", *AT, "--out", str(db.parent / "plan")).code == 0
    with open_store(db, command="read", write=False) as store:
        task = store.tasks().row(0, named=True)
        name = store.name_of("p020")
    assert run("decide", "apart", task["who"], "p020").code == 0
    caller = run("person-sheet", task["who"], "--json").document
    called = run("person-sheet", task["whom"], "--json").document
    assert [row["reason"] for row in caller["tasks"] if row["reason"] == task["reason"] and row["kind"] == task["kind"]] == []
    assert task["reason"] in [row["reason"] for row in called["tasks"]]
    assert caller["private"] == 1
    assert name not in str(caller["decisions"])
    assert "1 decisions of the organiser about keeping people apart" in run("person-sheet", task["who"]).out
