"""How far to trust a forecast: doubt about the fit, bands, trials, drift that is found and said, and a convention of three years ago."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from communities_in_time import chats, weekly
from tenfold.forecast.direct import forecast_people
from tenfold.forecast.features import Target, measure_cases
from tenfold.forecast.fit_doubt import doubt_of_fit
from tenfold.forecast.future import foresee
from tenfold.forecast.histories import DAY, community_of
from tenfold.forecast.models.candidates import fit_candidate
from tenfold.forecast.origins import past_of
from tenfold.forecast.statements import band_of_total
from tenfold.forecast.trials import Trial, reliability_table, reliability_words, variance_of_trials
from tenfold.people.contacts import Contacts
from tenfold.people.demo.dataset import make_demo

MONTH = Target(30 * DAY)


def learned(people: int, moments: int, seed: int = 1):
    """A past of the chats, what is fitted to it, and the cases of today."""
    histories = community_of(chats(seed, people=people, days=400)).people

    def observe(moment):
        cases = measure_cases(histories, moment, (30 * DAY,), DAY)
        return cases, MONTH.came(histories, moment, cases.case)

    now = histories.last
    past = past_of(tuple(now - (k + 1) * 30 * DAY for k in range(moments)), MONTH, 1e18, observe)
    return fit_candidate("firm logistic", past), past, observe(now)[0]


def test_the_doubt_about_a_fit_is_that_of_a_bootstrap_over_people_and_origins():
    fitted, past, cases = learned(80, 6)
    expected = doubt_of_fit(fitted, past, cases)
    rng, totals = np.random.default_rng(0), []
    for _ in range(300):
        one, other = rng.exponential(size=past.cases.case.max() + 1), rng.exponential(size=len(past.moments))
        drawn = type(past)(
            past.cases, past.came, past.origin, past.moments, past.weight * one[past.cases.case] * other[past.origin], MONTH
        )
        chance = 1 / (1 + np.exp(-fit_candidate("firm logistic", drawn).logits(cases)))
        totals.append(np.log(chance.sum()))
    assert expected == pytest.approx(np.std(totals), rel=0.35)


def test_fewer_people_and_fewer_origins_mean_more_doubt():
    doubts = [doubt_of_fit(*learned(people, 6)) for people in (30, 240)]
    assert doubts[0] > 1.3 * doubts[1] > 0
    recalibrated, past, cases = learned(60, 5)
    assert doubt_of_fit(fit_candidate("base rate", past), past, cases) > 0
    assert doubt_of_fit(recalibrated, past, cases.take(np.zeros(0, np.int64))) == 0


def test_luck_alone_has_no_heavy_tails():
    chance = np.full(400, 0.5)
    mean, low, high = band_of_total(chance, 0.0, 0)
    assert mean == 200
    assert low == np.floor(200 * np.exp(-1.645 * 0.05))
    few, many = band_of_total(chance, 0.1, 0), band_of_total(chance, 0.1, 50)
    assert few.low < many.low < low < high < many.high < few.high


def test_trials_and_their_table_in_words():
    rng = np.random.default_rng(3)
    trials = []
    for moment in range(4):
        chance = rng.choice([0.05, 0.55, 0.95], 300)
        trials.append(Trial.of(moment, chance, rng.random(300) < chance))
    table = reliability_table([one.by_tenth for one in trials])
    assert table["cases"].sum() == 1200
    assert ((table["low"] <= table["expected"]) & (table["expected"] <= table["high"])).all()
    assert reliability_words(table).startswith("Of those given 95%, 9")
    assert reliability_words(table.clear()) == ""
    assert reliability_table([]).is_empty()
    assert variance_of_trials(tuple(trials), 0.01) < 0.01
    wrong = tuple(Trial(one.moment, 2.0 * one.expected, one.came, one.spread) for one in trials)
    assert variance_of_trials(wrong, 0.01) > 0.1


def test_trials_by_occasions_are_made_from_what_was_known_then():
    community = community_of(weekly(40, 30, 3))
    found = forecast_people(community, community.people.last, Target(7 * DAY))
    assert found.model == "BG/BB"
    assert len(found.trials) == 4
    for one in found.trials:
        assert abs(one.expected - one.came) < 4 * one.spread
        earlier = community_of(weekly(40, 30, 3), datetime.fromtimestamp(one.moment, UTC))
        again = forecast_people(earlier, earlier.people.last, Target(7 * DAY))
        assert one.expected == pytest.approx(again.chance.sum())


@pytest.mark.parametrize("kind", ["first weeks", "collapse", "new channel"])
def test_a_period_unlike_the_past_is_said_and_widens(kind):
    table = chats(3, people=100, days=400).table
    last = table["time"].max()
    if kind == "first weeks":
        table, words = table.filter(pl.col("time") < table["time"].min() + timedelta(days=30)), "the record is shorter"
    elif kind == "collapse":
        words = "nobody was active"
    else:  # for twenty days each contact is on record five times, minutes apart
        more = table.filter(pl.col("time") > last - timedelta(days=20))
        burst = [more.with_columns(pl.col("time") - timedelta(minutes=9 * k)) for k in range(1, 5)]
        table, words = pl.concat([table, *burst]), "more contacts each"
    community = community_of(Contacts(table))
    at = community.people.last + (120 * DAY if kind == "collapse" else 0)
    found = forecast_people(community, at, MONTH)
    calm = community_of(chats(3, people=100, days=400))
    assert any(words in one for one in found.drift), found.drift
    assert found.doubt > forecast_people(calm, calm.people.last, MONTH).doubt


def test_a_convention_three_years_ago_does_not_lose_people_within_weeks():
    """The demo's convention, and three years in which each quarter has the contacts of its first twelve weeks: as many come again."""
    contacts = make_demo(seed=1, n_people=120, ends=datetime(2026, 3, 1, tzinfo=UTC)).contacts.filter(
        ~pl.col("b").str.contains("|", literal=True)
    )
    after = contacts.filter(pl.col("time") > contacts["time"].max() - timedelta(days=84))
    quarters = [after.with_columns(pl.col("time") + timedelta(days=84 * k)) for k in range(1, 13)]
    record = Contacts.from_table(pl.concat([contacts, *quarters]), time="time", a="a", b="b")
    at = record.last()
    future = foresee(record, at)
    weekly_sum = future.chances.weekly.sum(axis=0)
    histories = community_of(record).people
    same_phase = histories.seen_within(
        histories.last - (84 + 7 * future.window) * DAY, histories.last - 84 * DAY, np.arange(len(histories))
    ).sum()
    assert (at - record.table["time"].min()).days > 1000
    assert weekly_sum[12] == pytest.approx(same_phase, rel=0.25)
    assert weekly_sum[52] > 0.5 * weekly_sum[0]
