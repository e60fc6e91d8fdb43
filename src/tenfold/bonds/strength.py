"""Strength of bonds by tie decay: the sum over the contacts of a bond, each halved once in each half-life since.

A bond between a and b has at time t the strength s(t) = Σ_k w_k 2^(−(t − t_k)/h) over their contacts k up to t: w_k = 1 for a contact
between two people, w_k = 1/(n − 1) for a gathering of n. Ahmad, Porter, Beguerisse-Díaz 2021, doi:10.1137/19M1271373.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import numpy as np
import polars as pl
from scipy import sparse

from tenfold import checks, notebook
from tenfold.bonds.rhythm import add_rhythm
from tenfold.errors import SpecError
from tenfold.people.contacts import PAIRS_UP_TO, Contacts

__all__ = ["Bonds", "measure_bonds"]

DAY = 86_400_000_000  # microseconds
UNIT = 2.0**40
"""Each contact counts in units of 1/UNIT: whole numbers have the same sum in any order, on any number of threads."""


@dataclass(frozen=True)
class Bonds:
    """The bonds at one moment.

    Attributes
    ----------
    table
        One row a pair, `a` < `b`, strongest first: `a`, `b` (as in the contacts); `strength` (≥ 0, to 2⁻⁴⁰ a contact; one fresh contact is
        1); `contacts` (number of contacts and shared small gatherings); `first`, `last` (UTC); `usual_gap` (days between days with contact,
        at least 1; null if seen on one day only); `silence` (days since `last`); `ratio` (silence ÷ usual gap, or ÷ `typical_gap` where
        there is none); `standing` (kept, due, fading or lost).
    at
        The moment, in UTC.
    half_life
        Of a contact.
    typical_gap
        Median usual gap of the bonds that have one, in days.
    """

    table: pl.DataFrame
    at: datetime
    half_life: timedelta
    typical_gap: float

    def __repr__(self) -> str:
        """The bonds in a line: how many, of how many people, and when."""
        return notebook.line("Bonds", self._facts())

    def _repr_html_(self) -> str:
        """The bonds for a notebook: how many stand how, and how strong they are."""
        strengths = np.log2(np.maximum(self.table["strength"].to_numpy(), 2.0**-10)).astype(np.int64) + 10
        counts = np.bincount(strengths, minlength=1).tolist()
        figure = notebook.Bars(
            counts, "Strength, each bar twice the one before: bonds", "2⁻¹⁰ or less", f"{2.0 ** (len(counts) - 10):g}"
        )
        return notebook.page("Bonds", self._facts(), figure if len(self) else None)

    def _facts(self) -> list[tuple[str, object]]:
        standing = dict(self.table["standing"].value_counts(sort=True).iter_rows())
        return [
            ("bonds", len(self)),
            ("people", pl.concat([self.table["a"], self.table["b"]]).n_unique()),
            ("at", f"{self.at:%Y-%m-%d %H:%M} UTC"),
            ("half-life", f"{self.half_life.total_seconds() / 86400:g} days"),
            ("usual gap", f"{self.typical_gap:.3g} days"),
            ("standing", ", ".join(f"{count} {name}" for name, count in standing.items()) or "none"),
        ]

    def __len__(self) -> int:
        return self.table.height


def measure_bonds(contacts: Contacts, half_life: object = "30d", at: object = None) -> Bonds:
    """Measure every bond at one moment.

    Parameters
    ----------
    contacts
        Who was in contact with whom, and who was at which gathering.
    half_life
        Time in which the strength that a contact left halves: seconds, a timedelta, or text such as ``"30d"`` or ``"1h"``.
    at
        The moment: a datetime, ISO 8601 text, or seconds since 1970; by default that of the last contact. Later contacts do not count.

    Returns
    -------
    Bonds
        A gathering of up to 30 people is a weak contact, 1/(n − 1), of each pair in it. A larger one makes no bond, and adds the
        same 1/(n − 1) to the bonds that exist, so that n people at one event never become n(n − 1)/2 rows.

    Raises
    ------
    SpecError
        `half_life` is no duration, or `at` no moment.
    DataError
        There are no contacts and `at` was not given.

    References
    ----------
    Ahmad, Porter, Beguerisse-Díaz 2021, SIAM J. Appl. Dyn. Syst., doi:10.1137/19M1271373.

    Examples
    --------
    >>> frame = pl.DataFrame({"t": [0, 3600], "i": ["ana", "binh"], "j": ["binh", "ana"]})
    >>> bonds = measure_bonds(Contacts.from_table(frame, time="t", a="i", b="j"), half_life="1h")
    >>> bonds.table["strength"].to_list()
    [1.5]
    """
    if not isinstance(contacts, Contacts):
        raise SpecError(f"contacts is a {type(contacts).__name__}; expected Contacts. Use read_contacts or Contacts.from_table.")
    life = checks.seconds(half_life, "half_life")
    moment = contacts.last() if at is None else checks.moment(at, "at")
    people = contacts.people()
    sizes = contacts.gatherings.group_by("gathering").agg(n=pl.len(), time=pl.col("time").first())
    decay = math.log(2) / (life * 1_000_000)
    rows = _weighted_contacts(contacts, people, sizes).filter(pl.col("time") <= moment)
    weight = pl.col("weight") if contacts.gatherings.height else pl.lit(1.0)
    table = (
        rows.group_by("key")
        .agg(
            strength=(((pl.col("time") - moment).dt.total_microseconds() * decay).exp() * weight * UNIT)
            .round()
            .cast(pl.Int64)
            .sum()
            / UNIT,
            contacts=pl.len().cast(pl.Int64),
            first=pl.col("time").min(),
            last=pl.col("time").max(),
            days=(pl.col("time").to_physical() // DAY).n_unique(),
        )
        .with_columns(lo=pl.col("key") // 2**32, hi=pl.col("key") % 2**32)
        .collect()
    )
    table = _add_large_gatherings(table, contacts, people, sizes.filter(pl.col("n") > PAIRS_UP_TO), moment, decay)
    table, typical = add_rhythm(table, moment)
    named = table.select(
        _decode(table["lo"], people).alias("a"),
        _decode(table["hi"], people).alias("b"),
        *(pl.col(name) for name in ("strength", "contacts", "first", "last", "usual_gap", "silence", "ratio", "standing")),
    )
    return Bonds(named.sort("strength", "a", "b", descending=[True, False, False]), moment, timedelta(seconds=life), typical)


def _weighted_contacts(contacts: Contacts, people: pl.Series, sizes: pl.DataFrame) -> pl.LazyFrame:
    """One row a contact of a pair: `key` (both people packed into 64 bits, the smaller first), `time`, `weight`."""
    low, high = _encode(contacts.table["a"], people), _encode(contacts.table["b"], people)
    direct = pl.LazyFrame({"a": low, "b": high, "time": contacts.table["time"]}).select(
        key=pl.min_horizontal("a", "b") * 2**32 + pl.max_horizontal("a", "b"), time="time"
    )
    if not contacts.gatherings.height:
        return direct
    small = contacts.gatherings.select("gathering", who=_encode(contacts.gatherings["person"].cast(people.dtype), people)).join(
        sizes.filter(pl.col("n").is_between(2, PAIRS_UP_TO)), on="gathering"
    )
    together = (
        small.lazy().join(small.lazy().select("gathering", whom="who"), on="gathering").filter(pl.col("who") < pl.col("whom"))
    )
    weak = together.select(key=pl.col("who") * 2**32 + pl.col("whom"), time="time", weight=1 / (pl.col("n") - 1))
    return pl.concat([direct.with_columns(weight=pl.lit(1.0)), weak])


def _add_large_gatherings(
    table: pl.DataFrame, contacts: Contacts, people: pl.Series, large: pl.DataFrame, at: datetime, decay: float
) -> pl.DataFrame:
    """Add the weight of the large gatherings to bonds that exist; people by gatherings as a sparse matrix."""
    large = large.filter(pl.col("time") <= at).sort("gathering").with_row_index("column")
    if not large.height or not table.height:
        return table
    there = contacts.gatherings.join(large.select("gathering", "column"), on="gathering")
    rows = people.search_sorted(there["person"].cast(people.dtype)).to_numpy()
    shape = (len(people), large.height)
    was_at = sparse.csr_array((np.ones(there.height), (rows, there["column"].to_numpy())), shape=shape)
    left = large.select(((pl.col("time") - at).dt.total_microseconds() * decay).exp() / (pl.col("n") - 1)).to_series().to_numpy()
    low = people.search_sorted(_decode(table["lo"], people)).to_numpy()
    high = people.search_sorted(_decode(table["hi"], people)).to_numpy()
    step = 500_000  # pairs at once: bounds the memory
    added = [
        was_at[low[start : start + step]].multiply(was_at[high[start : start + step]]) @ left
        for start in range(0, table.height, step)
    ]
    return table.with_columns(pl.col("strength") + pl.Series(np.concatenate(added)))


def _encode(column: pl.Series, people: pl.Series) -> pl.Series:
    """Each id as a whole number below 2³², in the order of the ids."""
    if column.dtype == pl.String:
        return column.cast(pl.Enum(people)).to_physical().cast(pl.Int64)
    if _are_codes(people):
        return column
    return people.search_sorted(column).cast(pl.Int64)


def _decode(codes: pl.Series, people: pl.Series) -> pl.Series:
    """The ids that `_encode` encoded."""
    return codes if _are_codes(people) else people.gather(codes)


def _are_codes(people: pl.Series) -> bool:
    """Integer ids that fit into half of 64 bits stand for themselves."""
    if not people.dtype.is_integer() or not len(people):
        return False
    return cast(int, people.min()) >= 0 and cast(int, people.max()) < 2**31
