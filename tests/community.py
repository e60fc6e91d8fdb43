"""Small made-up communities for the tests of plans, pages and commands."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl

from tenfold.people.contacts import Contacts
from tenfold.people.demo import make_demo, write_demo
from tenfold.people.roster import People

ENDS = datetime(2026, 11, 24, tzinfo=UTC)


def demo_files(folder: Path, n: int = 120, seed: int = 3) -> list[Path]:
    """The demo's three files."""
    return write_demo(folder, make_demo(seed=seed, n_people=n, ends=ENDS))


@cache
def demo_community(n: int = 120, seed: int = 3) -> tuple[People, Contacts]:
    """The demo's people and contacts, with gatherings, without what a store would mend."""
    demo = make_demo(seed=seed, n_people=n, ends=ENDS)
    known = demo.people["id"].implode()
    contacts = demo.contacts.with_columns(pl.col("a", "b").str.strip_chars())
    contacts = contacts.filter(pl.col("a").is_in(known) & pl.col("b").is_in(known) & (pl.col("a") != pl.col("b")))
    there = demo.attendance.with_columns(pl.col("person").str.strip_chars()).filter(
        pl.col("person").is_in(known), status="present"
    )
    met = Contacts.from_table(contacts, time="time", a="a", b="b")
    return People.from_table(demo.people), Contacts(
        met.table, Contacts.from_gatherings(there, time="start", person="person", gathering="event").gatherings
    )
