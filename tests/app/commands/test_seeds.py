"""`tenfold seeds`: names and reasons for people, the same in JSON, and what is wrong in a line."""

import re

import pytest

TIES = "a,b\nana,binh\nana,chi\nana,dan\neva,finn\neva,gus\n"


@pytest.fixture
def ties(tmp_path):
    (tmp_path / "ties.csv").write_text(TIES, encoding="utf-8")
    (tmp_path / "groups.csv").write_text("person,group\nana,north\nbinh,north\neva,south\nfinn,south\n", encoding="utf-8")


def test_names_reasons_and_how_sure(run, ties, tmp_path):
    ran = run("seeds", "ties.csv", "-k", 2, "--chance", 0.5, "--out", "seeds.csv")
    assert ran.code == 0, ran.err
    assert "ana" in ran.out
    assert "eva" in ran.out
    said = re.search(r"Expected to be reached: ([\d.]+) of 7 people \(([\d.]+) to ([\d.]+)\)", ran.out)
    assert float(said[1]) == pytest.approx(4.5, abs=0.2)
    assert float(said[2]) <= 4.5 <= float(said[3])
    assert "people drawn at random" in ran.out
    assert "top degree" in ran.out
    assert (tmp_path / "seeds.csv").read_text(encoding="utf-8-sig").startswith("rank,person,gain,together,backup")
    found = run("seeds", "ties.csv", "-k", 2, "--chance", 0.5, "--json").document
    assert {one["person"] for one in found["seeds"]} == {"ana", "eva"}
    assert found["low"] <= 4.5 <= found["high"]
    assert sum(one["gain"] for one in found["seeds"]) == pytest.approx(found["reach"])
    assert found["certified"] is True


def test_everyone_worst_group_and_kept(run, ties):
    found = run("seeds", "ties.csv", "--objective", "everyone", "--target", 0.4, "--chance", 0.5, "--json").document
    assert {one["group"]: one["seeds"] for one in found["groups"]} == {"0": 1, "1": 1}
    fair = (
        "seeds",
        "ties.csv",
        "-k",
        1,
        "--objective",
        "worst_group",
        "--chance",
        0.5,
        "--groups",
        "groups.csv",
        "--exclude",
        "ana",
    )
    assert run(*fair).code == 0
    kept = run("seeds", "ties.csv", "-k", 1, "--objective", "kept", "--least", 1, "--json").document
    assert kept["reach"] == 7


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("-k", 9), "k is 9; expected a whole number from 1 to 7"),
        ((), "k is missing"),
        (("-k", 1, "--model", "plague"), "--model is 'plague'; expected a TOML file, or one of si, sis"),
        (("-k", 1, "--model", "sis", "--chance", 0.1), "--chance is given for the model sis"),
        (("-k", 1, "--exclude", "zoe"), "excluded names 'zoe', who is not in the network"),
        (("-k", 1, "--epsilon", 2), "epsilon is 2.0; expected a number above 0 and below 1"),
        (("-k", 1, "--groups", "none.csv", "--objective", "worst_group"), "none.csv"),
        (("-k", 1, "--objective", "fame"), "objective is 'fame'"),
    ],
)
def test_what_is_wrong_is_named(run, ties, args, words):
    ran = run("seeds", "ties.csv", *args)
    assert ran.code == 1
    assert ran.err.startswith("tenfold: ")
    assert words in ran.err
    assert ran.err.count("\n") == 1
