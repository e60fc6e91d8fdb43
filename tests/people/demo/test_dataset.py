"""The demo is what it says: its people, the convention, the weeks after, and the slips of a real list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from tenfold.errors import DataError, SpecError
from tenfold.people.availability import free_hours
from tenfold.people.contacts import PAIRS_UP_TO
from tenfold.people.demo import Demo, make_demo, write_demo
from tenfold.people.demo.names import LANGUAGES, misspelt, strip_accents
from tenfold.people.readers import read_file
from tenfold.people.roster import PEOPLE_SCHEMA

ENDS = datetime(2026, 11, 24, tzinfo=UTC)
CLOSED = ENDS - timedelta(weeks=12)


@cache
def demo(seed: int = 0) -> Demo:
    return make_demo(seed=seed, ends=ENDS)


def listed(one: Demo) -> pl.DataFrame:
    """The 600 people without their second rows, spaces taken off."""
    return one.people.head(600).with_columns(pl.col("name", "place").str.strip_chars())


def pairs(one: Demo) -> pl.DataFrame:
    """Contacts, one row a pair, `low` before `high`, with place and first language of both."""
    about = one.people.select(
        "id", place=pl.col("place").str.strip_chars(), language=pl.col("language").str.split("|").list.first()
    )
    flat = one.contacts.with_columns(pl.col("a").str.strip_chars(), pl.col("b").str.split("|")).explode("b")
    flat = flat.with_columns(low=pl.min_horizontal("a", "b"), high=pl.max_horizontal("a", "b"))
    return flat.join(about, left_on="low", right_on="id", how="left").join(about, left_on="high", right_on="id", how="left")


def at_convention(one: Demo) -> pl.DataFrame:
    return pairs(one).filter(pl.col("source") == "badges")


def test_six_hundred_people_of_forty_places_six_languages_and_five_zones() -> None:
    people = listed(demo())
    assert dict(demo().people.schema) == PEOPLE_SCHEMA
    assert people["id"].n_unique() == 600
    assert people["place"].n_unique() == 40
    assert people["place"].value_counts()["count"].min() >= 4
    assert set(people["language"].str.split("|").list.first()) == set(LANGUAGES)
    assert people["timezone"].drop_nulls().n_unique() == 5
    assert people["name"].n_unique() == 600


def test_names_come_in_several_scripts() -> None:
    names = listed(demo())["name"]
    shares = {
        script: names.str.contains(pattern).mean()
        for script, pattern in {
            "Latin": r"\p{Latin}",
            "Cyrillic": r"\p{Cyrillic}",
            "Arabic": r"\p{Arabic}",
            "Chinese": r"\p{Han}",
        }.items()
    }
    assert min(shares.values()) > 0.05, shares
    assert np.isclose(sum(shares.values()), 1), "each name is in one script"
    assert names.str.contains("[ãçéễươđ]").any()
    aliases = listed(demo()).filter(pl.col("name").str.contains(r"\P{Latin}") & pl.col("aliases").is_not_null())["aliases"]
    assert aliases.str.contains(r"^[A-Za-z -]+$").all()


def test_mentors_gone_and_paused() -> None:
    people = listed(demo())
    mentors = people.filter(pl.col("can_mentor"))
    assert 0.09 <= mentors.height / 600 <= 0.13
    assert mentors["capacity"].min() == 6
    assert mentors["capacity"].max() == 9
    assert people.filter(~pl.col("can_mentor") | pl.col("can_mentor").is_null())["capacity"].null_count() == 600 - mentors.height
    assert set(people["degree"].drop_nulls()) == {1, 2, 3}
    assert (people["role"] == "gone").sum() == 24
    paused = people.filter(pl.col("paused_until").is_not_null())
    assert paused.height == 18
    assert paused["paused_until"].min() > ENDS.date()
    assert not (paused["role"] == "gone").any()


def test_lists_have_blanks_and_every_availability_can_be_read() -> None:
    people = listed(demo())
    for column in ("email", "timezone", "joined", "role", "degree", "availability", "consent"):
        assert 0 < people[column].null_count() < 300, column
    assert people["joined"].max() <= CLOSED.date()
    for text in people["availability"].drop_nulls().unique():
        assert 0 < free_hours(text, None, ENDS).sum() < 168, text


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_four_in_a_hundred_were_never_included(seed: int) -> None:
    one = demo(seed)
    met = set(pairs(one)["low"]) | set(pairs(one)["high"])
    sizes = one.attendance.filter(pl.col("status") == "present").group_by("event").agg("person")
    small = sizes.filter(pl.col("person").list.len() <= PAIRS_UP_TO)["person"].explode()
    never = set(listed(one)["id"]) - met - set(small)
    assert len(never) == 24
    plenary = set(one.attendance.filter(pl.col("event") == "Opening plenary")["person"])
    assert len(plenary) == 560
    assert len(never & plenary) == 10
    later = set(one.attendance.filter(pl.col("event") != "Opening plenary")["person"])
    assert not never & later


def test_eight_people_stand_twice_with_other_names_and_addresses() -> None:
    again = demo().people.tail(8)
    first = listed(demo())
    assert not set(again["id"]) & set(first["id"])
    assert not set(again["name"]) & set(first["name"])
    assert not set(again["email"]) & set(first["email"].drop_nulls())
    local = again["email"].str.split("@").list.first()
    alike = first.filter(pl.col("email").str.split("@").list.first().is_in(local.implode()))
    assert alike.height >= 6, "the part before the @ mostly gives them away"
    used = set(demo().contacts["a"]) & set(again["id"])
    assert 2 <= len(used) <= 4, "some contacts name the second row"


def test_slips_in_the_contacts() -> None:
    one = demo()
    ids, names = set(one.people["id"]), set(listed(one)["name"])
    given = one.contacts["a"]
    odd = given.filter(~given.str.strip_chars().is_in(list(ids)))
    assert odd.len() == 12
    exact = odd.filter(odd.is_in(list(names)))
    assert exact.len() == 6
    wrong = set(odd) - names
    assert len(wrong) == 6
    assert all(get_close_matches(name, names, n=1, cutoff=0.85) for name in wrong)
    assert given.str.ends_with(" ").sum() == 8
    assert one.people["name"].str.ends_with(" ").sum() == 5


def test_the_convention_lasts_three_days_and_ends_twelve_weeks_before() -> None:
    met = at_convention(demo())
    assert met["time"].min() >= CLOSED - timedelta(days=3)
    assert met["time"].max() < CLOSED
    assert met["time"].dt.date().n_unique() == 3
    local = met.with_columns(hour=pl.col("time").dt.convert_time_zone("Europe/Lisbon").dt.hour())
    day = local.filter(pl.col("group") != "shared room")["hour"]
    assert day.min() == 8
    assert day.max() == 22
    night = set(local.filter(pl.col("group") == "shared room")["hour"])
    assert night == {23, 0, 6, 7}
    rooms = local.filter(pl.col("group") == "shared room")
    mates = pl.concat([rooms["low"], rooms["high"]]).value_counts(name="times")
    assert mates["times"].max() <= 2 * 4


@pytest.mark.parametrize("seed", [0, 1])
def test_most_meetings_are_short_and_a_tenth_of_them_hold_over_half_the_time(seed: int) -> None:
    met = at_convention(demo(seed)).filter(pl.col("group") != "shared room")
    minutes = met["minutes"].sort(descending=True)
    assert minutes.max() <= 60
    assert minutes.max() > 50
    assert minutes.min() == 0.33
    assert (minutes <= 1).mean() > 0.6
    assert minutes.head(len(minutes) // 10).sum() > 0.5 * minutes.sum()
    times = pl.concat([met["low"], met["high"]]).value_counts(name="times")["times"].sort(descending=True)
    assert times.head(len(times) // 10).sum() > 0.2 * times.sum(), "a few people are much more active"


@pytest.mark.parametrize("seed", [0, 1])
def test_place_and_language_draw_together(seed: int) -> None:
    met = at_convention(demo(seed)).filter(pl.col("group") != "shared room").unique(["low", "high"])
    ends = pl.concat([met.select("place", "language"), met.select(place="place_right", language="language_right")])
    for column, factor in (("place", 4.0), ("language", 2.0)):
        same = (met[column] == met[f"{column}_right"]).mean()
        expected = (ends[column].value_counts(normalize=True)["proportion"] ** 2).sum()
        assert same > factor * expected, (column, same, expected)


def test_friends_of_friends_meet_more_than_by_place_and_language_alone() -> None:
    """Triangles among pairs of different places, against the same pairs with the ends of pairs of equal languages shuffled."""
    met = at_convention(demo()).unique(["low", "high"], maintain_order=True)
    met = met.filter(pl.col("place") != pl.col("place_right")).sort("language", "language_right", "low", "high")
    codes = {one: row for row, one in enumerate(demo().people["id"])}
    low = np.array([codes[one] for one in met["low"]])
    high = np.array([codes[one] for one in met["high"]])
    kinds = met.select(pl.struct("language", "language_right").rank("dense")).to_series().to_numpy()

    def triangles(first: NDArray[np.int64], second: NDArray[np.int64]) -> int:
        linked = np.zeros((len(codes), len(codes)), np.int64)
        linked[first, second] = linked[second, first] = 1
        np.fill_diagonal(linked, 0)
        return int((linked @ linked * linked).sum() // 6)

    rng = np.random.default_rng(1)
    shuffled = np.mean([triangles(low, high[np.lexsort((rng.random(len(high)), kinds))]) for _ in range(5)])
    assert triangles(low, high) > 1.5 * shuffled


def survival(one: Demo) -> dict[int, float]:
    """Share of the pairs that talked for a quarter of an hour at the convention and are seen again so many days after it, or later."""
    talked = at_convention(one).group_by("low", "high").agg(pl.col("minutes").sum()).filter(pl.col("minutes") >= 15)
    rest = pairs(one).filter(pl.col("source") != "badges").group_by("low", "high").agg(last=pl.col("time").max())
    last = talked.join(rest, on=["low", "high"], how="left")["last"].to_list()
    return {
        day: sum(one is not None and one >= CLOSED + timedelta(days=day) for one in last) / len(last)
        for day in (0, 14, 28, 42, 70)
    }


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_bonds_end_with_a_falling_hazard(seed: int) -> None:
    left = survival(demo(seed))
    assert left[0] > left[28] > left[70] > 0.3
    assert 0.58 < left[28] < 0.8
    early, late = -np.log(left[28]) / 28, -np.log(left[70] / left[28]) / 42
    assert early > 1.1 * late


def test_each_bond_has_its_own_rhythm() -> None:
    later = pairs(demo()).filter(pl.col("source") != "badges").with_columns(day=pl.col("time").dt.date())
    days = later.unique(["low", "high", "day"]).group_by("low", "high").agg(pl.col("day").sort())
    often = days.filter(pl.col("day").list.len() >= 5).with_columns(
        gaps=pl.col("day").list.diff().list.drop_nulls().list.eval(pl.element().dt.total_days())
    )
    usual = often["gaps"].list.mean()
    assert often.height > 400
    assert usual.min() >= 1
    assert 3 <= usual.median() <= 10
    spread = (often["gaps"].list.std() / usual).median()
    assert 0.5 < spread < 0.7, "more regular than chance (1), less than a clock (0)"


def test_nobody_calls_or_writes_at_night() -> None:
    one = demo()
    zones = dict(one.people.select("id", "timezone").drop_nulls().iter_rows())
    calls = pairs(one).filter(pl.col("source") != "badges")
    assert set(calls["kind"]) == {"call", "message", "meet"}
    for end in ("a", "b"):
        local = [
            time.astimezone(ZoneInfo(zones[who])).hour
            for time, who in calls.filter(pl.col(end).is_in(list(zones))).select("time", end).sample(3000, seed=1).iter_rows()
        ]
        assert min(local) >= 7
        assert max(local) <= 22
        assert sum(hour == 22 for hour in local) < 0.01 * len(local), "only answers that came late"


def test_gatherings_near_home_are_small_and_repeat() -> None:
    there = demo().attendance.filter((pl.col("status") == "present") & pl.col("event").str.starts_with("Evening in"))
    sizes = there.group_by("event").agg(n=pl.len(), start=pl.col("start").first())
    assert sizes["n"].min() >= 5
    assert sizes["n"].max() <= 25
    places = sizes.with_columns(place=pl.col("event").str.head(-11)).group_by("place").agg(pl.col("start").sort())
    gaps = places["start"].list.diff().list.drop_nulls().explode().drop_nulls().dt.total_days().unique()
    assert {7, 28} <= {round(gap / 7) * 7 for gap in gaps}
    assert there["start"].max() < ENDS
    assert demo().attendance["status"].unique().sort().to_list() == ["absent", "present"]


def test_who_left_or_paused_is_not_heard_of_again() -> None:
    one = demo()
    people = listed(one)
    away = people.filter((pl.col("role") == "gone") | pl.col("paused_until").is_not_null())["id"].to_list()
    met = pairs(one).filter(
        (pl.col("low").is_in(away) | pl.col("high").is_in(away)) & (pl.col("time") > ENDS - timedelta(days=3))
    )
    assert met.height == 0


def test_rows_are_sorted_by_time_and_lie_before_the_end() -> None:
    one = demo()
    assert 25_000 <= one.contacts.height <= 40_000
    for column in (one.contacts["time"], one.attendance["start"]):
        assert column.is_sorted()
        assert column.max() < one.ends
    assert (pairs(one)["low"] != pairs(one)["high"]).all()
    assert one.contacts["b"].str.contains("|", literal=True).sum() > 20, "some calls are of three"


def test_equal_seeds_give_equal_bytes_and_other_seeds_do_not(tmp_path: Path) -> None:
    written = [write_demo(tmp_path / str(k), make_demo(seed=seed, ends=ENDS)) for k, seed in enumerate((3, 3, 4))]
    for same, again, other in zip(*written, strict=True):
        assert same.read_bytes() == again.read_bytes()
        assert same.read_bytes() != other.read_bytes()


def test_the_moment_may_be_any(tmp_path: Path) -> None:
    one = make_demo(seed=1, n_people=40, ends=datetime(2027, 3, 31, 15, 20))
    assert one.ends == datetime(2027, 3, 31, 15, 20, tzinfo=UTC)
    assert one.people.height == 41
    assert one.contacts["time"].min() > one.ends - timedelta(days=89)
    assert [path.name for path in write_demo(tmp_path / "new" / "folder", one)] == [
        "people.csv",
        "contacts.csv",
        "attendance.csv",
    ]


def test_more_people_than_names_still_have_names_of_their_own() -> None:
    many = make_demo(seed=5, n_people=6000, ends=ENDS).people
    assert many.head(6000)["name"].str.strip_chars().n_unique() == 6000


def test_the_files_are_read_back(tmp_path: Path) -> None:
    one = demo()
    people, contacts, attendance = (read_file(path, now=ENDS) for path in write_demo(tmp_path, one))
    assert [people.what, contacts.what, attendance.what] == ["people", "contacts", "attendance"]
    for column in ("id", "can_mentor", "capacity", "joined", "paused_until", "availability", "consent"):
        assert people.frame[column].to_list() == one.people[column].to_list(), column
    pair = one.contacts.with_columns(pl.col("b").str.split("|")).explode("b")
    assert contacts.frame["time"].to_list() == pair["time"].to_list()
    assert contacts.frame["b"].to_list() == pair["b"].to_list()
    assert contacts.frame["minutes"].null_count() == pair["minutes"].null_count() > 0
    present = one.attendance.filter(pl.col("status") == "present")
    assert attendance.frame["person"].to_list() == present["person"].to_list()
    assert attendance.skipped == {"did not attend": one.attendance.height - present.height}


def test_arguments_are_checked(tmp_path: Path) -> None:
    soon: Any = "soon"
    with pytest.raises(SpecError, match="n_people is 39; expected a whole number from 40 to 20000"):
        make_demo(n_people=39, ends=ENDS)
    with pytest.raises(SpecError, match="seed is -1"):
        make_demo(seed=-1, ends=ENDS)
    with pytest.raises(SpecError, match="ends is 'soon'"):
        make_demo(ends=soon)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written to"):
        write_demo(tmp_path / "file", demo())


def test_slips_change_a_name_and_plain_takes_accents_off() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        slip = misspelt("Marta Kravchuk", rng)
        assert slip != "Marta Kravchuk"
        assert abs(len(slip) - 14) <= 1
        assert slip[0] == "M"
    assert strip_accents("Gonçalo Đặng Zoë") == "Goncalo Dang Zoe"
