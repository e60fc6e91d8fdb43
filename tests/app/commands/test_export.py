"""`tenfold export`: all tables, in either format."""

from pathlib import Path

import polars as pl
import pytest

AT = ("--at", "2026-11-24")


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_export(run, db, tmp_path, format_):
    document = run("export", tmp_path / "out", "--format", format_, *AT, "--json").document
    names = {Path(one).name for one in document["files"]}
    assert {f"{name}.{format_}" for name in ("people", "contacts", "bonds", "standing", "plan_circles")} <= names
    read = pl.read_parquet if format_ == "parquet" else pl.read_csv
    assert read(tmp_path / "out" / f"people.{format_}").height == run("status", *AT, "--json").document["people"]


def test_tasks_for_research_hold_no_words_about_people(run, db, tmp_path):
    task = run("week", "--json").document["tasks"][0]
    assert run("done", task["who"], task["whom"], "--drop", "moved to her sister").code == 0
    assert run("export", tmp_path / "out", *AT).code == 0
    table = pl.read_csv(tmp_path / "out" / "tasks.csv")
    assert {"week", "who", "whom", "purpose", "state"} <= set(table.columns)
    assert not {"reason", "note"} & set(table.columns)
    assert table.filter(pl.col("number") == task["number"])["state"].to_list() == ["dropped"]
    assert "sister" not in (tmp_path / "out" / "tasks.csv").read_text()
