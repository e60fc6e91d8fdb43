"""Attendance as a signal: who comes without a bond, and who came regularly and is missing."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tenfold.bonds.attendance import measure_attendance, missing_people
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import measure_bonds
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People

START = datetime(2026, 9, 6, 10, tzinfo=UTC)  # a Sunday
WEEKS = 13
AT = START + timedelta(weeks=WEEKS)


@pytest.fixture
def sundays() -> tuple[People, Contacts]:
    """Forty at every Sunday; ana at nine of thirteen, binh at the first eight, chi at one, dov never, eva at another group that ended."""
    crowd = [f"x{k:02}" for k in range(40)]
    rows = [(START + timedelta(weeks=week), one, "Sunday") for week in range(WEEKS) for one in crowd]
    rows += [(START + timedelta(weeks=week), "ana", "Sunday") for week in (0, 1, 3, 4, 6, 7, 9, 11, 12)]
    rows += [(START + timedelta(weeks=week), "binh", "Sunday") for week in range(8)]
    rows += [(START, "chi", "Sunday")]
    rows += [(START + timedelta(weeks=week), one, "Choir") for week in range(5) for one in ("eva", *crowd)]
    frame = pl.DataFrame(rows, schema=["t", "who", "what"], orient="row").with_columns(
        pl.format("{} @ {}", "what", pl.col("t").dt.to_string("%Y-%m-%dT%H:%M:%SZ")).alias("what")
    )
    contacts = Contacts.from_gatherings(frame, time="t", person="who", gathering="what")
    return People.from_ids([*crowd, "ana", "binh", "chi", "dov", "eva"]), contacts


def test_who_comes_without_a_bond_is_attending(sundays):
    people, contacts = sundays
    table = measure_standing(people, contacts, measure_bonds(contacts, at=AT))
    found = {row["person"]: (row["standing"], row["reason"]) for row in table.iter_rows(named=True)}
    assert found["ana"] == ("attending", "at gatherings on 9 days, no bond with anybody yet")
    assert found["binh"][0] == "attending"  # away for five weeks: five of their gaps
    assert found["chi"] == ("never included", "at 1 large gathering, no bond with anybody on record")
    assert found["dov"] == ("never included", "no contact with anybody on record")
    late = measure_standing(people, contacts, measure_bonds(contacts, at=AT + timedelta(weeks=30)))
    assert dict(late.select("person", "standing").iter_rows())["ana"] == "never included"


def test_who_came_every_week_and_is_missing(sundays):
    people, contacts = sundays
    standing = measure_standing(people, contacts, measure_bonds(contacts, at=AT))
    missing = missing_people(contacts, standing, AT)
    assert missing.rows() == [("binh", "came every week", date(2026, 10, 25), 5)]
    table = measure_attendance(contacts, AT)
    by_person = {row["person"]: row for row in table.iter_rows(named=True)}
    assert by_person["ana"]["days"] == 9
    assert not by_person["ana"]["missing"]
    assert by_person["eva"]["held"] == 0  # their group has ended, so they are not missing from it
    assert not by_person["eva"]["missing"]
    assert "dov" not in by_person


def test_who_is_away_for_half_a_year_or_paused_is_not_listed(sundays):
    people, contacts = sundays
    later = AT + timedelta(weeks=30)
    standing = measure_standing(people, contacts, measure_bonds(contacts, at=later))
    assert "binh" not in missing_people(contacts, standing, later)["person"]
    table = people.table.with_columns(paused_until=pl.when(pl.col("id") == "binh").then(date(2027, 6, 1)))
    paused = measure_standing(People.from_table(table), contacts, measure_bonds(contacts, at=AT))
    assert missing_people(contacts, paused, AT).height == 0


def test_what_comes_later_changes_nothing(sundays):
    _, contacts = sundays
    half = START + timedelta(weeks=6)
    assert measure_attendance(contacts, half).equals(measure_attendance(contacts.until(half), half))
