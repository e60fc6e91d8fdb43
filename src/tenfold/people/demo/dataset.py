"""The demo as a data set: people, contacts and attendance, in the form in which an organiser would have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tenfold import checks
from tenfold.errors import DataError
from tenfold.people.demo.bond_lifetimes import draw_bonds
from tenfold.people.demo.contact_events import KINDS, ContactEvents, draw_contact_events
from tenfold.people.demo.convention import DAYS, Meetings, draw_meetings
from tenfold.people.demo.gatherings import GatheringAttendance, draw_gatherings
from tenfold.people.demo.names import misspelt
from tenfold.people.demo.population import DAYS_AFTER, DuplicateEntries, Population, draw_population, roster_table

__all__ = ["Demo", "demo_files", "make_demo", "write_demo"]

VENUE = ZoneInfo("Europe/Lisbon")
PLENARY = "Opening plenary"
SOURCES = ("badges", "phone", "chat", "log")
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Demo:
    """What an organiser would have after twelve weeks.

    `people`: the columns of `PEOPLE_SCHEMA`, with blanks, and with a few people who stand there twice.
    `contacts`: `time` (UTC), `a`, `b` (ids; several in `b` are separated by ``|``), `kind`, `minutes`, `group`, `source`, by time.
    `attendance`: `event`, `start` (UTC), `person`, `minutes`, `status`, by start.
    `ends`: the moment up to which everything is known (UTC).
    """

    people: pl.DataFrame
    contacts: pl.DataFrame
    attendance: pl.DataFrame
    ends: datetime


def make_demo(*, seed: int = 0, n_people: int = 600, ends: datetime) -> Demo:
    """Draw a synthetic community: a convention of three days that ended twelve weeks ago, and what came after.

    Parameters
    ----------
    seed
        Equal seeds (and equal `n_people`, `ends`) give equal demos, bit for bit.
    n_people
        How many people, from 40 to 20,000; a few stand on the list a second time.
    ends
        The moment up to which everything is known; a naive one is taken as UTC.

    Returns
    -------
    Demo
        Contacts of heavy-tailed length at the convention, then calls, messages, visits and gatherings over bonds that end
        with a falling hazard: 70 per cent are left after one month, 50 after three.

    Raises
    ------
    SpecError
        An argument is outside what is allowed.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> demo = make_demo(seed=7, n_people=60, ends=datetime(2026, 11, 1, tzinfo=UTC))
    >>> demo.people.height, demo.contacts["time"].max() < demo.ends
    (61, True)
    """
    rng = np.random.Generator(np.random.Philox(checks.whole(seed, "seed", low=0)))
    n_people = checks.whole(n_people, "n_people", low=40, high=20_000)
    now = checks.moment(ends, "ends")
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS_AFTER)
    population = draw_population(n_people, rng)
    people, duplicates = roster_table(population, now, rng)
    meetings = draw_meetings(population, rng)
    events = draw_contact_events(population, draw_bonds(population, meetings, rng), midnight, rng)
    attendance = draw_gatherings(population, midnight, rng)
    contacts = _contact_table(population, duplicates, meetings, events, midnight, rng)
    return Demo(
        people,
        _name_some_rows(contacts, population, rng),
        _attendance_table(population, duplicates, attendance, midnight, rng),
        now,
    )


def write_demo(folder: Path, demo: Demo) -> list[Path]:
    """Write `people.csv`, `contacts.csv` and `attendance.csv` into `folder`, which is made if it is not there.

    Returns
    -------
    list
        The three paths, in this order.

    Raises
    ------
    DataError
        The folder cannot be written to.
    """
    folder, paths = Path(folder), []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in demo_files(demo):
            paths.append(folder / name)
            paths[-1].write_bytes(data)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written to ({error.strerror}). Choose another folder.") from error
    return paths


def demo_files(demo: Demo) -> list[tuple[str, bytes]]:
    """The names and contents of `people.csv`, `contacts.csv` and `attendance.csv`."""
    files = []
    for name, frame in (("people", demo.people), ("contacts", demo.contacts), ("attendance", demo.attendance)):
        words = [
            pl.when(column).then(pl.lit("yes")).when(~pl.col(column)).then(pl.lit("no")).alias(column)
            for column in _boolean_columns(frame)
        ]
        files.append((f"{name}.csv", frame.with_columns(words).write_csv(datetime_format=_TIME).encode()))
    return files


def _boolean_columns(frame: pl.DataFrame) -> list[str]:
    """The names of the boolean columns."""
    return [name for name, dtype in frame.schema.items() if dtype == pl.Boolean]


def _contact_table(
    population: Population,
    duplicates: DuplicateEntries,
    meetings: Meetings,
    events: ContactEvents,
    midnight: datetime,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Meetings at the convention and contacts after it in one table, by time."""
    opens = midnight - timedelta(days=DAYS)
    met = (meetings.hour * 180).astype(np.int64) * 20 - _venue_offset(opens)  # badges see each other every 20 seconds
    seconds = np.concatenate([met + _epoch_seconds(opens), (events.day * 86400).astype(np.int64) + _epoch_seconds(midnight)])
    convention = np.arange(len(seconds)) < len(met)
    late = ~convention
    a = _draw_ids(population, duplicates, np.concatenate([meetings.a, events.a]), late, rng)
    b = _draw_ids(population, duplicates, np.concatenate([meetings.b, events.b]), late, rng)
    c = np.concatenate([np.full(len(met), -1), events.c])
    b = np.where(c >= 0, np.char.add(np.char.add(b, "|"), population.ids[c]), b)
    kind = np.concatenate([np.full(len(met), 2), events.kind])
    frame = pl.DataFrame(
        {
            "time": _utc_times(seconds),
            "a": a,
            "b": b,
            "kind": np.array(KINDS)[kind],
            "minutes": np.concatenate([meetings.minutes, events.minutes]),
            "group": np.concatenate([meetings.group, np.full(len(events.a), "")]),
            "source": np.where(convention, SOURCES[0], np.array(SOURCES[1:])[kind]),
        },
        schema_overrides={"a": pl.String, "b": pl.String},
    )
    frame = frame.with_columns(pl.col("minutes").fill_nan(None), pl.col("group").replace("", None))
    return frame.sort("time", "a", "b", "minutes", maintain_order=True)


def _draw_ids(
    population: Population,
    duplicates: DuplicateEntries,
    who: NDArray[np.int64],
    late: NDArray[np.bool_],
    rng: np.random.Generator,
) -> NDArray[np.str_]:
    """The ids of rows of the population. Where `late`, every other person who is on the roster twice is named by either id."""
    second = population.ids
    second[duplicates.who[::2]] = duplicates.ids[::2]
    named: NDArray[np.str_] = np.where(late & (rng.random(len(who)) < 0.5), second[who], population.ids[who])
    return named


def _name_some_rows(contacts: pl.DataFrame, population: Population, rng: np.random.Generator) -> pl.DataFrame:
    """Let a few rows name a person in full, half of them misspelt, and put a space behind a few ids, as real files do."""
    full = [name.full for name in population.names]
    names, usual = dict(zip(population.ids.tolist(), full, strict=True)), set(full)
    row_of = {one: row for row, one in enumerate(population.ids.tolist())}
    column = contacts["a"].to_list()
    later = np.flatnonzero((contacts["source"] != SOURCES[0]).to_numpy())
    rows = [row for row in rng.choice(later, min(200, len(later)), replace=False).tolist() if column[row] in names]
    latin = [row for row in rows if population.names[row_of[column[row]]].in_latin_letters][:6]
    others = [row for row in rows if row not in latin]
    for row in latin:
        slip = misspelt(names[column[row]], rng)
        while slip in usual:
            slip = misspelt(slip, rng)
        column[row] = slip
    for row in others[:6]:
        column[row] = names[column[row]]
    for row in others[6:14]:
        column[row] += " "
    return contacts.with_columns(pl.Series("a", column, pl.String))


def _attendance_table(
    population: Population,
    duplicates: DuplicateEntries,
    attendance: GatheringAttendance,
    midnight: datetime,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """The plenary of the convention and the gatherings after it in one table, by start."""
    listener = np.flatnonzero(population.plenary)
    opening = _epoch_seconds(midnight - timedelta(days=DAYS)) + 9 * 3600 + 900 - _venue_offset(midnight - timedelta(days=DAYS))
    person = np.concatenate([listener, attendance.person])
    seconds = np.concatenate(
        [np.full(len(listener), opening), _epoch_seconds(midnight) + np.round(attendance.day * 86400).astype(np.int64)]
    )
    there = np.concatenate([np.ones(len(listener), np.bool_), attendance.there])
    late = np.arange(len(person)) >= len(listener)
    frame = pl.DataFrame(
        {
            "event": np.concatenate([np.full(len(listener), PLENARY), attendance.event]),
            "start": _utc_times(seconds),
            "person": _draw_ids(population, duplicates, person, late, rng),
            "minutes": np.concatenate([np.full(len(listener), 90.0), attendance.minutes]),
            "status": np.where(there, "present", "absent"),
        },
        schema_overrides={"event": pl.String, "person": pl.String, "status": pl.String},
    )
    frame = frame.with_columns(minutes=pl.when(pl.col("status") == "present").then("minutes"))
    return frame.sort("start", "event", "person", maintain_order=True)


def _venue_offset(day: datetime) -> int:
    """Offset of the venue from UTC on a day, in seconds."""
    offset = (day + timedelta(hours=12)).astimezone(VENUE).utcoffset() or timedelta(0)
    return int(offset.total_seconds())


def _epoch_seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _utc_times(seconds: NDArray[np.int64]) -> pl.Series:
    """Seconds since 1970 as UTC times."""
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
