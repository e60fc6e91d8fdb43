"""Small situations for tests of the plan's stages: people a, b, c, … with the bonds and the columns that a test names."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

import numpy as np
import polars as pl

from tenfold.bonds.strength import measure_bonds
from tenfold.people.contacts import Contacts
from tenfold.people.roster import People
from tenfold.plan.circles import Circles
from tenfold.plan.partition import Sizes
from tenfold.plan.situation import Situation, build_situation

DAY = 86400


def situation_of(n: int, contacts: dict[str, list[float]], *, at: float = 30, **columns: Any) -> Situation:
    """n people; `contacts`: days on which the two of a pair such as "ab" were in contact; `at`: the day of the situation."""
    rows = [(day * DAY, *pair) for pair, days in contacts.items() for day in days]
    frame = pl.DataFrame(rows, schema=["t", "a", "b"], orient="row", schema_overrides={"t": pl.Float64})
    met = Contacts.from_table(frame.with_columns(pl.col("t").cast(pl.Int64)), time="t", a="a", b="b")
    people = People.from_ids(ascii_lowercase[:n]).table
    people = people.with_columns(**{name: pl.Series(values, dtype=people[name].dtype) for name, values in columns.items()})
    return build_situation(People.from_table(people), met, measure_bonds(met, at=at * DAY))


def circles_of(*circles: str) -> Circles:
    """Circles such as "abc", "def"."""
    where = {person: number for number, circle in enumerate(circles) for person in circle}
    membership = np.array([where[person] for person in sorted(where)])
    return Circles(membership, Sizes(len(circles), 1, 64))


def letters(rows: Any) -> str:
    """People by row, as letters; "-" for nobody."""
    return "".join(ascii_lowercase[row] if row >= 0 else "-" for row in rows)
