"""The community as the commands see it: what the file holds, measured at one moment."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import polars as pl

from tenfold import checks
from tenfold.bonds.standing import measure_standing
from tenfold.bonds.strength import Bonds, measure_bonds
from tenfold.errors import DataError
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.people.store import Store

__all__ = ["Community", "load", "moment_of", "provenance"]

PAST = timedelta(days=365)


@dataclass(frozen=True)
class Community:
    """People, contacts, bonds and standing `at` one moment; `note` says how the moment was chosen, if not by today's date."""

    people: People
    contacts: Contacts
    bonds: Bonds
    standing: pl.DataFrame
    at: datetime
    note: str

    def names(self) -> dict[str, str]:
        """Name by id; where two people share a name, the id is added."""
        table = self.people.table
        shared = set(table.filter(pl.col("name").is_duplicated())["id"])
        return {one: f"{name} ({one})" if one in shared else name for one, name in table.select("id", "name").iter_rows()}


def load(store: Store, *, at: str | None, half_life: str) -> Community:
    """Read and measure what the file holds."""
    people, contacts = store.people(), store.contacts()
    if not len(people):
        raise DataError(
            "the community file holds nobody yet; import a list of people or of contacts: tenfold import people.csv contacts.csv"
        )
    moment, note = moment_of(contacts, at)
    bonds = measure_bonds(contacts, half_life, moment)
    return Community(people, contacts, bonds, measure_standing(people, contacts, bonds), moment, note)


def moment_of(contacts: Contacts, at: str | None) -> tuple[datetime, str]:
    """The moment that was asked for; else today, or the last contact where that is more than a year ago."""
    if at is not None:
        return checks.moment(at, "--at"), ""
    now = datetime.now(UTC).replace(microsecond=0)
    if not len(contacts) and not contacts.gatherings.height:
        return now, ""
    last = contacts.last()
    if now - last > PAST:
        return (
            last,
            f"The last contact was on {last:%Y-%m-%d}, more than a year ago: everything is as of then (--at chooses another moment).",
        )
    return now, ""


def provenance(store: Store, seed: int) -> dict[str, str]:
    """What a result depends on: seed, versions, inputs."""
    parts = {"seed": str(seed), "command": "tenfold " + " ".join(sys.argv[1:]), "tenfold": version("tenfold")}
    parts["python"] = platform.python_version()
    for name in ("numpy", "numba", "polars", "scipy"):
        parts[name] = version(name)
    for row in store.imports().iter_rows(named=True):
        parts[f"input {row['path']}"] = f"SHA-256 {row['sha256']}, {row['kept']} rows kept of {row['read']}"
    return parts
