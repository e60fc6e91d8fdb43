"""Histories: when each person, or each pair, was active; packed so that any moment of the past can be looked at without a
copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.people.contacts import PAIRS_UP_TO, Contacts

__all__ = ["APART", "DAY", "Community", "Histories", "community_of", "hashed"]

Ints = NDArray[np.int64]
DAY = 86400
APART = 8 * 3600
"""Seconds: activity after a longer pause is a new occasion. By pauses, not by calendar days: no day boundary decides."""


@dataclass(frozen=True)
class Histories:
    """Activity of n cases.

    `start` (n + 1): rows of each case; `time` (m): seconds since 1970, in order within a case; `occasion` (m): how many
    occasions the case
    had up to and including this row; `key` (m): case and time in one number, ascending; `epoch`: the first second of all.
    """

    start: Ints
    time: Ints
    occasion: NDArray[np.int32]
    key: Ints
    epoch: int
    bits: int

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def last(self) -> int:
        """The last second with activity."""
        return int(self.time.max()) if len(self.time) else 0

    def busy(self, until: int) -> Ints:
        """Starts of the ten-minute spans up to `until` in which anybody was active, ascending; seconds since 1970."""
        span = 600
        many = int((self.time.max() - self.epoch) // span) + 1 if len(self.time) else 0
        if many > 50_000_000:
            found = np.unique((self.time - self.epoch) // span)
        else:
            mark = np.zeros(many, np.bool_)
            mark[(self.time - self.epoch) // span] = True
            found = np.flatnonzero(mark).astype(np.int64)
        starts = found * span + self.epoch
        return starts[starts <= until]

    def rows_until(self, moment: int, cases: Ints | None = None) -> Ints:
        """Row after the last one up to `moment` of each case; shape (cases)."""
        which = np.arange(len(self), dtype=np.int64) if cases is None else cases
        offset = moment - self.epoch
        if offset < 0:
            return self.start[which]
        offset = min(offset, (1 << self.bits) - 1)
        return np.searchsorted(self.key, (which << self.bits) | offset, side="right").astype(np.int64)

    def seen_within(self, after: int, until: int, cases: Ints) -> NDArray[np.bool_]:
        """Whether each case was active in (after, until]; shape (cases)."""
        found: NDArray[np.bool_] = self.rows_until(until, cases) > self.rows_until(after, cases)
        return found

    @classmethod
    def of(cls, case: Ints, time: Ints, n: int, apart: int = APART) -> Histories:
        """From rows in any order: `case` 0..n − 1 and `time` in whole seconds."""
        epoch = int(time.min()) if len(time) else 0
        span = int(time.max()) - epoch if len(time) else 0
        bits = max(span.bit_length(), 1)
        if bits + max(n - 1, 1).bit_length() > 63:
            raise DataError(f"contacts: {n} people or pairs over {span} seconds are too many to count; leave out the oldest.")
        key = (case.astype(np.int64) << bits) | (time - epoch)
        key.sort()
        start = np.searchsorted(key, np.arange(n + 1, dtype=np.int64) << bits).astype(np.int64)
        ordered = (key & ((1 << bits) - 1)) + epoch
        fresh = np.ones(len(key), np.int32)
        if len(key):
            fresh[1:] = (ordered[1:] - ordered[:-1] > apart) | (key[1:] >> bits != key[:-1] >> bits)
        total = np.cumsum(fresh, dtype=np.int32)
        before = np.concatenate([[0], total])[start[:-1]].astype(np.int32)
        total -= np.repeat(before, np.diff(start))
        return cls(start, ordered, total, key, epoch, bits)


@dataclass(frozen=True)
class Community:
    """People and their pairs: `names` (n) in order, `people` the histories of all n, `pairs` those of all m known pairs, `a` <
    `b` (m)
    their ends, and `rhythm` in seconds: the typical time between two occasions of one person."""

    names: pl.Series
    people: Histories
    pairs: Histories
    a: NDArray[np.int32]
    b: NDArray[np.int32]

    @property
    def first(self) -> int:
        return self.people.epoch

    def until(self, at: int) -> Community:
        """Only what happened up to and including `at`."""
        people, pairs = _until(self.people, at), _until(self.pairs, at)
        here, known = np.diff(people.start) > 0, np.diff(pairs.start) > 0
        number = np.cumsum(here).astype(np.int32) - 1
        return Community(
            self.names.filter(pl.Series(here)),
            _kept(people, here),
            _kept(pairs, known),
            number[self.a[known]],
            number[self.b[known]],
        )


def community_of(contacts: Contacts, at: datetime | None = None, *, gatherings_make_pairs: bool = False) -> Community:
    """What `contacts` hold up to and including `at` (by default all).

    Attendance at a gathering of any size is activity of the person. It makes no pair, unless `gatherings_make_pairs`: then two who were at
    a gathering of at most 30 people were in contact, as in `measure_bonds`.
    """
    past = contacts if at is None else contacts.until(at)
    names = past.people()
    seconds = pl.col("time").dt.epoch("s")
    low, high = (_codes(past.table[end], names) for end in ("a", "b"))
    time = past.table.select(seconds).to_series().to_numpy().astype(np.int64)
    person = _codes(past.gatherings["person"].cast(names.dtype), names)
    attended = past.gatherings.select(seconds).to_series().to_numpy().astype(np.int64)
    people = Histories.of(np.concatenate([low, high, person]), np.concatenate([time, time, attended]), len(names))
    if gatherings_make_pairs and past.gatherings.height:
        together = _together(past.gatherings.select("gathering", time=seconds, person=pl.Series(person)))
        low, high = np.concatenate([low, together["person"].to_numpy()]), np.concatenate([high, together["other"].to_numpy()])
        time = np.concatenate([time, together["time"].to_numpy().astype(np.int64)])
    n = max(len(names), 1)
    packed = np.minimum(low, high) * n + np.maximum(low, high)
    known, number = np.unique(packed, return_inverse=True)
    del packed, low, high
    pairs = Histories.of(number.astype(np.int64), time, len(known))
    return Community(names, people, pairs, (known // n).astype(np.int32), (known % n).astype(np.int32))


def _together(attendance: pl.DataFrame) -> pl.DataFrame:
    """Pairs of people at small gatherings: `person` < `other`, and the `time` from which both were there."""
    small = attendance.filter(pl.len().over("gathering").is_between(2, PAIRS_UP_TO))
    pairs = small.join(small.rename({"person": "other", "time": "since"}), on="gathering").filter(
        pl.col("person") < pl.col("other")
    )
    return pairs.select("person", "other", time=pl.max_horizontal("time", "since"))


def hashed(case: Ints, salt: int) -> NDArray[np.float64]:
    """A number in [0, 1) for each case, unlike for unlike salts (the finaliser of splitmix64); (k)."""
    with np.errstate(over="ignore"):
        z = case.astype(np.uint64) + np.uint64(salt % 2**63) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: NDArray[np.float64] = (z ^ (z >> np.uint64(31))) / 2.0**64
    return found


def _codes(column: pl.Series, names: pl.Series) -> Ints:
    """Place of each id in `names`."""
    if column.dtype == pl.String:
        return column.cast(pl.Enum(names)).to_physical().cast(pl.Int64).to_numpy()
    return np.searchsorted(names.to_numpy(), column.to_numpy()).astype(np.int64)


def _until(histories: Histories, at: int) -> Histories:
    kept = histories.time <= at
    start = np.concatenate([[0], np.cumsum(kept)])[histories.start].astype(np.int64)
    return Histories(start, histories.time[kept], histories.occasion[kept], histories.key[kept], histories.epoch, histories.bits)


def _kept(histories: Histories, here: NDArray[np.bool_]) -> Histories:
    """Only the cases that are `here`, (n); none of the others has rows."""
    counts = np.diff(histories.start)[here]
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    place = histories.key & ((1 << histories.bits) - 1)
    key = (np.repeat(np.arange(len(counts), dtype=np.int64), counts) << histories.bits) | place
    return Histories(start, histories.time, histories.occasion, key, histories.epoch, histories.bits)
