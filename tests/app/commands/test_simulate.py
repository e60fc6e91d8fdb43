"""The engine from the command line: each example runs, and what is wrong in a file is named."""

import json
from pathlib import Path

import polars as pl
import pytest

from tenfold.spread.library import MODELS

EXAMPLES = sorted((Path(__file__).resolve().parents[3] / "examples").glob("*.toml"))


def test_each_model_has_an_example():
    assert set(MODELS) <= {path.stem for path in EXAMPLES}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(run, tmp_path, path):
    ran = run("simulate", path, "--out", tmp_path / "out", "--json")
    assert ran.code == 0, ran.err
    counts = pl.read_parquet(tmp_path / "out" / "counts.parquet")
    states = counts.columns[2:]
    people = counts.select(pl.sum_horizontal(states)).to_series()
    assert people.n_unique() == 1
    changed = (
        counts.filter(pl.col("step") == counts["step"].max()).select(states).rows() != counts.filter(step=0).select(states).rows()
    )
    assert changed
    assert (tmp_path / "out" / "figure.svg").read_text().startswith("<svg")
    about = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert about["seed"] == 1
    assert about["spec"]["steps"] == about["steps"]
    again = run("simulate", tmp_path / "out" / "provenance.json", "--out", tmp_path / "again", "--json")
    assert again.code == 0, again.err
    assert pl.read_parquet(tmp_path / "again" / "counts.parquet").equals(counts)


GOOD = 'steps = 5\n[model]\nlibrary = "sir"\n[graph]\ngenerator = "erdos_renyi"\nn = 100\nmean_degree = 4.0\n[start]\nI = 3\n'


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("steps = 5", "steps = 0", "steps is 0; expected a whole number from 1 to"),
        ("steps = 5", "stepps = 5", "'stepps' is no field; expected steps"),
        ("steps = 5", "", "'steps' is missing"),
        ("steps = 5", "steps = [", "is no TOML"),
        ('"sir"', '"plague"', "library is 'plague'; expected one of si, sis"),
        ('library = "sir"', 'library = "sir"\nchance = 2.0', "[model] sir: rule S → I: chance is 2.0; expected a share"),
        ('library = "sir"', 'library = "sir"\nspeed = 2.0', "'speed' is no parameter; expected chance, recovery"),
        ('"erdos_renyi"', '"internet"', "generator is 'internet'; expected a file, or one of"),
        ("n = 100", "", "'n' is missing"),
        ("n = 100", 'n = "many"', "n is 'many'; expected a whole number"),
        ('generator = "erdos_renyi"', 'file = "none.csv"', "is no field beside file"),
        ("I = 3", "X = 3", "'X' is no state of the model sir"),
        ("I = 3", "I = 300", "'I' is 300; expected a whole number from 0 to 100"),
        ('[model]\nlibrary = "sir"', 'model = "sir"', "model is 'sir'; expected a table [model]"),
    ],
)
def test_what_is_wrong_is_named(run, tmp_path, old, new, words):
    (tmp_path / "spec.toml").write_text(GOOD, encoding="utf-8")
    assert run("simulate", "spec.toml").code == 0
    assert old in GOOD
    (tmp_path / "spec.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    ran = run("simulate", "spec.toml", "--out", "other")
    assert ran.code == 1
    assert ran.err.startswith("tenfold: ")
    assert words in ran.err
    assert not (tmp_path / "other").exists()


def test_no_such_file(run):
    assert "none.toml: cannot be read" in run("simulate", "none.toml").err


def test_a_record_of_another_network_is_refused(run, tmp_path):
    (tmp_path / "ties.csv").write_text("a,b\n1,2\n2,3\n3,4\n", encoding="utf-8")
    spec = 'steps = 3\nseed = 5\n[model]\nlibrary = "si"\n[graph]\nfile = "ties.csv"\n[start]\nI = 1\n'
    (tmp_path / "spec.toml").write_text(spec, encoding="utf-8")
    assert run("simulate", "spec.toml", "--out", "one", "--seed", "9").code == 0
    assert run("simulate", "one/provenance.json", "--out", "two").code == 0
    first, second = (pl.read_parquet(tmp_path / name / "counts.parquet") for name in ("one", "two"))
    assert first.equals(second)
    (tmp_path / "ties.csv").write_text("a,b\n1,2\n2,3\n3,5\n1,5\n", encoding="utf-8")
    assert "the network 'graph' is not what it was in that run" in run("simulate", "one/provenance.json", "--out", "three").err
    (tmp_path / "other.json").write_text("[1, 2]", encoding="utf-8")
    assert "is no record of a run" in run("simulate", "other.json").err
    (tmp_path / "other.json").write_text("[1, 2", encoding="utf-8")
    assert "is no JSON" in run("simulate", "other.json").err


def test_a_seed_that_is_asked_for_goes_before_that_of_the_file(run, tmp_path):
    """0 too; traits are drawn with it, so that the record replays what was run."""
    spec = 'steps = 3\nseed = 5\npeople = 200\n[model]\nstates = ["a", "b"]\n[[model.rules]]\nkind = "spontaneous"\n'
    spec += 'source = "a"\ntarget = "b"\nchance = "ease"\n[traits]\nease = {low = 0.1, high = 0.9}\n[start]\na = 200\n'
    (tmp_path / "spec.toml").write_text(spec)
    counts = {}
    for name, *seed in (("own",), ("five", "--seed", 5), ("zero", "--seed", 0), ("nine", "--seed", 9)):
        assert run("simulate", "spec.toml", "--out", name, *seed).code == 0
        counts[name] = pl.read_parquet(tmp_path / name / "counts.parquet")
        assert (
            json.loads((tmp_path / name / "provenance.json").read_text())["seed"]
            == {"own": 5, "zero": 0, "five": 5, "nine": 9}[name]
        )
        assert run("simulate", f"{name}/provenance.json", "--out", "again").code == 0
        assert pl.read_parquet(tmp_path / "again" / "counts.parquet").equals(counts[name])
    assert counts["own"].equals(counts["five"])
    assert not counts["own"].equals(counts["zero"])
    assert not counts["zero"].equals(counts["nine"])
    assert run("--seed", 0, "simulate", "spec.toml", "--out", "first").code == 0
    assert pl.read_parquet(tmp_path / "first" / "counts.parquet").equals(counts["zero"])
