"""`tenfold world`: what it says and writes, and one line for what cannot be."""

import json
import re

import polars as pl
import pytest

from tenfold.world import checkpoint
from tenfold.world.run import run_world
from tenfold.world.world import World, meanings


def test_world_from_one_circle_to_the_whole(run, tmp_path):
    ran = run("world", "--people", 30_000, "--seed", 3)
    assert ran.code == 0, ran.err
    out = tmp_path / "tenfold-world"
    steps, degrees = pl.read_parquet(out / "steps.parquet"), pl.read_parquet(out / "degrees.parquet")
    villages, places = pl.read_parquet(out / "villages.parquet"), pl.read_parquet(out / "places.parquet")
    assert steps["reach"][0] == 10
    assert degrees["step"].to_list() == sorted(degrees["step"].to_list())
    for degree, first in degrees.select("degree", "step").iter_rows():
        assert steps.filter(pl.col(f"united_{degree}") > 0)["step"].min() == first
    assert villages.height == 30
    assert places["attained"].sum() == steps["reach"][-1]
    assert places["people"].sum() == 30_000
    last = villages.sort("united", descending=True).row(0, named=True)
    assert f"was united at step {last['united']}." in ran.out
    assert f"{steps['reach'][-1]:,} of 30,000 people have attained at step {steps['step'][-1]}" in ran.out
    assert "Crisis, mean of all places and areas: 0% at step 0" in ran.out
    about = json.loads((out / "provenance.json").read_text())
    assert World(**about["world"]) == World.lived(30_000)


def test_page_speaks_of_this_run_and_asks_nothing_of_anybody(run, tmp_path):
    ran = run("world", "--people", 30_000, "--json")
    page = (tmp_path / "tenfold-world" / "world.html").read_text()
    document = ran.document
    assert "This is a model, not a forecast." in page
    assert f"{document['attained']:,}" in page
    assert f"Village {document['last_village']['village']} was the last, at step {document['last_village']['step']}." in page
    assert page.count("<rect") > 30
    assert len(re.findall(r"<title>number \d+: step \d+</title>", page)) == 30
    for name in meanings():
        assert name == "people" or f"<code>{name}</code>" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "<script" not in page
    assert all(f'id="{key}-t"' in page for key in ("climb", "degrees", "map", "crisis"))


@pytest.mark.parametrize("people", [1, 9, 100, 1000, 1234])
def test_small_worlds(run, tmp_path, people):
    ran = run("world", "--people", people, "--plain", "--start", "1", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["attained"] == people
    assert ran.document["crisis"] is None
    assert "The crisis, and what ends it" not in (tmp_path / "tenfold-world" / "world.html").read_text()


def test_never(run, tmp_path):
    """Nothing happens, and the page says so."""
    ran = run("world", "--people", 5000, "--steps", 2, "--start", "0", "--plain")
    assert ran.code == 0, ran.err
    assert "the last village, number 0, was never united." in ran.out
    page = (tmp_path / "tenfold-world" / "world.html").read_text()
    assert "5 of 5 villages were never united" in page
    assert "no wider group is united" in page


def test_options_reach_the_world(run):
    document = run(
        "world",
        "--people",
        500,
        "--theta",
        0.5,
        "--factor",
        8,
        "--first",
        2,
        "--join",
        0.2,
        "--lapse",
        0.02,
        "--upkeep",
        1,
        "--steps",
        5,
        "--set",
        "mentors=0.5",
        "--set",
        "virtual_circles=no",
        "--set",
        "mentor_choice=even",
        "--set",
        "demands=2",
        "--json",
        "--seed",
        7,
    ).document
    wanted = World.lived(
        500,
        threshold=0.5,
        factor=8.0,
        first=2.0,
        join=0.2,
        lapse=0.02,
        upkeep=1.0,
        mentors=0.5,
        virtual_circles=False,
        mentor_choice="even",
        demands=2,
    )
    assert World(**document["provenance"]["world"]) == wanted
    assert document["provenance"]["seed"] == 7
    assert document["steps"] == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--people", 0], "people is 0; expected a whole number from 1 to"),
        (["--people", 10**12], "people is 1000000000000; expected"),
        (["--theta", 0], "--theta is 0.0; expected a share above 0, up to 1."),
        (["--theta", 1.5], "--theta is 1.5; expected a share above 0, up to 1."),
        (["--set", "threshold=0"], "threshold is 0; expected a share above 0, up to 1."),
        (["--factor", 0], "factor is 0.0; expected a number above 0."),
        (["--factor", -1], "factor is -1.0; expected a number above 0."),
        (["--people", 10**11], "100000000000 people need"),
        (["--set", "speed=3"], "world: 'speed' is no parameter; expected some of"),
        (["--set", "mentors"], "--set: got 'mentors'; expected NAME=VALUE"),
        (["--set", "demands=2.5"], "demands is 2.5; expected a whole number"),
        (["--start", "everybody"], "start is 'everybody'; expected a number of people, circle, everyone"),
        (["--start", "²"], "start is '²'; expected a number of people"),
        (["--steps", 0], "steps is 0; expected a whole number"),
    ],
)
def test_one_line_for_what_cannot_be(run, tmp_path, arguments, words):
    ran = run("world", *arguments)
    assert ran.code == 1
    assert ran.err.startswith(f"tenfold: {words}")
    assert ran.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_of_other_parameters_is_refused(run, tmp_path, monkeypatch):
    """The message has the parameter as it was typed, what it was and what it is now."""
    monkeypatch.setattr(checkpoint, "INTERVAL", -1.0)

    def stop(replicate, step, reach):
        if step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_world(World.lived(70_000), start="circle", progress=stop, checkpoint=tmp_path / "world.npz")
    kept = (tmp_path / "world.npz").read_bytes()
    for typed, words in (
        (["--theta", 0.5], "--theta was 0.7, now it is 0.5."),
        (["--set", "threshold=0.5"], "threshold was 0.7, now it is 0.5."),
        (["--factor", 8], "factor was 10.0, now it is 8.0."),
        (["--seed", 4], "seed was 0, now it is 4."),
    ):
        ran = run("world", "--people", 70_000, "--checkpoint", "world.npz", *typed)
        assert ran.code == 1
        assert ran.err == f"tenfold: world.npz: is of another run: {words} Ask for the same run, or name another file.\n"
    assert (tmp_path / "world.npz").read_bytes() == kept
    assert run("world", "--people", 70_000, "--checkpoint", "world.npz").code == 0
    assert not (tmp_path / "world.npz").exists()
