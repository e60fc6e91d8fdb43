"""Retention models: the published fit, and chances that come true."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from communities_in_time import chats, weekly
from tenfold.errors import DataError, SpecError
from tenfold.forecast.models.bgnbd import fit_bgnbd
from tenfold.forecast.predict import predict_bonds, predict_people
from tenfold.people.contacts import Contacts
from tenfold.people.readers import read_contacts


def test_the_published_fit(shared_data):
    rows = [line.split() for line in (shared_data / "retention" / "cdnow_sample.txt").read_text().splitlines()]
    days = pl.DataFrame({"who": [row[0] + row[1] for row in rows], "day": [row[2] for row in rows]}).with_columns(
        pl.col("day").str.to_date("%Y%m%d")
    )
    end = date(1997, 9, 30)
    cases = (
        days.filter(pl.col("day") <= end)
        .group_by("who")
        .agg(pl.col("day").min().alias("first"), pl.col("day").max().alias("last"), x=pl.col("day").n_unique() - 1)
    )
    weeks = [
        (cases["last"] - cases["first"]).dt.total_days().to_numpy() / 7,
        (pl.Series([end] * cases.height) - cases["first"]).dt.total_days().to_numpy() / 7,
    ]
    model = fit_bgnbd(cases["x"].to_numpy(), *weeks)
    assert cases.height == 2357
    assert model.log_likelihood == pytest.approx(-9582.43, abs=0.01)
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.2426, 4.414, 0.793, 2.426), rel=2e-3)


def simulated(n: int, seed: int, weeks: float) -> tuple[np.ndarray, ...]:
    """Histories of people who follow the model, and whether they come within 10 more weeks."""
    rng = np.random.default_rng(seed)
    rate, stop = rng.gamma(1.0, 1 / 2.0, n), rng.beta(1.0, 4.0, n)
    repeats, last, again = np.zeros(n), np.zeros(n), np.zeros(n, bool)
    for i in range(n):
        time, active = 0.0, True
        while active:
            time += rng.exponential(1 / rate[i])
            if time > weeks:
                again[i] = time <= weeks + 10
                break
            repeats[i], last[i] = repeats[i] + 1, time
            active = rng.random() >= stop[i]
    return repeats, last, np.full(n, weeks), again


def test_chances_come_true_by_band():
    repeats, last, observed, again = simulated(6000, 1, 30.0)
    chance = fit_bgnbd(repeats, last, observed).returns(repeats, last, observed, 10.0)
    for low in np.arange(0, 1, 0.2):
        band = (chance >= low) & (chance < low + 0.2)
        if band.sum() > 100:
            error = again[band].mean() - chance[band].mean()
            assert abs(error) < 4 * np.sqrt(0.25 / band.sum()), low
    assert np.corrcoef(chance, again)[0, 1] > 0.5


def test_a_longer_silence_and_a_shorter_horizon_mean_less():
    repeats, last, observed, _ = simulated(500, 3, 20.0)
    model = fit_bgnbd(repeats, last, observed)
    soon = model.returns(repeats, last, observed, 1.0)
    assert (model.returns(repeats, last, observed + 10, 1.0) < soon).all()
    assert (model.returns(repeats, last, observed, 4.0) > soon).all()


def test_frames_of_people_and_bonds():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [(start + timedelta(days=7 * week), f"b{k}", f"a{k}") for k in range(60) for week in range(1 + k % 12)]
    contacts = Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")
    bonds = predict_bonds(contacts, start + timedelta(days=90), "7d")
    people = predict_people(contacts, start + timedelta(days=90), timedelta(days=7))
    assert (bonds.columns, bonds.height) == (["a", "b", "chance", "model", "why"], 60)
    assert (people.columns, people.height) == (["person", "chance", "model", "why"], 120)
    assert (bonds["a"] < bonds["b"]).all()
    assert bonds["chance"].is_between(0, 1).all()
    assert people["chance"].is_between(0, 1).all()


def test_only_the_past_is_looked_at():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [(start + timedelta(days=day), "ana", "binh" if day < 50 else "chi") for day in range(0, 100, 5)]
    contacts = Contacts.from_table(pl.DataFrame(rows, schema=["t", "a", "b"], orient="row"), time="t", a="a", b="b")
    assert predict_people(contacts, start + timedelta(days=40), "30d")["person"].to_list() == ["ana", "binh"]


def area(score: pl.Series, truth: np.ndarray) -> float:
    """Area under the curve: how often somebody who came ranks above somebody who did not."""
    rank = score.rank().to_numpy()
    return (rank[truth].sum() - truth.sum() * (truth.sum() + 1) / 2) / (truth.sum() * (~truth).sum())


@pytest.mark.parametrize("month", [6, 7, 8])
def test_college_messages_are_ranked_better_than_by_silence_alone(shared_data, month):
    contacts = read_contacts(shared_data / "messages" / "collegemsg.txt.gz")
    at = datetime(2004, month, 1, tzinfo=UTC)
    chances = predict_people(contacts, at, "30d")
    after = contacts.table.filter((pl.col("time") > at) & (pl.col("time") <= at + timedelta(days=30)))
    truth = chances["person"].is_in(list(set(after["a"]) | set(after["b"]))).to_numpy()
    past = contacts.until(at).table
    last = (
        pl.concat([past.select("time", person="a"), past.select("time", person="b")])
        .group_by("person")
        .agg(pl.col("time").max())
        .sort("person")
    )
    assert last["person"].to_list() == chances["person"].to_list()
    by_silence = area(last["time"].dt.epoch("s"), truth)
    assert area(chances["chance"], truth) > max(by_silence, 0.8)


def test_bad_arguments():
    contacts = Contacts.from_table(pl.DataFrame({"t": [0], "a": ["x"], "b": ["y"]}), time="t", a="a", b="b")
    with pytest.raises(SpecError, match="horizon is 'soon'"):
        predict_people(contacts, 10, "soon")
    with pytest.raises(SpecError, match="at is 'now'"):
        predict_bonds(contacts, "now", "7d")
    with pytest.raises(DataError, match="too few to fit"):
        fit_bgnbd(np.zeros(5), np.zeros(5), np.ones(5))
    assert predict_people(contacts, 10, "7d")["chance"].is_between(0, 1).all()


def test_bad_records_are_told_in_one_line():
    contacts = Contacts.from_table(pl.DataFrame({"t": [1000], "a": ["x"], "b": ["y"]}), time="t", a="a", b="b")
    with pytest.raises(DataError, match="before the first contact or gathering"):
        predict_people(contacts, 10, "7d")
    for horizon in (0, -5, "0d"):
        with pytest.raises(SpecError, match="horizon is"):
            predict_people(contacts, 2000, horizon)
    with pytest.raises(DataError, match="there are no contacts and no gatherings"):
        predict_people(Contacts(contacts.table.clear()), 10, "7d")
    met = pl.DataFrame({"t": [0, 0, 604800], "who": ["ana", "binh", "ana"], "what": ["tea", "tea", "tea again"]})
    gatherings = Contacts.from_gatherings(met, time="t", person="who", gathering="what")
    with pytest.raises(DataError, match="gatherings only, and these make no pairs"):
        predict_bonds(gatherings, 700000, "7d")
    with pytest.raises(DataError, match="gatherings only, and these make no pairs"):
        predict_bonds(Contacts(contacts.table, gatherings.gatherings), 500, "7d")
    assert predict_people(gatherings, 700000, "7d")["person"].to_list() == ["ana", "binh"]


@pytest.mark.parametrize(("people", "weeks"), [(8, 30), (20, 30), (50, 12), (300, 6), (300, 80)])
def test_weekly_meetings_go_on(people, weeks):
    contacts = weekly(people, weeks, 1)
    found = predict_people(contacts, contacts.last() + timedelta(days=2), "7d")
    assert found["model"].unique().to_list() == ["BG/BB"]
    assert 0.85 <= found["chance"].mean() <= 0.93


@pytest.mark.parametrize("contacts", [chats(1), weekly(20, 12, 3)], ids=["chats", "weekly"])
def test_no_chance_rises_with_the_silence_of_all(contacts):
    last, before = contacts.last(), None
    for days in (0, 1, 2, 4, 8, 16, 40, 100, 400):
        chance = predict_people(contacts, last + timedelta(days=days), "30d")["chance"].to_numpy()
        assert before is None or (chance <= before + 1e-12).all()
        before = chance
    assert before.sum() < 0.2 * predict_people(contacts, last, "30d")["chance"].sum()


def test_a_future_that_contradicts_the_past_changes_nothing():
    contacts = chats(2)
    at = datetime(1970, 7, 1, tzinfo=UTC)
    other = contacts.table.with_columns(b=pl.when(pl.col("time") > at).then(pl.lit("nobody")).otherwise("b"))
    for predict in (predict_people, predict_bonds):
        assert predict(contacts, at, "30d").equals(predict(contacts.until(at), at, "30d"))
        assert predict(contacts, at, "30d").equals(predict(Contacts(other), at, "30d"))


def test_later_attendance_does_not_leak_into_the_past():
    frame = pl.DataFrame({"t": [0, 40 * 86400], "who": ["ana", "binh"], "what": ["choir", "choir"]})
    contacts = Contacts.from_gatherings(frame, time="t", person="who", gathering="what")
    assert predict_people(contacts, 86400, "7d")["person"].to_list() == ["ana"]


def test_a_shift_of_the_clock_changes_nothing():
    contacts = chats(3)
    shifted = Contacts(contacts.table.with_columns(pl.col("time") + timedelta(hours=12)))
    at = contacts.last()
    found, other = predict_people(contacts, at, "30d"), predict_people(shifted, at + timedelta(hours=12), "30d")
    assert found["chance"].to_numpy() == pytest.approx(other["chance"].to_numpy(), abs=1e-9)


def test_one_person_one_day_and_repeated_times():
    alone = Contacts.from_gatherings(pl.DataFrame({"t": [5], "who": [1], "what": [1]}), time="t", person="who", gathering="what")
    assert predict_people(alone, 6, "1d")["chance"].to_list() == [0.5]
    rows = pl.DataFrame({"t": [0] * 50, "a": list(range(50)), "b": [k + 1 for k in range(50)]})
    at_once = Contacts.from_table(rows, time="t", a="a", b="b")
    for predict in (predict_people, predict_bonds):
        assert predict(at_once, 10, "1d")["chance"].is_between(0, 1).all()


def test_chances_of_chats_come_true():
    contacts, at = chats(4, people=400), datetime(1970, 8, 1, tzinfo=UTC)
    for frame, after in (
        (predict_people(contacts, at, "30d"), None),
        (predict_bonds(contacts, at, "30d"), "pairs"),
    ):
        later = contacts.table.filter((pl.col("time") > at) & (pl.col("time") <= at + timedelta(days=30)))
        if after is None:
            truth = frame["person"].is_in(list({*later["a"], *later["b"]})).to_numpy()
        else:
            pairs = {tuple(sorted(row)) for row in later.select("a", "b").iter_rows()}
            truth = np.array([row in pairs for row in frame.select("a", "b").iter_rows()])
        assert frame["chance"].sum() == pytest.approx(truth.sum(), rel=0.15)
        assert area(frame["chance"], truth) > 0.7
