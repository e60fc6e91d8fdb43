"""`tenfold claims`: the table, the page and the files, and what is wrong in a request."""

import re

import polars as pl
import pytest

NAMES = [f"C{k}" for k in range(1, 15)]


def test_a_claim_from_the_command_line(run, tmp_path):
    ran = run("claims", "c12", "--replicates", 2, "--out", "out", "--seed", 3, "--json")
    assert ran.code == 0, ran.err
    told = ran.document
    assert [one["claim"] for one in told["claims"]] == ["C12"]
    assert told["provenance"]["seed"] == 3
    table = pl.read_parquet(tmp_path / "out" / "claims.parquet")
    assert table["verdict"].to_list() == [told["claims"][0]["verdict"]]
    assert table["replicates"].to_list() == [2]
    parts = pl.read_parquet(tmp_path / "out" / "parts.parquet")
    assert set(parts["answer"]) <= {"yes", "no", "open"}
    assert parts.filter(pl.col("value").is_null()).height == 2
    page = (tmp_path / "out" / "claims.html").read_text(encoding="utf-8")
    assert "not about the world" in page
    assert "no position on anyone" in page
    assert table["verdict"][0][len("holds only if") :].split(",")[0].strip() in page
    assert page.count("<svg") == len(list((tmp_path / "out").glob("c12-*.parquet")))
    assert not re.findall(r"(?:src|href)=\"[^#\"]", page)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    again = run("claims", "C12", "--replicates", 2, "--out", "again", "--seed", 3, "--json")
    assert [one["verdict"] for one in again.document["claims"]] == table["verdict"].to_list()


def test_the_table_and_an_assumption(run):
    ran = run("claims", "C12", "--replicates", 2, "--assume", "virtual=0.2")
    assert ran.code == 0, ran.err
    assert "C12" in ran.out
    assert "does not" in ran.out
    assert "holds only if" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["C15"], "claims: 'C15' is none; expected some of C1, C2"),
        (["C12", "--replicates", 1], "replicates is 1; expected a whole number from 2 to"),
        (["C12", "--people", 10], "people is 10; expected a whole number from 1000 to"),
        (["C12", "--assume", "virtual"], "--assume: got 'virtual'; expected NAME=VALUE"),
        (["C12", "--assume", "virtual=much"], "got 'virtual=much'; expected NAME=VALUE"),
        (["C12", "--assume", "speed=1"], "assume: 'speed' is no assumption of these claims; expected some of"),
    ],
)
def test_what_is_wrong_is_named(run, tmp_path, arguments, words):
    ran = run("claims", *arguments, "--out", "out")
    assert ran.code == 1
    assert ran.err.startswith("tenfold: ")
    assert words in ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()
