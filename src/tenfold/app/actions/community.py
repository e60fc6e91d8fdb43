"""The community at one moment: people, contacts, bonds and standing, from the community file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from tenfold import checks
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import Bonds, measure_bonds
from tenfold.errors import DataError
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.people.store import Store

__all__ = ["Community", "load_community", "reference_time"]

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Community:
    """People, contacts, bonds and standing `at` one moment; `note` says why, where the moment is neither today nor the one asked for."""

    people: People
    contacts: Contacts
    bonds: Bonds
    standing: pl.DataFrame
    at: datetime
    note: str

    def names(self) -> dict[str, str]:
        """Name by id; where two people share a name, the id is added."""
        return self.people.display_names()


def load_community(store: Store, *, at: str | None, half_life: str, details: bool = False) -> Community:
    """Read people and contacts, and measure bonds and standing; `at`: see `reference_time`, `details`: see `Store.contacts`."""
    people, contacts = store.people(), store.contacts(details=details)
    if not len(people):
        raise DataError(
            "the community file holds nobody yet; import a list of people or of contacts: tenfold import people.csv contacts.csv"
        )
    moment, note = reference_time(contacts, at)
    bonds = measure_bonds(contacts, half_life, moment)
    return Community(people, contacts, bonds, measure_standing(people, contacts, bonds), moment, note)


def reference_time(contacts: Contacts, at: str | None) -> tuple[datetime, str]:
    """The moment `at`, if given; else now, or the last contact if it is more than a year ago. And a note for the last case."""
    if at is not None:
        return checks.moment(at, "--at"), ""
    now = datetime.now(UTC).replace(microsecond=0)
    if not len(contacts) and not contacts.gatherings.height:
        return now, ""
    last = contacts.last()
    if now - last > YEAR:
        return (
            last,
            f"The last contact was on {last:%Y-%m-%d}, more than a year ago: everything is as of then (--at chooses another moment).",
        )
    return now, ""
