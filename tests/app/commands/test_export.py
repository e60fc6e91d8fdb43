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
